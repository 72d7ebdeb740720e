"""What moved between two fact books, and what rests on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kopir.core.folders.folder import Folder
from kopir.core.folders.formulas import parse_formula
from kopir.facts.book._book import FactBook

CHANGES = ("gone", "moved", "narrowed", "new", "same", "widened")
_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {"cell": pl.String, "fact": pl.String}
MOVED = 1e-6
"""Relative change of a value from which a fact has moved."""


@dataclass(frozen=True)
class Difference:
    """Keys whose value, interval or status differs, largest move first.

    ``table`` has ``change`` (``CHANGES`` without ``same``), values and ends before and after, the relative
    ``move`` and the claims behind either side.
    """

    table: pl.DataFrame


def diff(before: FactBook, after: FactBook) -> Difference:
    """Compare two fact books key by key."""
    columns = ("key", "kind", "base", "value", "low", "high", "status", "supporting", "opposing")
    old, new = (
        book.facts.select(columns)
        .with_columns(pl.concat_list("supporting", "opposing").alias("claims"))
        .drop("supporting", "opposing")
        for book in (before, after)
    )
    both = old.join(new, on=["key", "kind", "base"], how="full", coalesce=True, suffix="_after", nulls_equal=True)
    step = pl.col("value_after") - pl.col("value")
    # A zero that stays one has not moved: 0/0 is no share.
    both = both.with_columns(move=pl.when(step == 0).then(0.0).otherwise(step / pl.col("value").abs()))
    narrower = _width("_after") < _width("") * (1 - MOVED)
    wider = _width("_after") > _width("") * (1 + MOVED)
    change = (
        pl.when(pl.col("status").is_null())
        .then(pl.lit("new"))
        .when(pl.col("status_after").is_null())
        .then(pl.lit("gone"))
        .when(pl.col("move").abs() > MOVED)
        .then(pl.lit("moved"))
        .when(narrower)
        .then(pl.lit("narrowed"))
        .when(wider)
        .then(pl.lit("widened"))
        .otherwise(pl.lit("same"))
    )
    table = both.with_columns(change.alias("change")).filter(pl.col("change") != "same")
    return Difference(
        table.sort(
            pl.col("move").abs().fill_nan(None),
            "change",
            "key",
            "kind",
            descending=[True, False, False, False],
            nulls_last=True,
        )
    )


def _width(suffix: str) -> pl.Expr:
    """Return the width of an interval; an open one is wider than any."""
    return (pl.col(f"high{suffix}") - pl.col(f"low{suffix}")).fill_null(float("inf"))


def _derived(folder: Folder, facts: Iterable[str]) -> set[str]:
    """Return ``facts`` and all facts whose formulas lead to them."""
    formulas = {
        row["fact"]: set(parse_formula(row["formula"]).names)
        for row in folder.tables["facts"].records()
        if row["formula"]
    }
    wanted = set(facts)
    while more := {fact for fact, names in formulas.items() if names & wanted} - wanted:
        wanted |= more
    return wanted


def cells_resting_on(folder: Folder, facts: Iterable[str]) -> pl.DataFrame:
    """Return the cells of a model folder, as ``table:line:column``, that rest on one of ``facts``.

    A cell rests on the fact that it names, and on the facts from which that one is derived by formulas.
    """
    wanted = _derived(folder, facts)
    rows = []
    for name, table in sorted(folder.tables.items()):
        if name in {"facts", "sources"}:
            continue
        for row in table.cells.iter_rows(named=True):
            for column in table.present:
                rows += [
                    (f"{name}:{row['line']}:{column}", word)
                    for word in re.findall(r"[A-Za-z][A-Za-z0-9_.-]*", row[column])
                    if word in wanted
                ]
    return pl.DataFrame(rows, schema=dict(_SCHEMA), orient="row")
