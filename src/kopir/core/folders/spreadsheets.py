"""What spreadsheets make of a table: other separators, decimal commas."""

from __future__ import annotations

import re

from kopir.core.folders.schema import Column

_DECIMAL = re.compile(r"(?<![\w.,])([+-]?\d+),(\d+)(?![\d.,])")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_INTERVAL = re.compile(r"(?<=\d),,(?=[+-]?\d)")
NUMERIC = frozenset({"number", "quantity"})
"""Types of columns whose cells hold numbers."""


def separator_of(text: str) -> str:
    """Return what separates the cells of a table: a comma, or the semicolon or tab that its first line holds.

    Names of columns hold none of them, so the first line that has no comma is certain.
    """
    first = text.lstrip("\r\n").split("\n", 1)[0]
    if "," in first:
        return ","
    return next((sign for sign in (";", "\t") if sign in first), ",")


def with_points(cell: str, column: Column, *, always: bool) -> str:
    """Return the cell of a numeric column with decimal points, where its commas can be nothing else.

    ``always`` says that a comma is the decimal sign of the file, since something else separates its cells;
    the two dots of an interval may then have become commas too. Elsewhere ``1,234`` may be a thousand: it stays
    as it is, and is a fault.
    """
    if column.type not in NUMERIC or "," not in cell:
        return cell
    whole = _INTERVAL.sub("..", cell) if always else cell
    return "..".join(_DECIMAL.sub(lambda found: _pointed(found, always=always), end) for end in whole.split(".."))


def _pointed(found: re.Match[str], *, always: bool) -> str:
    """Return the number with a point, or as it is where its comma may part thousands."""
    return found[0] if not always and _THOUSANDS.fullmatch(found[0]) else f"{found[1]}.{found[2]}"
