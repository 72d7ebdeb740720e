"""``kopir stress``: a dated scenario, followed step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply, figure
from kopir.strategy.questions import Questions

_NOTHING = 1e-9  # Mt; rounding of the solver

if TYPE_CHECKING:
    from kopir.strategy.course.ranges import CourseIntervals
    from kopir.strategy.course.stress import StressResult


def _reply(told: Told) -> Reply:
    answer = told.answer
    import polars as pl

    found: StressResult = answer.result
    way = "with perfect foresight" if found.foresight else "each step decided without knowing the next"
    costs = "calibrated costs" if found.calibrated else "recorded costs, no flows recorded to calibrate"
    head = (
        f"{found.scenario}, {way}, {costs}; all figures over the whole scenario against the same days undisturbed"
    )
    busy = found.table.filter(
        pl.any_horizontal(
            (pl.col(name).abs() > 1e-6) for name in ("shut_in_mt", "moved_mt", "unmet_mt", "loss_musd")
        )
    )
    steps = Grid.of(
        busy,
        f"steps in which anything changes ({busy.height} of {found.table.height}), Mt and million USD",
        first="from",
        days="days",
        produced_mt="produced",
        shut_in_mt="shut in",
        moved_mt="moved",
        unmet_mt="unmet",
        stock_mt="in store",
        loss_musd="loss",
    ).showing("from", "days", "moved", "shut in", "loss")
    routes = Grid.of(
        found.routes,
        "what carries more or less, Mt",
        asset_type="type",
        asset="asset",
        commodity="commodity",
        owner="owner",
        before_mt="before",
        after_mt="after",
        change_mt="change",
    )
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(head, summary(found), *ranges(found.intervals), steps, *pages(found), routes),
        run=answer.run,
        rates=False,
        notes=(f"what a figure rests on: kopir why {next(iter(answer.cells))} MODEL",),
    )


def ranges(found: CourseIntervals | None) -> tuple[str | Grid, ...]:
    """Return how sure the figures of a course are, or nothing where no draws were made."""
    if found is None or not found.made:
        return ()
    full = "in no draw"
    if found.full_days is not None:
        full = f"day {found.full_days[0]} to day {found.full_days[1]}, in {found.full_draws} of {found.made} draws"
    table = Grid.of(
        found.table,
        f"with intervals (5 to 95 % of {found.made} draws, seed {found.seed}), Mt and million USD",
        measure="measure",
        central="central",
        low="low",
        high="high",
    )
    return f"stores full: {full}", table


def summary(found: StressResult) -> str:
    """Return the main figures of a course in words, shares with their base."""
    lines = [
        _filling(found),
        _moving(found),
        f"unmet {figure(found.unmet_mt)} Mt; in store at the end {figure(found.stock_mt)} Mt beyond the usual",
        f"loss {figure(found.loss_musd)} million USD, of it deferred {figure(found.deferral_musd)} (present "
        "value of oil that comes out later)",
        "by beneficiary, million USD: "
        + ", ".join(f"{name.removesuffix('_musd')} {figure(value)}" for name, value in found.losses_musd.items()),
    ]
    return "\n".join(lines)


def _filling(found: StressResult) -> str:
    full = "no store fills" if found.full_on is None else f"stores full on {found.full_on.isoformat()}"
    if found.shut_in_mt <= _NOTHING:
        return f"{full}; nothing is shut in"
    if found.back_on is None:
        return f"{full}; oil is still shut in at the end"
    return f"{full}; nothing shut in from {found.back_on.isoformat()}"


def _moving(found: StressResult) -> str:
    """Say what moved and what was shut in; of what, only where there is something to be a part of."""
    base = f"of the {figure(found.base_mt)} Mt usually exported in the {found.base_days} days disturbed"
    moved, shut_in = found.moved_mt, found.shut_in_mt
    if shut_in <= _NOTHING:
        if moved <= _NOTHING:
            return f"nothing had to find another way {base}, and nothing was shut in"
        return f"moved to other ways {figure(moved)} Mt {base}; nothing was shut in"
    part = f" ({figure(100 * shut_in / found.base_mt)} %)" if found.base_mt > 0 else ""
    if moved <= _NOTHING:
        return f"shut in {figure(shut_in)} Mt{part} {base}; nothing found another way"
    share = 100 * moved / (moved + shut_in)
    return (
        f"shut in {figure(shut_in)} Mt{part} {base};\n"
        f"moved to other ways {figure(moved)} Mt ({figure(share)} % of what was moved or shut in)"
    )


def pages(found: StressResult) -> tuple[Grid, Grid]:
    """Return under whose control oil moved, and which limits bound, in order of time."""
    return (
        Grid.of(
            found.control.filter(found.control["moved_mt"].abs() > 1e-6),
            "under whose control it moved, Mt (one tonne can pass several)",
            party="player",
            moved_mt="Mt",
        ),
        Grid.of(
            found.binding,
            "limits that bind, in order (Mt a year; Mt for stores)",
            first="from",
            asset_type="type",
            asset="asset",
            limit_mt="limit",
        ),
    )


stress = command_of(Questions.stress, _reply, speaks=False)
