"""The tables of a model as Parquet: cells typed, quantities as numbers in the unit of their column."""

from __future__ import annotations

import io

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef


def as_parquet(model: Model) -> dict[str, bytes]:
    """Return a Parquet file for each table that the model holds.

    Beside a quantity column stand its interval (``NAME_low``, ``NAME_high``) and its cell as written
    (``NAME_cell``); lists of codes are lists, flags are booleans, blanks are null.
    """
    found: dict[str, bytes] = {}
    for name, table in sorted(model.folder.tables.items()):
        if table.present:
            out = io.BytesIO()
            table_frame(model, name).write_parquet(out)
            found[f"{name}.parquet"] = out.getvalue()
    return found


def table_frame(model: Model, name: str) -> pl.DataFrame:
    """Return one table of a model as :func:`as_parquet` writes it, in the order of its file."""
    table = model.folder.tables[name]
    frame = table.typed
    lines = frame["line"].to_list()
    columns: list[pl.Series] = []
    for column in table.schema.columns:
        if column.name not in table.present:
            continue
        if column.type != "quantity":
            columns.append(frame[column.name])
            continue
        held = [model.quantities.get(CellRef(name, line, column.name)) for line in lines]
        for part, end in (("value", ""), ("low", "_low"), ("high", "_high")):
            values = [None if one is None else getattr(one, part) for one in held]
            columns.append(pl.Series(column.name + end, values, pl.Float64))
        columns.append(table.cells[column.name].alias(f"{column.name}_cell"))
    return pl.DataFrame(columns)
