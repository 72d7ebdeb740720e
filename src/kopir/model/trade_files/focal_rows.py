"""One pass over a file of all states: the rows of one of them, and what each state sells of each product group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.tables import MAX_FAULTS
from kopir.model.trade_files.pieces import Piece, Pieces, Wrong, amounts, as_texts, read_piece
from kopir.model.trade_files.trade_areas import state_of

MILLION_USD = 1e9
"""Thousandths of a dollar in a million dollars."""

GroupsOf = Callable[[str], Sequence[str]]
"""From six digits of the Harmonised System to the product groups that they belong to."""


@dataclass(frozen=True)
class FocalRows:
    """``rows`` of one state as texts: line, year, exporter, importer, product, value, tonnes.

    ``states`` has every code of the file with the state that it means. ``sold`` has ``year``, ``seller`` (a state,
    blank for what is none), ``group`` and ``value_musd``: what each sells to all others.
    """

    rows: pl.DataFrame
    states: Mapping[str, str | None]
    sold: pl.DataFrame


def focal_rows(pieces: Pieces, focal_state: str, groups_of: GroupsOf | None = None) -> FocalRows:
    """Return the rows of ``focal_state`` with others, and with ``groups_of`` what all states sell of each group.

    A piece is held at a time. Raises :class:`InputError` for rows with more cells than the header, and where sums
    are asked for, for what is no amount or year in any row.
    """
    file = Path(pieces.path).name
    states: dict[str, str | None] = {}
    kept: list[pl.DataFrame] = []
    sums: list[pl.DataFrame] = []
    faults: list[Fault] = []
    before = 2  # the header is line 1
    for number in range(len(pieces)):
        piece = read_piece(pieces, number)
        kept.append(_own(piece, focal_state, states).with_columns(line=pl.col("line").cast(pl.Int64) + before))
        wrong = piece.ragged
        if groups_of is not None and not wrong:
            rows, wrong = amounts(piece, pieces)
            sums.append(_sums(rows, groups_of))
        faults += [fault_of(file, (before + line, column, cell)) for line, column, cell in wrong]
        before += piece.lines
    if faults:
        raise InputError(faults[:MAX_FAULTS])
    return FocalRows(pl.concat(kept), states, _sold(sums, states))


def fault_of(file: str, wrong: Wrong) -> Fault:
    """Return the fault of a cell that :func:`kopir.model.trade_files.pieces.amounts` refuses."""
    line, column, cell = wrong
    if not column:
        why, mend = "more cells than the header has", "quote cells that hold commas"
        return Fault("K0105", why, mend, file, line, value=cell)
    if column in {"t", "year"}:
        return Fault("K0210", "not a calendar year", "give yearly figures", file, line, column, cell)
    why, mend = "no amount of trade", "give thousand USD, or leave the row out"
    return Fault("K0205", why, mend, file, line, column, cell)


def _own(piece: Piece, focal_state: str, states: dict[str, str | None]) -> pl.DataFrame:
    """Return the rows of a piece with the focal state on one side, and note the codes of all."""
    ends = pl.concat([piece.rows[end].unique() for end in ("exporter", "importer")]).unique().to_list()
    own = []
    for end in ends:
        code = "" if end is None else str(end).strip()
        if code not in states:
            states[code] = state_of(code)
        if states[code] == focal_state:
            own.append(end)
    sold, bought = (pl.col(end).is_in(own).fill_null(value=False) for end in ("exporter", "importer"))
    rows = piece.rows.filter(sold ^ bought).with_columns(is_import=bought)
    texts = ("year", "exporter", "importer", "product", "value", "tonnes")
    return rows.with_columns(pl.col(*texts).cast(pl.String).str.strip_chars()).with_columns(
        pl.col("product").str.zfill(6)
    )


def _sums(rows: pl.DataFrame, groups_of: GroupsOf) -> pl.DataFrame:
    """Return thousandths of a dollar by year, exporter and group."""
    by_product = rows.group_by("year", "exporter", "product").agg(pl.col("amount").sum())
    products = by_product.select("product").unique()
    texts = as_texts(products)["product"].to_list()
    groups = products.with_columns(
        group=pl.Series([list(groups_of(one or "")) for one in texts], dtype=pl.List(pl.String))
    )
    grouped = by_product.join(groups.explode("group").drop_nulls("group"), on="product")
    return as_texts(grouped.group_by("year", "exporter", "group").agg(pl.col("amount").sum()))


def _sold(sums: Sequence[pl.DataFrame], states: Mapping[str, str | None]) -> pl.DataFrame:
    if not sums:
        return pl.DataFrame(
            schema={"year": pl.String, "seller": pl.String, "group": pl.String, "value_musd": pl.Float64}
        )
    known = {code.lstrip("0") or code: state for code, state in states.items()} | dict(states)
    seller = pl.col("exporter").replace_strict(known, default=None, return_dtype=pl.String).fill_null("")
    whole = pl.concat(sums).with_columns(seller=seller, year=pl.col("year").cast(pl.String))
    summed = whole.group_by("year", "seller", "group").agg(value_musd=pl.col("amount").sum() / MILLION_USD)
    return summed.sort("year", "group", "value_musd", "seller", descending=[False, False, True, False])
