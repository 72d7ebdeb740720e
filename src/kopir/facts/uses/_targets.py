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
from kopir.facts.uses._recorded import Amount, Holdings, holdings, ids_of, spoken
from kopir.facts.uses._said import Saying, claims_by_id, said, saying_of_fact, sayings_behind

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
    "said": pl.String,
    "deadline": pl.String,
    "present": pl.Float64,
    "present_said": pl.String,
    "present_period": pl.String,
    "growth_needed": pl.Float64,
    "growth_low": pl.Float64,
    "growth_high": pl.Float64,
    "outcome": pl.Float64,
    "outcome_said": pl.String,
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
class _Outcome:
    """What happened in a period: ``value`` as reconciled, and what is said of it."""

    period: str
    value: float
    sayings: tuple[Saying, ...]

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most of what is said in numbers."""
        return min(one.low for one in self.sayings), max(one.high for one in self.sayings)


@dataclass(frozen=True, slots=True)
class _Promise:
    code: str
    key: Key
    promisers: tuple[str, ...]
    amount: Amount
    sayings: tuple[Saying, ...]
    present: _Outcome | None
    outcome: _Outcome | None
    facts: tuple[str, ...]


def targets_ledger(book: FactBook, folder: Folder | None = None) -> TargetsLedger:
    """Return every promise: the rows of ``targets.csv``, then what only facts tell of.

    ``present`` is the newest outcome of the same thing over a period as long as the promise's, or the fact that
    the row names; ``growth_needed`` the yearly growth from it to the promise, ``growth_low`` to ``growth_high``
    over all that is said of both. ``outcome`` is what came of a promise whose period is over, ``met`` whether it
    reached the low end of the promise (blank where sources differ on that). Values are as reconciled; ``said``,
    ``present_said`` and ``outcome_said`` are what sources say, in their numbers. ``earlier`` counts the
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
    growth = low = high = None
    if one.present is not None and not (one.outcome is not None and one.present.period == one.key.period):
        growth = _growth(one.present.period, one.present.value, one.key.period, one.amount.value)
        ends = [end for each in one.sayings for end in (each.low, each.high)] or [one.amount.value]
        least, most = one.present.ends
        low = _growth(one.present.period, most, one.key.period, min(ends))
        high = _growth(one.present.period, least, one.key.period, max(ends))
    return {
        "target": one.code,
        "key": str(one.key),
        "kind": one.key.modality,
        "promisers": list(one.promisers),
        "value": one.amount.value,
        "low": one.amount.low,
        "high": one.amount.high,
        "unit": one.key.unit,
        "said": said(one.sayings),
        "deadline": one.key.period or None,
        "present": None if one.present is None else one.present.value,
        "present_said": None if one.present is None else said(one.present.sayings),
        "present_period": None if one.present is None else one.present.period,
        "growth_needed": growth,
        "growth_low": low,
        "growth_high": high,
        "outcome": None if one.outcome is None else one.outcome.value,
        "outcome_said": None if one.outcome is None else said(one.outcome.sayings),
        "met": reached,
        "earlier": len(record),
        "earlier_met": sum(record),
        "facts": list(one.facts),
    }


def _met(one: _Promise) -> bool | None:
    if one.outcome is None or one.amount.low is None:
        return None
    reached = {end >= one.amount.low for end in one.outcome.ends}
    return reached.pop() if len(reached) == 1 else None


def _before(one: _Promise, other: _Promise) -> bool:
    a, b = parse_period(one.key.period), parse_period(other.key.period)
    return a is not None and b is not None and a.last < b.last


Outcomes = Mapping[Key, Sequence[_Outcome]]
"""What happened, by thing."""


def _outcomes(book: FactBook) -> Outcomes:
    found: dict[Key, list[_Outcome]] = {}
    claims = claims_by_id(book)
    for row in book.facts.filter((pl.col("kind") == "level") & pl.col("value").is_not_null()).iter_rows(
        named=True
    ):
        key = parse_key(row["key"])
        if key.modality in {"actual", "estimate"} and not row["part"]:
            told = sayings_behind(claims, row)
            found.setdefault(_thing(key), []).append(_Outcome(key.period, row["value"], told))
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
        present, outcome = (_named(held, row[name]) for name in ("present", "outcome"))
        promises.append(
            _Promise(
                code=row["target"],
                key=key,
                promisers=(row["promiser"],),
                amount=amount,
                sayings=_promised(held, row["value"], facts, key),
                present=_latest(told, key.period) if present is None else present,
                outcome=_at(told, key.period) if outcome is None else outcome,
                facts=facts,
            )
        )
    return promises, frozenset(covered)


def _named(held: Holdings, cell: str | None) -> _Outcome | None:
    """Return the outcome that a cell names: a fact as its source states it, or a literal."""
    amount = held.amount(cell, "", held.reconciled)
    if amount is None:
        return None
    row = next((held.facts[fact] for fact in ids_of(cell, ())), None)
    saying = None if row is None else saying_of_fact(row)
    plain = Saying(amount.value, amount.value, "eq", amount.unit)
    value = amount.value if saying is None or saying.low != saying.high else saying.low
    return _Outcome("" if row is None else str(row["period"] or ""), value, (saying or plain,))


def _promised(held: Holdings, cell: str | None, facts: Sequence[str], key: Key) -> tuple[Saying, ...]:
    """Return what the facts of a row say that is promised: those of the same thing by the same day."""
    told: list[Saying] = []
    for fact in facts:
        name = held.key_of(fact)
        own = None if name is None else parse_key(name)
        same = (
            own is not None
            and own.modality in PROMISES
            and own.period == key.period
            and _thing(own) == _thing(key)
        )
        saying = saying_of_fact(held.facts[fact]) if same or fact in ids_of(cell, ()) else None
        told += [saying] if saying is not None else []
    amount = held.amount(cell, "", held.stated)
    if not told and amount is not None:
        told.append(Saying(amount.value, amount.value, "eq", amount.unit))
    return tuple(told)


def _told(book: FactBook, covered: frozenset[str], outcomes: Outcomes) -> list[_Promise]:
    who, claims = spoken(book), claims_by_id(book)
    promises = []
    for row in book.facts.filter((pl.col("kind") == "level") & pl.col("value").is_not_null()).iter_rows(
        named=True
    ):
        key = parse_key(row["key"])
        if row["part"] or key.modality not in PROMISES or row["key"] in covered:
            continue
        told = outcomes.get(_thing(key), ())
        speakers = {who[claim][0] for claim in (*row["supporting"], *row["opposing"])}
        promises.append(
            _Promise(
                code=row["key"],
                key=key,
                promisers=tuple(sorted(speakers)),
                amount=Amount(row["value"], row["low"], row["high"], key.unit),
                sayings=sayings_behind(claims, row),
                present=_latest(told, key.period),
                outcome=_at(told, key.period),
                facts=(),
            )
        )
    return promises


def _at(told: Sequence[_Outcome], period: str) -> _Outcome | None:
    return next((one for one in told if one.period == period), None)


def _latest(told: Sequence[_Outcome], deadline: str) -> _Outcome | None:
    """Return the newest outcome, over as long a period as the promise's where there is one."""
    dated = [(found, one) for one in told if (found := parse_period(one.period)) is not None]
    then = parse_period(deadline)
    alike = [pair for pair in dated if then is not None and abs(pair[0].years - then.years) <= 0.05]
    newest = max(alike or dated, key=lambda pair: (pair[0].last, pair[1].period), default=None)
    return None if newest is None else newest[1]


def _thing(key: Key) -> Key:
    return replace(key, period="", modality="", unit=key.unit.removesuffix("/yr"))


def _growth(period: str, value: float, deadline: str, wanted: float) -> float | None:
    now, then = parse_period(period), parse_period(deadline)
    if now is None or then is None or value <= 0 or not wanted > 0 or abs(now.years - then.years) > 0.05:
        return None
    years = then.last.year - now.last.year
    return math.expm1(math.log(wanted / value) / years) if years > 0 else None
