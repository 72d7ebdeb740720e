"""``kopir disputed``: what it is worth to settle each uncertain figure before a plan is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply, figure
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    from kopir.strategy.plans.disputed import DisputedResult

SHOWN = 20
LITTLE = 0.01
"""Share of the loss of the best plan below which knowing everything is worth little."""


def verdict(found: DisputedResult) -> str:
    """Return the first sentences: what knowing all is worth, what stands out, which wide bar is worth nothing."""
    plan = ", ".join(found.plan) or "nothing"
    share = found.whole_musd / found.loss_musd if found.loss_musd > 0 else 0.0
    head = (
        f"Now the best plan is {plan}. Knowing every uncertain figure exactly would be worth "
        f"{figure(found.whole_musd)} million USD a year ({figure(found.whole_low_musd)} to "
        f"{figure(found.whole_high_musd)}), {100 * share:.2g} % of the loss that the plan leaves"
    )
    head += ": whichever way they are settled, little changes." if share < LITTLE else "."
    telling = found.table.filter("stands_out")
    if telling.height:
        names = ", ".join(telling["figure"].head(3))
        first = f"{telling.height} of {found.table.height} figures stand out from chance, first {names}."
    else:
        first = f"None of the {found.table.height} figures alone stands out from chance."
    return " ".join([head, first, _wide(found)]).strip()


def _wide(found: DisputedResult) -> str:
    """Return a sentence on the widest interval of the figures whose settling never picks another plan."""
    idle = found.table.filter((pl.col("plan_changes") == 0) & (pl.col("value").abs() > 0))
    if idle.is_empty():
        return ""
    width = (pl.col("most") - pl.col("least")) / pl.col("value").abs()
    row = idle.sort(width, "figure", descending=[True, False]).row(0, named=True)
    return (
        f"A wide bar can be worth nothing: {row['figure']} lies between {figure(row['least'])} and "
        f"{figure(row['most'])} {row['unit']}, and no place in it picks another plan."
    )


def _reply(told: Told) -> Reply:
    found: DisputedResult = told.answer.result
    rule = (
        f"the worst refusal of at most {found.against} partners"
        if found.rule == "worst"
        else "the mean over recorded outages"
    )
    scope = (
        f"{len(found.choices)} plans judged by {rule}, {found.horizon} horizon; "
        f"{found.draws - found.refused} draws, seed {found.seed}"
        + (f"; {found.refused} draws explain no recorded flow" if found.refused else "")
    )
    first = ("figure", "worth_musd", "worth_high_musd", "plan_changes", "leader_changes", "grade")
    rest = [name for name in found.table.columns if name not in {*first, "cell"}]
    shown = found.table.select(*first, *rest).head(SHOWN)
    return Reply(
        record=told.answer.as_record(),
        main=Grid.of(told.answer.table),
        parts=(
            f"{verdict(found)}\n{scope}",
            Grid.of(
                shown,
                f"worth of settling a figure, million USD a year: the first {len(shown)} of {found.table.height}",
            ),
        ),
        run=told.answer.run,
    )


disputed = command_of(Questions.disputed, _reply, speaks=False)
