"""Which disputed figure matters: what it is worth to know each before a plan is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import combinations

import numpy as np
import polars as pl

from kopir.core.errors import Fault, InputError, ModelError
from kopir.model.contents.quantities import Quantity
from kopir.model.grounds.cited import CitedNumber, Numbers
from kopir.model.grounds.provenance import row_id
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats
from kopir.strategy.plans.information import likely_first, of_everything, of_one, stand_out
from kopir.strategy.plans.menu import Menu
from kopir.strategy.plans.residual import Plan, Rule, residual, step_by_step
from kopir.strategy.value.record import Record, recorded_outages
from kopir.strategy.value.setup import Setup, prepare_at
from kopir.strategy.value.uncertainty import TABLES, JointDraws, joint_draws
from kopir.strategy.value.valuation import NOBODY, Span

DRAWN = TABLES | {"option_gains", "options"}
CLAUSES = "effectiveness of clauses"
LEADING = 16
"""Draws whose own best plans, found step by step, are among the choices."""
LEAST_DRAWS = 40
"""Fewer draws cannot tell a figure from chance: each cubic would rest on less than eight draws a coefficient."""


@dataclass(frozen=True)
class DisputedResult:
    """What knowing is worth before choosing a plan; million USD a year.

    ``table`` has a row for each uncertain figure, worth most first: ``figure`` (``table:row:column``), ``fact``,
    ``grade`` (assumed, derived, sourced), ``value``, ``least``, ``most``, ``unit``, ``worth_musd`` with its 90 %
    interval, ``plan_changes`` and ``leader_changes`` (shares of draws in which knowing it picks another plan, and
    names another partner as the one that takes most), and ``stands_out`` from chance among so many. Capital is not
    drawn. ``plan`` is best without knowing more, ``choices`` are those compared; ``whole_musd`` is what knowing
    everything is worth, also with its interval. ``refused`` draws could not be calibrated and are left out.
    """

    horizon: str
    rule: Rule
    against: int
    severity: float
    seed: int
    draws: int
    refused: int
    plan: Plan
    loss_musd: float
    whole_musd: float
    whole_low_musd: float
    whole_high_musd: float
    whole_changes: float
    choices: tuple[Plan, ...]
    table: pl.DataFrame
    figures: tuple[tuple[Quantity, ...], ...] = field(repr=False, compare=False, default=())

    @cached_property
    def numbers(self) -> Numbers:
        """The worth of each figure as ``disputed:TABLE:ROW:COLUMN``, with the cells of the figure."""
        cells = {f"{one[0].ref}": tuple(sorted(part.ref for part in one)) for one in self.figures}
        return {
            f"disputed:{row['figure']}": CitedNumber(
                cells[row["cell"]], row["worth_musd"], row["worth_low_musd"], row["worth_high_musd"], "MUSD/yr"
            )
            for row in self.table.iter_rows(named=True)
            if row["cell"] in cells
        }


def disputed(
    setup: Setup,
    *,
    rule: Rule = "worst",
    against: int = 2,
    span: Span = "medium",
    severity: float = 1.0,
    parties: Sequence[str] = (),
    budget_musd: float | None = None,
    draws: int = 100,
    seed: int = 0,
) -> DisputedResult:
    """Return the expected value of partial perfect information of each uncertain figure over the choice of a plan.

    The rule is the worst refusal of at most ``against`` of ``parties``, or the mean over recorded outages. Raises
    :class:`InputError` as :func:`kopir.strategy.plans.plan.plan` does, for too few draws and, for the mean, if no
    outage is recorded; :class:`ModelError` when no draw can be calibrated.
    """
    if draws < LEAST_DRAWS:
        mend = f"take at least {LEAST_DRAWS}"
        raise InputError(Fault("K0505", "too few draws to tell a figure from chance", mend, column="--draws",
                               value=str(draws)))  # fmt: skip
    menu = Menu(setup, span, against, severity, parties, budget_musd)
    record = _record(setup) if rule == "mean" else None
    drawn = joint_draws(setup, draws, seed, tables=DRAWN)
    worlds, places = _worlds(setup, drawn)
    players = sorted({party for one in menu.denials for party in one.parties})
    choices = _choices(menu, setup, worlds[:LEADING], rule, record)
    losses, leverage = _over(worlds, span, rule, menu.denials, record, choices, players, severity)
    table = _table(setup, drawn.figures, drawn.points[places], losses, leverage, seed)
    whole = of_everything(losses)
    best = int(losses.mean(axis=0).argmin())
    return DisputedResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        rule=rule,
        against=against,
        severity=severity,
        seed=seed,
        draws=draws,
        refused=draws - len(worlds),
        plan=choices[best],
        loss_musd=float(losses[:, best].mean()),
        whole_musd=whole.value,
        whole_low_musd=whole.low,
        whole_high_musd=whole.high,
        whole_changes=whole.changes,
        choices=choices,
        table=table,
        figures=drawn.figures,
    )


def _worlds(setup: Setup, drawn: JointDraws) -> tuple[list[Setup], list[int]]:
    """Return the draws made ready, and which they are: those that explain the recorded flows."""
    worlds, places = [], []
    for place, point in enumerate(drawn.draws):
        try:
            worlds.append(prepare_at(setup, *point))
        except ModelError:
            continue
        places.append(place)
    if not worlds:
        raise ModelError(Fault("K0403", "no draw explains the recorded flows", "check baseline_flows.csv"))
    return worlds, places


def _record(setup: Setup) -> Record:
    if not setup.model.table("events").height:
        mend = "record events, or let the worst refusal decide: --rule worst"
        raise InputError(
            Fault("K0505", "no outage is recorded", mend, "events.csv", column="--rule", value="mean")
        )
    return recorded_outages(setup)


def _choices(
    menu: Menu, setup: Setup, worlds: Sequence[Setup], rule: Rule, record: Record | None
) -> tuple[Plan, ...]:
    """Return nothing, each option, and what is best step by step in the middle and in each of ``worlds``."""
    capital = dict(zip(menu.names, menu.capital, strict=True))
    number = {name: 1 << place for place, name in enumerate(menu.names)}

    @cache
    def fits(plan: Plan) -> bool:
        within = sum(capital[name] for name in plan) <= menu.budget * (1 + 1e-12)
        return within and menu.allowed(sum(number[name] for name in plan))

    found: dict[Plan, None] = dict.fromkeys([(), *((name,) for name in menu.names if fits((name,)))])
    for world in (setup, *worlds):
        loss = residual(world, menu.valuation.span, rule, menu.denials, record)
        grown = step_by_step(loss, menu.names, fits)
        found |= dict.fromkeys([grown, *combinations(grown, max(0, len(grown) - 1))])
    return tuple(sorted((one for one in found if fits(one)), key=lambda one: (len(one), one)))


def _over(
    worlds: Sequence[Setup],
    span: Span,
    rule: Rule,
    denials: Sequence[Denial],
    record: Record | None,
    choices: Sequence[Plan],
    players: Sequence[str],
    severity: float,
) -> tuple[Floats, Floats]:
    """Return residual losses (draws x choices) and what each lone refusal takes today (draws x players)."""
    losses, leverage = np.empty((len(worlds), len(choices))), np.empty((len(worlds), len(players)))
    for place, world in enumerate(worlds):
        loss = residual(world, span, rule, denials, record)
        losses[place] = [loss(plan) for plan in choices]
        value = loss.valuation.value
        leverage[place] = [value(NOBODY) - value(Denial(frozenset({one}), severity)) for one in players]
    return losses, leverage


def _table(
    setup: Setup,
    figures: Sequence[Sequence[Quantity]],
    points: Floats,
    losses: Floats,
    leverage: Floats,
    seed: int,
) -> pl.DataFrame:
    leader = int(leverage.mean(axis=0).argmax()) if leverage.size else 0
    rows = []
    for place in range(points.shape[1]):
        known = points[:, place]
        worth = of_one(losses, known, seed=seed)
        flips = float((likely_first(leverage, known) != leader).mean()) if leverage.size else 0.0
        own = _named(setup, figures[place][0]) if place < len(figures) else _CLAUSES
        rows.append((*own, worth.value, worth.low, worth.high, worth.changes, flips, worth.chance))
    table = pl.DataFrame(rows, schema=[*_FIGURE, *_WORTH], orient="row")
    out = pl.Series("stands_out", stand_out(table["chance"].to_numpy()))
    return table.drop("chance").with_columns(out).sort("worth_musd", "figure", descending=[True, False])


_FIGURE: dict[str, pl.DataType] = {
    "figure": pl.String(),
    "cell": pl.String(),
    "fact": pl.String(),
    "grade": pl.String(),
    "value": pl.Float64(),
    "least": pl.Float64(),
    "most": pl.Float64(),
    "unit": pl.String(),
}
_WORTH: dict[str, pl.DataType] = {
    "worth_musd": pl.Float64(),
    "worth_low_musd": pl.Float64(),
    "worth_high_musd": pl.Float64(),
    "plan_changes": pl.Float64(),
    "leader_changes": pl.Float64(),
    "chance": pl.Float64(),
}
_CLAUSES = (CLAUSES, "", None, "assumed", None, None, None, "")


def _named(setup: Setup, one: Quantity) -> tuple[object, ...]:
    figure = f"{row_id(setup.model.folder.tables[one.ref.table], one.ref.line)}:{one.ref.column}"
    return figure, str(one.ref), one.fact, one.grade, one.value, one.low, one.high, one.unit
