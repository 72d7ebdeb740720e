"""Outages solved one after another: kopir's value function beside the plain loop over one warm HiGHS.

The loop sends only the bounds that change. It comes in the two usual policies: back to the first basis before
each scenario (the reference), and on from the last one, which is what kopir does.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import highspy
import numpy as np

from benchmarks.contestants import pass_programme
from benchmarks.instances import generator, problem, to_network
from benchmarks.measure import Table, race
from benchmarks.synthetic import Net, outages
from kopir.flow.value import ValueFunction
from kopir.model.network.network import Floats

SCENARIOS = 200
SIZES = {"300x5": SCENARIOS, "1000x5": SCENARIOS, "3000x10": 40}
"""Synthetic networks, each with how many outages are solved on it."""
SEED = 5


class WarmLoop:
    """One HiGHS kept warm over outages of one synthetic network."""

    def __init__(self, net: Net, *, from_first_basis: bool) -> None:
        programme = generator().programme(net)
        self._capacity, self._first_row = net.capacity, programme["balance"]
        self._highs = pass_programme(programme)
        assert self._highs.run() == highspy.HighsStatus.kOk
        self._basis = self._highs.getBasis() if from_first_basis else None

    def value(self, outage: dict[str, Any]) -> float:
        """Return the least cost under an outage."""
        links, factor = outage["links"], outage["factor"]
        self._set(links, self._capacity[links] * factor)
        if self._basis is not None:
            assert self._highs.setBasis(self._basis) == highspy.HighsStatus.kOk
        assert self._highs.run() == highspy.HighsStatus.kOk
        assert self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        cost = self._highs.getInfo().objective_function_value
        self._set(links, self._capacity[links])
        return float(cost)

    def _set(self, links: Any, capacity: Floats) -> None:
        rows = (self._first_row + links).astype(np.int32)
        changed = self._highs.changeRowsBounds(len(rows), rows, np.full(len(rows), -np.inf), capacity)
        assert changed == highspy.HighsStatus.kOk


class Kopir:
    """The value function of the same network; an outage is a share of each link that stays open."""

    def __init__(self, net: Net) -> None:
        self._network = to_network(net)
        self._function = ValueFunction(self._network)
        self._function.value(self._function.situation(self._network.limits.capacity.usable))

    def value(self, outage: dict[str, Any]) -> float:
        """Return the least cost under an outage."""
        shares = np.ones(len(self._network.assets))
        shares[outage["links"]] = outage["factor"]
        return -self._function.value(self._function.situation(self._network.limits.capacity.usable, shares))


def every_size(rounds: int) -> list[Table]:
    """Compare on each of :data:`SIZES`."""
    return [table for size, scenarios in SIZES.items() for table in outages_of_links(rounds, size, scenarios)]


def outages_of_links(rounds: int, size: str = "1000x5", scenarios: int = SCENARIOS) -> list[Table]:
    """Compare on ``scenarios`` outages of the synthetic network of ``size``; times are for one scenario."""
    net = problem(size)
    drawn = list(outages(net, scenarios, SEED))
    loops = {
        "highspy, first basis": WarmLoop(net, from_first_basis=True),
        "highspy, last basis": WarmLoop(net, from_first_basis=False),
        "kopir": Kopir(net),
    }
    rows = race({name: partial(_values, loop, drawn) for name, loop in loops.items()}, rounds, per=scenarios)
    note = f"{scenarios} outages of one to four links, seed {SEED}; each of the {scenarios} values agrees"
    return [Table(f"Synthetic {size}: one warm re-solve", rows, (note,))]


def _values(loop: WarmLoop | Kopir, drawn: list[dict[str, Any]]) -> Floats:
    return np.array([loop.value(outage) for outage in drawn])
