"""Sensitivity and leverage: what each partner's refusal costs without and with the best response."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl

from kopir.flow.booking import Accounts, Booked
from kopir.flow.value import Flow, Starts
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells, CitedNumber, Numbers, table_numbers
from kopir.model.network.clauses import Denial
from kopir.model.network.goods import Goods, columns_of, goods_of
from kopir.model.network.network import Kind
from kopir.strategy.refusal.responses import (
    Response,
    binding_table,
    control_table,
    held_value,
    respond,
    routes_table,
    values_of,
)
from kopir.strategy.value.behind import CHANGED, assets_in, cells_of_assets, cells_of_refusal, cells_of_rows
from kopir.strategy.value.deferral import deferred_value
from kopir.strategy.value.own_cost import price_feedback
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import DRAWS, IntervalResult, intervals, with_ends
from kopir.strategy.value.valuation import NOBODY, Span, Valuation

_MONEY = (
    "sensitivity_musd",
    "leverage_musd",
    "recorded_musd",
    "deferral_musd",
    "budget_musd",
    "firms_musd",
    "consumers_musd",
    "income_musd",
    "foreign_musd",
    "others_musd",
    "partners_musd",
    "carriers_musd",
    "whole_musd",
    "own_income_musd",
    "own_price_musd_low",
    "own_price_musd_high",
)
VOLUMES = ("sensitivity", "stranded", "rerouted")
"""Tonnes of each goods in the table: hit by a refusal, and of it neither produced nor received, or re-routed."""

_BY_PRICE = frozenset({"own_price_musd_low", "own_price_musd_high"})


@dataclass(frozen=True)
class LeverageResult:
    """What refusals cost. Volumes are Mt a year, money is million USD a year, of the horizon named.

    ``table`` has one row a partner: ``sensitivity_mt`` (what is refused no longer carries this much),
    ``stranded_mt`` (of it, neither produced nor received after the best response), ``rerouted_mt`` (of it, on
    other assets; below 0 where others' goods crowd out those of the focal state), each for each goods where these
    are several (``stranded_coal_mt``), ``sensitivity_musd``, ``leverage_musd`` (``V`` with
    the calibrated terms), ``recorded_musd`` (at recorded costs), ``deferral_musd`` (of ``recorded_musd``, what
    comes back later, discounted), the loss by beneficiary (``budget_musd``, ``firms_musd``, ``consumers_musd``,
    their sum ``income_musd`` of residents; ``foreign_musd``, ``others_musd``, ``partners_musd`` ``carriers_musd``;
    the sum of all, ``whole_musd``, what buyers no longer pay less what is not spent on lifting: see
    :func:`lost_by_bearer`), what the denier itself loses in fees and sales
    (``own_income_musd``) and gains or loses by the price (``own_price_musd_low``, ``own_price_musd_high``).
    ``intervals`` over draws and the range of the ``calibration`` are there where :func:`with_intervals` put them,
    with the columns that it names.
    """

    horizon: str
    severity: float
    baseline_year: int
    calibrated: bool
    table: pl.DataFrame
    setup: Setup = field(repr=False, compare=False)
    valuation: Valuation = field(repr=False, compare=False)
    responses: Mapping[str, Response] = field(repr=False, compare=False)
    intervals: IntervalResult | None = field(default=None, repr=False, compare=False)
    calibration: IntervalResult | None = field(default=None, repr=False, compare=False)

    @cached_property
    def control(self) -> pl.DataFrame:
        """Mt under each jurisdiction's control before and after each denial."""
        return control_table(self.setup, self.responses)

    @cached_property
    def goods(self) -> tuple[Goods, ...]:
        """The goods of the focal state, of which ``table`` has columns of tonnes."""
        return goods_of(self.setup.network, self.setup.focal_state)

    @cached_property
    def volumes(self) -> pl.DataFrame:
        """Mt hit, re-routed and stranded by partner and goods, as ``table`` has them in columns."""
        rows = [
            (row["partner"], one.name, *(row[one.column(measure)] for measure in VOLUMES))
            for row in self.table.iter_rows(named=True)
            for one in self.goods
        ]
        measures = dict.fromkeys((f"{measure}_mt" for measure in VOLUMES), pl.Float64)
        return pl.DataFrame(rows, schema={"partner": pl.String, "goods": pl.String, **measures}, orient="row")

    @cached_property
    def routes(self) -> pl.DataFrame:
        """Mt on each asset before and after each denial."""
        return routes_table(self.setup, self.responses)

    @cached_property
    def binding(self) -> pl.DataFrame:
        """Limits that bind after each denial but not before."""
        return binding_table(self.setup, self.valuation, self.responses)

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values, its tables as lists of rows."""
        own = {name: getattr(self, name) for name in ("horizon", "severity", "baseline_year", "calibrated")}
        tables = ("table", "volumes", "control", "routes", "binding")
        drawn = {"intervals": self.intervals, "calibration": self.calibration}
        return (
            own
            | {name: getattr(self, name).to_dicts() for name in tables}
            | {name: None if one is None else one.as_record() for name, one in drawn.items()}
        )

    @cached_property
    def numbers(self) -> Numbers:
        """Each number of ``table`` as ``leverage:partner:column``, and ``leverage:partner`` for all of them.

        A loss is a sum of rate times change of use, so it rests on the assets whose use changes, on those that
        bind, and on the clauses that close them; price effects also on the world market and the partner's trade.
        """
        partners = self.table["partner"].to_list()
        behind = {partner: self._behind(partner) for partner in partners}
        by_price = {
            partner: tuple(sorted({*behind[partner], *_trade_cells(self.setup.model, partner)}))
            for partner in partners
        }

        def cells(partner: str, column: str) -> Cells:
            return by_price[partner] if column in _BY_PRICE else behind[partner]

        whole = {f"leverage:{partner}": CitedNumber(by_price[partner]) for partner in partners}
        exact = dict(table_numbers("leverage", self.table, "partner", cells))
        return with_ends(exact, "leverage", self.intervals, "partner") | whole

    def _behind(self, partner: str) -> Cells:
        change = (pl.col("before_mt") - pl.col("after_mt")).abs()
        moved = assets_in(self.routes.filter((pl.col("denier") == partner) & (change > CHANGED)))
        assets = moved | assets_in(self.binding.filter(denier=partner))
        cells = cells_of_assets(self.setup, assets) | cells_of_refusal(self.setup, [partner])
        return tuple(sorted(cells))


def leverage(
    setup: Setup,
    *,
    span: Span = "short",
    severity: float = 1.0,
    parties: Sequence[str] | None = None,
) -> LeverageResult:
    """Return sensitivity and leverage of each of ``parties`` (the model's players unless named).

    Raises :class:`kopir.core.errors.InputError` for an unknown party.
    """
    valuation = setup.valuation(span)
    players = tuple(parties or setup.model.settings.players)
    undisturbed = valuation.flow(NOBODY)
    responses = {party: respond(valuation, undisturbed, Denial(frozenset([party]), severity)) for party in players}
    flows = {id(flow): flow for one in responses.values() for flow in (undisturbed, one.after)}
    booked = {key: setup.ledger.booked(flow.total) for key, flow in flows.items()}
    goods = goods_of(setup.network, setup.focal_state)
    rows = [
        _row(setup, party, response, booked, goods, held_value(valuation, response))
        for party, response in responses.items()
    ]
    measures = (*columns_of(goods, *VOLUMES), *_MONEY)
    return LeverageResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        severity=severity,
        baseline_year=setup.baseline.year,
        calibrated=setup.calibration is not None,
        table=pl.DataFrame(rows, schema={"partner": pl.String, **dict.fromkeys(measures, pl.Float64)}).sort(
            pl.col("leverage_musd").round(6), "partner", descending=[True, False]
        ),
        setup=setup,
        valuation=valuation,
        responses=responses,
    )


def leverage_intervals(
    setup: Setup,
    *,
    span: Span = "short",
    severity: float = 1.0,
    parties: Sequence[str] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> IntervalResult:
    """Return how far the uncertain inputs move the figures of :func:`leverage`, and who comes first how often.

    What part of the variance is assumed is told of the leverage alone.
    Raises as :func:`kopir.strategy.value.uncertainty.intervals` does.
    """

    def ask(drawn: Setup) -> pl.DataFrame:
        return leverage(drawn, span=span, severity=severity, parties=parties).table

    players, starts = tuple(parties or setup.model.settings.players), Starts()

    def again(drawn: Setup) -> pl.DataFrame:
        return values_of(drawn.valuation(span), players, severity, starts)

    return intervals(setup, ask, "partner", draws=draws, seed=seed, again=again)


def losses_of(
    setup: Setup, partners: Sequence[str], *, span: Span = "short", severity: float = 1.0
) -> pl.DataFrame:
    """Return the tonnes, ``leverage_musd`` and ``income_musd`` of each ``partner``, as in :func:`leverage`.

    For draws: nothing is solved that these alone do not need.
    """
    valuation, owner = setup.valuation(span), setup.focal_state
    before, goods = valuation.flow(NOBODY), goods_of(setup.network, setup.focal_state)
    booked = setup.ledger.booked(before.total)
    rows: list[dict[str, object]] = []
    for partner in partners:
        response = respond(valuation, before, Denial(frozenset([partner]), severity))
        lost = lost_by_bearer(owner, booked.less(setup.ledger.booked(response.after.total)))
        money = {"leverage_musd": before.value - response.after.value, "income_musd": lost["income_musd"]}
        rows.append({"partner": partner, **response.volumes(owner, goods), **money})
    measures = (*columns_of(goods, *VOLUMES), "leverage_musd", "income_musd")
    frame = pl.DataFrame(rows, schema={"partner": pl.String, **dict.fromkeys(measures, pl.Float64)})
    return frame.sort(pl.col("leverage_musd").round(6), "partner", descending=[True, False])


def with_shapley(result: LeverageResult, shares: pl.DataFrame) -> LeverageResult:
    """Return the result with the column ``shapley_musd`` (million USD a year) of the players' game.

    ``shares`` is the table of :class:`kopir.strategy.refusal.coalitions.CoalitionResult` at the same horizon and
    severity; a partner that is no player there stays blank.
    """
    values = shares.select(pl.col("player").alias("partner"), "shapley_musd")
    return replace(result, table=result.table.join(values, on="partner", how="left", maintain_order="left"))


def lost_by_bearer(focal: str, lost: Booked) -> dict[str, float]:
    """Return the parts of a loss.

    ``income_musd`` is what residents of the focal state lose together (``budget_musd``, ``firms_musd``,
    ``consumers_musd``): the loss of gross national income before second-round effects. Beside it stand foreign
    shareholders in the focal state's fields (``foreign_musd``), other owners of goods (``others_musd``), other
    jurisdictions as receivers of charges (``partners_musd``) and what is booked to nobody (``carriers_musd``).
    """
    own = {name: lost.all.get((focal, name), 0.0) for name in ("budget", "firms", "consumers")}
    return {
        **{f"{name}_musd": amount for name, amount in own.items()},
        "income_musd": sum(own.values()),
        "foreign_musd": lost.owners.get((focal, "foreign"), 0.0),
        "others_musd": math.fsum(amount for (owner, _), amount in lost.owners.items() if owner != focal),
        "partners_musd": math.fsum(
            amount for (jurisdiction, _), amount in lost.received.items() if jurisdiction not in {focal, "-"}
        ),
        "carriers_musd": lost.received.get(("-", "carriers"), 0.0),
    }


def _row(
    setup: Setup,
    party: str,
    response: Response,
    booked: Mapping[int, Booked],
    goods: Sequence[Goods],
    held: float,
) -> dict[str, float | str | None]:
    before, after = response.before, response.after
    had, kept = booked[id(before)], booked[id(after)]
    low, high = _price_effect(setup, party, before, after)
    return {
        "partner": party,
        **losses_between(setup, response, had, kept, goods, held),
        "own_income_musd": _party_income(setup, had.all, party) - _party_income(setup, kept.all, party),
        "own_price_musd_low": low,
        "own_price_musd_high": high,
    }


def losses_between(
    setup: Setup, response: Response, had: Booked, kept: Booked, goods: Sequence[Goods], held: float
) -> dict[str, float]:
    """Return the measures of a refusal, whoever refuses: volumes, losses and by whom these are borne.

    They are named, and in the units, of :class:`LeverageResult`; ``had`` and ``kept`` book the flows before and
    after, ``held`` is the value (million USD a year) when nothing may be re-routed.
    """
    before, after, owner = response.before, response.after, setup.focal_state
    cost = setup.network.activities.cost
    return {
        **response.volumes(owner, goods),
        "sensitivity_musd": before.value - held,
        "leverage_musd": before.value - after.value,
        "recorded_musd": float(cost @ after.total - cost @ before.total),
        "deferral_musd": deferred_value(setup, before.total, after.total, had.fetched),
        **lost_by_bearer(owner, had.less(kept)),
        "whole_musd": setup.ledger.gross(before.total) - setup.ledger.gross(after.total),
    }


def _party_income(setup: Setup, accounts: Accounts, party: str) -> float:
    parties = setup.clauses.expand([party])
    return math.fsum(
        amount
        for (jurisdiction, account), amount in accounts.items()
        if jurisdiction in parties and account in {"budget", "firms"}
    )


def _price_effect(setup: Setup, party: str, before: Flow, after: Flow) -> tuple[float | None, float | None]:
    network = setup.network
    lows: list[float] = []
    highs: list[float] = []
    for market in setup.model.table("world_markets").iter_rows(named=True):
        traded = np.array([cargo.commodity in market["commodities"] for cargo in network.cargoes])
        of_market = traded[network.activities.cargo] & network.owned_by(setup.focal_state)
        supplies = network.of_kind(Kind.SUPPLY) & of_market
        sales = network.of_kind(Kind.SALE) & of_market & (before.total > 0)
        if not sales.any():
            continue
        price = -float(np.average(network.activities.cost[sales], weights=before.total[sales]))
        lost = float((before.total - after.total)[supplies].sum())
        effect = price_feedback(setup.model, market["world_market"], party, lost, price)
        if effect is None:
            return None, None
        lows.append(effect.low)
        highs.append(effect.high)
    return (sum(lows), sum(highs)) if lows else (None, None)


def _trade_cells(model: Model, partner: str) -> set[CellRef]:
    tables = {
        "partner_exports": model.table("partner_exports").filter(partner=partner),
        "world_markets": model.table("world_markets"),
    }
    refs = {ref for name, frame in tables.items() for ref in cells_of_rows(name, frame, frame.columns)}
    return refs & set(model.quantities)
