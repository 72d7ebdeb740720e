"""The worst sets of assets in large networks, by branching on what optima use instead of settling every set."""

from __future__ import annotations

from math import comb

import polars as pl

from kopir.flow.outages import HOW
from kopir.flow.simplex.worst_sets import Branching
from kopir.strategy.outages.deadline import Deadline
from kopir.strategy.outages.every import MANY, TIE, Measure, outages_for
from kopir.strategy.outages.ranking import WORST_BY_SIZE, bounded
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import Span


def branched_worst(
    setup: Setup, most: int, span: Span, measure: Measure, deadline: Deadline
) -> tuple[float, pl.DataFrame] | None:
    """Return what is there undisturbed and the table of :func:`kopir.strategy.outages.ranking.worst_by_size`.

    None where the sets are few, or nothing bounds a loss without a solve: with stores, with duties that an outage
    waives, where using one asset closes another, and where cuts are shared pro rata. Raises as
    :func:`kopir.strategy.outages.every.outages_for` does.
    """
    assets = setup.network.assets
    if sum(comb(len(assets), size) for size in range(1, most + 1)) < MANY:
        return None
    outages = outages_for(setup, span, measure, many=True)
    paths = outages.dropped_paths()
    if paths is None:
        return None
    whole = outages.undisturbed
    ended = None if deadline.seconds is None else lambda: deadline.passed
    branching = Branching(outages, paths, TIE * max(1.0, abs(whole)), most, ended)
    rows = []
    for count in range(1, most + 1):
        found = branching.worst(count)
        for one, loss, how in zip(found.sets, found.losses, found.how, strict=True):
            codes = [assets[asset][1] for asset in one]
            share = loss / whole if whole > 0 else None
            rows.append((count, len(one), codes, loss, share, HOW[how], *bounded(loss, found.bound)))
    return whole, pl.DataFrame(rows, schema=WORST_BY_SIZE, orient="row")
