"""Numbers of results by id: what each is, and the cells of the model that it rests on.

A result that can be asked why has ``numbers``: every number it prints, by the id under which ``kopir why``
finds it. The room that makes a number says so itself; nothing else has to know which questions there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from kopir.core.units import unit_of_column
from kopir.model.contents.quantities import CellRef

Cells = tuple[CellRef, ...]


@dataclass(frozen=True, slots=True)
class CitedNumber:
    """A number in ``unit`` with its ends, and the ``cells`` it rests on, sorted.

    ``value`` is ``None`` for what is cited as a whole, a row for instance, and where the number is not known.
    """

    cells: Cells
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""


Numbers = Mapping[str, CitedNumber]
_OLD_MONEY = re.compile(r"_usd(?=_(?:low|high)$|$)")
_UNNAMED_END = re.compile(r"^(leverage|income|own_price|short|medium|long)_(low|high)$")
_UNNAMED = re.compile(r"^(leverage|shapley|interaction|standard_error)$")
_PER_BOX = frozenset(
    f"{name}_usd{end}" for name in ("generalised", "premium", "price", "saved") for end in ("", "_low", "_high")
)
"""Columns in USD a container, which are named for dollars still."""


def exactly(cells: Cells, value: float | None, unit: str) -> CitedNumber:
    """Return a number without an interval."""
    return CitedNumber(cells, value, value, value, unit)


def renewed(name: str) -> str:
    """Return an id in today's form; until 0.1 not every column in million USD was named ``_musd``.

    The old names hold until 0.3.
    """
    stem, colon, column = name.rpartition(":")
    if not colon or column in _PER_BOX:
        return name
    if name.startswith("coalitions:"):
        column = _UNNAMED.sub(r"\1_musd", column)
    column = _UNNAMED_END.sub(r"\1_musd_\2", _OLD_MONEY.sub("_musd", column))
    return f"{stem}:{column}"


def union(many: Iterable[Iterable[CellRef]]) -> Cells:
    """Return every cell once, sorted."""
    return tuple(sorted({ref for cells in many for ref in cells}))


def table_numbers(
    stem: str, table: pl.DataFrame, key: str, cells: Callable[[str, str], Cells | None]
) -> Iterator[tuple[str, CitedNumber]]:
    """Yield the numbers of a table with ids ``stem:KEY:COLUMN`` and the units that its columns are named for.

    ``cells`` gives the cells behind a key and a column, or ``None`` where nothing is cited.
    """
    for row in table.iter_rows(named=True):
        for column in table.columns:
            behind = None if column == key else cells(row[key], column)
            if behind is not None:
                value = row[column] if table.schema[column].is_numeric() else None
                yield f"{stem}:{row[key]}:{column}", exactly(behind, value, unit_of_column(column))
