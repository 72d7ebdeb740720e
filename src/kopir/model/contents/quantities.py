"""Quantities: what every quantity cell of a model folder amounts to, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isclose
from typing import Literal

from kopir.core.errors import Fault, UnitError
from kopir.core.folders.cells import parse_quantity
from kopir.core.folders.schema import OF_COMMODITY, Column
from kopir.core.folders.tables import Table
from kopir.core.periods import parse_period
from kopir.core.units import conversion_factor
from kopir.model.contents.facts import Fact
from kopir.model.contents.flow_units import FlowUnits

TOUCHING = 1e-9
"""Relative difference by which a value that its unit converts may miss the end of its interval."""
Grade = Literal["sourced", "derived", "assumed"]


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """A cell of the model folder: table, line of its file (header is line 1) and column."""

    table: str
    line: int
    column: str

    def __str__(self) -> str:
        return f"{self.table}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the unit of its column, its interval, and what it rests on.

    ``grade`` is *sourced* (a fact, or a literal of a row that names its ``source``), *derived* (arithmetic over
    facts) or *assumed* (any other literal); ``basis`` is the row's own words about its literals.
    """

    ref: CellRef
    value: float
    low: float
    high: float
    unit: str
    grade: Grade
    fact: str | None
    basis: str
    source: str | None = None

    @property
    def is_uncertain(self) -> bool:
        """Whether the interval has a width."""
        return self.low < self.high


def resolve_table(
    table: Table, facts: Mapping[str, Fact], flow_units: FlowUnits
) -> tuple[dict[tuple[int, str], Quantity], list[Fault]]:
    """Return the quantities of a table, keyed by (line, column), and what is wrong with them.

    Blank cells take the default of their column as a quantity without width; blank cells without default
    have no entry. An amount over a whole calendar year counts as a yearly flow.
    """
    quantities: dict[tuple[int, str], Quantity] = {}
    faults: list[Fault] = []
    columns = [column for column in table.schema.columns if column.type == "quantity"]
    for row in table.cells.iter_rows(named=True) if columns else ():
        basis = row.get("basis", "").strip()
        source = row["source"].strip() or None if "source" in row else None
        for column in columns:
            text = row[column.name].strip()
            ref = CellRef(table.schema.name, row["line"], column.name)
            if not text and not column.default:
                continue
            try:
                counted = replace(column, unit=flow_units.unit_of(row)) if column.unit == OF_COMMODITY else column
                quantities[row["line"], column.name] = _resolve(text, counted, ref, basis, source, facts)
            except UnitError as error:
                faults += [
                    Fault(fault.code, fault.why, fault.mend, table.file, ref.line, ref.column, text)
                    for fault in error.faults
                ]
    return quantities, faults


def _resolve(
    text: str, column: Column, ref: CellRef, basis: str, source: str | None, facts: Mapping[str, Fact]
) -> Quantity:
    cell = parse_quantity(text or column.default)
    assert cell is not None, "read_folder lets only quantities through"
    if cell.fact is None:
        assert cell.value is not None
        low = cell.value if cell.low is None else cell.low
        high = cell.value if cell.high is None else cell.high
        grade: Grade = "assumed" if text and source is None else "sourced"
        return Quantity(ref, cell.value, low, high, column.unit, grade, None, basis, source if text else None)
    fact = facts[cell.fact]
    factor = _factor(fact, column.unit)
    value = fact.value * factor
    low = fact.low * factor if cell.low is None else cell.low
    high = fact.high * factor if cell.high is None else cell.high
    low, high = (value if isclose(end, value, rel_tol=TOUCHING) else end for end in (low, high))
    return Quantity(ref, value, low, high, column.unit or fact.unit, fact.grade, fact.code, basis)


def _factor(fact: Fact, unit: str) -> float:
    if not unit:
        return 1.0
    if unit.endswith("/yr") and "/" not in fact.unit:
        period = parse_period(fact.period)
        if period is None or not period.is_calendar_year:
            why = f"{fact.code} is {fact.value:g} {fact.unit} over {fact.period or 'no period'}, not over a year"
            raise UnitError(Fault("K0308", why, "add a derived fact that states how it is annualised"))
        return conversion_factor(fact.unit, unit.removesuffix("/yr"))
    return conversion_factor(fact.unit, unit)
