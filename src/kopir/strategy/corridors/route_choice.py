"""Choice of route by a nested logit within capacities.

Shippers choose a nest, a route of it and a variant of the route by generalised cost; each level is a logit, the
lower the sharper. Where an asset is full, a price on it clears the market: the stochastic user equilibrium with
side constraints (Bell 1995, *Transportation Research B* 29(2), 115-125), whose prices are the multipliers of

    minimise  cap @ u - demand * S(g + A'u)  over  u >= 0,

S being the expected least cost of the nested logit (Williams 1977, *Environment and Planning A* 9, 285-344), whose
gradient is the vector of shares; solved row by row, then by Newton steps on the rows that bind. Constants of
routes that make recorded volumes an equilibrium are multipliers of the same programme with an equation for each
record, and free in sign.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kopir.core.errors import Fault, ModelError
from kopir.model.network.network import Floats, Ints

TOLERANCE = 1e-10
"""Share of demand by which a volume may miss its limit or record."""

_SWEEPS = 100
_STEPS = 50
_BEYOND = 1e9

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """A market of shippers.

    ``cost`` (alternatives; USD/unit) is the generalised cost; ``route`` (alternatives) the route of each and
    ``nest`` (routes) the nest of each route, as indices; ``scales`` are the scales (unit/USD) between nests,
    between routes of a nest and between variants of a route, none sharper than the next. ``demand`` is in units
    a year. ``taken`` (limits x alternatives) is 1 where an alternative passes a limit of ``capacity`` (limits).
    """

    cost: Floats
    route: Ints
    nest: Ints
    scales: tuple[float, float, float]
    demand: float
    taken: Floats
    capacity: Floats

    def expected(self, cost: Floats) -> tuple[float, Floats, Floats]:
        """Return the expected least cost, the shares (alternatives), and their derivatives by ``cost``."""
        wide, middle, sharp = self.scales
        in_route, of_route = _level(cost, self.route, sharp)
        in_nest, of_nest = _level(of_route, self.nest, middle)
        among, (least,) = _level(of_nest, np.zeros(len(of_nest), dtype=np.int64), wide)
        nest = self.nest[self.route]
        share = in_route * in_nest[self.route] * among[nest]
        same_route = (self.route[:, None] == self.route[None, :]) * in_route[None, :]
        same_nest = (nest[:, None] == nest[None, :]) * (in_route * in_nest[self.route])[None, :]
        slope = sharp * (np.eye(len(cost)) - same_route)
        slope += middle * (same_route - same_nest) + wide * (same_nest - share[None, :])
        return float(least), share, -share[:, None] * slope


@dataclass(frozen=True)
class Equilibrium:
    """Volumes (alternatives; units a year), prices on limits (limits; USD/unit) and the worth of it all.

    ``cost`` is the least value of generalised cost less the worth of variety, in USD a year; differences of it
    are losses of shippers and owners of full assets together.
    """

    volume: Floats
    price: Floats
    cost: float


def solve(choice: Choice) -> Equilibrium:
    """Return the equilibrium within capacities.

    Raises :class:`kopir.core.errors.ModelError` when the limits leave no room for the demand.
    """
    price = _prices(choice, choice.taken, choice.capacity, np.zeros(len(choice.capacity), dtype=np.bool_))
    least, share, _ = choice.expected(choice.cost + choice.taken.T @ price)
    return Equilibrium(choice.demand * share, price, choice.demand * least - float(choice.capacity @ price))


def constants(choice: Choice, recorded: Floats) -> Floats:
    """Return what to add to the cost of each route (routes; USD/unit) so that ``recorded`` volumes result.

    ``recorded`` (routes) is NaN where there is no record; such a route gets 0. Raises
    :class:`kopir.core.errors.ModelError` when the limits do not let the record pass.
    """
    known = np.flatnonzero(np.isfinite(recorded))
    belongs = (choice.route[None, :] == known[:, None]).astype(np.float64)
    fixed = np.concatenate([np.zeros(len(choice.capacity), np.bool_), np.ones(len(known), np.bool_)])
    rows = np.vstack([choice.taken, belongs])
    price = _prices(choice, rows, np.concatenate([choice.capacity, recorded[known]]), fixed)
    added = np.zeros(len(choice.nest))
    added[known] = price[len(choice.capacity) :]
    return added


def with_constants(choice: Choice, added: Floats) -> Choice:
    """Return ``choice`` with ``added`` (routes; USD/unit) in the cost of every variant of each route."""
    return replace(choice, cost=choice.cost + added[choice.route])


def _level(cost: Floats, group: Ints, scale: float) -> tuple[Floats, Floats]:
    """Return the shares within groups (shape of ``cost``) and the expected least cost of each group."""
    best = np.full(int(group.max()) + 1, np.inf)
    np.minimum.at(best, group, cost)
    weight = np.exp(-scale * (cost - best[group]))
    total = np.zeros(len(best))
    np.add.at(total, group, weight)
    return weight / total[group], best - np.log(total) / scale


def _prices(choice: Choice, rows: Floats, limit: Floats, fixed: Bools) -> Floats:
    """Return the multipliers of ``rows @ volume <= limit``, with equality where ``fixed``."""
    for kept in (np.ones(len(limit), np.bool_), fixed | _narrowest(rows, limit)):
        found = _cleared(_Dual(choice, rows[kept], limit[kept] / choice.demand, fixed[kept]))
        if found is not None:
            price = np.zeros(len(limit))
            price[kept] = found
            return price
    why = "no prices clear the limits of the corridors"
    mend = "check capacities and recorded volumes: together they leave no room for the demand"
    raise ModelError(Fault("K0401", why, mend))


def _cleared(dual: _Dual) -> Floats | None:
    """Return the prices that clear every row, ``None`` where the search finds none."""
    price = np.zeros(len(dual.limit))
    for _ in range(_SWEEPS):
        for row in range(len(dual.limit)):
            price = dual.cleared(price, row)
        price = dual.polished(price)
        if dual.error(price) <= TOLERANCE:
            return price
    return None


def _narrowest(rows: Floats, limit: Floats) -> Bools:
    """Return which limits can bind: of those that take the same, in the same proportions, only the narrowest.

    The price of two of them is one price; where they are close to each other, a search one by one does not end.
    """
    most = rows.max(axis=1, initial=0.0)
    kept = most > 0
    seen: dict[bytes, int] = {}
    for row in np.flatnonzero(kept):
        key = (rows[row] / most[row]).tobytes()
        first = seen.setdefault(key, int(row))
        if first != row:
            wider = row if limit[row] / most[row] >= limit[first] / most[first] else first
            seen[key] = int(first if wider == row else row)
            kept[wider] = False
    narrow: Bools = kept
    return narrow


@dataclass(frozen=True)
class _Dual:
    """The programme of the multipliers, per unit of demand."""

    choice: Choice
    rows: Floats
    limit: Floats
    fixed: Bools

    def slack(self, price: Floats) -> Floats:
        """Return what each row leaves of its limit: the gradient of the programme."""
        return self.limit - self.rows @ self._choose(price)[1]

    def error(self, price: Floats) -> float:
        """Return the largest breach of a row, or slack under a price."""
        slack = self.slack(price)
        return float(np.abs(np.where(self.fixed | (price > 0), slack, np.minimum(slack, 0.0))).max(initial=0.0))

    def cleared(self, price: Floats, row: int) -> Floats:
        """Return the prices with that of ``row`` at which it clears, the others as they are."""

        def left(at: float) -> float:
            there = price.copy()
            there[row] = at
            return float(self.slack(there)[row])

        found = price.copy()
        begin = price[row] if self.fixed[row] else 0.0
        slack = left(begin)
        if slack < 0 or (self.fixed[row] and slack > 0):
            reach = math.copysign(1 / self.choice.scales[2], -slack)
            while left(begin + reach) * slack > 0 and abs(reach) < _BEYOND:
                reach *= 2
            if abs(reach) < _BEYOND:
                from scipy.optimize import brentq  # takes long to load, and few prices are searched

                begin = float(brentq(left, begin, begin + reach, xtol=1e-12, rtol=1e-15))
        found[row] = begin
        return found

    def polished(self, price: Floats) -> Floats:
        """Return the prices after Newton steps on the rows that bind, as long as these make them better."""
        error = self.error(price)
        for _ in range(_STEPS):
            slack = self.slack(price)
            moving = self.fixed | (price > 0) | (slack < 0)
            slopes = self._choose(price)[2]
            curvature = -(self.rows @ slopes @ self.rows.T)[np.ix_(moving, moving)]
            there = price.copy()
            there[moving] -= np.linalg.lstsq(curvature, slack[moving], rcond=None)[0]
            there = np.where(self.fixed, there, np.maximum(0.0, there))
            if not np.isfinite(there).all() or self.error(there) >= error:
                return price
            price, error = there, self.error(there)
        return price

    def _choose(self, price: Floats) -> tuple[float, Floats, Floats]:
        return self.choice.expected(self.choice.cost + self.rows.T @ price)
