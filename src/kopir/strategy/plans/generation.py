"""Column-and-constraint generation: the plan whose worst case is least, of any kind of plan.

Two sides take turns (Zeng & Zhao 2013, Operations Research Letters 41(5)). A master finds the plan that is best
against the attacks so far; as it does not know all of them, what this plan leaves is a lower bound. What the worst
attack leaves of this plan is an upper bound, and the attack joins the master. Where the two meet lies the optimum.

Nothing here knows what is planned or attacked: attacks are numbers, plans whatever the master says they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from kopir.model.network.network import Floats, Ints
from kopir.strategy.outages.deadline import Deadline, TimeIsUp

Plan = TypeVar("Plan")
PlanOut = TypeVar("PlanOut", covariant=True)


class Master(Protocol[PlanOut]):
    """What knows the plans and the attacks so far."""

    def best(self) -> tuple[PlanOut, float] | None:
        """Return the plan that is best against the attacks so far, and what it leaves; none where no plan is."""

    def add(self, attack: int) -> None:
        """Count an attack from now on; raises :class:`TimeIsUp` where that took too long."""


@dataclass(frozen=True)
class LeastWorst(Generic[Plan]):
    """The plan whose worst case is least, or the best one found; what it leaves, and the attacks that tie.

    ``bound`` is what no plan can go below: ``worst`` itself where the optimum is proven, minus infinity where
    nothing is known. ``lower`` and ``upper`` are the two bounds after each round.
    """

    plan: Plan
    worst: float
    attacks: tuple[int, ...]
    bound: float
    rounds: tuple[tuple[float, float], ...] = ()

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return self.bound >= self.worst


def least_worst(
    master: Master[Plan],
    judge: Callable[[Plan], tuple[float, Sequence[int]]],
    *,
    slack: float,
    deadline: Deadline | None = None,
    known: Sequence[int] = (),
) -> LeastWorst[Plan] | None:
    """Return the plan of the least worst case; ``None`` when the master has no plan.

    ``judge`` tells what the worst attack leaves of a plan, and the attacks that tie for it; ``known`` are attacks
    that the master counts already. Two amounts within ``slack`` are the same. At the ``deadline`` the best plan
    so far is returned with the bound so far; one plan is judged in any case.
    """
    limit, counted = deadline or Deadline(), set(known)
    best: LeastWorst[Plan] | None = None
    bound, rounds = -np.inf, []
    try:
        while (proposed := master.best()) is not None:
            plan, bound = proposed[0], max(bound, proposed[1])
            worst, attacks = judge(plan)
            fresh = [one for one in attacks if one not in counted]
            done = not fresh or worst <= bound + slack
            if done or best is None or worst < best.worst:
                best = LeastWorst(plan, worst, tuple(attacks), bound)
            rounds.append((bound, best.worst))
            if done:
                return LeastWorst(plan, worst, tuple(attacks), worst, tuple(rounds))
            limit.check()
            counted.add(fresh[0])
            master.add(fresh[0])
            limit.check()
    except TimeIsUp:
        assert best is not None, "the first plan is judged before time counts"
        return LeastWorst(best.plan, best.worst, best.attacks, min(bound, best.worst), tuple(rounds))
    return None


class ListedPlans:
    """A master over a list of plans (masks), each with what it ``costs`` (masks) before any attack.

    ``column`` gives what every plan still has under an attack (masks); ``pool`` holds these columns and is added
    to. ``allowed`` is asked of candidates only. Of plans that tie the smallest is taken.
    """

    def __init__(
        self,
        masks: Ints,
        costs: Floats,
        column: Callable[[int], Floats],
        *,
        slack: float,
        pool: dict[int, Floats],
        allowed: Callable[[int], bool] = lambda _: True,
    ) -> None:
        self._masks, self._costs, self._column, self._slack = masks, costs, column, slack
        self._pool, self._allowed = pool, allowed
        self._sizes = np.array([int(mask).bit_count() for mask in masks])
        self._out = np.zeros(len(masks), dtype=np.bool_)

    def best(self) -> tuple[int, float] | None:
        """Return the mask that leaves least against the pool, and what it leaves."""
        kept = np.min(list(self._pool.values()), axis=0) if self._pool else np.inf
        while not self._out.all():
            left = np.where(self._out, np.inf, self._costs - kept)
            ties = np.flatnonzero(~self._out if np.isneginf(left).any() else left <= left.min() + self._slack)
            place = int(min(ties, key=lambda one: (self._sizes[one], self._costs[one], self._masks[one])))
            if self._allowed(int(self._masks[place])):
                return int(self._masks[place]), float(left[place])
            self._out[place] = True
        return None

    def add(self, attack: int) -> None:
        """Count an attack from now on."""
        self._pool[attack] = self._column(attack)
