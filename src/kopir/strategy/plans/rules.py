"""What plans leave by each rule: the worst of attacks, and mean and CVaR over years of recorded outages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kopir.core.errors import Fault, InfeasibleError
from kopir.model.network.network import Floats, Ints
from kopir.strategy.outages.deadline import TimeIsUp
from kopir.strategy.plans.attacks import Attacks
from kopir.strategy.plans.generation import LeastWorst, ListedPlans, least_worst
from kopir.strategy.plans.menu import Menu
from kopir.strategy.plans.search import cvar
from kopir.strategy.value.record import Record, years_at_random

DRAWS = 20_000
LEVEL = 0.95
"""Level of CVaR: the mean of the worst twentieth of years."""

WORST, LOST = "worst refusal", "worst loss of assets"
MEAN, CVAR = "mean over recorded outages", "CVaR over recorded outages"


@dataclass(frozen=True)
class Chosen:
    """The plan of a rule (a mask), and what no plan within the budget goes below by that rule.

    Infinite where the plan is the proven optimum, minus infinity where nothing is known.
    """

    mask: int
    bound: float


@dataclass(frozen=True)
class OfRecord:
    """Mean and CVaR of the residual loss of plans over years at random."""

    menu: Menu
    record: Record
    seed: int
    _kept: dict[int, dict[str, float]] = field(default_factory=dict)

    def whole(self) -> Mapping[str, Floats] | None:
        """Return both of every plan (masks); none when time is up before all are known."""
        try:
            return self._of(None)
        except TimeIsUp:
            return None

    def of(self, mask: int) -> Mapping[str, float]:
        """Return both of one plan."""
        if mask not in self._kept:
            self._of(np.array([mask]))
        return self._kept[mask]

    def _of(self, few: Ints | None) -> dict[str, Floats]:
        menu, record = self.menu, self.record
        masks = menu.masks if few is None else few
        quiet, lost = menu.losses_of(record, few)
        base = np.array([menu.cost(int(mask)) for mask in masks]) - quiet
        years = np.array([one.years for one in record.outages])
        mean = base + (record.rate / len(years)) * (years @ lost)
        weights = np.full(DRAWS, 1 / DRAWS)
        same: dict[bytes, float] = {}
        tail = np.empty(len(base))
        for place in range(len(base)):
            key = np.round(lost[:, place] / menu.slack).tobytes()
            if key not in same:
                drawn = years_at_random(record, lost[:, place], draws=DRAWS, seed=self.seed)
                same[key] = cvar(drawn, weights, LEVEL)
            tail[place] = base[place] + same[key]
        pairs = zip(masks.tolist(), mean.tolist(), tail.tolist(), strict=True)
        self._kept.update({mask: {MEAN: one, CVAR: other} for mask, one, other in pairs})
        return {MEAN: mean, CVAR: tail}


@dataclass(frozen=True)
class Rules:
    """Residual losses of any plan by every rule."""

    menu: Menu
    held: Mapping[str, Attacks]
    recorded: OfRecord | None

    @property
    def names(self) -> tuple[str, ...]:
        """The rules, in the order in which they are told."""
        return (*self.held, *(() if self.recorded is None else (MEAN, CVAR)))

    def worst(self, rule: str, mask: int) -> tuple[float, list[str]]:
        """Return the worst loss of a plan, and the smallest attacks that tie for it."""
        attacks = self.held[rule]
        loss, tied = judged(self.menu, attacks, mask)
        ties = [attacks.members(one) for one in tied]
        least = min(len(one) for one in ties)
        return loss, ["+".join(one) or "nobody" for one in ties if len(one) == least]

    def by_rule(self, mask: int) -> dict[str, float]:
        """Return the residual loss of a plan by each rule."""
        worst = {rule: self.worst(rule, mask)[0] for rule in self.held}
        return worst | ({} if self.recorded is None else dict(self.recorded.of(mask)))

    def improved(self, chosen: Mapping[str, Chosen]) -> dict[str, Chosen]:
        """Return the plans chosen, and where a rule's is not proven the best of all that were chosen by any."""
        masks = {0, *(one.mask for one in chosen.values())}
        able = sorted(mask for mask in masks if self.menu.allowed(mask))
        better = dict(chosen)
        for rule, one in chosen.items():
            if one.bound < np.inf:
                losses = {mask: self.by_rule(mask)[rule] for mask in able}
                better[rule] = Chosen(min(losses, key=lambda mask: (losses[mask], mask.bit_count())), one.bound)
        return better


def judged(menu: Menu, attacks: Attacks, mask: int) -> tuple[float, list[int]]:
    """Return what the worst attack leaves of a plan as residual loss, and the attacks that tie for it."""
    values = attacks.values(mask)
    return menu.cost(mask) - float(values.min()), np.flatnonzero(values <= values.min() + menu.slack).tolist()


def best_against(
    menu: Menu, attacks: Attacks, within: NDArray[np.bool_] | None = None, pool: dict[int, Floats] | None = None
) -> LeastWorst[int] | None:
    """Return the plan whose worst loss is least, of those ``within`` (masks); ``None`` where none may be.

    ``pool`` holds the values of every plan of the menu under attacks that are known, and is added to.
    """
    pool = {} if pool is None else pool
    among = np.ones(len(menu.masks), dtype=np.bool_) if within is None else within

    def column(attack: int) -> Floats:
        pool[attack] = attacks.column(attack)
        return pool[attack][among]

    masks = menu.masks[among]
    master = ListedPlans(
        masks,
        np.array([menu.cost(int(mask)) for mask in masks]),
        column,
        slack=menu.slack,
        pool={attack: values[among] for attack, values in pool.items()},
        allowed=menu.allowed,
    )
    return least_worst(
        master,
        lambda mask: judged(menu, attacks, mask),
        slack=menu.slack,
        deadline=menu.deadline,
        known=tuple(pool),
    )


def by_budget(menu: Menu, attacks: Attacks) -> list[LeastWorst[int]]:
    """Return the plan of the least worst case within the budget, then for ever smaller ones down to nothing.

    When time is up the list ends with a plan that is not proven, or before its end. Raises
    :class:`InfeasibleError` where obligations let no plan be.
    """
    capital = np.array([menu.needs(int(mask)) for mask in menu.masks])
    pool: dict[int, Floats] = {}
    found: list[LeastWorst[int]] = []
    within = np.ones(len(menu.masks), dtype=np.bool_)
    while within.any() and not (found and menu.deadline.passed):
        best = best_against(menu, attacks, within, pool)
        if best is None:
            break
        found.append(best)
        within = capital < menu.needs(best.plan) - 1e-9
    if not found:
        why = "no plan within the budget keeps the hard obligations"
        raise InfeasibleError(Fault("K0406", why, "kopir obligations lists the ways out", "obligations.csv"))
    return found


def least(menu: Menu, values: Floats) -> int:
    """Return the mask of the least value (masks) that obligations allow, the smallest of those that tie."""
    order: Sequence[int] = sorted(
        range(len(values)),
        key=lambda one: (round(float(values[one]) / menu.slack), int(menu.masks[one]).bit_count(), one),
    )
    return next(int(menu.masks[one]) for one in order if menu.allowed(int(menu.masks[one])))
