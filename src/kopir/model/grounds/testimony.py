"""What documents say of the facts of a model folder: the claims that reconciliation wrote beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

CLAIMS = "claims"
_COLUMNS: Mapping[str, pl.DataType] = {
    **dict.fromkeys(
        ("id", "doc", "source", "attribution", "text", "sentence", "unit", "verdict"),
        pl.String(),
    ),
    **dict.fromkeys(("start", "end"), pl.Int64()),
    **dict.fromkeys(("value", "lo", "hi"), pl.Float64()),
    **dict.fromkeys(("facts", "beside"), pl.List(pl.String())),
}


@dataclass(frozen=True, slots=True)
class Testimony:
    """One claim of a document: its figure in ``unit``, the sentence, and the facts of the folder it bears on.

    ``verdict`` says how the reconciled fact stands to it; ``beside`` are facts of the folder's own sources that
    were reconciled with it.
    """

    id: str
    document: str
    place: str
    source: str
    speaker: str
    sentence: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    verdict: str
    facts: tuple[str, ...]
    beside: tuple[str, ...]


def testimonies(folder: Path) -> tuple[Testimony, ...]:
    """Return the claims kept in a model folder, sorted by id; none where it keeps none.

    Raises :class:`kopir.core.errors.InputError` when they cannot be read.
    """
    held = folder / CLAIMS
    if not held.is_dir() or not any(held.glob("*.parquet")):
        return ()
    from kopir.core.folders.store import parquet_files, read_rows  # DuckDB, for folders that hold claims

    rows = read_rows(parquet_files(held), _COLUMNS).unique("id", keep="last").sort("id")
    return tuple(_testimonies(rows))


def _testimonies(rows: pl.DataFrame) -> Iterator[Testimony]:
    for row in rows.iter_rows(named=True):
        yield Testimony(
            id=row["id"],
            document=row["doc"] or "",
            place=_place(row),
            source=row["source"] or row["doc"] or "",
            speaker=row["attribution"] or "",
            sentence=row["sentence"] or row["text"] or "",
            value=row["value"],
            low=row["lo"],
            high=row["hi"],
            unit=row["unit"] or "",
            verdict=row["verdict"] or "not weighed",
            facts=tuple(row["facts"] or ()),
            beside=tuple(row["beside"] or ()),
        )


def _place(row: Mapping[str, Any]) -> str:
    span = "" if row["start"] is None or row["end"] is None else f", characters {row['start']}-{row['end']}"
    return f"{row['doc'] or row['source']}{span}"
