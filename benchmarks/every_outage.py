"""Every set of lost assets: kopir's certified values beside the plain loop over one warm HiGHS.

The plain loop would take minutes for all sets, so it solves a random sample of them, in the same run and for the
same answers; times are for one set. It goes back to the first basis before each set and sends only the bounds that
change.
"""

from __future__ import annotations

import time
from math import comb

import highspy
import numpy as np

from benchmarks.contestants import pass_programme
from benchmarks.instances import problem, to_network
from benchmarks.measure import SLOW_ROUNDS, TOLERANCE, Table, row_of
from kopir.flow.formulation import Bounds, Formulation, Situation
from kopir.flow.outages import HOW, Level, Outages, Settled, members_between
from kopir.flow.value import ValueFunction
from kopir.model.bundled import bundled_path
from kopir.model.folder.opening import open_model
from kopir.model.network.network import Floats, Ints
from kopir.strategy.outages.every import STRETCH
from kopir.strategy.value.setup import prepare
from kopir.strategy.value.valuation import NOBODY

MODEL = "kazakhstan"
SAMPLE = 500
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
    rounds: int, name: str = MODEL, size: str = "300x5", most: tuple[int, int] = (3, 2), sample: int = SAMPLE
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
    assets = len(situation.open_share)
    members, places = _sample(assets, most, sample)
    plain, certified = [], []
    for _ in range(min(rounds, SLOW_ROUNDS)):
        loop = PlainLoop(formulation, situation)
        start = time.process_time()
        values = np.array([loop.value(one) for one in members])
        plain.append((time.process_time() - start) / sample)
        start = time.process_time()
        settled = _every(formulation, situation, most)
        certified.append((time.process_time() - start) / len(settled.value))
        np.testing.assert_allclose(settled.value[places], values, TOLERANCE, TOLERANCE * np.abs(values).max())
        gap = float(np.abs(settled.value[places] - values).max() / np.abs(values).max())
    rows = (row_of("highspy, first basis", plain, plain), row_of("kopir, certified", certified, plain))
    ways = ", ".join(
        f"{how} {count:,}" for how, count in zip(HOW, np.bincount(settled.how, minlength=len(HOW)), strict=True)
    )
    whole, own = (float(np.median(one)) * len(settled.value) for one in (plain, certified))
    return Table(
        title,
        rows,
        (
            f"{assets} assets, {len(settled.value):,} sets: {ways}",
            f"the plain loop solves a random {sample} of them (seed {SEED}); at its pace all would take "
            f"{whole:,.0f} s, kopir takes {own:.1f} s: {whole / own:.1f} times less",
            f"the {sample} answers agree to {gap:.0e} of the largest",
        ),
    )


def _sample(assets: int, most: int, sample: int) -> tuple[list[Ints], Ints]:
    """Return random sets of at most ``most`` assets, and their places among all, size by size."""
    counts = [comb(assets, size) for size in range(1, most + 1)]
    places = np.sort(np.random.default_rng(SEED).choice(sum(counts), sample, replace=False))
    members, first = [], 0
    for size, count in enumerate(counts, 1):
        own = places[(places >= first) & (places < first + count)] - first
        members += list(members_between(assets, size, 0, count)[own])
        first += count
    return members, places


def _every(formulation: Formulation, situation: Situation, most: int) -> Settled:
    outages = Outages(formulation, situation, many=True)
    levels, values, ways = [outages.nothing()], [], []
    for size in range(1, most + 1):
        count, below = comb(outages.assets, size), size < most
        step = count if below else STRETCH
        parts: list[tuple[Level, Settled]] = [
            outages.settle(levels, first, min(count, first + step), lasting=below)
            for first in range(0, count, step)
        ]
        values += [settled.value for _, settled in parts]
        ways += [settled.how for _, settled in parts]
        levels.append(parts[0][0])
    whole: Floats = np.concatenate(values)
    return Settled(whole, np.concatenate(ways))
