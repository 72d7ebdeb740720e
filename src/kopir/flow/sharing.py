"""Following goods through a flow: how much of what is sold has passed what, and what it fetches at the source.

Goods that meet at a node mix: every way out carries the composition of the ways in (the proportional sharing
principle of flow tracing, Bialek 1996, IEE Proc. Gener. Transm. Distrib. 143(4)). The answer needs no list of
paths and is unique where path decompositions are not.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kopir.core.sparse import Sparse
from kopir.model.network.network import Floats, Ints, Kind, Network

_CIRCLE = 1e-12
"""Added to the diagonal where moves go in a circle: what nothing enters is then nothing, and not undetermined."""

_DENSE = 400
"""Places on circles up to which a dense factorisation is quicker than loading SciPy."""

_ORDERS = 128
"""Orders of moves that are kept."""


def surviving_share(network: Network, use: Floats, left: Floats) -> Floats:
    """Return the share of goods at the end of each activity that survived all they passed (activities).

    ``left`` (activities; 0 to 1) is the share that survives each activity: with 0 on the activities of
    interest and 1 elsewhere, one minus the answer is the share that has passed any of them. ``use`` is in
    Mt; activities that are not used have the share of what stands at their beginning.
    """
    survived: Floats = surviving_shares(network, use, left[None, :])[0]
    return survived


def surviving_shares(network: Network, use: Floats, lefts: Floats) -> Floats:
    """Return :func:`surviving_share` for each of ``lefts`` (cases x activities) in one solve."""
    activities, rows, cases = network.activities, network.balances, len(lefts)
    moved = activities.gain * use
    arriving = np.zeros(rows)
    puts = activities.put >= 0
    np.add.at(arriving, activities.put[puts], moved[puts])
    safe = np.where(arriving > 0, arriving, 1.0)
    through = np.flatnonzero(puts & (activities.taken >= 0) & (use > 0))
    entering = np.flatnonzero(puts & (activities.taken < 0) & (use > 0))
    kept = (moved * lefts).T
    known = np.zeros((rows, cases))
    np.add.at(known, activities.put[entering], kept[entering])
    known /= safe[:, None]
    ends = activities.put[through]
    share = passed_on(activities.taken[through], ends, kept[through] / safe[ends, None], known)
    share[arriving <= 0] = 1.0
    before = np.where(activities.taken >= 0, share.T[:, activities.taken], 1.0)
    survived: Floats = np.clip(before * lefts, 0.0, 1.0)
    return survived


def passing(network: Network, use: Floats, left: Floats, owner: str, goods: frozenset[str] | None = None) -> float:
    """Return Mt sold by ``owner`` that did not survive ``left`` (see :func:`surviving_share`).

    Of all commodities unless ``goods`` names some; tonnes of different goods are not to be added.
    """
    return float(passing_each(network, use, left[None, :], owner, goods)[0])


def passing_each(
    network: Network, use: Floats, lefts: Floats, owner: str, goods: frozenset[str] | None = None
) -> Floats:
    """Return :func:`passing` for each of ``lefts`` (cases x activities) in one solve (cases; Mt)."""
    sales = network.of_kind(Kind.SALE) & network.owned_by(owner) & network.carrying(goods)
    lost: Floats = (1.0 - surviving_shares(network, use, lefts))[:, sales] @ use[sales]
    return lost


def spared(
    network: Network, use: Floats, met: NDArray[np.bool_], owner: str, goods: frozenset[str] | None = None
) -> float:
    """Return Mt produced by ``owner`` that meet none of the activities ``met`` on their way to a sale.

    Of all goods, or of those that begin as one of the commodities ``goods``.

    Goods that leave a node go each way in proportion to its use, so that this part of the flow keeps every
    balance by itself: it could move if all that is met were shut.
    """
    activities = network.activities
    takes = (activities.taken >= 0) & (use > 0)
    leaving = np.zeros(network.balances)
    np.add.at(leaving, activities.taken[takes], use[takes])
    safe = np.where(leaving > 0, leaving, 1.0)
    free = takes & ~met
    sold, onward = free & (activities.put < 0), free & (activities.put >= 0)
    ending = np.zeros(network.balances)
    np.add.at(ending, activities.taken[sold], use[sold])
    nodes, ends = activities.taken[onward], activities.put[onward]
    share = passed_on(ends, nodes, use[onward] / safe[nodes], ending / safe)
    supplies = network.of_kind(Kind.SUPPLY) & network.owned_by(owner) & ~met & network.carrying(goods)
    return float((use * share[activities.put])[supplies].sum())


def netback(network: Network, use: Floats, cost: Floats) -> Floats:
    """Return what one unit at each balance row fetches on average after all costs ahead (balances; USD/t).

    ``cost`` (activities; USD/t) counts prices as negative costs. Rows that nothing leaves fetch 0.
    """
    activities = network.activities
    takes = (activities.taken >= 0) & (use > 0)
    leaving = np.zeros(network.balances)
    np.add.at(leaving, activities.taken[takes], use[takes])
    safe = np.where(leaving > 0, leaving, 1.0)
    earned = np.zeros(network.balances)
    np.add.at(earned, activities.taken[takes], -(cost * use)[takes])
    onward = takes & (activities.put >= 0)
    nodes = activities.taken[onward]
    kept = (activities.gain * use)[onward] / safe[nodes]
    return passed_on(activities.put[onward], nodes, kept, earned / safe)


def passed_on(begin: Ints, end: Ints, weight: Floats, known: Floats) -> Floats:
    """Return ``x`` with ``x[end] = known[end] + sum of weight * x[begin]`` over the moves that end there.

    ``known`` is of places, or places x cases; ``begin`` and ``end`` (moves) are places; ``weight`` is of moves, or
    moves x cases. Moves that never come back to a place are followed in their order, in time linear in their
    number; for those on a circle, and after it, the linear system is solved.
    """
    begins, ends = begin.tolist(), end.tolist()
    order = _in_order(begin.astype(np.int64).tobytes(), end.astype(np.int64).tobytes()).tolist()
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


@lru_cache(maxsize=_ORDERS)
def _in_order(begins: bytes, ends: bytes) -> Ints:
    """Return the moves so that all that end at a place come before those that begin there (Kahn 1962, CACM 5(11)).

    Moves on a circle, and those after them, are left out. Places are 64-bit integers; flows of one network take
    few sets of ways, whose order is kept.
    """
    begin, end = (np.frombuffer(places, dtype=np.int64).tolist() for places in (begins, ends))
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
    return np.array(order, dtype=np.int64)


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
