"""What a model holds and rests on: rows of each table, assumptions, and how much is sourced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kopir.core.errors import Fault
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import Grade, Quantity

GRADES: tuple[Grade, ...] = ("sourced", "derived", "assumed")


@dataclass(frozen=True)
class Inventory:
    """The contents of a sound model.

    ``rows`` counts the rows of each table that has any; ``cells`` counts the quantity cells by grade, blank
    cells that take the default of their column left out; ``assumptions`` are the assumed ones, in order of
    table, line and column. ``warnings`` are what is doubtful about it, ``stops`` what keeps its baseline from
    being solved, both empty unless they have been looked for.
    """

    rows: Mapping[str, int]
    cells: Mapping[Grade, int]
    assumptions: tuple[Quantity, ...]
    warnings: tuple[Fault, ...] = ()
    stops: tuple[Fault, ...] = ()

    @property
    def shares(self) -> dict[Grade, float]:
        """Share of the quantity cells in each grade (all 0 in a model without quantities)."""
        total = sum(self.cells.values())
        return {grade: self.cells[grade] / total if total else 0.0 for grade in GRADES}

    @property
    def table(self) -> pl.DataFrame:
        """Rows of each table: ``table``, ``rows``."""
        return pl.DataFrame(
            {"table": list(self.rows), "rows": list(self.rows.values())},
            schema={"table": pl.String, "rows": pl.Int64},
        )

    @property
    def assumption_table(self) -> pl.DataFrame:
        """Assumptions: ``cell``, ``value``, ``low``, ``high``, ``unit``, ``fact``, ``basis``."""
        columns = ("cell", "value", "low", "high", "unit", "fact", "basis")
        rows = [
            (str(one.ref), one.value, one.low, one.high, one.unit, one.fact, one.basis) for one in self.assumptions
        ]
        types = (pl.String, pl.Float64, pl.Float64, pl.Float64, pl.String, pl.String, pl.String)
        return pl.DataFrame(rows, schema=dict(zip(columns, types, strict=True)), orient="row")

    def as_record(self) -> dict[str, object]:
        """Return the inventory as plain values."""
        return {
            "rows": dict(self.rows),
            "cells": dict(self.cells),
            "shares": self.shares,
            "assumptions": self.assumption_table.to_dicts(),
            "warnings": [one.as_record() for one in self.warnings],
            "stops": [one.as_record() for one in self.stops],
        }

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def take_inventory(model: Model) -> Inventory:
    """Return what ``model`` holds and rests on."""
    stated = [one for _, one in sorted(model.quantities.items()) if _is_stated(one)]
    grades = Counter(one.grade for one in stated)
    return Inventory(
        rows={
            name: table.cells.height for name, table in sorted(model.folder.tables.items()) if table.cells.height
        },
        cells={grade: grades[grade] for grade in GRADES},
        assumptions=tuple(one for one in stated if one.grade == "assumed"),
    )


def _is_stated(quantity: Quantity) -> bool:
    """Whether the folder states the quantity: a literal that is not assumed is the default of a blank cell."""
    return quantity.fact is not None or quantity.source is not None or quantity.grade == "assumed"
