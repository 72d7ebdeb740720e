"""Identities written over fact ids (``identities.csv``): do they hold, and if not, by how much."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kopir.core.folders.folder import Folder
from kopir.core.folders.formulas import FormulaError, evaluate, parse_formula
from kopir.facts.book._book import FactBook
from kopir.facts.claimed._keys import LEVEL_KINDS, rated_unit, unit_scale

SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "identity": pl.String,
    "left": pl.Float64,
    "right": pl.Float64,
    "violation": pl.Float64,
    "tolerance": pl.Float64,
    "held": pl.Boolean,
    "missing": pl.List(pl.String),
    "equation": pl.String,
    "note": pl.String,
}


def check_equations(folder: Folder, book: FactBook) -> pl.DataFrame:
    """Return every identity of a model folder with both sides at reconciled values.

    A fact that the book reconciles (alone or with other claims of its key) has the book's value, any other its
    own. ``violation`` is the difference over the larger side; ``held`` is null where a side has no value.
    """
    values = fact_values(folder, book)
    rows = []
    for row in folder.tables["identities"].typed.iter_rows(named=True):
        sides = [_side(text, values) for text in row["equation"].split("=")]
        left, right = sides[0][0], sides[1][0]
        violation = (
            None if left is None or right is None else abs(left - right) / max(abs(left), abs(right), 1e-300)
        )
        rows.append(
            {
                "identity": row["identity"],
                "left": left,
                "right": right,
                "violation": violation,
                "tolerance": row["tolerance"],
                "held": None if violation is None else violation <= row["tolerance"],
                "missing": sorted({*sides[0][1], *sides[1][1]}),
                "equation": row["equation"],
                "note": row["note"],
            }
        )
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def fact_values(folder: Folder, book: FactBook) -> dict[str, float]:
    """Return the value of every fact of a folder in its own unit, reconciled where the book holds its key."""
    return {fact: value for fact, (value, _, _) in fact_intervals(folder, book).items()}


def fact_intervals(folder: Folder, book: FactBook) -> dict[str, tuple[float, float, float]]:
    """Return value, low and high of every fact of a folder in its own unit, reconciled where the book holds it."""
    held = {}
    for row in folder.tables["facts"].typed.iter_rows(named=True):
        ends = (
            row["low"] if row["low"] is not None else row["value"],
            row["high"] if row["high"] is not None else row["value"],
        )
        held[row["fact"]] = (row["value"], *ends)
    levels = book.facts.filter((pl.col("kind") == "level") & pl.col("value").is_not_null())
    spoken = book.claims.filter(pl.col("kind").is_in(sorted(LEVEL_KINDS)) & (pl.col("verdict") != "not used"))
    both = spoken.select("id", "unit", "rate", "period", "key").join(
        levels.select("key", "value", "low", "high"), on="key"
    )
    for row in both.iter_rows(named=True):
        if row["id"] in held:
            scale, low, high = unit_scale(rated_unit(row)), row["low"], row["high"]
            held[row["id"]] = (
                row["value"] / scale,
                float("-inf") if low is None else low / scale,
                float("inf") if high is None else high / scale,
            )
    return held


def _side(text: str, values: Mapping[str, float]) -> tuple[float | None, list[str]]:
    formula = parse_formula(text)
    missing = [name for name in formula.names if name not in values]
    if missing:
        return None, missing
    try:
        return evaluate(formula, values), []
    except FormulaError:
        return None, []
