"""Tables of a file of separated values; every cell keeps its place in the text of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import MAX_CELLS, Block, Cell, Grid, Layout
from kopir.evidence.layout._sheets import regions

SEPARATORS = ";\t,|"
SAMPLE = 200


def csv_layout(text: str) -> Layout:
    """Return the blocks of a file of separated values: titles, tables, notes."""
    separator = separator_of(text)
    cells: list[Cell] = []
    for row in _rows(text, separator):
        cells.extend(row)
        if len(cells) > MAX_CELLS:
            why = f"it has more than {MAX_CELLS} cells"
            span = Span(cells[0].span.start, len(text))
            return Layout(text, (Block("table", span, Grid(tuple(cells[:100]), why=why)),))
    blocks: list[Block] = []
    for region in regions(cells):
        blocks.extend(Block("caption" if region.cells else "paragraph", c.span) for c in region.titles)
        if region.cells:
            span = Span(min(c.span.start for c in region.cells), max(c.span.end for c in region.cells))
            captions = tuple(c.span for c in region.titles)
            blocks.append(Block("table", span, Grid(region.cells, captions)))
        blocks.extend(Block("note", c.span) for c in region.notes)
    return Layout(text, tuple(blocks))


def separator_of(text: str) -> str:
    """Return the sign that cuts most lines into the same number of cells."""
    lines = [line for line in text.split("\n")[:SAMPLE] if line.strip()]

    def weight(sign: str) -> tuple[int, int]:
        counts = [sum(1 for _ in _cuts(line, sign)) for line in lines]
        usual = max(set(counts), key=lambda n: (counts.count(n) * (n > 1), n), default=1)
        return (counts.count(usual) if usual > 1 else 0, usual)

    return max(SEPARATORS, key=weight)


def _cuts(line: str, sign: str) -> Iterator[tuple[int, int]]:
    at = 0
    for row in _rows(line, sign):
        for cell in row:
            yield cell.span.start, cell.span.end
            at += 1


@dataclass(slots=True)
class _State:
    row: int = 0
    quoted: bool = False


def _rows(text: str, sign: str) -> Iterator[list[Cell]]:
    """Walk the rows; a quoted cell may hold the separator, a line end, and doubled quotes."""
    at, row, size = 0, 0, len(text)
    while at < size:
        cells: list[Cell] = []
        while True:
            cell, at = _cell(text, at, sign, row, len(cells))
            cells.append(cell)
            if at >= size or text[at] != sign:
                break
            at += 1
        yield cells
        row += 1
        at += 2 if text.startswith("\r\n", at) else 1


def _cell(text: str, at: int, sign: str, row: int, col: int) -> tuple[Cell, int]:
    if text.startswith('"', at):
        end = at + 1
        while (stop := text.find('"', end)) >= 0 and text.startswith('""', stop):
            end = stop + 2
        stop = len(text) if stop < 0 else stop
        body = text[at + 1 : stop].replace('""', '"')
        end = min((n for n in (text.find(sign, stop), text.find("\n", stop)) if n >= 0), default=len(text))
        return Cell(body.strip(), Span(at + 1, stop), row, col), end
    line = text.find("\n", at)
    line = len(text) if line < 0 else line
    cut = text.find(sign, at, line)
    end = line if cut < 0 else cut
    stop = end - 1 if end == line and text[at:end].endswith("\r") else end
    return Cell(text[at:stop].strip(), Span(at, stop), row, col), stop if stop < end and cut < 0 else end
