"""From estimates to intervals: what each fact can be, and which claims have to give way.

A component whose claims can all hold as worded keeps them all, and its intervals are identified. Otherwise the
claims that are wrong rather than noisy give way; then, while claims still cannot all hold, one of each smallest
set does: the one whose source says least else here. A component in which that would silence more than a few is
noisy rather than contradicted, and its intervals are statistical: 95 % of the estimate's own spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kopir.facts.settled._bounds import Programme, irreducible, nearest, programme
from kopir.facts.settled._deviations import Deviations
from kopir.facts.settled._estimation import Estimate
from kopir.facts.settled._system import System

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT_COMPONENTS = 3_000
"""Components that get linear programmes; in larger worlds the others keep statistical intervals."""
EXACT_SIZE = 400
"""Facts in a component beyond which its intervals are statistical."""
REACH_95 = 2.12
"""Spreads to either side of an estimate: 96.6 % of a normal, for in some facts of a hundred the estimate follows
claims that are wrong together, which its own spread cannot know; measured on planted worlds."""
REACH_DERIVED = 2.45
"""The same for a fact that no claim states: what remains of a total takes over the lasting bias of all others."""
_NOISY = 3
_VAGUE = 100.0
_EXPECTED = 3.5


@dataclass(frozen=True)
class Contradiction:
    """Observations that cannot all hold; ``blamed`` is the one that gives way, -1 where nothing tells which.

    ``expected`` where the known noise of their sources explains it.
    """

    members: tuple[int, ...]
    blamed: int
    expected: bool = False


@dataclass(frozen=True)
class Settled:
    """Value and interval of each fact, shape ``(facts,)``, in canonical units.

    ``basis`` is ``identified``, ``statistical``, ``disputed`` or ``none``; ``given_way`` are observations held
    to be wrong; ``contradictions`` the sets that wording alone rules out; ``unscaled`` marks facts known only
    relative to the whole of their component.
    """

    value: Floats
    low: Floats
    high: Floats
    basis: NDArray[np.str_]
    given_way: tuple[int, ...]
    contradictions: tuple[Contradiction, ...]
    unscaled: NDArray[np.bool_]


def settle(
    system: System,
    estimate: Estimate,
    deviations: Deviations,
    credit: Sequence[tuple[float, ...]],
    tracked: NDArray[np.bool_],
    *,
    exact: int = EXACT_COMPONENTS,
) -> Settled:
    """Return what each fact is held to be.

    ``credit`` ranks the observations by how much their source says elsewhere, least first to give way.
    ``tracked`` marks those whose source has said enough for its noise to be known: what such noise explains
    contradicts nothing.
    """
    size = len(system.keys)
    value, variance = estimate.value.copy(), estimate.variance
    with np.errstate(invalid="ignore", over="ignore"):
        factor = np.exp(_reach(system) * np.sqrt(variance))
        low, high = value / factor, value * factor
        low, high = np.where(factor < _VAGUE, low, 0.0), np.where(factor < _VAGUE, high, np.inf)
    work = _Work(system, estimate, value, low, high, np.full(size, "statistical", dtype="<U12"), credit, tracked)
    work.basis[~np.isfinite(value)] = "none"
    off = {int(row): float(odds) for row, odds in zip(deviations.row, deviations.odds, strict=True)}
    groups = _components(system, estimate)
    lone = [group for group in groups if len(group[0]) == 1]
    for facts, rows in lone:
        work.lone(int(facts[0]), rows, off)
    joint = [group for group in groups if len(group[0]) > 1]
    for facts, rows in joint:
        if len(joint) <= exact and len(facts) <= EXACT_SIZE:
            work.joint(facts, rows, off)
        else:
            work.given_way |= {int(row) for row in rows if int(row) in off}
    return Settled(
        value=work.value,
        low=np.minimum(work.low, work.value),
        high=np.maximum(work.high, work.value),
        basis=work.basis,
        given_way=tuple(sorted(work.given_way)),
        contradictions=tuple(work.contradictions),
        unscaled=work.unscaled,
    )


def _reach(system: System) -> Floats:
    """Return how many spreads lie to either side of each estimate, more where no claim states the fact itself."""
    seen = system.observations
    stated = np.zeros(len(system.keys), dtype=np.bool_)
    stated[seen.fact[seen.base < 0]] = True
    return np.where(stated, REACH_95, REACH_DERIVED)


def _components(system: System, estimate: Estimate) -> list[tuple[Ints, Ints]]:
    """Return facts and counted observations of every component that any observation touches."""
    seen = system.observations
    rows = np.flatnonzero(
        estimate.counted & (np.isfinite(estimate.residual) | seen.difference) & ~system.signed[seen.fact]
    )
    rows = rows[np.argsort(system.component[seen.fact[rows]], kind="stable")]
    facts = np.argsort(system.component, kind="stable")
    count = system.component.max(initial=-1) + 1
    row_ends = np.searchsorted(system.component[seen.fact[rows]], np.arange(count + 1))
    fact_ends = np.searchsorted(system.component[facts], np.arange(count + 1))
    return [
        (np.sort(facts[fact_ends[one] : fact_ends[one + 1]]), rows[row_ends[one] : row_ends[one + 1]])
        for one in range(count)
        if row_ends[one + 1] > row_ends[one]
    ]


class _Work:
    """The arrays that settling fills, component by component."""

    def __init__(
        self,
        system: System,
        estimate: Estimate,
        value: Floats,
        low: Floats,
        high: Floats,
        basis: NDArray[np.str_],
        credit: Sequence[tuple[float, ...]],
        tracked: NDArray[np.bool_],
    ) -> None:
        self.system, self.estimate, self.credit, self.tracked = system, estimate, credit, tracked
        self.value, self.low, self.high, self.basis = value, low, high, basis
        self.unscaled = np.zeros(len(value), dtype=np.bool_)
        self.given_way: set[int] = set()
        self.contradictions: list[Contradiction] = []

    def lone(self, fact: int, rows: Ints, off: Mapping[int, float]) -> None:
        """Settle a fact that no identity or ratio ties to another."""
        seen = self.system.observations
        if seen.low[rows].max() <= seen.high[rows].min() * (1 + 1e-12):
            self._identify(fact, rows)
            return
        wrong = [int(row) for row in rows if int(row) in off]
        self.given_way |= set(wrong)
        left = rows[~np.isin(rows, wrong)]
        if len(left) and seen.low[left].max() <= seen.high[left].min() * (1 + 1e-12):
            self._identify(fact, left)
            return
        pair = (int(left[seen.low[left].argmax()]), int(left[seen.high[left].argmin()]))
        if self._noise(pair):
            self._contradict(pair, -1)
            return
        self._contradict(pair, self._least_credible(pair) if len(left) > 2 else self._outvoted(pair))
        if len(left) == 2:
            self._dispute(pair)

    def joint(self, facts: Ints, rows: Ints, off: Mapping[int, float]) -> None:
        """Settle facts that identities, shares or changes tie together."""
        problem = programme(self.system, facts, rows, self._scale(facts))
        wrong: set[int] = set()
        if self._apart(rows) or not problem.feasible():
            wrong = {int(row) for row in rows if int(row) in off}
            self.given_way |= wrong
            mine = len(self.contradictions)
            wrong = self._give_way(problem, rows, wrong)
            disputed = [one for one in self.contradictions[mine:] if one.blamed < 0 and not one.expected]
            settled = rows[~np.isin(rows, list(wrong))]
            if disputed or self._apart(settled) or not problem.feasible(wrong):
                for one in disputed:
                    self._dispute(one.members)
                return
        self._bind(problem, facts, wrong, noisy=bool(self.tracked[rows].any()))

    def _give_way(self, problem: Programme, rows: Ints, wrong: set[int]) -> set[int]:
        """Return the observations that give way so that the rest can hold, or too few when that takes too many."""
        for _ in range(_NOISY):
            left = rows[~np.isin(rows, list(wrong))]
            apart = self._apart(left)
            if len(apart) > _NOISY:
                return wrong
            if apart:
                members = list(apart[0])
            else:
                ordered = sorted((int(row) for row in rows), key=lambda row: self.credit[row], reverse=True)
                members = irreducible(problem, wrong, ordered)
            if not members:
                return wrong
            if self._noise(members):
                self._contradict(members, -1)
                return wrong
            enough = [one for one in members if problem.feasible(wrong | {one})]
            blamed = self._outvoted(enough or members)
            self._contradict(members, blamed)
            if blamed < 0:
                return wrong
            self.given_way.add(blamed)
            wrong = wrong | {blamed}
        return wrong

    def _apart(self, rows: Ints) -> list[tuple[int, int]]:
        """Return, for each fact whose levels have no common point, the two that are farthest apart."""
        seen = self.system.observations
        low: dict[int, int] = {}
        high: dict[int, int] = {}
        for row in rows[seen.base[rows] < 0].tolist():
            fact = int(seen.fact[row])
            if fact not in low or seen.low[row] > seen.low[low[fact]]:
                low[fact] = row
            if fact not in high or seen.high[row] < seen.high[high[fact]]:
                high[fact] = row
        return [
            (low[fact], high[fact])
            for fact in sorted(low)
            if seen.low[low[fact]] > seen.high[high[fact]] * (1 + 1e-12)
        ]

    def _bind(self, problem: Programme, facts: Ints, wrong: set[int], *, noisy: bool) -> None:
        """Give the facts of a component their identified intervals, and a value within them unless they widen."""
        anchored = bool(np.any(self.basis[facts] != "none"))
        outside = False
        for place, fact in enumerate(facts):
            ends = problem.interval(place, wrong)
            if ends is None:
                continue
            low, high = ends
            if not anchored and high > 1 + 1e-9:
                continue
            if anchored and noisy and np.isfinite(self.value[fact]):
                self._widen(int(fact), low, high)
                continue
            self.low[fact], self.high[fact], self.basis[fact] = low, high, "identified"
            self.unscaled[fact] = not anchored
            if not anchored:
                self.value[fact] = (low + high) / 2
            outside = outside or not low * (1 - 1e-9) <= self.value[fact] <= high * (1 + 1e-9)
        if anchored and not noisy and (outside or not self._within(facts)):
            spread = self.value[facts] * np.sqrt(self.estimate.variance[facts])
            point = nearest(problem, self.value[facts], spread, wrong)
            if point is not None:
                self.value[facts] = point

    def _within(self, facts: Ints) -> bool:
        """Tell whether each fact has its value within its interval."""
        low, value, high = self.low[facts], self.value[facts], self.high[facts]
        return bool(((low * (1 - 1e-9) <= value) & (value <= high * (1 + 1e-9))).all())

    def _identify(self, fact: int, rows: Ints) -> None:
        seen = self.system.observations
        low, high = float(seen.low[rows].max()), float(seen.high[rows].min())
        if self.tracked[rows].any():
            self._widen(fact, low, high)
            return
        self.low[fact], self.high[fact], self.basis[fact] = low, high, "identified"
        self.value[fact] = min(max(self.value[fact], low), high)

    def _widen(self, fact: int, low: float, high: float) -> None:
        """Keep the statistical interval too: a source whose noise is known words more than it knows."""
        self.low[fact], self.high[fact] = min(low, self.low[fact]), max(high, self.high[fact])

    def _dispute(self, members: Sequence[int]) -> None:
        """Give facts measured by claims that nothing tells apart the whole span between them."""
        seen = self.system.observations
        for row in members:
            fact = int(seen.fact[row])
            if seen.base[row] < 0:
                mine = [one for one in members if seen.fact[one] == fact and seen.base[one] < 0]
                self.low[fact] = min(self.low[fact], *(seen.low[one] for one in mine))
                self.high[fact] = max(self.high[fact], *(seen.high[one] for one in mine))
            self.basis[fact] = "disputed"

    def _noise(self, members: Sequence[int]) -> bool:
        """Tell whether a contradiction is what the known noise of its sources lets expect."""
        estimate = self.estimate
        return all(
            self.tracked[row] and abs(float(estimate.residual[row])) < _EXPECTED * float(estimate.spread[row])
            for row in members
        )

    def _contradict(self, members: Sequence[int], blamed: int) -> None:
        self.contradictions.append(Contradiction(tuple(sorted(members)), blamed, self._noise(members)))

    def _least_credible(self, members: Sequence[int]) -> int:
        return max(
            members, key=lambda row: abs(float(self.estimate.residual[row])) / float(self.estimate.spread[row])
        )

    def _outvoted(self, members: Sequence[int]) -> int:
        """Return the member with least credit, -1 when two have equally little."""
        ranked = sorted(members, key=lambda row: (self.credit[row], row))
        if len(ranked) > 1 and self.credit[ranked[0]] == self.credit[ranked[1]]:
            return -1
        return ranked[0]

    def _scale(self, facts: Ints) -> float:
        known = self.value[facts][np.isfinite(self.value[facts]) & (self.value[facts] > 0)]
        return float(np.median(known)) if len(known) else 1.0
