"""The table of claims that reconciliation works on, made from readings, from gold files or from a fact book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

from kopir.core.codes import LANGUAGES, registered_name
from kopir.core.errors import InputError
from kopir.facts.claimed._claimfaults import claim_faults

CLAIM_COLUMNS: Mapping[str, pl.DataType] = {
    "id": pl.String(),
    "doc": pl.String(),
    "source": pl.String(),
    "class": pl.String(),
    "published": pl.String(),
    "lang": pl.String(),
    "start": pl.Int64(),
    "end": pl.Int64(),
    "text": pl.String(),
    "sentence": pl.String(),
    "comparator": pl.String(),
    "value": pl.Float64(),
    "lo": pl.Float64(),
    "hi": pl.Float64(),
    "unit": pl.String(),
    "rate": pl.String(),
    "kind": pl.String(),
    "indicator": pl.String(),
    "subject": pl.String(),
    "partners": pl.List(pl.String()),
    "route": pl.String(),
    "commodity": pl.String(),
    "perimeter": pl.String(),
    "period": pl.String(),
    "modality": pl.String(),
    "attribution": pl.String(),
    "base": pl.String(),
    "part": pl.String(),
    "standing": pl.String(),
}
"""Columns of the claims table: the fields of the gold annotation, and what is known of the source.

``source`` is who published (the document where nothing else is known), ``class`` its class, ``base`` the key
that a share or a change is measured against where the claim names it, ``part`` the piece it is about,
``standing`` whether a claim read from a document is published, corrected or unreviewed (null for other claims).
"""

_PLACE: Mapping[str, pl.DataType] = {"file": pl.String(), "line": pl.Int64()}
_MODAL_WORDS = {"allegation": "alleged"}


def claims_table(
    records: Iterable[Mapping[str, Any]] | pl.DataFrame,
    classes: Mapping[str, str] | None = None,
    *,
    strict: bool = False,
) -> pl.DataFrame:
    """Return claims as a table with ``CLAIM_COLUMNS``.

    ``records`` (or the columns of a table) have the field names of the gold annotation; ``classes`` gives the
    class of each source. Fields left out are null; ``source`` is the document unless given, ``partners`` empty.
    Raises :class:`InputError` with every fault: a claim without a document, an impossible interval, an unknown
    code or word; with ``strict`` also an impossible period, unit, span or sign, and an id borne twice. Records
    may say in ``file`` and ``line`` where they stand.
    """
    columns = {**CLAIM_COLUMNS, **_PLACE}
    if isinstance(records, pl.DataFrame):
        frame = records.select(
            pl.col(name).cast(kind, strict=False) if name in records.columns else pl.lit(None, kind).alias(name)
            for name, kind in columns.items()
        )
    else:
        rows = list(records)
        cells = {name: [row.get(name) for row in rows] for name in columns}
        frame = pl.DataFrame(cells, schema=columns, strict=False)
    known = pl.DataFrame(
        sorted((classes or {}).items()), schema={"source": pl.String, "known": pl.String}, orient="row"
    )
    frame = frame.with_row_index("row").with_columns(
        pl.coalesce("source", "doc").alias("source"),
        pl.col("partners").fill_null([]),
        pl.col("modality").replace(_MODAL_WORDS).fill_null("actual"),
        pl.when(pl.col("value").is_null() & (pl.col("comparator").fill_null("eq") == "eq"))
        .then(pl.lit("range"))
        .otherwise(pl.col("comparator").fill_null("eq"))
        .alias("comparator"),
        pl.coalesce("id", _place_id(), pl.format("claim {}", pl.col("row") + 1)).alias("id"),
    )
    frame = frame.join(known, on="source", how="left", maintain_order="left").with_columns(
        pl.coalesce("class", "known", pl.lit("unknown")).alias("class")
    )
    if frame["part"].is_not_null().any():
        frame = frame.with_columns(part=_parts(frame))
    faults = claim_faults(frame, strict=strict)
    if faults:
        raise InputError(faults)
    return frame.select(*CLAIM_COLUMNS)


def _parts(frame: pl.DataFrame) -> pl.Series:
    """Return the parts of claims without those that only name the one partner again."""
    rows = frame.select("part", "partners").iter_rows()
    return pl.Series(
        [None if len(whom) == 1 and part is not None and part in _names(whom[0]) else part for part, whom in rows],
        dtype=pl.String,
    )


@cache
def _names(code: str) -> frozenset[str]:
    """Return a code and its names in every language."""
    return frozenset({code, *(name for one in LANGUAGES if (name := registered_name(code, one)))})


def _place_id() -> pl.Expr:
    """Return an id made of file and line, null where they are not known."""
    return pl.when(pl.col("line").is_not_null()).then(pl.format("{}:{}", "file", "line"))
