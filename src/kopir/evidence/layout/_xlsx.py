"""Tables of a workbook: shown sheets, rows and columns, with merged cells and the percent of number formats."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import regex

from kopir.core.officefiles import Package, TooLarge, cell_place, opened
from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import MAX_CELLS, Cell, Layout, Page
from kopir.evidence.layout._raised import raised
from kopir.evidence.layout._sheets import regions

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
P = "{http://schemas.openxmlformats.org/package/2006/relationships}"
MAX_SHEETS = 200
_PLAIN = regex.compile(r"-?\d+(?:\.\d+)?")
_PERCENT, _DATES = frozenset({9, 10}), frozenset({14, 15, 16, 17, 22, 27, 30, 36, 50, 57})
_DATED = regex.compile(r"(?<![\\\"])[yY]{2,4}")
_QUOTED = regex.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")
MONTH = 17
_TOLD = {"year": 4, "month": 7, "date": 10}
_EPOCH = date(1899, 12, 30)


def xlsx_layout(path: Path) -> Layout:
    """Return the blocks of a workbook. Raises UnreadableDocument with K2007 for a package that cannot be read."""
    page = Page()
    with opened(path) as package:
        book = _Book(package)
        for name, part in book.sheets():
            _sheet(page, name, *book.cells(part))
    return page.layout()


def _sheet(page: Page, name: str, cells: list[Cell], why: str | None) -> None:
    where = f"sheet {name}"
    if why is not None:
        page.table(cells[:100], where=where, why=why)
        return
    for region in regions(cells):
        if region.cells:
            page.table(region.cells, [cell.text for cell in region.titles], where)
        else:
            for cell in region.titles:
                page.add("paragraph", cell.text)
        for note in region.notes:
            page.add("note", note.text)


class _Book:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.strings = self._strings()
        self.formats = self._formats()

    def sheets(self) -> list[tuple[str, str]]:
        """Return the names and parts of the sheets that are not hidden."""
        targets = {
            node.get("Id"): node.get("Target", "")
            for node in self.package.tree("xl/_rels/workbook.xml.rels").iter(f"{P}Relationship")
        }
        out = []
        for node in self.package.tree("xl/workbook.xml").iter(f"{M}sheet"):
            target = targets.get(node.get(R), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if node.get("state", "visible") == "visible" and part in self.package.names and "worksheet" in part:
                out.append((node.get("name", ""), part))
        return out[:MAX_SHEETS]

    def cells(self, part: str) -> tuple[list[Cell], str | None]:
        """Return the shown cells of a sheet, and why it is not read, if it is too large."""
        try:
            tree = self.package.tree(part)
        except TooLarge:
            return [], f"it has more than {MAX_CELLS} cells"
        merged = _merged(tree)
        dropped = _hidden_columns(tree)
        out: list[Cell] = []
        for line in tree.iter(f"{M}row"):
            if line.get("hidden") in ("1", "true"):
                continue
            for node in line.iter(f"{M}c"):
                cell = self._cell(node, merged, dropped)
                if cell is not None:
                    out.append(cell)
            if len(out) > MAX_CELLS:
                return out, f"it has more than {MAX_CELLS} cells"
        return out, None

    def _cell(
        self, node: Element, merged: dict[tuple[int, int], tuple[int, int]], dropped: frozenset[int]
    ) -> Cell | None:
        label = node.get("r", "")
        place = cell_place(label)
        if place is None or place[1] in dropped:
            return None
        text, percent = self._value(node)
        if not text.strip():
            return None
        rows, cols = merged.get(place, (1, 1))
        number = float(text) if node.get("t", "n") == "n" and _PLAIN.fullmatch(text) else None
        return Cell(text, Span(0, 0), place[0], place[1], rows, cols, percent=percent, number=number, label=label)

    def _value(self, node: Element) -> tuple[str, bool]:
        kind, value = node.get("t", "n"), node.findtext(f"{M}v") or ""
        if kind == "s":
            return (
                (self.strings[int(value)], False)
                if value.isdecimal() and int(value) < len(self.strings)
                else ("", False)
            )
        if kind == "inlineStr":
            found = node.find(f"{M}is")
            return ("" if found is None else _rich(found)), False
        if kind in ("e", "b"):
            return "", False
        if kind != "n":
            return value, False
        style = node.get("s", "0")
        return _number(
            value, self.formats[int(style)] if style.isdecimal() and int(style) < len(self.formats) else ""
        )

    def _strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.package.names:
            return []
        return [_rich(node) for node in self.package.tree("xl/sharedStrings.xml").iter(f"{M}si")]

    def _formats(self) -> list[str]:
        """Return for each cell style "%", "year", "month", "date", "hidden" or nothing."""
        if "xl/styles.xml" not in self.package.names:
            return []
        tree = self.package.tree("xl/styles.xml")
        own = {node.get("numFmtId"): node.get("formatCode", "") for node in tree.iter(f"{M}numFmt")}
        styles = tree.find(f"{M}cellXfs")
        return [_format(node.get("numFmtId", "0"), own) for node in styles] if styles is not None else []


def _format(number: str, own: dict[str | None, str]) -> str:
    code = own.get(number)
    if code is None:
        known = int(number) if number.isdecimal() else 0
        return "%" if known in _PERCENT else "month" if known == MONTH else "date" if known in _DATES else ""
    if code.strip() == ";;;":
        return "hidden"
    plain = _QUOTED.sub("", code)
    if "%" in plain or not _DATED.search(plain):
        return "%" if "%" in plain else ""
    return "date" if "d" in plain.lower() else "month" if "m" in plain.lower() else "year"


def _number(value: str, shape: str) -> tuple[str, bool]:
    """Return a number as a reader sees it: a percent times hundred, a date as such, no digits of rounding."""
    try:
        number = float(value)
    except ValueError:
        return value, False
    if shape == "hidden" or number != number or abs(number) == float("inf"):
        return "", False
    if shape in _TOLD and 1 <= number < 80_000:
        return (_EPOCH + timedelta(days=int(number))).isoformat()[: _TOLD[shape]], False
    number = float(f"{number * (100 if shape == '%' else 1):.12g}")
    text = f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else f"{number:.12f}".rstrip("0")
    return text, shape == "%"


def _rich(node: Element) -> str:
    """Return the text of a string without reading aids, struck-out and raised parts."""
    out = [node.findtext(f"{M}t") or ""]
    for run in node.findall(f"{M}r"):
        style, text = run.find(f"{M}rPr"), run.findtext(f"{M}t") or ""
        if style is not None and style.find(f"{M}strike") is not None:
            continue
        lifted = None if style is None else style.find(f"{M}vertAlign")
        if lifted is not None and lifted.get("val") == "superscript":
            text = raised("".join(out), text)
        out.append(text)
    return "".join(out)


def _merged(tree: Element) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the rows and columns that merged cells cover, by their first cell."""
    out = {}
    for node in tree.iter(f"{M}mergeCell"):
        first, _, last = node.get("ref", "").partition(":")
        start, end = cell_place(first), cell_place(last)
        if start is not None and end is not None:
            out[start] = (min(end[0] - start[0] + 1, 1000), min(end[1] - start[1] + 1, 1000))
    return out


def _hidden_columns(tree: Element) -> frozenset[int]:
    out: set[int] = set()
    for node in tree.iter(f"{M}col"):
        if (
            node.get("hidden") in ("1", "true")
            and node.get("min", "").isdecimal()
            and node.get("max", "").isdecimal()
        ):
            out.update(range(int(node.get("min", "1")) - 1, min(int(node.get("max", "1")), 16384)))
    return frozenset(out)
