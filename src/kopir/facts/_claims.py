"""The table of claims that reconciliation works on, made from readings, from gold files or from a fact book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.facts._keys import LEVEL_KINDS, MODALITIES, RATIO_KINDS
from kopir.facts._wording import COMPARATORS

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
}
"""Columns of the claims table: the fields of the gold annotation, and what is known of the source.

``source`` is who published (the document where nothing else is known), ``class`` its class, ``base`` the key
that a share or a change is measured against where the claim names it, ``part`` the piece it is about.
"""

KINDS = (*sorted(LEVEL_KINDS | RATIO_KINDS), "change_abs")
_MODAL_WORDS = {"allegation": "alleged"}


def claims_table(
    records: Iterable[Mapping[str, Any]] | pl.DataFrame, classes: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Return claims as a table with ``CLAIM_COLUMNS``.

    ``records`` (or the columns of a table) have the field names of the gold annotation; ``classes`` gives the
    class of each source. Fields left out are null; ``source`` is the document unless given, ``partners`` empty.
    Raises :class:`InputError` with every fault: a claim without a document, an impossible interval, an unknown
    code or word.
    """
    if isinstance(records, pl.DataFrame):
        frame = records.select(
            pl.col(name).cast(kind, strict=False) if name in records.columns else pl.lit(None, kind).alias(name)
            for name, kind in CLAIM_COLUMNS.items()
        )
    else:
        rows = list(records)
        columns = {name: [row.get(name) for row in rows] for name in CLAIM_COLUMNS}
        frame = pl.DataFrame(columns, schema=dict(CLAIM_COLUMNS), strict=False)
    known = pl.DataFrame(
        sorted((classes or {}).items()), schema={"source": pl.String, "known": pl.String}, orient="row"
    )
    frame = frame.with_row_index("row").with_columns(
        pl.coalesce("source", "doc").alias("source"),
        pl.col("partners").fill_null([]),
        pl.col("modality").replace(_MODAL_WORDS).fill_null("actual"),
        pl.col("comparator").fill_null("eq"),
        pl.coalesce("id", pl.format("claim {}", pl.col("row") + 1)).alias("id"),
    )
    frame = frame.join(known, on="source", how="left", maintain_order="left").with_columns(
        pl.coalesce("class", "known", pl.lit("unknown")).alias("class")
    )
    faults = claim_faults(frame)
    if faults:
        raise InputError(faults)
    return frame.select(*CLAIM_COLUMNS)


def claim_faults(claims: pl.DataFrame) -> list[Fault]:
    """Return what is wrong with claims, by claim: each names the claim, the slot, the value and the mend."""
    faults: list[Fault] = []
    no_number = pl.col("value").is_null() & (pl.col("lo").is_null() | pl.col("hi").is_null())
    empty = (pl.col("doc").is_null() | (pl.col("doc") == "")) & (
        pl.col("source").is_null() | (pl.col("source") == "")
    )
    reversed_ = pl.col("lo") > pl.col("hi")
    outside = (pl.col("value") < pl.col("lo") * (1 - 1e-9 * pl.col("lo").sign())) | (
        pl.col("value") > pl.col("hi") * (1 + 1e-9 * pl.col("hi").sign())
    )
    infinite = ~(
        pl.col("value").fill_null(0).is_finite()
        & pl.col("lo").fill_null(0).is_finite()
        & pl.col("hi").fill_null(0).is_finite()
    )
    for test, code, column, why, mend in (
        (empty, "K3001", "doc", "the claim names no document", "name the document or source that says it"),
        (no_number, "K3002", "value", "the claim holds no figure", "give a value, or lo and hi for a range"),
        (infinite, "K3002", "value", "the figure is not finite", "give a finite number"),
        (reversed_, "K3003", "lo", "the lower bound is above the upper one", "exchange lo and hi"),
        (
            outside & ~reversed_,
            "K3003",
            "value",
            "the value lies outside its own bounds",
            "correct the value or the bounds",
        ),
    ):
        bad = claims.filter(test)
        faults += [
            Fault(
                code,
                why,
                mend,
                _place(row),
                None,
                column,
                f"{row['value']} [{row['lo']}..{row['hi']}]" if column != "doc" else row["id"],
            )
            for row in bad.iter_rows(named=True)
        ]
    for column, words, what in _vocabularies():
        allowed = set(words)
        bad = claims.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(sorted(allowed)))
        faults += [
            Fault(
                "K3004",
                f"unknown {what} {row[column]!r}",
                did_you_mean(row[column], allowed, f"a registered {what}"),
                _place(row),
                None,
                column,
                row[column],
            )
            for row in bad.iter_rows(named=True)
        ]
    return faults


def _vocabularies() -> Sequence[tuple[str, Iterable[str], str]]:
    return (
        ("indicator", codes("indicators"), "indicator"),
        ("kind", KINDS, "kind of figure"),
        ("comparator", COMPARATORS, "comparator"),
        ("modality", MODALITIES, "modality"),
    )


def _place(row: Mapping[str, Any]) -> str:
    return str(row["doc"] or row["id"])
