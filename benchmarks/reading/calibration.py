"""Whether stated confidence is honest: reliability of each slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.reading.matching import SLOTS, match, right
from benchmarks.reading.samples import Sample

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Edges of the bins of stated confidence; the last bin holds 1."""


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
