"""Sheets of a workbook (``.xlsx`` or ``.ods``) as texts, cell by cell, as a model folder writes them.

A number is written as shortly as it can be read again, a date as ``YYYY-MM-DD``, true and false as ``yes`` and
``no``, a formula as what it came to when the workbook was saved, an error (``#REF!``) as itself. Percent and other
formats change nothing: 5 % is ``0.05``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

from kopir.core.errors import Fault, InputError
from kopir.core.officefiles import Package, cell_place, opened

MAX_BYTES = 32 * 2**20
MAX_CELLS = 2_000_000
"""Cells of one workbook, blank ones between filled ones included."""
SUFFIXES = frozenset({".xlsx", ".ods"})

Rows = list[list[str]]

_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_P = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSHOWN = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")
_DATED = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
"""Number formats of dates that need no definition (ECMA-376 part 1, 18.8.30)."""


def read_sheets(path: Path) -> Mapping[str, Rows]:
    """Return the rows of every sheet of a workbook, from its first row and column on, by name.

    Raises :class:`InputError` where it is too large, and :class:`kopir.core.errors.UnreadableDocument` where it is
    no workbook.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        why = f"cannot be read: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0102", why, "check that the file exists and may be read", str(path))) from error
    if size > MAX_BYTES:
        why = f"{size / 2**20:,.0f} MiB, more than the {MAX_BYTES / 2**20:,.0f} MiB it may have"
        raise InputError(Fault("K0103", why, "keep bulk data in CSV", str(path)))
    with opened(path) as package:
        read = _open_document if "content.xml" in package.names else _excel
        return {name: _filled(path, cells) for name, cells in read(package)}


def written(number: float) -> str:
    """Return a number as a folder writes it: as shortly as it can be read again."""
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)


def _filled(path: Path, cells: Mapping[tuple[int, int], str]) -> Rows:
    """Return the rows of a sheet, of which the cells that are not blank are given by row and column."""
    held = {place: text for place, text in cells.items() if text.strip()}
    tall, wide = (max((place[part] for place in held), default=-1) + 1 for part in (0, 1))
    if tall * wide > MAX_CELLS:
        why = f"a sheet of {tall:,} rows and {wide:,} columns, more than {MAX_CELLS:,} cells"
        raise InputError(Fault("K0103", why, "take away what stands far from the tables", str(path)))
    return [[held.get((row, column), "") for column in range(wide)] for row in range(tall)]


def _excel(package: Package) -> Iterator[tuple[str, dict[tuple[int, int], str]]]:
    tree = package.tree("xl/workbook.xml")
    relations = package.tree("xl/_rels/workbook.xml.rels").iter(f"{_P}Relationship")
    targets = {node.get("Id"): node.get("Target", "") for node in relations}
    settings = tree.find(f"{_M}workbookPr")
    late = settings is not None and settings.get("date1904") in {"1", "true"}
    first_day = date(1904, 1, 1) if late else date(1899, 12, 30)
    strings = (
        [_text_of(node) for node in package.tree("xl/sharedStrings.xml").iter(f"{_M}si")]
        if "xl/sharedStrings.xml" in package.names
        else []
    )
    dated = _dated_styles(package)
    for node in tree.iter(f"{_M}sheet"):
        target = targets.get(node.get(_R), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheet" not in part:
            continue
        cells: dict[tuple[int, int], str] = {}
        for number, row in enumerate(package.tree(part).iter(f"{_M}row")):
            for place, cell in enumerate(row.iter(f"{_M}c")):
                at = cell_place(cell.get("r", "")) or (number, place)
                cells[at] = _value(cell, strings, dated, first_day)
        yield node.get("name", ""), cells


def _value(cell: Element, strings: list[str], dated: list[bool], first_day: date) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{_M}v") or ""
    if kind == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    if kind == "inlineStr":
        inside = cell.find(f"{_M}is")
        return "" if inside is None else _text_of(inside)
    if kind == "b":
        return "yes" if value == "1" else "no"
    if kind != "n":
        return _unescaped(value)
    style = cell.get("s", "0")
    try:
        number = float(value)
    except ValueError:
        return value
    if style.isdecimal() and int(style) < len(dated) and dated[int(style)] and 0 <= number < 2_900_000:
        return (first_day + timedelta(days=int(number))).isoformat()
    return written(number)


def _text_of(node: Element) -> str:
    """Return the text of a string, without the reading aids of East Asian scripts."""
    parts = [node.findtext(f"{_M}t") or "", *(run.findtext(f"{_M}t") or "" for run in node.findall(f"{_M}r"))]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _dated_styles(package: Package) -> list[bool]:
    """Return for each style of cells whether it shows a number as a date."""
    if "xl/styles.xml" not in package.names:
        return []
    tree = package.tree("xl/styles.xml")
    own = {node.get("numFmtId"): node.get("formatCode", "") for node in tree.iter(f"{_M}numFmt")}
    styles = tree.find(f"{_M}cellXfs")
    return [] if styles is None else [_is_date(node.get("numFmtId", "0"), own) for node in styles]


def _is_date(number: str, own: Mapping[str | None, str]) -> bool:
    if number in own:
        return bool(set(_UNSHOWN.sub("", own[number]).lower()) & set("yd"))
    return number.isdecimal() and int(number) in _DATED


def _open_document(package: Package) -> Iterator[tuple[str, dict[tuple[int, int], str]]]:
    for table in package.tree("content.xml").iter(f"{_T}table"):
        cells: dict[tuple[int, int], str] = {}
        top = 0
        for row in table.iter(f"{_T}table-row"):
            held, rows = dict(_row(package, row)), _repeated(row, "rows")
            if held and (len(cells) + len(held) * rows) > MAX_CELLS:
                why = f"a row that is repeated {rows:,} times"
                raise InputError(Fault("K0103", why, "take away what stands far from the tables"))
            for line in range(rows if held else 0):
                cells |= {(top + line, column): text for column, text in held.items()}
            top += rows
        yield table.get(f"{_T}name", ""), cells


def _row(package: Package, row: Element) -> Iterator[tuple[int, str]]:
    place = 0
    for cell in row:
        if cell.tag not in {f"{_T}table-cell", f"{_T}covered-table-cell"}:
            continue
        count, text = _repeated(cell, "columns"), _open_value(cell)
        if text and count > 1_000:
            raise package.refusal(f"a cell that is repeated {count:,} times")
        for column in range(count if text else 0):
            yield place + column, text
        place += count


def _repeated(node: Element, what: str) -> int:
    count = node.get(f"{_T}number-{what}-repeated", "1")
    return int(count) if count.isdecimal() and len(count) < 9 else 1


def _open_value(cell: Element) -> str:
    kind = cell.get(f"{_O}value-type", "")
    if kind in {"float", "percentage", "currency"}:
        try:
            return written(float(cell.get(f"{_O}value", "")))
        except ValueError:
            return ""
    if kind == "date":
        return cell.get(f"{_O}date-value", "")[:10]
    if kind == "boolean":
        return "yes" if cell.get(f"{_O}boolean-value") == "true" else "no"
    return "\n".join(_open_text(part) for part in cell.findall(f"{_X}p"))


def _open_text(node: Element) -> str:
    """Return the text of a paragraph, in which spaces, tabs and line ends may be elements."""
    parts = [node.text or ""]
    for inside in node:
        if inside.tag == f"{_X}s":
            count = inside.get(f"{_X}c", "1")
            parts.append(" " * (int(count) if count.isdecimal() and len(count) < 5 else 1))
        elif inside.tag in {f"{_X}tab", f"{_X}line-break"}:
            parts.append("\t" if inside.tag == f"{_X}tab" else "\n")
        else:
            parts.append(_open_text(inside))
        parts.append(inside.tail or "")
    return "".join(parts)
