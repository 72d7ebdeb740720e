"""Trade of every state with every other at once, from files in which each pair stands once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.trade_files.ranks import OFF, ranked_within
from kopir.model.trade_files.trade_areas import state_of
from kopir.model.trade_files.world_sums import summed_pairs, world_file

COLUMNS = (
    *("year", "state", "partner", "flow", "value_musd", "share", "share_low", "share_high"),
    *("rank", "rank_best", "rank_worst", "partners", "concentration"),
)
"""Columns of :func:`every_state`."""


@dataclass(frozen=True)
class EveryState:
    """``table`` has :data:`COLUMNS`; ``chapters`` counts those of the Harmonised System that the files hold."""

    table: pl.DataFrame
    chapters: int


_SIDES = {"import": ("importer", "exporter"), "export": ("exporter", "importer")}


def every_state(
    paths: Sequence[Path], *, off: float = OFF, workers: int = 1, scheduler: str | None = None
) -> EveryState:
    """Return what every state trades with every partner, :data:`COLUMNS`, sorted by state, flow and rank.

    ``value_musd`` is million USD a year, ``share`` its part of all that the state buys or sells, ``rank`` its
    place (partners of equal value share one), ``partners`` how many there are, and ``concentration`` the sum of
    squared shares (Hirschman 1945, Herfindahl 1950; 0 to 1). Partners that are no single state count in the
    shares only. Each figure may be ``off`` by a part of itself, apart from the others: ``share_low`` to
    ``share_high`` and ``rank_best`` to ``rank_worst`` are what that leaves open; the latter differ by the number
    of partners that cannot be told from this one. Files are read in pieces, a row for each pair is held;
    ``workers`` and ``scheduler`` change no byte (:func:`kopir.model.trade_files.world_sums.summed_pairs`). Raises
    :class:`InputError` for files in which both sides report the same trade, for codes that are not known, and for
    a part outside 0 to 1.
    """
    if not 0 <= off < 1:
        raise InputError(
            Fault("K0505", "no part of a figure", "write 0 or more, below 1", column="--off", value=str(off))
        )
    files = [world_file(path) for path in paths]
    summed = summed_pairs(files, workers=workers, scheduler=scheduler)
    pairs = summed.pairs
    twice = pairs.filter(pl.struct("year", "exporter", "importer").is_duplicated())
    if twice.height:
        row = twice.row(0, named=True)
        why = f"{row['exporter']} to {row['importer']} of {row['year']} stands in two files"
        raise InputError(Fault("K0204", why, "give each year once", paths[-1].name))
    named = _as_states(pairs)
    table = pl.concat([_side(named, flow, *ends, off) for flow, ends in _SIDES.items()])
    return EveryState(table.sort("year", "state", "flow", "rank", "partner"), len(summed.chapters))


def _as_states(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs with ISO codes, blank for what is no single state, summed over codes of one state."""
    known = sorted({*pairs["exporter"].to_list(), *pairs["importer"].to_list()})
    states = {code: state_of(code) for code in known}
    unknown = [code for code, state in states.items() if state is None]
    if unknown:
        raise InputError(
            [Fault("K0352", f"unknown code {code!r}", "correct the code", value=code) for code in unknown]
        )
    mapped = [pl.col(end).replace_strict(states, return_dtype=pl.String) for end in ("exporter", "importer")]
    found = pairs.sort("year", "exporter", "importer").with_columns(mapped)
    found = found.group_by("year", "exporter", "importer", maintain_order=True).agg(pl.col("value_musd").sum())
    return found.filter(pl.col("exporter") != pl.col("importer"))


def _side(pairs: pl.DataFrame, flow: str, state: str, partner: str, off: float) -> pl.DataFrame:
    rows = pairs.rename({state: "state", partner: "partner"}).filter(
        pl.col("state") != "", pl.col("value_musd") > 0
    )
    parts = [
        _ranked(part, off)
        for _, part in rows.sort("year", "state", "partner").group_by("year", "state", maintain_order=True)
    ]
    found = pl.concat(parts) if parts else _ranked(rows, off)
    return found.with_columns(flow=pl.lit(flow), year=pl.col("year").cast(pl.String)).select(COLUMNS)


def _ranked(rows: pl.DataFrame, off: float) -> pl.DataFrame:
    """Return the partners of one state and flow, with shares, ranks and what of them is open."""
    whole = float(rows["value_musd"].sum())
    least, most = (pl.col("value_musd") * (1 + sign * off) for sign in (-1, 1))
    rest = whole - pl.col("value_musd")
    shared = rows.with_columns(
        share=pl.col("value_musd") / whole,
        share_low=least / (least + rest * (1 + off)),
        share_high=most / (most + rest * (1 - off)),
    )
    named = shared.filter(pl.col("partner") != "")
    return named.with_columns(
        *ranked_within(off, "value_musd", "rank"),
        rank=pl.col("value_musd").rank("min", descending=True).cast(pl.Int64),
        partners=pl.len().cast(pl.Int64),
        concentration=(pl.col("share") ** 2).sum(),
    )
