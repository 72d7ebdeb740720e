"""Apportionment: carriers that must cut a shared asset cut its shippers in proportion to what they usually move.

The programme moves goods by commodity and owner and does not know from which field a tonne came; left to itself
it cuts the dearest field first (*merit*). To cut *pro rata*, the goods of each *origin* (a supply, or a store that
is drawn on) are followed beside it: what an origin moves on the assets adds up to the flow, keeps the balances of
that origin, and on each limit that is cut stays within the same share of what the origin usually moves there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kopir.core.sparse import Sparse, below, beside
from kopir.flow.formulation import Bounds, Formulation, Situation
from kopir.flow.program import LinearProgramme
from kopir.flow.sharing import passed_on
from kopir.model.network.network import Floats, Ints, Kind, Network

_HAIR = 1e-12
"""By which shares add up to less than a limit lets through: where both bind, the optimum would be tied."""

_SEEN = 1e-9
"""Mt a year below which an origin has no part in a limit."""


def supplies_of(network: Network) -> Ints:
    """Return the activities that are origins (origins), in the order of the columns of :func:`shipped`."""
    return np.flatnonzero(network.of_kind(Kind.SUPPLY))


def shipped(network: Network, use: Floats) -> Floats:
    """Return how much of each limit each supply takes (limits x supplies; Mt/yr).

    ``use`` (activities; Mt/yr) is a flow; goods that meet at a node mix (proportional sharing, Bialek 1996).
    """
    activities, origins = network.activities, supplies_of(network)
    moved = activities.gain * use
    puts = activities.put >= 0
    arriving = np.zeros(network.balances)
    np.add.at(arriving, activities.put[puts], moved[puts])
    safe = np.where(arriving > 0, arriving, 1.0)
    through = puts & (activities.taken >= 0) & (use > 0)
    ends = activities.put[through]
    kept = moved[through] / safe[ends]
    entering = np.zeros((network.balances, len(origins)))
    at = activities.put[origins]
    entering[at, np.arange(len(origins))] = moved[origins] / safe[at]
    mix = passed_on(activities.taken[through], ends, kept, entering) / (1 + _HAIR)
    parts = np.where((activities.taken >= 0)[:, None], mix[activities.taken], 0.0)
    parts[origins, np.arange(len(origins))] = 1.0
    taken: Floats = network.limits.share @ (use[:, None] * parts)
    return taken


def apportions(network: Network, situation: Situation) -> bool:
    """Return whether a limit that is cut has to be shared pro rata."""
    return bool(np.isfinite(shares_left(network, situation)).any())


def shares_left(network: Network, situation: Situation) -> Floats:
    """Return the most that each origin may take of each limit (limits x origins; Mt/yr), infinite where all."""
    refused = situation.refused
    if refused is None or refused.shipped is None or not network.limits.shared.any():
        return np.full((len(network.limits.asset), 0), np.inf)
    load = network.limits.share @ refused.usual
    allowed = network.limits.within(situation.allowed(network))
    cut = network.limits.shared & (allowed > 0) & (allowed < load * (1 - 1e-9)) & (load > _SEEN)
    cut &= (refused.shipped > _SEEN).sum(axis=1) > 1
    share = np.divide(allowed, load, out=np.ones_like(load), where=cut)
    left: Floats = np.where(cut[:, None], refused.shipped * share[:, None], np.inf)
    return left


@dataclass(frozen=True)
class Following:
    """A formulation of one period with the goods of each origin beside its flow.

    Columns of the formulation come first, then what each origin moves on each activity that takes goods up,
    then what it puts into each store, each origin after the other.
    """

    formulation: Formulation

    @property
    def network(self) -> Network:
        """The network whose goods are followed."""
        return self.formulation.network

    def bounds(self, situation: Situation, left: Floats | None = None) -> Bounds:
        """Return the bounds of :meth:`programme` in a situation: those of the formulation, shares of origins.

        ``left`` is what :func:`shares_left` says of the situation, where that is known already.
        """
        base = self.formulation.bounds(situation)
        more = self._matrix.shape[1] - len(base.lower)
        equal, left = np.zeros(self._equalities), self.limits(situation, left)
        return Bounds(
            row_lower=np.concatenate([base.row_lower, equal, np.full(len(left), -np.inf)]),
            row_upper=np.concatenate([base.row_upper, equal, left]),
            lower=np.concatenate([base.lower, np.zeros(more)]),
            upper=np.concatenate([base.upper, np.full(more, np.inf)]),
        )

    def programme(self, bounds: Bounds) -> LinearProgramme:
        """Return the programme within :meth:`bounds`."""
        base = self.formulation.programme(bounds)
        more = self._matrix.shape[1] - base.matrix.shape[1]
        whole = below([beside([base.matrix, Sparse.nothing((base.matrix.shape[0], more))]), self._matrix])
        return replace(
            base,
            cost=np.concatenate([base.cost, np.zeros(more)]),
            matrix=whole,
            row_name=self._row_name,
        )

    def limits(self, situation: Situation, left: Floats | None = None) -> Floats:
        """Return the most of each shared limit for each supply (Mt), limit after limit."""
        known = shares_left(self.network, situation) if left is None else left
        period: float = self.formulation.lengths[0]
        most: Floats = known[self.network.limits.shared].ravel() * period
        return most

    def _row_name(self, row: int) -> str:
        before = self.formulation.row_count
        return self.formulation.row_name(row) if row < before else "the shares of shippers in what is cut"

    @cached_property
    def _followed(self) -> Ints:
        """Activities that take goods up."""
        return np.flatnonzero(self.network.activities.taken >= 0)

    @property
    def _origins(self) -> int:
        return len(supplies_of(self.network)) + len(self.network.stores.row)

    @property
    def _equalities(self) -> int:
        return len(self._followed) + len(self.network.stores.row) + self._origins * self.network.balances

    @cached_property
    def _matrix(self) -> Sparse:
        """Rows beyond those of the formulation: sums over origins, balances of origins, shares of limits."""
        entries = list(self._sums()) + list(self._balances()) + list(self._shares())
        rows, columns, values = (
            np.concatenate([np.broadcast_to(entry[part], entry[0].shape).ravel() for entry in entries])
            for part in range(3)
        )
        height = self._equalities + int(self.network.limits.shared.sum()) * len(supplies_of(self.network))
        width = self._first + self._origins * self._width
        return Sparse.of(rows, columns, values, (height, width))

    @property
    def _first(self) -> int:
        return self.formulation.step_columns + 4 * len(self.network.stores.row)

    @property
    def _width(self) -> int:
        return len(self._followed) + len(self.network.stores.row)

    def _steps_of(self, activities: Ints) -> tuple[Ints, Ints]:
        """Return the step columns of ``activities`` and the place of each column's activity among them."""
        place = np.full(len(self.network.activities), -1, dtype=np.int64)
        place[activities] = np.arange(len(activities))
        columns = np.flatnonzero(place[self.formulation.activity] >= 0)
        return columns, place[self.formulation.activity[columns]]

    def _sums(self) -> Iterator[tuple[Ints, Ints, Floats]]:
        """Yield: what the origins move together is the flow, and what they put into a store goes in."""
        stores = np.arange(len(self.network.stores.row))
        columns, place = self._steps_of(self._followed)
        yield place, columns, np.full(len(place), -1.0)
        yield len(self._followed) + stores, self.formulation.step_columns + stores, np.full(len(stores), -1.0)
        rows = np.arange(self._width)[None, :]
        columns = self._first + np.arange(self._origins)[:, None] * self._width + rows
        yield np.broadcast_to(rows, columns.shape), columns, np.ones(1)

    def _balances(self) -> Iterator[tuple[Ints, Ints, Floats]]:
        """Yield: at every node what comes of an origin, or begins there, goes on."""
        network, followed = self.network, self._followed
        taken, put, gain = (getattr(network.activities, part)[followed] for part in ("taken", "put", "gain"))
        onward = np.flatnonzero(put >= 0)
        stores = np.arange(len(network.stores.row))
        supplies = supplies_of(network)
        origins = np.arange(self._origins)[:, None]
        row = self._width + origins * network.balances
        column = self._first + origins * self._width
        yield row + taken, column + np.arange(len(followed)), np.full(1, -1.0)
        yield row + put[onward], column + onward, gain[onward]
        yield row + network.stores.row, column + len(followed) + stores, np.full(1, -1.0)
        begun, origin = self._steps_of(supplies)
        yield row[origin, 0] + network.activities.put[supplies[origin]], begun, np.ones(1)
        drawn = self.formulation.step_columns + len(stores) + stores
        yield row[len(supplies) :, 0] + network.stores.row, drawn, np.ones(1)

    def _shares(self) -> Iterator[tuple[Ints, Ints, Floats]]:
        """Yield: what a supply takes of a shared limit."""
        network, supplies = self.network, supplies_of(self.network)
        limit, activity, taken = network.limits.share.at_rows(np.flatnonzero(network.limits.shared)).entries
        place = np.full(len(network.activities), -1, dtype=np.int64)
        place[self._followed] = np.arange(len(self._followed))
        moves = place[activity] >= 0
        origins = np.arange(len(supplies))[:, None]
        rows = self._equalities + limit * len(supplies) + origins
        columns = self._first + origins * self._width + place[activity]
        yield rows[:, moves], columns[:, moves], taken[moves]
        for origin, supply in enumerate(supplies):
            for own in np.flatnonzero(activity == supply):
                begun, _ = self._steps_of(supplies[origin : origin + 1])
                yield np.full(len(begun), rows[origin, own]), begun, np.full(len(begun), taken[own])
