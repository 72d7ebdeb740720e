"""What a file is made of: blocks of text in reading order, and tables as cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kopir.evidence._spans import Span

Kind = Literal["paragraph", "item", "heading", "caption", "note", "table", "hidden"]
MAX_CELLS = 60_000
"""Cells of one table that are looked at; a larger one is named, not read."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: text, its place in the document's text, the rows and columns it covers (from 0).

    ``head`` is set where the file marks the cell as a head; ``percent`` where its number format shows percent,
    ``number`` where the file holds a number, not its digits.
    ``label`` is the name a workbook gives it (``C5``).
    """

    text: str
    span: Span
    row: int
    col: int
    rows: int = 1
    cols: int = 1
    head: bool = False
    percent: bool = False
    number: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as the file lays it out; ``why`` says what keeps it from being read, ``where`` its page or sheet.

    ``captions`` are the lines that introduce it, ``title`` the heading it stands under.
    """

    cells: tuple[Cell, ...]
    captions: tuple[Span, ...] = ()
    title: Span | None = None
    where: str = ""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the text that stands by itself; nothing is inherited across its edges without a licence."""

    kind: Kind
    span: Span
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Text of a file, its blocks in reading order, and the spans of its pages, where it has pages.

    ``shown`` is empty, or the text character for character with signs of markup as U+2060. ``lost`` names parts
    of the file that could not be read.
    """

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Span, ...] = ()
    shown: str = ""
    lost: tuple[str, ...] = ()


class Page:
    """Collects text and blocks of a file whose own text is markup or ink, not characters in order."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self.at = 0

    def add(self, kind: Kind, text: str) -> Span | None:
        """Add one block; returns its span, ``None`` where it holds no letter or figure."""
        if not text.strip():
            return None
        span = self._write(text)
        self.blocks.append(Block(kind, span))
        self._end()
        return span

    def table(
        self, cells: Sequence[Cell], captions: Iterable[str] = (), where: str = "", why: str | None = None
    ) -> None:
        """Add a table: its captions a line each, its rows a line each with tabs between cells."""
        told = []
        for caption in captions:
            if caption.strip():
                told.append(self._write(caption))
                self.blocks.append(Block("caption", told[-1]))
                self._end()
        start = self.at
        placed: list[Cell] = []
        row = None
        for cell in sorted(cells, key=lambda c: (c.row, c.col)):
            if row is not None:
                self._write("\n" if cell.row != row else "\t")
            row = cell.row
            placed.append(replace(cell, span=self._write(" ".join(cell.text.split("\n")))))
        span = Span(start, self.at)
        self.blocks.append(Block("table", span, Grid(tuple(placed), tuple(told), where=where, why=why)))
        self._end()

    def layout(self, pages: Iterable[Span] = (), lost: Iterable[str] = ()) -> Layout:
        """Return all that was added."""
        return Layout("".join(self.parts), tuple(self.blocks), tuple(pages), lost=tuple(lost))

    def _write(self, text: str) -> Span:
        span = Span(self.at, self.at + len(text))
        self.parts.append(text)
        self.at = span.end
        return span

    def _end(self) -> None:
        self._write("\n")
