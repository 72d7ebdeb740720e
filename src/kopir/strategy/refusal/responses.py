"""Responses to a refusal: the best flow, the one that may not re-route, and what they say about assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.flow.sharing import passing_each, spared
from kopir.flow.value import Flow
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats, Kind
from kopir.strategy.value.control import spared_by
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Valuation


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

    def stranded(self, owner: str, goods: frozenset[str] | None = None) -> float:
        """Return Mt that ``owner`` no longer produces, of all goods unless named."""
        network = self.before.network
        supplies = network.of_kind(Kind.SUPPLY) & network.owned_by(owner) & network.carrying(goods)
        return float((self.before.total - self.after.total)[supplies].sum())

    def rerouted(self, owner: str, goods: frozenset[str] | None = None) -> float:
        """Return Mt of ``owner`` that meet nothing that is hit, more than before, without the noise of tracing."""
        network = self.before.network
        after, before = (spared(network, flow.total, self.hit, owner, goods) for flow in (self.after, self.before))
        return round(after - before, 9)


def respond(valuation: Valuation, undisturbed: Flow, denial: Denial) -> Response:
    """Return the best response to a denial, and what happens when nothing may be re-routed."""
    closed: NDArray[np.bool_] = np.any(valuation.shares(denial).all < valuation.shares(NOBODY).all, axis=0)
    if not closed.any():
        nothing = np.zeros(len(valuation.network.activities), dtype=np.bool_)
        return Response(denial, nothing, undisturbed, undisturbed, undisturbed)
    return Response(
        denial=denial,
        hit=closed[valuation.network.activities.asset],
        before=undisturbed,
        after=valuation.flow(denial),
        held=valuation.flow(denial, held=undisturbed.total),
    )


def values_of(valuation: Valuation, partners: Sequence[str], severity: float) -> pl.DataFrame:
    """Return ``partner`` and ``leverage_musd`` (million USD a year) alone: one solve each, no tables."""
    losses = [valuation.leverage(Denial(frozenset([partner]), severity)) for partner in partners]
    schema = {"partner": pl.String, "leverage_musd": pl.Float64}
    return pl.DataFrame({"partner": partners, "leverage_musd": losses}, schema=schema)


def volumes_table(setup: Setup, responses: Mapping[str, Response]) -> pl.DataFrame:
    """Return hit, re-routed and stranded Mt by partner and goods: tonnes of different goods are not added."""
    owner = setup.focal_state
    rows = []
    for partner, response in responses.items():
        for goods in setup.network.goods(owner):
            stranded, rerouted = response.stranded(owner, goods), response.rerouted(owner, goods)
            rows.append((partner, " ".join(sorted(goods)), stranded + rerouted, rerouted, stranded))
    measures = dict.fromkeys(("sensitivity_mt", "rerouted_mt", "stranded_mt"), pl.Float64)
    return pl.DataFrame(rows, schema={"partner": pl.String, "goods": pl.String, **measures}, orient="row")


def control_table(setup: Setup, responses: Mapping[str, Response]) -> pl.DataFrame:
    """Return for each denial Mt under each denier's control before and after."""
    network, owner = setup.network, setup.focal_state
    parties = list(responses)
    spared_shares = spared_by(network, setup.clauses, parties)
    flows = {id(flow): flow for response in responses.values() for flow in (response.before, response.after)}
    held = {key: passing_each(network, flow.total, spared_shares, owner) for key, flow in flows.items()}
    rows = [
        (denier, party, float(held[id(response.before)][index]), float(held[id(response.after)][index]))
        for denier, response in responses.items()
        for index, party in enumerate(parties)
    ]
    schema = {"denier": pl.String, "controller": pl.String, "before_mt": pl.Float64, "after_mt": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(change_mt=pl.col("after_mt") - pl.col("before_mt"))


def routes_table(setup: Setup, responses: Mapping[str, Response]) -> pl.DataFrame:
    """Return for each denial Mt on each asset by commodity and owner, before and after."""
    network, activities = setup.network, setup.network.activities
    moves = (activities.kind != Kind.UNMET) & (activities.kind != Kind.SHORTFALL)
    place = activities.asset * len(network.cargoes) + activities.cargo
    places = np.unique(place[moves])
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
