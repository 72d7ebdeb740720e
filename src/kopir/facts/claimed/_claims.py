"""The table of claims that reconciliation works on, made from readings, from gold files or from a fact book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.facts.claimed._keys import LEVEL_KINDS, MODALITIES, RATIO_KINDS
from kopir.facts.claimed._wording import COMPARATORS

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
    return [*_figure_faults(claims), *_word_faults(claims)]


def _figure_faults(claims: pl.DataFrame) -> list[Fault]:
    nothing = [pl.col(name).is_null() | (pl.col(name) == "") for name in ("doc", "source")]
    bounded = pl.col("lo").is_not_null() & pl.col("hi").is_not_null()
    slack = 1e-9 * pl.col("value").abs()
    outside = (pl.col("value") < pl.col("lo") - slack) | (pl.col("value") > pl.col("hi") + slack)
    infinite = pl.any_horizontal(~pl.col("value", "lo", "hi").fill_null(0).is_finite())
    faults = []
    for test, code, column, why, mend in (
        (pl.all_horizontal(nothing), "K3001", "doc", "the claim names no document", "name who says it"),
        (
            pl.col("value").is_null() & ~bounded,
            "K3002",
            "value",
            "it holds no figure",
            "give a value, or lo and hi",
        ),
        (infinite, "K3002", "value", "the figure is not finite", "give a finite number"),
        (pl.col("lo") > pl.col("hi"), "K3003", "lo", "the bounds are reversed", "exchange lo and hi"),
        (
            outside & (pl.col("lo") <= pl.col("hi")),
            "K3003",
            "value",
            "it lies outside its bounds",
            "correct either",
        ),
    ):
        for row in claims.filter(test).iter_rows(named=True):
            value = row["id"] if column == "doc" else f"{row['value']} [{row['lo']}..{row['hi']}]"
            faults.append(Fault(code, why, mend, _place(row), None, column, value))
    return faults


def _word_faults(claims: pl.DataFrame) -> list[Fault]:
    faults = []
    for column, words, what in _vocabularies():
        allowed = set(words)
        unknown = pl.col(column).is_not_null() & ~pl.col(column).is_in(sorted(allowed))
        for row in claims.filter(unknown).iter_rows(named=True):
            word = row[column]
            mend = did_you_mean(word, allowed, f"a registered {what}")
            faults.append(Fault("K3004", f"unknown {what} {word!r}", mend, _place(row), None, column, word))
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
