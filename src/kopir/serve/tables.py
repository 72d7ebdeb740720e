"""Tables of pages: results with headings in words, names for codes, and numbers that lead to what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import polars as pl

from kopir.core.outward import without_controls
from kopir.report.numbers import rounded

if TYPE_CHECKING:
    from kopir.serve.words import Words

Href = Callable[[Mapping[str, object], str], str]
"""What gives the address behind a cell of a row and a column, blank where there is none."""
_WORDED = frozenset(
    {
        "asset_type",
        "certified",
        "class",
        "evaluation",
        "felt",
        "focal_state",
        "form",
        "grade",
        "kind",
        "left_out",
        "long",
        "measure",
        "medium",
        "modality",
        "plan_of",
        "recorded",
        "role",
        "rule",
        "short",
        "split",
        "status",
        "strength",
        "verdict",
        "wins",
    }
)
"""Columns whose cells are words of the results' own, spoken like headings."""
_KINDS = frozenset({"function", "institution", "jurisdiction", "link", "market", "option", "supply"})
"""What stands before a code that says of what kind it is: ``institution:EAEU``."""
MOST_ROWS = 300
"""Rows that a page shows of one table; its twins have all."""


@dataclass(frozen=True)
class Shown:
    """A table to show: headings, which of them stand over numbers, and rows of texts with their addresses."""

    key: str
    caption: str
    headings: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    left: int = 0


def shown(
    words: Words,
    key: str,
    frame: pl.DataFrame,
    *,
    names: Collection[str] = (),
    caption: str | None = None,
    href: Href | None = None,
    rates: bool = True,
) -> Shown:
    """Return ``frame`` for a page; columns ``names`` hold codes that have names; ``rates`` as for a heading."""
    numeric = tuple(dtype.is_numeric() for dtype in frame.dtypes)
    rows = []
    for row in frame.head(MOST_ROWS).iter_rows(named=True):
        cells = []
        for column, value in row.items():
            text = without_controls(_text(words, column, value, named=column in names, rates=rates))
            cells.append((text, "" if href is None or value is None else href(row, column)))
        rows.append(tuple(cells))
    told = words.messages.texts.get(f"table.{key}", key) if caption is None else caption
    headings = tuple(words.heading(column, rates=rates) for column in frame.columns)
    return Shown(key, told, headings, numeric, tuple(rows), max(0, frame.height - MOST_ROWS))


def why(id: str, **more: str) -> str:
    """Return the address of what a number rests on."""
    return f"/why?{urlencode([('id', id), *more.items()])}"


def _text(words: Words, column: str, value: object, *, named: bool, rates: bool) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return words.text("page.yes" if value else "page.no")
        case int():
            plain = column in {"year", "line"} or column.endswith("_year")
            return str(value) if plain else rounded(value, 0, words.language)
        case float():
            return words.number(value)
        case list() | tuple():
            return ", ".join(_text(words, column, one, named=named, rates=rates) for one in value)
        case _:
            text = str(value)
            key = f"value.{text}"
            if column in _WORDED:
                return words.value(text, rates=rates)
            if named:
                return words.messages.texts.get(key) or _named(words, text)
            return text


def _named(words: Words, text: str) -> str:
    """Return the names of codes that stand in a text, apart by ``+`` or spaces; a day stays as it is."""
    if text[:1].isdigit():
        return text
    kind, _, code = text.partition(":")
    if kind in _KINDS and code:
        return words.name(code)
    for sign in ("+", " "):
        if sign in text:
            return f" {sign} ".replace("   ", " ").join(words.name(one) for one in text.split(sign) if one)
    return words.name(text)
