"""The cells behind assets, clauses and the loss from one flow to another: what numbers of every room rest on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from kopir.flow.value import Flow
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells
from kopir.model.grounds.provenance import asset_cells
from kopir.model.network.clauses import Asset, Clause, Denial
from kopir.strategy.value.setup import Setup

CHANGED = 1e-9
"""Mt a year below which the use of an asset has not changed."""

_CLAUSE_COLUMNS = {
    "denial": ("effectiveness_low", "effectiveness_high", "legal_basis"),
    "obligations": ("share", "text"),
}


def clause_cells(clause: Clause) -> set[CellRef]:
    """Return the cells of a clause that a number which it moves rests on."""
    return {CellRef(clause.table, clause.line, column) for column in _CLAUSE_COLUMNS[clause.table]}


def cells_of_assets(setup: Setup, assets: Iterable[Asset]) -> set[CellRef]:
    """Return the cells of some assets; of recorded flows only those of the base year count."""
    recorded = set(setup.baseline.rows["line"].to_list())
    return {
        ref
        for asset in assets
        for ref in asset_cells(setup.model, asset)
        if ref.table != "baseline_flows" or ref.line in recorded
    }


def cells_of_refusal(setup: Setup, deniers: Iterable[str], function: str | None = None) -> set[CellRef]:
    """Return the cells of the clauses by which ``deniers`` together can close more than is closed already."""
    parties = setup.clauses.expand(deniers)
    return {
        ref
        for clause in setup.clauses.clauses
        if clause.parties <= parties and clause.high > 0 and not clause.in_force
        if function in {None, clause.function}
        for ref in clause_cells(clause)
    }


def cells_of_loss(setup: Setup, before: Flow, after: Flow, denial: Denial) -> Cells:
    """Return the cells behind the loss from one flow to another under ``denial``.

    The assets whose use changes, the limits whose load changes, and the clauses that close something.
    """
    network = setup.network
    change = np.abs(before.total - after.total) > CHANGED
    loads = np.abs(network.limits.share @ (before.total - after.total)) > CHANGED
    moved = {*network.activities.asset[change].tolist(), *network.limits.asset[loads].tolist()}
    cells = cells_of_assets(setup, [network.assets[index] for index in moved])
    return tuple(sorted(cells | cells_of_refusal(setup, denial.parties, denial.function)))


def assets_in(frame: pl.DataFrame) -> set[Asset]:
    """Return the assets that a table names in ``asset_type`` and ``asset``."""
    return set(frame.select("asset_type", "asset").iter_rows())


def cells_of_rows(table: str, frame: pl.DataFrame, columns: Iterable[str]) -> set[CellRef]:
    """Return the cells of some ``columns`` of all rows of a frame of ``table``."""
    named = tuple(columns)
    return {CellRef(table, line, column) for line in frame["line"].to_list() for column in named}
