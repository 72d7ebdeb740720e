"""A large trade file in pieces of its bytes, each read whole: here or on another machine, with the same rows."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.tables import MAX_FAULTS
from kopir.model.trade_files.cells import longer_rows, scanned

PIECE = 2**25
"""Bytes of a file in a piece: what is held at once of a file of any size."""
PIECE_ROWS = 2**20
"""Rows of Parquet in a piece."""
PARQUET = ".parquet"
LIMIT = 1e11
"""Thousand USD above which one row of trade is no amount (a thousand times a year's trade of the world)."""

_NEEDED = ("year", "exporter", "importer", "product", "value")

Wrong = tuple[int, str, str | None]
"""A line, a column of the file (blank for none), and the cell that is wrong there."""


@dataclass(frozen=True)
class Pieces:
    """A file with its header: ``columns`` in lower case, ``names`` of those that are read, where rows ``begin``.

    ``size`` counts bytes of CSV, or the rows of a Parquet file, and ``step`` those of a piece.
    """

    path: str
    columns: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    begin: int
    size: int
    step: int

    @property
    def is_parquet(self) -> bool:
        """Return whether the file is Parquet, not CSV."""
        return self.path.casefold().endswith(PARQUET)

    def __len__(self) -> int:
        """Return how many pieces there are; they depend on the file alone."""
        return max(1, -(-(self.size - self.begin) // self.step))


@dataclass(frozen=True)
class Piece:
    """Rows of a piece: ``line`` (from 0 within it), year, exporter, importer, product, value and tonnes.

    ``in_order`` says that every cell but tonnes is a number that fits; else all are the texts of the file.
    ``lines`` counts the lines of the piece; ``ragged`` are rows with more cells than the header has.
    """

    rows: pl.DataFrame
    in_order: bool
    lines: int
    ragged: tuple[Wrong, ...] = ()


def pieces_of(path: Path, header: Sequence[str], names: Mapping[str, str]) -> Pieces:
    """Return the pieces of a file of columns ``header``, CSV or Parquet; ``names`` are those to read."""
    is_parquet = path.suffix.casefold() == PARQUET
    columns = tuple(header) if is_parquet else tuple(name.lower() for name in header)
    read = tuple((column, names[column.lower()]) for column in columns if column.lower() in names)
    if is_parquet:
        rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
        return Pieces(str(path.resolve()), columns, read, 0, rows, PIECE_ROWS)
    with path.open("rb") as file:
        begin = len(file.readline())
        size = file.seek(0, io.SEEK_END)
    return Pieces(str(path.resolve()), columns, read, begin, size, PIECE)


def parquet_columns(path: Path) -> list[str]:
    """Return the columns of a Parquet file; raises :class:`InputError` where it cannot be read."""
    try:
        return pl.scan_parquet(path).collect_schema().names()
    except (OSError, pl.exceptions.PolarsError) as error:
        why = f"not Parquet that can be read: {str(error).splitlines()[0][:200]}"
        raise InputError(Fault("K0102", why, "give a whole Parquet or CSV file", path.name)) from error


def read_piece(pieces: Pieces, number: int) -> Piece:
    """Return the rows that begin in piece ``number``.

    Raises :class:`InputError` for a file that cannot be read, is no longer as it was or is not CSV of its header,
    and for cells that hold line breaks.
    """
    if pieces.is_parquet:
        return _slice(pieces, number)
    data = _bytes(pieces, number)
    lines = data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))
    name = Path(pieces.path).name
    if data.count(b'"') % 2:
        why, mend = "a quoted cell holds a line break, or a quote is open", "take the line breaks out of cells"
        raise InputError(Fault("K0105", why, mend, name))
    numbers = _numbers(pieces, data) if data else None
    if numbers is not None:
        return Piece(numbers, in_order=True, lines=lines)
    try:
        return Piece(_frame(pieces, data), in_order=False, lines=lines)
    except pl.exceptions.PolarsError as error:
        longer = longer_rows(io.StringIO(data.decode("utf-8", "replace")), len(pieces.columns), 0)
        if ragged := tuple((line, "", cell) for line, cell in longer):
            return Piece(_frame(pieces, b""), in_order=False, lines=lines, ragged=ragged)
        why = f"not CSV of one shape: {str(error).splitlines()[0][:200]}"
        raise InputError(Fault("K0105", why, "save the file as CSV UTF-8 with commas", name)) from error


def amounts(piece: Piece, pieces: Pieces) -> tuple[pl.DataFrame, tuple[Wrong, ...]]:
    """Return the rows with ``amount`` in place of value, and the line, column and cell of what is none.

    An amount is thousandths of a dollar as a whole number, so that no sum depends on its order.
    """
    thousandths = (pl.col("value").cast(pl.Float64) * 1e6).round().cast(pl.Int64).alias("amount")
    if piece.in_order:
        return piece.rows.with_columns(thousandths).drop("value"), ()
    told = piece.rows.with_columns(pl.col(*_NEEDED).str.strip_chars()).with_columns(
        number=pl.col("value").str.strip_chars().cast(pl.Float64, strict=False)
    )
    bad = {
        "year": ~pl.col("year").str.contains(r"^(19|20)\d\d$").fill_null(value=False),
        "value": ~pl.col("number").is_between(0, LIMIT).fill_null(value=False),
    }
    columns = {role: column for column, role in pieces.names}
    wrong = [
        (line, columns[role], cell)
        for role, test in bad.items()
        for line, cell in told.filter(test).select("line", role).head(MAX_FAULTS).rows()
    ]
    good = told.filter(~pl.any_horizontal(*bad.values())).with_columns(
        pl.col("year").cast(pl.Int32), value="number"
    )
    return good.drop("number").with_columns(thousandths).drop("value"), tuple(sorted(wrong))


def _slice(pieces: Pieces, number: int) -> Piece:
    try:
        rows = pl.scan_parquet(pieces.path).slice(number * pieces.step, pieces.step).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _unreachable(pieces, str(error).splitlines()[0][:200]) from error
    texts = rows.rename(dict(pieces.names)).select(pl.col(name).cast(pl.String) for _, name in pieces.names)
    if "tonnes" not in texts.columns:
        texts = texts.with_columns(tonnes=pl.lit(None, pl.String))
    return Piece(texts.with_row_index("line"), in_order=False, lines=rows.height)


def _unreachable(pieces: Pieces, why: str) -> InputError:
    mend = "every machine that works on it must reach it at this path"
    return InputError(Fault("K0102", f"cannot be read: {why}", mend, pieces.path))


def _bytes(pieces: Pieces, number: int) -> bytes:
    """Return the whole lines that begin in a piece."""
    first = pieces.begin + number * pieces.step
    last = min(pieces.size, first + pieces.step)
    path = Path(pieces.path)
    try:
        with path.open("rb") as file:
            if file.seek(0, io.SEEK_END) != pieces.size:
                why, mend = "the file changed while it was read", "ask again when it is whole"
                raise InputError(Fault("K0102", why, mend, path.name))
            file.seek(first - 1)
            if file.read(1) != b"\n":
                first += len(file.readline())
            if first >= last:
                return b""
            file.seek(first)
            data = file.read(last - first)
            return data if data.endswith(b"\n") else data + file.readline()
    except OSError as error:
        raise _unreachable(pieces, error.strerror or type(error).__name__) from error


def _frame(pieces: Pieces, data: bytes, types: Mapping[str, type[pl.DataType]] | None = None) -> pl.DataFrame:
    names = dict(pieces.names)
    read = {column: (types or {}).get(names.get(column, ""), pl.String) for column in pieces.columns}
    frame = pl.DataFrame(schema={"line": pl.UInt32, **read})
    if data:
        frame = scanned(io.BytesIO(data), read, header_lines=0, first_line=0).collect()
    frame = frame.rename(names)
    if "tonnes" not in frame.columns:
        frame = frame.with_columns(tonnes=pl.lit(None, pl.String))
    return frame.select("line", *_NEEDED, "tonnes")


def _numbers(pieces: Pieces, data: bytes) -> pl.DataFrame | None:
    """Return rows whose codes are numbers and whose cells are all in order; ``None`` where any is not."""
    whole = dict.fromkeys(("year", "exporter", "importer", "product"), pl.Int32)
    try:
        frame = _frame(pieces, data, {**whole, "value": pl.Float64})
    except pl.exceptions.PolarsError:
        return None
    fine = pl.all_horizontal(
        pl.col("year").is_between(1900, 2099), pl.col("value").is_between(0, LIMIT), pl.col("product") >= 0
    )
    if sum(frame.null_count().select(_NEEDED).row(0)) or not frame.select(fine.all()).item():
        return None
    return frame


def as_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows of a piece, or sums of them, with the same texts of codes however they were read."""
    codes = [
        pl.col(end).cast(pl.String).fill_null("").str.replace(r"^0+(\d)", "$1") for end in ("exporter", "importer")
    ]
    products = [pl.col("product").cast(pl.String).str.zfill(6)]
    return frame.with_columns(one for one in (*codes, *products) if one.meta.output_name() in frame.columns)
