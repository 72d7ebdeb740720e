"""The most that losing assets can take from a flow: what it earns on the paths through them.

A flow is a sum of paths from supplies to sales. Drop every path through what is lost, pay for what is then
missing, and the rest is still possible: the loss is at most what those paths earn. No solve is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kopir.core.sparse import Sparse
from kopir.flow.dead_ends import Flags
from kopir.flow.formulation import Bounds, Formulation
from kopir.model.network.network import Floats, Kind

_NOTHING = 1e-9
"""Mt a year below which a path is not followed; what is left so is counted at the dearest price."""


@dataclass(frozen=True)
class Dropped:
    """Most that losing each asset takes from a flow (assets), and what pairs take twice (assets x assets).

    ``rest`` is what the flow off the paths may be worth; million USD a year.
    """

    alone: Floats
    shared: Floats
    rest: float

    def most(self, more: int) -> Floats:
        """Return the most that each asset with ``more`` others takes (assets)."""
        found = self.alone + self.rest
        if more:
            beside = self.alone[None, :] - self.shared
            np.fill_diagonal(beside, 0.0)
            beside = np.maximum(beside, 0.0)
            part = beside if more >= beside.shape[1] else np.partition(beside, -more, axis=1)[:, -more:]
            found = found + part.sum(axis=1)
        return found


class DroppedPaths:
    """Paths of flows of one formulation of one period; ``own`` (assets x activities) is what each asset stops.

    ``usable`` is false where dropping a path may break a rule that money does not mend: with stores, and duties
    that nothing stands in for.
    """

    def __init__(self, formulation: Formulation, bounds: Bounds, own: Flags) -> None:
        network = self._network = formulation.network
        self._formulation, self._own = formulation, Sparse.of_dense(own.T.astype(np.float64)).scipy()
        activities = network.activities
        instead = network.of_kind(Kind.UNMET) | network.of_kind(Kind.SHORTFALL)
        self._moving = ~instead
        self._penalty = np.zeros(len(activities))
        need, activity, part = network.needs.share.entries
        dearest = np.full(len(activities), -np.inf)
        np.maximum.at(dearest, formulation.activity, formulation.steps.cost)
        room = np.zeros(len(activities))
        np.add.at(room, formulation.activity, bounds.upper[: formulation.step_columns])
        price = np.zeros(len(network.needs.asset))
        spare = np.zeros(len(price))
        stands = instead[activity] & (part > 0)
        np.maximum.at(price, need[stands], dearest[activity[stands]] / part[stands])
        np.add.at(spare, need[stands], room[activity[stands]] * part[stands])
        serves = ~instead[activity]
        np.add.at(self._penalty, activity[serves], part[serves] * price[need[serves]])
        first = network.balances + len(network.limits.asset)
        owed = bounds.row_lower[first : first + len(price)]
        self.usable = bool(
            not len(network.stores.row)
            and (spare >= owed * (1 - 1e-12)).all()
            and (part >= 0).all()
            and (network.limits.share.data >= 0).all()
        )
        self._dearest = float(np.abs(formulation.steps.cost).max(initial=0.0) + self._penalty.max(initial=0.0))
        self._onward: dict[int, list[int]] = {}
        for taking in np.flatnonzero(activities.taken >= 0).tolist():
            self._onward.setdefault(int(activities.taken[taking]), []).append(taking)

    def of(self, columns: Floats) -> Dropped:
        """Return the most that losing assets takes from the flow with these columns."""
        from scipy import sparse  # takes long to load, and few questions come here

        formulation = self._formulation
        moved = columns[: formulation.step_columns]
        count = len(self._network.activities)
        flow = np.bincount(formulation.activity, moved, count)
        paid = np.bincount(formulation.activity, moved * formulation.steps.cost, count)
        unit = np.divide(paid, flow, out=np.zeros(count), where=flow > _NOTHING) - self._penalty
        left = np.where(self._moving, flow, 0.0).tolist()
        supplies = np.flatnonzero(self._moving & (self._network.activities.taken < 0) & (flow > _NOTHING))
        losses, paths = [], []
        for supply in supplies.tolist():
            while left[supply] > _NOTHING:
                path = self._path(supply, left)
                if path is None:
                    break
                places, parts = np.array([one for one, _ in path]), np.array([part for _, part in path])
                losses.append(max(0.0, -float(unit[places] @ parts)))
                paths.append(places)
        lengths = [len(path) for path in paths]
        at = np.repeat(np.arange(len(paths)), lengths), np.concatenate([np.zeros(0, dtype=np.int64), *paths])
        crossed = sparse.csr_array((np.ones(len(at[0])), at), shape=(len(paths), count)) @ self._own
        crossed.data[:] = 1.0
        shared: Floats = (crossed.T @ (sparse.diags_array(np.array(losses)) @ crossed)).toarray()
        # What is left moves on no path: each asset may take all of it.
        return Dropped(shared.diagonal().copy(), shared, float(np.abs(left).sum()) * self._dearest)

    def _path(self, supply: int, left: list[float]) -> list[tuple[int, float]] | None:
        """Take the widest path of a supply off what is ``left``; none where it goes in a circle or ends."""
        activities = self._network.activities
        path, amount, most = [(supply, 1.0)], 1.0, left[supply]
        row, seen = int(activities.put[supply]), set[int]()
        amount *= float(activities.gain[supply])
        while row >= 0:
            onward = max(self._onward.get(row, []), key=left.__getitem__, default=-1)
            if row in seen or onward < 0 or left[onward] <= 0.0:
                return None
            seen.add(row)
            most = min(most, left[onward] / amount)
            path.append((onward, amount))
            amount *= float(activities.gain[onward])
            row = int(activities.put[onward])
        for activity, part in path:
            left[activity] -= most * part
        return [(activity, most * part) for activity, part in path]
