"""Trade of every state with every other at once, from files in which each pair stands once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.trade_files.bilateral import read_pairs
from kopir.model.trade_files.trade_areas import state_of

COLUMNS = ("year", "state", "partner", "flow", "value_musd", "share", "rank", "partners", "concentration")
"""Columns of :func:`every_state`."""

_SIDES = {"import": ("importer", "exporter"), "export": ("exporter", "importer")}


def every_state(paths: Sequence[Path]) -> pl.DataFrame:
    """Return what every state trades with every partner, :data:`COLUMNS`, sorted by state, flow and rank.

    ``value_musd`` is million USD a year, ``share`` its part of all that the state buys or sells, ``rank`` its
    place (partners of equal value share one), ``partners`` how many there are, and ``concentration`` the sum of
    squared shares (Hirschman 1945, Herfindahl 1950; 0 to 1). Partners that are no single state count in the
    shares only. Files are streamed; what is held is a row for each pair. Raises :class:`InputError` for files in
    which both sides report the same trade, and for codes that are not known.
    """
    pairs = pl.concat([read_pairs(path) for path in paths])
    twice = pairs.filter(pl.struct("year", "exporter", "importer").is_duplicated())
    if twice.height:
        row = twice.row(0, named=True)
        why = f"{row['exporter']} to {row['importer']} of {row['year']} stands in two files"
        raise InputError(Fault("K0204", why, "give each year once", paths[-1].name))
    named = _as_states(pairs)
    return pl.concat([_side(named, flow, *ends) for flow, ends in _SIDES.items()]).sort(
        "year", "state", "flow", "rank", "partner"
    )


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
    found = pairs.with_columns(mapped).group_by("year", "exporter", "importer").agg(pl.col("value_musd").sum())
    return found.filter(pl.col("exporter") != pl.col("importer"))


def _side(pairs: pl.DataFrame, flow: str, state: str, partner: str) -> pl.DataFrame:
    per_state = ("year", "state")
    share = pl.col("value_musd") / pl.col("value_musd").sum().over(per_state)
    rows = pairs.rename({state: "state", partner: "partner"}).with_columns(share=share)
    rows = rows.filter(pl.col("state") != "", pl.col("partner") != "", pl.col("value_musd") > 0)
    return rows.with_columns(
        flow=pl.lit(flow),
        rank=pl.col("value_musd").rank("min", descending=True).over(per_state).cast(pl.Int64),
        partners=pl.len().over(per_state).cast(pl.Int64),
        concentration=(pl.col("share") ** 2).sum().over(per_state),
    ).select(COLUMNS)
