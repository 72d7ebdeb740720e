"""Boxes that a PDF page draws: what stands in one box is one cell, however many lines it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kopir.evidence.layout.pages._ink import PdfPage, Piece

THIN = 2.5
"""Greatest width of a ruling, in points; a filled bar is wider."""
LEAST = 8.0
MAX_PATHS = 20_000
Row = list[Piece]


class BoxRow(list[Piece]):
    """The cells of one row of boxes, each as wide as its box; they are not joined any more."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Level rulings as height, left, right; upright ones as place, foot, top; all in points."""

    level: tuple[tuple[float, float, float], ...] = ()
    upright: tuple[tuple[float, float, float], ...] = ()


def rules_of(page: PdfPage) -> Rules:
    """Return the rulings of a page: thin lines, and the edges of frames."""
    level: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    for left, bottom, right, top in _paths(page):
        wide, high = right - left, top - bottom
        if high <= THIN and wide >= LEAST:
            level.append(((top + bottom) / 2, left, right))
        elif wide <= THIN and high >= LEAST:
            upright.append(((left + right) / 2, bottom, top))
        elif wide >= LEAST and high >= LEAST:
            level += [(bottom, left, right), (top, left, right)]
            upright += [(left, bottom, top), (right, bottom, top)]
    return Rules(tuple(level), tuple(upright))


def _paths(page: PdfPage) -> Iterator[tuple[float, float, float, float]]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    for n, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if n >= MAX_PATHS:
            return
        try:
            yield item.get_bounds()
        except pypdfium2.PdfiumError:
            continue


def boxed(rows: Sequence[Row], rules: Rules) -> list[Row]:
    """Join the lines of each row of boxes; lines outside of boxes stay as they are."""
    if len(rules.level) < 3 or len(rules.upright) < 3:
        return list(rows)
    out: list[Row] = []
    for band, group in groupby(rows, key=lambda row: _band(row, rules)):
        held = list(group)
        out.extend(held if band is None else [_cells(held, band[2:])])
    return out


def _band(row: Row, rules: Rules) -> tuple[float, ...] | None:
    """Return the rulings around a line: those above and below, then the upright ones from left to right."""
    middle = sum(p.middle for p in row) / len(row)
    left, right = min(p.x0 for p in row), max(p.x1 for p in row)
    over = [y for y, a, b in rules.level if y > middle and a <= right and b >= left]
    under = [y for y, a, b in rules.level if y < middle and a <= right and b >= left]
    sides = sorted({round(x, 1) for x, a, b in rules.upright if a - 1 <= middle <= b + 1})
    sides = [x for n, x in enumerate(sides) if n == 0 or x - sides[n - 1] > THIN]
    if not over or not under or len(sides) < 3 or left < sides[0] - THIN or right > sides[-1] + THIN:
        return None
    return (min(over), max(under), *sides)


def _cells(rows: Sequence[Row], sides: Sequence[float]) -> BoxRow:
    out = BoxRow()
    top, foot = max(p.y1 for row in rows for p in row), min(p.y0 for row in rows for p in row)
    size = max(p.size for row in rows for p in row)
    for left, right in pairwise(sides):
        text = ""
        for row in rows:
            for word in row:
                if left <= (word.x0 + word.x1) / 2 < right:
                    text = _added(text, word.text)
        if text:
            out.append(Piece(text, left + 1, right - 1, foot, top, size))
    return out


def _added(text: str, word: str) -> str:
    if text.endswith("-") and len(text) > 1 and text[-2].isalpha() and word[:1].islower():
        return text[:-1] + word
    return f"{text} {word}" if text else word
