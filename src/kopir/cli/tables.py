"""How a table stands in a terminal: columns chosen and wrapped so that it fits, and no number is ever broken."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from kopir.cli.faults import printable
from kopir.report.forms.grids import Grid, Value, figure

WIDTH = 80
"""Columns of the narrowest terminal that a default table fits."""
FIGURES = 4
"""Columns of figures that a table shows by default where it does not say which."""
_GAP = 2
_NAMES = 2
_FIGURE = re.compile(r"(?:about |over |up to )?[≥≤<>~±-]?\s?\d.{,29}|–|")
_SAYS = re.compile(r"\d")


@dataclass(frozen=True)
class _Column:
    index: int
    heading: str
    cells: tuple[str, ...]
    numeric: bool
    figures: bool

    @property
    def natural(self) -> int:
        return max((cell_len(text) for text in (self.heading, *self.cells)), default=0)

    @property
    def least(self) -> int:
        """Columns below which a number or a word would break; a figure is one word."""
        words = self.heading.split()
        words += self.cells if self.figures else [word for cell in self.cells for word in cell.split()]
        return max((cell_len(word) for word in words), default=0)


def laid_out(grid: Grid, width: int | None) -> tuple[Table, tuple[str, ...]]:
    """Return a table of at most ``width`` columns, all of it where that is ``None``, and the headings left out.

    What is shown is what the grid is ``chief`` about, else its first names and :data:`FIGURES` figures, as far
    as they fit; names wrap between words, figures do not wrap.
    """
    columns = [_column(grid, index) for index in range(len(grid.columns))]
    shown = columns if width is None else _fitting(_chosen(grid, columns), width)
    widths = [one.natural for one in shown] if width is None else _widths(shown, width)
    table = Table(box=None, pad_edge=False)
    for one, columns_wide in zip(shown, widths, strict=True):
        table.add_column(
            one.heading.strip(),
            justify="right" if one.numeric else "left",
            width=columns_wide,
            overflow="fold",
        )
    for row in range(len(grid.rows)):
        table.add_row(*(Text(one.cells[row]) for one in shown))
    kept = {one.index for one in shown}
    return table, tuple(one.heading.strip() for one in columns if one.index not in kept)


def wrapped(text: str, width: int | None) -> str:
    """Return ``text`` with lines of at most ``width`` columns, wrapped between words under their own indent."""
    if width is None:
        return text
    return "\n".join(line for told in text.split("\n") for line in _lines(told, width))


def _lines(line: str, width: int) -> list[str]:
    if cell_len(line) <= width:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def _column(grid: Grid, index: int) -> _Column:
    values = [row[index] for row in grid.rows]
    cells = tuple(_shown(value) for value in values)
    known = [value for value in values if value is not None]
    numeric = bool(known) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in known
    )
    figures = numeric or (any(map(_SAYS.match, cells)) and all(map(_FIGURE.fullmatch, cells)))
    return _Column(index, grid.columns[index], cells, numeric, figures)


def _chosen(grid: Grid, columns: Sequence[_Column]) -> list[_Column]:
    if grid.chief:
        return [one for one in columns if one.heading in grid.chief]
    figures = [one.index for one in columns if one.figures][:FIGURES]
    return [one for one in columns if not one.figures or one.index in figures]


def _fitting(columns: list[_Column], width: int) -> list[_Column]:
    """Return the columns that fit: further names go first, from the right, then figures."""
    shown = list(columns)
    while len(shown) > 1 and sum(one.least for one in shown) + _GAP * (len(shown) - 1) > width:
        names = [one for one in shown if not one.figures][_NAMES:]
        shown.remove((names or shown)[-1])
    return shown


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """Return the columns' widths: each its least, and what is left to those that want most, evenly."""
    widths = [one.least for one in columns]
    left = width - sum(widths) - _GAP * (len(columns) - 1)
    while left > 0:
        wanting = [place for place, one in enumerate(columns) if widths[place] < one.natural]
        if not wanting:
            break
        for place in sorted(wanting, key=lambda place: widths[place])[:left]:
            widths[place] += 1
            left -= 1
    return widths


def _shown(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return figure(value)
    return f"{value:,}" if isinstance(value, int) else printable(value)
