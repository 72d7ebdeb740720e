"""A model: a checked folder with every quantity resolved to a number, its interval and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from kopir.core.errors import Fault
from kopir.core.folders.folder import Folder
from kopir.core.folders.settings import Settings
from kopir.model.contents.accounting import accounting_nodes, accounting_options
from kopir.model.contents.facts import Fact
from kopir.model.contents.of_assets import cells_of_assets
from kopir.model.contents.purchases import Goods, as_bought, purchases
from kopir.model.contents.quantities import CellRef, Quantity

Row = Mapping[str, Any]

_OWNED = frozenset({"baseline_flows", "charges", "contracts", "storage", "supplies"})
"""Tables of goods that belong to somebody on their way."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that a model opened as of a day does without, for ``fact`` came out only ``since`` a later day."""

    table: str
    line: int
    fact: str
    since: str


@dataclass(frozen=True)
class Model:
    """A model folder opened as of a date.

    ``quantities`` holds every quantity cell; ``facts`` the fact book. ``as_of`` is ``None`` for the model as
    it is written; ``left_out`` are the rows that a model as of a day does without; ``restated`` tells whether
    any number is another than as written, for its fact was not known then. ``warnings`` say what is missing
    so that answers are nought by construction.
    """

    folder: Folder
    facts: Mapping[str, Fact]
    quantities: Mapping[CellRef, Quantity]
    as_of: date | None = None
    left_out: tuple[LeftOut, ...] = ()
    restated: bool = False
    warnings: tuple[Fault, ...] = ()

    @property
    def settings(self) -> Settings:
        """What kopir.toml says."""
        return self.folder.settings

    @property
    def focal_state(self) -> str:
        """Code of the state whose exposure is measured."""
        return self.settings.model.focal_state

    @cached_property
    def undated(self) -> Model:
        """The model on no day: its clauses are those at the end of the base year."""
        return self if self.as_of is None else replace(self, as_of=None)

    @cached_property
    def _values(self) -> Mapping[str, Mapping[tuple[int, str], float]]:
        values: dict[str, dict[tuple[int, str], float]] = {}
        for ref, quantity in self.quantities.items():
            values.setdefault(ref.table, {})[ref.line, ref.column] = quantity.value
        return values

    @cached_property
    def cells_of_assets(self) -> Mapping[tuple[str, str], tuple[CellRef, ...]]:
        """The quantity cells filled in of every row that is, or is about, an asset (type and code), sorted."""
        return cells_of_assets(self.folder, self.quantities)

    def table(self, name: str, values: Mapping[CellRef, float] | None = None) -> pl.DataFrame:
        """Return a table with quantity columns as Float64 in the unit of their column (null where blank).

        Rows that do not hold on the day, without one on the last day of the base year, are left out.
        ``values`` replaces the central value of the quantities it names, which is how intervals are propagated.
        Goods that the focal state buys abroad are its own, whoever the tables say sells them.
        """
        replaced = {(ref.line, ref.column): value for ref, value in (values or {}).items() if ref.table == name}
        if name not in self._central:
            self._central[name] = self._filled(name)
        return _with_values(self._central[name], replaced)

    def rows(self, name: str, values: Mapping[CellRef, float] | None = None) -> tuple[Row, ...]:
        """Return :meth:`table` row by row: what is asked once for each draw, most of whose cells are as ever."""
        if name not in self._central_rows:
            self._central_rows[name] = tuple(self.table(name).iter_rows(named=True))
        changed: dict[int, dict[str, float]] = {}
        for ref, value in (values or {}).items():
            if ref.table == name:
                changed.setdefault(ref.line, {})[ref.column] = value
        if not changed:
            return self._central_rows[name]
        return tuple(
            _with_cells(row, changed[row["line"]]) if row["line"] in changed else row
            for row in self._central_rows[name]
        )

    @cached_property
    def _central_rows(self) -> dict[str, tuple[Row, ...]]:
        return {}

    @cached_property
    def beyond_network(self) -> tuple[frozenset[str], frozenset[str]]:
        """Nodes and options that accounting layers alone use: they are no part of the network."""
        return accounting_nodes(self.folder), accounting_options(self.folder)

    @cached_property
    def _central(self) -> dict[str, pl.DataFrame]:
        """Tables at central values that were asked for: a question asks for the same ones many times."""
        return {}

    def _filled(self, name: str) -> pl.DataFrame:
        frame = self.folder.tables[name].typed
        lines = frame["line"].to_list()
        known = self._values.get(name, {})
        columns = [
            pl.Series(
                column.name,
                [known.get((line, column.name)) for line in lines],
                dtype=pl.Float64,
            )
            for column in self.folder.tables[name].schema.columns
            if column.type == "quantity"
        ]
        frame = self._valid(name, frame.with_columns(columns))
        return as_bought(frame, self.purchases, self.focal_state) if name in _OWNED else frame

    @cached_property
    def purchases(self) -> frozenset[Goods]:
        """Commodity and seller of what the focal state buys abroad, see :mod:`kopir.model.contents.purchases`."""
        return purchases(self.folder)

    def _valid(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        gone = [one.line for one in self.left_out if one.table == name]
        frame = frame.filter(~pl.col("line").is_in(gone)) if gone else frame
        if "valid_from" not in frame.columns:
            return frame
        return frame.filter(holding(self.base_day if self.as_of is None else self.as_of.isoformat()))

    @property
    def base_day(self) -> str:
        """The last day of the base year, on which rows hold unless a day is given."""
        return f"{self.settings.model.base_year}-12-31"

    def uncertain(self) -> tuple[Quantity, ...]:
        """Return the quantities whose interval has a width, in order of table, line and column."""
        return tuple(self.quantities[ref] for ref in sorted(self.quantities) if self.quantities[ref].is_uncertain)


def _with_cells(row: Row, cells: Mapping[str, float]) -> Row:
    """Return a row with other values in cells that are not blank."""
    return {**row, **{column: value for column, value in cells.items() if row[column] is not None}}


def _with_values(frame: pl.DataFrame, replaced: Mapping[tuple[int, str], float]) -> pl.DataFrame:
    """Return ``frame`` with other values, by line and column, in cells that are not blank."""
    lines = frame["line"].to_list()
    columns = [
        pl.Series(
            name,
            [
                None if old is None else replaced.get((line, name), old)
                for line, old in zip(lines, frame[name], strict=True)
            ],
            dtype=pl.Float64,
        )
        for name in sorted({column for _, column in replaced})
    ]
    return frame.with_columns(columns) if columns else frame


def holding(day: str) -> pl.Expr:
    """Rows with ``valid_from`` and ``valid_to`` that hold on a day, both ends included."""
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    ended = pl.col("valid_to").is_not_null() & (pl.col("valid_to") < day)
    return begun & ~ended
