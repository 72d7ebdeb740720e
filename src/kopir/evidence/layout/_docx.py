"""Blocks of a Word file: what a reader of the printed page sees, without deleted, hidden and placeholder text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import regex

from kopir.core.officefiles import Package, opened
from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import MAX_CELLS, Cell, Kind, Layout, Page
from kopir.evidence.layout._raised import raised

PART = "word/document.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
UNSEEN = frozenset({f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}rPr", f"{W}pPr", FALLBACK})
_OFF = frozenset({"0", "false", "off", "none"})
_HEADING = regex.compile(r"heading|title|заголовок|başlık|тақырып", regex.I)
_CAPTION = regex.compile(r"caption|название|resim yazısı", regex.I)


def docx_layout(path: Path) -> Layout:
    """Return the blocks of a docx. Raises UnreadableDocument with K2007 for a package that cannot be read."""
    with opened(path) as package:
        root = package.tree(PART)
        writer = _Writer(_styles(package))
        body = root.find(f"{W}body")
        writer.walk(root if body is None else body)
        for name, tag in (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote")):
            if name in package.names:
                for note in package.tree(name).iter(f"{W}{tag}"):
                    if note.get(f"{W}type") is None:
                        writer.page.add("note", " ".join(_text(p) for p in note.iter(f"{W}p")))
    return writer.page.layout()


def _styles(package: Package) -> dict[str, str]:
    """Return the names of the paragraph styles by id."""
    if "word/styles.xml" not in package.names:
        return {}
    found = {}
    for style in package.tree("word/styles.xml").iter(f"{W}style"):
        name = style.find(f"{W}name")
        found[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "") if name is not None else ""
    return found


class _Writer:
    def __init__(self, styles: dict[str, str]) -> None:
        self.page, self.styles = Page(), styles

    def walk(self, parent: Element) -> None:
        """Add what stands in a body, a content control or a text box, in order."""
        for node in parent:
            if node.tag == f"{W}p":
                self._paragraph(node)
            elif node.tag == f"{W}tbl":
                self._table(node)
            elif node.tag == f"{W}sdt":
                if not _placeholder(node):
                    self.walk(node)
            elif node.tag in (f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"):
                self.walk(node)

    def _paragraph(self, node: Element) -> None:
        self.page.add(self._kind(node), _text(node))
        for box in _boxes(node):
            self.walk(box)

    def _kind(self, node: Element) -> Kind:
        style = node.find(f"{W}pPr/{W}pStyle")
        if style is not None:
            code = style.get(f"{W}val", "")
            name = f"{code} {self.styles.get(code, '')}"
            if _CAPTION.search(name):
                return "caption"
            if _HEADING.search(name):
                return "heading"
        return "item" if node.find(f"{W}pPr/{W}numPr") is not None else "paragraph"

    def _table(self, table: Element) -> None:
        cells, why = _cells(table)
        inner = [nested for cell in table.iter(f"{W}tc") for nested in cell.findall(f"{W}tbl")]
        if inner and why is None:
            why = "a table stands inside it"
        if len(cells) == 1 or (inner and not _holds_figures(cells)):
            for cell in table.findall(f"{W}tr/{W}tc"):
                self.walk(cell)
            return
        self.page.table(cells, why=why)
        for nested in table.findall(f"{W}tr/{W}tc/{W}tbl"):
            self._table(nested)


def _holds_figures(cells: list[Cell]) -> bool:
    told = [cell for cell in cells if cell.text]
    return sum(any(c.isdigit() for c in cell.text) for cell in told) >= 0.3 * max(1, len(told))


def _cells(table: Element) -> tuple[list[Cell], str | None]:
    """Return the cells of a table with their spans, and why it is not read, if it is too large."""
    cells: list[Cell] = []
    open_at: dict[int, int] = {}
    for row, node in enumerate(_rows(table)):
        col = int(_value(node, f"{W}trPr/{W}gridBefore") or 0)
        head = node.find(f"{W}trPr/{W}tblHeader") is not None
        for cell in _row_cells(node):
            width = _count(_value(cell, f"{W}tcPr/{W}gridSpan"))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart" and col in open_at:
                at = open_at[col]
                held = cells[at]
                cells[at] = Cell(
                    held.text, held.span, held.row, held.col, row - held.row + 1, held.cols, held.head
                )
            else:
                text = "\n".join(filter(None, (_text(p).strip() for p in cell.findall(f"{W}p"))))
                cells.append(Cell(text, Span(0, 0), row, col, 1, width, head))
                open_at[col] = len(cells) - 1
            col += width
        if len(cells) > MAX_CELLS:
            return cells[:100], f"it has more than {MAX_CELLS} cells"
    return cells, None


def _rows(table: Element) -> Iterator[Element]:
    for node in table:
        if (
            node.tag == f"{W}tr"
            and node.find(f"{W}trPr/{W}del") is None
            and not _on(node.find(f"{W}trPr/{W}hidden"))
        ):
            yield node
        elif node.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            yield from _rows(node)


def _row_cells(row: Element) -> Iterator[Element]:
    for node in row:
        if node.tag == f"{W}tc":
            yield node
        elif node.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
            yield from _row_cells(node)


def _value(node: Element, path: str) -> str | None:
    found = node.find(path)
    return None if found is None else found.get(f"{W}val")


def _count(value: str | None) -> int:
    return min(max(int(value), 1), 1000) if value is not None and value.isdigit() else 1


def _text(paragraph: Element) -> str:
    """Return the text of a paragraph that a reader sees; a raised figure is a note, or the power of a unit."""
    out: list[str] = []
    _runs(paragraph, out)
    return "".join(out)


def _runs(parent: Element, out: list[str]) -> None:
    for node in parent:
        if node.tag in UNSEEN or (node.tag == f"{W}sdt" and _placeholder(node)):
            continue
        if node.tag == f"{W}r":
            _run(node, out)
        elif node.tag != f"{W}txbxContent":
            _runs(node, out)


def _run(run: Element, out: list[str]) -> None:
    style = run.find(f"{W}rPr")
    if style is not None and any(_on(style.find(f"{W}{name}")) for name in ("vanish", "strike", "dstrike")):
        return
    text: list[str] = []
    for node in run:
        if node.tag == f"{W}t":
            text.append(node.text or "")
        elif node.tag == f"{W}tab":
            text.append("\t")
        elif node.tag in (f"{W}br", f"{W}cr"):
            text.append("\n")
        elif node.tag == f"{W}noBreakHyphen":
            text.append("\u2011")
    told = "".join(text)
    if style is not None and _value(style, f"{W}vertAlign") == "superscript":
        told = raised("".join(out[-3:]), told)
    out.append(told)


def _on(flag: Element | None) -> bool:
    return flag is not None and flag.get(f"{W}val", "1").lower() not in _OFF


def _placeholder(control: Element) -> bool:
    return _on(control.find(f"{W}sdtPr/{W}showingPlcHdr"))


def _boxes(parent: Element) -> Iterator[Element]:
    """Walk the text boxes of a paragraph; the copy kept for old programs is left out."""
    for node in parent:
        if node.tag in UNSEEN:
            continue
        if node.tag == f"{W}txbxContent":
            yield node
        else:
            yield from _boxes(node)
