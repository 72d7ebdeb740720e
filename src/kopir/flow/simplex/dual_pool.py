"""Means over uncertain bounds with few solves: prices of some optima bound the cost of all others.

Reduced costs of one optimum bound the least cost with any other bounds from below (weak duality), at the price of
a product of matrices. The best bound of a pool goes up and down with the cost: as a control variate (Lavenberg and
Welch 1981, Management Science 27(3)) it leaves only what the bound misses to be estimated by solves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kopir.flow.simplex.arrays import Changes, Floats, Places
from kopir.flow.simplex.dual import DualSimplex

_NO_PRICE = 1e-9
_TOGETHER = 4096

Draw = Callable[[np.random.Generator, int], tuple[Floats, Floats]]
"""From a generator and a count to lower and upper bounds of the uncertain variables (count x variables)."""


@dataclass(frozen=True)
class Mean:
    """A mean least cost with its standard error, the solves behind it, and how many plain ones it equals."""

    value: float
    error: float
    solves: int
    equals: float


class DualPool:
    """The best lower bound that some optima give on the least cost with other bounds of ``variables``."""

    def __init__(self, simplex: DualSimplex, prices: Floats, variables: Places) -> None:
        first = simplex.first
        up, down = np.maximum(prices, 0.0), np.minimum(prices, 0.0)
        # A price in the direction of a bound that is infinite is rounding.
        for part, ends in ((up, first.lower), (down, first.upper)):
            part[:, ~np.isfinite(ends) & ~np.isin(np.arange(len(ends)), variables)] = 0.0
        fixed = np.ones(len(first.lower), dtype=np.bool_)
        fixed[variables] = False
        low, high = first.lower[fixed], first.upper[fixed]
        self._constant = up[:, fixed] @ np.where(np.isfinite(low), low, 0.0)
        self._constant += down[:, fixed] @ np.where(np.isfinite(high), high, 0.0)
        self._up, self._down = _used(up[:, variables]), _used(down[:, variables])

    def below(self, lower: Floats, upper: Floats) -> Floats:
        """Return the bound for each draw (draws x variables)."""
        low, high = (np.where(np.isfinite(ends), ends, 0.0) for ends in (lower, upper))
        best = np.full(len(low), -np.inf)
        for first in range(0, len(low), _TOGETHER):
            part = slice(first, first + _TOGETHER)
            bounds = np.tile(self._constant, (len(low[part]), 1))
            for ends, (used, prices) in ((low, self._up), (high, self._down)):
                bounds += ends[part][:, used] @ prices
            best[part] = bounds.max(axis=1)
        return best


def _used(prices: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return which variables have a price in any optimum, and these prices (variables x pool)."""
    used = np.flatnonzero(np.abs(prices).max(axis=0) > _NO_PRICE)
    return used, np.ascontiguousarray(prices[:, used].T)


def mean_cost(
    simplex: DualSimplex, variables: Places, draw: Draw, *, solves: int, cheap: int, seed: int = 0
) -> Mean:
    """Return the mean least cost over random bounds of ``variables``, from so many solves and ``cheap`` bounds.

    Solves are split in halves: the prices of each make the pool by which the other is corrected, so that no solve
    is spent on the pool alone and none corrects the pool that it made. Raises :class:`ValueError` where a draw is
    not certified, and for fewer than 4 solves.
    """
    if solves < 4:
        raise ValueError("a mean takes four solves at least")
    rng = np.random.default_rng([seed, 0])
    halves = [draw(rng, count) for count in (solves // 2, solves - solves // 2)]
    batches = [simplex.solve(_changes(variables, *half), pricing=True) for half in halves]
    if any(np.isnan(batch.values).any() for batch in batches):
        raise ValueError("a draw has no certified optimum")
    pools = [DualPool(simplex, batch.prices, variables) for batch in batches]
    many = draw(np.random.default_rng([seed, 1]), cheap)
    # Each half is corrected by the pool of the other; the cheap mean is that of both pools.
    others = zip(batches, reversed(pools), halves, strict=True)
    off = [batch.values - pool.below(*half) for batch, pool, half in others]
    control: Floats = (pools[0].below(*many) + pools[1].below(*many)) / 2
    value = float(control.mean() + np.mean([one.mean() for one in off]))
    missed = [float(one.var(ddof=1)) / len(one) for one in off]
    variance = sum(missed) / 4 + float(control.var(ddof=1)) / cheap
    plain = np.concatenate([batch.values for batch in batches]).var(ddof=1)
    return Mean(value, float(np.sqrt(variance)), solves, float(plain / variance) if variance > 0 else np.inf)


def _changes(variables: Places, lower: Floats, upper: Floats) -> Changes:
    draws = len(lower)
    start: NDArray[np.int64] = np.arange(draws + 1) * len(variables)
    return Changes(start, np.tile(variables, draws), lower.ravel(), upper.ravel())
