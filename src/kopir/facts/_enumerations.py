"""Figures told in one breath: one author listing pieces of a thing, not contradicting himself.

«Deals worth 9.6 bn: a smelter for 3.1, a railway for 2.4»; «72 % by pipe and 17 % by rail». Where reading gives
such figures one key, they are different pieces of it; a first figure that holds the others is their whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kopir.facts._keys import LEVEL_KINDS
from kopir.facts._wording import Interval, worded_interval

REACH = 160
"""Characters from one figure to the next within one breath: about a clause."""

_SLOTS = ("doc", "kind", "indicator", "subject", "route", "commodity", "perimeter", "period", "unit", "rate", "modality", "attribution", "part", "base")


def name_pieces(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the claims with a ``part`` given to each figure that lists a piece of what stands beside it.

    Pieces are named by their place in the text (``piece 2``), so that reading order alone decides.
    """
    placed = claims.with_row_index("row").filter(pl.col("start").is_not_null() & (pl.col("start").max().over("doc") > 0))
    if placed.is_empty():
        return claims
    keyed = placed.with_columns(pl.col("partners").list.sort().list.join(",").alias("who"))
    same = keyed.filter(pl.len().over(*_SLOTS, "who") > 1).sort("doc", "start", "row")
    groups = same.group_by(*_SLOTS, "who", maintain_order=True).agg(
        "row", "start", "end", "comparator", "value", "lo", "hi", "text"
    )
    pieces: dict[int, str] = {}
    for group in groups.iter_rows(named=True):
        for run in _runs(group):
            pieces.update(_pieces(group["kind"], run))
    if not pieces:
        return claims
    part = claims["part"].to_list()
    for row, name in pieces.items():
        part[row] = name
    return claims.with_columns(pl.Series("part", part, pl.String))


def _runs(group: Mapping[str, Sequence[object]]) -> list[list[tuple[int, Interval]]]:
    """Split the figures of one key and document into runs within reach of each other."""
    runs: list[list[tuple[int, Interval]]] = []
    last_end = None
    columns = ("row", "start", "end", "comparator", "value", "lo", "hi", "text")
    for row, start, end, comparator, value, lo, hi, text in zip(*(group[name] for name in columns), strict=True):
        interval = worded_interval(comparator, value, lo, hi, text or "")  # type: ignore[arg-type]
        if interval is None:
            continue
        if last_end is None or start - last_end > REACH:  # type: ignore[operator]
            runs.append([])
        runs[-1].append((int(row), interval))  # type: ignore[call-overload]
        last_end = end
    return [run for run in runs if len(run) > 1]


def _pieces(kind: str, run: Sequence[tuple[int, Interval]]) -> dict[int, str]:
    """Return the part of each row of a run that lists pieces; none when its figures agree."""
    (_, first), *others = run
    apart = [one for place, (_, one) in enumerate(run) if all(_disjoint(one, other) for _, other in run[:place])]
    if len(apart) < len(run):
        return {}
    listed = run
    if kind in LEVEL_KINDS and first.high >= sum(one.low for _, one in others):
        listed = others
    return {row: f"piece {place}" for place, (row, _) in enumerate(listed, 1)}


def _disjoint(one: Interval, other: Interval) -> bool:
    return one.high < other.low or other.high < one.low
