"""The shapes of bilateral trade files (BACI, UN Comtrade, IMF IMTS): how each is known and read."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.tables import MAX_FAULTS
from kopir.model.trade_files.elsewhere import refuse_layout
from kopir.model.trade_files.pieces import PARQUET, parquet_columns
from kopir.model.trade_files.trade_areas import numbers, state_of

ShapeName = Literal["baci", "comtrade", "extract", "imts"]
TOTAL = "TOTAL"
"""Product code of all goods together."""

_HEADER_BYTES = 2**16
_BACI = {"t": "year", "i": "exporter", "j": "importer", "k": "product", "v": "value", "q": "tonnes"}
_EXTRACT = {
    "year": "year",
    "exporter": "exporter",
    "importer": "importer",
    "hs6": "product",
    "value_kusd": "value",
    "quantity_t": "tonnes",
}
"""Names of columns (lower case) in a year of BACI, and in extracts of it that hold letters of states."""
_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class Shape:
    """A kind of trade file: the columns it is known by, and how its rows are read.

    ``columns`` are those of a file in which each pair stands once in thousand USD, with what they are; such a file
    is read in pieces (:mod:`kopir.model.trade_files.focal_rows`). Of others ``read`` turns a scan with lower-case
    column names into the columns ``line``, ``year``, ``exporter``, ``importer``, ``declarer`` (exporter, importer
    or both), ``product``, ``value``, ``tonnes``, ``scale`` (thousands, millions or their number of zeros) and
    ``valuation`` (cif or fob), all text but the first; rows that are no yearly figures of goods in dollars are
    left out.
    ``areas`` says whether partners that are no states are parts of the whole or sums of other partners,
    ``every_pair`` whether a pair without a row has no trade, ``names`` whether partners are named in words, so
    that every letter must be read. ``refuse`` raises what in the rows of one state makes the file another thing
    than it seems.
    """

    name: ShapeName
    title: str
    licence: str
    needs: frozenset[str]
    value: str
    areas: bool
    every_pair: bool
    names: bool
    columns: Mapping[str, str] = field(default_factory=dict)
    read: Callable[[pl.LazyFrame], pl.LazyFrame] | None = None
    refuse: Callable[[pl.LazyFrame, str, str], None] | None = None


def recognise(header: Sequence[str], file: str) -> Shape:
    """Return the shape of a trade file from its header.

    Raises :class:`InputError` when the header fits none or several, or names a column twice.
    """
    columns = {name.lower() for name in header}
    fitting = [shape for shape in SHAPES if _missing(shape, columns) == frozenset()]
    if len(columns) < len(header):
        twice = next(name for name in header if [one.lower() for one in header].count(name.lower()) > 1)
        raise InputError(Fault("K0202", f"column {twice!r} stands twice", "remove one", file, 1, twice, twice))
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        why = f"columns of {' and of '.join(shape.name for shape in fitting)}"
        raise InputError(Fault("K0351", why, "leave only the columns of one of them", file, 1))
    refuse_layout(columns, file)
    nearest = min(SHAPES, key=lambda shape: len(_missing(shape, columns)) / len(shape.needs))
    why = f"a trade file of no known shape; nearest is {nearest.name}"
    mend = f"give {nearest.title} with the columns {', '.join(sorted(_missing(nearest, columns)))} as well"
    raise InputError(Fault("K0351", why, mend, file, 1, value=",".join(header)[:200]))


def _missing(shape: Shape, columns: set[str]) -> frozenset[str]:
    missing = shape.needs - columns
    if shape.name == "imts" and any(_YEAR.fullmatch(name) for name in columns):
        missing -= {"time_period", "obs_value"}
    return missing


def header_of(path: Path) -> list[str]:
    """Return the columns of a trade file; raises :class:`InputError` for one that is no table."""
    if path.suffix.casefold() == PARQUET:
        return parquet_columns(path)
    try:
        with path.open("rb") as file:
            line = _decoded(file.readline(_HEADER_BYTES), path.name)
    except OSError as error:
        why = f"cannot be read: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0102", why, "check that the file exists and may be read", path.name)) from error
    except UnicodeDecodeError as error:
        raise InputError(Fault("K0104", "not UTF-8", "save the file as CSV UTF-8", path.name, 1)) from error
    try:
        header = [cell.strip() for cell in next(csv.reader([line]), [])]
    except csv.Error as error:
        why, mend = f"not CSV: {error}", "save the file as CSV UTF-8, whose lines end with a line feed"
        raise InputError(Fault("K0105", why, mend, path.name, 1)) from error
    if "\t" in line:
        refuse_layout({cell.strip().lower() for cell in line.split("\t")}, path.name)
    separator = next((sign for sign in (";", "\t", "|") if len(header) == 1 and sign in header[0]), None)
    if separator is not None:
        why, mend = f"cells are separated by {separator!r}, not commas", "save the file as CSV with commas"
        raise InputError(Fault("K0105", why, mend, path.name, 1))
    return header


def _decoded(line: bytes, file: str) -> str:
    if line.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        why, mend = "a packed archive, not a table", "unpack it first, and give the CSV files in it"
        raise InputError(Fault("K0351", why, mend, file))
    return line.decode("utf-8-sig")


_WHOLE = {"partner2code": "0", "partner2iso": "W00", "customscode": "C00", "motcode": "0", "moscode": "0"}
"""Columns by which UN Comtrade breaks a figure down, with the code of the whole."""
_FLOWS = ("M", "X")


def _comtrade_party(names: Collection[str], side: str) -> pl.Expr:
    """Return the number of a party where it is a known one, its letters elsewhere.

    Letters are blank where a client did not ask for descriptions; numbers tell apart what shares letters.
    """
    letters = pl.col(f"{side}iso").str.strip_chars()
    if f"{side}code" not in names:
        return letters
    number = pl.col(f"{side}code").str.strip_chars()
    known = (number.fill_null("") != "") & number.str.strip_chars_start("0").is_in(sorted(numbers()))
    return pl.when(known | (letters.fill_null("") == "")).then(number).otherwise(letters)


def _comtrade_yearly(scan: pl.LazyFrame) -> pl.LazyFrame:
    names = scan.collect_schema().names()
    rows = scan.filter(pl.col("flowcode").str.strip_chars().is_in(_FLOWS))
    if "freqcode" in names:
        rows = rows.filter(pl.col("freqcode") == "A")
    return rows.with_columns(
        reporter=_comtrade_party(names, "reporter"),
        partner=_comtrade_party(names, "partner"),
        bought=pl.col("flowcode").str.strip_chars() == "M",
        is_whole=pl.all_horizontal(
            *(pl.col(name).is_null() | (pl.col(name) == code) for name, code in _WHOLE.items() if name in names),
            pl.lit(value=True),
        ),
    )


def _comtrade(scan: pl.LazyFrame) -> pl.LazyFrame:
    names = scan.collect_schema().names()
    return (
        _comtrade_yearly(scan)
        .filter("is_whole")
        .select(
            "line",
            year="refyear" if "refyear" in names else "period",
            exporter=pl.when("bought").then("partner").otherwise("reporter"),
            importer=pl.when("bought").then("reporter").otherwise("partner"),
            declarer=pl.when("bought").then(pl.lit("importer")).otherwise(pl.lit("exporter")),
            product=pl.col("cmdcode").str.strip_chars(),
            value="primaryvalue",
            tonnes=_kilograms(names),
            scale=pl.lit("0"),
            valuation=pl.when("bought").then(pl.lit("cif")).otherwise(pl.lit("fob")),
        )
    )


def _kilograms(names: Collection[str]) -> pl.Expr:
    """Return net weight in tonnes; nought stands for a weight that was not told."""
    if "netwgt" not in names:
        return pl.lit(None, pl.String)
    weight = pl.col("netwgt").str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(weight > 0).then((weight / 1000).cast(pl.String))


def _refuse_comtrade(scan: pl.LazyFrame, focal_state: str, file: str) -> None:
    """Raise for goods of another classification, for services, and for figures given in parts only."""
    names = scan.collect_schema().names()
    rows = _comtrade_yearly(scan)
    parties = pl.concat([rows.select(code=pl.col(side)) for side in ("reporter", "partner")]).unique()
    found = parties.collect(engine="streaming")["code"].drop_nulls().to_list()
    own = [code for code in found if state_of(code) == focal_state]
    rows = rows.filter(pl.col("reporter").is_in(own) ^ pl.col("partner").is_in(own))
    named = [name for name in ("classificationcode", "typecode") if name in names]
    key = ["period", "reporter", "partner", "flowcode", "cmdcode"]
    held = rows.select("line", *named, *key, "is_whole").collect(engine="streaming")
    faults: list[Fault] = []
    for name, column, good, why, mend in _WRONG_KIND:
        if name in named:
            wrong = held.filter(~pl.col(name).fill_null(good).str.strip_chars().str.starts_with(good))
            for line, cell in wrong.unique(name, keep="first", maintain_order=True).select("line", name).rows():
                faults.append(Fault("K0355", why, mend, file, line, column, cell))
    parts = held.group_by(key).agg(pl.col("line").min(), pl.col("is_whole").any()).filter(~pl.col("is_whole"))
    for line, party in parts.sort("line").head(MAX_FAULTS).select("line", "partner").rows():
        why = "given by transport, customs or second partner only: the total is missing"
        mend = "download it with all of these set to total (motCode=0, customsCode=C00, partner2Code=0)"
        faults.append(Fault("K0355", why, mend, file, line, value=party))
    if faults:
        raise InputError(faults[:MAX_FAULTS])


_WRONG_KIND = (
    (
        "classificationcode",
        "classificationCode",
        "H",
        "goods are not classed by the Harmonised System",
        "download the file in a classification whose code begins with H (HS)",
    ),
    ("typecode", "typeCode", "C", "not trade in goods", "download the type C (commodities)"),
)
"""Columns that say what a file of UN Comtrade counts: how a good code begins, why and mend for the others."""


def _imts(scan: pl.LazyFrame) -> pl.LazyFrame:
    names = scan.collect_schema().names()
    years = [name for name in names if _YEAR.fullmatch(name)]
    texts = ["line", "country", "indicator", "counterpart_country", "frequency", "scale"]
    if "time_period" in names:
        rows = scan.select(*texts, year="time_period", value="obs_value")
    else:
        rows = scan.select(*texts, *years).unpivot(on=years, index=texts, variable_name="year", value_name="value")
    word = pl.col("indicator").str.to_uppercase()
    bought = word.str.contains("^(T?MG|IMPORT|GOODS, VALUE OF IMPORT)")
    sold = word.str.contains("^(T?XG|EXPORT|GOODS, VALUE OF EXPORT)")
    yearly = pl.col("frequency").str.to_uppercase().is_in(["A", "ANNUAL"])
    dollars = word.str.contains("USD|US DOLLAR|U.S. DOLLAR")
    return rows.filter(yearly & dollars & (bought | sold)).select(
        "line",
        year="year",
        exporter=pl.when(bought).then("counterpart_country").otherwise("country"),
        importer=pl.when(bought).then("country").otherwise("counterpart_country"),
        declarer=pl.when(bought).then(pl.lit("importer")).otherwise(pl.lit("exporter")),
        product=pl.lit(TOTAL),
        value="value",
        tonnes=pl.lit(None, pl.String),
        scale=pl.col("scale").str.strip_chars().str.to_lowercase(),
        valuation=pl.when(word.str.contains("CIF|INSURANCE")).then(pl.lit("cif")).otherwise(pl.lit("fob")),
    )


SHAPES = (
    Shape(
        "baci",
        "BACI of CEPII",
        "Etalab Open Licence 2.0",
        frozenset({"t", "i", "j", "k", "v"}),
        value="v",
        areas=True,
        every_pair=True,
        names=False,
        columns=_BACI,
    ),
    Shape(
        "extract",
        "an extract of BACI of CEPII",
        "Etalab Open Licence 2.0",
        frozenset({"year", "exporter", "importer", "hs6", "value_kusd"}),
        value="value_kusd",
        areas=True,
        every_pair=True,
        names=False,
        columns=_EXTRACT,
    ),
    Shape(
        "comtrade",
        "UN Comtrade",
        "",
        frozenset({"period", "reporteriso", "partneriso", "flowcode", "cmdcode", "primaryvalue"}),
        value="primaryValue",
        areas=True,
        every_pair=False,
        names=False,
        read=_comtrade,
        refuse=_refuse_comtrade,
    ),
    Shape(
        "imts",
        "International Merchandise Trade Statistics of the IMF",
        "",
        frozenset(
            {"country", "indicator", "counterpart_country", "frequency", "scale", "time_period", "obs_value"}
        ),
        value="OBS_VALUE",
        areas=False,
        every_pair=False,
        names=True,
        read=_imts,
    ),
)
