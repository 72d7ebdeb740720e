"""Table schemas: one CSV a table, the single source of columns, types, units, defaults and references.

A schema file has the columns ``column,type,unit,required,default,refers_to,description``.

========== ==========================================================================================
type       what a cell may hold
========== ==========================================================================================
id         a code: letters, digits and ``_ . -``
ids        several codes, joined by spaces
text       anything
number     one number with a point, in the unit of the column
quantity   a number, ``number [low..high]``, or the id of a fact (see :mod:`kopir.core.folders.cells`)
flag       ``yes`` or ``no``
choice     one of the words in ``refers_to``, joined by ``|``
clause     codes joined by ``+``
date       ``YYYY-MM-DD``
period     a year, month, day, half-year, quarter or ``from/to`` range
unit       a unit of the unit table
formula    arithmetic over fact ids
equation   two formulas joined by ``=``
========== ==========================================================================================

``required`` is ``key`` (part of the primary key), ``key?`` (part of it, may be blank), ``yes`` or blank.
``refers_to`` of a code names ``table.column``, a registry as ``code:indicators``, or ``@column`` for the
table that another column of the same row names. The unit ``@commodity`` is that in which a year's flow of the
row's commodity is counted.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CELL_TYPES = frozenset(
    {
        "id",
        "ids",
        "text",
        "number",
        "quantity",
        "flag",
        "choice",
        "clause",
        "date",
        "period",
        "unit",
        "formula",
        "equation",
    }
)

OF_COMMODITY = "@commodity"
"""Unit of a column that follows the commodity of its row."""

ASSET_TABLES: Mapping[str, tuple[str, str]] = {
    "link": ("links", "link"),
    "transfer": ("transfers", "transfer"),
    "supply": ("supplies", "supply"),
    "market": ("markets", "market"),
    "conversion": ("conversions", "conversion"),
    "storage": ("storage", "storage"),
    "group": ("capacity_groups", "group"),
    "contract": ("contracts", "contract"),
    "route": ("layer_routes", "route"),
    "obligation": ("obligations", "obligation"),
}
"""Table and key column of each asset type, for columns that refer to ``@asset_type``.

A trigger among the obligations watches the use of an asset and so has a row of its own in the network.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, as its schema file states it."""

    name: str
    type: str
    unit: str
    required: str
    default: str
    refers_to: str
    description: str

    @property
    def is_key(self) -> bool:
        """Whether the column is part of the primary key."""
        return self.required.startswith("key")

    @property
    def may_be_blank(self) -> bool:
        """Whether a cell may be left empty (its default, if any, then holds)."""
        return self.required in {"", "key?"}

    @property
    def choices(self) -> tuple[str, ...]:
        """Words allowed in a ``choice`` column."""
        return tuple(self.refers_to.split("|")) if self.type == "choice" else ()


@dataclass(frozen=True, slots=True)
class TableSchema:
    """The columns of one table, in the order in which they are written."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that identify a row."""
        return tuple(column.name for column in self.columns if column.is_key)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return one column; raises ``KeyError`` when the table has no such column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


@cache
def table_schemas() -> Mapping[str, TableSchema]:
    """Return every table schema, keyed and sorted by table name."""
    folder = files("kopir.core").joinpath("schema")
    names = sorted(item.name.removesuffix(".csv") for item in folder.iterdir() if item.name.endswith(".csv"))
    return {name: _read_schema(name) for name in names}


def _read_schema(name: str) -> TableSchema:
    text = files("kopir.core").joinpath(f"schema/{name}.csv").read_text(encoding="utf-8")
    columns = tuple(
        Column(
            name=row["column"],
            type=row["type"],
            unit=row["unit"],
            required=row["required"],
            default=row["default"],
            refers_to=row["refers_to"],
            description=row["description"],
        )
        for row in csv.DictReader(text.splitlines())
    )
    return TableSchema(name=name, columns=columns)
