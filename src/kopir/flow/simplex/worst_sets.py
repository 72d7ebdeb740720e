"""The worst sets of lost assets by branching on what an optimum uses.

A set without a member to spare is reached from nothing lost by adding, one after the other, assets that the
optimum of what is lost so far uses: an asset that it does not use adds nothing. A branch is left where what it
has lost and the most that others can still take (:mod:`kopir.flow.simplex.dropped_paths`) stay below the worst set
found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kopir.flow.outages import Outages
from kopir.flow.simplex.dropped_paths import Dropped, DroppedPaths
from kopir.model.network.network import Ints

Set = tuple[int, ...]

_AT_ONCE = 256
"""Sets that are settled between two looks at the clock, where there is one."""

_SAFE = 1e-7
"""Share of the worst loss by which a bound must stay below it."""


@dataclass(frozen=True)
class WorstSets:
    """All sets of at most so many assets whose loss nothing exceeds, none to spare, with losses and certificates.

    ``settled`` is how many sets were given a value. ``bound`` is what no set loses more than: the loss of these,
    unless the search ended before that was proven.
    """

    sets: tuple[Set, ...]
    losses: tuple[float, ...]
    how: tuple[int, ...]
    settled: int
    bound: float


class Branching:
    """The search in one situation, for sets of at most ``largest``; what one size has settled serves the next.

    It ends with the worst set so far once ``ended`` says so, which is asked again and again.
    """

    def __init__(
        self,
        outages: Outages,
        paths: DroppedPaths,
        slack: float,
        largest: int,
        ended: Callable[[], bool] | None = None,
    ) -> None:
        self._outages, self._paths, self._slack, self._largest = outages, paths, slack, largest
        self._ended = ended
        self._everything: float | None = None
        self._solve: dict[Set, int] = {(): outages.undisturbed_solve}
        self._how: dict[Set, int] = {}
        self._dropped: dict[int, Dropped | None] = {}
        self._used: dict[int, Ints] = {}

    def worst(self, most: int) -> WorstSets:
        """Return the worst sets of at most ``most`` assets."""
        best = self._greedy(most)
        level: list[Set] = [()]
        bound = best
        for size in range(1, most + 1):
            found, highest = self._children(level, most - size, best)
            whole = self._settle(found, lasting=size < self._largest, ended=self._ended)
            level = [one for one in found if one in self._solve]
            best = max([best, *map(self.loss, level)])
            bound = best if whole else max(best, highest)
            if not whole:
                break
        enough = best - self._slack
        peaks = [one for one in self._solve if 0 < len(one) <= most and self.loss(one) >= enough]
        peaks.sort(key=lambda one: (len(one), one))
        ties = [one for one in peaks if self._none_to_spare(one)]
        return WorstSets(
            tuple(ties),
            tuple(map(self.loss, ties)),
            tuple(self._how[one] for one in ties),
            len(self._solve) - 1,
            bound,
        )

    def loss(self, one: Set) -> float:
        """Return the loss of a settled set."""
        return self._outages.undisturbed - self._outages.value_of(self._solve[one])

    def _greedy(self, most: int) -> float:
        """Return the loss of the set that takes the worst asset beside what it has, again and again."""
        best: Set = ()
        for size in range(1, most + 1):
            found = {tuple(sorted((*best, asset))): best for asset in self._uses(best).tolist()}
            self._settle(found, lasting=size < self._largest)
            best = max(found, key=self.loss, default=best)
        return self.loss(best)

    def _children(self, level: list[Set], more: int, best: float) -> tuple[dict[Set, Set], float]:
        """Return the sets with one asset more that may hold the worst, each with a part that it comes from.

        And what no set that holds one of them loses more than.
        """
        found: dict[Set, Set] = {}
        highest = -np.inf
        left_out: set[Set] = set()
        enough = best - self._slack - _SAFE * max(1.0, abs(best))
        for part in level:
            used, bound = self._uses(part), self._bound(part)
            used = used[~np.isin(used, part)]
            if bound is not None:
                reach = self.loss(part) + bound.most(more)[used]
                enters = reach >= enough
                left_out.update(tuple(sorted((*part, one))) for one in used[~enters].tolist())
                used = used[enters]
                highest = max(highest, reach[enters].max(initial=-np.inf))
            elif self._ended is not None:
                highest = max(highest, self._of_everything())
            for asset in used.tolist():
                found.setdefault(tuple(sorted((*part, asset))), part)
        return {one: part for one, part in found.items() if one not in left_out}, highest

    def _settle(self, found: dict[Set, Set], *, lasting: bool, ended: Callable[[], bool] | None = None) -> bool:
        """Settle those that are not; return whether all were before the search had ``ended``."""
        new = [one for one in found if one not in self._solve]
        step = max(1, len(new) if ended is None else _AT_ONCE)
        for first in range(0, len(new), step):
            if first and ended is not None and ended():
                return False
            some = new[first : first + step]
            parents = [self._solve[found[one]] for one in some]
            solve, how = self._outages.settle_grown(some, parents, lasting=lasting)
            self._solve |= dict(zip(some, solve.tolist(), strict=True))
            self._how |= dict(zip(some, how.tolist(), strict=True))
        return True

    def _of_everything(self) -> float:
        """Return the loss of all assets together, which no set exceeds."""
        if self._everything is None:
            value = self._outages.values([range(self._outages.assets)]).value[0]
            self._everything = self._outages.undisturbed - float(value)
        return self._everything

    def _none_to_spare(self, one: Set) -> bool:
        parts = [tuple(member for member in one if member != out) for out in one]
        self._settle({part: () for part in parts if part not in self._solve}, lasting=True)
        return self.loss(one) > max(map(self.loss, parts)) + self._slack

    def _uses(self, one: Set) -> Ints:
        solve = self._solve[one]
        if solve not in self._used:
            self._used[solve] = self._outages.used_by(solve)
        return self._used[solve]

    def _bound(self, one: Set) -> Dropped | None:
        solve = self._solve[one]
        if solve not in self._dropped:
            columns = self._outages.columns_of(solve)
            self._dropped[solve] = None if columns is None else self._paths.of(columns)
        return self._dropped[solve]
