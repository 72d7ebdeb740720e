"""The ledger: announced deals with what double-counts them, and promises with what became of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from kopir.core.codes import codes
from kopir.core.periods import parse_period
from kopir.facts._book import FactBook
from kopir.facts._keys import Key, parse_key

DEAL_INDICATORS = ("deals_value", "financing_pledged", "project_value")
PROMISES = ("forecast", "plan", "target")
DEAL_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "party": pl.String,
    "partners": pl.List(pl.String),
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "date": pl.String,
    "stage": pl.String,
    "status": pl.String,
    "history": pl.List(pl.String),
    "part_of": pl.String,
    "listed": pl.Float64,
    "double_counted": pl.Boolean,
    "sources": pl.List(pl.String),
}
TARGET_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "kind": pl.String,
    "promisers": pl.List(pl.String),
    "value": pl.Float64,
    "unit": pl.String,
    "deadline": pl.String,
    "present": pl.Float64,
    "present_period": pl.String,
    "growth_needed": pl.Float64,
    "outcome": pl.Float64,
    "met": pl.Boolean,
    "record": pl.String,
}


@dataclass(frozen=True)
class Ledger:
    """One table of the ledger: ``deals`` or ``targets``."""

    table: pl.DataFrame
    kind: str


@dataclass(frozen=True, slots=True)
class _Deal:
    key: Key
    value: float
    low: float | None
    high: float | None
    status: str
    claims: tuple[str, ...]


def deals_ledger(book: FactBook) -> Ledger:
    """Return every announced deal and project, newest first.

    ``part_of`` is the headline sum of the same two countries and date that counts the deal already; ``listed``
    is, for a headline, what its listed deals sum to, and ``double_counted`` whether that exceeds the headline.
    ``history`` lists earlier values and stages of the same deal, by date.
    """
    deals = _deals(book)
    spoken = _spoken(book)
    headline = {one.key: _headline(one, deals) for one in deals}
    rows = []
    for one in deals:
        inside = [other for other in deals if headline[other.key] == one.key]
        listed = sum(other.value for other in inside) if inside else None
        rows.append(
            {
                "key": str(one.key),
                "party": one.key.subject or None,
                "partners": list(one.key.partners),
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "unit": one.key.unit,
                "date": one.key.period or None,
                "stage": one.key.perimeter or one.key.modality,
                "status": one.status,
                "history": _history(one, deals),
                "part_of": None if headline[one.key] is None else str(headline[one.key]),
                "listed": listed,
                "double_counted": listed is not None and one.high is not None and listed > one.high,
                "sources": sorted({spoken[claim][0] for claim in one.claims}),
            }
        )
    rows.sort(key=lambda row: (str(row["date"] or ""), str(row["key"])), reverse=True)
    return Ledger(pl.DataFrame(rows, schema=dict(DEAL_SCHEMA)), "deals")


def _deals(book: FactBook) -> list[_Deal]:
    chosen = book.facts.filter(
        pl.col("indicator").is_in(DEAL_INDICATORS)
        & (pl.col("kind") == "level")
        & ~pl.col("part").fill_null("").str.starts_with("rest")
    )
    return [
        _Deal(
            parse_key(row["key"]),
            row["value"],
            row["low"],
            row["high"],
            row["status"],
            (*row["supporting"], *row["opposing"]),
        )
        for row in chosen.iter_rows(named=True)
    ]


def _spoken(book: FactBook) -> dict[str, tuple[str, str]]:
    """Return who said each claim, and when."""
    columns = book.claims.select("id", pl.coalesce("attribution", "source"), pl.col("published").fill_null(""))
    return {claim: (who, day) for claim, who, day in columns.iter_rows()}


def _headline(deal: _Deal, deals: list[_Deal]) -> Key | None:
    """Return the sum between two countries that counts a deal of a firm, or a named piece, already."""
    if deal.key.part:
        whole = replace(deal.key, part="")
        return next((other.key for other in deals if other.key == whole), None)
    countries = codes("states").keys() | codes("groups").keys()
    party = {deal.key.subject, *deal.key.partners}
    if party <= countries:
        return None
    fitting = [
        other.key
        for other in deals
        if len(between := {other.key.subject, *other.key.partners}) == 2
        and between <= countries
        and other.key.unit == deal.key.unit
        and between & party
        and _same_date(other.key.period, deal.key.period)
        and other.value > deal.value
    ]
    return fitting[0] if len(fitting) == 1 else None


def _same_date(one: str, other: str) -> bool:
    a, b = parse_period(one), parse_period(other)
    return a is not None and b is not None and a.first <= b.last and b.first <= a.last


def _history(deal: _Deal, deals: list[_Deal]) -> list[str]:
    same = [
        other
        for other in deals
        if other is not deal
        and replace(other.key, period="", perimeter="", modality="")
        == replace(deal.key, period="", perimeter="", modality="")
    ]
    told = sorted((other.key.period, other.key.perimeter or other.key.modality, other.value) for other in same)
    return [f"{period or 'undated'}: {value:.6g} ({stage})" for period, stage, value in told]


def targets_ledger(book: FactBook) -> Ledger:
    """Return every target, plan and forecast, nearest deadline first.

    ``present`` is the latest outcome of the same thing, ``growth_needed`` the yearly growth from it to the
    promise, ``outcome`` what came of a promise whose period has an outcome, ``met`` whether it reached the low
    end of the promise, ``record`` how many earlier promises of the same promisers were met.
    """
    levels = [row for row in book.facts.filter(pl.col("kind") == "level").iter_rows(named=True) if not row["part"]]
    outcomes: dict[Key, list[tuple[str, float]]] = {}
    for row in levels:
        key = parse_key(row["key"])
        if key.modality in {"actual", "estimate"}:
            outcomes.setdefault(_thing(key), []).append((key.period, row["value"]))
    spoken = _spoken(book)
    rows = []
    for row in levels:
        key = parse_key(row["key"])
        if key.modality not in PROMISES:
            continue
        held = outcomes.get(_thing(key), [])
        present = _latest(held)
        outcome = next((value for period, value in held if period == key.period), None)
        who = sorted({spoken[claim][0] for claim in (*row["supporting"], *row["opposing"])})
        rows.append(
            {
                "key": row["key"],
                "kind": key.modality,
                "promisers": who,
                "value": row["value"],
                "unit": key.unit,
                "deadline": key.period or None,
                "present": None if present is None else present[1],
                "present_period": None if present is None else present[0],
                "growth_needed": None
                if present is None
                else _growth(present[0], present[1], key.period, row["value"]),
                "outcome": outcome,
                "met": None if outcome is None or row["low"] is None else outcome >= row["low"],
                "record": None,
            }
        )
    for row in rows:
        earlier = [
            one
            for one in rows
            if one["met"] is not None and one is not row and set(one["promisers"]) & set(row["promisers"])
        ]
        if earlier:
            row["record"] = f"{sum(bool(one['met']) for one in earlier)} of {len(earlier)} met"
    rows.sort(key=lambda row: (str(row["deadline"] or "9999"), str(row["key"])))
    return Ledger(pl.DataFrame(rows, schema=dict(TARGET_SCHEMA)), "targets")


def _latest(held: Sequence[tuple[str, float]]) -> tuple[str, float] | None:
    """Return period and value of the newest outcome."""
    dated = [(found.last, period, value) for period, value in held if (found := parse_period(period)) is not None]
    return None if not dated else max(dated)[1:]


def _thing(key: Key) -> Key:
    return replace(key, period="", modality="", unit=key.unit.removesuffix("/yr"))


def _growth(period: str, value: float, deadline: str, wanted: float) -> float | None:
    now, then = parse_period(period), parse_period(deadline)
    if now is None or then is None or value <= 0 or wanted <= 0 or abs(now.years - then.years) > 0.05:
        return None
    years = then.last.year - now.last.year
    return math.expm1(math.log(wanted / value) / years) if years > 0 else None
