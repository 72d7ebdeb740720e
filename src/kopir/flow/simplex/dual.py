"""Many programmes that differ from one in a few bounds: each certified by its own two ends, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

from kopir.core.sparse import Sparse, beside
from kopir.flow.program import Program
from kopir.flow.simplex.arrays import (
    Changes,
    Etas,
    Factor,
    Flags,
    Floats,
    Kept,
    Lists,
    Machine,
    Places,
    Point,
    Programme,
    Task,
    Work,
)
from kopir.flow.simplex.steps import MOST_STEPS, solve_some

Ints = NDArray[np.int64]

_ENTRIES = 200
"""Entries of an exchange for which there is room, on average: beyond that a programme is not certified."""
_RECORDS = 256


@dataclass(frozen=True)
class Batch:
    """Least costs (NaN where not certified), records kept (-1: none), columns that move, and exchanges made.

    ``prices`` are reduced costs (programmes x variables; x 0 unless asked for): with any bounds they bound the
    least cost from below.
    """

    values: Floats
    record: Places
    used: Flags
    steps: Places
    prices: Floats


class DualSimplex:
    """Programmes that differ from a solved one in bounds; values do not depend on what was asked before.

    ``changes`` of :meth:`solve` are bounds of variables: columns of the programme, then one logical a row (see
    :meth:`logicals`). Where the basis of ``solved`` cannot be factorised :class:`RuntimeError` is raised.
    """

    def __init__(self, solved: Program, unused: float = 0.0) -> None:
        programme = solved.programme
        rows, columns = programme.matrix.shape
        standing = np.concatenate(solved.standing())
        basic = np.flatnonzero(standing == 0)
        wide = beside([programme.matrix, Sparse.identity(rows)])
        factor = splu(wide.at_columns(basic).scipy())
        self._row = factor.perm_r.astype(np.int64)
        head = np.empty(rows, dtype=np.int64)
        head[factor.perm_c] = np.where(basic < columns, basic, columns + self._row[np.maximum(basic - columns, 0)])
        old = np.argsort(self._row)
        standing = np.concatenate([standing[:columns], -standing[columns:][old]])
        matrix = programme.matrix.at_rows(old)
        first = Programme(
            _lists(matrix),
            _lists(matrix.T),
            programme.cost,
            np.concatenate([programme.lower, -programme.row_upper[old]]),
            np.concatenate([programme.upper, -programme.row_lower[old]]),
        )
        self._columns, self._unused = columns, unused
        self._machine = _machine(first, _factor(factor.L, factor.U), _point(first, matrix, head, standing, factor))
        self._kept = _room(_RECORDS, 1 << 16)

    def logicals(self, rows: Ints) -> Ints:
        """Return the variables of some rows: each is minus what its row adds up to."""
        logical: Ints = self._columns + self._row[rows]
        return logical

    @property
    def first(self) -> Programme:
        """The programme that was solved first, its rows in the order of the factor."""
        return self._machine.first

    def columns(self, record: int) -> Floats:
        """Return the columns of a vertex that was kept (-1: of the first)."""
        x = self._machine.base.x.copy()
        if record >= 0:
            whole, real = self._kept.start[:, record]
            count = self._kept.whole[whole]
            x[self._kept.whole[whole + 4 : whole + 4 + count]] = self._kept.real[real : real + 2 * count : 2]
        columns: Floats = x[: self._columns]
        return columns

    def solve(
        self, changes: Changes, start: Places | None = None, *, keeping: bool = False, pricing: bool = False
    ) -> Batch:
        """Solve programmes from records kept earlier (``start``; -1 and left out: from the first basis).

        ``keeping`` tells which columns move, and keeps each vertex for others to start from; ``pricing`` tells
        reduced costs.
        """
        many = len(changes.start) - 1
        task = Task(
            changes=changes,
            start=np.full(many, -1, dtype=np.int32) if start is None else start,
            record=np.full(many, -1, dtype=np.int32),
            values=np.full(many, np.nan),
            used=np.zeros((many, self._columns if keeping else 0), dtype=np.bool_),
            unused=self._unused,
            steps=np.zeros(many, dtype=np.int32),
            prices=np.zeros((many, len(self.first.lower) if pricing else 0)),
        )
        done = solve_some(self._machine, task, self._kept, 0)
        while done < many:
            self._kept = _more_room(self._kept)
            task.values[done] = np.nan
            done = solve_some(self._machine, task, self._kept, done)
        task.record[np.isnan(task.values)] = -1
        return Batch(task.values, task.record, task.used, task.steps, task.prices)


def _lists(matrix: Sparse | sparse.csc_array | sparse.csr_array) -> Lists:
    return Lists(matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data.astype(np.float64))


def _factor(low: sparse.csc_array, up: sparse.csc_array) -> Factor:
    below, above = sparse.csc_array(sparse.tril(low, -1)), sparse.csc_array(sparse.triu(up, 1))
    rows = sparse.csr_array(below), sparse.csr_array(above)
    return Factor(_lists(below), _lists(rows[0]), _lists(above), _lists(rows[1]), up.diagonal())


def _point(first: Programme, matrix: Sparse, head: Ints, standing: Ints, factor: SuperLU) -> Point:
    """Return the vertex of the first basis and its prices."""
    rows, columns = matrix.shape
    place = np.full(rows + columns, -1, dtype=np.int32)
    place[head] = np.arange(rows)
    at_high = (standing > 0) & np.isfinite(first.upper) | ~np.isfinite(first.lower)
    x = np.where(place >= 0, 0.0, np.where(at_high, first.upper, first.lower))
    # The factor is of rows and basic variables as they were before both were put in its order.
    back = factor.perm_r, factor.perm_c
    cost: Floats = np.concatenate([first.cost, np.zeros(rows)])
    x[head] = factor.solve(-(matrix @ x[:columns] + x[columns:])[back[0]])[np.argsort(back[1])]
    transposed: Any = factor.solve  # the stubs lack its second argument
    price = transposed(cost[head][back[1]], "T")[np.argsort(back[0])]
    d = cost - np.concatenate([matrix.T @ price, price])
    d[head] = 0.0
    return Point(x, d, head.astype(np.int32), place)


def _machine(first: Programme, factor: Factor, base: Point) -> Machine:
    rows, variables = len(base.head), len(base.x)
    room = MOST_STEPS * min(rows, _ENTRIES)
    entering = Lists(
        np.zeros(MOST_STEPS + 1, dtype=np.int32), np.zeros(room, dtype=np.int32), np.zeros(room, dtype=np.float64)
    )
    return Machine(
        programme=first._replace(lower=first.lower.copy(), upper=first.upper.copy()),
        first=first,
        factor=factor,
        base=base,
        point=Point(base.x.copy(), base.d.copy(), base.head.copy(), base.place.copy()),
        etas=Etas(
            entering, np.zeros(MOST_STEPS, dtype=np.int32), np.zeros(MOST_STEPS), np.zeros(1, dtype=np.int32)
        ),
        work=Work(
            rho=np.zeros(rows),
            column=np.zeros(rows),
            shift=np.zeros(rows),
            alpha=np.zeros(variables),
            touched=np.zeros(variables, dtype=np.int32),
            candidate=np.zeros(variables, dtype=np.int32),
            ratio=np.zeros(variables),
            excess=np.zeros(rows),
        ),
    )


def _room(records: int, entries: int) -> Kept:
    start = np.zeros((2, records + 1), dtype=np.int64)
    return Kept(start, np.zeros(entries, dtype=np.int32), np.zeros(entries), np.zeros(1, dtype=np.int64))


def _more_room(kept: Kept) -> Kept:
    """Return twice the room with the same records."""
    room = _room(2 * kept.start.shape[1], 2 * len(kept.whole))
    room.start[:, : kept.start.shape[1]] = kept.start
    room.whole[: len(kept.whole)] = kept.whole
    room.real[: len(kept.real)] = kept.real
    room.filled[:] = kept.filled
    return room
