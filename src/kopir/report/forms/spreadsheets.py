"""Answers for spreadsheets: CSV, CSV as Excel opens it rightly, and workbooks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kopir.core.folders.cells import parse_number
from kopir.core.units import SEE_UNIT, unit_of_column, units_of
from kopir.report.forms.grids import Grid, Value

if TYPE_CHECKING:
    from kopir.core.runs import RunRecord

BOM = "\ufeff"
_COMPUTED = re.compile(r"[\t\r\n]|[\s\x00-\x1f\u200b\ufeff]*[=+@＝＋－＠-]")
"""How a text begins that a spreadsheet computes, also behind what it may leave out, or reads as the next cell."""
_SHEET = 31
"""Characters that the name of a sheet may have."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_WIDEST = 60


def as_csv(grid: Grid, *, excel: bool = False, guard: bool = False, rates: bool = True) -> str:
    """Return a table as CSV; for ``excel`` with a mark of its encoding and a second row that names the units.

    With ``guard`` text that a spreadsheet would take for a formula (it begins with ``= + - @``, a tab or a line
    end, and is no number) has a quote before it.
    """
    from kopir.core.folders.tables import csv_text  # brings the tables, which help does without

    held = _guarded if guard else _as_it_is
    units = [units_row(grid, rates=rates)] if excel else []
    told = csv_text(
        [map(held, grid.columns), *units, *(map(held, row) for row in grid.rows)], end="\r\n" if excel else "\n"
    )
    return BOM + told if excel else told


def _as_it_is(value: Value) -> Value:
    return value


def _guarded(value: Value) -> Value:
    computed = isinstance(value, str) and _COMPUTED.match(value) and parse_number(value) is None
    return f"'{value}" if computed else value


def units_row(grid: Grid, *, rates: bool = True) -> tuple[str, ...]:
    """Return the unit of each column of a table, blank where it has none or its rows name their own."""
    numbers = {name: 0.0 for name in grid.columns if unit_of_column(name)}
    told = units_of(numbers, rates=rates)
    return tuple("" if told.get(name) == SEE_UNIT else told.get(name, "") for name in grid.columns)


def as_workbook(main: Grid, parts: Sequence[str | Grid], run: RunRecord | None, *, rates: bool = True) -> bytes:
    """Return a workbook: the whole main table with its units, a sheet for each table shown, and the run.

    Texts are written as texts, whatever they begin with; the file holds no formula and no link.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        bold, grey = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"italic": True})
        taken: set[str] = set()
        _fill(book.add_worksheet(_name("answer", taken)), main, bold, grey, units_row(main, rates=rates))
        for part in parts:
            if isinstance(part, Grid):
                _fill(book.add_worksheet(_name(part.title or "table", taken)), part, bold, grey, None)
        if run is not None:
            rows = tuple(_flat("", run.as_record()))
            _fill(book.add_worksheet(_name("run", taken)), Grid(("what", "value"), rows), bold, grey, None)
    return out.getvalue()


def _fill(sheet: Any, grid: Grid, bold: object, grey: object, units: Sequence[str] | None) -> None:  # noqa: ANN401 - untyped library
    sheet.write_row(0, 0, grid.columns, bold)
    first = 1
    if units is not None and any(units):
        sheet.write_row(1, 0, units, grey)
        first = 2
    for index, row in enumerate(grid.rows, start=first):
        for place, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(index, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(index, place, value)
            elif value is not None:
                sheet.write_string(index, place, value)
    sheet.freeze_panes(first, 1)
    for place, heading in enumerate(grid.columns):
        longest = max((len(str(row[place])) for row in grid.rows if isinstance(row[place], str)), default=8)
        sheet.set_column(place, place, min(_WIDEST, max(len(heading), longest) + 1))


def _name(title: str, taken: set[str]) -> str:
    """Return a name for a sheet, of its title, unlike those ``taken``."""
    stem = _FORBIDDEN.sub(" ", title)[:_SHEET].strip() or "table"
    name, number = stem, 2
    while name.lower() in taken:
        name = f"{stem[: _SHEET - 4].strip()} ({number})"
        number += 1
    taken.add(name.lower())
    return name


def _flat(stem: str, record: object) -> Iterator[tuple[Value, ...]]:
    if isinstance(record, dict):
        for name, value in record.items():
            yield from _flat(f"{stem}.{name}" if stem else str(name), value)
    else:
        value = ", ".join(map(str, record)) if isinstance(record, list | tuple) else record
        yield (stem, value if value is None or isinstance(value, str | int | float) else str(value))
