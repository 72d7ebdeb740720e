"""Tables of a sheet of cells: titles above, tables parted by blank rows, notes below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kopir.evidence.layout._blocks import Cell


@dataclass(frozen=True, slots=True)
class Region:
    """A table of a sheet with the lines above and below it that stand alone."""

    titles: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    notes: tuple[Cell, ...]


def regions(cells: Sequence[Cell]) -> Iterator[Region]:
    """Cut the cells of a sheet into tables; lines of one cell are titles before a table, notes after it."""
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    covered = {n for cell in cells if cell.text.strip() for n in range(cell.row, cell.row + cell.rows)}
    titles: list[Cell] = []
    body: list[Cell] = []
    last = None
    out: list[Region] = []
    for row in sorted(rows):
        if body and last is not None and any(n not in covered for n in range(last + 1, row)):
            out.append(_region(titles, body))
            titles, body = [], []
        if len(rows[row]) == 1 and not body:
            titles.append(rows[row][0])
        else:
            body.extend(rows[row])
        last = row
    if body:
        out.append(_region(titles, body))
        titles = []
    elif titles and out:
        held = out[-1]
        out[-1] = replace(held, notes=(*held.notes, *titles))
        titles = []
    yield from out
    if titles:
        yield Region(tuple(titles), (), ())


def _region(titles: Sequence[Cell], body: list[Cell]) -> Region:
    """Take the lines of one long cell off the end of a table as its notes."""
    notes: list[Cell] = []
    while body:
        last = [cell for cell in body if cell.row == body[-1].row]
        if len(last) > 1 or any(c.isdigit() for c in last[0].text[-4:]) or len(last[0].text) < 12:
            break
        notes.insert(0, last[0])
        body = body[: -len(last)]
    if not body:
        return Region((*titles, *notes), (), ())
    top, left = min(cell.row for cell in body), min(cell.col for cell in body)
    return Region(
        tuple(titles), tuple(replace(cell, row=cell.row - top, col=cell.col - left) for cell in body), tuple(notes)
    )
