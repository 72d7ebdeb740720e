"""Theses: statements that sources make, each bound to a measure over facts and results, with a verdict."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import Folder
from kopir.core.folders.formulas import Formula, FormulaError, evaluate, parse_formula
from kopir.facts.book._book import FactBook
from kopir.facts.book._equations import fact_intervals

_CONDITION = re.compile(r"\s*(>=|<=|>|<)\s*(-?[0-9.]+(?:[eE][+-]?[0-9]+)?)\s*")
_RESULT = re.compile(r"[a-z]+(?::[\w.+-]*\w)+")
"""Id of a result: words parted by colons."""
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


def results_named(folder: Folder) -> list[str]:
    """Return the ids of results that the theses of a folder are measured by, sorted."""
    measures = folder.tables["theses"].cells["measure"].to_list()
    return sorted({name for text in measures for name in _RESULT.findall(text)})


def weigh_theses(
    folder: Folder, book: FactBook, results: Mapping[str, tuple[float, float | None, float | None]] | None = None
) -> Theses:
    """Test the theses of a folder against the fact book and the results of its model.

    ``measure`` is arithmetic over fact ids and ids of ``results`` (value, low, high; a result without interval
    stands as it is, and ``why`` says so), ``supported_if`` a condition such as ``> 0.5``. The verdict is
    ``supported`` where the condition holds over the whole interval of the measure, ``contradicted`` where it
    holds nowhere in it, else ``undetermined``. Raises :class:`InputError` (K3006) for a condition that is none.
    """
    values = fact_intervals(folder, book)
    given = dict(results or {})
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
        measured, why = _measure(row["measure"], values, given)
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
    text: str,
    values: Mapping[str, tuple[float, float, float]],
    results: Mapping[str, tuple[float, float | None, float | None]],
) -> tuple[tuple[float, float, float] | None, str]:
    """Return the measure with its interval, and what it is made of or why there is none."""
    named = list(dict.fromkeys(_RESULT.findall(text)))
    short = {name: f"result_{number}" for number, name in enumerate(named)}
    try:
        formula = parse_formula(_RESULT.sub(lambda found: short[found[0]], text))
    except FormulaError as error:
        return None, f"the measure is no arithmetic over facts and results: {error}"
    facts = [name for name in formula.names if name not in short.values()]
    missing = [name for name in facts if name not in values] + [name for name in named if name not in results]
    if missing:
        return None, f"nothing is held of {', '.join(missing)}"
    points = [name for name in named if None in results[name]]
    known = dict(values)
    for name in named:
        value, low, high = results[name]
        known[short[name]] = (value, value if low is None else low, value if high is None else high)
    told = f"from {', '.join([*facts, *named])}"
    if points:
        told += f"; {', '.join(points)} has no interval and stands as it is"
    try:
        return _interval(formula, known), told
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
