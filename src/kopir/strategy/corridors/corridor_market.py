"""A market of container shippers at a time: its corridors, what they cost, and how the boxes spread over them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from kopir.core.errors import Fault, InputError
from kopir.core.runs import OptionValue
from kopir.core.spelling import did_you_mean
from kopir.model.contents.model import Model
from kopir.model.network.clauses import Denial, read_clauses
from kopir.model.network.network import Floats
from kopir.model.ties.corridors import (
    Corridor,
    CorridorLimit,
    Range,
    Rate,
    check_period,
    corridors_between,
    read_limits,
    read_rates,
)
from kopir.strategy.corridors.route_choice import Choice, constants, solve
from kopir.strategy.corridors.shippers import Shippers

UNSERVED = "UNSERVED"
"""Name of the alternative of not shipping: open where every corridor is limited, at the worth of the goods."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """When, and under what, shippers choose.

    ``value`` (USD/FEU) and ``sea_rate`` (USD/FEU) replace those of the model; ``opened`` are options, ``closed``
    links out of use, ``denied`` jurisdictions that refuse to ``severity``; ``paperless`` takes the time of
    documents out of every transfer.
    """

    period: str
    value: float | None = None
    sea_rate: float | None = None
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    severity: float = 1.0
    paperless: bool = False

    @property
    def usual(self) -> Conditions:
        """The same time, freight and goods with nothing opened, closed or refused."""
        return Conditions(self.period, self.value, self.sea_rate)

    def as_options(self) -> dict[str, OptionValue]:
        """Return what was asked, for the record of a run; what was not asked is left out."""
        return {part.name: value for part in fields(self) if (value := getattr(self, part.name)) != part.default}


@dataclass(frozen=True)
class Market:
    """Corridors of a market with their generalised cost (corridors; USD/FEU, NaN where a price is unknown).

    ``left`` (corridors) is the share of each that closures leave open, ``added`` the constant of each route
    (USD/FEU), 0 for routes without one.
    """

    shippers: Shippers
    value: float
    corridors: tuple[Corridor, ...]
    rates: Mapping[str, Rate]
    limits: tuple[CorridorLimit, ...]
    cost: Floats
    left: Floats
    added: Mapping[str, float] = field(default_factory=dict)

    @property
    def routes(self) -> tuple[str, ...]:
        """Routes of the corridors that have a price, sorted."""
        priced = zip(self.corridors, self.cost, strict=True)
        return tuple(sorted({corridor.route for corridor, cost in priced if math.isfinite(cost)}))


@dataclass(frozen=True)
class Outcome:
    """Volumes by corridor (TEU/yr), prices of limits (USD/FEU), TEU left behind, and cost (million USD/yr)."""

    volume: Mapping[str, float]
    price: Mapping[str, float]
    unserved: float
    cost: float

    def of_route(self, corridors: Sequence[Corridor], route: str) -> float:
        """Return the volume of a route (TEU/yr)."""
        return math.fsum(self.volume[one.name] for one in corridors if one.route == route)

    def through(self, corridors: Sequence[Corridor], state: str) -> float:
        """Return the volume that passes a jurisdiction (TEU/yr)."""
        return math.fsum(self.volume[one.name] for one in corridors if state in one.territories)


def build_market(model: Model, shippers: Shippers, where: tuple[str, str], conditions: Conditions) -> Market:
    """Return the market between two places under some conditions, without constants of routes.

    Raises :class:`InputError` for unknown places, options, links and jurisdictions, and for missing prices.
    """
    check_period(conditions.period)
    corridors = corridors_between(model, *where, conditions.opened)
    rates = read_rates(model, conditions.period, {rate for one in corridors for rate in one.rates})
    if conditions.sea_rate is not None and shippers.sea_rate in rates:
        amount = Range(*(conditions.sea_rate,) * 3)
        rates[shippers.sea_rate] = replace(rates[shippers.sea_rate], amount=amount)
    value = shippers.cargo_value.value if conditions.value is None else conditions.value
    day = shippers.day(value).value
    delay = recorded_delay(model, shippers.base_period, conditions.period)
    cost = []
    for corridor in corridors:
        found = shippers.generalised(corridor, rates, value)
        days = delay.get(corridor.route, 0.0) - (corridor.paper.value if conditions.paperless else 0.0)
        cost.append(math.nan if found is None else found.value + day * days)
    limits = read_limits(model, conditions.period, conditions.opened)
    left = open_shares(model, corridors, conditions)
    return Market(shippers, value, corridors, rates, limits, np.array(cost), left)


def recorded_delay(model: Model, base: str, period: str) -> dict[str, float]:
    """Return by how many days the recorded time of each route in ``period`` is longer than in ``base``."""
    times = {
        (row["route"], row["period"]): row["time"]
        for row in model.table("corridor_records").iter_rows(named=True)
        if row["time"] is not None
    }
    routes = {route for route, _ in times}
    both = (route for route in routes if (route, base) in times and (route, period) in times)
    return {route: times[route, period] - times[route, base] for route in sorted(both)}


def recorded_volumes(model: Model, period: str) -> dict[str, float]:
    """Return what each route carried in ``period``, in TEU a year."""
    years = check_period(period).years
    rows = model.table("corridor_records").filter(period=period).iter_rows(named=True)
    return {row["route"]: row["volume"] / years for row in rows}


def open_shares(model: Model, corridors: Sequence[Corridor], conditions: Conditions) -> Floats:
    """Return the share of each corridor that closed links and refusals leave open (shape: corridors).

    The clauses in force today do not count: the record already holds them. Raises :class:`InputError` for an
    unknown link, jurisdiction or severity.
    """
    links = set(model.table("links")["link"])
    unknown = sorted(set(conditions.closed) - links)
    if unknown:
        raise InputError(
            [
                Fault("K0505", f"no link {name!r}", did_you_mean(name, links, "a row of links.csv"), value=name)
                for name in unknown
            ]
        )
    book = read_clauses(model, accounting=True)
    denial = Denial(frozenset(conditions.denied), conditions.severity)
    standing, refused = book.availability(Denial()), book.availability(denial)
    left = {
        asset: share / standing.get(asset, 1.0) for asset, share in refused.items() if standing.get(asset, 1.0)
    }
    left |= {("link", name): 0.0 for name in conditions.closed}
    return np.array([math.prod(left.get(stage.asset, 1.0) for stage in one.stages) for one in corridors])


def calibrated(model: Model, market: Market, where: tuple[str, str]) -> Market:
    """Return ``market`` with the constants that make the volumes of the base period an equilibrium of it.

    A market without records between its places gets none.
    """
    shippers = market.shippers
    if where != (shippers.origin, shippers.destination):
        return market
    base = build_market(model, shippers, where, Conditions(shippers.base_period))
    return replace(market, added=route_constants(base, recorded_volumes(model, shippers.base_period)))


def route_constants(market: Market, recorded: Mapping[str, float]) -> dict[str, float]:
    """Return the constant of each recorded route (USD/FEU) at which ``market`` gives ``recorded`` (TEU/yr)."""
    case = _case(market)
    volumes = np.array([recorded.get(route, math.nan) for route in case.routes])
    return dict(zip(case.routes, constants(case.choice, volumes).tolist(), strict=True))


def outcome(market: Market) -> Outcome:
    """Return the equilibrium of ``market``.

    A corridor that closures leave open in part carries at most that share of what it carries wholly open.
    """
    usual = None
    if ((market.left > 0) & (market.left < 1)).any():
        usual = outcome(replace(market, left=np.ones_like(market.left)))
    case = _case(market, usual)
    found = solve(case.choice)
    volume = dict.fromkeys((one.name for one in market.corridors), 0.0)
    volume |= dict(zip(case.names, found.volume.tolist(), strict=True))
    prices = zip(case.limits, found.price.tolist(), strict=True)
    return Outcome(
        volume, {name: price for name, price in prices if name}, volume.pop(UNSERVED, 0.0), found.cost / 2 / 1e6
    )


@dataclass(frozen=True)
class _Case:
    names: tuple[str, ...]
    routes: tuple[str, ...]
    limits: tuple[str, ...]
    choice: Choice


def _case(market: Market, usual: Outcome | None = None) -> _Case:
    """Return the choice among the corridors that are open and priced; all numbers in TEU and USD/FEU."""
    chosen = [i for i in range(len(market.corridors)) if math.isfinite(market.cost[i]) and market.left[i] > 0]
    open_ways = [market.corridors[i] for i in chosen]
    cost = [market.cost[i] + market.added.get(market.corridors[i].route, 0.0) for i in chosen]
    limits = [limit for limit in market.limits if limit.enforced]
    taken = [
        [float(any(stage.asset == limit.asset for stage in one.stages)) for one in open_ways] for limit in limits
    ]
    room, names = [limit.room for limit in limits], [limit.name for limit in limits]
    for column, i in enumerate(chosen):
        if usual is not None and market.left[i] < 1:
            taken.append([float(other == column) for other in range(len(chosen))])
            room.append(market.left[i] * usual.volume[market.corridors[i].name])
            names.append("")
    rows = np.array(taken, dtype=np.float64).reshape(len(taken), len(chosen))
    ways = [(one.name, one.route, one.nest) for one in open_ways]
    if not ways or bool(rows.any(axis=0).all()):
        ways.append((UNSERVED, UNSERVED, UNSERVED))
        cost.append(market.value)
        rows = np.hstack([rows, np.zeros((len(rows), 1))])
    routes = tuple(sorted({route for _, route, _ in ways}))
    nest_of = {route: nest for _, route, nest in ways}
    nests = sorted(set(nest_of.values()))
    used = [i for i in range(len(rows)) if rows[i].any()]
    return _Case(
        names=tuple(name for name, _, _ in ways),
        routes=routes,
        limits=tuple(names[i] for i in used),
        choice=Choice(
            cost=np.array(cost),
            route=np.array([routes.index(route) for _, route, _ in ways]),
            nest=np.array([nests.index(nest_of[route]) for route in routes]),
            scales=market.shippers.scales,
            demand=market.shippers.demand.value,
            taken=rows[used],
            capacity=np.array([room[i] for i in used]),
        ),
    )
