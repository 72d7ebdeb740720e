"""Ties told as cells: what a partner is to a function now, how that moved, and which years are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from kopir.core.errors import Fault
from kopir.model.contents.quantities import Grade
from kopir.model.grounds.cited import Cells
from kopir.model.ties.functions import Direction, Estimate, FunctionBook, Tie

SCHEMA: Mapping[str, Any] = {
    "function": pl.String,
    "partner": pl.String,
    "measure": pl.String,
    "year": pl.Int64,
    "part": pl.String,
    **dict.fromkeys(("value", "value_low", "value_high"), pl.Float64),
    "unit": pl.String,
    **dict.fromkeys(("share", "share_low", "share_high"), pl.Float64),
    "first_year": pl.Int64,
    **dict.fromkeys(("first_value", "first_share", "share_change"), pl.Float64),
    "since": pl.Float64,
    "grade": pl.String,
    "gaps": pl.List(pl.Int64),
    "facts": pl.List(pl.String),
    "note": pl.String,
}
_WORST: tuple[Grade, ...] = ("sourced", "derived", "assumed")


@dataclass(frozen=True)
class TieTable:
    """Ties of one direction.

    ``table`` has a row for each function, partner and measure, sorted by them: the latest ``year`` (of it the
    ``part`` that is told, null for the whole) with ``value`` (in ``unit``) and ``share`` (0 to 1), the first year
    over as long a span with its own, ``share_change`` (latest less
    first share, where both are known and differ in year), ``since`` (a year), ``grade`` (the worst of the
    cells behind the row's numbers; null where the row holds no number), the years missing between the first
    and the latest (``gaps``: nothing fills them), the ``facts`` of the row as a whole and its ``note``.
    ``inputs`` gives the cells behind each number, by partner, function, measure and column.
    """

    direction: Direction
    table: pl.DataFrame
    inputs: Mapping[tuple[str, str, str, str], Cells]

    def gap_faults(self) -> tuple[Fault, ...]:
        """Return a fault, with its mend, for each series that lacks years in its middle."""
        return tuple(
            Fault(
                "K0323",
                f"{row['partner']}, {row['function']}, {row['measure']}: no figure for {_listed(row['gaps'])}",
                "add rows for these years; until then they stay empty",
                "shares.csv",
            )
            for row in self.table.iter_rows(named=True)
            if row["gaps"]
        )


def tie_table(book: FunctionBook, direction: Direction = "on_partner") -> TieTable:
    """Return the ties of a model in one direction."""
    rows: list[dict[str, object]] = []
    inputs: dict[tuple[str, str, str, str], Cells] = {}
    chosen = [tie for tie in book.ties if tie.direction == direction]
    for key, group in groupby(chosen, lambda tie: (tie.partner, tie.function, tie.measure or "")):
        series = _Series(tuple(group))
        rows.append(series.row())
        inputs |= {(*key, column): cells for column, value, cells in series.numbers() if value is not None}
    table = pl.DataFrame(rows, schema=SCHEMA).sort("function", "partner", "measure")
    return TieTable(direction, table, inputs)


def missing_years(years: Iterable[int]) -> list[int]:
    """Return the years between the first and the last of ``years`` that are not among them."""
    known = set(years)
    return [year for year in range(min(known, default=0), max(known, default=0)) if year not in known]


@dataclass(frozen=True)
class _Series:
    """The ties of one partner, function and measure over the years."""

    ties: Sequence[Tie]

    @property
    def known(self) -> Sequence[Tie]:
        return [tie for tie in self.ties if tie.share is not None or tie.value is not None] or self.ties

    @property
    def last(self) -> Tie:
        return self.known[-1]

    @property
    def first(self) -> Tie | None:
        """The first tie over a span as long as the last one's: half a year is not set beside a year."""
        like = [tie for tie in self.known if _span(tie) == _span(self.last)]
        return like[0] if len(like) > 1 else None

    def numbers(self) -> Iterator[tuple[str, float | None, Cells]]:
        """Yield column, value and the cells behind it."""
        last, first = self.last, self.first
        for name, estimate in (("value", last.value), ("share", last.share)):
            for column, end in ((name, "value"), (f"{name}_low", "low"), (f"{name}_high", "high")):
                yield column, None if estimate is None else getattr(estimate, end), _behind(estimate)
        yield "since", None if last.since is None else last.since.value, _behind(last.since)
        before = (None, None) if first is None else (first.value, first.share)
        for name, estimate in zip(("first_value", "first_share"), before, strict=True):
            yield name, None if estimate is None else estimate.value, _behind(estimate)
        if before[1] is not None and last.share is not None:
            cells = tuple(sorted({*before[1].cells, *last.share.cells}))
            yield "share_change", last.share.value - before[1].value, cells

    def row(self) -> dict[str, object]:
        """Return the row of the table."""
        last, first = self.last, self.first
        estimates = [one for one in (last.value, last.share, last.since) if one is not None]
        return {
            "function": last.function,
            "partner": last.partner,
            "measure": last.measure or "",
            "year": last.year,
            "part": last.part or None,
            "unit": last.unit,
            "first_year": None if first is None else first.year,
            "grade": max((one.grade for one in estimates), key=_WORST.index, default=None),
            "gaps": missing_years(tie.year for tie in self.known),
            "facts": list(last.facts),
            "note": last.note,
            **{column: value for column, value, _ in self.numbers()},
        }


def _span(tie: Tie) -> str:
    """Return which part of its year a tie is of, blank for the whole."""
    return re.sub(r"\d{4}", "", tie.part)


def _behind(estimate: Estimate | None) -> Cells:
    return () if estimate is None else estimate.cells


def _listed(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))
