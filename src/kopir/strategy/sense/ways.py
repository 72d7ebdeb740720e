"""Ways from supplies to markets: what can be reached at all, whatever it costs and however little fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kopir.model.network.clauses import Asset
from kopir.model.network.network import Ints, Kind, Network

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Ways:
    """Which activities of a network can move anything, today or with an option that a model knows."""

    network: Network

    @cached_property
    def open(self) -> Flags:
        """Which activities have room (shape: activities)."""
        network = self.network
        gains = network.gains
        closed = (network.limits.capacity.usable <= 0) & ~(gains.limit > 0).any(axis=0)
        shut = network.limits.share.T @ closed.astype(np.float64) > 0
        empty = (network.activities.amount <= 0) & ~(gains.amount > 0).any(axis=0)
        room: Flags = ~(shut | empty)
        return room

    @cached_property
    def fed(self) -> Flags:
        """Which balances goods of some supply can reach (shape: balances)."""
        return self._spread(self._rows(Kind.SUPPLY, self.network.activities.put), forward=True)

    @cached_property
    def wanted(self) -> Flags:
        """From which balances some market can be reached (shape: balances)."""
        return self._spread(self._rows(Kind.SALE, self.network.activities.taken), forward=False)

    @cached_property
    def used(self) -> frozenset[Asset]:
        """Assets that lie on some way from a supply to a market."""
        activities = self.network.activities
        begun = (activities.taken < 0) | self.fed[activities.taken]
        ended = (activities.put < 0) | self.wanted[activities.put]
        moved = np.isin(activities.kind, (Kind.FLOW, Kind.SUPPLY, Kind.SALE, Kind.CONVERSION))
        return frozenset(
            self.network.assets[index] for index in activities.asset[self.open & begun & ended & moved].tolist()
        )

    def _rows(self, kind: Kind, ends: Ints) -> Iterable[int]:
        rows: list[int] = ends[(self.network.activities.kind == kind) & self.open].tolist()
        return rows

    def _spread(self, rows: Iterable[int], *, forward: bool) -> Flags:
        activities = self.network.activities
        through = (activities.taken >= 0) & (activities.put >= 0) & self.open
        begin, end = activities.taken[through], activities.put[through]
        if not forward:
            begin, end = end, begin
        reached = np.zeros(self.network.balances, dtype=np.bool_)
        reached[list(rows)] = True
        while (fresh := end[reached[begin] & ~reached[end]]).size:
            reached[fresh] = True
        return reached
