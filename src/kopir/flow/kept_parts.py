"""What of a programme losses can still move: what stands still already never moves again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kopir.flow.dead_ends import Stops
from kopir.flow.formulation import Bounds, Formulation
from kopir.flow.program import LinearProgramme
from kopir.model.network.network import Ints


@dataclass(frozen=True)
class KeptParts:
    """Columns and rows of a programme that can still move, and the place of each row among them (all rows)."""

    columns: Ints
    rows: Ints
    row_places: Ints


def kept_parts(formulation: Formulation, bounds: Bounds, stops: Stops) -> KeptParts:
    """Return what of a programme losses can move: what stands still already never moves again."""
    moving = np.ones(len(bounds.upper), dtype=np.bool_)
    steps = moving[: formulation.step_columns]
    steps[:] = bounds.upper[: formulation.step_columns] > 0
    if stops.activities == len(formulation.network.activities):
        steps &= ~stops.stopped(stops.base[0])[formulation.activity]
    columns = np.flatnonzero(moving)
    entries = formulation.programme(bounds).matrix.at_columns(columns)
    rows = np.bincount(entries.indices, minlength=len(bounds.row_lower)) > 0
    for asset in stops.moved:
        rows[asset.rows] = True
    rows |= (bounds.row_lower > 0) | (bounds.row_upper < 0)
    kept = np.flatnonzero(rows)
    return KeptParts(columns, kept, np.cumsum(rows) - 1)


def part_of(programme: LinearProgramme, kept: KeptParts) -> LinearProgramme:
    """Return the programme of the columns and rows that are kept; the other columns are at 0."""
    return LinearProgramme(
        cost=programme.cost[kept.columns],
        matrix=programme.matrix.at_columns(kept.columns).at_rows(kept.rows),
        row_lower=programme.row_lower[kept.rows],
        row_upper=programme.row_upper[kept.rows],
        lower=programme.lower[kept.columns],
        upper=programme.upper[kept.columns],
        row_name=lambda row: programme.row_name(int(kept.rows[row])),
    )
