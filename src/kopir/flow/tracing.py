"""What a flow passes on from place to place: one pass in its own order, where it does not go in a circle."""

from __future__ import annotations

import numpy as np

from kopir.core.sparse import Sparse
from kopir.model.network.network import Floats, Ints

_CIRCLE = 1e-12
"""Added to the diagonal where moves go in a circle: what nothing enters is then nothing, and not undetermined."""

_DENSE = 400
"""Places on circles up to which a dense factorisation is quicker than loading SciPy."""


def passed_on(begin: Ints, end: Ints, weight: Floats, known: Floats) -> Floats:
    """Return ``x`` with ``x[end] = known[end] + sum of weight * x[begin]`` over the moves that end there.

    ``known`` is of places, or places x cases; ``begin`` and ``end`` (moves) are places; ``weight`` is of moves, or
    moves x cases. Moves that never come back to a place are followed in their order, in time linear in their
    number; for those on a circle, and after it, the linear system is solved.
    """
    begins, ends = begin.tolist(), end.tolist()
    order = _in_order(begins, ends)
    if known.ndim == 1:
        amounts, weights = known.tolist(), weight.tolist()
        for move in order:
            amounts[ends[move]] += weights[move] * amounts[begins[move]]
        found = np.array(amounts, dtype=np.float64)
    else:
        found = known.copy()
        for move in order:
            found[ends[move]] += weight[move] * found[begins[move]]
    if len(order) < len(begins):
        rest = np.ones(len(begins), dtype=np.bool_)
        rest[order] = False
        found = _solved(begin[rest], end[rest], weight[rest], found)
    return found


def _in_order(begin: list[int], end: list[int]) -> list[int]:
    """Return the moves so that all that end at a place come before those that begin there (Kahn 1962, CACM 5(11)).

    Moves on a circle, and those after them, are left out.
    """
    onward: dict[int, list[int]] = {}
    waiting: dict[int, int] = {}
    for move, (first, last) in enumerate(zip(begin, end, strict=True)):
        onward.setdefault(first, []).append(move)
        waiting[last] = waiting.get(last, 0) + 1
    ready = [place for place in onward if place not in waiting]
    order: list[int] = []
    while ready:
        for move in onward.get(ready.pop(), ()):
            order.append(move)
            place = end[move]
            waiting[place] -= 1
            if not waiting[place]:
                ready.append(place)
    return order


def _solved(begin: Ints, end: Ints, weight: Floats, known: Floats) -> Floats:
    """Return what the moves pass on, by solving the linear system of the places that they touch."""
    touched, places = np.unique(np.concatenate([begin, end]), return_inverse=True)
    first, last = places[: len(begin)], places[len(begin) :]
    count = len(touched)
    columns = known.reshape(len(known), -1).copy()
    weights = np.broadcast_to(weight.reshape(len(begin), -1), (len(begin), columns.shape[1]))
    every = np.arange(count)
    rows, through = np.concatenate([every, last]), np.concatenate([every, first])
    for case in range(columns.shape[1]):
        values = np.concatenate([np.full(count, 1 + _CIRCLE), -weights[:, case]])
        system = Sparse.of(rows, through, values, (count, count))
        columns[touched, case] = _solution(system, columns[touched, case])
    return columns.reshape(known.shape)


def _solution(system: Sparse, right: Floats) -> Floats:
    if len(right) <= _DENSE:
        return np.asarray(np.linalg.solve(system.toarray(), right), dtype=np.float64)
    from scipy.sparse.linalg import spsolve  # takes a quarter of a second to load, and few flows come here

    return np.asarray(spsolve(system.scipy(), right), dtype=np.float64)
