"""Reading order of a page: text set in columns is read column by column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from kopir.evidence.layout.pages._boxes import BoxRow
from kopir.evidence.layout.pages._ink import Piece, segments

GUTTER = 1.0
"""Least width of a gutter in heights of letters."""
LEAST_LINES = 3
MAX_GUTTERS = 60
MAX_HEADS = 3
Row = list[Piece]


def columns_in_order(rows: Sequence[Row], depth: int = 0) -> list[list[Row]]:
    """Return the rows in runs: a run over the whole width, or one column of text set in columns.

    Rows of boxes, with the heads straight above them, are never cut.
    """
    if depth > 3:
        return [list(rows)]
    if any(isinstance(row, BoxRow) for row in rows):
        return _around_boxes(rows, depth)
    gutter = _gutter(rows)
    if gutter is None:
        return [list(rows)]
    out: list[list[Row]] = []
    band: list[Row] = []
    for row in [*rows, None]:
        if row is not None and not _crosses(row, gutter):
            band.append(row)
            continue
        out.extend(_split(band, gutter, depth))
        band = []
        if row is not None:
            if out and out[-1] and _crosses(out[-1][-1], gutter):
                out[-1].append(row)
            else:
                out.append([row])
    return [run for run in out if run]


def _around_boxes(rows: Sequence[Row], depth: int) -> list[list[Row]]:
    out: list[list[Row]] = []
    for ruled, group in groupby(rows, key=lambda row: isinstance(row, BoxRow)):
        held = list(group)
        if not ruled:
            out.extend(columns_in_order(held, depth + 1))
            continue
        heads: list[Row] = []
        while out and out[-1] and len(heads) < MAX_HEADS and len(segments(out[-1][-1], GUTTER)) > 1:
            heads.insert(0, out[-1].pop())
        out.append([*heads, *held])
    return [run for run in out if run]


def _crosses(row: Row, gutter: float) -> bool:
    return any(piece.x0 < gutter - 1 and piece.x1 > gutter + 1 for piece in segments(row, GUTTER))


def _split(band: list[Row], gutter: float, depth: int) -> list[list[Row]]:
    left = [[w for w in row if w.x1 <= gutter + 1] for row in band]
    right = [[w for w in row if w.x1 > gutter + 1] for row in band]
    left, right = [row for row in left if row], [row for row in right if row]
    if not _is_text(left) or not _is_text(right):
        return [band]
    return [*columns_in_order(left, depth + 1), *columns_in_order(right, depth + 1)]


def _gutter(rows: Sequence[Row]) -> float | None:
    """Return the place of the gutter that parts the most lines into text on both sides."""
    lines = [segments(row, GUTTER) for row in rows]
    edges = [(a.x1 + b.x0) / 2 for line in lines for a, b in pairwise(line)]
    pieces = [piece for line in lines for piece in line]
    if not pieces:
        return None
    low, high = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    ends = sorted({round(p.x1 + 4) for p in pieces if p.x1 < high - 0.2 * (high - low)})
    best: tuple[int, float] | None = None
    for at in sorted({round(e) for e in edges} | set(ends))[:MAX_GUTTERS]:
        if not low + 0.2 * (high - low) < at < high - 0.2 * (high - low):
            continue
        free = [row for row in rows if not _crosses(row, at)]
        left = [[w for w in row if w.x1 <= at + 1] for row in free]
        right = [[w for w in row if w.x1 > at + 1] for row in free]
        if _is_text([r for r in left if r]) and _is_text([r for r in right if r]):
            count = len(free)
            if best is None or count > best[0]:
                best = (count, float(at))
    return best[1] if best is not None else None


def _is_text(rows: Sequence[Row]) -> bool:
    """Tell running text from cells: enough lines, long ones, mostly letters."""
    if len(rows) < LEAST_LINES:
        return False
    texts = [" ".join(w.text for w in row) for row in rows]
    letters = sum(c.isalpha() for text in texts for c in text)
    marks = sum(not c.isspace() for text in texts for c in text)
    long = sum(len(text) >= 20 for text in texts)
    return letters > 0.7 * marks and long >= 0.6 * len(texts)
