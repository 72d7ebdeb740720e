"""The ledger of promises: every target, plan and forecast, with what is there today and what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from kopir.core.folders.folder import Folder
from kopir.core.periods import parse_period
from kopir.facts.book._book import FactBook
from kopir.facts.claimed._keys import Key, parse_key
from kopir.facts.uses._recorded import Amount, holdings, ids_of, spoken

PROMISES = ("forecast", "plan", "target")
TARGET_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "target": pl.String,
    "key": pl.String,
    "kind": pl.String,
    "promisers": pl.List(pl.String),
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "deadline": pl.String,
    "present": pl.Float64,
    "present_period": pl.String,
    "growth_needed": pl.Float64,
    "outcome": pl.Float64,
    "met": pl.Boolean,
    "earlier": pl.Int64,
    "earlier_met": pl.Int64,
    "facts": pl.List(pl.String),
}


@dataclass(frozen=True)
class TargetsLedger:
    """``table`` has a row a promise, nearest deadline first."""

    table: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Promise:
    code: str
    key: Key
    promisers: tuple[str, ...]
    amount: Amount
    present: tuple[str, float] | None
    outcome: float | None
    facts: tuple[str, ...]


def targets_ledger(book: FactBook, folder: Folder | None = None) -> TargetsLedger:
    """Return every promise: the rows of ``targets.csv``, then what only facts tell of.

    ``present`` is the newest outcome of the same thing over a period as long as the promise's, or the fact that
    the row names; ``growth_needed`` the yearly growth from it to the promise. ``outcome`` is what came of a
    promise whose period is over, ``met`` whether it reached the low end of the promise. ``earlier`` counts the
    promises of the same promisers with an outcome and an earlier deadline, ``earlier_met`` those that were met.
    """
    outcomes = _outcomes(book)
    kept, covered = ([], frozenset[str]()) if folder is None else _recorded(folder, book, outcomes)
    promises = [*kept, *_told(book, covered, outcomes)]
    met = [_met(one) for one in promises]
    rows = []
    for one, reached in zip(promises, met, strict=True):
        record = [
            found
            for other, found in zip(promises, met, strict=True)
            if found is not None and set(other.promisers) & set(one.promisers) and _before(other, one)
        ]
        rows.append(_row(one, reached, record))
    rows.sort(key=lambda row: (str(row["deadline"] or "9999"), str(row["target"])))
    return TargetsLedger(pl.DataFrame(rows, schema=dict(TARGET_SCHEMA)))


def _row(one: _Promise, reached: bool | None, record: Sequence[bool]) -> dict[str, object]:
    growth = None
    if one.present is not None and not (one.outcome is not None and one.present[0] == one.key.period):
        growth = _growth(*one.present, one.key.period, one.amount.value)
    return {
        "target": one.code,
        "key": str(one.key),
        "kind": one.key.modality,
        "promisers": list(one.promisers),
        "value": one.amount.value,
        "low": one.amount.low,
        "high": one.amount.high,
        "unit": one.key.unit,
        "deadline": one.key.period or None,
        "present": None if one.present is None else one.present[1],
        "present_period": None if one.present is None else one.present[0],
        "growth_needed": growth,
        "outcome": one.outcome,
        "met": reached,
        "earlier": len(record),
        "earlier_met": sum(record),
        "facts": list(one.facts),
    }


def _met(one: _Promise) -> bool | None:
    return None if one.outcome is None or one.amount.low is None else one.outcome >= one.amount.low


def _before(one: _Promise, other: _Promise) -> bool:
    a, b = parse_period(one.key.period), parse_period(other.key.period)
    return a is not None and b is not None and a.last < b.last


Outcomes = Mapping[Key, Sequence[tuple[str, float]]]
"""Periods and values of what happened, by thing."""


def _outcomes(book: FactBook) -> Outcomes:
    found: dict[Key, list[tuple[str, float]]] = {}
    for row in book.facts.filter((pl.col("kind") == "level") & pl.col("value").is_not_null()).iter_rows(
        named=True
    ):
        key = parse_key(row["key"])
        if key.modality in {"actual", "estimate"} and not row["part"]:
            found.setdefault(_thing(key), []).append((key.period, row["value"]))
    return found


def _recorded(folder: Folder, book: FactBook, outcomes: Outcomes) -> tuple[list[_Promise], frozenset[str]]:
    """Return the rows of ``targets.csv``, and the keys of all facts that they speak of."""
    held = holdings(folder, book)
    promises = []
    covered: set[str] = set()
    for row in folder.tables["targets"].typed.iter_rows(named=True):
        facts = ids_of(row["value"], row["facts"])
        named = ids_of(row["value"], ())
        keys = filter(None, map(held.key_of, facts))
        covered.update(name for name in keys if parse_key(name).modality in PROMISES)
        found = held.key_of(named[0]) if named else None
        amount = held.amount(row["value"], "", held.stated) or Amount(math.nan, None, None, "")
        key = replace(
            parse_key(found)
            if found is not None
            else Key(
                row["indicator"], route=row["route"] or "", commodity=row["commodity"] or "", unit=amount.unit
            ),
            period=row["deadline"],
            modality=row["kind"],
            part="",  # what one source says twice is no piece of it here: the row says what it is
        )
        told = outcomes.get(_thing(key), ())
        present, outcome = (held.amount(row[name], "", held.reconciled) for name in ("present", "outcome"))
        period = next((str(held.facts[fact]["period"] or "") for fact in ids_of(row["present"], ())), "")
        promises.append(
            _Promise(
                code=row["target"],
                key=key,
                promisers=(row["promiser"],),
                amount=amount,
                present=_latest(told, key.period) if present is None else (period, present.value),
                outcome=_at(told, key.period) if outcome is None else outcome.value,
                facts=facts,
            )
        )
    return promises, frozenset(covered)


def _told(book: FactBook, covered: frozenset[str], outcomes: Outcomes) -> list[_Promise]:
    who = spoken(book)
    promises = []
    for row in book.facts.filter((pl.col("kind") == "level") & pl.col("value").is_not_null()).iter_rows(
        named=True
    ):
        key = parse_key(row["key"])
        if row["part"] or key.modality not in PROMISES or row["key"] in covered:
            continue
        told = outcomes.get(_thing(key), ())
        said = {who[claim][0] for claim in (*row["supporting"], *row["opposing"])}
        promises.append(
            _Promise(
                code=row["key"],
                key=key,
                promisers=tuple(sorted(said)),
                amount=Amount(row["value"], row["low"], row["high"], key.unit),
                present=_latest(told, key.period),
                outcome=_at(told, key.period),
                facts=(),
            )
        )
    return promises


def _at(told: Sequence[tuple[str, float]], period: str) -> float | None:
    return next((value for when, value in told if when == period), None)


def _latest(told: Sequence[tuple[str, float]], deadline: str) -> tuple[str, float] | None:
    """Return period and value of the newest outcome, over as long a period as the promise's where there is one."""
    dated = [(found, period, value) for period, value in told if (found := parse_period(period)) is not None]
    then = parse_period(deadline)
    alike = [one for one in dated if then is not None and abs(one[0].years - then.years) <= 0.05]
    newest = max(alike or dated, key=lambda one: (one[0].last, one[1]), default=None)
    return None if newest is None else newest[1:]


def _thing(key: Key) -> Key:
    return replace(key, period="", modality="", unit=key.unit.removesuffix("/yr"))


def _growth(period: str, value: float, deadline: str, wanted: float) -> float | None:
    now, then = parse_period(period), parse_period(deadline)
    if now is None or then is None or value <= 0 or not wanted > 0 or abs(now.years - then.years) > 0.05:
        return None
    years = then.last.year - now.last.year
    return math.expm1(math.log(wanted / value) / years) if years > 0 else None
