"""Review of a text: each figure set against the fact book, with the sentence one would write instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from kopir.core.periods import parse_period
from kopir.facts.book._book import FactBook
from kopir.facts.claimed._keys import LEVEL_KINDS, Key, parse_key, unit_scale
from kopir.facts.claimed._loading import claims_of_readings
from kopir.facts.claimed._observations import Observations, observe
from kopir.facts.claimed._phrasing import corrected_sentence, sentence_at

if TYPE_CHECKING:
    from kopir.evidence import Reading

VERDICTS = ("confirmed", "contradicted", "out of date", "perimeter mixed", "unknown")
_REPORTS = frozenset({"actual", "estimate", "alleged"})
REVIEW_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "start": pl.Int64,
    "end": pl.Int64,
    "text": pl.String,
    "sentence": pl.String,
    "verdict": pl.String,
    "key": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "sources": pl.List(pl.String),
    "why": pl.String,
    "suggestion": pl.String,
}


@dataclass(frozen=True)
class Review:
    """The figures of one text with their verdicts, in reading order; ``language`` is that of the text."""

    table: pl.DataFrame
    language: str

    def count(self, verdict: str) -> int:
        """Return how many figures got a verdict."""
        return int((self.table["verdict"] == verdict).sum())


@dataclass(frozen=True, slots=True)
class _Held:
    """A row of the fact book that may be what a figure is about; bounds are open where infinite."""

    key: Key
    value: float
    low: float
    high: float
    voices: tuple[str, ...]

    def meets(self, low: float, high: float) -> bool:
        slack = 1e-9 * max(abs(self.low), abs(low))
        return low <= self.high + slack and self.low <= high + slack


def review(reading: Reading, book: FactBook, titles: Mapping[str, str] | None = None) -> Review:
    """Set every figure of a document against ``book``.

    ``titles`` names sources for readers. A figure without period is read as the latest one held. Shares and
    changes are looked up as such, else computed from the two levels that they relate.
    """
    claims = claims_of_readings([reading])
    seen = observe(claims)
    text, language = reading.document.text, reading.document.language
    index = _index(book)
    source_of = dict(zip(book.claims["id"].to_list(), book.claims["source"].to_list(), strict=True))
    at = {int(claim): row for row, claim in enumerate(seen.claim)}
    rows = []
    for number, claim in enumerate(claims.iter_rows(named=True)):
        verdict, held, why = ("unknown", None, "the text does not say enough to place the figure")
        if number in at:
            verdict, held, why = _judge(seen, at[number], claim["kind"], index)
        begin, end = sentence_at(text, claim["start"], claim["end"])
        voices = sorted({source_of[one] for one in held.voices}) if held is not None else []
        named = [(titles or {}).get(one, one) for one in voices]
        wrong = verdict not in {"confirmed", "unknown"} and held is not None
        rows.append(
            {
                "start": claim["start"],
                "end": claim["end"],
                "text": claim["text"],
                "sentence": text[begin:end],
                "verdict": verdict,
                "key": None if held is None else str(held.key),
                "value": None if held is None else held.value,
                "low": None if held is None or held.low == -float("inf") else held.low,
                "high": None if held is None or held.high == float("inf") else held.high,
                "sources": named,
                "why": why,
                "suggestion": corrected_sentence(
                    text, (begin, end), claim, _in_units_of(claim, held), language, named[:1]
                )
                if wrong and held is not None
                else None,
            }
        )
    rows.sort(key=lambda row: (row["start"], row["end"]))
    return Review(pl.DataFrame(rows, schema=dict(REVIEW_SCHEMA)), language)


_Index = dict[tuple[str, str, str, tuple[str, ...]], list[_Held]]


def _index(book: FactBook) -> _Index:
    index: _Index = {}
    columns = ("key", "kind", "value", "low", "high", "supporting", "opposing")
    for name, kind, value, low, high, supporting, opposing in book.facts.select(columns).iter_rows():
        key = parse_key(name)
        held = _Held(
            key,
            value,
            float("-inf") if low is None else low,
            float("inf") if high is None else high,
            tuple(supporting or opposing),
        )
        index.setdefault((kind, key.indicator, key.subject, key.partners), []).append(held)
    return index


def _judge(seen: Observations, row: int, kind: str, index: _Index) -> tuple[str, _Held | None, str]:
    key = seen.keys[seen.fact[row]]
    low, high = float(seen.low[row]), float(seen.high[row])
    if kind in LEVEL_KINDS:
        found = [held for held in _alike(index, "level", key) if held.key.unit == key.unit]
    else:
        shift, factor = {"share": (0.0, 100.0), "change_pct": (1.0, 100.0)}.get(kind, (0.0, 1.0))
        low, high = factor * (low - shift), factor * (high - shift)
        found = _alike(index, kind, key) or _computed(index, kind, key, seen.keys[seen.base[row]])
    return _verdict(key, low, high, found)


def _alike(index: _Index, kind: str, key: Key) -> list[_Held]:
    """Return what is held of the same parties, whatever period, perimeter and modality."""
    return [
        held
        for held in index.get((kind, key.indicator, key.subject, key.partners), ())
        if not held.key.part
        and (key.route == held.key.route or key.subject == held.key.route)
        and (key.commodity == held.key.commodity or not key.commodity or not held.key.commodity)
    ]


def _computed(index: _Index, kind: str, key: Key, base: Key) -> list[_Held]:
    """Return a share or change computed from the levels that it relates, as an interval."""
    made = []
    for part in _alike(index, "level", key):
        for whole in _alike(index, "level", base):
            same = (
                part.key.period == key.period
                and whole.key.period == base.period
                and part.key.unit == whole.key.unit
            )
            if not same or whole.low <= 0 or part.key.perimeter != whole.key.perimeter:
                continue
            shift, factor = {"share": (0.0, 100.0), "change_pct": (1.0, 100.0)}.get(kind, (0.0, 1.0))
            ends = (part.value / whole.value, part.low / whole.high, part.high / whole.low)
            value, low, high = (factor * (one - shift) for one in ends)
            made.append(_Held(part.key, value, low, high, (*part.voices, *whole.voices)))
    return made


def _verdict(key: Key, low: float, high: float, found: Sequence[_Held]) -> tuple[str, _Held | None, str]:
    spoken = [held for held in found if _same_mode(held.key.modality, key.modality)]
    now = [held for held in spoken if held.key.period == key.period] if key.period else _latest(spoken)
    exact = [held for held in now if held.key.perimeter == key.perimeter] or ([] if key.perimeter else now[:1])
    for held in exact:
        if held.meets(low, high):
            return "confirmed", held, "agrees with what is held"
    other = [held for held in now if held not in exact and held.meets(low, high)]
    if other:
        perimeter = other[0].key.perimeter or "no stated perimeter"
        return (
            "perimeter mixed",
            exact[0] if exact else other[0],
            f"this is the figure of another perimeter: {perimeter}",
        )
    earlier = [
        held for held in spoken if held not in now and held.meets(low, high) and _before(held.key, key, now)
    ]
    if earlier:
        best = exact[0] if exact else earlier[0]
        return "out of date", best, f"this was the figure of {earlier[0].key.period or 'an earlier time'}"
    if exact:
        return "contradicted", exact[0], "differs from what is held"
    promised = [
        held for held in found if held not in spoken and held.key.period == key.period and held.meets(low, high)
    ]
    if promised:
        return "contradicted", promised[0], f"this is a {promised[0].key.modality}, not an outcome"
    return "unknown", None, "nothing is held of this figure" + (" for this period" if spoken else "")


def _same_mode(held: str, said: str) -> bool:
    return (
        held == said or (held in _REPORTS and said in _REPORTS) or (held not in _REPORTS and said not in _REPORTS)
    )


def _latest(found: Sequence[_Held]) -> list[_Held]:
    dated = [(period.last, held) for held in found if (period := parse_period(held.key.period)) is not None]
    if not dated:
        return list(found)
    whole = [(last, held) for last, held in dated if len(held.key.period) == 4] or dated
    newest = max(last for last, _ in whole)
    return [held for last, held in whole if last == newest]


def _before(held: Key, said: Key, now: Sequence[_Held]) -> bool:
    """Tell whether a fact is older than the figure's own period, or than the latest when it names none."""
    old = parse_period(held.period)
    new = parse_period(said.period or (now[0].key.period if now else ""))
    return old is not None and new is not None and old.last < new.last


def _in_units_of(claim: Mapping[str, object], held: _Held | None) -> tuple[float, float, float] | None:
    """Return value, low and high in the unit in which the claim is counted."""
    if held is None:
        return None
    scale = unit_scale(str(claim["unit"] or "")) if claim["kind"] in LEVEL_KINDS else 1.0
    return held.value / scale, held.low / scale, held.high / scale
