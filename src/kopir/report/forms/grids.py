"""Tables as commands hand them over: headings, and rows of values that people and programs read."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

Value = str | float | int | bool | None


@dataclass(frozen=True)
class Grid:
    """A table to show: column headings, and rows of values that people and programs read.

    ``chief`` names the headings that a terminal of 80 columns shows, where not simply the first.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    title: str = ""
    chief: tuple[str, ...] = ()

    @classmethod
    def of(cls, frame: pl.DataFrame, title: str = "", **headings: str) -> Grid:
        """Return the columns of ``frame`` named in ``headings`` under these headings, or all of them."""
        chosen = frame.select(list(headings)) if headings else frame
        rows = tuple(tuple(_cell(value) for value in row) for row in chosen.iter_rows())
        return cls(tuple(headings.values()) or tuple(chosen.columns), rows, title)

    def showing(self, *headings: str) -> Grid:
        """Return the table with ``headings`` as what it is chiefly about; others are shown with ``--wide``."""
        return replace(self, chief=tuple(one for one in headings if one in self.columns))


def figure(value: float | None) -> str:
    """Return a number for people: about three significant figures, thousands apart, a dash for unknown."""
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 1:
        return f"{value:.1f}" if size >= 10 else f"{value:.2f}"
    return "0" if size < 5e-7 else f"{value:.3g}"


def _cell(value: object) -> Value:
    if value is None or isinstance(value, str | float | int | bool):
        return value
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
