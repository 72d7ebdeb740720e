"""Every set of lost assets: kopir's certified values beside the plain loop over one warm HiGHS.

The plain loop would take minutes for all sets, so it solves a random sample of them, in the same run and for the
same answers; times are for one set. It goes back to the first basis before each set and sends only the bounds that
change. Of the millions of triples of the synthetic network kopir settles some stretches, evenly spread, at whose
pace the others count.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import comb

import highspy
import numpy as np

from benchmarks.contestants import pass_programme
from benchmarks.instances import problem, to_network
from benchmarks.measure import SLOW_ROUNDS, TOLERANCE, Table, row_of
from kopir.flow.formulation import Bounds, Formulation, Situation
from kopir.flow.outages import HOW, Outages, members_between
from kopir.flow.value import ValueFunction
from kopir.model.bundled import bundled_path
from kopir.model.folder.opening import open_model
from kopir.model.network.network import Floats, Ints
from kopir.strategy.outages.every import STRETCH
from kopir.strategy.value.setup import prepare
from kopir.strategy.value.valuation import NOBODY

MODEL = "kazakhstan"
SAMPLE = 500
STRETCHES = 8
"""Stretches of the largest sets that are settled at most."""
SEED = 6


class PlainLoop:
    """One HiGHS kept warm over sets of lost assets."""

    def __init__(self, formulation: Formulation, situation: Situation) -> None:
        bounds = formulation.bounds(situation)
        programme = formulation.programme(bounds)
        self._highs = pass_programme(
            {
                "c": programme.cost,
                "A": programme.matrix,
                "rl": bounds.row_lower,
                "ru": bounds.row_upper,
                "lb": bounds.lower,
                "ub": bounds.upper,
            }
        )
        assert self._highs.run() == highspy.HighsStatus.kOk
        self._basis, self._bounds = self._highs.getBasis(), bounds
        self._lost = [self._alone(formulation, situation, asset) for asset in range(len(situation.open_share))]

    def _alone(self, formulation: Formulation, situation: Situation, asset: int) -> tuple[Bounds, Ints, Ints]:
        share = situation.open_share.copy()
        share[asset] = 0.0
        after = formulation.bounds(Situation(situation.capacity, share, situation.plan, situation.reach))
        before = self._bounds
        rows = np.flatnonzero((after.row_lower != before.row_lower) | (after.row_upper != before.row_upper))
        columns = np.flatnonzero((after.lower != before.lower) | (after.upper != before.upper))
        return after, rows.astype(np.int32), columns.astype(np.int32)

    def value(self, members: Ints) -> float:
        """Return the value with some assets lost."""
        for asset in members:
            after, rows, columns = self._lost[asset]
            self._send(after, rows, columns)
        assert self._highs.setBasis(self._basis) == highspy.HighsStatus.kOk
        assert self._highs.run() == highspy.HighsStatus.kOk
        assert self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found = -float(self._highs.getInfo().objective_function_value)
        for asset in members:
            _, rows, columns = self._lost[asset]
            self._send(self._bounds, rows, columns)
        return found

    def _send(self, bounds: Bounds, rows: Ints, columns: Ints) -> None:
        if len(rows):
            ends = bounds.row_lower[rows], bounds.row_upper[rows]
            assert self._highs.changeRowsBounds(len(rows), rows, *ends) == highspy.HighsStatus.kOk
        if len(columns):
            ends = bounds.lower[columns], bounds.upper[columns]
            assert self._highs.changeColsBounds(len(columns), columns, *ends) == highspy.HighsStatus.kOk


def every_outage(
    rounds: int, name: str = MODEL, size: str = "300x5", most: tuple[int, int] = (3, 3), sample: int = SAMPLE
) -> list[Table]:
    """Compare on a bundled model, calibrated, in the short run; and on the synthetic network of ``size``."""
    network = to_network(problem(size))
    function = ValueFunction(network)
    asked = function.formulation, function.situation(network.limits.capacity.usable)
    synthetic = _table(
        f"Synthetic {size}: every outage of at most {most[1]} assets", *asked, most[1], rounds, sample
    )
    if bundled_path(name) is None:
        return [Table(f"Model {name}: every outage", notes=(f"skipped: no model {name!r} is bundled",)), synthetic]
    valuation = prepare(open_model(name)).valuation("short")
    asked = valuation.formulation, valuation.situation(NOBODY)
    model = _table(f"Model {name}: every outage of at most {most[0]} assets", *asked, most[0], rounds, sample)
    return [model, synthetic]


def _table(
    title: str, formulation: Formulation, situation: Situation, most: int, rounds: int, sample: int
) -> Table:
    start = time.process_time()
    Outages(formulation, situation, many=True).values([(0,)])
    once = time.process_time() - start
    plain, certified = [], []
    for _ in range(min(rounds, SLOW_ROUNDS)):
        start = time.process_time()
        run = _every(formulation, situation, most)
        certified.append(run.seconds / run.sets)
        chosen = np.random.default_rng(SEED).choice(len(run.value), min(sample, len(run.value)), replace=False)
        loop = PlainLoop(formulation, situation)
        start = time.process_time()
        values = np.array([loop.value(run.members[one]) for one in chosen])
        plain.append((time.process_time() - start) / len(chosen))
        np.testing.assert_allclose(run.value[chosen], values, TOLERANCE, TOLERANCE * np.abs(values).max())
        gap = float(np.abs(run.value[chosen] - values).max() / np.abs(values).max())
    rows = (row_of("highspy, first basis", plain, plain), row_of("kopir, certified", certified, plain))
    ways = ", ".join(
        f"{how} {count:,}" for how, count in zip(HOW, np.bincount(run.how, minlength=len(HOW)), strict=True)
    )
    whole, own = (float(np.median(one)) * run.sets for one in (plain, certified))
    return Table(
        title,
        rows,
        (
            f"{len(situation.open_share)} assets, {run.sets:,} sets; {len(run.value):,} were settled: {ways}",
            f"the plain loop solves a random {len(chosen)} of them (seed {SEED}); at its pace all would take "
            f"{whole:,.0f} s, kopir takes {own:,.1f} s: {whole / own:.1f} times less",
            f"the {len(chosen)} answers agree to {gap:.0e} of the largest",
            f"first use in this process, with compiling where no machine code was kept: {once:.1f} s, in no row",
        ),
    )


@dataclass(frozen=True)
class _Run:
    """Sets that were settled, and how long all of that size would take."""

    members: list[Ints]
    value: Floats
    how: Ints
    sets: int
    seconds: float


def _every(formulation: Formulation, situation: Situation, most: int) -> _Run:
    start = time.process_time()
    outages = Outages(formulation, situation, many=True)
    levels, members, values, ways = [outages.nothing()], [], [], []

    def take(size: int, first: int, step: int, *, below: bool) -> None:
        last = min(comb(outages.assets, size), first + step)
        level, settled = outages.settle(levels, first, last, lasting=below)
        members.extend(members_between(outages.assets, size, first, last))
        values.append(settled.value)
        ways.append(settled.how)
        if below:
            levels.append(level)

    for size in range(1, most):
        take(size, 0, comb(outages.assets, size), below=True)
    seconds = time.process_time() - start
    count = comb(outages.assets, most)
    firsts = list(range(0, count, STRETCH))
    some = firsts[:: max(1, len(firsts) // STRETCHES)][-STRETCHES:]
    start = time.process_time()
    for first in some:
        take(most, first, STRETCH, below=False)
    settled = sum(min(STRETCH, count - first) for first in some)
    seconds += (time.process_time() - start) * count / settled
    sets = sum(comb(outages.assets, size) for size in range(1, most + 1))
    whole: Floats = np.concatenate(values)
    return _Run(members, whole, np.concatenate(ways), sets, seconds)
