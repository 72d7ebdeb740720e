"""The mean cost when every demand, supply and capacity is uncertain: plain Monte Carlo beside the dual pool.

Both use the compiled simplex, so that the count of solves tells the difference. The interval of the pool is
checked against repeated estimates, and its mean against a plain mean of many solves.
"""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from benchmarks.instances import problem, to_network
from benchmarks.measure import Table, row_of
from kopir.flow.program import Program
from kopir.flow.simplex.arrays import Changes, Floats, Places
from kopir.flow.simplex.dual import DualSimplex
from kopir.flow.simplex.dual_pool import Draw, Mean, mean_cost
from kopir.flow.value import ValueFunction
from kopir.model.network.network import Kind, Network

SOLVES, CHEAP = 800, 100_000
PLAIN = 3_000
AGAIN = 4


def dense_means(_rounds: int, size: str = "300x5", solves: int = SOLVES, cheap: int = CHEAP) -> list[Table]:
    network = to_network(problem(size))
    function = ValueFunction(network)
    bounds = function.formulation.bounds(function.situation(network.limits.capacity.usable))
    program = Program(function.formulation.programme(bounds))
    program.solve_value()
    simplex = DualSimplex(program)
    variables, draw = _uncertain(network, simplex)
    estimate = partial(mean_cost, simplex, variables, draw)
    estimate(solves=4, cheap=2)  # compiles, where that has not been done
    start = time.process_time()
    truth, spread = _plain_mean(simplex, variables, draw, PLAIN)
    each = (time.process_time() - start) / PLAIN
    pooled, seconds, equal_time = [], [], []
    for seed in range(AGAIN):
        start = time.process_time()
        pooled.append(estimate(solves=solves, cheap=cheap, seed=seed))
        seconds.append(time.process_time() - start)
        equal_time.append(each * pooled[-1].equals)
    return [_table(size, pooled, truth, spread, seconds, equal_time, cheap)]


def _table(
    size: str,
    pooled: list[Mean],
    truth: float,
    spread: float,
    seconds: list[float],
    equal_time: list[float],
    cheap: int,
) -> Table:
    equals = float(np.median([one.equals for one in pooled]))
    error, seen = np.mean([one.error for one in pooled]), np.std([one.value for one in pooled], ddof=1)
    off = abs(np.mean([one.value for one in pooled]) - truth) / np.hypot(spread, error / np.sqrt(len(pooled)))
    fewer = equals / pooled[0].solves
    return Table(
        f"Synthetic {size}: mean under dense uncertainty, equal interval",
        (row_of("plain solves", equal_time, equal_time), row_of("dual pool", seconds, equal_time)),
        (
            f"{pooled[0].solves:,} solves and {cheap:,} bounds have the interval of {equals:,.0f} plain solves: "
            f"{fewer:.1f} times fewer; every solve counts, the pool's too",
            f"standard error as told {error:.4g}, seen over {len(pooled)} estimates {seen:.4g}; their mean lies "
            f"{off:.1f} standard errors from that of {PLAIN:,} plain solves",
            "the row of plain solves is their measured pace times their number",
        ),
    )


def _plain_mean(simplex: DualSimplex, variables: Places, draw: Draw, count: int) -> tuple[float, float]:
    lower, upper = draw(np.random.default_rng(99), count)
    start = np.arange(count + 1) * len(variables)
    values = simplex.solve(Changes(start, np.tile(variables, count), lower.ravel(), upper.ravel())).values
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(count))


def _uncertain(network: Network, simplex: DualSimplex) -> tuple[Places, Draw]:
    """Return the variables that move, and draws of their bounds.

    Demands are 0.8 to 1.2 of the tables', supplies 0.9 to 1.1; one link in 20 is cut, one in 100 shut. What is not
    served is bounded by the demand of the draw.
    """
    activities, needs = network.activities, network.needs
    supply = np.flatnonzero(activities.kind == Kind.SUPPLY)
    sale, unmet = (np.flatnonzero(activities.kind == kind) for kind in (Kind.SALE, Kind.UNMET))
    links = len(network.limits.asset)
    rows = network.balances + np.arange(links + len(needs.amount))
    logicals = simplex.logicals(rows)
    variables = np.concatenate([supply, sale, unmet, logicals]).astype(np.int32)

    def draw(rng: np.random.Generator, count: int) -> tuple[Floats, Floats]:
        demand = needs.amount * rng.uniform(0.8, 1.2, (count, len(needs.amount)))
        supplied = activities.amount[supply] * rng.uniform(0.9, 1.1, (count, len(supply)))
        left = np.where(rng.random((count, links)) < 0.05, rng.random((count, links)), 1.0)
        left[rng.random((count, links)) < 0.01] = 0.0
        capacity = network.limits.capacity.usable * left
        nothing = np.zeros((count, len(supply) + len(sale) + len(unmet)))
        no_lower = np.full((count, len(needs.amount)), -np.inf)
        no_upper = np.full((count, links), np.inf)
        lower = np.hstack([nothing, -capacity, no_lower])
        return lower, np.hstack([supplied, demand, demand, no_upper, -demand])

    return variables, draw
