"""Dependence on a territory: the share of what is sold that crosses it, with what is not split left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from kopir.core.errors import Fault, ModelError
from kopir.flow.calibration import complete
from kopir.model.network import Floats, Kind
from kopir.model.quantities import CellRef
from kopir.strategy.control import crossing
from kopir.strategy.setup import Setup

_SCHEMA = {
    "state": pl.String,
    "low_mt": pl.Float64,
    "central_mt": pl.Float64,
    "high_mt": pl.Float64,
    "base_mt": pl.Float64,
    "remainder": pl.String,
    "remainder_mt": pl.Float64,
}


@dataclass(frozen=True)
class DependenceResult:
    """Mt a year that cross each state's territory before they are sold abroad, of the base year.

    ``table`` has ``low_mt`` and ``high_mt`` over all splits of the unsplit ``remainder`` (``remainder_mt``)
    that its intervals allow, and ``base_mt``, all that is sold outside the focal state's own market.
    """

    year: int
    table: pl.DataFrame


def dependence(setup: Setup, states: Sequence[str]) -> DependenceResult:
    """Return the dependence on each of ``states``.

    Raises :class:`ModelError` (K0405) for a model without recorded flows.
    """
    if setup.calibration is None:
        why = "the model has no recorded flows of its base year"
        raise ModelError(Fault("K0405", why, "add rows to baseline_flows.csv", "baseline_flows.csv"))
    owner = setup.focal_state
    network = setup.network
    blocks = _blocks(setup)
    remainder = sum(total for members in blocks.values() for _, _, _, total in members[:1])
    home = set(setup.model.table("markets").filter(pl.col("kind") == "domestic")["market"].to_list())
    abroad = np.array([kind == "market" and asset not in home for kind, asset in network.assets])
    sales = network.of_kind(Kind.SALE) & network.owned_by(owner) & abroad[network.activities.asset]
    rows = []
    for state in states:
        base = setup.calibration.use
        central = crossing(setup.model, network, base, [state], owner)
        ends = [central]
        for most in (False, True):
            use = _resplit(setup, blocks, state, most=most)
            if use is not None:
                ends.append(crossing(setup.model, network, use, [state], owner))
        rows.append(
            {
                "state": state,
                "low_mt": min(ends),
                "central_mt": central,
                "high_mt": max(ends),
                "base_mt": float(base[sales].sum()),
                "remainder": ", ".join(sorted(blocks)),
                "remainder_mt": float(remainder),
            }
        )
    return DependenceResult(setup.baseline.year, pl.DataFrame(rows, schema=_SCHEMA))


def _blocks(setup: Setup) -> Mapping[str, list[tuple[CellRef, float, float, float]]]:
    """Return the cells of each unsplit remainder with their intervals and the sum that they must keep."""
    blocks: dict[str, list[tuple[CellRef, float, float, float]]] = {}
    rows = setup.baseline.rows.filter(pl.col("block").is_not_null() & (pl.col("asset_type") == "link"))
    for row in rows.iter_rows(named=True):
        quantity = setup.model.quantities[CellRef("baseline_flows", row["line"], "value")]
        blocks.setdefault(row["block"], []).append((quantity.ref, quantity.low, quantity.high, quantity.value))
    return {
        name: [(ref, low, high, sum(part[3] for part in members)) for ref, low, high, _ in members]
        for name, members in blocks.items()
    }


def _resplit(
    setup: Setup, blocks: Mapping[str, list[tuple[CellRef, float, float, float]]], state: str, *, most: bool
) -> Floats | None:
    """Return the flow in which most (or least) of each remainder that its intervals allow crosses ``state``."""
    model, network = setup.model, setup.network
    use = setup.baseline.use.copy()
    by_line = {row["line"]: row for row in setup.baseline.rows.iter_rows(named=True)}
    links = {row["link"]: row for row in model.table("links").iter_rows(named=True)}
    territory = dict(model.table("nodes").select("node", "territory").iter_rows())
    for members in blocks.values():

        def crosses(ref: CellRef) -> bool:
            link = links[by_line[ref.line]["asset"]]
            ends = {territory[link["from_node"]], territory[link["to_node"]]}
            return state in (set(link["territories"]) or ends)

        left = members[0][3] - sum(low for _, low, _, _ in members)
        for ref, low, high, _ in sorted(members, key=lambda part: (crosses(part[0]) != most, part[0])):
            extra = min(left, high - low)
            left -= extra
            row = by_line[ref.line]
            index = network.asset_index["link", row["asset"]]
            chosen = (network.activities.asset == index) & network.owned_by(row["owner"])
            use[chosen & np.isfinite(use)] = low + extra
    free = use.copy()
    free[network.of_kind(Kind.SALE) & ~_domestic(setup)] = np.nan
    try:
        return complete(network, replace(setup.baseline, use=free))
    except ModelError:
        return None


def _domestic(setup: Setup) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    home = set(setup.model.table("markets").filter(pl.col("kind") == "domestic")["market"].to_list())
    assets = np.array([kind == "market" and asset in home for kind, asset in setup.network.assets], dtype=np.bool_)
    chosen: np.ndarray[tuple[int], np.dtype[np.bool_]] = assets[setup.network.activities.asset]
    return chosen
