"""Tables of a model folder: read against a schema, with every fault, and written back as they were."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kopir.core.cells import parse_number
from kopir.core.checks import cell_fault
from kopir.core.errors import Fault
from kopir.core.schema import TableSchema
from kopir.core.spelling import did_you_mean

csv.field_size_limit(2**20)


@dataclass(frozen=True)
class Table:
    """Rows of one table as text, with the line of the file on which each began.

    ``cells`` has one text column per schema column (absent columns are filled with blanks) and a ``line``
    column; ``present`` names the columns that the file holds, in its order.
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
        columns = [self._typed_column(column.name) for column in self.schema.columns]
        return self.cells.select("line", *columns)

    def _typed_column(self, name: str) -> pl.Expr:
        column = self.schema.column(name)
        text = pl.col(name).str.strip_chars()
        filled = pl.when(text == "").then(pl.lit(column.default or None, dtype=pl.String)).otherwise(text)
        match column.type:
            case "number":
                typed = filled.cast(pl.Float64, strict=False)
            case "flag":
                typed = filled == "yes"
            case "ids":
                typed = filled.fill_null("").str.extract_all(r"\S+")
            case "clause":
                typed = filled.fill_null("").str.split("+")
            case _:
                typed = filled
        return typed.alias(name)

    def records(self) -> Iterator[dict[str, str]]:
        """Yield each row as a mapping of column to stripped text (no defaults), in file order."""
        for row in self.cells.iter_rows(named=True):
            yield {name: row[name].strip() for name in self.schema.names}


def parse_table(text: str, schema: TableSchema) -> tuple[Table, list[Fault]]:
    """Return the table that ``text`` (CSV) holds and every fault of its shape and cells.

    References to other tables are checked by :func:`kopir.core.folder.read_folder`, which sees them all.
    """
    file = f"{schema.name}.csv"
    faults: list[Fault] = []
    reader = csv.reader(io.StringIO(text.replace("\0", "�"), newline=""), strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    header: list[str] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        begun = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) == len(header):
                    lines.append(begun)
                    rows.append(row)
                else:
                    why = f"{len(row)} cells where the header has {len(header)}"
                    faults.append(Fault("K0105", why, "quote cells that hold commas", file, begun))
            begun = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault("K0105", f"not CSV: {error}", "mend the quotes of the row", file, reader.line_num))
    faults += _header_faults(header, schema)
    data = {
        name: [row[header.index(name)] for row in rows] if name in header else [""] * len(rows)
        for name in schema.names
    }
    cells = pl.DataFrame(
        {"line": lines, **data}, schema={"line": pl.Int64, **dict.fromkeys(schema.names, pl.String)}
    )
    table = Table(schema, cells, tuple(name for name in header if name in schema.names))
    if header:
        faults += _cell_faults(table)
    return table, faults


def make_table(schema: TableSchema, rows: Sequence[Mapping[str, str]]) -> Table:
    """Return a table made of ``rows`` (columns left out are blank); lines count from 2."""
    data = {name: [row.get(name, "") for row in rows] for name in schema.names}
    lines = list(range(2, len(rows) + 2))
    cells = pl.DataFrame(
        {"line": lines, **data}, schema={"line": pl.Int64, **dict.fromkeys(schema.names, pl.String)}
    )
    return Table(schema, cells, schema.names)


def format_table(table: Table) -> str:
    """Return the table as CSV text; parsing it again gives the same cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.present)
    writer.writerows(table.cells.select(table.present).iter_rows())
    return out.getvalue()


def _header_faults(header: list[str], schema: TableSchema) -> list[Fault]:
    file = f"{schema.name}.csv"
    if not header:
        return [Fault("K0219", "no header row", f"write the header {','.join(schema.names)}", file, 1)]
    faults = [
        Fault(
            "K0201",
            f"column {column.name!r} is missing",
            f"add it: {column.description}",
            file,
            1,
            column.name,
        )
        for column in schema.columns
        if not column.may_be_blank and column.name not in header
    ]
    for name in sorted(set(header) - set(schema.names)):
        mend = did_you_mean(name, schema.names, f"one of {', '.join(schema.names)}")
        faults.append(Fault("K0202", f"column {name!r} is unknown", mend, file, 1, name, name))
    twice = sorted({name for name in header if header.count(name) > 1})
    faults += [Fault("K0202", f"column {name!r} stands twice", "remove one", file, 1, name) for name in twice]
    return faults


def _cell_faults(table: Table) -> list[Fault]:
    faults: list[Fault] = []
    for name in table.present:
        column = table.schema.column(name)
        lines = table.cells["line"].to_list()
        for line, raw in zip(lines, table.cells[name].to_list(), strict=True):
            fault = cell_fault(column, raw.strip(), table.file, line)
            if fault is not None:
                faults.append(fault)
    return faults + _duplicate_faults(table)


def _duplicate_faults(table: Table) -> list[Fault]:
    if not table.schema.key or not set(table.schema.key) & set(table.present):
        return []
    faults: list[Fault] = []
    first_line: dict[tuple[str, ...], int] = {}
    for row in table.cells.iter_rows(named=True):
        key = tuple(_normal(row[name]) for name in table.schema.key)
        if key in first_line:
            shown = ", ".join(part for part in key if part)
            why = f"the row of line {first_line[key]} has the same {' + '.join(table.schema.key)}"
            faults.append(
                Fault(
                    "K0204",
                    why,
                    "rename or remove one of the rows",
                    table.file,
                    row["line"],
                    table.schema.key[0],
                    shown,
                )
            )
        first_line.setdefault(key, row["line"])
    return faults


def _normal(cell: str) -> str:
    number = parse_number(cell)
    return cell.strip() if number is None else repr(number)
