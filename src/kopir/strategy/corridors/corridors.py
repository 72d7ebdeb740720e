"""Corridors of a market side by side: cost, time, share, what binds, who can close them, what would change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.contents.model import Model
from kopir.model.grounds.answers import shown_fields
from kopir.model.grounds.cited import Numbers
from kopir.model.ties.corridors import Corridor, Range
from kopir.strategy.corridors.corridor_cells import corridor_numbers
from kopir.strategy.corridors.corridor_market import (
    Conditions,
    Market,
    Outcome,
    build_market,
    calibrated,
    open_shares,
    outcome,
)
from kopir.strategy.corridors.shippers import read_shippers

VALUES = (10_000.0, 25_000.0, 50_000.0, 100_000.0, 200_000.0, 400_000.0)
"""Worth of goods (USD/FEU) at which ties with the sea are given."""

_CHANGED = 1e-6


@dataclass(frozen=True)
class CorridorsResult:
    """Corridors from ``origin`` to ``destination`` in ``period``, for goods worth ``value`` (USD/FEU).

    ``table`` has a row for each corridor: price, days, generalised cost (USD/FEU) with intervals, borders,
    transfers, jurisdictions, share and volume (TEU/yr), ``usual_teu`` being the volume with nothing opened,
    closed or refused. Shares are null between places for which no volumes are recorded. ``constants`` is what the
    record adds to the cost of each route (USD/FEU) beyond freight and time. ``ties`` has the sea
    rate at which each route draws level; ``limits`` what can pass each limited asset; ``paper`` what paperless
    documents save at each transfer; ``states`` what passes each jurisdiction and what its refusal costs (million
    USD/yr, interval over the ends of both scales). ``unserved_teu`` and ``loss_musd`` (million USD/yr) are those
    of the conditions asked for; a negative loss is a gain.
    """

    origin: str
    destination: str
    period: str
    value: float
    sea_rate: float | None
    day_usd: Range
    demand_teu: float
    calibrated_on: str | None
    unserved_teu: float
    loss_musd: float
    table: pl.DataFrame
    constants: pl.DataFrame
    ties: pl.DataFrame
    limits: pl.DataFrame
    paper: pl.DataFrame
    states: pl.DataFrame
    model: Model = field(repr=False, compare=False)
    asked: Conditions = field(repr=False, compare=False)

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of ``table`` and ``states``, as :func:`corridor_numbers` names them."""
        return corridor_numbers(self.model, self.asked, (self.origin, self.destination), self.table, self.states)

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values."""
        values = {name: getattr(self, name) for name in shown_fields(self)}
        day = self.day_usd
        tables = {name: one.to_dicts() for name, one in values.items() if isinstance(one, pl.DataFrame)}
        return values | tables | {"day_usd": {"value": day.value, "low": day.low, "high": day.high}}


def corridors(
    model: Model, asked: Conditions, *, origin: str | None = None, destination: str | None = None
) -> CorridorsResult:
    """Return the corridors between two places (those of the model's market unless named).

    Raises :class:`kopir.core.errors.InputError` for unknown places, options, links and jurisdictions, missing
    prices, a market that is not stated and a worth or freight that is not positive, and
    :class:`kopir.core.errors.ModelError` when limits and records contradict each other.
    """
    shippers = read_shippers(model, origin, destination)
    where = (origin or shippers.origin, destination or shippers.destination)
    _check(asked)
    usual = calibrated(model, build_market(model, shippers, where, asked.usual), where)
    market = replace(build_market(model, shippers, where, asked), added=usual.added)
    known = bool(usual.added)
    before, after = (outcome(usual), outcome(market)) if known else (None, None)
    return CorridorsResult(
        origin=where[0],
        destination=where[1],
        period=asked.period,
        value=market.value,
        sea_rate=_sea_rate(market),
        day_usd=shippers.day(market.value),
        demand_teu=shippers.demand.value if known else 0.0,
        calibrated_on=shippers.base_period if known else None,
        unserved_teu=after.unserved if after else 0.0,
        loss_musd=after.cost - before.cost if before and after else 0.0,
        table=_table(market, before, after),
        constants=pl.DataFrame(
            sorted(usual.added.items()), schema={"route": pl.String, "constant_usd": pl.Float64}, orient="row"
        ),
        ties=_ties(market, after),
        limits=_limits(market, after),
        paper=_paper(market, after),
        states=_states(model, usual, market, before, after),
        model=model,
        asked=asked,
    )


def _sea_rate(market: Market) -> float | None:
    name = market.shippers.sea_rate
    return market.rates[name].amount.value if any(name in one.rates for one in market.corridors) else None


def asked_conditions(model: Model, conditions: Conditions | None) -> Conditions:
    """Return ``conditions``, or those of the base period of the model's market."""
    return conditions or Conditions(read_shippers(model).base_period)


def _check(asked: Conditions) -> None:
    for name, number in (("worth of goods", asked.value), ("sea rate", asked.sea_rate)):
        if number is not None and not (number > 0 and math.isfinite(number)):
            mend = "write a positive number of USD per forty-foot unit"
            raise InputError(Fault("K0505", f"a {name} that is not positive", mend, value=f"{number:g}"))


def _ends(name: str, found: Range | None) -> dict[str, float | None]:
    return {
        name: None if found is None else found.value,
        f"{name}_low": None if found is None else found.low,
        f"{name}_high": None if found is None else found.high,
    }


def _table(market: Market, before: Outcome | None, after: Outcome | None) -> pl.DataFrame:
    ways = list(zip(market.corridors, market.cost.tolist(), market.left.tolist(), strict=True))
    least = min((cost for _, cost, left in ways if left > 0 and math.isfinite(cost)), default=None)
    rows = []
    for corridor, cost, left in ways:
        generalised = market.shippers.generalised(corridor, market.rates, market.value)
        volume = None if after is None else after.volume[corridor.name]
        rows.append(
            {
                "corridor": corridor.name,
                "route": corridor.route,
                "option": corridor.option,
                **_ends("price_usd", corridor.price(market.rates)),
                **_ends("time_day", corridor.time),
                "spread_day": corridor.spread,
                "borders": len(corridor.territories) - 1,
                "transfers": corridor.transfers,
                "jurisdictions": " ".join(dict.fromkeys(corridor.territories)),
                **_ends("generalised_usd", generalised),
                "cheapest": left > 0 and cost == least,
                "paper_day": corridor.paper.value,
                "left": left,
                "share": None if volume is None else volume / market.shippers.demand.value,
                "volume_teu": volume,
                "usual_teu": None if before is None else before.volume.get(corridor.name, 0.0),
            }
        )
    text = dict.fromkeys(("option",), pl.String)
    numbers = ("price_usd", "generalised_usd")
    ends = {f"{name}{end}": pl.Float64 for name in numbers for end in ("", "_low", "_high")}
    known = dict.fromkeys(("share", "volume_teu", "usual_teu"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides={**text, **ends, **known})


UNTOLD = "not told"
"""Said where who wins by freight and time contradicts the record by more than the freight."""


def _ties(market: Market, after: Outcome | None) -> pl.DataFrame:
    """Return the sea rate at which the cheapest variant of each other route draws level with the sea.

    With ``p`` the price, ``d`` the days with their spread, and ``k`` the cost of a day, a corridor draws level
    with the way by sea that carries most where the rate is ``p - (p_sea - rate) + k (d - d_sea)``, a straight
    line in the worth of goods; ``value_even`` is the worth at which that line meets the rate of the period.
    Where the constant that matches the record is larger than the price itself, freight and time do not explain
    who takes the way, and ``wins`` says so instead of naming a winner.
    ``premium_usd`` is what the corridor costs beyond the cheapest one that does not pay the sea rate.
    """
    numbers = ("value", "sea_rate_even", "low", "high", "value_even", "premium_usd")
    texts = dict.fromkeys(("route", "corridor", "against", "wins"), pl.String)
    name = market.shippers.sea_rate
    ways = [
        (cost, one.name, one)
        for one, cost, left in zip(market.corridors, market.cost.tolist(), market.left.tolist(), strict=True)
        if left > 0 and math.isfinite(cost)
    ]
    by_sea = [(0.0 if after is None else -after.volume[one[1]], *one) for one in ways if name in one[2].rates]
    rest = [one for one in ways if name not in one[2].rates]
    rows: list[dict[str, object]] = []
    if by_sea and rest:
        best = [
            min(one for one in rest if one[2].route == route) for route in sorted({one[2].route for one in rest})
        ]
        for cost, _, corridor in best:
            rows += _tie_rows(market, corridor, min(by_sea)[3], cost - min(rest)[0])
    return pl.DataFrame(rows, schema={**texts, **dict.fromkeys(numbers, pl.Float64)})


def _tie_rows(market: Market, corridor: Corridor, sea: Corridor, premium: float) -> Iterator[dict[str, object]]:
    shippers = market.shippers
    rate = market.rates[shippers.sea_rate].amount
    price, other = corridor.price(market.rates), sea.price(market.rates)
    if price is None or other is None:
        return
    beyond = Range(other.value - rate.value, other.low - rate.low, other.high - rate.high)
    days = shippers.felt_days(corridor) - shippers.felt_days(sea)
    per_value = shippers.day(1.0).value * days
    gap = price.value - other.value
    even = -gap / per_value if per_value else math.nan
    unexplained = abs(market.added.get(corridor.route, 0.0)) > abs(price.value)
    wins = (
        "above"
        if per_value < 0 < gap
        else "below"
        if gap < 0 < per_value
        else "always"
        if gap + per_value <= 0
        else "never"
    )
    for value in VALUES:
        day = shippers.day(value)
        time = sorted((day.low * days, day.high * days))
        yield {
            "route": corridor.route,
            "corridor": corridor.name,
            "against": sea.name,
            "wins": UNTOLD if unexplained else wins,
            "value": value,
            "sea_rate_even": price.value - beyond.value + day.value * days,
            "low": price.low - beyond.high + time[0],
            "high": price.high - beyond.low + time[1],
            "value_even": even if wins in {"above", "below"} else None,
            "premium_usd": premium,
        }


def _limits(market: Market, after: Outcome | None) -> pl.DataFrame:
    rows = []
    for limit in market.limits:
        passing = [one for one in market.corridors if any(stage.asset == limit.asset for stage in one.stages)]
        if passing:
            use = None if after is None else math.fsum(after.volume[one.name] for one in passing)
            price = None if after is None else after.price.get(limit.name, 0.0)
            rows.append(
                {
                    "limit": limit.name,
                    "kind": limit.kind,
                    "asset": limit.asset[1],
                    "routes": " ".join(sorted({one.route for one in passing})),
                    **_ends("capacity_teu", limit.capacity),
                    "others_teu": limit.others.value,
                    "room_teu": limit.room,
                    "use_teu": use,
                    "price_usd": price if limit.enforced else None,
                    "enforced": limit.enforced,
                    "binds": limit.enforced and price is not None and price > _CHANGED,
                }
            )
    known = dict.fromkeys(("use_teu", "price_usd"), pl.Float64)
    texts = dict.fromkeys(("limit", "kind", "asset", "routes"), pl.String)
    numbers = dict.fromkeys(
        ("capacity_teu", "capacity_teu_low", "capacity_teu_high", "others_teu", "room_teu"), pl.Float64
    )
    schema = {**texts, **numbers, **known, "enforced": pl.Boolean, "binds": pl.Boolean}
    return pl.DataFrame(rows, schema=schema).sort("routes", "room_teu", "limit")


def _paper(market: Market, after: Outcome | None) -> pl.DataFrame:
    """Return days saved at each transfer, what a forty-foot unit gains by it, and all of them in a year."""
    rows = []
    day = market.shippers.day(market.value)
    stages = {stage.asset[1]: stage for one in market.corridors for stage in one.stages if stage.paper.high > 0}
    for name, stage in sorted(stages.items()):
        passing = [one for one in market.corridors if any(other.asset == stage.asset for other in one.stages)]
        units = None if after is None else math.fsum(after.volume[one.name] for one in passing) / 2
        gain = Range(*(getattr(stage.paper, end) * getattr(day, end) for end in ("value", "low", "high")))
        yearly = (
            None if units is None else Range(*(one * units / 1e6 for one in (gain.value, gain.low, gain.high)))
        )
        rows.append(
            {
                "transfer": name,
                "place": stage.to_node,
                **_ends("saved_day", stage.paper),
                **_ends("saved_usd", gain),
                "feu": units,
                **_ends("saved_year_musd", yearly),
            }
        )
    texts = dict.fromkeys(("transfer", "place"), pl.String)
    numbers = [f"{name}{end}" for name in ("saved_day", "saved_usd") for end in ("", "_low", "_high")]
    yearly_names = [f"saved_year_musd{end}" for end in ("", "_low", "_high")]
    schema = {**texts, **dict.fromkeys([*numbers, "feu", *yearly_names], pl.Float64)}
    return pl.DataFrame(rows, schema=schema)


def _states(
    model: Model, usual: Market, market: Market, before: Outcome | None, after: Outcome | None
) -> pl.DataFrame:
    """Return volumes through each jurisdiction, and what its refusal costs on an undisturbed day.

    The focal state and those at the ends are no states in between: nothing is said of their refusal.
    """
    rows = []
    focal = model.focal_state
    ends = {usual.corridors[0].territories[0], usual.corridors[0].territories[-1], focal}
    variants = [usual] if before is None else list(_scale_ends(model, usual))
    for state in sorted({state for one in market.corridors for state in one.territories}):
        row: dict[str, object] = {"jurisdiction": state}
        if before is not None and after is not None:
            row["usual_teu"] = before.through(usual.corridors, state)
            row["volume_teu"] = after.through(market.corridors, state)
        if before is not None and state not in ends and state in model.table("jurisdictions")["jurisdiction"]:
            row |= _refusal(model, variants, state, focal)
        rows.append(row)
    numbers = ("usual_teu", "volume_teu", "loss_musd", "loss_musd_low", "loss_musd_high")
    kinds = dict.fromkeys((*numbers, "focal_teu", "gain_teu", "unserved_teu"), pl.Float64)
    texts = {"jurisdiction": pl.String, "gainer": pl.String}
    return pl.DataFrame(rows, schema={**texts, **kinds}).sort("loss_musd", descending=True, nulls_last=True)


def _refusal(model: Model, variants: Sequence[Market], state: str, focal: str) -> Mapping[str, object]:
    """Return the loss when ``state`` refuses all that its clauses cover, and who gains most of the boxes."""
    usual = variants[0]
    left = open_shares(model, usual.corridors, Conditions("", denied=(state,)))
    if (left == 1).all():
        return {"loss_musd": 0.0, "loss_musd_low": 0.0, "loss_musd_high": 0.0, "unserved_teu": 0.0}
    pairs = [(outcome(one), outcome(replace(one, left=left))) for one in variants]
    losses = [after.cost - before.cost for before, after in pairs]
    before, after = pairs[0]
    routes = sorted({one.route for one in usual.corridors})
    gains = [
        (after.of_route(usual.corridors, name) - before.of_route(usual.corridors, name), name) for name in routes
    ]
    gain, gainer = max(gains)
    return {
        "loss_musd": losses[0],
        "loss_musd_low": min(losses),
        "loss_musd_high": max(losses),
        "focal_teu": after.through(usual.corridors, focal) - before.through(usual.corridors, focal),
        "gainer": gainer if gain > _CHANGED else None,
        "gain_teu": gain if gain > _CHANGED else None,
        "unserved_teu": after.unserved,
    }


def _scale_ends(model: Model, usual: Market) -> Iterator[Market]:
    """Yield the market as it is and at the ends of both scales, its constants found anew."""
    shippers = usual.shippers
    where = (shippers.origin, shippers.destination)
    yield usual
    for scale in (shippers.scale.low, shippers.scale.high):
        for ratio in (shippers.route_ratio.low, shippers.route_ratio.high):
            other = replace(shippers, scale=_point(scale), route_ratio=_point(ratio))
            yield calibrated(model, replace(usual, shippers=other), where)


def _point(value: float) -> Range:
    return Range(value, value, value)
