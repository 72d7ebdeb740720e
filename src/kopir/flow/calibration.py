"""Calibration: costs that make the recorded flows the one optimum, so that small routes keep their weight.

Observed flows are not optimal at recorded costs. Three steps mend that (positive mathematical programming,
Howitt 1995, Am. J. Agric. Econ. 77(2), with the cost corrections found by inverse linear programming,
Ahuja & Orlin 2001, Oper. Res. 49(5)):

1. *complete* the recorded flows to a flow of the whole network that breaks no balance and no capacity;
2. find the smallest *corrections* to costs under which that flow is optimal;
3. let the cost of each route that has an elasticity *rise with use* through its corrected cost.

Rising costs never fall below the recorded cost: extrapolating the line to zero use would book a surplus
that nobody has seen to the first tonne of every route, and make every total denial look dearer than it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kopir.core.errors import Fault, ModelError
from kopir.flow.program import LinearProgramme, Program
from kopir.flow.steps import Steps
from kopir.flow.value import ValueFunction
from kopir.model.network.baseline import Baseline
from kopir.model.network.network import Floats, Kind, Network

TOLERANCE = 2e-3
"""Relative change of a recorded flow that closing the balances may need (rounding of the sources)."""

USED = 1e-7
"""Mt a year below which an activity counts as unused."""

MARGIN = 0.05
"""USD/t by which the recorded flow is better than any neighbour."""

MULTIPLES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0)
"""Ends of the steps as multiples of recorded use; the last step has no end."""

_DEVIATION_COST = 1e6
_UNROUTED_COST = {Kind.FLOW: 1e3, Kind.CONVERSION: 1e3}
_ENTRY_COST = 1e6


@dataclass(frozen=True)
class Calibration:
    """Costs under which the recorded flow is the one optimum.

    ``use`` is the completed flow and ``correction`` what was added to each cost at that use (activities; Mt/yr
    and USD/t); ``steps`` the rising costs; ``gap`` the value (million USD a year) that recorded costs say the
    shippers leave on the table.
    """

    use: Floats
    correction: Floats
    steps: Steps
    price: Floats
    gap: float


def calibrate(network: Network, baseline: Baseline) -> Calibration:
    """Return the calibration of ``network`` to ``baseline``.

    Raises :class:`ModelError` with K0405 where recorded flows break a balance or firm capacity, and K0407
    where the calibrated optimum is another flow.
    """
    use = complete(network, baseline)
    correction, price = corrections(network, use, np.isfinite(baseline.elasticity))
    steps = rising_costs(network, use, correction, price, baseline.elasticity)
    _verify(network, steps, use)
    free = ValueFunction(network)
    best = free.value(free.situation(network.limits.capacity.usable))
    return Calibration(use, correction, steps, price, best + float(network.activities.cost @ use))


def under_closure(network: Network, open_share: Floats) -> Network:
    """Return the network whose limits and amounts are what ``open_share`` (assets) leaves of them.

    Calibration to a year must know the clauses then in force: a route that sanctions close is not unused
    because it is dear.
    """
    limits, activities = network.limits, network.activities
    share = open_share[limits.asset]
    closed = replace(
        limits.capacity,
        usable=_left(limits.capacity.usable, share),
        firm=_left(limits.capacity.firm, share),
    )
    needed = (activities.kind == Kind.UNMET) | (activities.kind == Kind.SHORTFALL)
    amount = _left(activities.amount, np.where(needed, 1.0, open_share[activities.asset]))
    return replace(network, limits=replace(limits, capacity=closed), activities=replace(activities, amount=amount))


def _left(bound: Floats, share: Floats) -> Floats:
    left = np.zeros_like(bound)
    return np.multiply(bound, share, out=left, where=share > 0)


def with_seen_capacity(network: Network, use: Floats) -> Network:
    """Return the network with every capacity at least what ``use`` (activities; Mt/yr, NaN unknown) loads on it.

    A flow that was seen is evidence that the capacity was there, whatever the interval of a capacity says.
    """
    load = network.limits.share @ np.nan_to_num(use)
    capacity = network.limits.capacity
    seen = replace(capacity, usable=np.maximum(capacity.usable, load), firm=np.maximum(capacity.firm, load))
    return replace(network, limits=replace(network.limits, capacity=seen))


def complete(network: Network, baseline: Baseline) -> Floats:
    """Return a flow of the whole network (activities; Mt/yr) that agrees with the recorded one.

    Activities without a record take the use that is cheapest beside the recorded ones, within firm capacity.
    Raises :class:`ModelError` (K0405) when a record would have to change by more than ``TOLERANCE``.
    """
    recorded = np.flatnonzero(np.isfinite(baseline.use))
    activities, count = network.activities, len(network.activities)
    pick = sparse.csc_array(
        (np.ones(len(recorded)), (np.arange(len(recorded)), recorded)), shape=(len(recorded), count)
    )
    same = sparse.eye_array(len(recorded), format="csc")
    rows = sparse.vstack([network.incidence, network.limits.share, network.needs.share, pick])
    slack = sparse.vstack(
        [
            sparse.csc_array((rows.shape[0] - len(recorded), 2 * len(recorded))),
            sparse.hstack([same, -same]),
        ]
    )
    target = baseline.use[recorded]
    balances = np.zeros(network.balances)
    needs = np.full(len(network.needs.amount), np.inf)
    program = Program(
        LinearProgramme(
            cost=np.concatenate([activities.cost, np.full(2 * len(recorded), _DEVIATION_COST)]),
            matrix=sparse.csc_array(sparse.hstack([rows, slack], format="csc")),
            row_lower=np.concatenate(
                [balances, np.full(len(network.limits.asset), -np.inf), network.needs.amount, target]
            ),
            row_upper=np.concatenate([balances, network.limits.capacity.firm, needs, target]),
            lower=np.zeros(count + 2 * len(recorded)),
            upper=np.concatenate([activities.amount, np.full(2 * len(recorded), np.inf)]),
        )
    )
    use = program.solve().columns[:count]
    use[use < USED] = 0.0
    _refuse(network, recorded, use, target, "K0405", TOLERANCE)
    return use


def corrections(network: Network, use: Floats, routes: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the smallest cost corrections (activities; USD/t) that make ``use`` optimal, and its prices.

    Corrections go to ``routes`` first, to other links and conversions only where these cannot explain the
    flow, to supplies and sales last. Unused activities are only made dearer. Prices are by balance row.
    """
    activities, count = network.activities, len(network.activities)
    used = use > 0
    full = use >= activities.amount - USED
    load = network.limits.share @ use
    tight = np.flatnonzero(load >= network.limits.capacity.usable - USED)
    owed = network.needs.share @ use
    binding = np.flatnonzero(owed <= network.needs.amount + USED)
    weight = np.array([_UNROUTED_COST.get(Kind(kind), _ENTRY_COST) for kind in activities.kind])
    weight[routes] = 1.0
    identity = sparse.eye_array(count, format="csc")
    matrix = sparse.hstack([
        identity, -identity, -network.incidence.T, network.limits.share[tight].T,
        -network.needs.share[binding].T, identity,
    ], format="csc")  # fmt: skip
    rents = len(tight) + len(binding)
    free = np.full(network.balances, np.inf)
    result = Program(
        LinearProgramme(
            cost=np.concatenate([weight, weight, np.zeros(network.balances + rents + count)]),
            matrix=sparse.csc_array(matrix),
            row_lower=np.where(used, 0.0, MARGIN) - activities.cost,
            row_upper=np.where(used, 0.0, np.inf) - activities.cost,
            lower=np.concatenate([np.zeros(2 * count), -free, np.zeros(rents + count)]),
            upper=np.concatenate([
                np.full(count, np.inf), np.where(used, np.inf, 0.0), free, np.full(rents, np.inf),
                np.where(used & full, np.inf, 0.0),
            ]),
        )
    ).solve()  # fmt: skip
    columns = result.columns
    correction: Floats = columns[:count] - columns[count : 2 * count]
    return correction, columns[2 * count : 2 * count + network.balances]


def rising_costs(network: Network, use: Floats, correction: Floats, price: Floats, elasticity: Floats) -> Steps:
    """Return steps whose marginal cost rises through the corrected cost at the recorded use.

    The slope of a route is ``value at its far end / (elasticity * recorded use)`` USD/t for one Mt a year.
    """
    activities = network.activities
    corrected = activities.cost + correction
    value = np.where(activities.put >= 0, price[activities.put], corrected)
    parts: list[tuple[int, float, float, float]] = []
    for index in range(len(activities)):
        if not (np.isfinite(elasticity[index]) and use[index] > 0):
            parts.append((index, 0.0, np.inf, corrected[index]))
            continue
        slope = abs(value[index]) / (max(elasticity[index], 1e-9) * use[index])
        floor = min(activities.cost[index], corrected[index] - MARGIN)
        for low, high in zip(MULTIPLES, [*MULTIPLES[1:], np.inf], strict=True):
            middle = (low + high) / 2 if np.isfinite(high) else low
            height = corrected[index] + slope * (middle - 1.0) * use[index]
            if low >= 1.0:
                height = max(height, corrected[index] + MARGIN)
            else:
                height = max(min(height, corrected[index] - MARGIN), floor)
            parts.append((index, low * use[index], high * use[index], height))
    begin, end, cost = (np.array([part[column] for part in parts], dtype=np.float64) for column in (1, 2, 3))
    return Steps(np.array([part[0] for part in parts], dtype=np.int64), begin, end, cost)


def _verify(network: Network, steps: Steps, use: Floats) -> None:
    function = ValueFunction(network, steps)
    flow = function.solve(function.situation(network.limits.capacity.usable))
    everywhere = np.arange(len(use))
    _refuse(network, everywhere, flow.total, use, "K0407", 1e-6)


def _refuse(
    network: Network, which: NDArray[np.int64], found: Floats, asked: Floats, code: str, tolerance: float
) -> None:
    got = found[which]
    wrong = np.flatnonzero(np.abs(got - asked) > tolerance * np.maximum(1.0, np.abs(asked)))
    if not wrong.size:
        return
    faults = []
    for place in wrong:
        activity = which[place]
        kind, asset = network.assets[network.activities.asset[activity]]
        cargo = network.cargoes[network.activities.cargo[activity]]
        what = f"{kind} {asset} for {cargo.commodity} of {cargo.owner}"
        if code == "K0405":
            why = f"{what}: {asked[place]:.4g} Mt recorded, at most {got[place]:.4g} fits balances and capacities"
            mend = "correct the baseline row, or the capacity or supply beside it"
        else:
            why = f"{what}: {asked[place]:.6g} Mt recorded, {got[place]:.6g} after calibration"
            mend = "give the asset or its alternative a baseline row with an elasticity"
        faults.append(Fault(code, why, mend, "baseline_flows.csv"))
    raise ModelError(faults)
