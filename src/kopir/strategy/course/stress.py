"""A dated scenario against the undisturbed days: what fills, moves, is shut in and is lost, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.flow.sharing import surviving_shares
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.answers import shown_fields
from kopir.model.grounds.cited import Numbers, exactly
from kopir.model.network.clauses import Asset, Denial
from kopir.model.network.goods import Goods, columns_of, goods_of
from kopir.model.network.network import Floats, Kind
from kopir.model.network.scenario import Scenario
from kopir.strategy.course.course import Course, follow, follow_undisturbed, stock_worth
from kopir.strategy.course.held import held_tonnes
from kopir.strategy.course.prices import mean_factor, price_factors
from kopir.strategy.course.ranges import CourseIntervals
from kopir.strategy.course.routes import routes_between
from kopir.strategy.precedents.ranges import bundled_spread
from kopir.strategy.refusal.leverage import lost_by_bearer
from kopir.strategy.value.behind import assets_in, cells_of_assets, cells_of_refusal, cells_of_rows
from kopir.strategy.value.control import spared_by
from kopir.strategy.value.deferral import deferred_value
from kopir.strategy.value.setup import Setup

SEEN = 1e-6
"""Mt below which nothing has changed."""

_FULL = 1e-3
"""Share of its capacity by which a full store may fall short."""


@dataclass(frozen=True)
class StressResult:
    """What a scenario does over its whole length, beside the same days undisturbed.

    ``table`` has a row for each step: Mt ``produced``, ``shut_in``, ``moved`` (sold around the hit assets beyond
    the usual), ``unmet`` and ``stock`` at its end, and ``loss_musd`` (million USD, change of stock left out).
    ``volumes`` has the same over the whole length and ``base``, what the undisturbed focal state exports in the
    ``base_days`` on which anything is disturbed (all days where nothing is). Both name tonnes ``shut_in_mt``, or
    by each of ``goods`` where these are several: ``shut_in_coal_mt``.
    ``loss_musd`` counts what is left in store at
    its undisturbed worth; ``losses_musd`` gives it by beneficiary without that; ``deferral_musd`` is the present
    value of oil that stays in the ground. ``full_on`` is the day on which the first store was full,
    ``back_on`` the first day after which nothing was shut in (``None``: never, or still shut in at the end).
    ``intervals`` are filled in where they were asked for.
    """

    scenario: str
    foresight: bool
    calibrated: bool
    begun: date | None
    full_on: date | None
    back_on: date | None
    goods: tuple[Goods, ...]
    volumes: dict[str, float]
    base_days: int
    loss_musd: float
    deferral_musd: float
    losses_musd: dict[str, float]
    table: pl.DataFrame
    setup: Setup = field(repr=False, compare=False)
    followed: Scenario = field(repr=False, compare=False)
    before: Course = field(repr=False, compare=False)
    after: Course = field(repr=False, compare=False)
    intervals: CourseIntervals | None = None

    @cached_property
    def routes(self) -> pl.DataFrame:
        """What each asset carried with and without the disturbance, where that differs."""
        return routes_between(self.setup, self.before.total, self.after.total, least=SEEN)

    @cached_property
    def control(self) -> pl.DataFrame:
        """How much of what moved (``moved_mt``) each player alone could have stopped."""
        return _control(self.setup, self.before, self.after, _around(self.setup, self.followed))

    @cached_property
    def binding(self) -> pl.DataFrame:
        """The limits that bound, in order of time."""
        return _binding(self.setup, self.followed, self.before, self.after)

    @cached_property
    def held(self) -> pl.DataFrame:
        """Tonnes with ranges as wide as disruptions elsewhere were told wrong (see ``held_tonnes``)."""
        stores = bool(len(self.setup.network.stores.asset))
        return held_tonnes(self.goods, self.volumes, bundled_spread(), stores=stores)

    @property
    def measures(self) -> dict[str, float]:
        """The figures over the whole length by name, in Mt or million USD."""
        return {
            **self.volumes,
            "loss_musd": self.loss_musd,
            "deferral_musd": self.deferral_musd,
            **self.losses_musd,
        }

    def volume(self, measure: str) -> float:
        """Return Mt of a measure over the whole length where the state has one kind of goods, by ``volumes``."""
        return self.volumes[f"{measure}_mt"]

    @cached_property
    def numbers(self) -> Numbers:
        """The figures over the whole length by the id that the scenario is asked for by, and their name.

        A course rests on the assets that carry more or less, on those that bind, on what the scenario hits and
        builds, on every store and on the clauses of those who refuse; money also on the months of the prices.
        """
        setup, given = self.setup, self.followed
        hit = {shock.asset for shock in given.shocks}
        built = {decision.option for decision in given.decisions}
        stores = {setup.network.assets[index] for index in setup.network.stores.asset}
        cells = cells_of_assets(setup, assets_in(self.routes) | assets_in(self.binding) | hit | stores)
        cells |= cells_of_refusal(setup, {party for refusal in given.refusals for party in refusal.parties})
        gains = setup.model.table("option_gains").filter(pl.col("option").is_in(built))
        cells |= cells_of_rows("option_gains", gains, gains.columns) & set(setup.model.quantities)
        priced = cells if given.prices == "base" else cells | _price_cells(setup.model, given)
        volume, money = tuple(sorted(cells)), tuple(sorted(priced))
        return {
            f"{given.asked}:{name}": exactly(money, value, "million USD")
            if name.endswith("_musd")
            else exactly(volume, value, "Mt")
            for name, value in self.measures.items()
        }

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values, dates as text."""
        left_out = {"goods", "volumes", "intervals"}
        own = [name for name in shown_fields(self) if name not in left_out]
        names = [*own, "routes", "control", "binding", "held", "intervals"]
        return {**self.volumes, **{name: _as_text(getattr(self, name)) for name in names}}


def stress(setup: Setup, scenario: Scenario, *, foresight: bool = False) -> StressResult:
    """Return what ``scenario`` does.

    Raises :class:`kopir.core.errors.ModelError` when a step has no optimum.
    """
    after = follow(setup, scenario, foresight=foresight)
    before = follow_undisturbed(setup, scenario, after, foresight=foresight)
    return compare(setup, scenario, before, after, foresight=foresight)


def compare(
    setup: Setup, scenario: Scenario, before: Course, after: Course, *, foresight: bool = False
) -> StressResult:
    """Return what tells the course ``after`` a disturbance from the same days ``before`` it."""
    around, asked = _around(setup, scenario), _disturbed(scenario)
    table = _table(setup, scenario, before, after, around)
    _, worth = stock_worth(setup)
    left = after.stock[-1] - before.stock[-1]
    factors = price_factors(setup, scenario)
    by_price = ((before.use - after.use) * (factors - 1) * setup.ledger.benchmark_kept).sum(axis=1)
    goods = goods_of(setup.network, setup.focal_state)
    return StressResult(
        scenario=scenario.name,
        foresight=foresight,
        calibrated=setup.calibration is not None,
        begun=scenario.begun,
        full_on=_full_on(setup, scenario, after),
        back_on=_back_on(scenario, goods, table),
        goods=goods,
        volumes={
            one.column(measure): amount
            for one in goods
            for measure, amount in _volumes(setup, one, before, after, around, asked).items()
        },
        base_days=sum(step.days for step, counts in zip(scenario.steps, asked, strict=True) if counts),
        loss_musd=float(before.value.sum() - after.value.sum() - worth @ left + by_price.sum()),
        deferral_musd=deferred_value(setup, before.total, after.total),
        losses_musd=_losses(setup, before, after, factors),
        table=table.with_columns(loss_musd=pl.Series(_rounded(table["loss_musd"].to_numpy() + by_price))),
        setup=setup,
        followed=scenario,
        before=before,
        after=after,
    )


def _volumes(
    setup: Setup, goods: Goods, before: Course, after: Course, around: Floats, asked: Sequence[bool]
) -> dict[str, float]:
    """Return Mt of ``goods`` over the whole length by measure, against the same days undisturbed."""
    change = after.total - before.total
    sold = (_sold_around(setup, goods, course.total, around) for course in (after, before))
    moved, usual = sold
    return {
        "moved": moved - usual,
        "shut_in": float(_rounded(-_of(setup, goods, Kind.SUPPLY, after.use - before.use)).sum()),
        "unmet": float(change[_chosen(setup, goods, Kind.UNMET)].sum()),
        "stock": float((after.stock[-1] - before.stock[-1])[_stores_of(setup, goods)].sum()),
        "base": float(before.use[list(asked)][:, _exports(setup, goods)].sum()),
    }


def _chosen(setup: Setup, goods: Goods, kind: Kind) -> NDArray[np.bool_]:
    """Return the activities of one kind that move ``goods`` of the focal state."""
    network = setup.network
    return network.of_kind(kind) & network.owned_by(setup.focal_state) & network.carrying(goods.commodities)


def _of(setup: Setup, goods: Goods, kind: Kind, use: Floats) -> Floats:
    """Return what activities of one kind move of ``goods`` (steps; Mt)."""
    moved: Floats = use[:, _chosen(setup, goods, kind)].sum(axis=1)
    return moved


def _price_cells(model: Model, scenario: Scenario) -> set[CellRef]:
    """Return the months of the series that markets follow: those of the scenario and of the base year."""
    first, last = scenario.steps[0].first.isoformat()[:7], scenario.steps[-1].last.isoformat()[:7]
    followed = model.table("markets")["series"].drop_nulls().unique().to_list()
    month, base = pl.col("period"), str(model.settings.model.base_year)
    wanted = month.is_between(pl.lit(first), pl.lit(last)) | month.str.starts_with(base)
    return cells_of_rows(
        "series", model.table("series").filter(pl.col("series").is_in(followed) & wanted), ("value",)
    )


def _as_text(value: object) -> object:
    if isinstance(value, pl.DataFrame):
        return value.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()
    if value is not None and hasattr(value, "as_record"):
        return value.as_record()
    return value.isoformat() if isinstance(value, date) else value


def hit_assets(setup: Setup, scenario: Scenario) -> frozenset[Asset]:
    """Return the assets that a scenario closes, with the members of groups and the links beside hit ones.

    What leaves by the next mooring has not found another way, so links between the same two places count.
    """
    standing = setup.clauses.availability(Denial())
    hit = {shock.asset for shock in scenario.shocks if shock.left < 1}
    for refusal in scenario.refusals:
        denied = setup.clauses.availability(Denial(refusal.parties, refusal.severity))
        hit |= {asset for asset, share in denied.items() if share < standing.get(asset, 1.0)}
    members = setup.model.table("capacity_group_members")
    for row in members.iter_rows(named=True):
        if ("group", row["group"]) in hit:
            hit.add((row["asset_type"], row["asset"]))
    links = setup.model.table("links")
    ends = {row["link"]: (row["from_node"], row["to_node"]) for row in links.iter_rows(named=True)}
    closed = {ends[code] for kind, code in hit if kind == "link" and code in ends}
    return frozenset(hit | {("link", link) for link, pair in ends.items() if pair in closed})


def _around(setup: Setup, scenario: Scenario) -> Floats:
    """Return 0 for activities on hit assets, else 1."""
    hit = hit_assets(setup, scenario)
    open_share = np.array([0.0 if asset in hit else 1.0 for asset in setup.network.assets])
    chosen: Floats = open_share[setup.network.activities.asset]
    return chosen


def _disturbed(scenario: Scenario) -> list[bool]:
    """Return the steps on whose days a shock or refusal lasts, repair left out; all steps where there is none."""
    windows = [shock.window for shock in scenario.shocks] + [refusal.window for refusal in scenario.refusals]
    within = [
        any(one.first <= step.last and (one.last is None or step.first <= one.last) for one in windows)
        for step in scenario.steps
    ]
    return within if any(within) else [True] * len(within)


def _exports(setup: Setup, goods: Goods) -> NDArray[np.bool_]:
    """Return the sales of ``goods`` of the focal state outside its own market (activities)."""
    network, markets = setup.network, setup.model.table("markets")
    home = set(markets.filter(pl.col("kind") == "domestic")["market"].to_list())
    abroad = np.array([kind == "market" and asset not in home for kind, asset in network.assets], dtype=np.bool_)
    return _chosen(setup, goods, Kind.SALE) & abroad[network.activities.asset]


def _sold_around(setup: Setup, goods: Goods, use: Floats, left: Floats) -> float:
    return float(_sold_around_each(setup, goods, use, left[None, :])[0])


def _sold_around_each(setup: Setup, goods: Goods, use: Floats, lefts: Floats) -> Floats:
    sales = _chosen(setup, goods, Kind.SALE)
    sold: Floats = surviving_shares(setup.network, use, lefts)[:, sales] @ use[sales]
    return sold


def _sold_around_by_step(setup: Setup, goods: Goods, course: Course, around: Floats) -> Floats:
    """Return the same for each step; most days are like another, and are followed once."""
    rates, same = np.unique(np.round(course.use / course.lengths[:, None], 6), axis=0, return_inverse=True)
    sold = np.array([_sold_around(setup, goods, rate, around) for rate in rates])
    by_step: Floats = sold[same.ravel()] * course.lengths
    return by_step


def _losses(setup: Setup, before: Course, after: Course, factors: Floats) -> dict[str, float]:
    first, then = (
        setup.ledger.at_prices(mean_factor(factors, course.use)).booked(course.total) for course in (before, after)
    )
    return lost_by_bearer(setup.focal_state, first.less(then))


def _stores_of(setup: Setup, goods: Goods) -> NDArray[np.bool_]:
    network, owner = setup.network, setup.focal_state
    held = [cargo.owner == owner and cargo.commodity in goods.commodities for cargo in network.cargoes]
    chosen: NDArray[np.bool_] = np.array(held, dtype=np.bool_)[network.stores.row % len(network.cargoes)]
    return chosen


def _table(setup: Setup, scenario: Scenario, before: Course, after: Course, around: Floats) -> pl.DataFrame:
    columns: dict[str, object] = {
        "first": [step.first for step in scenario.steps],
        "days": [step.days for step in scenario.steps],
    }
    change = after.use - before.use
    for goods in goods_of(setup.network, setup.focal_state):
        usual, moved = (_sold_around_by_step(setup, goods, course, around) for course in (before, after))
        measures = {
            "produced": _of(setup, goods, Kind.SUPPLY, after.use),
            "shut_in": _rounded(-_of(setup, goods, Kind.SUPPLY, change)),
            "moved": _rounded(moved - usual),
            "unmet": _rounded(_of(setup, goods, Kind.UNMET, change)),
            "stock": after.stock[:, _stores_of(setup, goods)].sum(axis=1),
        }
        columns |= {goods.column(measure): amounts for measure, amounts in measures.items()}
    return pl.DataFrame({**columns, "loss_musd": _rounded(before.value - after.value)})


def _rounded(values: Floats) -> Floats:
    """Return ``values`` with what the solver's tolerance leaves set to zero."""
    return np.where(np.abs(values) < SEEN * 1e-2, 0.0, values)


def _full_on(setup: Setup, scenario: Scenario, after: Course) -> date | None:
    capacity = setup.network.stores.capacity
    full = (after.stock >= capacity * (1 - _FULL)) & (setup.network.stores.initial < capacity * (1 - _FULL))
    steps = np.flatnonzero(full.any(axis=1))
    return scenario.steps[int(steps[0])].last if len(steps) else None


def _back_on(scenario: Scenario, goods: Sequence[Goods], table: pl.DataFrame) -> date | None:
    shut_in = table.select(columns_of(goods, "shut_in")).to_numpy()
    short = np.flatnonzero((shut_in > SEEN).any(axis=1))
    if not len(short) or short[-1] + 1 == len(scenario.steps):
        return None
    return scenario.steps[int(short[-1]) + 1].first


def _control(setup: Setup, before: Course, after: Course, around: Floats) -> pl.DataFrame:
    """Return how much of what moved around the hit assets each player alone could have stopped."""
    parties = list(setup.model.settings.players)
    lefts = np.vstack([around, around * spared_by(setup.network, setup.clauses, parties)])
    columns: dict[str, object] = {"party": parties}
    for goods in goods_of(setup.network, setup.focal_state):
        sold = [_sold_around_each(setup, goods, course.total, lefts) for course in (after, before)]
        moved = sold[0] - sold[1]
        columns[goods.column("moved")] = moved[0] - moved[1:]
    frame = pl.DataFrame(columns, schema_overrides={"party": pl.String})
    return frame.sort(pl.col(frame.columns[1]).round(6), "party", descending=[True, False])


def _binding(setup: Setup, scenario: Scenario, before: Course, after: Course) -> pl.DataFrame:
    found: dict[Asset, tuple[date, float]] = {}
    for asset, first, limit in _bound(setup, scenario, before, after):
        found.setdefault(asset, (first, limit))
    rows = [(first, *asset, limit) for asset, (first, limit) in found.items()]
    schema = {"first": pl.Date, "asset_type": pl.String, "asset": pl.String, "limit_mt": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("first", "asset_type", "asset")


def _bound(setup: Setup, scenario: Scenario, before: Course, after: Course) -> Iterator[tuple[Asset, date, float]]:
    """Yield asset, first day and rate (Mt a year, Mt for a store) of every limit that binds, step by step."""
    network = setup.network
    hit = hit_assets(setup, scenario)
    for number, step in enumerate(scenario.steps):
        length = after.lengths[number]
        load, usual = (network.limits.share @ course.use[number] / length for course in (after, before))
        limit = after.limit[number] / length
        for index in np.flatnonzero(np.isfinite(limit) & (load >= limit - SEEN)):
            asset = network.assets[network.limits.asset[index]]
            closed = limit[index] < before.limit[number, index] / length - SEEN
            if load[index] > usual[index] + SEEN or (asset in hit and closed):
                yield asset, step.first, float(limit[index])
        for place, store in enumerate(network.stores.asset):
            capacity = network.stores.capacity[place]
            if after.stock[number, place] >= capacity * (1 - _FULL) > before.stock[number, place]:
                yield network.assets[store], step.last, float(capacity)
