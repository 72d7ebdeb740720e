"""Figures of quality of one sample: F1, slots, what is published, each with its interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from benchmarks.reading.matching import FIGURE, SLOTS, WHOLE, Match, Pair, Record, match, pairs_of, right
from benchmarks.reading.samples import Sample

LEVEL = 0.95
_RESAMPLES = 1000
_LEAST_DOCUMENTS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of quality: ``value``, the ends of its 95 % interval, over ``of`` cases; a count has no ends."""

    value: float | None
    low: float | None = None
    high: float | None = None
    of: int | None = None

    @classmethod
    def share(cls, part: int, whole: int) -> Figure:
        """Return a share with its Wilson interval (Wilson 1927); empty for a share of nothing."""
        if not whole:
            return cls(None, of=0)
        ends = binomtest(part, whole).proportion_ci(LEVEL, method="wilson")
        return cls(part / whole, float(ends.low), float(ends.high), whole)


@dataclass(frozen=True, slots=True)
class Published:
    """How many published claims there are that can be judged, and how many of them are right as a whole."""

    count: int
    right: int


def figures(sample: Sample) -> dict[str, Figure]:
    """Return every figure of a sample, in the order of the page.

    Whole claims are scored over core claims; value, unit and comparator over all annotated figures. The interval
    of an F1 is a bootstrap over documents (Efron 1979, percentiles), seeded; fewer than ten give none.
    """
    core = match(sample.gold, sample.read, core_only=True)
    every = match(sample.gold, sample.read, core_only=False)
    out = published(sample.gold, [row for row in sample.read if row["published"]])
    found: dict[str, Figure] = {
        "documents": Figure(len(sample.docs)),
        "claims annotated": Figure(every.gold),
        "of these core": Figure(core.gold),
        "whole claim, F1": _f1(sample, WHOLE, core_only=True),
        "value + unit + comparator, F1": _f1(sample, FIGURE, core_only=False),
        "the same, core claims": _f1(sample, FIGURE, core_only=True),
        "published": Figure(out.count),
        "published, precision": Figure.share(out.right, out.count),
        "published, recall": Figure.share(out.right, core.gold),
    }
    return found | {f"slot {slot}": figure for slot, figure in slots(core).items()}


def slots(core: Match) -> dict[str, Figure]:
    """Return the share right of each slot over matched core claims, where the annotation has the slot at all."""
    out: dict[str, Figure] = {}
    for slot in SLOTS:
        pairs = [pair for pair in core.pairs if slot in pair.gold]
        out[slot] = Figure.share(sum(right(pair, (slot,)) for pair in pairs), len(pairs))
    return out


def published(gold: Sequence[Record], rows: Sequence[Record]) -> Published:
    """Judge published claims.

    One on a figure that no indicator is there for is wrong if it states an indicator. One on another side fact, or
    without an indicator, is not judged.
    """
    pairs = pairs_of(gold, rows)
    verdicts = [verdict(pair) for pair in pairs]
    return Published(
        len(rows) - sum(v is None for v in verdicts),
        sum(v is True for v in verdicts),
    )


def verdict(pair: Pair) -> bool | None:
    """Tell whether a claim read at the place of an annotated one is right as a whole; None if it is not judged."""
    tier = pair.gold["tier"]
    if tier == "core":
        return right(pair, WHOLE)
    if tier == "negative":
        return False
    return False if pair.gold.get("indicator") is None and pair.read.get("indicator") is not None else None


def agreement(first: Sequence[Record], second: Sequence[Record]) -> dict[str, Figure]:
    """Return how far two annotators agree: F1 of spans, figures and whole claims, and the share of each slot."""
    every = match(first, _as_read(second), core_only=False)
    both_core = Match(
        tuple(p for p in every.pairs if p.gold["tier"] == p.read["tier"] == "core"),
        sum(g["tier"] == "core" for g in first),
        sum(g["tier"] == "core" for g in second),
    )
    found = {
        "claims, first": Figure(len(first)),
        "claims, second": Figure(len(second)),
        "span, F1": Figure(every.f1()),
        "value + unit + comparator, F1": Figure(every.f1(FIGURE)),
        "whole claim, F1": Figure(both_core.f1(WHOLE)),
    }
    return found | {f"slot {slot}": figure for slot, figure in slots(both_core).items()}


def _as_read(rows: Sequence[Record]) -> list[Record]:
    return [row for row in rows if row["tier"] != "negative"]


def _f1(sample: Sample, wanted: Sequence[str], *, core_only: bool) -> Figure:
    gold, read = _by_document(sample.gold), _by_document(sample.read)
    found = [match(gold[doc], read[doc], core_only=core_only) for doc in sample.docs]
    counts = [(sum(right(pair, wanted) for pair in m.pairs), m.gold + m.read) for m in found]
    table = np.array(counts, dtype=float).reshape(-1, 2)
    hits, total = table.sum(axis=0)
    if not total:
        return Figure(None, of=0)
    f1, of = float(2 * hits / total), sum(m.gold for m in found)
    if len(found) < _LEAST_DOCUMENTS:
        return Figure(f1, of=of)
    drawn = np.random.default_rng(0).integers(0, len(table), (_RESAMPLES, len(table)))
    sums = table[drawn].sum(axis=1)
    ratios = 2 * sums[:, 0] / np.maximum(sums[:, 1], 1)
    low, high = np.percentile(ratios, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return Figure(f1, float(low), float(high), of)


def _by_document(rows: Sequence[Record]) -> dict[str, list[Record]]:
    out: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        out[row["doc"]].append(row)
    return out
