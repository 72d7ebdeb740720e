"""A model: a checked folder with every quantity resolved to a number, its interval and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from kopir.core.errors import InputError
from kopir.core.folder import Folder, read_folder
from kopir.core.settings import Settings
from kopir.model.as_of import LeftOut, as_it_stood
from kopir.model.bundled import bundled_path
from kopir.model.facts import Fact, read_facts
from kopir.model.flow_units import read_flow_units
from kopir.model.meaning import meaning_faults
from kopir.model.publication import vintage_faults
from kopir.model.quantities import CellRef, Quantity, resolve_table


@dataclass(frozen=True)
class Model:
    """A model folder opened as of a date.

    ``quantities`` holds every quantity cell; ``facts`` the fact book. ``as_of`` is ``None`` for the model as
    it is written; ``left_out`` are the rows that a model as of a day does without.
    """

    folder: Folder
    facts: Mapping[str, Fact]
    quantities: Mapping[CellRef, Quantity]
    as_of: date | None = None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def settings(self) -> Settings:
        """What kopir.toml says."""
        return self.folder.settings

    @property
    def focal_state(self) -> str:
        """Code of the state whose exposure is measured."""
        return self.settings.model.focal_state

    @cached_property
    def _values(self) -> Mapping[str, Mapping[tuple[int, str], float]]:
        values: dict[str, dict[tuple[int, str], float]] = {}
        for ref, quantity in self.quantities.items():
            values.setdefault(ref.table, {})[ref.line, ref.column] = quantity.value
        return values

    def table(self, name: str, values: Mapping[CellRef, float] | None = None) -> pl.DataFrame:
        """Return a table with quantity columns as Float64 in the unit of their column (null where blank).

        Rows that do not hold on the day, without one on the last day of the base year, are left out.
        ``values`` replaces the central value of the quantities it names, which is how intervals are propagated.
        """
        frame = self.folder.tables[name].typed
        schema = self.folder.tables[name].schema
        lines = frame["line"].to_list()
        known = self._values.get(name, {})
        replaced = {(ref.line, ref.column): value for ref, value in (values or {}).items() if ref.table == name}
        columns = [
            pl.Series(
                column.name,
                [replaced.get((line, column.name), known.get((line, column.name))) for line in lines],
                dtype=pl.Float64,
            )
            for column in schema.columns
            if column.type == "quantity"
        ]
        return self._valid(name, frame.with_columns(columns))

    def _valid(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        gone = [one.line for one in self.left_out if one.table == name]
        frame = frame.filter(~pl.col("line").is_in(gone)) if gone else frame
        if "valid_from" not in frame.columns:
            return frame
        day = f"{self.settings.model.base_year}-12-31" if self.as_of is None else self.as_of.isoformat()
        begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
        ended = pl.col("valid_to").is_not_null() & (pl.col("valid_to") < day)
        return frame.filter(begun & ~ended)

    def uncertain(self) -> tuple[Quantity, ...]:
        """Return the quantities whose interval has a width, in order of table, line and column."""
        return tuple(self.quantities[ref] for ref in sorted(self.quantities) if self.quantities[ref].is_uncertain)


def open_model(path: Path | str, *, as_of: date | None = None) -> Model:
    """Open a model folder, or the bundled model of that name.

    ``as_of`` opens it as :func:`kopir.model.as_of.as_it_stood` says. Raises
    :class:`kopir.core.errors.InputError` with every fault found in form, references, quantities, facts and
    meaning, and, as of a day, with every cell that was not known then and that nothing stands for.
    """
    model = model_of(read_folder(bundled_path(str(path)) or Path(path)))
    return model if as_of is None else as_it_stood(model, as_of)


def model_of(folder: Folder) -> Model:
    """Return the model that the tables of a folder make.

    Raises :class:`kopir.core.errors.InputError` with every fault found in quantities, facts and meaning.
    """
    facts, faults = read_facts(folder.tables["facts"])
    quantities: dict[CellRef, Quantity] = {}
    flow_units = read_flow_units(folder.tables)
    for _, table in sorted(folder.tables.items()):
        resolved, table_faults = resolve_table(table, facts, flow_units)
        quantities |= {quantity.ref: quantity for quantity in resolved.values()}
        faults += table_faults
    faults += meaning_faults(folder, quantities)
    faults += vintage_faults(facts, folder.tables["vintages"])
    if faults:
        raise InputError(faults)
    return Model(folder, facts, quantities)
