"""Tables of a web page: rows and columns with their spans, and which tables only lay out a page."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import MAX_CELLS, Cell
from kopir.evidence.layout._seen import Node

BREAKS = frozenset(
    (
        *(
            "p",
            "div",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "section",
            "article",
            "main",
            "ul",
            "ol",
            "dl",
            "dt",
        ),
        *(
            "dd",
            "blockquote",
            "figure",
            "figcaption",
            "pre",
            "hr",
            "header",
            "center",
            "address",
            "form",
            "fieldset",
        ),
        *(
            "legend",
            "details",
            "summary",
            "body",
            "html",
            "table",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "td",
        ),
        "th",
    )
)
BLANK = regex.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class WebTable:
    """A table of a page: cells, captions, and why it is not read, if it is not."""

    cells: tuple[Cell, ...]
    captions: tuple[str, ...]
    why: str | None


def web_tables(table: Node) -> list[WebTable] | None:
    """Return a table of figures and those inside it; ``None`` where it only lays out a page."""
    if table.get("role") in ("presentation", "none"):
        return None
    cells, why = _cells(table)
    inner = [t for t in table.iter("table") if t is not table]
    told = [cell for cell in cells if cell.text]
    numeric = sum(any(c.isdigit() for c in cell.text) for cell in told)
    long = sum(len(cell.text) > 400 for cell in told)
    if len(told) < 2 or (long and long >= 0.1 * len(told)) or numeric < 0.1 * len(told):
        return None
    if inner:
        if numeric < 0.3 * len(told):
            return None
        why = why or "a table stands inside it"
    captions = tuple(" ".join(_text(c).split()) for c in table.findall("caption"))
    figure = next((a for a in table.iterancestors("figure")), None)
    if figure is not None:
        captions += tuple(" ".join(_text(c).split()) for c in figure.findall("figcaption"))
    out = [WebTable(tuple(cells), captions, why)]
    for nested in inner:
        if next(nested.iterancestors("table")) is table:
            out.extend(web_tables(nested) or ())
    return out


def _cells(table: Node) -> tuple[list[Cell], str | None]:
    """Return the cells of a table with the rows and columns they cover, and why it is not read, if too large."""
    cells: list[Cell] = []
    taken: dict[int, int] = {}
    row = 0
    for line in table.iter("tr"):
        if next(line.iterancestors("table")) is not table:
            continue
        col = 0
        for node in line:
            if node.tag not in ("td", "th"):
                continue
            while taken.get(col, 0) > row:
                col += 1
            rows, cols = _count(node.get("rowspan")), _count(node.get("colspan"))
            cells.append(Cell(_text(node).strip(), Span(0, 0), row, col, rows, cols, node.tag == "th"))
            for n in range(col, col + cols):
                taken[n] = row + rows
            col += cols
        row += 1
        if len(cells) > MAX_CELLS or len(taken) > 5000:
            return cells[:100], f"it has more than {MAX_CELLS} cells or 5,000 columns"
    return cells, None


def _count(value: str | None) -> int:
    return (
        min(max(int(value), 1), 1000) if value is not None and value.strip().isdecimal() and len(value) < 6 else 1
    )


def _text(node: Node) -> str:
    """Return the text of a cell, a line for each break; what stands in a table inside it is left out."""
    from lxml import etree

    out: list[str] = []
    walk = etree.iterwalk(node, events=("start", "end"))
    for event, child in walk:
        if event == "start":
            if child.tag == "table" and child is not node:
                walk.skip_subtree()
                continue
            if child.tag == "br" or (child.tag in BREAKS and child is not node):
                out.append("\n")
            out.append(BLANK.sub(" ", child.text or ""))
        elif child is not node:
            out.append(BLANK.sub(" ", child.tail or ""))
    return "\n".join(line.strip() for line in "".join(out).split("\n") if line.strip())
