"""Identified intervals: the least and the most that a fact can be while every believed claim holds as worded.

In levels every observation is linear (a share bounds ``x_part − share · x_whole``) and so is every identity, so
the ends of an interval are two linear programmes; each component is one persistent programme of HiGHS, of which
only costs and the rows that hold change.
Claims that cannot all hold are cut down to an irreducible set by deletion (Chinneck and Dravnieks 1991,
*Locating minimal infeasible constraint sets in linear programs*), after an elastic programme that drops most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bmat, csr_matrix, hstack

from kopir.core.errors import Fault, Unreconciled
from kopir.facts.settled._linear import Linear, cheapest
from kopir.facts.settled._system import System

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 1e-10


@dataclass(frozen=True)
class Programme:
    """The linear rows of one component: ``matrix @ x ≤ right`` and ``equal @ x = 0``, ``x ≥ 0``, scaled.

    ``facts`` numbers the columns, ``scale`` is what a column counts one of; ``observation`` says which
    observation each row words (-1: an ordering of two facts).
    """

    facts: Ints
    scale: float
    matrix: csr_matrix
    right: Floats
    observation: Ints
    equal: csr_matrix

    @property
    def observations(self) -> list[int]:
        """Observations that the rows word, in order."""
        return sorted({int(one) for one in self.observation if one >= 0})

    def feasible(self, without: Iterable[int] = ()) -> bool:
        """Tell whether all observations but those named can hold together."""
        return self.solve(np.zeros(self.matrix.shape[1]), without) is not None

    def solve(self, cost: Floats, without: Iterable[int] = ()) -> Floats | None:
        """Return the cheapest point, ``None`` when there is none; unbounded directions come as infinities."""
        return self._linear.solve(cost, ~np.isin(self.observation, list(without)))

    @cached_property
    def _linear(self) -> Linear:
        return Linear(self.matrix, self.right, self.equal, TOLERANCE)

    def interval(self, column: int, without: Iterable[int] = ()) -> tuple[float, float] | None:
        """Return the ends of what one fact can be, in canonical units, ``None`` when nothing can hold."""
        cost = np.zeros(self.matrix.shape[1])
        cost[column] = 1.0
        least, most = self.solve(cost, without), self.solve(-cost, without)
        if least is None or most is None:
            return None
        return float(least[column] * self.scale), float(most[column] * self.scale)


def programme(system: System, facts: Ints, rows: Ints, scale: float) -> Programme:
    """Return the programme of the component with ``facts`` and the observations ``rows``.

    A component in which shares and changes stand without any level is scaled so that its first whole is one.
    """
    seen = system.observations
    column = {int(fact): number for number, fact in enumerate(facts)}
    lines: list[tuple[dict[int, float], float, int]] = []
    for row in rows:
        fact = column[int(seen.fact[row])]
        base = column.get(int(seen.base[row]), -1)
        low, high = float(seen.low[row]), float(seen.high[row])
        if base < 0:
            lines += [({fact: 1.0}, high / scale, int(row)), ({fact: -1.0}, -low / scale, int(row))]
        elif seen.difference[row]:
            lines += [
                ({fact: 1.0, base: -1.0}, high / scale, int(row)),
                ({fact: -1.0, base: 1.0}, -low / scale, int(row)),
            ]
        else:
            lines += [({fact: 1.0, base: -high}, 0.0, int(row)), ({fact: -1.0, base: low}, 0.0, int(row))]
    lines = [line for line in lines if np.isfinite(line[1]) and all(np.isfinite(list(line[0].values())))]
    member = set(column)
    lines += [
        ({column[int(small)]: 1.0, column[int(large)]: -1.0}, 0.0, -1)
        for small, large in zip(system.smaller, system.larger, strict=True)
        if int(small) in member
    ]
    if not np.any((seen.base[rows] < 0) | seen.difference[rows]) and len(rows):
        anchor = column[int(seen.base[rows[0]])]
        lines += [({anchor: 1.0}, 1.0, -1), ({anchor: -1.0}, -1.0, -1)]
    return Programme(
        facts=facts,
        scale=scale,
        matrix=_sparse([line[0] for line in lines], len(facts)),
        right=np.array([line[1] for line in lines]),
        observation=np.array([line[2] for line in lines], dtype=np.int64),
        equal=_sparse(_sum_rows(system, column), len(facts)),
    )


def _sum_rows(system: System, column: dict[int, int]) -> list[dict[int, float]]:
    sums = system.sums
    rows: dict[int, dict[int, float]] = {}
    for row in np.flatnonzero(np.isin(sums.total, list(column))):
        rows[int(row)] = {column[int(sums.total[row])]: -1.0}
    for at in np.flatnonzero(np.isin(sums.row, list(rows))):
        line = rows[int(sums.row[at])]
        place = column[int(sums.part[at])]
        line[place] = line.get(place, 0.0) + 1.0
    return [rows[row] for row in sorted(rows)]


def _sparse(lines: Sequence[dict[int, float]], width: int) -> csr_matrix:
    data = [value for line in lines for value in line.values()]
    row = [number for number, line in enumerate(lines) for _ in line]
    column = [place for line in lines for place in line]
    return csr_matrix((data, (row, column)), shape=(len(lines), width))


def irreducible(problem: Programme, without: Iterable[int] = (), first: Sequence[int] = ()) -> list[int]:
    """Return observations that cannot all hold while any all-but-one of them can; empty when all can.

    ``first`` are tried for deletion first, so that the set keeps what stands later where there is a choice.
    Raises :class:`Unreconciled` when the identities alone cannot hold.
    """
    gone = set(without)
    if problem.feasible(gone):
        return []
    members = [one for one in problem.observations if one not in gone]
    if not problem.feasible(members + list(gone)):
        raise Unreconciled(
            Fault(
                "K3010",
                "the identities contradict each other whatever the claims say",
                "remove or correct one of them",
            )
        )
    order = {one: place for place, one in enumerate(first)}
    members.sort(key=lambda one: (order.get(one, len(order)), one))
    members = _elastic(problem, members, gone)
    for one in list(members):
        rest = [other for other in members if other != one]
        if not problem.feasible(set(problem.observations) - set(rest)):
            members = rest
    return sorted(members)


def _elastic(problem: Programme, members: list[int], gone: set[int]) -> list[int]:
    """Return the members that take part in making the programme infeasible, by the elastic filter.

    Rows that must be stretched to reach feasibility are made rigid one round after the other until the rigid
    rows alone are infeasible; they then hold an irreducible set.
    """
    rigid: list[int] = []
    soft = list(members)
    while soft:
        if rigid and not problem.feasible(gone | (set(problem.observations) - set(rigid) - gone)):
            return [one for one in members if one in set(rigid)]
        stretched = _stretched(problem, rigid, soft)
        if not stretched:
            return members
        rigid += stretched
        soft = [one for one in soft if one not in set(stretched)]
    return members


def _stretched(problem: Programme, rigid: Sequence[int], soft: Sequence[int]) -> list[int]:
    """Return the soft observations with positive slack in the cheapest relaxation."""
    width = problem.matrix.shape[1]
    place = {one: width + number for number, one in enumerate(soft)}
    kept = np.isin(problem.observation, [*rigid, *soft, -1])
    matrix, right, owner = problem.matrix[kept], problem.right[kept], problem.observation[kept]
    size = np.maximum(np.abs(right), 0.01)
    loose = np.flatnonzero(np.isin(owner, list(soft)))
    slack = csr_matrix(
        (-size[loose], (loose, [place[int(owner[row])] - width for row in loose])),
        shape=(matrix.shape[0], len(soft)),
    )
    equal = problem.equal
    point = cheapest(
        np.r_[np.zeros(width), np.ones(len(soft))],
        hstack([matrix, slack], format="csr"),
        right + TOLERANCE,
        hstack([equal, csr_matrix((equal.shape[0], len(soft)))], format="csr"),
        TOLERANCE,
    )
    return [] if point is None else [one for one in soft if point[place[one]] > 1e-9]


def nearest(problem: Programme, point: Floats, spread: Floats, without: Iterable[int] = ()) -> Floats | None:
    """Return the point nearest to ``point`` (in spreads) at which all but ``without`` hold, in canonical units.

    ``point`` and ``spread`` have shape ``(facts,)``; entries that are NaN are free.
    """
    width = len(problem.facts)
    target = point / problem.scale
    tied = np.flatnonzero(np.isfinite(target))
    price = np.zeros(2 * width)
    price[width + tied] = problem.scale / np.maximum(spread[tied], 1e-12 * np.abs(point[tied]) + 1e-300)
    price /= max(price.max(), 1.0)
    kept = ~np.isin(problem.observation, list(without))
    one = csr_matrix((np.ones(len(tied)), (np.arange(len(tied)), tied)), shape=(len(tied), width))
    blocks: list[list[Any]] = [[one, -one], [-one, -one]]
    right = np.r_[target[tied], -target[tied]]
    if kept.any():
        blocks.insert(0, [problem.matrix[kept], None])
        right = np.r_[problem.right[kept] + TOLERANCE, right]
    equal = problem.equal
    twice = hstack([equal, csr_matrix((equal.shape[0], width))], format="csr")
    found = cheapest(price, csr_matrix(bmat(blocks)), right, twice, TOLERANCE)
    return None if found is None else found[:width] * problem.scale
