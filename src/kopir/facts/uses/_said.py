"""What sources say of a figure, in their own numbers: a range of sayings, never a value between them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kopir.facts.book._book import FactBook
from kopir.facts.claimed._keys import canonical_unit, rated_unit, unit_scale
from kopir.facts.claimed._loading import note_comparator

_SCALES = ((1e9, "bn"), (1e6, "mn"), (1.0, ""))
_WORDS = {
    "gt": "over",
    "ge": "at least",
    "lt": "under",
    "le": "at most",
    "upto": "up to",
    "approx": "about",
    "almost": "almost",
}
_OPEN = frozenset({"gt", "ge"})
_FROM_NOTHING = frozenset({"lt", "le", "upto"})


@dataclass(frozen=True, slots=True, order=True)
class Saying:
    """A figure as one source states it, in the canonical ``unit``: one number, or ``low`` to ``high``."""

    low: float
    high: float
    comparator: str
    unit: str

    @property
    def ends(self) -> tuple[float, float]:
        """Between which ends the figure lies by these words; infinite where they leave it open."""
        return (
            0.0 if self.comparator in _FROM_NOTHING else self.low,
            math.inf if self.comparator in _OPEN else self.high,
        )


def saying_of_claim(claim: Mapping[str, Any]) -> Saying | None:
    """Return what a claim (a row of the claims table) states, ``None`` where it states no number."""
    said = rated_unit(claim)
    scale, unit = unit_scale(said), canonical_unit(said)
    if claim["comparator"] == "range" and None not in {claim["lo"], claim["hi"]}:
        return Saying(claim["lo"] * scale, claim["hi"] * scale, "range", unit)
    if claim["value"] is None:
        return None
    return Saying(claim["value"] * scale, claim["value"] * scale, claim["comparator"] or "eq", unit)


def saying_of_fact(row: Mapping[str, Any]) -> Saying | None:
    """Return what a row of facts.csv (cells as text or numbers) states, ``None`` where it states no number."""
    value, low, high = (None if row[name] in {None, ""} else float(row[name]) for name in ("value", "low", "high"))
    if low is not None and high is not None:
        claim = {"comparator": "range", "value": None, "lo": low, "hi": high}
    else:
        words = note_comparator(f"{row['note'] or ''}; {row['quote'] or ''}", value)
        claim = {"comparator": words, "value": value, "lo": None, "hi": None}
    return saying_of_claim({**claim, "unit": row["unit"]})


def claims_by_id(book: FactBook) -> dict[str, Mapping[str, Any]]:
    """Return the claims of a book by id."""
    return {row["id"]: row for row in book.claims.iter_rows(named=True)}


def sayings_behind(claims: Mapping[str, Mapping[str, Any]], fact: Mapping[str, Any]) -> tuple[Saying, ...]:
    """Return what the claims behind a reconciled fact say; the fact, to three digits, where none says a number."""
    unit = fact["unit"] or ""
    rows = [claims[id] for id in (*fact["supporting"], *fact["opposing"]) if id in claims]
    told = tuple(one for row in rows if (one := saying_of_claim(row)) is not None and one.unit == unit)
    reckoned = float(f"{fact['value']:.3g}")
    return told or (Saying(reckoned, reckoned, "approx", unit),)


def said(sayings: Iterable[Saying]) -> str:
    """Return all sayings in words: ``48 to 56.6 bn USD``, ``over 15 bn USD``, ``17.2 bn USD; over 17 bn USD``."""
    every = sorted(set(sayings))
    parts = []
    for unit in dict.fromkeys(one.unit for one in every):
        plain = [one.low for one in every if one.unit == unit and one.comparator == "eq"]
        if plain:
            parts.append(amount_said(min(plain), max(plain), unit))
        for one in every:
            if one.unit == unit and one.comparator == "range":
                parts.append(amount_said(one.low, one.high, unit))
            elif one.unit == unit and one.comparator != "eq":
                parts.append(f"{_WORDS[one.comparator]} {amount_said(one.low, one.low, unit)}")
    return "; ".join(parts)


def sum_said(sayings: Iterable[Iterable[Saying]]) -> str:
    """Return between which ends the sum of several figures lies by what is said of each; all in one unit."""
    low = high = 0.0
    unit = ""
    for each in map(list, sayings):
        low += min(one.ends[0] for one in each)
        high += max(one.ends[1] for one in each)
        unit = each[0].unit
    return f"over {amount_said(low, low, unit)}" if math.isinf(high) else amount_said(low, high, unit)


def amount_said(low: float, high: float, unit: str) -> str:
    """Return one amount, or two, in the scale of the larger, with no digit beyond those stated."""
    scale, word = next((scale, word) for scale, word in _SCALES if max(abs(low), abs(high)) >= scale or scale == 1)
    first, last = (f"{round(one / scale, 9):,.10g}" for one in (low, high))
    return " ".join(part for part in (first if low == high else f"{first} to {last}", word, unit) if part)


def rounded_down(amount: float, unit: str) -> str:
    """Return at least how much an amount above 0 is, to two significant figures."""
    step = 10.0 ** (math.floor(math.log10(amount)) - 1)
    low = math.floor(amount / step) * step
    return amount_said(low, low, unit)
