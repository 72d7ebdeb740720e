"""Tables of a model folder: read against a schema, with every fault, and written back as they were."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any

import polars as pl

from kopir.core.errors import Fault
from kopir.core.folders.cells import clause_members, parse_number
from kopir.core.folders.checks import cell_fault
from kopir.core.folders.schema import Column, TableSchema
from kopir.core.folders.spreadsheets import NUMERIC, separator_of, with_points
from kopir.core.spelling import did_you_mean

MAX_ROWS = 500_000
MAX_FAULTS = 1_000
"""Faults listed for one table; a hostile file must not fill the memory with them."""
_END = "\r\n"

_TYPED: Mapping[str, tuple[pl.DataType, Callable[[str], object]]] = {
    "number": (pl.Float64(), parse_number),
    "flag": (pl.Boolean(), {"yes": True, "no": False}.get),
    "ids": (pl.List(pl.String()), str.split),
    "clause": (pl.List(pl.String()), clause_members),
}


@dataclass(frozen=True)
class Table:
    """Rows of one table as text, with the line of the file on which each began.

    ``cells`` has one text column per schema column (absent columns are filled with blanks, cells are stripped)
    and a ``line`` column; ``present`` names the columns that the file holds, in its order.
    """

    schema: TableSchema
    cells: pl.DataFrame
    present: tuple[str, ...]

    @property
    def file(self) -> str:
        """Name of the file in a folder."""
        return f"{self.schema.name}.csv"

    @cached_property
    def typed(self) -> pl.DataFrame:
        """The rows with blanks replaced by defaults and cells typed.

        ``number`` columns are Float64 (null where blank), ``flag`` Boolean, ``ids`` and ``clause`` lists of
        text; every other column, ``quantity`` included, is text (null where blank and without default).
        """
        return pl.DataFrame([self.cells["line"], *map(self._typed_column, self.schema.columns)])

    def _typed_column(self, column: Column) -> pl.Series:
        dtype, read = _TYPED.get(column.type, (pl.String(), lambda cell: cell or None))
        values = [read(cell or column.default) for cell in self.cells[column.name].to_list()]
        if dtype == pl.List(pl.String):
            return _lists(column.name, values)
        return pl.Series(column.name, values, dtype)

    @cached_property
    def by_code(self) -> Mapping[str, Mapping[str, str]]:
        """The first row of each code of the first key column, as :meth:`records` gives it."""
        column = self.schema.key[0]
        return {row[column]: row for row in reversed(list(self.records()))}

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the table as kopir writes it: line ends, blank rows and quoting do not matter."""
        return hashlib.sha256(format_table(self).encode()).hexdigest()

    def records(self) -> Iterator[dict[str, str]]:
        """Yield each row as a mapping of column to text (no defaults), in file order."""
        yield from self.cells.drop("line").iter_rows(named=True)


_BETWEEN = "\x1f"
"""Parts members of a list on their way into a column; no code may hold it."""


def _lists(name: str, values: Sequence[Any]) -> pl.Series:
    """Return lists of codes as a column; polars itself would make a column of each of them first."""
    parted = pl.Series(name, [_BETWEEN.join(value) for value in values], pl.String).str.split(_BETWEEN)
    if all(values):
        return parted
    return parted.zip_with(pl.Series([bool(value) for value in values]), pl.Series([[]], dtype=pl.List(pl.String)))


def parse_table(text: str, schema: TableSchema) -> tuple[Table, list[Fault]]:
    """Return the table that ``text`` (CSV) holds and every fault of its shape and cells.

    Cells may be separated by semicolons or tabs, as spreadsheets of many countries do; a comma in a number is then
    its decimal sign, and so it is between commas where it can be nothing else (``60,5``). The table holds
    points. After ``MAX_FAULTS`` faults a last one says that there are more. References to other tables are
    checked by :func:`kopir.core.folders.folder.read_folder`, which sees them all.
    """
    file = f"{schema.name}.csv"
    header, lines, rows, faults = _read_rows(text, file)
    if not faults or header:
        faults += _header_faults(header, schema)
    at = {name: index for index, name in reversed(list(enumerate(header))) if name in schema.names}
    decimal_commas = bool(header) and separator_of(text) != ","
    data = {column.name: _column(column, at, rows, commas=decimal_commas) for column in schema.columns}
    table = Table(schema, _frame(schema, lines, data), tuple(sorted(at, key=at.__getitem__)))
    found = chain(faults, _cell_faults(table), _duplicate_faults(table))
    faults = list(islice(found, MAX_FAULTS))
    if next(found, None) is not None:
        faults.append(Fault("K0110", f"more than {MAX_FAULTS:,} faults", "mend those listed first", file))
    return table, faults


def _column(column: Column, at: Mapping[str, int], rows: Sequence[Sequence[str]], *, commas: bool) -> list[str]:
    place = at.get(column.name)
    if place is None:
        return [""] * len(rows)
    if column.type not in NUMERIC:
        return [row[place] for row in rows]
    return [with_points(row[place], column, always=commas) for row in rows]


def make_table(schema: TableSchema, rows: Sequence[Mapping[str, str]]) -> Table:
    """Return a table made of ``rows`` (columns left out are blank); lines count from 2.

    Raises ``KeyError`` when a row has a column that the schema does not know.
    """
    unknown = sorted({name for row in rows for name in row} - set(schema.names))
    if unknown:
        raise KeyError(f"{schema.name}.{unknown[0]}")
    data = {name: [_clean(row.get(name, "")) for row in rows] for name in schema.names}
    return Table(schema, _frame(schema, range(2, len(rows) + 2), data), schema.names)


def format_table(table: Table) -> str:
    """Return the table as CSV text; parsing it again gives the same cells."""
    return csv_text([table.present, *zip(*(table.cells[name].to_list() for name in table.present), strict=True)])


def csv_text(rows: Iterable[Iterable[object]], *, end: str = "\n") -> str:
    """Return rows as CSV whose lines end with ``end``; a carriage return within a cell begins no row.

    Python quotes one only where it is part of the line end.
    """
    out: list[str] = []
    csv.writer(_Rows(out, end), lineterminator=_END).writerows(rows)
    return "".join(out)


class _Rows:
    """A file to the writer, which writes a row at a time."""

    def __init__(self, out: list[str], end: str) -> None:
        self._out, self._end = out, end

    def write(self, row: str) -> None:
        self._out.append(row.removesuffix(_END) + self._end)


def _frame(schema: TableSchema, lines: Sequence[int], data: Mapping[str, list[str]]) -> pl.DataFrame:
    columns = (pl.Series(name, data[name], pl.String) for name in schema.names)
    return pl.DataFrame([pl.Series("line", lines, pl.Int64), *columns])


def _clean(cell: str) -> str:
    # The csv module writes a lone carriage return unquoted and then reads it as the end of the row.
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _read_rows(text: str, file: str) -> tuple[list[str], list[int], list[list[str]], list[Fault]]:
    """Return header, first line of each row, the rows that are as long as the header, and faults of shape."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    header: list[str] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    faults: list[Fault] = []
    begun = 1
    clean = _clean if "\r" in text else str.strip
    try:
        header = [cell.strip() for cell in next(reader, [])]
        begun = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(rows) == MAX_ROWS:
                    mend = "split it, or keep bulk data in Parquet beside the folder"
                    faults.append(Fault("K0103", f"more than {MAX_ROWS:,} rows", mend, file, begun))
                    break
                if len(row) == len(header):
                    lines.append(begun)
                    rows.append(list(map(clean, row)))
                elif len(faults) > MAX_FAULTS:
                    break
                else:
                    why = f"{len(row)} cells where the header has {len(header)}"
                    faults.append(Fault("K0105", why, "quote cells that hold commas", file, begun))
            begun = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault("K0105", f"not CSV: {error}", "mend the quotes of the row", file, begun))
    return header if any(header) else [], lines, rows, faults


def _header_faults(header: list[str], schema: TableSchema) -> list[Fault]:
    file = f"{schema.name}.csv"
    if not header:
        return [Fault("K0219", "no header row", f"write the header {','.join(schema.names)}", file, 1)]
    if not set(header) & set(schema.names):
        why = "none of the cells of the first line is a column: it is no header"
        mend = f"let the header be the first line, without a title above it: {','.join(schema.names)}"
        return [Fault("K0219", why, mend, file, 1, value=",".join(header)[:80])]
    faults = [
        Fault("K0201", f"column {column.name!r} is missing", f"add it: {column.description}", file, 1, column.name)
        for column in schema.columns
        if not column.may_be_blank and column.name not in header
    ]
    counts = Counter(header)
    for name in sorted(set(counts) - set(schema.names))[: MAX_FAULTS + 1]:
        shown = name[:80]
        mend = did_you_mean(name, schema.names, f"one of {', '.join(schema.names)}")
        faults.append(Fault("K0202", f"column {shown!r} is unknown", mend, file, 1, shown, shown))
    twice = sorted(name for name, count in counts.items() if count > 1 and name in schema.names)
    return faults + [
        Fault("K0202", f"column {name!r} stands twice", "remove one", file, 1, name) for name in twice
    ]


def _cell_faults(table: Table) -> Iterator[Fault]:
    """Yield what is wrong with cells, row by row; where all are sound, equal cells of a column are seen once."""
    columns = [table.schema.column(name) for name in table.present]
    if all(
        cell_fault(column, cell, table.file, 0) is None
        for column in columns
        if not (column.type == "text" and (column.may_be_blank or column.default))  # takes anything
        for cell in set(table.cells[column.name].to_list())
    ):
        return
    for row in table.cells.iter_rows(named=True):
        for column in columns:
            fault = cell_fault(column, row[column.name], table.file, row["line"])
            if fault is not None:
                yield fault


def _duplicate_faults(table: Table) -> Iterator[Fault]:
    key = [column for column in table.schema.columns if column.is_key]
    required = [column.name for column in key if not column.may_be_blank]
    if not set(required) <= set(table.present):
        return
    cells = [table.cells[column.name].to_list() for column in key]
    needed = [key[at].name in required for at in range(len(key))]
    forms = [[_normal(column, cell) for cell in each] for column, each in zip(key, cells, strict=True)]
    first_line: dict[tuple[str, ...], int] = {}
    rows = zip(table.cells["line"].to_list(), zip(*cells, strict=True), zip(*forms, strict=True), strict=True)
    for line, row, same in rows:
        if not all(cell for cell, must in zip(row, needed, strict=True) if must):
            continue
        first = first_line.setdefault(same, line)
        if first != line:
            why = f"the row of line {first} has the same {' + '.join(table.schema.key)}"
            shown = ", ".join(cell for cell in row if cell)[:200]
            mend = "rename or remove one of the rows"
            yield Fault("K0204", why, mend, table.file, line, key[0].name, shown)


def _normal(column: Column, cell: str) -> str:
    """Return the cell in the form in which equal cells of its type are equal."""
    if column.type == "clause":
        return "+".join(sorted(clause_members(cell)))
    number = parse_number(cell) if column.type == "number" else None
    return cell if number is None else repr(number)
