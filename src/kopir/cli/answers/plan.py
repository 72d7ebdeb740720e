"""``kopir plan`` and ``kopir disputed``: what to build or sign within a budget, and which figure decides that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply, figure
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    from kopir.strategy.plans.disputed import DisputedResult
    from kopir.strategy.plans.plan import PlanResult

PICTURE = 0.1
"""Share of the worst loss that a plan has to take away before it changes the picture."""


OFFERS = (
    "option",
    "provider",
    "provider_leverage_musd",
    "lead_time_months",
    "capital_musd",
    "annual_musd",
    "kind",
)
SHOWN = 20
LITTLE = 0.01
"""Share of the loss of the best plan below which knowing everything is worth little."""


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
        f"{-100 * together:+.1f} %; {_wanted(found)}the best plan is {best}."
    )


def _wanted(found: PlanResult) -> str:
    """Return what would change it: ways for what the worst refusal still keeps from being sold."""
    rows = [(goods, mt) for goods, mt in found.missing.select("goods", "mt").iter_rows() if mt > 0]
    if not rows:
        return ""
    amounts = " and ".join(f"{figure(mt)} Mt a year of {goods}" for goods, mt in rows)
    return f"only ways for {amounts} outside the reach of {found.missing['refusing'][0]} would; "


def ended(found: PlanResult) -> str:
    """Return the sentence on a search that time ended: what is proven by each rule, and what is not."""
    told = []
    for rule, after, bound, gap in found.table.select("rule", "after_musd", "bound_musd", "gap").iter_rows():
        if gap is None:
            told.append(f"{rule}: the best plan found, nothing is proven")
        elif gap > 0:
            told.append(
                f"{rule}: the best plan found leaves {figure(after)}, no plan less than {figure(bound)} "
                f"(gap {100 * gap:.3g} %)"
            )
        else:
            told.append(f"{rule}: proven")
    return f"The search ended at its limit of {found.stopped_after:g} s. {'; '.join(told)}."


def _reply(told: Told) -> Reply:
    found: PlanResult = told.answer.result
    record = "no outages are counted, so there is no mean and no CVaR"
    if found.rate is not None:
        record = (
            f"{found.outages} recorded outages, {figure(found.rate)} a year (90 %: {figure(found.rate_low)} to "
            f"{figure(found.rate_high)}): of assets, whatever took them; intentions have no rate"
        )
    stopped = f"\n{ended(found)}" if found.stopped_after is not None else ""
    lost = f" and {found.losses:,} losses of at most {_several(found.assets, 'asset')}" if found.assets else ""
    scope = (
        f"{found.plans:,} plans of at most {figure(found.budget_musd)} million USD of capital, {found.denials} "
        f"refusals of at most {_several(found.against, 'partner')}{lost}, {found.horizon} horizon; {record}"
    )
    spare = [] if found.stopped_after is not None else ["bound_musd", "gap"]
    table = found.table.drop(*spare, *([] if (found.table["dues_musd"] != 0).any() else ["dues_musd"]))
    if found.cheapest is not None:
        name, capital = found.cheapest
        scope += f"\nthe budget buys no work: the cheapest, {name}, takes {capital * 1e6:,.0f} USD"
    left_out = found.options.filter(found.options["left_out"].is_not_null())
    offered = found.options.filter(found.options["left_out"].is_null())
    return Reply(
        record=told.answer.as_record(),
        main=Grid.of(told.answer.table),
        parts=(
            f"{verdict(found)}{stopped}\n{scope}",
            Grid.of(table, "the best plan by each rule, residual loss in million USD a year, cost included"),
            Grid.of(
                found.regret.pivot("rule", index="plan_of", values="regret_musd"),
                "what each rule's plan leaves beyond the best of every rule, million USD a year",
            ),
            Grid.of(found.frontier, "budgets (million USD) from which another plan is best"),
            Grid.of(offered.select(OFFERS), "options, lead times and who provides"),
            *(
                (Grid.of(found.obligations, "obligations that bear on options"),)
                if found.obligations.height
                else ()
            ),
            *((Grid.of(left_out.select("option", "left_out"), "left out of plans"),) if left_out.height else ()),
        ),
        run=told.answer.run,
    )


plan = command_of(Questions.plan, _reply, speaks=False)


def worth_settling(found: DisputedResult) -> str:
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
        stand, which = ("stands", "") if telling.height == 1 else ("stand", "first ")
        first = f"{telling.height} of {found.table.height} figures {stand} out from chance: {which}{names}."
    else:
        first = f"None of the {found.table.height} figures alone stands out from chance."
    return " ".join([head, first, _wide(found)]).strip()


def _wide(found: DisputedResult) -> str:
    """Return a sentence on the widest interval of the figures whose settling never picks another plan."""
    import polars as pl

    idle = found.table.filter((pl.col("plan_changes") == 0) & (pl.col("value").abs() > 0))
    if idle.is_empty():
        return ""
    width = (pl.col("most") - pl.col("least")) / pl.col("value").abs()
    row = idle.sort(width, "figure", descending=[True, False]).row(0, named=True)
    return (
        f"A wide bar can be worth nothing: {row['figure']} lies between {figure(row['least'])} and "
        f"{figure(row['most'])} {row['unit']}, and no place in it picks another plan."
    )


def _several(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _settling(told: Told) -> Reply:
    found: DisputedResult = told.answer.result
    rule = (
        f"the worst refusal of at most {_several(found.against, 'partner')}"
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
            f"{worth_settling(found)}\n{scope}",
            Grid.of(
                shown,
                f"worth of settling a figure, million USD a year: the first {len(shown)} of {found.table.height}",
            ),
        ),
        run=told.answer.run,
    )


disputed = command_of(Questions.disputed, _settling, speaks=False)
