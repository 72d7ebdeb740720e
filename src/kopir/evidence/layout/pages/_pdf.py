"""Blocks of a PDF: paragraphs in reading order, tables, notes at the foot, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import regex

from kopir.core.errors import Fault, UnreadableDocument
from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import Kind, Layout, Page
from kopir.evidence.layout.pages._boxes import boxed, rules_of
from kopir.evidence.layout.pages._columns import columns_in_order
from kopir.evidence.layout.pages._continued import with_joined_tables
from kopir.evidence.layout.pages._guard import trap
from kopir.evidence.layout.pages._ink import RAISED, Piece, lines_of, words_of
from kopir.evidence.layout.pages._ruled import find_tables

Pdf = Any
"""An open document of pypdfium2, which has no types."""
MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
_ITEM = regex.compile(r"(?:[-•‣▪◦–—·*]|\(?\d{1,2}[.)])\s+\S")
_MARK = regex.compile(r"(?:[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|[*†‡]+|\[\d{1,2}\])\)?\s*\p{Lu}")
_RAISED = frozenset(RAISED.values())
_NUMBER = regex.compile(r"\W*(?:page|стр\.?|с\.|sayfa|бет)?\W*\d{1,4}\W*(?:/\W*\d{1,4})?\W*", regex.I)
_STOP = regex.compile(r"[.!?…:;][\"»”')\]]*$")
Row = list[Piece]


def pdf_layout(path: Path) -> Layout:
    """Return the blocks of a PDF. Raises UnreadableDocument: K2006 broken, locked or a trap, K2004 too large."""
    import pypdfium2

    data = path.read_bytes()
    why = trap(data)
    if why is not None:
        raise _refused("K2006", path, why, "print it anew to PDF")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        why = "the PDF is encrypted" if locked else "the PDF is broken"
        mend = "save a copy without a password" if locked else "save it anew from its source"
        raise _refused("K2006", path, why, mend) from error
    try:
        if len(document) > MAX_PAGES:
            why = f"the PDF has {len(document)} pages; at most {MAX_PAGES} are read"
            raise _refused("K2004", path, why, "split the file")
        return _read(document, path)
    finally:
        document.close()


def _refused(code: str, path: Path, why: str, mend: str) -> UnreadableDocument:
    return UnreadableDocument(Fault(code, why, mend, file=str(path)))


def _read(document: Pdf, path: Path) -> Layout:
    import pypdfium2

    out = Page()
    pages: list[Span] = []
    lost: list[str] = []
    for n in range(len(document)):
        start = out.at
        try:
            page = document[n]
            rows = boxed(lines_of(words_of(page)), rules_of(page))
            page.close()
        except pypdfium2.PdfiumError:
            lost.append(f"page {n + 1} does not load")
            rows = []
        _page(out, rows)
        pages.append(Span(start, out.at))
        if out.at > MAX_CHARACTERS:
            raise _refused("K2004", path, "the PDF holds too much text", "split the file")
    return with_joined_tables(out.layout(pages, lost))


def _page(out: Page, rows: list[Row]) -> None:
    """Add the blocks of one page: the running text first, then the notes at the foot of its columns."""
    while len(rows) > 1 and _NUMBER.fullmatch(_line(rows[-1])):
        rows = rows[:-1]
    size = median([piece.size for row in rows for piece in row]) if rows else 0.0
    marks = frozenset(c for row in rows for c in _line(row) if c in _RAISED)
    notes: list[Row] = []
    for run in columns_in_order(rows):
        count = _notes(run, size, marks)
        _run(out, run[: len(run) - count], size)
        notes += run[len(run) - count :]
    held: list[Row] = []
    for row in notes:
        if held and _MARK.match(_line(row)):
            out.add("note", "\n".join(map(_line, held)))
            held = []
        held.append(row)
    if held:
        out.add("note", "\n".join(map(_line, held)))


def _notes(rows: Sequence[Row], size: float, marks: frozenset[str]) -> int:
    """Count the lines at the foot of a run that are a note: set smaller, or with a mark that the page raises."""
    small = 0
    for count, row in enumerate(reversed(rows), 1):
        smaller = max(p.size for p in row) < 0.93 * size
        text = _line(row)
        if _MARK.match(text) and (smaller or text[0].translate(RAISED) in marks):
            small = count
        elif not smaller:
            break
    return small


def _line(row: Row) -> str:
    out: list[str] = []
    last: Piece | None = None
    for word in row:
        if last is not None and word.x0 - last.x1 > 0.05 * last.size:
            out.append(" ")
        out.append(word.text)
        last = word
    return "".join(out)


def _run(out: Page, rows: list[Row], size: float) -> None:
    """Add one run of lines: tables where they stand, paragraphs between."""
    at = 0
    for table in find_tables(rows):
        _paragraphs(out, rows[at : table.first], size)
        out.table(table.cells)
        at = table.last
    _paragraphs(out, rows[at:], size)


def _paragraphs(out: Page, rows: Sequence[Row], size: float) -> None:
    held: list[Row] = []
    if not rows:
        return
    left, right = min(row[0].x0 for row in rows), max(row[-1].x1 for row in rows)
    for row in rows:
        if held and _parted(held[-1], row, left, right):
            _paragraph(out, held, size)
            held = []
        held.append(row)
    _paragraph(out, held, size)


def _parted(above: Row, below: Row, left: float, right: float) -> bool:
    """Tell whether a paragraph ends between two lines: a wider gap, another size, a short last line, an item."""
    height = max(p.size for p in above)
    lower = max(p.size for p in below)
    if abs(height - lower) > 0.12 * height:
        return True
    if min(p.y0 for p in above) - max(p.y1 for p in below) > 0.6 * height:
        return True
    text, after = _line(above), _line(below)
    if _ITEM.match(after) and not text.endswith("-"):
        return True
    short = above[-1].x1 < right - 0.25 * (right - left)
    return short and (_STOP.search(text) is not None or not after[:1].islower())


def _paragraph(out: Page, rows: Sequence[Row], size: float) -> None:
    text = "\n".join(_line(row) for row in rows)
    kind: Kind = "item" if _ITEM.match(text) else "paragraph"
    tall = max(p.size for row in rows for p in row)
    if tall > 1.15 * size and len(text) < 200 and not _STOP.search(text):
        kind = "heading"
    out.add(kind, text)
