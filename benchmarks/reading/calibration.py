"""Whether stated confidence is honest, and which floor of it a published claim should pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.reading.figures import Figure, verdict
from benchmarks.reading.matching import SLOTS, Record, match, pairs_of, right
from benchmarks.reading.samples import Sample

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Edges of the bins of stated confidence; the last bin holds 1."""
WANTED = 0.90
"""Precision that a published claim must have."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings whose stated confidence lies in ``low``..``high``: how many, its mean, and how many are right."""

    low: float
    high: float
    count: int
    stated: float | None
    right: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Reliability of one slot. ``error``: distance of stated and found, weighted by count (Naeini et al. 2015)."""

    bins: tuple[Bin, ...]
    count: int
    error: float | None


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor of confidence chosen on one half of the documents, and what it gives there and on the other half.

    ``floor`` is None where no floor reaches the precision wanted; then nothing is published.
    """

    floor: float | None
    chosen_precision: Figure
    chosen_recall: Figure
    scored_precision: Figure
    scored_recall: Figure


def reliability(sample: Sample) -> dict[str, Curve]:
    """Return the curve of each slot for which the reader states a confidence, over matched core claims."""
    pairs = match(sample.gold, sample.read, core_only=True).pairs
    out: dict[str, Curve] = {}
    for slot in SLOTS:
        stated = [(p.read["confidence"][slot], right(p, (slot,))) for p in pairs if slot in p.read["confidence"]]
        if stated:
            out[slot] = curve(stated)
    return out


def curve(stated: Sequence[tuple[float, bool]]) -> Curve:
    """Sort stated confidences, each with whether it was right, into bins."""
    bins = []
    for low, high in pairwise(EDGES):
        inside = [(c, ok) for c, ok in stated if low <= c < high or (high == EDGES[-1] and c >= high)]
        mean = sum(c for c, _ in inside) / len(inside) if inside else None
        bins.append(Bin(low, high, len(inside), mean, sum(ok for _, ok in inside)))
    gaps = [abs((b.stated or 0) * b.count - b.right) for b in bins]
    return Curve(tuple(bins), len(stated), sum(gaps) / len(stated) if stated else None)


def confidence(row: Record) -> float:
    """Return the confidence of a claim: that of its least certain slot."""
    return min(row["confidence"].values(), default=0.0)


def floor(sample: Sample, wanted: float = WANTED) -> Floor:
    """Choose the lowest floor that gives the precision wanted on one half, and score it on the other."""
    chosen, scored = sample.half(0), sample.half(1)
    options = sorted({confidence(row) for row in chosen.read})
    for option in options:
        precision, recall = above(chosen, option)
        if precision.value is not None and precision.value >= wanted:
            return Floor(option, precision, recall, *above(scored, option))
    return Floor(None, *above(chosen, None), *above(scored, None))


def above(sample: Sample, least: float | None) -> tuple[Figure, Figure]:
    """Return precision and recall when every claim with an indicator and that confidence is published."""
    rows = [row for row in sample.read if least is not None and row["indicator"] and confidence(row) >= least]
    verdicts = [verdict(pair) for pair in pairs_of(sample.gold, rows)]
    good, judged = sum(v is True for v in verdicts), len(rows) - sum(v is None for v in verdicts)
    core = sum(row["tier"] == "core" for row in sample.gold)
    return Figure.share(good, judged), Figure.share(good, core)
