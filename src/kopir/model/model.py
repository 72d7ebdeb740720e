"""A model: a checked folder with every quantity resolved to a number, its interval and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folder import Folder, read_folder
from kopir.core.settings import Settings
from kopir.model.bundled import bundled_path
from kopir.model.facts import Fact, known_since, read_facts
from kopir.model.flow_units import read_flow_units
from kopir.model.meaning import meaning_faults
from kopir.model.quantities import CellRef, Quantity, resolve_table


@dataclass(frozen=True)
class Model:
    """A model folder opened as of a date.

    ``quantities`` holds every quantity cell; ``facts`` the fact book. ``as_of`` is ``None`` when rows hold
    whatever their dates.
    """

    folder: Folder
    facts: Mapping[str, Fact]
    quantities: Mapping[CellRef, Quantity]
    as_of: date | None = None

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

        Rows not valid as of the date are left out. ``values`` replaces the central value of the quantities
        it names, which is how intervals are propagated.
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
        return self._valid(frame.with_columns(columns))

    def _valid(self, frame: pl.DataFrame) -> pl.DataFrame:
        if self.as_of is None or "valid_from" not in frame.columns:
            return frame
        day = self.as_of.isoformat()
        begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
        ended = pl.col("valid_to").is_not_null() & (pl.col("valid_to") < day)
        return frame.filter(begun & ~ended)

    def uncertain(self) -> tuple[Quantity, ...]:
        """Return the quantities whose interval has a width, in order of table, line and column."""
        return tuple(self.quantities[ref] for ref in sorted(self.quantities) if self.quantities[ref].is_uncertain)


def open_model(path: Path | str, *, as_of: date | None = None) -> Model:
    """Open a model folder, or the bundled model of that name.

    ``as_of`` opens it as it stood on that day: rows not valid then are left out, and a cell of a row that
    rests on a fact published later is refused. Raises :class:`kopir.core.errors.InputError` with every
    fault found in form, references, quantities, facts and meaning.
    """
    model = model_of(read_folder(bundled_path(str(path)) or Path(path)), as_of)
    if as_of is not None and (unknown := _unknown_cells(model, as_of)):
        raise InputError(unknown)
    return model


def model_of(folder: Folder, as_of: date | None = None) -> Model:
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
    if faults:
        raise InputError(faults)
    return Model(folder, facts, quantities, as_of)


def _unknown_cells(model: Model, as_of: date) -> list[Fault]:
    """Return a fault for each cell of a valid row whose fact no source had published by ``as_of``."""
    dates = dict(model.folder.tables["sources"].typed.select("source", "date").iter_rows())
    faults: list[Fault] = []
    lines = {name: set(model.table(name)["line"].to_list()) for name in {ref.table for ref in model.quantities}}
    for ref, quantity in sorted(model.quantities.items()):
        if quantity.fact is None or ref.line not in lines[ref.table]:
            continue
        published = known_since(quantity.fact, model.facts, dates)
        if published > as_of.isoformat():
            why = f"{quantity.fact} was not published before {published}"
            mend = "ask as of a later day, or date the row and add one for the earlier time"
            place = (f"{ref.table}.csv", ref.line, ref.column)
            faults.append(Fault("K0313", why, mend, *place, quantity.fact))
    return faults
