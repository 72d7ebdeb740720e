"""Theses: statements that sources make, each bound to a measure over facts, with a verdict."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folder import Folder
from kopir.core.formulas import Formula, FormulaError, evaluate, parse_formula
from kopir.facts._book import FactBook
from kopir.facts._equations import fact_intervals

_CONDITION = re.compile(r"\s*(>=|<=|>|<)\s*(-?[0-9.]+(?:[eE][+-]?[0-9]+)?)\s*")
_CORNERS = 12
"""A measure of more facts than this has no interval: its corners would be too many to visit."""
THESIS_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "thesis": pl.String,
    "text": pl.String,
    "verdict": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "condition": pl.String,
    "measure": pl.String,
    "said_by": pl.List(pl.String),
    "why": pl.String,
}


@dataclass(frozen=True)
class Theses:
    """Every thesis of a model folder with its verdict, in the order of the table."""

    table: pl.DataFrame


def weigh_theses(folder: Folder, book: FactBook) -> Theses:
    """Test the theses of a folder against the fact book.

    ``measure`` is arithmetic over fact ids, ``supported_if`` a condition such as ``> 0.5``. The verdict is
    ``supported`` where the condition holds over the whole interval of the measure, ``contradicted`` where it
    holds nowhere in it, else ``undetermined``. Raises :class:`InputError` (K3006) for a condition that is none.
    """
    values = fact_intervals(folder, book)
    rows, faults = [], []
    for row in folder.tables["theses"].typed.iter_rows(named=True):
        condition = _CONDITION.fullmatch(row["supported_if"])
        if condition is None:
            why = "no condition on a number"
            mend = "write >, >=, < or <= and a number"
            faults.append(
                Fault("K3006", why, mend, "theses.csv", row["line"], "supported_if", row["supported_if"])
            )
            continue
        measured, why = _measure(row["measure"], values)
        verdict = "undetermined" if measured is None else _verdict(condition[1], float(condition[2]), measured)
        value, low, high = measured or (None, None, None)
        rows.append(
            {
                "thesis": row["thesis"],
                "text": row["text"],
                "verdict": verdict,
                "value": value,
                "low": low,
                "high": high,
                "condition": row["supported_if"],
                "measure": row["measure"],
                "said_by": row["said_by"],
                "why": why,
            }
        )
    if faults:
        raise InputError(faults)
    return Theses(pl.DataFrame(rows, schema=dict(THESIS_SCHEMA)))


def _measure(
    text: str, values: Mapping[str, tuple[float, float, float]]
) -> tuple[tuple[float, float, float] | None, str]:
    try:
        formula = parse_formula(text)
    except FormulaError:
        return None, "the measure is no arithmetic over facts; it is answered elsewhere"
    missing = [name for name in formula.names if name not in values]
    if missing:
        return None, f"nothing is held of {', '.join(missing)}"
    try:
        return _interval(formula, values), f"from {', '.join(formula.names)}"
    except FormulaError as error:
        return None, str(error)


def _interval(formula: Formula, values: Mapping[str, tuple[float, float, float]]) -> tuple[float, float, float]:
    """Return the measure at the values and its least and most over the corners of their intervals."""
    value = evaluate(formula, {name: values[name][0] for name in formula.names})
    if len(formula.names) > _CORNERS:
        return value, float("-inf"), float("inf")
    ends = [sorted({values[name][1], values[name][2]}) for name in formula.names]
    corners = [
        evaluate(formula, dict(zip(formula.names, corner, strict=True))) for corner in itertools.product(*ends)
    ]
    return value, min(value, *corners), max(value, *corners)


def _verdict(sign: str, edge: float, measured: tuple[float, float, float]) -> str:
    _, low, high = measured
    worst, best = (low, high) if sign.startswith(">") else (-high, -low)
    edge = edge if sign.startswith(">") else -edge
    strict = len(sign) == 1
    if worst > edge or (worst == edge and not strict):
        return "supported"
    return "contradicted" if best < edge or (best == edge and strict) else "undetermined"
