"""What each coalition leaves open, as arrays over bit masks: no clause is looked at again for each of 2^n sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kopir.model.network.clauses import Basis
from kopir.model.network.network import Floats, Ints
from kopir.strategy.value.valuation import Valuation


@dataclass(frozen=True)
class _Closing:
    """What one clause leaves of an asset once at least one player of each of ``needed`` (bit masks) denies."""

    basis: Basis
    asset: int
    left: float
    needed: tuple[int, ...]


class Lattice:
    """Shares of assets that coalitions of ``players`` leave, for the assets that any of them can close.

    ``assets`` are these (indices of the network's assets). Players are named as in the clauses of
    ``valuation``; bit ``i`` of a mask says that player ``i`` denies.
    """

    def __init__(self, valuation: Valuation, players: Sequence[str], severity: float, plan: Sequence[str]) -> None:
        closings = list(_closings(valuation, players, severity, frozenset(plan)))
        self.assets: Ints = np.array(sorted({one.asset for one in closings if one.needed}), dtype=np.int64)
        place = {int(asset): index for index, asset in enumerate(self.assets)}
        kept = [one for one in closings if one.asset in place]
        row = [place[one.asset] + len(place) * (one.basis == "flow") for one in kept]
        order = np.argsort(row, kind="stable")  # clauses of one asset multiply in the order of the book
        self._row = np.array(row, dtype=np.int64)[order]
        self._left = np.array([kept[index].left for index in order], dtype=np.float64)
        width = max((len(one.needed) for one in kept), default=0)
        self._needed = np.full((len(kept), width), -1, dtype=np.int64)  # every mask meets -1, except nobody's
        for index, one in enumerate(kept[place] for place in order):
            self._needed[index, : len(one.needed)] = one.needed
        self._always = np.array([not kept[index].needed for index in order], dtype=np.bool_)
        self._unlimited: NDArray[np.bool_] = valuation.network.unlimited[self.assets]

    def shares(self, masks: Ints) -> Floats:
        """Return what each coalition leaves (masks x 2 x assets): of capacity, and of usual use."""
        products = self._products(masks)
        today = self._products(np.zeros(1, dtype=np.int64))[0, 0]
        capacity, use = products[:, 0], products[:, 1]
        further = self._unlimited & (capacity < today)
        with np.errstate(invalid="ignore", divide="ignore"):
            products[:, 1] = np.where(further, use * (capacity / today), use)
        products[:, 0] = np.where(further, today, capacity)
        return products

    def _products(self, masks: Ints) -> Floats:
        products = np.ones((len(masks), 2 * len(self.assets)))
        if len(self._row):
            met = (masks[:, None, None] & self._needed) != 0
            acts = self._always | ((masks[:, None] != 0) & met.all(axis=2))
            starts = np.flatnonzero(np.diff(self._row, prepend=-1))
            products[:, self._row[starts]] = np.multiply.reduceat(np.where(acts, self._left, 1.0), starts, axis=1)
        return products.reshape(len(masks), 2, len(self.assets))


def _closings(
    valuation: Valuation, players: Sequence[str], severity: float, plan: frozenset[str]
) -> Iterator[_Closing]:
    """Yield what closes assets of the network, in the order in which a closure multiplies."""
    book, index = valuation.clauses, valuation.network.asset_index
    bits: dict[str, int] = {}
    for bit, player in enumerate(players):
        for party in book.expand([player]):
            bits[party] = bits.get(party, 0) | 1 << bit
    for clause in book.clauses:
        place = index.get(clause.asset)
        if place is None:
            continue
        if clause.in_force:
            yield _Closing("capacity", place, 1 - clause.effectiveness, ())
        elif clause.parties and clause.parties <= bits.keys():
            needed = tuple(sorted({bits[party] for party in clause.parties}))
            yield _Closing(clause.of, place, 1 - severity * clause.effectiveness, needed)
    for closure in book.closures:
        place = index.get(closure.asset)
        if place is not None and (closure.option in plan) != closure.unless:
            yield _Closing("capacity", place, 1 - closure.effectiveness, ())
