"""Blocks of plain text: paragraphs with their wrapped lines joined, items of lists, tables set with tabs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import Block, Cell, Grid, Kind, Layout
from kopir.evidence.layout._captions import with_captions
from kopir.evidence.layout.pages._ink import Piece
from kopir.evidence.layout.pages._ruled import find_tables

_ITEM = regex.compile(r"[ \t]*(?:[-*+•‣▪◦–—·][ \t]+|\(?\d{1,3}[.)][ \t]+(?=\p{L})|\(?\p{Ll}[)][ \t]+)(?=\S)")
_FIRST_WORD = regex.compile(r"\S+")
_GOES_ON = regex.compile(r"[\p{Ll}(«\"$€]|\d")
_UNFINISHED = regex.compile(r"[\p{L}\p{N},%$€(-]$|[\u00ad\u2010\u2011]$")
_FINISHED = regex.compile(r"[.!?…:;][\"»”')\]]*$")
_HANGING = regex.compile(r"(?:^|\s)\p{Ll}{1,3}$")
_NUMBER = regex.compile(r"\d")
_GAP = regex.compile(r"\S[ ]{2,}\S")
NARROW = 40
"""A text none of whose lines is as long as this was not wrapped."""
WIDE = 160
"""A text with a line longer than this keeps each paragraph in one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text without its end; offsets count in the text, blanks at the edges left out."""

    text: str
    start: int
    end: int


def lines_of(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """Cut a text into lines; an empty one stands for a blank line or a page break."""
    out: list[Line] = []
    at = start
    for raw in text[start:end].split("\n"):
        body = raw.strip(" \t\r\f\v")
        first = at + (raw.index(body) if body else 0)
        out.append(Line(body, first, first + len(body)))
        at += len(raw) + 1
    return out


def plain_layout(text: str) -> Layout:
    """Return the blocks of a text without markup."""
    if "\n" not in text:
        return Layout(text, (Block("paragraph", Span(0, len(text))),) if text.strip() else ())
    lines = lines_of(text)
    width = wrapping_width(lines)
    blocks: list[Block] = []
    for run in runs(lines):
        blocks.extend(_tabbed(text, run) or _aligned(text, run, width) or prose(text, run, width))
    return with_captions(Layout(text, tuple(blocks)))


def wrapping_width(lines: Sequence[Line]) -> int | None:
    """Return the width at which the lines of a text were wrapped; ``None`` where they were not."""
    longest = max((len(line.text) for line in lines), default=0)
    return longest if NARROW <= longest <= WIDE else None


def runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Walk the runs of lines between blank ones."""
    run: list[Line] = []
    for line in lines:
        if line.text:
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def prose(text: str, run: Sequence[Line], width: int | None) -> Iterator[Block]:
    """Join the wrapped lines of a run into paragraphs and items."""
    first = run[0]
    kind = _kind(text, first)
    last = first
    for line in run[1:]:
        item = _kind(text, line) == "item" and not _hyphenated(last.text)
        if item or not _wrapped(last.text, line.text, width, len(run)):
            yield Block(kind, Span(first.start, last.end))
            first, kind = line, _kind(text, line)
        last = line
    yield Block(kind, Span(first.start, last.end))


def _kind(text: str, line: Line) -> Kind:
    return "item" if _ITEM.match(text, line.start, line.end) else "paragraph"


def _hyphenated(line: str) -> bool:
    return line[-1] in "-\u00ad\u2010\ufffe"


def _wrapped(above: str, below: str, width: int | None, height: int) -> bool:
    """Tell whether a line end was put in by wrapping: the sentence goes on, or the next word had no room."""
    if _hyphenated(above) and below[0].isalnum():
        return True
    if "\t" in above or "\t" in below:
        return False
    if _HANGING.search(above) and below[0].isalnum():
        return True
    word = _FIRST_WORD.match(below)
    crowded = width is not None and word is not None and len(above) + 1 + len(word[0]) > width - 2
    if _GOES_ON.match(below) and _UNFINISHED.search(above):
        return crowded or not below[0].isdigit() or above[-1] in ",-(" or width is None
    if not crowded:
        return False
    return height > 2 or _FINISHED.search(above) is None


def _tabbed(text: str, run: Sequence[Line]) -> list[Block]:
    """Read a run of lines with the same number of tabs as a table."""
    counts = [line.text.count("\t") for line in run]
    first = next((n for n, count in enumerate(counts) if count), None)
    if first is None or len(run) - first < 2 or len(set(counts[first:])) > 1:
        return []
    cells: list[Cell] = []
    for row, line in enumerate(run[first:]):
        at = line.start
        for col, part in enumerate(line.text.split("\t")):
            cells.append(Cell(part.strip(), Span(at, at + len(part)), row, col))
            at += len(part) + 1
    if not any(_NUMBER.search(cell.text) for cell in cells if cell.col):
        return []
    above = list(prose(text, run[:first], None)) if first else []
    return [*above, Block("table", Span(run[first].start, run[-1].end), Grid(tuple(cells)))]


def _aligned(text: str, run: Sequence[Line], width: int | None) -> list[Block]:
    """Read lines whose cells stand under one another, parted by two blanks or more, as tables."""
    if sum(_GAP.search(line.text) is not None for line in run) < 3:
        return []
    starts = [text.rfind("\n", 0, line.start) + 1 for line in run]
    rows = [
        [
            Piece(
                found[0],
                found.start() + line.start - at,
                found.end() + line.start - at,
                -2.0 * n,
                1 - 2.0 * n,
                2.0,
            )
            for found in _FIRST_WORD.finditer(line.text)
        ]
        for n, (line, at) in enumerate(zip(run, starts, strict=True))
    ]
    out: list[Block] = []
    done = 0
    for table in find_tables(rows):
        cells = [
            replace(cell, span=Span(cell.span.start + at, cell.span.end + at))
            for cell in table.cells
            for at in (starts[table.first + cell.row],)
        ]
        out += prose(text, run[done : table.first], width) if table.first > done else []
        out.append(Block("table", Span(run[table.first].start, run[table.last - 1].end), Grid(tuple(cells))))
        done = table.last
    return [*out, *(prose(text, run[done:], width) if out and done < len(run) else [])]
