"""Tables of a page: rows of cells that stand under one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import Cell
from kopir.evidence.layout.pages._boxes import BoxRow
from kopir.evidence.layout.pages._ink import Piece, segments

APART = 0.9
"""Least gap between cells in heights of letters."""
_FIGURE = regex.compile(
    r"[$€£¥₽₸₺]?\s?[-+\u2212\u2013]?\d[\d\s\u00a0\u2007\u2009\u202f’'.,]*\s?%?[\s*†\d)⁰¹²³⁴⁵⁶⁷⁸⁹]{0,4}"
    r"|[-\u2010-\u2015\u2212…x×]|n/?a|н/д",
    regex.I,
)
_YEAR = regex.compile(r"(?:19|20)\d\d")
Row = list[Piece]


@dataclass(frozen=True, slots=True)
class Found:
    """A table found in the rows ``first`` to ``last`` (exclusive) of a run."""

    first: int
    last: int
    cells: tuple[Cell, ...]


def find_tables(rows: Sequence[Row]) -> list[Found]:
    """Return the tables among the rows of a run, from top to bottom; spans of cells are their edges."""
    lines: list[Row] = [row if isinstance(row, BoxRow) else segments(row, APART) for row in rows]
    out: list[Found] = []
    n = 0
    while n < len(lines):
        last = _reach(lines, n)
        if last > n and (table := _table(lines, n, last)) is not None:
            out.append(table)
            n = table.last
        else:
            n += 1
    return out


def _reach(lines: Sequence[Row], first: int) -> int:
    """Return where a run of rows with several cells ends; single lines among them do not end it."""
    if len(lines[first]) < 2:
        return first
    last = n = first
    while n < len(lines):
        if n > first and lines[n - 1][0].y0 - lines[n][0].y1 > 2.5 * max(lines[n][0].size, 1.0):
            break
        if len(lines[n]) > 1:
            last = n + 1
        elif n - last >= 2 or len(lines[n][0].text) > 60:
            break
        n += 1
    return last


def _is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text.strip()) is not None


def _is_year(text: str) -> bool:
    return _YEAR.fullmatch(text.strip()) is not None


def _table(lines: Sequence[Row], first: int, last: int) -> Found | None:
    figured = [
        n for n in range(first, last) if any(_is_figure(p.text) and not _is_year(p.text) for p in lines[n][1:])
    ]
    if len(figured) < 2 or any("...." in p.text for n in figured for p in lines[n]):
        return None  # dots that lead to a page number make a list of contents
    rest = [p for n in figured for p in lines[n][1:]]
    if sum(_is_figure(p.text) for p in rest) < 0.4 * len(rest):
        return None
    columns = _columns([p for n in figured for p in lines[n]])
    if len(columns) < 2:
        return None
    cells: list[Cell] = []
    for row, n in enumerate(range(first, last)):
        spread = _spread(lines[n], columns) if n < figured[0] else None
        cells.extend(_cells(lines[n], row, columns) if spread is None else _placed(spread, row))
    return Found(first, last, tuple(cells))


def _columns(pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    """Return the columns: stretches of the page that pieces of the rows of figures cover."""
    out: list[list[float]] = []
    for piece in sorted(pieces, key=lambda p: p.x0):
        if out and piece.x0 < out[-1][1]:
            out[-1][1] = max(out[-1][1], piece.x1)
        else:
            out.append([piece.x0, piece.x1])
    return [(a, b) for a, b in out]


def _spread(line: Row, columns: Sequence[tuple[float, float]]) -> list[tuple[Piece, int, int]] | None:
    """Return heads set over the middle of several columns each with the columns it stands over, else ``None``."""
    inner = columns[1:]
    over = [piece for piece in line if piece.x1 > columns[0][1]]
    if not 0 < len(over) < len(inner):
        return None
    middles = [(a + b) / 2 for a, b in inner]
    pitch = (middles[-1] - middles[0]) / (len(inner) - 1)
    nearest = [min(range(len(over)), key=lambda n: abs(over[n].x0 + over[n].x1 - 2 * m)) for m in middles]
    out = [(piece, 0, 0) for piece in line if piece not in over]
    for n, piece in enumerate(over):
        under = [k for k, which in enumerate(nearest) if which == n]
        middle = (piece.x0 + piece.x1) / 2
        if not under or abs((middles[under[0]] + middles[under[-1]]) / 2 - middle) > 0.35 * pitch:
            return None
        out.append((piece, under[0] + 1, under[-1] + 1))
    return out


def _placed(spread: Sequence[tuple[Piece, int, int]], row: int) -> list[Cell]:
    return [Cell(piece.text, _edges(piece), row, start, 1, end - start + 1) for piece, start, end in spread]


def _edges(piece: Piece) -> Span:
    return Span(int(piece.x0), int(piece.x1))


def _cells(line: Row, row: int, columns: Sequence[tuple[float, float]]) -> list[Cell]:
    """Place the pieces of a line in the columns they stand over; one over several covers them all."""
    out: list[Cell] = []
    taken = -1
    for piece in line:
        over = [n for n, (a, b) in enumerate(columns) if min(b, piece.x1) - max(a, piece.x0) > 0]
        if not over:
            middle = (piece.x0 + piece.x1) / 2
            over = [min(range(len(columns)), key=lambda n: abs(sum(columns[n]) / 2 - middle))]
        start, end = over[0], over[-1]
        if start <= taken and out:
            if end <= taken:
                held = out[-1]
                span = Span(held.span.start, int(piece.x1))
                out[-1] = Cell(f"{held.text} {piece.text}", span, row, held.col, 1, held.cols)
                continue
            start = taken + 1
        out.append(Cell(piece.text, _edges(piece), row, start, 1, end - start + 1))
        taken = end
    return out
