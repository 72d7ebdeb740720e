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
from kopir.model.scenario import Scenario
from kopir.strategy.course.hindcast import HindcastResult
from kopir.strategy.course.stress import StressResult
from kopir.strategy.refusal.leverage import LeverageResult
from kopir.strategy.value.flows import FlowResult
from kopir.strategy.value.setup import Setup

_CHANGED = 1e-9
_BY_PRICE = frozenset({"own_price_low", "own_price_high"})
_SEEN = ("before", "after")
CLAUSE_COLUMNS = {
    "denial": ("effectiveness_low", "effectiveness_high", "legal_basis"),
    "obligations": ("share", "text"),
}
"""Cells of a clause that a number which it moves rests on, by the table that holds the clause."""


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


def stress_inputs(
    setup: Setup, scenario: Scenario, result: StressResult, name: str
) -> dict[str, tuple[CellRef, ...]]:
    """Return the cells behind each number of a course, by ``name:measure``.

    A course rests on the assets that carry more or less, on those that bind, on what the scenario hits and
    builds, on every store and on the clauses of those who refuse; money also on the months of the prices.
    """
    hit = {shock.asset for shock in scenario.shocks}
    built = {decision.option for decision in scenario.decisions}
    stores = {setup.network.assets[index] for index in setup.network.stores.asset}
    cells = _cells(setup, _assets(result.routes) | _assets(result.binding) | hit | stores)
    cells |= _clause_cells(setup, {party for refusal in scenario.refusals for party in refusal.parties})
    cells |= _row_cells(setup.model, setup.model.table("option_gains").filter(pl.col("option").is_in(built)))
    priced = cells if scenario.prices == "base" else cells | _price_cells(setup.model, scenario)
    return {
        f"{name}:{measure}": tuple(sorted(priced if measure.endswith("_usd") else cells))
        for measure in result.measures
    }


_CORRIDOR_TABLES = frozenset(
    {"corridor_limits", "corridor_records", "corridor_stages", "freight_rates", "route_choice", "transfers"}
)


def hindcast_inputs(model: Model, found: HindcastResult) -> dict[str, tuple[CellRef, ...]]:
    """Return the cells behind each prediction, by ``hindcast:observation``: the row itself and its replay.

    Predictions of containers, which no replay gives, rest on what the record of the corridors reads.
    """
    inputs: dict[str, tuple[CellRef, ...]] = {}
    containers = tuple(ref for ref in model.quantities if ref.table in _CORRIDOR_TABLES)
    for observation, event in found.table.select("observation", "event").iter_rows():
        replay = found.replays.get(event)
        behind = containers
        if replay is not None:
            behind = stress_inputs(replay.setup, replay.scenario, replay.result, event)[f"{event}:moved_mt"]
        row = _whole_rows("observations", model.table("observations").filter(observation=observation), _SEEN)
        inputs[f"hindcast:{observation}"] = tuple(sorted({*behind, *row}))
    return inputs


def _whole_rows(table: str, frame: pl.DataFrame, columns: Iterable[str]) -> set[CellRef]:
    named = tuple(columns)
    return {CellRef(table, line, column) for line in frame["line"].to_list() for column in named}


def _row_cells(model: Model, gains: pl.DataFrame) -> set[CellRef]:
    return _whole_rows("option_gains", gains, gains.columns) & set(model.quantities)


def _price_cells(model: Model, scenario: Scenario) -> set[CellRef]:
    """Return the months of the series that markets follow: those of the scenario and of the base year."""
    first, last = scenario.steps[0].first.isoformat()[:7], scenario.steps[-1].last.isoformat()[:7]
    followed = model.table("markets")["series"].drop_nulls().unique().to_list()
    month, base = pl.col("period"), str(model.settings.model.base_year)
    wanted = month.is_between(pl.lit(first), pl.lit(last)) | month.str.starts_with(base)
    rows = model.table("series").filter(pl.col("series").is_in(followed) & wanted)
    return _whole_rows("series", rows, ("value",))


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
        for column in CLAUSE_COLUMNS[clause.table]
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
