"""The course of a scenario: what moves, is stored and is shut in, step by step.

Two ways of deciding. *Rolling* (the default): in each step shippers do what is best for that step, knowing
nothing of the days to come; a tonne in store counts for what it is worth on an undisturbed day. *Foresight*:
one programme over all steps, in which every shock and its end are known from the first day; it bounds from
above what better planning could save.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from kopir.core.errors import Fault, InputError
from kopir.core.periods import Period
from kopir.flow.apportionment import shipped
from kopir.flow.formulation import Refused, Situation, StockWorth
from kopir.flow.value import Answered, Flow, ValueFunction
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats
from kopir.model.network.scenario import DAYS_PER_MONTH, Scenario, Window, days_of
from kopir.strategy.course.ramps import Clocks, Restart, reached
from kopir.strategy.value.setup import Setup

HELD_BACK = 0.02
"""Share of its undisturbed worth that a sale must bring on top before the first stock is drawn on."""

CARRYING = 0.1
"""Share of its undisturbed worth that a sale may fall short before goods are stored above the first stock."""

_TIE = 1e-3


@dataclass(frozen=True)
class Course:
    """What happened in each step.

    ``lengths`` (steps) are in years; ``use`` (steps x activities; Mt) what moved; ``stock`` (steps x stores;
    Mt) what was held at the end of each step, locked goods included; ``value`` (steps; million USD) what the
    shippers earned; ``capacity`` (steps x limits; Mt/yr) what each limit had before closures and options, and
    ``limit`` (steps x limits; Mt) what it allowed.
    """

    lengths: Floats
    use: Floats
    stock: Floats
    value: Floats
    capacity: Floats
    limit: Floats

    @property
    def total(self) -> Floats:
        """Mt moved by each activity over all steps (shape: activities)."""
        moved: Floats = self.use.sum(axis=0)
        return moved


@dataclass(frozen=True)
class _Days:
    """Steps as situations at firm capacity without stocks.

    ``lengths`` (steps) are in years, ``stores`` (steps x stores) open shares; ``begins`` are the days on which
    a disturbance begins.
    """

    steps: tuple[Period, ...]
    lengths: Floats
    situations: tuple[Situation, ...]
    stores: Floats
    begins: tuple[date, ...]


def follow(setup: Setup, scenario: Scenario, *, foresight: bool = False) -> Course:
    """Return the course of ``scenario``.

    The ramp of a limit counts from the day on which the disturbance began that first used it up (with
    ``foresight``: from the first disturbance). Raises :class:`kopir.core.errors.ModelError` when there is
    no optimum and :class:`InputError` when foresight is asked of a scenario that closes a store.
    """
    days = _situations(setup, scenario, disturbed=True)
    return _foreseen(setup, days) if foresight else _rolled(setup, days, None)


def follow_undisturbed(setup: Setup, scenario: Scenario, beside: Course, *, foresight: bool = False) -> Course:
    """Return the course of the same days without shocks, refusals and options.

    Capacity is that of the course ``beside``, so that a difference of the two is due to the disturbance alone.
    """
    days = _situations(setup, scenario, disturbed=False)
    return _foreseen(setup, days) if foresight else _rolled(setup, days, beside.capacity)


def stock_worth(setup: Setup) -> tuple[StockWorth, Floats]:
    """Return what operators hold goods in store to be worth, and the plain undisturbed worth (stores; USD/t).

    The worth of a tonne is the shadow price at the store's node on an undisturbed day.
    """
    price = setup.usual_day.price[setup.network.stores.row]
    margin = np.abs(price)
    return StockWorth(price + HELD_BACK * margin + _TIE, price - CARRYING * margin), price


def _situations(setup: Setup, scenario: Scenario, *, disturbed: bool) -> _Days:
    network = setup.network
    today = network.open_shares(setup.clauses.availability(Denial()))
    closed, kept = _closures(setup, scenario, today)
    counted = _counts_use(scenario) or bool(network.limits.shared.any())
    usual = setup.usual_day.total if disturbed and counted else None
    taken = None if usual is None else shipped(network, usual)
    situations: list[Situation] = []
    options = {name: index for index, name in enumerate(network.gains.options)}
    _refuse_other_layers(scenario, options)
    for step in scenario.steps:
        days = list(days_of(step))
        open_share = _mean(closed, days) if disturbed else today
        plan = np.zeros(len(options))
        for decision in scenario.decisions if disturbed else ():
            lead = network.gains.lead_time[options[decision.option]] * DAYS_PER_MONTH
            ready = [(day - decision.day).days >= lead for day in days]
            plan[options[decision.option]] = float(np.mean(ready))
        situation = Situation(network.limits.capacity.firm, open_share, plan, np.inf)
        if usual is not None:
            refused = Refused(_mean(kept, days), usual, taken)
            situation = replace(situation, held=_held(setup, scenario, days, usual), refused=refused)
        situations.append(situation)
    assets = network.stores.asset
    stores = np.array([situation.open_share[assets] * situation.kept(assets) for situation in situations])
    open_stores = stores.reshape(len(situations), -1)
    return _Days(scenario.steps, np.array(scenario.lengths), tuple(situations), open_stores, scenario.begins)


def _refuse_other_layers(scenario: Scenario, options: Mapping[str, int]) -> None:
    mend = f"decide one of {', '.join(sorted(options)) or 'none'}; other layers keep volumes, not days"
    faults = [
        Fault("K0505", "an option that adds nothing to the network that is followed", mend, value=decision.option)
        for decision in scenario.decisions
        if decision.option not in options
    ]
    if faults:
        raise InputError(faults)


_Shares = Callable[[date], Floats]


def _counts_use(scenario: Scenario) -> bool:
    """Return whether anything leaves a share of what an asset usually carries."""
    return bool(scenario.refusals) or any(shock.of == "flow" for shock in scenario.shocks)


def _mean(shares: _Shares, days: Sequence[date]) -> Floats:
    mean: Floats = np.mean([shares(day) for day in days], axis=0)
    return mean


def _closures(setup: Setup, scenario: Scenario, today: Floats) -> tuple[_Shares, _Shares]:
    """Return what is left of the capacity and of the usual use of assets on a day."""
    network = setup.network
    capacity: list[tuple[Window, Floats]] = []
    use: list[tuple[Window, Floats]] = []
    for shock in scenario.shocks:
        if shock.of == "capacity" and shock.asset in network.asset_index:
            left = np.ones(len(network.assets))
            left[network.asset_index[shock.asset]] = shock.left
            capacity.append((shock.window, left))
    for refusal in scenario.refusals:
        closure = setup.clauses.closure(Denial(refusal.parties, refusal.severity))
        denied = network.open_shares(closure.capacity)
        left = np.divide(denied, today, out=np.ones_like(denied), where=today > 0)
        capacity.append((refusal.window, left))
        use.append((refusal.window, network.open_shares(closure.use)))
    return _on_a_day(today, capacity), _on_a_day(np.ones(len(network.assets)), use)


def _on_a_day(whole: Floats, windows: Sequence[tuple[Window, Floats]]) -> _Shares:
    def on(day: date) -> Floats:
        share = whole
        for window, left in windows:
            share = share * (1 - window.strength(day) * (1 - left))
        return share

    return on


def _held(setup: Setup, scenario: Scenario, days: Sequence[date], usual: Floats) -> Floats | None:
    """Return the bound on use (activities; Mt/yr) of shocks that leave a share of the usual flow."""
    bound = np.full(len(usual), np.inf)
    for shock in scenario.shocks:
        strength = float(np.mean([shock.window.strength(day) for day in days]))
        index = setup.network.asset_index.get(shock.asset)
        if shock.of == "flow" and strength > 0 and index is not None:
            chosen = setup.network.activities.asset == index
            bound[chosen] = usual[chosen] * (1 - strength * (1 - shock.left))
    return bound if np.isfinite(bound).any() else None


def _rolled(setup: Setup, days: _Days, capacities: Floats | None) -> Course:
    network = setup.network
    worth, _ = stock_worth(setup)
    steps = None if setup.calibration is None else setup.calibration.steps
    functions = {
        length: _Asked(ValueFunction(network, steps, np.array([length]), worth)) for length in set(days.lengths)
    }
    target = np.minimum(network.stores.initial, network.stores.capacity)
    stock, clocks, restart = network.stores.initial.copy(), Clocks.stopped(network), Restart.at_rest(network)
    uses, stocks, values, given, limits = [], [], [], [], []
    for number, (step, length) in enumerate(zip(days.steps, days.lengths, strict=True)):
        share = days.stores[number]
        usable = np.minimum(stock, network.stores.capacity * share)
        situation = replace(_restarting(days.situations[number], restart, step.days), stock=usable)
        if capacities is None:
            situation, flow, clocks = _mobilised(setup, days, number, situation, functions[length], clocks)
        else:
            situation = replace(situation, capacity=capacities[number])
            flow = functions[length].solve(situation)
        held = np.maximum(flow.stock[0], 0.0)
        kept = np.minimum(held, target * share)
        values.append(flow.value - worth.first @ kept - worth.above @ (held - kept))
        stock = stock - usable + held
        restart = restart.after(flow.use[0], step.days, length)
        uses.append(flow.use[0])
        stocks.append(stock)
        given.append(situation.capacity)
        limits.append(situation.allowed(network) * length)
    return Course(days.lengths, *map(np.array, (uses, stocks, values, given, limits)))


def _restarting(situation: Situation, restart: Restart, days: int) -> Situation:
    """Return the situation in which supplies that were shut in yield no more than their restart allows."""
    bound = restart.bound(days)
    if not np.isfinite(bound).any():
        return situation
    return replace(situation, held=bound if situation.held is None else np.minimum(bound, situation.held))


class _Asked:
    """A value function that solves a situation once: most days of a course are like another."""

    def __init__(self, function: ValueFunction) -> None:
        self._function = function
        self._known: dict[bytes, Flow] = {}
        self._last: Answered | None = None

    def solve(self, situation: Situation) -> Flow:
        """Return the optimal flow."""
        key = situation.key()
        if key not in self._known:
            self._last = self._function.solve_after(situation, self._last)
            self._known[key] = self._last.flow
        return self._known[key]


def _mobilised(
    setup: Setup, days: _Days, number: int, situation: Situation, function: _Asked, clocks: Clocks
) -> tuple[Situation, Flow, Clocks]:
    """Return situation and flow of a step in which the ramps of limits that are used up have begun."""
    network, step = setup.network, days.steps[number]
    ramping = network.limits.capacity.ramp > 0
    while True:
        situation = replace(situation, capacity=clocks.capacity(network.limits.capacity, step))
        flow = function.solve(situation)
        begun = max((day for day in days.begins if day <= step.last), default=None)
        if begun is None:
            return situation, flow, clocks
        full = reached(network.limits.share @ flow.use[0], situation.allowed(network) * days.lengths[number])
        further = clocks.started(full & ramping, begun)
        if (further.since == clocks.since).all():
            return situation, flow, clocks
        clocks = further


def _foreseen(setup: Setup, days: _Days) -> Course:
    network, lengths = setup.network, days.lengths
    if days.stores.size and (days.stores != days.stores[0]).any():
        why, mend = "foresight does not follow a store that is closed for a time", "leave out --foresight"
        raise InputError(Fault("K0505", why, mend))
    steps = None if setup.calibration is None else setup.calibration.steps
    function = ValueFunction(network, steps, lengths)
    clocks = Clocks.all_from(network, min(days.begins, default=None))
    capacity = np.array([clocks.capacity(network.limits.capacity, step) for step in days.steps])
    situations = [replace(each, capacity=row) for each, row in zip(days.situations, capacity, strict=True)]
    flow = function.solve(situations)
    put_in = np.maximum(0.0, np.diff(flow.stock, axis=0, prepend=(network.stores.initial * days.stores[0])[None]))
    values = -_cost(function, flow.use / lengths[:, None]) * lengths - put_in @ network.stores.cost
    limits = np.array([each.allowed(network) for each in situations]) * lengths[:, None]
    return Course(lengths, flow.use, flow.stock, values, capacity, limits)


def _cost(function: ValueFunction, use: Floats) -> Floats:
    """Return the cost (steps; million USD a year) of uses (steps x activities; Mt/yr), cheapest parts first."""
    steps = function.formulation.steps
    filled = np.clip(use[:, steps.activity], steps.begin, steps.end) - steps.begin
    cost: Floats = filled @ steps.cost
    return cost
