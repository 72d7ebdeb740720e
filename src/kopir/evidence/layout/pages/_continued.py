"""A table that goes on over a page break is one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import MAX_CELLS, Block, Cell, Grid, Layout


def with_joined_tables(layout: Layout) -> Layout:
    """Join a table at the top of a page to the one at the foot of the page before: same heads, or none."""
    out: list[Block] = []
    for block in layout.blocks:
        last = len(out) - 1
        while last >= 0 and out[last].kind == "note":
            last -= 1
        above = out[last] if last >= 0 else None
        if above is not None and _breaks(layout, above, block) and (joined := _joined(above, block)) is not None:
            out[last] = joined
        else:
            out.append(block)
    return replace(layout, blocks=tuple(out))


def _breaks(layout: Layout, above: Block, below: Block) -> bool:
    """Tell whether a page ends between two blocks and nothing else stands there."""
    return any(above.span.end <= page.start <= below.span.start for page in layout.pages)


def _joined(above: Block, below: Block) -> Block | None:
    first, second = above.grid, below.grid
    if first is None or second is None or first.why or second.why or second.captions:
        return None
    if _width(first.cells) != _width(second.cells) or len(first.cells) + len(second.cells) > MAX_CELLS:
        return None
    heads = _row(first.cells, 0)
    if _row(second.cells, 0) != heads and not any(c.isdigit() for text in _row(second.cells, 0)[1:] for c in text):
        return None
    height = max(cell.row + cell.rows for cell in first.cells)
    moved = tuple(replace(cell, row=cell.row + height) for cell in second.cells)
    grid = Grid((*first.cells, *moved), first.captions, first.title, first.where)
    return Block("table", Span(above.span.start, below.span.end), grid)


def _width(cells: Sequence[Cell]) -> int:
    return max((cell.col + cell.cols for cell in cells), default=0)


def _row(cells: Sequence[Cell], row: int) -> list[str]:
    return [cell.text for cell in cells if cell.row == row]
