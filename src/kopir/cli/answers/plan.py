"""``kopir plan``: what to build or sign within a budget, by three rules side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply, figure
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    from kopir.strategy.plans.plan import PlanResult

PICTURE = 0.1
"""Share of the worst loss that a plan has to take away before it changes the picture."""


def verdict(found: PlanResult) -> str:
    """Return the first sentence: whether anything on the list changes the picture, with the size."""
    row = found.table.row(0, named=True)
    before, after = row["before_musd"], row["after_musd"]
    share = (before - after) / before if before > 0 else 0.0
    names = ", ".join(row["plan"]) or "nothing"
    best = (
        f"{names}: the worst loss under a refusal of at most {found.against} falls by {100 * share:.1f} %, "
        f"from {figure(before)} to {figure(after)} million USD a year"
    )
    if share >= PICTURE:
        return f"The best plan is {best}."
    if not row["plan"]:
        best = f"to do nothing, which leaves {figure(before)} million USD a year"
    together = (before - row["all_musd"]) / before if before > 0 else 0.0
    return (
        f"Nothing on the list changes the picture: all options together change the worst loss by "
        f"{-100 * together:+.1f} %; the best plan is {best}."
    )


def _reply(told: Told) -> Reply:
    found: PlanResult = told.answer.result
    record = "no outages are recorded, so there is no mean and no CVaR"
    if found.rate is not None:
        record = (
            f"{found.outages} recorded outages, {figure(found.rate)} a year (90 %: {figure(found.rate_low)} to "
            f"{figure(found.rate_high)}): of assets, whatever took them; intentions have no rate"
        )
    scope = (
        f"{found.plans:,} plans of at most {figure(found.budget_musd)} million USD of capital, {found.denials} "
        f"refusals of at most {found.against} partners, {found.horizon} horizon; {record}"
    )
    left_out = found.options.filter(found.options["left_out"].is_not_null())
    return Reply(
        record=told.answer.as_record(),
        main=Grid.of(told.answer.table),
        parts=(
            f"{verdict(found)}\n{scope}",
            Grid.of(found.table, "the best plan by each rule, residual loss in million USD a year, cost included"),
            Grid.of(
                found.regret, "what each rule's plan leaves beyond the best of every rule, million USD a year"
            ),
            Grid.of(found.frontier, "budgets (million USD) from which another plan is best"),
            Grid.of(found.options.drop("left_out"), "options, lead times and who provides"),
            *((Grid.of(left_out.select("option", "left_out"), "left out of plans"),) if left_out.height else ()),
        ),
        run=told.answer.run,
    )


plan = command_of(Questions.plan, _reply, speaks=False)
