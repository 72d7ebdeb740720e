"""Residual losses of plans in one state of the world, by a rule: the worst refusal, or recorded outages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from kopir.model.network.clauses import Denial
from kopir.strategy.plans.dues import Dues
from kopir.strategy.value.record import Record
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span, Valuation

Rule = Literal["worst", "mean"]
Plan = tuple[str, ...]


@dataclass(frozen=True)
class WorstRefusal:
    """``R(z) = V(0, nobody) - min over refusals of V(z, D) + c z`` in million USD a year."""

    valuation: Valuation
    denials: Sequence[Denial]
    growing: bool
    dues: Dues

    @cached_property
    def today(self) -> list[tuple[float, Denial]]:
        """Each refusal with the value that it leaves without a plan, the worst first."""
        return sorted(((self.valuation.value(one), one) for one in self.denials), key=lambda pair: pair[0])

    def __call__(self, plan: Plan) -> float:
        """Return the residual loss of a plan.

        Where no option takes anything away, a refusal leaves with a plan at least what it leaves today, so that
        refusals which leave more than the worst so far need not be solved. That holds for a refusal in part too:
        it leaves a share of what an asset carries today or, where that is more, with the plan.
        """
        least = float("inf")
        for value, denial in self.today:
            if self.growing and value >= least:
                break
            least = min(least, self.valuation.value(denial, plan))
        return self.valuation.value(NOBODY) - least + self.valuation.plan_cost(plan) + self.dues(plan)


@dataclass(frozen=True)
class MeanOutage:
    """``R(z) = V(0, nobody) - V(z, nobody) + mean yearly loss of recorded outages + c z``, million USD a year."""

    valuation: Valuation
    record: Record
    dues: Dues

    def __call__(self, plan: Plan) -> float:
        """Return the residual loss of a plan."""
        usual = self.valuation.situation(NOBODY, plan)
        quiet = self.valuation.value(NOBODY, plan)
        lost = sum(
            one.years
            * (quiet - self.valuation.worth(replace(usual, open_share=usual.open_share * one.open_share)))
            for one in self.record.outages
        )
        often = self.record.rate / len(self.record.outages)
        return (
            self.valuation.value(NOBODY) - quiet + often * lost + self.valuation.plan_cost(plan) + self.dues(plan)
        )


def only_gains(setup: Setup) -> bool:
    """Return whether no option takes anything away or closes anything."""
    gains = setup.network.gains
    return bool((gains.limit >= 0).all() and (gains.amount >= 0).all() and not setup.clauses.closures)


def residual(
    setup: Setup, span: Span, rule: Rule, denials: Sequence[Denial], record: Record | None
) -> WorstRefusal | MeanOutage:
    """Return the residual loss of any plan by ``rule``; ``record`` is needed by the mean."""
    valuation, dues = setup.valuation(span), Dues(setup.model, setup.network.gains.options)
    if rule == "worst":
        return WorstRefusal(valuation, denials, only_gains(setup), dues)
    if record is None:
        raise ValueError("the mean is over recorded outages")
    return MeanOutage(valuation, record, dues)


def step_by_step(loss: Callable[[Plan], float], options: Iterable[str], fits: Callable[[Plan], bool]) -> Plan:
    """Return the plan grown by the option which lowers ``loss`` most, as long as one does and the plan fits."""
    plan: Plan = ()
    least, left = loss(plan), set(options)
    while left:
        able = [tuple(sorted((*plan, one))) for one in sorted(left)]
        tried = [(loss(grown), grown) for grown in able if fits(grown)]
        if not tried or min(tried)[0] >= least:
            break
        least, plan = min(tried)
        left -= set(plan)
    return plan
