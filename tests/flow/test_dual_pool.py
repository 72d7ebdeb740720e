"""Means by a pool of prices: bounds are bounds, the estimate that of plain solves with less error."""

from dataclasses import replace

import numpy as np
import pytest

from kopir.flow.simplex.arrays import Changes
from kopir.flow.simplex.dual import DualSimplex
from kopir.flow.simplex.dual_pool import DualPool, mean_cost
from tests.flow.test_simplex import programme, solved

pytestmark = pytest.mark.slow


def family(seed):
    """A programme that has an optimum, nothing moved being one point of it, whatever upper bounds are drawn."""
    lp = programme(np.random.default_rng(seed), 5, 12)
    rows = {"row_lower": np.minimum(lp.row_lower, 0.0), "row_upper": np.maximum(lp.row_upper, 0.0)}
    columns = len(lp.cost)

    def draw(rng, count):
        return np.zeros((count, columns)), rng.uniform(1.0, 4.0, (count, columns))

    return DualSimplex(solved(replace(lp, **rows))), np.arange(columns, dtype=np.int32), draw


def optima(simplex, variables, lower, upper):
    start = np.arange(len(lower) + 1) * len(variables)
    changes = Changes(start, np.tile(variables, len(lower)), lower.ravel(), upper.ravel())
    return simplex.solve(changes, pricing=True)


def test_prices_of_one_optimum_bound_the_cost_of_all_others():
    for seed in range(8):
        simplex, variables, draw = family(seed)
        own = draw(np.random.default_rng(0), 40)
        batch = optima(simplex, variables, *own)
        pool = DualPool(simplex, batch.prices, variables)
        bounds = draw(np.random.default_rng(1), 200)
        truth = optima(simplex, variables, *bounds).values
        assert np.isfinite(truth).all()
        assert (pool.below(*bounds) <= truth + 1e-9).all()
        assert pool.below(*own) == pytest.approx(batch.values, abs=1e-8)


def test_the_mean_is_that_of_plain_solves_with_a_narrower_interval():
    narrower = []
    for seed in range(6):
        simplex, variables, draw = family(seed)
        plain = optima(simplex, variables, *draw(np.random.default_rng(7), 4000)).values
        found = mean_cost(simplex, variables, draw, solves=200, cheap=20_000, seed=seed)
        error = np.hypot(found.error, plain.std() / np.sqrt(len(plain)))
        assert abs(found.value - plain.mean()) < 4.5 * error
        narrower.append(found.equals / found.solves)
    assert np.median(narrower) > 5


def test_a_mean_takes_solves():
    simplex, variables, draw = family(0)
    with pytest.raises(ValueError, match="four solves"):
        mean_cost(simplex, variables, draw, solves=3, cheap=10)
