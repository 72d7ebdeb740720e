"""Bilateral trade files of three shapes (BACI, UN Comtrade, IMF IMTS), read as rows of one focal state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.tables import MAX_FAULTS
from kopir.model.trade_files.cells import longer_rows, scanned
from kopir.model.trade_files.focal_rows import GroupsOf, focal_rows
from kopir.model.trade_files.pieces import PARQUET, pieces_of
from kopir.model.trade_files.shapes import TOTAL, Shape, header_of, recognise
from kopir.model.trade_files.trade_areas import SUM, state_of

Perimeter = Literal["customs_own_side", "customs_partner_side", "reconciled"]

ROWS = ("file", "line", "year", "flow", "perimeter", "partner", "code", "product", "value", "tonnes")
"""Columns of :func:`read_bilateral`."""

_MILLION = 1e6
_SCALES = {
    "0": 1.0,
    "3": 1e3,
    "6": 1e6,
    "9": 1e9,
    "units": 1.0,
    "thousands": 1e3,
    "millions": 1e6,
    "billions": 1e9,
}
_TEXTS = ("year", "exporter", "importer", "declarer", "product", "value", "tonnes", "scale", "valuation")


@dataclass(frozen=True)
class Bilateral:
    """The rows of a trade file that concern one state, :data:`ROWS` by name; values in million USD.

    ``partner`` is an ISO code, ``WORLD`` or blank (no single state), ``code`` what the file calls it.
    ``left_out`` has the year, flow, perimeter and code of sums of states and, where the shape has such sums
    among its partners, of those that are neither states nor registered areas. ``blank`` has the year, flow,
    perimeter, product and partner of rows whose value is not given. ``tonnes`` is blank where the file has none.
    ``sold`` is as in :class:`kopir.model.trade_files.focal_rows.FocalRows`, where it was asked for.
    """

    shape: Shape
    rows: pl.DataFrame
    left_out: pl.DataFrame
    blank: pl.DataFrame
    sold: pl.DataFrame | None = None


def read_bilateral(path: Path, focal_state: str, groups_of: GroupsOf | None = None) -> Bilateral:
    """Return what a trade file says of ``focal_state``; the file is streamed, only its rows are held.

    With ``groups_of`` a file in which each pair stands once also says what all states sell of each product group.
    Raises :class:`InputError` with every fault found: a file that cannot be read or whose shape is not
    recognised, unknown codes of partners, values, years and flows that are none, and rows that stand twice.
    """
    header = header_of(path)
    shape = recognise(header, path.name)
    sold = None
    try:
        if shape.read is None:
            found = focal_rows(pieces_of(path, header, shape.columns), focal_state, groups_of)
            states, sold = found.states, found.sold
            both = {"declarer": "both", "scale": "3", "valuation": "fob"}
            kept = found.rows.with_columns(**{name: pl.lit(cell) for name, cell in both.items()})
        else:
            texts = {name.lower(): pl.String for name in header}
            encoding: Literal["utf8", "utf8-lossy"] = "utf8" if shape.names else "utf8-lossy"
            scan = scanned(path, texts, header_lines=1, first_line=2, encoding=encoding)
            kept, states = _streamed(scan, shape, focal_state, path.name)
    except pl.exceptions.PolarsError as error:
        if path.suffix.casefold() != PARQUET and (faults := _longer(path, len(header))):
            raise InputError(faults) from error
        why = f"not CSV of one shape: {str(error).splitlines()[0][:200]}"
        raise InputError(Fault("K0105", why, "save the file as CSV UTF-8 with commas", path.name)) from error
    if kept.is_empty():
        mend = (
            f"give a file with yearly figures of imports or exports in which {focal_state} reports or is a partner"
        )
        raise InputError(Fault("K0353", f"no yearly rows of {focal_state}", mend, path.name, value=focal_state))
    return replace(_checked(shape, kept.sort("line"), states, path.name), sold=sold)


def _streamed(
    scan: pl.LazyFrame, shape: Shape, focal_state: str, file: str
) -> tuple[pl.DataFrame, dict[str, str | None]]:
    """Return the rows of one state in a file that both sides report in, and what every code of it means."""
    assert shape.read is not None
    rows = shape.read(scan).select("line", *(pl.col(name).cast(pl.String) for name in _TEXTS))
    sides = pl.concat([rows.select(code=pl.col(side)) for side in ("exporter", "importer")])
    found = sides.unique().collect(engine="streaming")["code"].drop_nulls().to_list()
    states = {text: state_of(text) for text in sorted(found)}
    own = [text for text, state in states.items() if state == focal_state]
    if shape.refuse is not None:
        shape.refuse(scan, focal_state, file)
    sold, bought = (pl.col(side).is_in(own) for side in ("exporter", "importer"))
    kept = rows.filter(sold ^ bought).with_columns(is_import=bought)
    return kept.collect(engine="streaming"), states


def _longer(path: Path, cells: int) -> list[Fault]:
    """Return a fault for each row of a file with more cells than its header."""
    why, mend = "more cells than the header has", "quote cells that hold commas"
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        found = longer_rows(file, cells, 1)
        return [Fault("K0105", why, mend, path.name, line, value=cell) for line, cell in found]


def _checked(shape: Shape, kept: pl.DataFrame, states: Mapping[str, str | None], file: str) -> Bilateral:
    own_side = pl.when("is_import").then(pl.lit("importer")).otherwise(pl.lit("exporter"))
    perimeter = (
        pl.when(pl.col("declarer") == "both")
        .then(pl.lit("reconciled"))
        .when(pl.col("declarer") == own_side)
        .then(pl.lit("customs_own_side"))
        .otherwise(pl.lit("customs_partner_side"))
    )
    other = pl.when("is_import").then("exporter").otherwise("importer").fill_null("")
    rows = kept.with_columns(
        code=other,
        partner=other.replace_strict({text: state or "" for text, state in states.items()}, default=""),
        amount=pl.col("value").str.strip_chars().cast(pl.Float64, strict=False),
        factor=pl.col("scale").replace_strict(_SCALES, default=None),
        flow=pl.when("is_import").then(pl.lit("import")).otherwise(pl.lit("export")),
        perimeter=perimeter,
        file=pl.lit(file),
    )
    unknown = sorted(text for text in set(rows["code"].to_list()) if states.get(text) is None)
    stray = pl.col("code").is_in(unknown)
    sums = pl.col("partner") == SUM
    is_blank = pl.col("value").str.strip_chars().fill_null("") == ""
    open_cells = is_blank if shape.names else pl.lit(value=False)  # the IMF leaves unknown figures blank
    blank = rows.filter(open_cells & ~stray & ~sums)
    rows = rows.filter(~open_cells)
    faults = _cell_faults(shape, rows, file)
    if shape.areas:
        faults += _unknown_faults(rows.filter(stray), file)
    if faults:
        raise InputError(faults)
    left_out = rows.filter(stray | sums).select("year", "flow", "perimeter", "code").unique()
    rows = _preferred(rows.filter(~stray & ~sums))
    tonnes = pl.col("tonnes").str.strip_chars().cast(pl.Float64, strict=False)
    rows = rows.with_columns(
        value=pl.col("amount") * pl.col("factor") / _MILLION,
        tonnes=pl.when(tonnes.is_finite() & (tonnes >= 0)).then(tonnes),
    )
    gaps = blank.select("year", "flow", "perimeter", "partner", "product").unique()
    return Bilateral(shape, rows.select(ROWS), left_out, gaps)


def _preferred(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out purchases valued free on board where the same are given with freight and insurance."""
    key = ("year", "flow", "perimeter", "partner", "product")
    has_cif = (pl.col("valuation") == "cif").any().over(key)
    return rows.filter(~has_cif | (pl.col("valuation") == "cif") | (pl.col("flow") == "export"))


_AMOUNT, _VALUE = pl.col("amount"), pl.col("value").str.strip_chars()
_WRONG: tuple[tuple[pl.Expr, str, str, str, str], ...] = (
    (_VALUE.fill_null("") == "", "K0203", "value", "the value is blank", "fill it in or delete the row"),
    (
        (_VALUE != "") & ~_AMOUNT.is_finite().fill_null(value=False),
        "K0205",
        "value",
        "not a finite number",
        "write a plain number with a point",
    ),
    (_AMOUNT < 0, "K0304", "value", "a negative value of goods", "write a number of at least zero"),
    (
        ~pl.col("year").str.contains(r"^(19|20)\d\d$").fill_null(value=False),
        "K0210",
        "year",
        "not a calendar year",
        "give yearly figures",
    ),
    (
        pl.col("factor").is_null(),
        "K0205",
        "scale",
        "an unknown scale",
        "write Units, Thousands, Millions or Billions",
    ),
    (
        ~pl.col("product").str.contains(rf"^({TOTAL}|\d{{2}}|\d{{4}}|\d{{6}})$").fill_null(value=False),
        "K0341",
        "product",
        "no code of the Harmonised System",
        f"give 2, 4 or 6 digits, or {TOTAL}",
    ),
)
"""Tests of a row that find a fault, with its code, the column that it shows, why and mend."""


def _cell_faults(shape: Shape, rows: pl.DataFrame, file: str) -> list[Fault]:
    own = {role: column for column, role in shape.columns.items()}
    names = {"value": shape.value, "product": own.get("product", "cmdCode")}
    found = [
        Fault(code, why, mend, file, line, names.get(column, column), None if cell is None else cell[:200])
        for test, code, column, why, mend in _WRONG
        for line, cell in rows.filter(test).head(MAX_FAULTS).select("line", column).iter_rows()
    ]
    return sorted(found, key=lambda fault: (fault.line or 0, fault.code))


def _unknown_faults(rows: pl.DataFrame, file: str) -> list[Fault]:
    # No code near it is offered: trade of an unknown area would become that of a state.
    mend = "correct it to an ISO alpha-3 code or a number of UN Comtrade, or delete the rows"
    counted = rows.group_by("code").agg(pl.col("line").min(), pl.len().alias("rows")).sort("line")
    return [
        Fault("K0352", f"unknown code of a country in {count} rows", mend, file, line, value=code)
        for code, line, count in counted.head(MAX_FAULTS).iter_rows()
    ]
