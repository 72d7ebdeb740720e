"""The value function a second time, written from its definition with scipy, one row and column after another.

Nothing of ``kopir.flow`` is imported here: only the arrays of a network are read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from kopir.model.network.network import Kind, Network


@dataclass
class Question:
    """What is asked: usable capacities (limits), open shares (assets), plan (options), months, flows held.

    ``kept`` (assets) is what a refusal leaves of ``usual`` (activities) use.
    """

    capacity: np.ndarray
    open_share: np.ndarray
    plan: np.ndarray
    reach: float = np.inf
    held: np.ndarray | None = None
    lengths: tuple[float, ...] = (1.0,)
    kept: np.ndarray | None = None
    usual: np.ndarray | None = None

    def left(self, asset: int) -> float:
        """Return the share of an asset that neither closure nor refusal takes."""
        return self.open_share[asset] * (1.0 if self.kept is None else self.kept[asset])


def value(network: Network, question: Question) -> float:
    """Return the optimum in million USD."""
    cost, upper, equal, at_most = [], [], [], []
    use, store = {}, {}
    for period, years in enumerate(question.lengths):
        for activity in range(len(network.activities)):
            use[period, activity] = len(cost)
            cost.append(network.activities.cost[activity])
            upper.append(activity_bound(network, question, activity) * years)
        for number in range(len(network.stores.row)):
            share = question.left(network.stores.asset[number])
            for part, price, most in (
                ("in", network.stores.cost[number], np.inf),
                ("out", 0.0, np.inf),
                ("held", 0.0, share * network.stores.capacity[number]),
            ):
                store[period, number, part] = len(cost)
                cost.append(price)
                upper.append(most)
    lower = [0.0] * len(cost)
    for period, years in enumerate(question.lengths):
        equal += [(entries, 0.0) for entries in _balances(network, period, use, store)]
        for limit in range(len(network.limits.asset)):
            entries = [(use[period, i], share) for i, share in _row(network.limits.share, limit)]
            at_most.append((entries, limit_bound(network, question, limit) * years))
        for need in range(len(network.needs.asset)):
            entries = [(use[period, i], -share) for i, share in _row(network.needs.share, need)]
            at_most.append((entries, -need_bound(network, question, need) * years))
        for number in range(len(network.stores.row)):
            # A closed store locks its share of the stock away: the rest starts and ends the run with its own.
            initial = network.stores.initial[number] * question.left(network.stores.asset[number])
            entries = [(store[period, number, part], sign) for part, sign in (("held", 1), ("in", -1), ("out", 1))]
            if period:
                entries.append((store[period - 1, number, "held"], -1))
            equal.append((entries, 0.0 if period else initial))
            if period == len(question.lengths) - 1:
                lower[store[period, number, "held"]] = initial
    found = linprog(
        cost,
        A_ub=_dense(at_most, len(cost)),
        b_ub=[bound for _, bound in at_most],
        A_eq=_dense(equal, len(cost)),
        b_eq=[bound for _, bound in equal],
        bounds=list(zip(lower, upper, strict=True)),
        method="highs-ipm",
        options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
    )
    assert found.status == 0, found.message
    return -float(found.fun)


def activity_bound(network: Network, question: Question, activity: int) -> float:
    """Return the most Mt a year that an activity may move by itself."""
    amount = network.activities.amount[activity]
    if network.activities.kind[activity] in {Kind.UNMET, Kind.SHORTFALL}:
        return amount
    for option, built in enumerate(question.plan):
        if network.gains.lead_time[option] <= question.reach:
            amount += built * network.gains.amount[option, activity]
    share = question.open_share[network.activities.asset[activity]]
    bound = 0.0 if share == 0 else share * max(amount, 0.0)
    if question.kept is not None and question.kept[network.activities.asset[activity]] < 1:
        bound = min(bound, question.kept[network.activities.asset[activity]] * question.usual[activity])
    return bound if question.held is None else min(bound, question.held[activity])


def limit_bound(network: Network, question: Question, limit: int) -> float:
    """Return the most Mt a year that may pass a shared limit."""
    capacity = question.capacity[limit]
    for option, built in enumerate(question.plan):
        if network.gains.lead_time[option] <= question.reach:
            capacity += built * network.gains.limit[option, limit]
    return question.open_share[network.limits.asset[limit]] * max(capacity, 0.0)


def need_bound(network: Network, question: Question, need: int) -> float:
    """Return the least Mt a year that a need or a duty asks for."""
    share = question.left(network.needs.asset[need]) if network.needs.waived[need] else 1.0
    return share * network.needs.amount[need]


def _balances(network: Network, period: int, use, store):
    for row in range(len(network.nodes) * len(network.cargoes)):
        entries = []
        for activity in range(len(network.activities)):
            if network.activities.taken[activity] == row:
                entries.append((use[period, activity], -1.0))
            if network.activities.put[activity] == row:
                entries.append((use[period, activity], network.activities.gain[activity]))
        for number in range(len(network.stores.row)):
            if network.stores.row[number] == row:
                entries += [(store[period, number, "out"], 1.0), (store[period, number, "in"], -1.0)]
        yield entries


def _row(matrix, number: int) -> list[tuple[int, float]]:
    dense = matrix.toarray()[number]
    return [(int(column), float(dense[column])) for column in np.flatnonzero(dense)]


def _dense(rows, columns: int) -> np.ndarray:
    matrix = np.zeros((len(rows), columns))
    for number, (entries, _) in enumerate(rows):
        for column, share in entries:
            matrix[number, column] += share
    return matrix
