"""Dependence on a territory: the share of what is sold that crosses it, with what is not split left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kopir.core.errors import Fault, ModelError
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.network.goods import Goods, goods_of
from kopir.model.network.network import Kind
from kopir.strategy.value.control import crossing, territories
from kopir.strategy.value.setup import Setup

_SCHEMA = {
    "state": pl.String,
    "goods": pl.String,
    "low_mt": pl.Float64,
    "central_mt": pl.Float64,
    "high_mt": pl.Float64,
    "base_mt": pl.Float64,
    "remainder": pl.String,
    "remainder_mt": pl.Float64,
}


@dataclass(frozen=True)
class DependenceResult:
    """Mt a year of each goods that cross each state's territory before they are sold abroad, of the base year.

    ``table`` has a row for each ``state`` and ``goods``: ``low_mt`` and ``high_mt`` over all splits of the unsplit
    ``remainder`` (``remainder_mt``) that its intervals allow, and ``base_mt``, all that is sold outside the focal
    state's own market.
    """

    year: int
    table: pl.DataFrame


def dependence(setup: Setup, states: Sequence[str]) -> DependenceResult:
    """Return the dependence on each of ``states``.

    A remainder counts where some of its routes cross the state and some do not; the members of one are
    routes side by side, so what one gains another loses. Raises :class:`ModelError` (K0405) for a model
    without recorded flows.
    """
    if setup.calibration is None:
        why = "the model has no recorded flows of its base year"
        raise ModelError(Fault("K0405", why, "add rows to baseline_flows.csv", "baseline_flows.csv"))
    owner, network, use = setup.focal_state, setup.network, setup.calibration.use
    home = set(setup.model.table("markets").filter(pl.col("kind") == "domestic")["market"].to_list())
    abroad = np.array([kind == "market" and asset not in home for kind, asset in network.assets])
    sales = network.of_kind(Kind.SALE) & network.owned_by(owner) & abroad[network.activities.asset]
    crossed = territories(setup.model)
    rows = []
    for goods in goods_of(network, owner):
        base = float(use[sales & network.carrying(goods.commodities)].sum())
        blocks = _blocks(setup, goods)
        for state in states:
            central = crossing(setup.model, network, use, [state], owner, goods.commodities)
            low, high, names, remainder = _unsplit(blocks, state, crossed)
            rows.append(
                (state, goods.name, central + low, central, central + high, base, ", ".join(names), remainder)
            )
    order = {state: place for place, state in enumerate(states)}
    rows.sort(key=lambda row: order[row[0]])
    return DependenceResult(setup.baseline.year, pl.DataFrame(rows, schema=_SCHEMA, orient="row"))


Blocks = Mapping[str, Sequence[tuple[str, Quantity]]]


def _unsplit(
    blocks: Blocks, state: str, crossed: Mapping[str, frozenset[str]]
) -> tuple[float, float, list[str], float]:
    """Return by how much the split of the remainders could move what crosses ``state``, which, and their sum."""
    low = high = remainder = 0.0
    names: list[str] = []
    for name, members in sorted(blocks.items()):
        inside = [quantity for link, quantity in members if state in crossed[link]]
        outside = [quantity for link, quantity in members if state not in crossed[link]]
        if inside and outside:
            recorded = sum(quantity.value for quantity in inside)
            whole = recorded + sum(quantity.value for quantity in outside)
            low += max(sum(q.low for q in inside), whole - sum(q.high for q in outside)) - recorded
            high += min(sum(q.high for q in inside), whole - sum(q.low for q in outside)) - recorded
            names.append(name)
            remainder += whole
    return low, high, names, remainder


def _blocks(setup: Setup, goods: Goods) -> Blocks:
    """Return the links of each unsplit remainder of the focal state's ``goods``, with their recorded use."""
    blocks: dict[str, list[tuple[str, Quantity]]] = {}
    rows = setup.baseline.rows.filter(
        pl.col("block").is_not_null() & (pl.col("asset_type") == "link") & (pl.col("owner") == setup.focal_state)
    )
    network, carries = setup.network, setup.network.carrying(goods.commodities)
    for row in rows.iter_rows(named=True):
        if row["commodity"] and row["commodity"] not in goods.commodities:
            continue
        if not row["commodity"]:  # it stands for all that the link carries
            index = network.asset_index[row["asset_type"], row["asset"]]
            if not carries[network.activities.asset == index].all():
                continue
        quantity = setup.model.quantities[CellRef("baseline_flows", row["line"], "value")]
        blocks.setdefault(row["block"], []).append((row["asset"], quantity))
    return blocks
