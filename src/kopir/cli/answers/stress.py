"""``kopir stress``: a dated scenario followed step by step, or years drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import Delivery, Span, Subject
from kopir.cli.output import Grid, Reply, Stages, deliver, figure

_NOTHING = 1e-9  # Mt; rounding of the solver
_TONNES = {
    "produced": "produced",
    "shut_in": "shut in",
    "moved": "moved",
    "unmet": "unmet",
    "stock": "in store",
}

if TYPE_CHECKING:
    import polars as pl

    from kopir.model.grounds.answers import Answer
    from kopir.model.network.goods import Goods
    from kopir.strategy.course.ranges import CourseIntervals
    from kopir.strategy.course.stress import StressResult
    from kopir.strategy.outages.sampled import SampledResult


def _reply(answer: Answer[StressResult]) -> Reply:
    import polars as pl

    found = answer.result
    way = "with perfect foresight" if found.foresight else "each step decided without knowing the next"
    costs = "calibrated costs" if found.calibrated else "recorded costs, no flows recorded to calibrate"
    head = (
        f"{found.scenario}, {way}, {costs}; all figures over the whole scenario against the same days undisturbed"
    )
    changing = [one.column(measure) for one in found.goods for measure in ("shut_in", "moved", "unmet")]
    busy = found.table.filter(pl.any_horizontal((pl.col(name).abs() > 1e-6) for name in (*changing, "loss_musd")))
    steps = Grid.of(
        busy,
        f"steps in which anything changes ({busy.height} of {found.table.height}), Mt and million USD",
        first="from",
        days="days",
        **{one.column(measure): one.of(said) for one in found.goods for measure, said in _TONNES.items()},
        loss_musd="loss",
    ).showing("from", "days", *(one.of(said) for one in found.goods for said in ("moved", "shut in")), "loss")
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
        parts=(head, summary(found), held(found.held), *ranges(found.intervals), steps, *pages(found), routes),
        run=answer.run,
        rates=False,
        notes=(f"what a figure rests on: kopir why {next(iter(answer.cells))} MODEL",),
    )


def held(found: pl.DataFrame) -> Grid:
    """Return tonnes with the ranges of the record elsewhere."""
    level = found["level"].item(0)
    return Grid.of(
        found,
        f"as wide as disruptions elsewhere were told wrong, to hold {100 * level:g} of 100; Mt (none for money)",
        measure="measure",
        central="central",
        low="low",
        high="high",
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
        *(_moving(found, one) for one in found.goods),
        *(_waiting(found, one) for one in found.goods),
        f"loss {figure(found.loss_musd)} million USD, of it deferred {figure(found.deferral_musd)} (present "
        "value of oil that comes out later)",
        "by beneficiary, million USD: "
        + ", ".join(f"{name.removesuffix('_musd')} {figure(value)}" for name, value in found.losses_musd.items()),
    ]
    return "\n".join(lines)


def _filling(found: StressResult) -> str:
    full = "no store fills" if found.full_on is None else f"stores full on {found.full_on.isoformat()}"
    if all(found.volumes[one.column("shut_in")] <= _NOTHING for one in found.goods):
        return f"{full}; nothing is shut in"
    if found.back_on is None:
        return f"{full}; some is still shut in at the end"
    return f"{full}; nothing shut in from {found.back_on.isoformat()}"


def _waiting(found: StressResult, goods: Goods) -> str:
    unmet, stock = (found.volumes[goods.column(measure)] for measure in ("unmet", "stock"))
    return goods.of(f"unmet {figure(unmet)} Mt; in store at the end {figure(stock)} Mt beyond the usual")


def _moving(found: StressResult, goods: Goods) -> str:
    """Say what moved and what was shut in; of what, only where there is something to be a part of."""
    moved, shut_in, usual = (found.volumes[goods.column(measure)] for measure in ("moved", "shut_in", "base"))
    return goods.of(_moving_told(moved, shut_in, usual, found.base_days))


def _moving_told(moved: float, shut_in: float, usual: float, days: int) -> str:
    base = f"of the {figure(usual)} Mt usually exported in the {days} days disturbed"
    if shut_in <= _NOTHING:
        if moved <= _NOTHING:
            return f"nothing had to find another way {base}, and nothing was shut in"
        return f"moved to other ways {figure(moved)} Mt {base}; nothing was shut in"
    part = f" ({figure(100 * shut_in / usual)} %)" if usual > 0 else ""
    if moved <= _NOTHING:
        return f"shut in {figure(shut_in)} Mt{part} {base}; nothing found another way"
    share = 100 * moved / (moved + shut_in)
    return (
        f"shut in {figure(shut_in)} Mt{part} {base};\n"
        f"moved to other ways {figure(moved)} Mt ({figure(share)} % of what was moved or shut in)"
    )


def pages(found: StressResult) -> tuple[Grid, Grid]:
    """Return under whose control goods moved, and which limits bound, in order of time."""
    import polars as pl

    tonnes = [one.column("moved") for one in found.goods]
    return (
        Grid.of(
            found.control.filter(pl.any_horizontal(pl.col(tonnes).abs() > 1e-6)),
            "under whose control it moved, Mt (one tonne can pass several)",
            party="player",
            **{one.column("moved"): one.of("Mt") for one in found.goods},
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


def _sampled(answer: Answer[SampledResult]) -> Reply:
    """Return the distribution of losses and its drivers, as tables."""
    found = answer.result
    ways = ", ".join(f"{count:,} {how}" for how, count in found.certified.items())
    head = (
        f"{found.samples:,} years in {found.worlds - found.refused:,} worlds of inputs (seed {found.seed}), "
        f"{found.horizon} horizon; losses of all shippers, million USD a year, best response\n"
        "drawn: recorded outages at rates that the record leaves open, as severe as recorded, at any time of "
        "the year; inputs within their intervals. No intention has a rate\n"
        f"certified: {ways}"
    )
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(
            head,
            Grid.of(
                found.table,
                "loss in a year, with the 95 % interval of the estimate",
                measure="measure",
                loss_musd="M USD",
                low_musd="low",
                high_musd="high",
            ),
            Grid.of(
                found.events,
                f"by event: a year's rate, what it adds to the mean and to the mean of the worst "
                f"{figure(100 * (1 - found.level))} % (CVaR)",
                event="event",
                rate="rate",
                rate_low="from",
                rate_high="to",
                severity_low="share lost",
                severity_high="up to",
                days="days",
                mean_musd="mean",
                cvar_musd="CVaR",
            ).showing("event", "rate", "mean", "CVaR"),
            Grid.of(
                found.inputs.filter(found.inputs["beyond_noise"]),
                f"inputs that go with the mean loss of their world (rank correlation beyond {found.noise:.2f})",
                input="fact or cell",
                rho="correlation",
            ),
        ),
        run=answer.run,
        notes=tuple(_on_samples(found)),
    )


def _on_samples(found: SampledResult) -> list[str]:
    notes = [f"in {figure(100 * found.quiet)} % of years nothing is lost"]
    if found.inputs_share is not None:
        share = figure(100 * found.inputs_share)
        notes.append(f"{share} % of the variance of years is that of worlds: inputs, calibration and rates")
    if found.refused:
        notes.append(f"{found.refused} worlds could not be calibrated to the recorded flows and are left out")
    if found.left_out:
        notes.append(f"recorded events that are none of the network's outages: {', '.join(found.left_out)}")
    return notes


@dataclass(frozen=True, slots=True)
class Drawn:
    """Years drawn at random instead of a scenario, and who works on them."""

    samples: Annotated[
        int | None,
        typer.Option(min=2, help="Instead of a scenario: years drawn from recorded outages and uncertain inputs."),
    ] = None
    store: Annotated[
        Path | None,
        typer.Option(help="With --samples: write every year there as Parquet; go on where a run stopped."),
    ] = None
    workers: Annotated[
        int, typer.Option(min=1, help="With --samples: processes that work on this machine (Dask).")
    ] = 1
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="With --samples: work on the Dask cluster at ADDRESS.")
    ] = None

    def __post_init__(self) -> None:
        if self.samples is None and (self.store is not None or self.workers > 1 or self.scheduler is not None):
            raise typer.BadParameter("--store, --workers and --scheduler go with --samples")


def stress(
    subject: Subject,
    span: Span,
    drawn: Drawn,
    delivery: Delivery,
    *,
    scenario: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A scenario file, or a name in the model's scenarios folder."),
    ] = None,
    foresight: Annotated[
        bool, typer.Option("--foresight", help="Know every shock and its end from the first day.")
    ] = False,
    draws: Annotated[int, typer.Option(min=0, max=500, help="Draws of the uncertain inputs, for intervals.")] = 0,
) -> None:
    """Show the course of a dated scenario, or how much recorded outages take in years drawn at random."""
    if (scenario is None) == (drawn.samples is None):
        raise typer.BadParameter("give --scenario FILE, or --samples NUMBER for years drawn at random")
    if drawn.samples is not None and (foresight or draws):
        raise typer.BadParameter("--foresight and --draws go with --scenario")

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        with stages.stage("solving"):
            if drawn.samples is None:
                assert scenario is not None
                return _reply(project.stress(scenario, foresight=foresight, draws=draws))
            return _sampled(
                project.sampled_losses(
                    drawn.samples,
                    horizon=span.horizon,
                    store=drawn.store,
                    workers=drawn.workers,
                    scheduler=drawn.scheduler,
                )
            )

    deliver(delivery, ask, folder=subject.model)
