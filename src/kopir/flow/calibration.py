"""Calibration: costs that make the recorded flows the one optimum, so that small routes keep their weight.

Observed flows are not optimal at recorded costs. Three steps mend that (positive mathematical programming,
Howitt 1995, Am. J. Agric. Econ. 77(2), with the cost corrections found by inverse linear programming,
Ahuja & Orlin 2001, Oper. Res. 49(5)):

1. *complete* the recorded flows to a flow of the whole network that breaks no balance and no capacity;
2. find the *corrections* to costs with the least sum of squares under which that flow is optimal;
3. let the cost of each route that has an elasticity *rise with use* through its corrected cost.

Every step has one answer, whatever the order of rows: sums of squares have one least point, and ways that cost
the same are told apart by a small cost made from their codes. The sum of absolute corrections, which the
literature often takes, is tied as soon as two recorded routes share their ends.

Rising costs never fall below the recorded cost: extrapolating the line to zero use would book a surplus
that nobody has seen to the first tonne of every route, and make every total denial look dearer than it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kopir.core.errors import Fault, LimitReached, ModelError
from kopir.core.sparse import Sparse, below, beside
from kopir.flow.least_squares import least_corrections, least_point
from kopir.flow.program import LinearProgramme, Program
from kopir.flow.steps import Steps
from kopir.flow.value import ValueFunction
from kopir.model.network.baseline import Baseline
from kopir.model.network.network import Floats, Kind, Network

TOLERANCE = 2e-3
"""Relative change of a recorded flow that closing the balances may need (rounding of the sources)."""

USED = 1e-7
"""Mt a year below which an activity counts as unused."""

ROUNDING = 1e-5
"""Share of a bound that use may miss and still be full: closing the balances of rounded records moves as much."""

MARGIN = 0.05
"""USD/t by which the recorded flow is better than any neighbour."""

MULTIPLES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0)
"""Ends of the steps as multiples of recorded use; the last step has no end."""

_ROUTED, _UNROUTED, _ENTRY = 1e1, 1e3, 1e5
"""Weights of squared corrections: routes with an elasticity, other links and conversions, supplies and sales."""

_UNITS = (1.0, 7.0, 0.3, 50.0)
"""Units of the objective in which the least squares are tried, one after the other; they have the same answer."""

_LEAST = 0.01
"""Least weight of an activity for its tonnes, as a share of that of the busiest."""

_PRICE_RIDGE, _RENT_RIDGE, _SCARCE_RIDGE = 1e-6, 1e-5, 1e-2
"""Weights of squared prices, rents and rents of full markets (USD/t): of several that explain a flow the smallest
are taken. Where both a field and its market are full, the field has the rent, and the price is the market's."""

_TIE = 1e-3
"""USD/t that tell ways of equal cost apart when unrecorded flows are completed."""


@dataclass(frozen=True)
class Calibration:
    """Costs under which the recorded flow is the one optimum.

    ``use`` is the completed flow and ``correction`` what was added to each cost at that use (activities; Mt/yr
    and USD/t); ``steps`` the rising costs.
    """

    use: Floats
    correction: Floats
    steps: Steps
    price: Floats
    network: Network = field(repr=False, compare=False)

    @cached_property
    def gap(self) -> float:
        """Value (million USD a year) that recorded costs say the shippers leave on the table."""
        free = ValueFunction(self.network)
        best = free.value(free.situation(self.network.limits.capacity.usable))
        return best + float(self.network.activities.cost @ self.use)

    def size(self, routes: NDArray[np.bool_]) -> float:
        """Return the root mean square of the corrections over the tonnes of ``routes`` (USD/t)."""
        moved = np.where(routes, self.use, 0.0)
        return float(np.sqrt(moved @ self.correction**2 / max(moved.sum(), USED)))


def calibrate(network: Network, baseline: Baseline, lean: Floats | None = None) -> Calibration:
    """Return the calibration of ``network`` to ``baseline``.

    Corrections are the smallest from nothing, or from ``lean`` (activities; USD/t): other corrections that
    explain the flows too, for the range of what is not known. Raises :class:`ModelError` with K0405 where
    recorded flows break a balance or firm capacity, and K0407
    where the calibrated optimum is another flow.
    """
    use = complete(network, baseline)
    correction, price = corrections(network, use, np.isfinite(baseline.elasticity), lean)
    steps = rising_costs(network, use, correction, price, baseline.elasticity)
    _verify(network, steps, use)
    return Calibration(use, correction, steps, price, network)


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

    Where the records break a balance or firm capacity, the flow is the one with the least sum of squares of
    relative deviations. Activities without a record take the use that is cheapest beside the recorded ones.
    Raises :class:`ModelError` (K0405) when a record would have to change by more than ``TOLERANCE``.
    """
    recorded = np.flatnonzero(np.isfinite(baseline.use))
    target = baseline.use[recorded]
    possible = _possible(network)
    cheapest = replace(possible, cost=network.activities.cost + _ties(network))
    exact = Program(_between(cheapest, recorded, target, target))
    if (target <= possible.upper[recorded]).all() and exact.is_feasible():
        use = exact.solve().columns
    else:
        nearest = _nearest(possible, recorded, target)
        use = Program(_between(cheapest, recorded, nearest - USED / 2, nearest + USED / 2)).solve().columns
    use[use < USED] = 0.0
    _refuse(network, recorded, use, target, "K0405", TOLERANCE)
    return use


def could_be_served(network: Network, use: Floats) -> Floats:
    """Return how much of each need (activities; Mt/yr) ``use`` leaves open that firm capacity could serve.

    Such flows say that the last tonne of every route costs the penalty of going without, and a refusal of them
    next to nothing: figures that seldom are meant. Of several needs for the same room the codes decide.
    """
    spared = np.zeros(len(use))
    unmet = np.flatnonzero(network.activities.kind == Kind.UNMET)
    if use[unmet].sum() > USED:
        possible = _possible(network)
        cost, lower = np.zeros(len(use)), np.maximum(use - USED, 0.0)
        cost[unmet], lower[unmet] = 1.0 + _ties(network)[unmet], 0.0
        bounded = replace(possible, cost=cost, lower=np.minimum(lower, possible.upper))
        spared[unmet] = np.maximum(use[unmet] - Program(bounded).solve().columns[unmet], 0.0)
        spared[spared <= 2 * USED * len(use)] = 0.0
    return spared


def _between(programme: LinearProgramme, columns: NDArray[np.int64], low: Floats, high: Floats) -> LinearProgramme:
    lower, upper = programme.lower.copy(), programme.upper.copy()
    lower[columns], upper[columns] = np.maximum(low, 0.0), np.maximum(high, 0.0)
    return replace(programme, lower=lower, upper=upper)


def _possible(network: Network) -> LinearProgramme:
    """Return the programme of all flows within balances, firm capacity and needs; it costs nothing."""
    activities, count = network.activities, len(network.activities)
    balances, limits = np.zeros(network.balances), network.limits.capacity.firm
    return LinearProgramme(
        cost=np.zeros(count),
        matrix=below([network.incidence, network.limits.share, network.needs.share]),
        row_lower=np.concatenate([balances, np.full(len(limits), -np.inf), network.needs.amount]),
        row_upper=np.concatenate([balances, limits, np.full(len(network.needs.amount), np.inf)]),
        lower=np.zeros(count),
        upper=activities.amount,
    )


def _nearest(possible: LinearProgramme, recorded: NDArray[np.int64], target: Floats) -> Floats:
    """Return the possible use of recorded activities (recorded; Mt/yr) nearest to ``target``."""
    weight = 1e3 / np.maximum(1.0, target) ** 2
    cost, square = np.zeros(len(possible.cost)), np.zeros(len(possible.cost))
    cost[recorded], square[recorded] = -weight * target, weight
    nearest: Floats = Program(replace(possible, cost=cost, square=square)).solve().columns[recorded]
    return nearest


def _ties(network: Network) -> Floats:
    """Return a cost of each activity (USD/t) that is made from its codes alone, 0 to ``_TIE``."""
    activities = network.activities
    codes = (
        (int(kind), *network.assets[asset], network.cargoes[cargo].commodity, network.cargoes[cargo].owner)
        for kind, asset, cargo in zip(activities.kind, activities.asset, activities.cargo, strict=True)
    )
    return np.array([_TIE * crc32(repr(code).encode()) / 2**32 for code in codes])


def corrections(
    network: Network, use: Floats, routes: NDArray[np.bool_], lean: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the cost corrections (activities; USD/t) that make ``use`` optimal, and its prices (balances; USD/t).

    Of all that do, those with the least sum of squares of what they differ from ``lean``, nothing unless
    given. Every tonne counts once, so that the recorded cost of what moves most is changed least; a tonne on
    other links and conversions than ``routes`` weighs 100, at supplies and sales 10,000: corrections go to
    routes where these can explain the flow. Unused activities are only made dearer.
    """
    activities, count = network.activities, len(network.activities)
    used = use > 0
    full = _reaches(use, activities.amount)
    tight = np.flatnonzero(_reaches(network.limits.share @ use, network.limits.capacity.usable))
    binding = np.flatnonzero(_reaches(network.needs.amount, network.needs.share @ use))
    carries = (activities.kind == Kind.FLOW) | (activities.kind == Kind.CONVERSION)
    most = use.max(initial=USED)
    weight = np.maximum(use / most, _LEAST) * np.where(routes, _ROUTED, np.where(carries, _UNROUTED, _ENTRY))
    identity, needs = Sparse.identity(count), network.needs.share.T.at_columns(binding)
    matrix = beside([
        identity, -network.incidence.T, network.limits.share.T.at_columns(tight), -needs, identity,
    ])  # fmt: skip
    others = matrix.shape[1] - count
    free, rents = np.full(network.balances, np.inf), others - network.balances - count
    columns = _least(
        LinearProgramme(
            cost=np.concatenate([np.zeros(count) if lean is None else -weight * lean, np.zeros(others)]),
            matrix=matrix,
            row_lower=np.where(used, 0.0, MARGIN) - activities.cost,
            row_upper=np.where(used, 0.0, np.inf) - activities.cost,
            lower=np.concatenate([np.where(used, -np.inf, 0.0), -free, np.zeros(rents + count)]),
            upper=np.concatenate([
                np.full(count, np.inf), free, np.full(rents, np.inf), np.where(used & full, np.inf, 0.0)
            ]),
            square=np.concatenate([
                weight, np.full(network.balances, _PRICE_RIDGE), np.full(rents, _RENT_RIDGE),
                np.where(activities.kind == Kind.SALE, _SCARCE_RIDGE, _RENT_RIDGE),
            ]),
        )
    )  # fmt: skip
    return columns[:count], columns[count : count + network.balances]


def _least(programme: LinearProgramme) -> Floats:
    """Return the columns of the one optimum.

    Where Newton's method does not settle the solver is asked. Where that walks in circles it is asked in other
    units; where it does in all of them, the finite method of :mod:`kopir.flow.least_squares` answers.
    """
    assert programme.square is not None
    columns = least_corrections(programme)
    if columns is not None:
        return columns
    for scale in _UNITS:
        try:
            scaled = replace(programme, cost=programme.cost * scale, square=programme.square * scale)
            return Program(scaled).solve().columns
        except LimitReached:
            continue
    return least_point(programme)


def _reaches(amount: Floats, bound: Floats) -> NDArray[np.bool_]:
    reached: NDArray[np.bool_] = amount >= bound - ROUNDING * np.maximum(1.0, np.where(bound < np.inf, bound, 0.0))
    return reached


def rising_costs(network: Network, use: Floats, correction: Floats, price: Floats, elasticity: Floats) -> Steps:
    """Return steps whose marginal cost rises through the corrected cost at the recorded use.

    The slope of a route is ``value at its far end / (elasticity * recorded use)`` USD/t for one Mt a year.
    """
    activities = network.activities
    corrected = activities.cost + correction
    value = np.where(activities.put >= 0, price[activities.put], corrected)
    rising = np.isfinite(elasticity) & (use > 0)
    own, moved = corrected[rising, None], use[rising, None]
    slope = np.abs(value[rising, None]) / (np.maximum(elasticity[rising, None], 1e-9) * moved)
    floor = np.minimum(activities.cost[rising, None], own - MARGIN)
    low, high = np.array(MULTIPLES), np.array([*MULTIPLES[1:], np.inf])
    middle = np.where(np.isfinite(high), (low + high) / 2, low)
    height = own + slope * (middle - 1.0) * moved
    before = np.maximum(np.minimum(height, own - MARGIN), floor)
    height = np.where(low >= 1.0, np.maximum(height, own + MARGIN), before)
    activity = np.repeat(np.arange(len(activities)), np.where(rising, len(low), 1))
    begin, end, cost = np.zeros(len(activity)), np.full(len(activity), np.inf), corrected[activity]
    steps = rising[activity]
    begin[steps], end[steps], cost[steps] = (low * moved).ravel(), (high * moved).ravel(), height.ravel()
    return Steps(activity, begin, end, cost)


def _verify(network: Network, steps: Steps, use: Floats) -> None:
    function = ValueFunction(network, steps)
    flow = function.solve(function.situation(network.limits.capacity.usable))
    everywhere = np.arange(len(use))
    _refuse(network, everywhere, flow.total, use, "K0407", 2 * ROUNDING)


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
            mend = "correct the baseline row, or the capacity or supply beside it (clauses in force close some)"
        else:
            why = f"{what}: {asked[place]:.6g} Mt recorded, {got[place]:.6g} after calibration"
            mend = "give the asset or its alternative a baseline row with an elasticity"
        faults.append(Fault(code, why, mend, "baseline_flows.csv"))
    raise ModelError(faults)
