"""Sensitivity and leverage: what each partner's refusal costs without and with the best response."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.flow.booking import Accounts, Booked
from kopir.flow.sharing import spared
from kopir.flow.value import Flow
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells, CitedNumber, Numbers, table_numbers
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Kind
from kopir.strategy.value.behind import CHANGED, assets_in, cells_of_assets, cells_of_refusal, cells_of_rows
from kopir.strategy.value.control import under_control
from kopir.strategy.value.deferral import deferred_value
from kopir.strategy.value.grading import assumed_share
from kopir.strategy.value.own_cost import price_feedback
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import DRAWS, IntervalResult, intervals
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
    "own_price_low",
    "own_price_high",
)
_VOLUMES = ("sensitivity_mt", "stranded_mt", "rerouted_mt")
_BY_PRICE = frozenset({"own_price_low", "own_price_high"})
_SCHEMA = {"partner": pl.String, **dict.fromkeys((*_VOLUMES, *_MONEY, "assumed_share"), pl.Float64)}


@dataclass(frozen=True)
class Response:
    """The best flow under a denial, beside the undisturbed one and the one that may not re-route.

    ``hit`` (activities) are those on assets of which the denial closes something.
    """

    denial: Denial
    hit: NDArray[np.bool_]
    before: Flow
    after: Flow
    held: Flow

    def stranded(self, owner: str) -> float:
        """Return Mt that ``owner`` no longer produces."""
        return self.before.produced(owner) - self.after.produced(owner)

    def rerouted(self, owner: str) -> float:
        """Return Mt of ``owner`` that meet nothing that is hit, more than before, without the noise of tracing."""
        network = self.before.network
        after, before = (spared(network, flow.total, self.hit, owner) for flow in (self.after, self.before))
        return round(after - before, 9)


@dataclass(frozen=True)
class LeverageResult:
    """What refusals cost. Volumes are Mt a year, money is million USD a year, of the horizon named.

    ``table`` has one row a partner: ``sensitivity_mt`` (what is refused no longer carries this much),
    ``stranded_mt`` (of it, not produced after the best response), ``rerouted_mt`` (of it, on other assets; below
    0 where others' goods crowd out those of the focal state), ``sensitivity_musd``, ``leverage_musd`` (``V`` with
    the calibrated terms), ``recorded_musd`` (at recorded costs only), ``deferral_musd`` (of ``recorded_musd``,
    what comes back later, discounted), the loss by beneficiary (``budget_musd``, ``firms_musd``,
    ``consumers_musd``, their sum ``income_musd`` of residents; ``foreign_musd``, ``others_musd``,
    ``partners_musd``, ``carriers_musd``; the sum of all, ``whole_musd``: see :func:`lost_by_bearer`), what the
    denier itself loses in fees and sales
    (``own_income_musd``) and gains or loses by the price (``own_price_low``, ``own_price_high``), and
    ``assumed_share``, the share of ``leverage_musd`` that multiplies an assumed figure.

    ``control`` has, for each denial, Mt under each jurisdiction's control before and after; ``routes`` Mt on
    each asset before and after; ``binding`` the limits that bind after but not before.
    """

    horizon: str
    severity: float
    baseline_year: int
    calibrated: bool
    table: pl.DataFrame
    control: pl.DataFrame
    routes: pl.DataFrame
    binding: pl.DataFrame
    setup: Setup = field(repr=False, compare=False)

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
        return dict(table_numbers("leverage", self.table, "partner", cells)) | whole

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
    rows = [_row(setup, party, response) for party, response in responses.items()]
    return LeverageResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        severity=severity,
        baseline_year=setup.baseline.year,
        calibrated=setup.calibration is not None,
        table=pl.DataFrame(rows, schema=_SCHEMA).sort(
            pl.col("leverage_musd").round(6), "partner", descending=[True, False]
        ),
        control=_control(setup, players, responses),
        routes=_routes(setup, responses),
        binding=_binding(setup, valuation, responses),
        setup=setup,
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

    Raises as :func:`kopir.strategy.value.uncertainty.intervals` does.
    """

    def ask(drawn: Setup) -> pl.DataFrame:
        return leverage(drawn, span=span, severity=severity, parties=parties).table

    return intervals(setup, ask, "partner", draws=draws, seed=seed)


def with_shapley(result: LeverageResult, shares: pl.DataFrame) -> LeverageResult:
    """Return the result with the column ``shapley_musd`` (million USD a year) of the players' game.

    ``shares`` is the table of :class:`kopir.strategy.refusal.coalitions.CoalitionResult` at the same horizon and
    severity; a partner that is no player there stays blank.
    """
    values = shares.select(partner="player", shapley_musd="shapley")
    return replace(result, table=result.table.join(values, on="partner", how="left", maintain_order="left"))


def respond(valuation: Valuation, undisturbed: Flow, denial: Denial) -> Response:
    """Return the best response to a denial, and what happens when nothing may be re-routed."""
    closed: NDArray[np.bool_] = np.any(valuation.shares(denial).all < valuation.shares(NOBODY).all, axis=0)
    return Response(
        denial=denial,
        hit=closed[valuation.network.activities.asset],
        before=undisturbed,
        after=valuation.flow(denial),
        held=valuation.flow(denial, held=undisturbed.total),
    )


def loss_by_bearer(setup: Setup, before: Flow, after: Flow) -> dict[str, float]:
    """Return who bears a loss (million USD, at recorded costs); see :func:`lost_by_bearer`.

    ``whole_musd`` is what buyers no longer pay less what is not spent on lifting: the sum of all parts.
    """
    ledger = setup.ledger
    parts = lost_by_bearer(setup.focal_state, ledger.booked(before.total).less(ledger.booked(after.total)))
    return parts | {"whole_musd": ledger.gross(before.total) - ledger.gross(after.total)}


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


def _row(setup: Setup, party: str, response: Response) -> dict[str, float | str | None]:
    before, after, held = response.before, response.after, response.held
    owner = setup.focal_state
    cost = setup.network.activities.cost
    recorded = float(cost @ after.total - cost @ before.total)
    stranded, rerouted = response.stranded(owner), response.rerouted(owner)
    lost = _party_income(setup, setup.ledger.book(before.total), party)
    kept = _party_income(setup, setup.ledger.book(after.total), party)
    low, high = _price_effect(setup, party, before, after)
    return {
        "partner": party,
        "sensitivity_mt": stranded + rerouted,
        "stranded_mt": stranded,
        "rerouted_mt": rerouted,
        "sensitivity_musd": before.value - held.value,
        "leverage_musd": before.value - after.value,
        "recorded_musd": recorded,
        "deferral_musd": deferred_value(setup, before.total, after.total),
        **loss_by_bearer(setup, before, after),
        "own_income_musd": lost - kept,
        "own_price_low": low,
        "own_price_high": high,
        "assumed_share": assumed_share(setup, before, after),
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


def _control(setup: Setup, players: Sequence[str], responses: Mapping[str, Response]) -> pl.DataFrame:
    owner = setup.focal_state

    def held(party: str, flow: Flow) -> float:
        return under_control(setup.network, setup.clauses, flow.total, party, owner)

    rows = [
        {
            "denier": denier,
            "controller": party,
            "before_mt": held(party, response.before),
            "after_mt": held(party, response.after),
        }
        for denier, response in responses.items()
        for party in players
    ]
    schema = {"denier": pl.String, "controller": pl.String, "before_mt": pl.Float64, "after_mt": pl.Float64}
    return pl.DataFrame(rows, schema=schema).with_columns(change_mt=pl.col("after_mt") - pl.col("before_mt"))


def _routes(setup: Setup, responses: Mapping[str, Response]) -> pl.DataFrame:
    network = setup.network
    rows = []
    for denier, response in responses.items():
        for index, (kind, asset) in enumerate(network.assets):
            for cargo_index, cargo in enumerate(network.cargoes):
                chosen = (network.activities.asset == index) & (network.activities.cargo == cargo_index)
                chosen &= (network.activities.kind != Kind.UNMET) & (network.activities.kind != Kind.SHORTFALL)
                if chosen.any():
                    rows.append(
                        (
                            denier,
                            kind,
                            asset,
                            cargo.commodity,
                            cargo.owner,
                            float(response.before.total[chosen].sum()),
                            float(response.after.total[chosen].sum()),
                        )
                    )
    names = ("denier", "asset_type", "asset", "commodity", "owner")
    schema = {**dict.fromkeys(names, pl.String), "before_mt": pl.Float64, "after_mt": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _binding(setup: Setup, valuation: Valuation, responses: Mapping[str, Response]) -> pl.DataFrame:
    network = setup.network
    rows = []
    for denier, response in responses.items():
        bound = valuation.situation(response.denial).allowed(network)
        loads = [network.limits.share @ flow.total for flow in (response.before, response.after)]
        for index in np.flatnonzero((loads[1] >= bound - 1e-6) & (loads[1] > loads[0] + 1e-6)):
            kind, asset = network.assets[network.limits.asset[index]]
            rows.append((denier, kind, asset, float(bound[index]), float(loads[0][index])))
    schema = {
        "denier": pl.String,
        "asset_type": pl.String,
        "asset": pl.String,
        "limit_mt": pl.Float64,
        "before_mt": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _trade_cells(model: Model, partner: str) -> set[CellRef]:
    tables = {
        "partner_exports": model.table("partner_exports").filter(partner=partner),
        "world_markets": model.table("world_markets"),
    }
    refs = {ref for name, frame in tables.items() for ref in cells_of_rows(name, frame, frame.columns)}
    return refs & set(model.quantities)
