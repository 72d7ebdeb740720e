"""The headline figures of two states of a model side by side: what moved, and by which facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells
from kopir.model.network.capacity import Horizon
from kopir.model.network.goods import columns_of
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.value.flows import optimal_flow
from kopir.strategy.value.setup import Setup

MOVED = 5e-4
"""Relative step from which a headline figure has moved: what three printed figures would show."""
SMALL = 0.05
"""Step below which none has, in Mt a year or million USD."""

_SCHEMA = {"figure": pl.String, "before": pl.Float64, "after": pl.Float64, "step": pl.Float64, "why": pl.String}


@dataclass(frozen=True)
class _Figure:
    value: float
    cells: Cells


def headline_moves(
    before: Setup, after: Setup, roots: Mapping[str, Iterable[str]], horizon: Horizon
) -> pl.DataFrame:
    """Return the headline figures that moved: undisturbed flow, and volume and leverage of each refusal.

    ``figure`` is the id by which ``kopir why`` knows it; values are Mt or million USD a year; ``roots`` tells of
    each fact that moved which given facts moved it. ``why`` names those on which the figure rests by its own
    cells; where none is, it moved by the flows that gave way.
    """
    old, new = _figures(before, horizon), _figures(after, horizon)
    rows = []
    for name in new:
        left, right = old.get(name), new[name]
        start = None if left is None else left.value
        step = right.value - (start or 0.0)
        if start is not None and abs(step) <= max(MOVED * abs(start), SMALL):
            continue
        cells = {*right.cells, *(() if left is None else left.cells)}
        rows.append((name, start, right.value, step, _why(after.model, cells, roots)))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _why(model: Model, cells: Iterable[CellRef], roots: Mapping[str, Iterable[str]]) -> str:
    facts = {one.fact for ref in cells if (one := model.quantities.get(ref)) is not None and one.fact in roots}
    named = sorted({root for fact in facts if fact is not None for root in roots[fact]})
    return ", ".join(named) or "by the flows that gave way"


def _figures(setup: Setup, horizon: Horizon) -> dict[str, _Figure]:
    flow = optimal_flow(setup, span=horizon)
    whole = flow.numbers["flow:value_musd"].cells
    found = {
        **{name: _Figure(value, whole) for name, value in flow.volumes.items()},
        "flow:value_musd": _Figure(flow.value_musd, whole),
    }
    result = leverage(setup, span=horizon)
    columns = (*columns_of(result.goods, "sensitivity", "stranded"), "leverage_musd", "income_musd")
    for row in result.table.iter_rows(named=True):
        for column in columns:
            name = f"leverage:{row['partner']}:{column}"
            if row[column] is not None:
                found[name] = _Figure(row[column], result.numbers[name].cells)
    return found
