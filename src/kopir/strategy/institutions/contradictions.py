"""Contradictions of a system of rows over yes-and-no variables: every smallest set that cannot hold together.

Rows are ``sum(weight * variable) <= bound`` over variables that are 0 or 1: implications, exclusions,
at-least and at-most so many, and budgets are all of this form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kopir.core.errors import Fault, LimitReached
from kopir.core.sparse import Sparse
from kopir.flow.program import LinearProgramme, Program

MOST_SETS = 2_000
"""Sets enumerated before giving up; their number can grow exponentially with the rows."""

_ROUNDING = 1e-9

_Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class LogicRow:
    """``sum(weights[x] * x) <= bound`` over 0/1 variables x, under a ``name`` of its own."""

    name: str
    weights: Mapping[str, float]
    bound: float


@dataclass(frozen=True)
class Contradictions:
    """What is wrong with a system, as names of rows.

    ``cores`` are the minimal infeasible sets: the rows of one cannot all hold, and all but any one of them can.
    ``corrections`` are the minimal sets of rows without which the rest can hold; every correction meets every
    core. Both are sorted by size, then by name; a feasible system has no core, and nothing as its correction.
    """

    cores: tuple[tuple[str, ...], ...]
    corrections: tuple[tuple[str, ...], ...]


def find_contradictions(rows: Sequence[LogicRow]) -> Contradictions:
    """Return all minimal infeasible sets of ``rows`` and all minimal corrections.

    MARCO (Liffiton, Previti, Malik and Marques-Silva 2016, Fast, flexible MUS enumeration, Constraints 21(2),
    223-250) with maximal seeds: the largest set of rows not yet known to be feasible or not is sought as a 0/1
    programme; a feasible one is maximal, so that its complement is a correction, an infeasible one is shrunk
    row by row to a core. Raises :class:`LimitReached` after ``MOST_SETS`` sets.
    """
    if _hold_together(rows):
        return Contradictions((), ((),))
    system = _System(rows)
    if system.is_feasible(np.ones(len(rows), dtype=np.bool_)):
        return Contradictions((), ((),))
    cores: list[_Chosen] = []
    corrections: list[_Chosen] = []
    while (seed := _largest_unknown(len(rows), cores, corrections)) is not None:
        if len(cores) + len(corrections) == MOST_SETS:
            mend = "ask about fewer options and institutions at once"
            raise LimitReached(Fault("K0403", f"more than {MOST_SETS:,} sets of clauses to list", mend))
        if system.is_feasible(seed):
            corrections.append(~seed)
        else:
            cores.append(_shrunk(system, seed))
    names = [row.name for row in rows]
    return Contradictions(_sorted(names, cores), _sorted(names, corrections))


def _hold_together(rows: Sequence[LogicRow]) -> bool:
    """Return whether rows hold where only what a row of its own demands is 1: a witness that spares the search."""
    taken = {name for row in rows if len(row.weights) == 1 and row.bound < 0 for name in row.weights}
    return all(
        sum(weight for name, weight in row.weights.items() if name in taken) <= row.bound + 1e-9 for row in rows
    )


def independent(rows: Iterable[LogicRow]) -> Iterator[tuple[LogicRow, ...]]:
    """Yield the groups of rows that share no variable with one another, in the order of their first rows.

    What contradicts in one group has nothing to do with another, so that each is asked on its own.
    """
    groups: list[tuple[set[str], list[tuple[int, LogicRow]]]] = []
    for place, row in enumerate(rows):
        names, joined = set(row.weights), [(place, row)]
        for group in [group for group in groups if group[0] & names]:
            groups.remove(group)
            names |= group[0]
            joined += group[1]
        groups.append((names, joined))
    for _, group_rows in sorted(groups, key=lambda group: min(place for place, _ in group[1])):
        yield tuple(row for _, row in sorted(group_rows, key=lambda placed: placed[0]))


class _System:
    """The rows as one 0/1 programme without objective, of which some rows are switched off."""

    def __init__(self, rows: Sequence[LogicRow]) -> None:
        variables = sorted({name for row in rows for name in row.weights})
        index = {name: column for column, name in enumerate(variables)}
        matrix = np.zeros((len(rows), len(variables)))
        for number, row in enumerate(rows):
            for name, weight in row.weights.items():
                matrix[number, index[name]] = weight
        self._matrix = matrix
        self._bound = np.array([row.bound for row in rows], dtype=np.float64)

    def is_feasible(self, chosen: _Chosen) -> bool:
        settled = _settled(self._matrix[chosen], self._bound[chosen])
        if settled is not None:
            return settled
        upper = np.where(chosen, self._bound, np.inf)
        rows = np.arange(len(upper), dtype=np.int32)
        self._program.set_row_bounds(rows, np.full(len(upper), -np.inf), upper)
        return self._program.is_feasible()

    @cached_property
    def _program(self) -> Program:
        return _zero_one(np.zeros(self._matrix.shape[1]), self._matrix, self._bound)


def _settled(matrix: NDArray[np.float64], bound: NDArray[np.float64]) -> bool | None:
    """Return whether rows ``matrix @ x <= bound`` can hold, ``None`` where what they force does not tell.

    Each row fixes the variables that it leaves no choice; when nothing more is fixed, everything still free is
    tried as 0, then as 1. Implications and exclusions alone are always told.
    """
    low, high = np.zeros(matrix.shape[1]), np.ones(matrix.shape[1])
    up, down = np.maximum(matrix, 0.0), np.minimum(matrix, 0.0)
    while True:
        room = bound - up @ low - down @ high + _ROUNDING
        if (room < 0).any():
            return False
        barred = (up * (1 - low) > room[:, None]).any(axis=0)
        forced = (-down * high > room[:, None]).any(axis=0)
        fixed = np.where(barred, 0.0, high), np.where(forced, 1.0, low)
        if (fixed[0] == high).all() and (fixed[1] == low).all():
            break
        high, low = fixed
        if (low > high).any():
            return False
    for point in (low, high):
        if (matrix @ point <= bound + _ROUNDING).all():
            return True
    return None


def _largest_unknown(count: int, cores: Sequence[_Chosen], corrections: Sequence[_Chosen]) -> _Chosen | None:
    """Return the largest set that contains no core and meets every correction, or ``None``."""
    matrix = np.array([*cores, *(-1.0 * one for one in corrections)], dtype=np.float64).reshape(-1, count)
    bound = np.array([*(one.sum() - 1.0 for one in cores), *(-1.0 for _ in corrections)])
    program = _zero_one(-np.ones(count), matrix, bound)
    if not program.is_feasible():
        return None
    chosen: _Chosen = program.solve().columns > 0.5
    return chosen


def _shrunk(system: _System, infeasible: _Chosen) -> _Chosen:
    """Return a minimal infeasible subset: each row whose absence leaves the rest infeasible is dropped."""
    core = infeasible.copy()
    for row in np.flatnonzero(infeasible):
        core[row] = False
        if system.is_feasible(core):
            core[row] = True
    return core


def _zero_one(cost: NDArray[np.float64], matrix: NDArray[np.float64], bound: NDArray[np.float64]) -> Program:
    columns = len(cost)
    return Program(
        LinearProgramme(
            cost=cost,
            matrix=Sparse.of_dense(matrix),
            row_lower=np.full(len(bound), -np.inf),
            row_upper=bound,
            lower=np.zeros(columns),
            upper=np.ones(columns),
            integral=np.ones(columns, dtype=np.bool_),
        )
    )


def _sorted(names: Sequence[str], sets: Iterable[_Chosen]) -> tuple[tuple[str, ...], ...]:
    told = [tuple(sorted(name for name, held in zip(names, one, strict=True) if held)) for one in sets]
    return tuple(sorted(told, key=lambda one: (len(one), one)))
