"""Comma-separated cells of large files: scanned under a header, and the rows that have more cells than it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from inspect import signature
from pathlib import Path
from typing import IO, Any, Literal

import polars as pl

from kopir.core.folders.tables import MAX_FAULTS

_SHORT: Mapping[str, Any] = (
    {"missing_columns": "insert"} if "missing_columns" in signature(pl.scan_csv).parameters else {}
)
"""Rows may have fewer cells than the header: said to a Polars that asks, done by one that does not."""


def scanned(
    source: Path | IO[bytes],
    types: Mapping[str, type[pl.DataType]],
    *,
    header_lines: int,
    first_line: int,
    encoding: Literal["utf8", "utf8-lossy"] = "utf8-lossy",
) -> pl.LazyFrame:
    """Return rows with columns ``types`` below ``header_lines``, and ``line``, counted from ``first_line``.

    Collecting it raises :class:`polars.exceptions.PolarsError` where a row has more cells than there are types.
    """
    return pl.scan_csv(
        source,
        has_header=False,
        skip_rows=header_lines,
        schema=dict(types),
        row_index_name="line",
        row_index_offset=first_line,
        encoding=encoding,
        **_SHORT,
    )


def longer_rows(lines: Iterable[str], cells: int, first_line: int) -> Iterator[tuple[int, str]]:
    """Yield line and first further cell of rows with more than so many ``cells``, at most ``MAX_FAULTS``."""
    reader, found = csv.reader(lines), 0
    try:
        for row in reader:
            if len(row) > cells:
                yield first_line + reader.line_num - 1, row[cells]
                found += 1
                if found == MAX_FAULTS:
                    return
    except csv.Error:  # a cell beyond all size: what was wrong before it is told
        return
