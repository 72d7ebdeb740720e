"""The ledger of deals: every announced deal and project, with its history and what counts it twice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError, UnitError
from kopir.core.folders.cells import parse_quantity
from kopir.core.folders.folder import Folder
from kopir.core.folders.schema import table_schemas
from kopir.core.periods import parse_period
from kopir.core.spelling import did_you_mean
from kopir.core.units import conversion_factor, units
from kopir.facts.book._book import FactBook
from kopir.facts.claimed._keys import Key, canonical_unit, parse_key
from kopir.facts.uses._recorded import Amount, Holdings, holdings, ids_of, spoken
from kopir.facts.uses._said import (
    Saying,
    claims_by_id,
    rounded_down,
    said,
    saying_of_fact,
    sayings_behind,
    sum_said,
)

DEAL_INDICATORS = ("deals_value", "financing_pledged", "project_value")
STATUSES = table_schemas()["deals"].column("status").choices
_UNIT = table_schemas()["deals"].column("value").unit
_STEP = re.compile(r"(\S+)\s+(\S+)")
DEAL_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "deal": pl.String,
    "title": pl.String,
    "party": pl.String,
    "partners": pl.List(pl.String),
    "said": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "date": pl.String,
    "status": pl.String,
    "history": pl.List(pl.String),
    "part_of": pl.String,
    "listed": pl.Float64,
    "listed_said": pl.String,
    "excess": pl.Float64,
    "excess_said": pl.String,
    "double_counted": pl.Boolean,
    "facts": pl.List(pl.String),
    "sources": pl.List(pl.String),
}
PARTNER_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "partner": pl.String,
    "unit": pl.String,
    "status": pl.String,
    "deals": pl.Int64,
    "all_rows": pl.Float64,
    "counted_once": pl.Float64,
    "all_said": pl.String,
    "once_said": pl.String,
    "share_low": pl.Float64,
    "share_high": pl.Float64,
}
BEGUN = ("under_way", "done")
"""Statuses from which money moves."""
BEGUN_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "deal": pl.String,
    "title": pl.String,
    "partners": pl.List(pl.String),
    "said": pl.String,
    "status": pl.String,
    "since": pl.String,
}


@dataclass(frozen=True)
class DealsLedger:
    """``table`` has a row a deal, newest first; ``partners`` what the deals with each partner come to, by status.

    ``begun`` are the deals that became money (under way or done), with the day from which that is told.
    """

    table: pl.DataFrame
    partners: pl.DataFrame
    begun: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Deal:
    code: str
    title: str | None
    party: str
    partners: tuple[str, ...]
    amount: Amount | None
    sayings: tuple[Saying, ...]
    date: str
    status: str
    history: tuple[str, ...]
    part_of: str | None
    key: Key | None
    facts: tuple[str, ...]
    claims: tuple[str, ...]


def deals_ledger(book: FactBook, folder: Folder | None = None) -> DealsLedger:
    """Return every announced deal and project: the rows of ``deals.csv``, then what only facts tell of.

    ``said`` is what all its sources say of the value, in their numbers; sums (``listed_said``, ``all_said``,
    ``once_said``) lie between what is said of their parts. A row's ``value`` is its ``value`` cell, as its source
    states it where that is a fact; blank, that of the first of its ``facts`` that values a deal. ``history`` has
    earlier statuses and the figures told, by date.
    ``part_of`` is the headline sum that counts a deal already. For a headline, ``listed`` is what the deals
    inside sum to and ``excess`` by how much at least their low ends exceed its high end: that much is counted
    twice, or stands outside it. Of the partners' sums, made of the rows of ``deals.csv`` where there are any,
    ``counted_once``
    leaves out what a headline counts. What is announced is never summed with what is under way. ``share_low`` and
    ``share_high`` say how much of a status, in one unit and counted once, lies with the partner.
    Raises :class:`InputError` for a history that cannot be read and a deal that is part of itself (K3009), and
    for a value that is no money (K0216).
    """
    kept, covered = ([], frozenset[str]()) if folder is None else _recorded(folder, book)
    told = _told(book, covered)
    deals = [*kept, *(replace(one, part_of=_headline(one, [*kept, *told])) for one in told)]
    rows = [_row(one, [other for other in deals if other.part_of == one.code], book) for one in deals]
    rows.sort(key=lambda row: (str(row["date"] or ""), str(row["deal"])), reverse=True)
    table = pl.DataFrame(rows, schema=dict(DEAL_SCHEMA))
    return DealsLedger(table, _by_partner(kept or deals), _begun(table))


def _begun(table: pl.DataFrame) -> pl.DataFrame:
    """Return the deals under way or done, with the first day on which either is told, else the deal's own."""
    rows = []
    for row in table.filter(pl.col("status").is_in(BEGUN)).iter_rows(named=True):
        steps = [day for step in row["history"] for day, _, word in (step.partition(": "),) if word in BEGUN]
        rows.append(
            {
                **{name: row[name] for name in BEGUN_SCHEMA if name != "since"},
                "since": min(filter(None, [*steps, row["date"]]), default=None),
            }
        )
    return pl.DataFrame(rows, schema=dict(BEGUN_SCHEMA))


def _row(one: _Deal, inside: Sequence[_Deal], book: FactBook) -> dict[str, object]:
    amount = one.amount
    counted = [other for other in inside if other.amount and amount and other.amount.unit == amount.unit]
    same = [other.amount for other in counted if other.amount is not None]
    excess = None
    if same and amount is not None and amount.high is not None:
        excess = max(0.0, sum(part.low or 0.0 for part in same) - amount.high)
    who = spoken(book)
    return {
        "deal": one.code,
        "title": one.title,
        "party": one.party or None,
        "partners": list(one.partners),
        "said": said(one.sayings) or None,
        "value": None if amount is None else amount.value,
        "low": None if amount is None else amount.low,
        "high": None if amount is None else amount.high,
        "unit": None if amount is None else amount.unit,
        "date": one.date or None,
        "status": one.status,
        "history": list(one.history),
        "part_of": one.part_of,
        "listed": sum(part.value for part in same) if same else None,
        "listed_said": sum_said(part.sayings for part in inside if part in counted) if counted else None,
        "excess": excess,
        "excess_said": f"at least {rounded_down(excess, one.amount.unit)}" if excess and one.amount else None,
        "double_counted": bool(excess),
        "facts": list(one.facts),
        "sources": sorted({who[claim][0] for claim in one.claims if claim in who}),
    }


def _by_partner(deals: Sequence[_Deal]) -> pl.DataFrame:
    """Return what the deals with each partner sum to by status, all rows and counted once."""
    groups: dict[tuple[str, str, str], list[_Deal]] = {}
    for one in deals:
        if one.amount is None:
            continue
        for partner in one.partners:
            groups.setdefault((partner, one.amount.unit, one.status), []).append(one)
    status = {one.code: one.status for one in deals}
    once = {
        key: [one for one in held if one.part_of is None or status.get(one.part_of) != one.status]
        for key, held in groups.items()
    }
    rows = [
        (
            *key,
            len(held),
            sum(one.amount.value for one in held if one.amount is not None),
            sum(one.amount.value for one in once[key] if one.amount is not None),
            _summed(held, key[1]),
            _summed(once[key], key[1]),
            *_share(key, once),
        )
        for key, held in groups.items()
    ]
    return pl.DataFrame(sorted(rows, key=lambda row: row[:3]), schema=dict(PARTNER_SCHEMA), orient="row")


def _share(
    key: tuple[str, str, str], once: Mapping[tuple[str, str, str], Sequence[_Deal]]
) -> tuple[float | None, float | None]:
    """Return the least and the most of all deals in one unit and status that lies with one partner.

    Where an end is open ("over 15 bn") what is said counts: nobody knows more.
    """
    own = _ends(once[key])
    others = [_ends(held) for other, held in once.items() if other != key and other[1:] == key[1:]]
    low, high = (sum(one[end] for one in others) for end in (0, 1))
    if not own[1]:
        return None, None
    return own[0] / (own[0] + high), own[1] / (own[1] + low)


def _ends(deals: Sequence[_Deal]) -> tuple[float, float]:
    amounts = [one.amount for one in deals if one.amount is not None]
    return (
        sum(one.value if one.low is None else one.low for one in amounts),
        sum(one.value if one.high is None else one.high for one in amounts),
    )


def _summed(deals: Sequence[_Deal], unit: str) -> str:
    """Return between which ends deals in one unit sum to by what is said of each."""
    return sum_said([one for one in deal.sayings if one.unit == unit] for deal in deals) if deals else ""


# ── rows of deals.csv ────────────────────────────────────────────────────────────────────────────────


def _recorded(folder: Folder, book: FactBook) -> tuple[list[_Deal], frozenset[str]]:
    """Return the rows of ``deals.csv``, and the keys of all facts that they speak of."""
    held, who = holdings(folder, book), spoken(book)
    rows = list(folder.tables["deals"].typed.iter_rows(named=True))
    faults = [fault for row in rows for fault in _history_faults(row["history"], row["line"])]
    faults += _circles({row["deal"]: row["part_of"] for row in rows}, {row["deal"]: row["line"] for row in rows})
    faults += _unit_faults(rows, held)
    if faults:
        raise InputError(faults)
    deals = []
    covered: set[str] = set()
    for row in rows:
        facts = ids_of(row["value"], row["facts"])
        valued = [fact for fact in facts if held.facts[fact]["indicator"] in DEAL_INDICATORS]
        amount = held.amount(row["value"], _UNIT, held.stated)
        if amount is None and valued:
            amount = held.stated(valued[0])
        keys = [key for fact in facts if (key := held.key_of(fact)) is not None]
        covered.update(keys)
        main = next((key for fact in valued if (key := held.key_of(fact)) is not None), None)
        deals.append(
            _Deal(
                code=row["deal"],
                title=row["title"],
                party=folder.settings.model.focal_state,
                partners=(row["partner"],),
                amount=amount,
                sayings=_sayings(row["value"], row["facts"], held.facts),
                date=row["date"] or "",
                status=row["status"],
                history=_history(row["history"], valued, held, who),
                part_of=row["part_of"],
                key=None if main is None else parse_key(main),
                facts=facts,
                claims=facts,
            )
        )
    return deals, frozenset(covered)


def deal_said(cell: str | None, listed: Sequence[str], facts: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what the ledger prints as the value of a row of ``deals.csv``, blank where nothing values it.

    ``cell`` is its value, ``listed`` its facts, ``facts`` the rows of ``facts.csv`` by id.
    """
    return said(_sayings(cell, listed, facts))


def _sayings(
    cell: str | None, listed: Sequence[str], facts: Mapping[str, Mapping[str, Any]]
) -> tuple[Saying, ...]:
    """Return what the facts of a row say of its value, and the literal or fact that stands there."""
    own = ids_of(cell, ())
    valued = [fact for fact in ids_of(cell, listed) if fact in own or facts[fact]["indicator"] in DEAL_INDICATORS]
    told = [one for fact in valued if (one := saying_of_fact(facts[fact])) is not None]
    quantity = parse_quantity(cell) if cell else None
    if quantity is not None and quantity.fact is None and quantity.value is not None:
        scale, unit = units()[_UNIT].factor, canonical_unit(_UNIT)
        low, high = ((quantity.value if end is None else end) * scale for end in (quantity.low, quantity.high))
        told = [Saying(low, high, "eq" if low == high else "range", unit), *told]
    return tuple(told)


def _history(
    steps: str | None, facts: Sequence[str], held: Holdings, who: Mapping[str, tuple[str, str]]
) -> tuple[str, ...]:
    """Return earlier statuses and the figures told, each with its day."""
    told = []
    for fact in facts:
        row = held.facts[fact]
        source, day = who.get(fact, ("", ""))
        stage = row["perimeter"] or row["modality"]
        told.append((day or row["period"] or "", f"{row['value']:,.4g} {row['unit']} ({stage}, {source or fact})"))
    for step in filter(None, map(str.strip, (steps or "").split(";"))):
        day, status = step.split()
        told.append((day, status))
    return tuple(f"{day or 'undated'}: {text}" for day, text in sorted(told))


def _history_faults(text: str | None, line: int) -> list[Fault]:
    faults = []
    for step in filter(None, map(str.strip, (text or "").split(";"))):
        match = _STEP.fullmatch(step)
        if match is None or parse_period(match[1]) is None or match[2] not in STATUSES:
            why = "no dated status"
            mend = "write a date and a status, parted by ;, for instance 2024-06 announced; 2025-09 signed"
            if match is not None and parse_period(match[1]) is not None:
                mend = did_you_mean(match[2], STATUSES, f"one of {', '.join(STATUSES)}")
            faults.append(Fault("K3009", why, mend, "deals.csv", line, "history", step))
    return faults


def _unit_faults(rows: Sequence[Mapping[str, Any]], held: Holdings) -> list[Fault]:
    """Return a fault for each value that names a fact which is no money: nothing could be summed."""
    faults = []
    for row in rows:
        for fact in ids_of(row["value"], ()):
            try:
                conversion_factor(held.facts[fact]["unit"], _UNIT)
            except UnitError as error:
                told = error.faults[0]
                place = ("deals.csv", row["line"], "value", row["value"])
                faults.append(Fault(told.code, told.why, told.mend, *place))
    return faults


def _circles(part_of: Mapping[str, str | None], lines: Mapping[str, int]) -> list[Fault]:
    faults = []
    for deal in part_of:
        above, seen = part_of[deal], {deal}
        while above is not None and above not in seen:
            seen.add(above)
            above = part_of.get(above)
        if above == deal:
            why, mend = "the deal is part of itself", "name the headline that counts it, or leave it blank"
            faults.append(Fault("K3009", why, mend, "deals.csv", lines[deal], "part_of", part_of[deal]))
    return faults


# ── deals that only facts tell of ────────────────────────────────────────────────────────────────────


def _told(book: FactBook, covered: frozenset[str]) -> list[_Deal]:
    chosen = book.facts.filter(
        pl.col("indicator").is_in(DEAL_INDICATORS)
        & (pl.col("kind") == "level")
        & ~pl.col("part").fill_null("").str.starts_with("rest")
    )
    rows = list(chosen.iter_rows(named=True))
    keys = {row["key"]: parse_key(row["key"]) for row in rows}
    claims = claims_by_id(book)
    return [
        _Deal(
            code=row["key"],
            title=None,
            party=key.subject,
            partners=key.partners,
            amount=Amount(row["value"], row["low"], row["high"], key.unit),
            sayings=sayings_behind(claims, row),
            date=key.period,
            status=key.perimeter or key.modality,
            history=_others(key, rows, keys),
            part_of=None,
            key=key,
            facts=(),
            claims=(*row["supporting"], *row["opposing"]),
        )
        for row in rows
        if row["key"] not in covered and (key := keys[row["key"]])
    ]


def _others(key: Key, rows: Sequence[Mapping[str, object]], keys: Mapping[str, Key]) -> tuple[str, ...]:
    """Return earlier values and stages of the same deal, by date."""
    told = []
    for row in rows:
        other = keys[str(row["key"])]
        if other != key and _without_stage(other) == _without_stage(key):
            told.append((other.period, other.perimeter or other.modality, row["value"]))
    return tuple(f"{period or 'undated'}: {value:.6g} ({stage})" for period, stage, value in sorted(told))


def _without_stage(key: Key) -> Key:
    return replace(key, period="", perimeter="", modality="")


def _headline(deal: _Deal, deals: Sequence[_Deal]) -> str | None:
    """Return the sum between two countries that counts a deal of a firm, or a named piece, already."""
    if deal.key is None or deal.amount is None:
        return None
    if deal.key.part:
        whole = replace(deal.key, part="")
        return next((other.code for other in deals if other.key == whole), None)
    countries = codes("states").keys() | codes("groups").keys()
    party = {deal.key.subject, *deal.key.partners}
    if party <= countries:
        return None
    fitting = [
        other.code
        for other in deals
        if other.key is not None
        and other.amount is not None
        and len(between := {other.key.subject, *other.key.partners}) == 2
        and between <= countries
        and other.key.unit == deal.key.unit
        and between & party
        and _same_date(other.key.period, deal.key.period)
        and other.amount.value > deal.amount.value
    ]
    return fitting[0] if len(fitting) == 1 else None


def _same_date(one: str, other: str) -> bool:
    a, b = parse_period(one), parse_period(other)
    return a is not None and b is not None and a.first <= b.last and b.first <= a.last
