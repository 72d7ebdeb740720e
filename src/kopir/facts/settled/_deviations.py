"""Claims that are wrong rather than noisy, and what went wrong with each.

Every level is weighed against the fact as the other claims and the identities give it. The hypotheses are: it
is right; its unit or scale slipped (a power of ten); it is the figure of another perimeter or of a neighbouring
period; something else. The likeliest wins; ``odds`` is the log of how much likelier it is than being right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kopir.facts.settled._estimation import Estimate
from kopir.facts.settled._neighbours import perimeter_neighbours, period_neighbours
from kopir.facts.settled._system import System

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TEN = float(np.log(10.0))
SLIPS = (-6, -3, -2, -1, 1, 2, 3, 6)
"""Powers of ten by which a unit or scale slips: thousand for million, a moved point."""
WRONG = 0.02
"""Prior share of claims for each way of being wrong."""
REACH = 0.5
"""Mean log error (Laplace) of a claim that is wrong in no known way: disputes seldom multiply a figure."""
STRONGER = 0.1
"""One voice may overrule another only where its variance is below this share of the other's."""
CLASSES = ("unit_scale", "perimeter", "period", "dispute")


@dataclass(frozen=True)
class Deviations:
    """Observations that are wrong, by number in ``row``, sorted by ``odds``, largest first.

    ``kind`` indexes ``CLASSES``; ``instead`` is the fact whose figure it may be (-1: none), ``power`` the power
    of ten that slipped (0: none), ``gap`` the log of the claim over the fact.
    """

    row: Ints
    kind: Ints
    odds: Floats
    instead: Ints
    power: Ints
    gap: Floats


def find_deviations(system: System, estimate: Estimate, source: Ints) -> Deviations:
    """Return the levels that are more likely wrong than noisy; copies are judged as their originals are.

    ``source`` numbers the source of each observation. A figure that was taken over for another fact's need not
    carry the lasting bias of who took it over, so it is compared both with and without it.
    """
    seen = system.observations
    level = (seen.base < 0) & np.isfinite(estimate.residual) & np.isfinite(estimate.spread)
    rows = np.flatnonzero(level & estimate.counted & np.isfinite(estimate.log_value[seen.fact]))
    gap, spread = estimate.residual[rows], estimate.spread[rows]
    right = np.log(1 - WRONG * len(CLASSES)) + _normal(gap, spread)
    bias = estimate.sources.bias[source[rows]]
    slips = np.stack(
        [
            np.maximum(_normal(gap - power * TEN, spread), _normal(gap + bias - power * TEN, spread))
            for power in SLIPS
        ]
    )
    score = np.full((len(CLASSES), len(rows)), -np.inf)
    score[0] = np.log(WRONG / len(SLIPS)) + slips.max(axis=0)
    score[3] = np.log(WRONG / (2 * REACH)) - np.abs(gap) / REACH
    instead = np.full((len(CLASSES), len(rows)), -1)
    for kind, lists in ((1, perimeter_neighbours(system)), (2, period_neighbours(system))):
        score[kind], instead[kind] = _best_neighbour(system, estimate, rows, lists, bias)
    kind = score.argmax(axis=0)
    each = np.arange(len(rows))
    odds = score[kind, each] - right
    wrong = np.flatnonzero((odds > 0) & _has_support(system, estimate, rows))
    wrong = wrong[np.lexsort((rows[wrong], -odds[wrong]))]
    power = np.array(SLIPS)[slips.argmax(axis=0)]
    return Deviations(
        row=rows[wrong],
        kind=kind[wrong],
        odds=odds[wrong],
        instead=instead[kind, each][wrong],
        power=np.where(kind[wrong] == 0, power[wrong], 0),
        gap=gap[wrong],
    )


def _normal(gap: Floats, sd: Floats) -> Floats:
    return np.asarray(-0.5 * (gap / sd) ** 2 - np.log(np.sqrt(2 * np.pi) * sd))


def _has_support(system: System, estimate: Estimate, rows: Ints) -> NDArray[np.bool_]:
    """Which observations have a better founded fact against them than their own word."""
    seen = system.observations
    believed = estimate.counted & (estimate.inlier > 0.5) & (seen.base < 0)
    voices = np.bincount(seen.fact[believed], minlength=len(system.keys))[seen.fact[rows]] - believed[rows]
    others = estimate.variance[seen.fact[rows]] / (1 - estimate.leverage[rows])
    own = np.maximum(estimate.spread[rows] ** 2 - others, 0.0)
    return np.asarray((voices >= 2) | (others < STRONGER * own))


def _best_neighbour(
    system: System, estimate: Estimate, rows: Ints, neighbours: dict[int, list[int]], bias: Floats
) -> tuple[Floats, Ints]:
    """Return the best log score among the facts each observation may have been meant for, and which it is."""
    seen, u = system.observations, estimate.log_value
    best = np.full(len(rows), -np.inf)
    which = np.full(len(rows), -1)
    pairs = [
        (place, other)
        for place, fact in enumerate(seen.fact[rows])
        for other in neighbours.get(int(fact), ())
        if np.isfinite(u[other])
    ]
    if not pairs:
        return best, which
    place, other = np.array(pairs).T
    row = rows[place]
    stated = estimate.residual[row] + u[seen.fact[row]]
    own = np.maximum(estimate.spread[row] ** 2 - estimate.variance[seen.fact[row]], 1e-10)
    count = np.bincount(place, minlength=len(rows))
    sd = np.sqrt(own + estimate.variance[other])
    fits = np.maximum(_normal(stated - u[other], sd), _normal(stated + bias[place] - u[other], sd))
    score = fits + np.log(WRONG / count[place])
    order = np.lexsort((other, score))
    best[place[order]] = score[order]
    which[place[order]] = other[order]
    return best, which
