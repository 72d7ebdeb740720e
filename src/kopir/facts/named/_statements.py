"""Statements: what sources said, each with its interval and its parties, as evidence for and against a figure."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kopir.core.codes import codes
from kopir.facts.claimed._keys import LEVEL_KINDS, SLOTS, Key, normal_key, rated_unit, unit_scale
from kopir.facts.claimed._measures import measure, perimeter
from kopir.facts.claimed._observations import observe
from kopir.facts.claimed._standing import reviewed
from kopir.facts.claimed._wording import SOFT_ABOVE, worded_interval
from kopir.facts.settled._reliability import prior_of

REPORTS = frozenset({"actual", "estimate", "alleged"})
CLOSED = frozenset({"eq", "range", "approx", "almost"})
TURNED = {"export": "import", "import": "export"}
"""Flows of goods as the other side counts them."""
_RATIOS = frozenset({"share", "change_pct"})
_STEPS = frozenset({"change_abs", "mult"})
_COUNTS = frozenset({"count", "person", "company", "project", "flag", "1"})
OPEN_REACH = 1.3
"""How far beyond an open bound («more than 26») a figure may lie and still be what the bound speaks of."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure that a source states, or that a draft does; levels in canonical units, shares in per cent.

    ``low`` and ``high`` are those of its wording (infinite where open). ``parties`` are subject and partners
    without routes, ``routes`` the routes; ``side`` is the state whose statistics it is, blank where unsaid.
    """

    id: str
    key: Key
    kind: str
    value: float
    low: float
    high: float
    comparator: str
    subject: str
    parties: frozenset[str]
    routes: frozenset[str]
    side: str
    row: Mapping[str, Any]

    @property
    def is_closed(self) -> bool:
        """Whether both ends of the figure are stated."""
        return self.comparator in CLOSED and math.isfinite(self.high)

    @property
    def is_report(self) -> bool:
        """Whether it tells what was, not what is planned; a signing is an event whatever it promises."""
        return self.key.modality in REPORTS or is_signed(self.key.indicator)

    @property
    def unit(self) -> str:
        """The unit without «a year», which the period says."""
        return self.key.unit.removesuffix("/yr")

    @property
    def rank(self) -> tuple[float, str]:
        """Orders statements of one thing, best source first, then the latest."""
        return prior_of(str(self.row["class"])).noise, _latest_first(str(self.row["published"] or ""))


def _latest_first(day: str) -> str:
    return "".join(chr(0x10000 - ord(letter)) for letter in day) or "\U0010ffff"


def is_signed(indicator: str) -> bool:
    """Tell whether an indicator counts what was agreed: that it was signed is the fact."""
    return measure(indicator).kin in {"deals", "deal count"}


def statements(claims: pl.DataFrame, *, stood: bool = True) -> list[Statement]:
    """Return what claims (a table of :func:`kopir.facts.claims_table`) state, those that stand unless told else.

    Claims without an indicator or a figure state nothing.
    """
    claims = reviewed(claims) if stood else claims.with_columns(part=pl.lit(None, pl.String))
    if claims.is_empty():
        return []
    seen = observe(claims)
    rows = claims.to_dicts()
    found = []
    for at, claim in enumerate(seen.claim):
        row = rows[int(claim)]
        key, kind = seen.keys[seen.fact[at]], str(row["kind"])
        shift, factor = {"share": (0.0, 100.0), "change_pct": (1.0, 100.0)}.get(kind, (0.0, 1.0))
        low, high = (factor * (float(edge) - shift) for edge in (seen.low[at], seen.high[at]))
        found.append(_statement(row, key if stood else replace(key, part=""), kind, low, high))
    return found if stood else [*found, *_unplaced(rows, {int(claim) for claim in seen.claim})]


def _unplaced(rows: Sequence[Mapping[str, Any]], used: Container[int]) -> list[Statement]:
    """Return the levels and shares of a draft that are of no indicator that the text names."""
    found = []
    for number, row in enumerate(rows):
        interval = worded_interval(row["comparator"], row["value"], row["lo"], row["hi"], row["text"] or "")
        if (
            number in used
            or row["indicator"]
            or row["kind"] not in LEVEL_KINDS | _RATIOS | _STEPS
            or interval is None
        ):
            continue
        slots = {slot: row[slot] or "" for slot in (*SLOTS, "modality") if slot not in {"partners", "indicator"}}
        key = normal_key(Key(partners=tuple(row["partners"] or ()), **{**slots, "unit": rated_unit(row)}))
        level = row["kind"] in LEVEL_KINDS
        scale = unit_scale(rated_unit(row)) if level or row["kind"] == "change_abs" else 1.0
        kind = "level" if level else str(row["kind"])
        found.append(_statement(row, key, kind, interval.low * scale, interval.high * scale))
    return found


def _statement(row: Mapping[str, Any], key: Key, kind: str, low: float, high: float) -> Statement:
    value = row["value"]
    scale = unit_scale(rated_unit(row)) if kind in LEVEL_KINDS | {"change_abs"} else 1.0
    middle = low if not math.isfinite(high) else (low + high) / 2
    if kind == "mult" and value is not None and value < 0:  # «halved» leaves a half, «more than halved» less
        worded = worded_interval(row["comparator"], -value, None, None, row["text"] or "")
        value = -1.0 / value
        if worded is not None:
            low, high = 1.0 / worded.high, 1.0 / worded.low if worded.low > 0 else math.inf
    routes = codes("routes")
    named = {str(row["subject"] or ""), *(row["partners"] or ()), str(row["route"] or "")} - {""}
    ways = frozenset(one for one in named if one in routes or one == row["route"])
    origin = perimeter(str(row["perimeter"] or "")).origin
    named |= {origin} - {""}
    return Statement(
        id=str(row["id"]),
        key=key,
        kind="level" if kind in LEVEL_KINDS else kind,
        value=middle if value is None or row["comparator"] == "range" else float(value) * scale,
        low=low,
        high=high,
        comparator=str(row["comparator"]),
        subject=str(row["subject"] or ""),
        parties=frozenset(one for one in named - ways if not one.islower()),
        routes=ways,
        side=_side(row),
        row=row,
    )


def _side(row: Mapping[str, Any]) -> str:
    """Return the state whose statistics a figure comes from, by its perimeter or its attribution."""
    code = str(row["perimeter"] or "")
    if perimeter(code).facet == "side":
        other = (row["partners"] or [""])[0]
        return {"customs_own_side": str(row["subject"] or ""), "customs_partner_side": str(other)}.get(code, "CHN")
    said = str(row["attribution"] or "")
    return said if said in codes("states") else ""


def meets(said: Statement, held: Statement) -> bool:
    """Tell whether a held statement bears out a figure: within a closed interval, or the same bound told twice."""
    slack = 1e-9 * max(abs(held.value), abs(said.value))
    if not held.is_closed:
        same = held.comparator == said.comparator or {held.comparator, said.comparator} <= {"gt", "ge"}
        return same and not said.is_closed and abs(said.value / held.value - 1) < 0.005 if held.value else False
    if not said.is_closed:
        return said.low - slack <= held.value <= said.high + slack and _ratio(held.value, said.value) <= SOFT_ABOVE
    return (held.low - slack <= said.value <= held.high + slack and _close(said, held)) or (
        said.low - slack <= held.value <= said.high + slack
    )


def _close(said: Statement, held: Statement) -> bool:
    """Tell whether a rounder figure may be a finer one: not where the draft's own digits exclude it."""
    return held.comparator != "eq" or (said.low <= held.high and held.low <= said.high)


def same_unit(said: Statement, held: Statement) -> bool:
    """Tell whether two levels count in one unit; a bare number may count whatever is counted in pieces."""
    return (
        said.kind != "level"
        or said.unit == held.unit
        or {said.unit, held.unit} <= _COUNTS | {""}
        or (held.unit in _COUNTS and said.row["kind"] == "count")
        or (not said.unit and held.row["kind"] == "count")
    )


def allows(said: Statement, held: Statement) -> bool:
    """Tell whether an open bound leaves room for a figure near it."""
    if held.is_closed or not held.value:
        return False
    return held.low <= said.high and said.low <= held.high and _ratio(said.value, held.value) <= OPEN_REACH


def _ratio(one: float, other: float) -> float:
    if not one or not other or (one < 0) != (other < 0):
        return math.inf
    return max(one / other, other / one)
