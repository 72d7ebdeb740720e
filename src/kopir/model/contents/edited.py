"""A model with some cells changed in memory; the folder on disk stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.alike import alike_faults
from kopir.core.folders.checks import cell_fault
from kopir.core.folders.folder import Folder
from kopir.core.folders.references import reference_faults
from kopir.core.folders.tables import Table
from kopir.core.spelling import did_you_mean


def with_cells(folder: Folder, table: str, where: Mapping[str, str], cells: Mapping[str, object]) -> Folder:
    """Return the folder with ``cells`` (by column) in the rows of ``table`` whose columns are as ``where`` says.

    Raises :class:`InputError` naming an unknown table or column, a condition that no row meets, and every cell or
    reference that is not valid then.
    """
    if table not in folder.tables:
        raise InputError(_unknown("table", table, folder.tables))
    held = folder.tables[table]
    for column in (*where, *cells):
        if column not in held.schema.names:
            raise InputError(_unknown(f"column of {table}", column, held.schema.names))
    chosen = pl.all_horizontal(pl.lit(True), *(pl.col(name) == str(value) for name, value in where.items()))
    if not held.cells.select(chosen.any()).item():
        shown = ", ".join(f"{name} = {value}" for name, value in where.items()) or "no rows"
        found = f"values of {next(iter(where))}: {_values(held, next(iter(where)))}" if where else "add a row"
        raise InputError(Fault("K0505", f"{table} has no row where {shown}", f"use one of the {found}"))
    texts = {name: as_cell(value) for name, value in cells.items()}
    changed = held.cells.with_columns(
        pl.when(chosen).then(pl.lit(text)).otherwise(pl.col(name)).alias(name) for name, text in texts.items()
    )
    present = (*held.present, *(name for name in held.schema.names if name in texts and name not in held.present))
    edited = Table(held.schema, changed, present)
    tables = {**folder.tables, table: edited}
    lines = changed.filter(chosen)["line"].to_list()
    faults = [
        fault
        for name, text in texts.items()
        for line in lines
        if (fault := cell_fault(held.schema.column(name), text, held.file, line)) is not None
    ]
    faults = faults or reference_faults(tables) + alike_faults(tables)
    if faults:
        raise InputError(faults)
    return replace(folder, tables=tables)


def as_cell(value: object) -> str:
    """Return a value as a folder writes it: ``yes`` and ``no``, numbers with a point, lists joined by spaces."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return str(value).strip()


def _values(table: Table, column: str) -> str:
    found = table.cells[column].unique(maintain_order=True).to_list()
    return ", ".join(found[:12]) + (f" and {len(found) - 12} more" if len(found) > 12 else "")


def _unknown(what: str, word: str, known: Mapping[str, object] | tuple[str, ...]) -> Fault:
    return Fault(
        "K0505", f"unknown {what} {word!r}", did_you_mean(word, known, f"one of {', '.join(known)}"), value=word
    )
