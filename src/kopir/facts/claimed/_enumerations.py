"""Figures told in one breath: one author listing pieces of a thing, not contradicting himself.

«Deals worth 9.6 bn: a smelter for 3.1, a railway for 2.4»; «72 % by pipe and 17 % by rail». Where reading gives
such figures one key, they are different pieces of it; a first figure that is the largest is their whole. Rows of
a table without offsets that one source gives for one key are told in one breath as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kopir.facts.claimed._keys import LEVEL_KINDS
from kopir.facts.claimed._wording import Interval, worded_interval

REACH = 160
"""Characters from one figure to the next within one breath: about a clause."""

_SLOTS = (
    "doc",
    "kind",
    "indicator",
    "subject",
    "route",
    "commodity",
    "perimeter",
    "period",
    "unit",
    "rate",
    "modality",
    "attribution",
    "part",
    "base",
)


def name_pieces(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the claims with a ``part`` given to each figure that lists a piece of what stands beside it.

    Pieces are named in the order in which they are told (``piece 2``).
    """
    told_apart = pl.col("start").is_null() | (pl.col("start").max().over("doc") > 0)
    placed = claims.with_row_index("row").filter(told_apart & (pl.len().over("doc") > 1))
    if placed.is_empty():
        return claims
    keyed = placed.with_columns(pl.col("partners").list.sort().list.join(",").alias("who"))
    unnamed = (
        (pl.col("kind") == "share")
        & (pl.col("who") == "")
        & pl.all_horizontal(pl.col("route", "commodity", "part", "base").is_null())
    )
    keyed = keyed.filter((pl.len().over(*_SLOTS, "who") > 1) | unnamed).sort("doc", "start", "row")
    groups = (
        keyed.with_columns(unnamed.alias("unnamed"))
        .group_by(*_SLOTS, "who", maintain_order=True)
        .agg("row", "start", "end", "comparator", "value", "lo", "hi", "text", pl.col("unnamed").first())
    )
    listed: dict[tuple[object, ...], list[tuple[int, Interval]]] = {}
    for group in groups.iter_rows(named=True):
        found = [piece for run in _runs(group) for piece in _pieces(group["kind"], run)]
        if group["unnamed"] and not found:
            found = [figure for run in _runs(group, least=1) for figure in run[:1]]
        if found:
            listed.setdefault(tuple(group[name] for name in (*_SLOTS[1:-3], "modality", "who")), []).extend(found)
    names = {row: f"piece {number}" for pieces in listed.values() for number, row in _numbered(pieces)}
    if not names:
        return claims
    part = [names.get(row, name) for row, name in enumerate(claims["part"].to_list())]
    return claims.with_columns(pl.Series("part", part, pl.String))


def _numbered(pieces: Sequence[tuple[int, Interval]]) -> Iterator[tuple[int, int]]:
    """Yield pieces numbered in the order they are first told; those that may be the same share a number."""
    kept: list[Interval] = []
    for row, interval in pieces:
        same = [place for place, other in enumerate(kept) if not _disjoint(interval, other)]
        if not same:
            kept.append(interval)
        yield (same[0] if same else len(kept) - 1) + 1, row


def _runs(group: Mapping[str, Sequence[object]], least: int = 2) -> list[list[tuple[int, Interval]]]:
    """Split the figures of one key and document into runs within reach of each other."""
    runs: list[list[tuple[int, Interval]]] = []
    last_end: int | None = None
    columns = ("row", "start", "end", "comparator", "value", "lo", "hi", "text")
    for row, start, end, comparator, value, lo, hi, text in zip(*(group[name] for name in columns), strict=True):
        interval = worded_interval(comparator, value, lo, hi, text or "")
        if interval is None:
            continue
        if not runs or (start is not None and last_end is not None and start - last_end > REACH):
            runs.append([])
        runs[-1].append((int(row), interval))
        last_end = end
    return [run for run in runs if len(run) >= least]


def _pieces(kind: str, run: Sequence[tuple[int, Interval]]) -> Sequence[tuple[int, Interval]]:
    """Return the figures of a run that list pieces; none when its figures agree."""
    (_, first), *others = run
    if any(not _disjoint(one, other) for place, (_, one) in enumerate(run) for _, other in run[:place]):
        return ()
    whole_first = kind in LEVEL_KINDS and all(first.high >= one.high for _, one in others)
    return others if whole_first else run


def _disjoint(one: Interval, other: Interval) -> bool:
    return one.high < other.low or other.high < one.low
