"""A second look where most claims on a fact may be the figure of its neighbour.

Last year's figure told under the new year, twice, outvotes the one that is right, although shares, growth and
identities speak for that one. Capped losses have many valleys, and the estimate starts where most claims are.
So where a fact is torn, it is estimated a second time without the claims that fit a neighbour of it, and each
component keeps whichever makes all of its claims likelier: that it is right, the neighbour's figure, or wrong.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kopir.facts.settled._deviations import WRONG
from kopir.facts.settled._estimation import Estimate, estimate, fit
from kopir.facts.settled._neighbours import perimeter_neighbours, period_neighbours
from kopir.facts.settled._reliability import OUTLIER_DENSITY, OUTLIERS
from kopir.facts.settled._system import System

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FITS = 3.0
"""Spreads within which a claim may be the figure of a neighbour."""


def estimate_twice(system: System, source: Ints, classes: list[str], counted: Flags) -> Estimate:
    """Return the estimate (see :func:`estimate`) that is the likelier of two in each component."""
    first = estimate(system, source, classes, counted)
    neighbours = _pairs(system)
    borrowed = _borrowed(system, source, first, neighbours)
    best, begin = _likelihood(system, source, first, first, neighbours), first.log_value
    found = False
    for doubted in (borrowed, borrowed & ~_majority(system, borrowed, counted)):
        if not doubted.any():
            continue
        other = estimate(system, source, classes, counted & ~doubted)
        likelihood = _likelihood(system, source, other, first, neighbours)
        better = likelihood > best
        found = found or bool(better.any())
        begin = np.where(better[system.component], other.log_value, begin)
        best = np.maximum(likelihood, best)
    return estimate(system, source, classes, counted, (begin, first.sources)) if found else first


def _majority(system: System, borrowed: Flags, counted: Flags) -> Flags:
    """Return which observations are of a fact most of whose observations, shares and changes too, are borrowed."""
    seen = system.observations
    every = np.bincount(seen.fact[counted], minlength=len(system.keys)) + np.bincount(
        seen.base[counted & (seen.base >= 0)], minlength=len(system.keys)
    )
    taken = np.bincount(seen.fact[borrowed], minlength=len(system.keys))
    return np.asarray((2 * taken > every)[seen.fact])


def _pairs(system: System) -> tuple[Ints, Ints]:
    """Return facts and their neighbours, one pair a place."""
    pairs = [
        (fact, other)
        for neighbours in (perimeter_neighbours(system), period_neighbours(system))
        for fact, others in neighbours.items()
        for other in others
    ]
    fact, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    order = np.argsort(fact, kind="stable")
    return fact[order], other[order]


def _meetings(system: System, rows: Ints, neighbours: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Return each of ``rows`` once for every neighbour of its fact, and the neighbour."""
    fact, other = neighbours
    begin = np.searchsorted(fact, system.observations.fact[rows], side="left")
    count = np.searchsorted(fact, system.observations.fact[rows], side="right") - begin
    place = np.repeat(begin - np.r_[0, np.cumsum(count)[:-1]], count) + np.arange(count.sum())
    return np.repeat(rows, count), other[place]


def _borrowed(system: System, source: Ints, found: Estimate, neighbours: tuple[Ints, Ints]) -> Flags:
    """Return the believed levels of torn facts that fit a neighbour of their fact."""
    seen = system.observations
    doubted = found.counted & (found.inlier < 0.5) & np.isfinite(found.residual)
    torn = np.zeros(len(system.keys), dtype=np.bool_)
    torn[seen.fact[doubted]] = True
    torn[seen.base[doubted & (seen.base >= 0)]] = True
    residual, spread = fit(system, source, found.sources, found.log_value)
    level = found.counted & (seen.base < 0) & np.isfinite(residual) & (found.inlier >= 0.5)
    row, other = _meetings(system, np.flatnonzero(level & torn[seen.fact]), neighbours)
    gap = residual[row] + found.log_value[seen.fact[row]] - found.log_value[other]
    gap = np.minimum(np.abs(gap), np.abs(gap + found.sources.bias[source[row]]))
    borrowed = np.zeros(len(seen.fact), dtype=np.bool_)
    borrowed[row[gap < FITS * spread[row]]] = True
    return borrowed


def _likelihood(
    system: System, source: Ints, found: Estimate, judge: Estimate, neighbours: tuple[Ints, Ints]
) -> Floats:
    """Return the log likelihood of what is counted in each component, by the sources as ``judge`` holds them."""
    seen = system.observations
    residual, spread = fit(system, source, judge.sources, found.log_value)
    counted = judge.counted & np.isfinite(residual)
    rows = np.flatnonzero(counted)
    chance = np.full(len(residual), OUTLIERS * OUTLIER_DENSITY)
    chance[rows] += (1 - OUTLIERS) * _normal(residual[rows], spread[rows])
    row, other = _meetings(system, rows[seen.base[rows] < 0], neighbours)
    gap = residual[row] + found.log_value[seen.fact[row]] - found.log_value[other]
    known = np.isfinite(gap)
    share = np.bincount(row[known], minlength=len(residual))
    unbiased = gap + judge.sources.bias[source[row]]
    gap = np.where(np.abs(gap) < np.abs(unbiased), gap, unbiased)
    np.add.at(chance, row[known], WRONG * _normal(gap[known], spread[row[known]]) / share[row[known]])
    size = int(system.component.max(initial=-1)) + 1
    return np.bincount(system.component[seen.fact[rows]], np.log(chance[rows]), size).astype(np.float64)


def _normal(gap: Floats, spread: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * (gap / spread) ** 2) / (np.sqrt(2 * np.pi) * spread))
