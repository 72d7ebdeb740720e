"""Values of all coalitions, level by level: what no smaller one settles goes to the compiled simplex.

A coalition only narrows what a smaller one leaves, so it starts from the vertex of the worst smaller one. Each
value is certified by its own bounds on both sides; HiGHS solves the rest, which then lend nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from kopir.flow.formulation import Situation
from kopir.flow.outages import HOW
from kopir.flow.simplex.many import ManySituations
from kopir.model.network.network import Floats, Ints, Kind, Network
from kopir.strategy.value.valuation import NOBODY, Shares, Valuation

if TYPE_CHECKING:
    from scipy import sparse

Evaluation = Literal["solved", "simplex", "same_shares", "unused"]

_WAYS: dict[int, Evaluation] = {HOW.index("solved"): "solved", HOW.index("simplex"): "simplex"}
_MANY = 2_000
"""Coalitions with different shares from which the compiled simplex repays its start."""
_MOVED = 1e-9  # Mt; less than this is rounding of the solver


def worth_levels(valuation: Valuation, shares: Floats) -> bool:
    """Return whether coalitions (their ``shares``, coalitions x 2 x assets) are taken level by level.

    Not where using one asset closes another, or a cut is shared pro rata: there each is a programme of its own.
    """
    network = valuation.network
    if len(shares) < _MANY or len(network.triggers) or network.limits.shared.any():
        return False
    return len({share.tobytes() for share in shares}) >= _MANY


def by_levels(
    valuation: Valuation, assets: Ints, shares: Floats, plan: tuple[str, ...]
) -> tuple[Floats, list[Evaluation]]:
    """Return the value under every coalition (million USD a year, by mask) and how it is found.

    ``shares`` (coalitions x 2 x assets) are what coalitions leave of ``assets``, of capacity and of usual use.
    Raises :class:`kopir.core.errors.ModelError` when a coalition leaves no feasible flow.
    """
    levels = _Levels(valuation, assets, shares, plan)
    for size in range(1, len(shares).bit_length()):
        levels.settle(size)
    return levels.value[levels.solve], levels.how


class _Levels:
    """Coalitions settled so far: ``solve`` is the one whose optimum each shares, with its ``value``."""

    def __init__(self, valuation: Valuation, assets: Ints, shares: Floats, plan: tuple[str, ...]) -> None:
        self._valuation, self._assets, self._shares, self._plan = valuation, assets, shares, plan
        self._today = valuation.shares(NOBODY, plan)
        self._many = ManySituations(valuation.formulation, valuation.situation(NOBODY, plan))
        self._users = _users(valuation)[:, assets]
        self._always = _always(valuation.network)[assets]
        count = len(shares)
        self._sizes: Ints = np.bitwise_count(np.arange(count)).astype(np.int64)
        self._record = np.full(count, -1, dtype=np.int32)
        self._used = np.ones((count, len(assets)), dtype=np.bool_)
        self._by_shares = {shares[0].tobytes(): 0}
        usual = valuation.usual(plan)
        self._used[0] = used_assets(valuation.network, usual.total)[assets]
        self.value = np.full(count, np.nan)
        self.value[0] = usual.value
        self.solve = np.full(count, -1)
        self.solve[0] = 0
        self.how: list[Evaluation] = ["solved"] * count

    def settle(self, size: int) -> None:
        """Settle the coalitions of so many players, all smaller ones being settled."""
        level = np.flatnonzero(self._sizes == size)
        first = {mask: self._by_shares.setdefault(self._shares[mask].tobytes(), mask) for mask in level.tolist()}
        own = np.array([mask for mask in level.tolist() if first[mask] == mask], dtype=np.int64)
        self._lend(own)
        lent = self.solve[own] >= 0
        for mask in own[lent].tolist():
            self.how[mask] = "unused"
        self._solve(own[~lent])
        for mask in level.tolist():
            if first[mask] != mask:
                self.solve[mask], self.how[mask] = self.solve[first[mask]], "same_shares"

    def _parents(self, masks: Ints) -> Ints:
        """Return the solves behind the coalitions that lack one player (coalitions x players; -1: no member)."""
        bits = 1 << np.arange(len(self._shares).bit_length() - 1)
        joins = (masks[:, None] & bits) != 0
        parents: Ints = np.where(joins, self.solve[masks[:, None] & ~bits], -1)
        return parents

    def _lend(self, masks: Ints) -> None:
        """Give each coalition the optimum of a smaller one that moves nothing over what is closed further."""
        for parents in self._parents(masks).T:
            open_ones = np.flatnonzero((self.solve[masks] < 0) & (parents >= 0))
            some, lender = masks[open_ones], parents[open_ones]
            changed = (self._shares[some] != self._shares[lender]).any(axis=1)
            free = ~(changed & self._used[lender]).any(axis=1)
            self.solve[some[free]] = lender[free]

    def _solve(self, masks: Ints) -> None:
        """Solve coalitions, each from the vertex of the smaller one worth least."""
        if not len(masks):
            return
        parents = self._parents(masks)
        known = np.where((parents >= 0) & (self._record[parents] >= 0), self.value[parents], np.inf)
        nearest = known.argmin(axis=1)[:, None]
        start = np.take_along_axis(self._record[parents], nearest, axis=1)[:, 0]
        start = np.where(np.isinf(known.min(axis=1)), -1, start).astype(np.int32)
        lent = self._many.lending([self._situation(mask) for mask in masks.tolist()], start)
        self.solve[masks], self.value[masks], self._record[masks] = masks, lent.settled.value, lent.record
        self._used[masks] = (lent.moves[:, : self._users.shape[0]] @ self._users > 0) | self._always
        for mask, way in zip(masks.tolist(), lent.settled.how.tolist(), strict=True):
            self.how[mask] = _WAYS[way]

    def _situation(self, mask: int) -> Situation:
        capacity, use = self._today.capacity.copy(), self._today.use.copy()
        capacity[self._assets], use[self._assets] = self._shares[mask]
        return self._valuation.situation_left(Shares(capacity, use), self._plan)


def used_assets(network: Network, total: Floats) -> NDArray[np.bool_]:
    """Return the assets whose further closure could change an optimum that moves ``total`` (activities; Mt).

    Those that carry something, stores (closing one locks stock away), and assets under a contract whose duty
    is waived by denial: closing these also frees the shipper, so that the narrower programme is no longer
    contained in the wider one.
    """
    moved = np.where(_closable(network), total, 0.0)
    used = _always(network)
    used[network.activities.asset[moved > _MOVED]] = True
    used[network.limits.asset[network.limits.share @ moved > _MOVED]] = True
    return used


def _closable(network: Network) -> NDArray[np.bool_]:
    closable: NDArray[np.bool_] = ~(network.of_kind(Kind.UNMET) | network.of_kind(Kind.SHORTFALL))
    return closable


def _always(network: Network) -> NDArray[np.bool_]:
    always = np.zeros(len(network.assets), dtype=np.bool_)
    always[network.stores.asset] = True
    always[network.needs.asset[network.needs.waived]] = True
    return always


def _users(valuation: Valuation) -> sparse.csc_array:
    """Return which columns of steps use each asset when they move (columns x assets; 1 where they do)."""
    from scipy import sparse  # takes long to load, and few games come here

    network, activity = valuation.network, valuation.formulation.activity
    count = len(network.activities)
    limit, limited, share = network.limits.share.entries
    row = np.concatenate([np.arange(count), limited])
    asset = np.concatenate([network.activities.asset, network.limits.asset[limit]])
    counts = np.concatenate([np.ones(count, dtype=np.bool_), share > 0]) & _closable(network)[row]
    shape = (count, len(network.assets))
    uses = sparse.csr_array((np.ones(int(counts.sum())), (row[counts], asset[counts])), shape=shape)
    return sparse.csc_array(uses[activity])
