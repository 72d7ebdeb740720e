"""Rows of Parquet files, filtered where they lie: the only place that knows DuckDB.

A Parquet file may come from anybody. The database is in memory, sees the files that it is given and nothing else
(no other file, no network, no extension), and refuses more rows or text than it is told to hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from kopir.core.errors import Fault, InputError

SUFFIX = ".parquet"
FILE, ROW = "kopir_file", "file_row_number"
"""Columns that say where a row stands: the path of its file, and its number in it from 0."""
MAX_ROWS = 20_000_000
MAX_TEXT_BYTES = 8 * 2**30
FREE_ROWS, FREE_BYTES = 200_000, 64 * 2**20
"""Rows and bytes of text that even a small file may hold."""
ROWS_PER_BYTE, TEXT_PER_BYTE = 1, 200
"""Beyond those, what a file may unpack to for each of its bytes; what people write takes far less."""
_SQL_TYPES: Mapping[pl.DataType, str] = {
    pl.String(): "VARCHAR",
    pl.Int64(): "BIGINT",
    pl.Float64(): "DOUBLE",
    pl.Boolean(): "BOOLEAN",
    pl.List(pl.String()): "VARCHAR[]",
}
_SETTINGS: Mapping[str, str | bool | int | float | list[str]] = {
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "max_temp_directory_size": "0KiB",
    "memory_limit": "4GiB",
    "python_enable_replacements": False,
}


def parquet_files(path: Path) -> list[Path]:
    """Return the Parquet file at ``path``, or those of the folder ``path``, sorted by name.

    Raises :class:`InputError` when there is none, or when one leads out of the folder by a link.
    """
    if not path.is_dir():
        if not path.is_file():
            raise InputError(Fault("K0102", "no such file", "give the path of a Parquet file", str(path)))
        return [path]
    root = path.resolve()
    found = sorted(item for item in path.iterdir() if item.suffix == SUFFIX and not item.name.startswith("."))
    outside = [item for item in found if not item.resolve().is_relative_to(root)]
    if outside:
        raise InputError(
            [
                Fault("K0106", "the file lies outside the folder", "copy the file into the folder", str(item))
                for item in outside
            ]
        )
    if not found:
        why = f"the folder holds no file ending in {SUFFIX}"
        raise InputError(Fault("K0111", why, "name a Parquet file, or a folder of them", str(path)))
    return found


def read_rows(
    paths: Sequence[Path],
    columns: Mapping[str, pl.DataType],
    where: Mapping[str, Sequence[str]] | None = None,
    *,
    fill: Mapping[str, str] | None = None,
    max_rows: int = MAX_ROWS,
) -> pl.DataFrame:
    """Return the rows of Parquet files as one table, in the order of files and rows.

    ``columns`` gives name and type of each column (``FILE`` and ``ROW`` among them); one that no file has is
    null, and a null becomes the word that
    ``fill`` gives for its column. ``where`` keeps the rows whose
    text in each named column matches one of the patterns (``*`` stands for anything), or whose list holds such
    a text. Raises :class:`InputError` when a file is no Parquet, a column does not hold what it should, or the
    rows are more than ``max_rows`` or ``MAX_TEXT_BYTES``.
    """
    files = [str(path.resolve()) for path in paths]
    with _database(files, paths) as database:
        database.execute("SET VARIABLE files = ?", [files])
        source = (
            "read_parquet(getvariable('files'), union_by_name = true, hive_partitioning = false, "
            f"filename = '{FILE}', file_row_number = true)"
        )
        present = {row[0] for row in database.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        wanted = ", ".join(
            _column(name, kind, name in present, (fill or {}).get(name)) for name, kind in columns.items()
        )
        tests, values = _conditions(where or {}, columns)
        rows = f"FROM (SELECT {wanted} FROM {source}){tests}"
        _bound(database, rows, values, columns, _limits(files, max_rows), str(paths[0]))
        return pl.DataFrame(database.sql(f"SELECT * {rows}", params=values))


def _bound(
    database: duckdb.DuckDBPyConnection,
    rows: str,
    values: Sequence[str],
    columns: Mapping[str, pl.DataType],
    limits: tuple[int, int],
    shown: str,
) -> None:
    """Refuse rows that memory might not hold, before any of them is fetched."""
    texts = [_quoted(name) for name, kind in columns.items() if kind == pl.String()]
    size = "+".join(f"coalesce(strlen({name}), 0)" for name in texts) or "0"
    held = database.execute(f"SELECT count(*), coalesce(sum({size}), 0) {rows}", values).fetchone() or (0, 0)
    if held[0] > limits[0] or held[1] > limits[1]:
        why = f"{held[0]:,} rows with {held[1] / 2**20:,.0f} MiB of text are more than may be held of such a file"
        mend = f"filter them, or write it anew: at most {limits[0]:,} rows with {limits[1] / 2**20:,.0f} MiB"
        raise InputError(Fault("K0103", why, mend, shown))


def _limits(files: Sequence[str], max_rows: int) -> tuple[int, int]:
    """Return how many rows and bytes of text may be read of files: a small one that unpacks to much is a trap."""
    size = sum(Path(file).stat().st_size for file in files)
    rows = min(max_rows, max(FREE_ROWS, ROWS_PER_BYTE * size))
    return rows, min(MAX_TEXT_BYTES, max(FREE_BYTES, TEXT_PER_BYTE * size))


@contextmanager
def _database(files: Sequence[str], paths: Sequence[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that can read ``files`` and nothing else; what fails in it is a fault."""
    shown = str(paths[0]) if len(paths) == 1 else str(paths[0].parent)
    try:
        with duckdb.connect(":memory:", config=dict(_SETTINGS)) as database:
            database.execute("SET allowed_paths = ?", [list(files)])
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
            yield database
    except duckdb.Error as error:
        why = f"cannot be read: {str(error).splitlines()[0]}"
        raise InputError(Fault("K0111", why, "write the file anew as Parquet", shown)) from error


def _column(name: str, kind: pl.DataType, present: bool, fill: str | None) -> str:
    source = f"CAST({_quoted(name) if present else 'NULL'} AS {_SQL_TYPES[kind]})"
    filled = source if fill is None else f"coalesce({source}, '{fill}')"
    return f"{filled} AS {_quoted(name)}"


def _conditions(where: Mapping[str, Sequence[str]], columns: Mapping[str, pl.DataType]) -> tuple[str, list[str]]:
    """Return the WHERE clause with a mark for each pattern, and the patterns."""
    tests = []
    for name, patterns in where.items():
        listed = columns[name] == pl.List(pl.String())
        word = "word" if listed else f"CAST({_quoted(name)} AS VARCHAR)"
        matched = " OR ".join(f"{word} GLOB ?" for _ in patterns)
        tests.append(
            f"len(list_filter({_quoted(name)}, lambda word: {matched})) > 0" if listed else f"({matched})"
        )
    values = [pattern for patterns in where.values() for pattern in patterns]
    return (f" WHERE {' AND '.join(tests)}" if tests else ""), values


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
