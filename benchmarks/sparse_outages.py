"""Sparse outages of a large network: one to four links cut or closed at a time, by kopir and by one warm HiGHS.

Both are asked for values alone. The plain loop goes back to the first basis and sends only what changes; kopir
works out the bounds of each situation by itself, which counts.
"""

from __future__ import annotations

import time

import highspy
import numpy as np

from benchmarks.contestants import pass_programme
from benchmarks.instances import problem, to_network
from benchmarks.measure import TOLERANCE, Table, row_of
from kopir.flow.formulation import Bounds, Formulation, Situation
from kopir.flow.outages import HOW
from kopir.flow.simplex.many import ManySituations
from kopir.flow.value import ValueFunction
from kopir.model.network.network import Floats

SEED = 8
ROUNDS = 3


def sparse_outages(rounds: int, size: str = "3000x10", scenarios: int = 200) -> list[Table]:
    network = to_network(problem(size))
    function = ValueFunction(network)
    usual = function.situation(network.limits.capacity.usable)
    asked = [_outage(np.random.default_rng([SEED, one]), function, usual) for one in range(scenarios)]
    ManySituations(function.formulation, usual).values(asked[:1])  # compiles, where that has not been done
    plain, own, start = [], [], []
    for _ in range(min(rounds, ROUNDS)):
        loop = _PlainLoop(function.formulation, usual)
        bounds = [function.formulation.bounds(one) for one in asked]
        began = time.process_time()
        values = np.array([loop.value(one) for one in bounds])
        plain.append((time.process_time() - began) / scenarios)
        began = time.process_time()
        many = ManySituations(function.formulation, usual)
        start.append(time.process_time() - began)
        began = time.process_time()
        found = many.values(asked)
        own.append((time.process_time() - began) / scenarios)
        np.testing.assert_allclose(found.value, values, TOLERANCE, TOLERANCE * np.abs(values).max())
    ways = ", ".join(f"{HOW[way]} {count:,}" for way, count in enumerate(np.bincount(found.how)) if count)
    once = float(np.median(start)) * 1e3
    return [
        Table(
            f"Synthetic {size}: sparse outages",
            (row_of("highspy, first basis", plain, plain), row_of("kopir, certified", own, plain)),
            (
                f"{scenarios} outages of one to four links, half closed, seed {SEED}: {ways}; every value agrees",
                f"first solve and factor, once: {once:,.0f} ms, in neither row",
            ),
        )
    ]


def _outage(rng: np.random.Generator, function: ValueFunction, usual: Situation) -> Situation:
    network = function.formulation.network
    links = np.flatnonzero([kind == "link" for kind, _ in network.assets])
    share = np.ones(len(network.assets))
    hit = rng.choice(links, rng.integers(1, 5), replace=False)
    share[hit] = np.where(rng.random(len(hit)) < 0.5, 0.0, rng.random(len(hit)))
    return function.situation(usual.capacity, share)


class _PlainLoop:
    """One HiGHS kept warm over changed bounds."""

    def __init__(self, formulation: Formulation, usual: Situation) -> None:
        self._first = formulation.bounds(usual)
        programme = formulation.programme(self._first)
        self._highs = pass_programme(
            {"c": programme.cost, "A": programme.matrix}
            | {"rl": self._first.row_lower, "ru": self._first.row_upper}
            | {"lb": self._first.lower, "ub": self._first.upper}
        )
        assert self._highs.run() == highspy.HighsStatus.kOk
        self._basis = self._highs.getBasis()

    def value(self, now: Bounds) -> float:
        first = self._first
        rows = np.flatnonzero((now.row_lower != first.row_lower) | (now.row_upper != first.row_upper))
        columns = np.flatnonzero((now.lower != first.lower) | (now.upper != first.upper))
        self._send(rows, now.row_lower, now.row_upper, columns, now.lower, now.upper)
        assert self._highs.setBasis(self._basis) == highspy.HighsStatus.kOk
        assert self._highs.run() == highspy.HighsStatus.kOk
        assert self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found = -float(self._highs.getInfo().objective_function_value)
        self._send(rows, first.row_lower, first.row_upper, columns, first.lower, first.upper)
        return found

    def _send(
        self, rows: Floats, row_lower: Floats, row_upper: Floats, columns: Floats, lower: Floats, upper: Floats
    ) -> None:
        if len(rows):
            self._highs.changeRowsBounds(len(rows), rows.astype(np.int32), row_lower[rows], row_upper[rows])
        if len(columns):
            self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower[columns], upper[columns])
