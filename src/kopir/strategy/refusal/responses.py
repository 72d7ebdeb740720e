"""Responses to a refusal: the best flow, and what it says about goods and assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.flow.sharing import passing_each, spared
from kopir.flow.value import Flow, Starts
from kopir.model.network.clauses import Denial
from kopir.model.network.goods import Goods, goods_of
from kopir.model.network.network import Floats, Kind
from kopir.strategy.value.control import spared_by
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Valuation


@dataclass(frozen=True)
class Response:
    """The best flow under a denial, beside the undisturbed one.

    ``hit`` (activities) are those on assets of which the denial closes something.
    """

    denial: Denial
    hit: NDArray[np.bool_]
    before: Flow
    after: Flow

    def stranded(self, owner: str, goods: frozenset[str] | None = None) -> float:
        """Return Mt of ``goods``, of all unless named, that ``owner`` no longer produces or is no longer sent."""
        return self.before.produced(owner, goods) - self.after.produced(owner, goods)

    def rerouted(self, owner: str, goods: frozenset[str] | None = None) -> float:
        """Return Mt of ``goods`` that meet nothing that is hit, more than before, without the noise of tracing."""
        network = self.before.network
        after, before = (spared(network, flow.total, self.hit, owner, goods) for flow in (self.after, self.before))
        return round(after - before, 9)

    def volumes(self, owner: str, goods: Sequence[Goods]) -> dict[str, float]:
        """Return Mt a year of each goods hit, stranded and re-routed, by column."""
        found: dict[str, float] = {}
        for one in goods:
            stranded, rerouted = (move(owner, one.commodities) for move in (self.stranded, self.rerouted))
            amounts = {"sensitivity": stranded + rerouted, "stranded": stranded, "rerouted": rerouted}
            found |= {one.column(measure): amount for measure, amount in amounts.items()}
        return found


def respond(valuation: Valuation, undisturbed: Flow, denial: Denial) -> Response:
    """Return the best response to a denial."""
    closed: NDArray[np.bool_] = np.any(valuation.shares(denial).all < valuation.shares(NOBODY).all, axis=0)
    if not closed.any():
        nothing = np.zeros(len(valuation.network.activities), dtype=np.bool_)
        return Response(denial, nothing, undisturbed, undisturbed)
    return Response(
        denial=denial,
        hit=closed[valuation.network.activities.asset],
        before=undisturbed,
        after=valuation.flow(denial),
    )


def held_value(valuation: Valuation, response: Response) -> float:
    """Return the value (million USD a year) under the denial when nothing may be re-routed."""
    if response.after is response.before:
        return response.before.value
    return valuation.flow(response.denial, held=response.before.total).value


def values_of(valuation: Valuation, partners: Sequence[str], severity: float, starts: Starts) -> pl.DataFrame:
    """Return ``partner`` and ``leverage_musd`` (million USD a year) alone: one solve each, no tables.

    ``starts`` is kept from one draw to the next, so that each solve begins where that of another draw ended.
    """
    denials = [Denial(frozenset([partner]), severity) for partner in partners]
    losses = [valuation.value() - valuation.value_from(denial, starts) for denial in denials]
    schema = {"partner": pl.String, "leverage_musd": pl.Float64}
    return pl.DataFrame({"partner": partners, "leverage_musd": losses}, schema=schema)


def control_table(setup: Setup, responses: Mapping[str, Response]) -> pl.DataFrame:
    """Return for each denial Mt of each goods under each denier's control before and after."""
    network, owner = setup.network, setup.focal_state
    parties = list(responses)
    spared_shares = spared_by(network, setup.clauses, parties)
    flows = {id(flow): flow for response in responses.values() for flow in (response.before, response.after)}
    kinds = goods_of(network, owner)
    held = {
        key: [passing_each(network, flow.total, spared_shares, owner, one.commodities) for one in kinds]
        for key, flow in flows.items()
    }
    rows = [
        (
            denier,
            party,
            one.name,
            *(float(held[id(flow)][kind][index]) for flow in (response.before, response.after)),
        )
        for denier, response in responses.items()
        for index, party in enumerate(parties)
        for kind, one in enumerate(kinds)
    ]
    names = dict.fromkeys(("denier", "controller", "goods"), pl.String)
    schema = {**names, "before_mt": pl.Float64, "after_mt": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(change_mt=pl.col("after_mt") - pl.col("before_mt"))


def routes_table(setup: Setup, responses: Mapping[str, Response]) -> pl.DataFrame:
    """Return for each denial Mt on each asset by commodity and owner, before and after."""
    network, activities = setup.network, setup.network.activities
    moves = (activities.kind != Kind.UNMET) & (activities.kind != Kind.SHORTFALL)
    place = activities.asset * len(network.cargoes) + activities.cargo
    places = np.flatnonzero(np.bincount(place[moves]))
    names = [
        (*network.assets[asset], network.cargoes[cargo].commodity, network.cargoes[cargo].owner)
        for asset, cargo in zip(*np.divmod(places, len(network.cargoes)), strict=True)
    ]
    row = np.searchsorted(places, place[moves])

    def on_assets(flow: Flow) -> Floats:
        moved: Floats = np.bincount(row, weights=flow.total[moves], minlength=len(places)).astype(np.float64)
        return moved

    rows = [
        (denier, *name, float(before), float(after))
        for denier, response in responses.items()
        for name, before, after in zip(names, on_assets(response.before), on_assets(response.after), strict=True)
    ]
    keys = ("denier", "asset_type", "asset", "commodity", "owner")
    schema = {**dict.fromkeys(keys, pl.String), "before_mt": pl.Float64, "after_mt": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def binding_table(setup: Setup, valuation: Valuation, responses: Mapping[str, Response]) -> pl.DataFrame:
    """Return for each denial the limits that bind after but not before."""
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
