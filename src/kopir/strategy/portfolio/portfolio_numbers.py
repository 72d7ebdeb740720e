"""Numbers of the tables of a portfolio: an id, a unit and cells for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from kopir.model.grounds.cited import Cells, CitedNumber, exactly

_USD = "million USD/yr"
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("first_musd", "second_musd", "breaking_musd"), _USD),
    **dict.fromkeys(("leverage_musd_low", "leverage_musd_high"), _USD),
    **dict.fromkeys(("since",), "year"),
    **dict.fromkeys(("specialisation",), "nat"),
    **dict.fromkeys(("loss_per_cent", "own_cost_per_cent", "points"), "pct"),
}

Row = Mapping[str, Any]


def cited_rows(
    table: pl.DataFrame,
    keys: Iterable[str],
    cells: Callable[[Row, str], Cells],
    group: str = "",
    verb: str = "portfolio",
) -> Iterator[tuple[str, CitedNumber]]:
    """Yield the numbers of a table that are known, with ids ``verb:group:KEYS:COLUMN`` (``-`` for a blank key).

    ``cells`` gives the cells behind a column of a row.
    """
    columns = [name for name, dtype in table.schema.items() if dtype == pl.Float64]
    head = ":".join(part for part in (verb, group) if part)
    for row in table.iter_rows(named=True):
        name = ":".join((head, *(str(row[key] or "-") for key in keys)))
        for column in columns:
            if row[column] is not None:
                yield f"{name}:{column}", exactly(cells(row, column), row[column], unit_of(column, row))


def unit_of(column: str, row: Row | None = None) -> str:
    """Return the unit of a column; that of goods stands in the row."""
    if column in _UNITS:
        return _UNITS[column]
    if column.endswith("_musd"):
        return _USD
    if column.endswith("_mt"):
        return "Mt/yr"
    return (
        str(row["unit"])
        if row and column.startswith(("value", "volume", "first_value", "closable_volume"))
        else "1"
    )
