"""Bilateral trade files of three shapes (BACI, UN Comtrade, IMF IMTS), read as rows of one focal state."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.tables import MAX_FAULTS
from kopir.model.trade_files.elsewhere import refuse_layout
from kopir.model.trade_files.trade_areas import SUM, numbers, state_of

ShapeName = Literal["baci", "comtrade", "imts"]
Perimeter = Literal["customs_own_side", "customs_partner_side", "reconciled"]
TOTAL = "TOTAL"
"""Product code of all goods together."""

ROWS = ("file", "line", "year", "flow", "perimeter", "partner", "code", "product", "value")
"""Columns of :func:`read_bilateral`."""

_HEADER_BYTES = 2**16
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
_YEAR = re.compile(r"(19|20)\d\d")
_MORE = "beyond the header"
_TEXTS = ("year", "exporter", "importer", "declarer", "product", "value", "scale", "valuation")


@dataclass(frozen=True)
class Shape:
    """A kind of trade file: the columns it is known by, and how its rows are read.

    ``read`` turns a scan with lower-case column names into the columns ``line``, ``year``, ``exporter``,
    ``importer``, ``declarer`` (exporter, importer or both), ``product``, ``value``, ``scale`` (thousands,
    millions or their number of zeros) and ``valuation`` (cif or fob), all text but the first; rows that are no
    yearly figures of goods in dollars are left out. ``areas`` says whether partners that are no states are
    parts of the whole or sums of other partners, ``every_pair`` whether a pair without a row has no trade,
    ``names`` whether partners are named in words, so that every letter must be read. ``refuse`` raises what in
    the rows of one state makes the file another thing than it seems.
    """

    name: ShapeName
    title: str
    licence: str
    needs: frozenset[str]
    value: str
    areas: bool
    every_pair: bool
    names: bool
    read: Callable[[pl.LazyFrame], pl.LazyFrame]
    refuse: Callable[[pl.LazyFrame, str, str], None]


@dataclass(frozen=True)
class Bilateral:
    """The rows of a trade file that concern one state, :data:`ROWS` by name; values in million USD.

    ``partner`` is an ISO code, ``WORLD`` or blank (no single state), ``code`` what the file calls it.
    ``left_out`` has the year, flow, perimeter and code of sums of states and, where the shape has such sums
    among its partners, of those that are neither states nor registered areas. ``blank`` has the year, flow,
    perimeter, product and partner of rows whose value is not given.
    """

    shape: Shape
    rows: pl.DataFrame
    left_out: pl.DataFrame
    blank: pl.DataFrame


def read_bilateral(path: Path, focal_state: str) -> Bilateral:
    """Return what a trade file says of ``focal_state``; the file is streamed, only its rows are held.

    Raises :class:`InputError` with every fault found: a file that cannot be read or whose shape is not
    recognised, unknown codes of partners, values, years and flows that are none, and rows that stand twice.
    """
    header = _header(path)
    shape = recognise(header, path.name)
    try:
        scan = _scan(path, header, shape)
        longer = scan.filter(pl.col(_MORE).is_not_null()).select("line", _MORE).head(MAX_FAULTS)
        ragged = longer.collect(engine="streaming").rows()
        if ragged:
            why, mend = "more cells than the header has", "quote cells that hold commas"
            raise InputError([Fault("K0105", why, mend, path.name, line, value=cell) for line, cell in ragged])
        rows = shape.read(scan).select("line", *(pl.col(name).cast(pl.String) for name in _TEXTS))
        sides = pl.concat([rows.select(code=pl.col(side)) for side in ("exporter", "importer")])
        found = sides.unique().collect(engine="streaming")["code"].drop_nulls().to_list()
        states = {text: state_of(text) for text in sorted(found)}
        own = [text for text, state in states.items() if state == focal_state]
        shape.refuse(scan, focal_state, path.name)
        sold, made = (pl.col(side).is_in(own) for side in ("exporter", "importer"))
        kept = rows.filter(sold ^ made).with_columns(is_import=made).collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        why = f"not CSV of one shape: {str(error).splitlines()[0][:200]}"
        raise InputError(Fault("K0105", why, "save the file as CSV UTF-8 with commas", path.name)) from error
    if kept.is_empty():
        mend = (
            f"give a file with yearly figures of imports or exports in which {focal_state} reports or is a partner"
        )
        raise InputError(Fault("K0353", f"no yearly rows of {focal_state}", mend, path.name, value=focal_state))
    return _checked(shape, kept.sort("line"), states, path.name)


def read_pairs(path: Path) -> pl.DataFrame:
    """Return ``year``, ``exporter``, ``importer`` (codes of the file) and ``value_musd`` of every pair.

    The file is streamed. Raises :class:`InputError` for a file that cannot be read, for one in which both sides
    report the same trade, which never add up, and for values that are no amounts.
    """
    header = _header(path)
    shape = recognise(header, path.name)
    if not shape.every_pair:
        why = f"{shape.title}: both sides report the same trade, and one table of all states would count it twice"
        raise InputError(Fault("K0355", why, "give a year of BACI, which reconciles them", path.name))
    try:
        rows = shape.read(_scan(path, header, shape))
        value = pl.col("value").str.strip_chars().cast(pl.Float64, strict=False)
        told = rows.select("line", "year", "exporter", "importer", "value", amount=value * _SCALES["3"] / _MILLION)
        wrong = ~(pl.col("amount").is_finite() & (pl.col("amount") >= 0)).fill_null(value=False)
        bad = told.filter(wrong).select("line", "value").head(MAX_FAULTS).collect(engine="streaming").rows()
        summed = told.group_by("year", "exporter", "importer").agg(value_musd=pl.col("amount").sum())
        found = summed.collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        why = f"not CSV of one shape: {str(error).splitlines()[0][:200]}"
        raise InputError(Fault("K0105", why, "save the file as CSV UTF-8 with commas", path.name)) from error
    if bad:
        why, mend = "no amount of trade", "give thousand USD, or leave the row out"
        raise InputError([Fault("K0205", why, mend, path.name, line, "v", cell) for line, cell in bad])
    return found


def _scan(path: Path, header: Sequence[str], shape: Shape) -> pl.LazyFrame:
    """Return the rows of a file as text, its columns in lower case, with the line of each."""
    return pl.scan_csv(
        path,
        has_header=False,
        skip_rows=1,
        missing_columns="insert",
        schema=dict.fromkeys([*(name.lower() for name in header), _MORE], pl.String),
        row_index_name="line",
        row_index_offset=2,
        encoding="utf8" if shape.names else "utf8-lossy",
    )


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


def _header(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            line = _decoded(file.readline(_HEADER_BYTES), path.name)
    except OSError as error:
        why = f"cannot be read: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0102", why, "check that the file exists and may be read", path.name)) from error
    except UnicodeDecodeError as error:
        raise InputError(Fault("K0104", "not UTF-8", "save the file as CSV UTF-8", path.name, 1)) from error
    header = [cell.strip() for cell in next(csv.reader([line]), [])]
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


def _baci(scan: pl.LazyFrame) -> pl.LazyFrame:
    return scan.select(
        "line",
        year="t",
        exporter="i",
        importer="j",
        declarer=pl.lit("both"),
        product=pl.col("k").str.strip_chars().str.zfill(6),
        value="v",
        scale=pl.lit("3"),
        valuation=pl.lit("fob"),
    )


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
            scale=pl.lit("0"),
            valuation=pl.when("bought").then(pl.lit("cif")).otherwise(pl.lit("fob")),
        )
    )


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


def _nothing_to_refuse(scan: pl.LazyFrame, focal_state: str, file: str) -> None:
    """Raise nothing: this shape has one meaning."""


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
        read=_baci,
        refuse=_nothing_to_refuse,
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
        refuse=_nothing_to_refuse,
    ),
)


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
    rows = rows.with_columns(value=pl.col("amount") * pl.col("factor") / _MILLION)
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
    products = {"baci": "k", "comtrade": "cmdCode"}
    names = {"value": shape.value, "product": products.get(shape.name, "product")}
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
