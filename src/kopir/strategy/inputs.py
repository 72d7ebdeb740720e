"""Which cells of the model each printed number rests on, by the id of the number."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from kopir.flow.value import Flow
from kopir.model.clauses import Asset, Denial
from kopir.model.model import Model
from kopir.model.provenance import asset_cells
from kopir.model.quantities import CellRef
from kopir.strategy.flows import FlowResult
from kopir.strategy.leverage import LeverageResult
from kopir.strategy.setup import Setup

_CHANGED = 1e-9
_BY_PRICE = frozenset({"own_price_low", "own_price_high"})
_SHOWN_OF_CLAUSE = {
    "denial": ("effectiveness_low", "effectiveness_high", "legal_basis"),
    "obligations": ("share", "text"),
}


def flow_inputs(setup: Setup, result: FlowResult) -> dict[str, tuple[CellRef, ...]]:
    """Return the cells behind each flow (``flow:asset_type:asset:commodity:owner``) and behind ``flow:value_usd``.

    A flow is given the cells of its own asset; the value those of every asset that moves anything.
    """
    found: dict[str, tuple[CellRef, ...]] = {}
    for row in result.table.iter_rows(named=True):
        name = ":".join(("flow", *(row[part] for part in ("asset_type", "asset", "commodity", "owner"))))
        found[name] = tuple(sorted(_cells(setup, [(row["asset_type"], row["asset"])])))
    found["flow:value_usd"] = tuple(sorted({ref for refs in found.values() for ref in refs}))
    return found


def leverage_inputs(setup: Setup, result: LeverageResult) -> dict[str, tuple[CellRef, ...]]:
    """Return the cells behind each number of the leverage table, by ``leverage:partner:column``.

    A loss is a sum of rate times change of use, so it rests on the assets whose use changes, on those that
    bind, and on the clauses that close them; price effects also on the world market and the partner's trade.
    """
    found: dict[str, tuple[CellRef, ...]] = {}
    columns = [name for name in result.table.columns if name != "partner"]
    for partner in result.table["partner"].to_list():
        assets = _moved(result.routes, partner) | _assets(result.binding.filter(denier=partner))
        cells = _cells(setup, assets) | _clause_cells(setup, [partner])
        by_price = cells | _trade_cells(setup.model, partner)
        for column in columns:
            found[f"leverage:{partner}:{column}"] = tuple(sorted(by_price if column in _BY_PRICE else cells))
        found[f"leverage:{partner}"] = tuple(sorted(by_price))
    return found


def denial_inputs(setup: Setup, before: Flow, after: Flow, denial: Denial) -> tuple[CellRef, ...]:
    """Return the cells behind the loss from one flow to another under ``denial``.

    The assets whose use changes, the limits whose load changes, and the clauses that close something.
    """
    network = setup.network
    change = np.abs(before.total - after.total) > _CHANGED
    loads = np.abs(network.limits.share @ (before.total - after.total)) > _CHANGED
    moved = {*network.activities.asset[change].tolist(), *network.limits.asset[loads].tolist()}
    cells = _cells(setup, [network.assets[index] for index in moved])
    return tuple(sorted(cells | _clause_cells(setup, denial.parties, denial.function)))


def coalition_cells(setup: Setup, players: Iterable[str]) -> tuple[CellRef, ...]:
    """Return the cells behind every number of the game among ``players``.

    It weighs the optima under every coalition, so it rests on every asset of the network and on the clauses of
    all players.
    """
    return tuple(sorted(_cells(setup, setup.network.assets) | _clause_cells(setup, players)))


def coalition_inputs(setup: Setup, shares: pl.DataFrame) -> dict[str, tuple[CellRef, ...]]:
    """Return the cells behind each number of a table of shares, by ``coalitions:player:column``."""
    players = shares["player"].to_list()
    behind = coalition_cells(setup, players)
    columns = [name for name in shares.columns if name not in {"player", "dummy"}]
    return {f"coalitions:{player}:{column}": behind for player in players for column in columns}


def _cells(setup: Setup, assets: Iterable[Asset]) -> set[CellRef]:
    """Return the cells of some assets; of recorded flows only those of the base year count."""
    recorded = set(setup.baseline.rows["line"].to_list())
    return {
        ref
        for asset in assets
        for ref in asset_cells(setup.model, asset)
        if ref.table != "baseline_flows" or ref.line in recorded
    }


def _moved(routes: pl.DataFrame, denier: str) -> set[Asset]:
    change = (pl.col("before_mt") - pl.col("after_mt")).abs()
    return _assets(routes.filter((pl.col("denier") == denier) & (change > _CHANGED)))


def _assets(frame: pl.DataFrame) -> set[Asset]:
    return set(frame.select("asset_type", "asset").iter_rows())


def _clause_cells(setup: Setup, deniers: Iterable[str], function: str | None = None) -> set[CellRef]:
    parties = setup.clauses.expand(deniers)
    return {
        CellRef(clause.table, clause.line, column)
        for clause in setup.clauses.clauses
        if clause.parties <= parties and clause.high > 0 and not clause.in_force
        if function in {None, clause.function}
        for column in _SHOWN_OF_CLAUSE[clause.table]
    }


def _trade_cells(model: Model, partner: str) -> set[CellRef]:
    tables = {
        "partner_exports": model.table("partner_exports").filter(partner=partner),
        "world_markets": model.table("world_markets"),
    }
    refs = {
        CellRef(name, line, column)
        for name, frame in tables.items()
        for line in frame["line"].to_list()
        for column in frame.columns
    }
    return refs & set(model.quantities)
