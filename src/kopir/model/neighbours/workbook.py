"""One workbook is one model folder: a sheet for each table, for kopir.toml and for the other texts of the folder.

A workbook that :func:`as_workbook` wrote comes back from :func:`from_workbook` with the same bytes in every file:
numbers are written as numbers only where they come back as the same text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from kopir.core.errors import Fault, InputError
from kopir.core.folders.cells import parse_number
from kopir.core.folders.folder import Folder
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.settings import FILE
from kopir.core.folders.spreadsheets import NUMERIC
from kopir.core.folders.tables import Table, csv_text
from kopir.core.spelling import did_you_mean
from kopir.model.neighbours.sheets import Rows, read_sheets, written

FILES = "files"
"""The sheet of texts that are no tables: scenarios, map lines, notes."""
MOST = 32_000
"""Characters written into one cell; a spreadsheet takes 32,767."""
MAX_TEXT = 8 * 2**20
_TEXTS = frozenset({".toml", ".md", ".txt", ".geojson", ".json"})
_PART = re.compile(rf"[^\n]{{1,{MOST}}}")
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as bytes, and the files of the folder that have no place in it."""

    data: bytes
    left_out: tuple[str, ...]


def as_workbook(folder: Folder) -> Workbook:
    """Return the workbook of a model folder.

    Hidden files and those that are no UTF-8 text of at most 8 MiB are left out and named. Raises
    :class:`InputError` where a cell is longer than a spreadsheet takes.
    """
    from xlsxwriter import Workbook as Book

    texts, left_out = _texts(folder.path)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Book(out, options) as book:
        book.set_properties({"title": folder.settings.model.name})
        bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(FILE)
        for row, line in enumerate(folder.settings_text.replace("\r\n", "\n").split("\n")):
            sheet.write_string(row, 0, line, plain)
        sheet.set_column(0, 0, _WIDEST, plain)
        for name, table in sorted(folder.tables.items()):
            if table.present:
                _fill(book.add_worksheet(name), table, bold, plain)
        if texts:
            sheet = book.add_worksheet(FILES)
            sheet.write_row(0, 0, ("file", "line", "text"), bold)
            for row, (name, number, part) in enumerate(_pieces(texts), start=1):
                sheet.write_string(row, 0, name, plain)
                sheet.write_number(row, 1, number)
                sheet.write_string(row, 2, part, plain)
            sheet.set_column(2, 2, _WIDEST, plain)
    return Workbook(out.getvalue(), left_out)


def _fill(sheet: Any, table: Table, bold: object, plain: object) -> None:  # noqa: ANN401 - untyped library
    sheet.write_row(0, 0, table.present, bold)
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(table.present):
        numeric = table.schema.column(name).type in NUMERIC
        cells = table.cells[name].to_list()
        widest = max((len(cell) for cell in cells), default=0)
        if widest > MOST:
            line = table.cells["line"][[len(cell) for cell in cells].index(widest)]
            why = f"{widest:,} characters, more than the {MOST:,} that a cell of a spreadsheet takes"
            raise InputError(Fault("K0103", why, "shorten it", table.file, line, name))
        sheet.set_column(place, place, min(_WIDEST, max(len(name), widest) + 1), None if numeric else plain)
        for row, cell in enumerate(cells, start=1):
            if numeric and _is_number(cell):
                sheet.write_number(row, place, float(cell))
            elif cell:
                sheet.write_string(row, place, cell, plain)


def _is_number(cell: str) -> bool:
    """Return whether a cell comes back as the same text when it is written as a number of 16 digits."""
    number = parse_number(cell)
    return number is not None and written(float(f"{number:.16G}")) == cell


def _texts(root: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the texts of a folder that are no tables, and the names of files that are neither."""
    found: dict[str, str] = {}
    left_out: list[str] = []
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root)
        name = place.as_posix()
        table = len(place.parts) == 1 and path.suffix.lower() == ".csv"
        hidden = any(part.startswith((".", "__")) for part in place.parts)
        if not path.is_file() or hidden or table or name == FILE:
            continue
        text = None
        if path.suffix.lower() in _TEXTS and not path.is_symlink() and path.stat().st_size <= MAX_TEXT:
            try:
                text = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                text = None
        if text is None:
            left_out.append(name)
        else:
            found[name] = text
    return found, tuple(left_out)


def _pieces(texts: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and a part of it for every line; a long line has several parts."""
    for name, text in texts.items():
        for number, line in enumerate(text.split("\n"), start=1):
            for part in _PART.findall(line) or [""]:
                yield name, number, part


def from_workbook(path: Path) -> dict[str, bytes]:
    """Return the files of the model folder that a workbook holds, by name.

    Sheets whose names begin with ``_`` are the reader's own. Raises :class:`InputError` with every sheet that is
    no table, and as :func:`kopir.model.neighbours.sheets.read_sheets` does; what the tables hold is for
    :func:`kopir.core.folders.folder.read_folder` to judge.
    """
    sheets = {name.strip(): rows for name, rows in read_sheets(path).items() if not name.startswith("_")}
    tables = {_table_of(name): rows for name, rows in sheets.items() if name not in {FILE, FILES}}
    if FILE not in sheets:
        mend = f"give it a sheet {FILE} with a line in each row; `kopir export MODEL --to xlsx` shows one"
        raise InputError(Fault("K0101", f"no sheet {FILE}: not the workbook of a model", mend, str(path)))
    known = table_schemas()
    wrong = sorted(set(tables) - set(known))
    if wrong:
        raise InputError([_unknown(path, name) for name in wrong])
    settings = "\n".join(row[0] if row else "" for row in sheets[FILE])
    files = {FILE: f"{settings.rstrip()}\n".encode()}
    files |= {f"{name}.csv": _as_csv(rows) for name, rows in sorted(tables.items()) if rows}
    return files | _files(path, sheets.get(FILES, []))


def _table_of(sheet: str) -> str:
    return sheet.lower().removesuffix(".csv")


def _unknown(path: Path, name: str) -> Fault:
    mend = did_you_mean(
        name, table_schemas(), "the name of a table, or one that begins with _ for a sheet of your own"
    )
    return Fault(
        "K0218", "no table of a model folder has the name of this sheet", mend, path.name, value=name[:80]
    )


def _as_csv(rows: Rows) -> bytes:
    """Return the rows as CSV; columns without a name are left out where they are blank, rows keep their lines."""
    head = rows[0]
    wide = next((place + 1 for place in range(len(head) - 1, -1, -1) if any(row[place] for row in rows)), 0)
    return csv_text([cell.strip() for cell in row[:wide]] if any(row) else [] for row in rows).encode()


def _files(path: Path, rows: Sequence[Sequence[str]]) -> dict[str, bytes]:
    """Return the texts of the sheet of files. Raises :class:`InputError` for a name that leads out."""
    found: dict[str, bytes] = {}
    for name, parts in groupby(rows[1:], key=lambda row: row[0]):
        place = PurePosixPath(name.replace("\\", "/"))
        inside = place.parts and not place.is_absolute() and ".." not in place.parts and ":" not in name
        if not inside or place.suffix.lower() not in _TEXTS or any(part.startswith(".") for part in place.parts):
            mend = "name a file inside the folder, such as scenarios/NAME.toml"
            raise InputError(
                Fault("K0106", "the sheet of files names another file", mend, path.name, value=name[:80])
            )
        lines = [
            "".join(row[2] if len(row) > 2 else "" for row in of_line) for _, of_line in groupby(parts, _line)
        ]
        found[place.as_posix()] = "\n".join(lines).encode()
    return found


def _line(row: Sequence[str]) -> str:
    return row[1]
