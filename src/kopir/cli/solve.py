"""``kopir flow`` and ``kopir leverage``: the questions that solve the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import Delivery, Span, Subject, Tongue
from kopir.cli.output import Grid, Reply, Stages, deliver, figure

if TYPE_CHECKING:
    from kopir.core.codes import Language
    from kopir.project import Answer, Project
    from kopir.strategy.flows import FlowResult
    from kopir.strategy.leverage import LeverageResult

Severity = Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of what their clauses can close.")]


def flow(
    subject: Subject,
    span: Span,
    delivery: Delivery,
    *,
    deny: Annotated[list[str] | None, typer.Option(metavar="CODE", help="A jurisdiction that refuses.")] = None,
    severity: Severity = 1.0,
    build: Annotated[list[str] | None, typer.Option(metavar="OPTION", help="An option that is built.")] = None,
) -> None:
    """Show the best flow: what moves where, for whom; --deny and --build may be repeated."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        with stages.stage("solving"):
            answer = project.flow(denied=deny or (), severity=severity, plan=build or (), horizon=span.horizon)
        return _flow_reply(answer)

    deliver(delivery, ask, folder=subject.model)


def leverage(
    subject: Subject,
    span: Span,
    tongue: Tongue,
    delivery: Delivery,
    *,
    party: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Only this partner (may be repeated).")
    ] = None,
    severity: Severity = 1.0,
) -> None:
    """Show what each partner's refusal costs, before and after the best response."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        with stages.stage("solving"):
            answer = project.leverage(horizon=span.horizon, severity=severity, parties=party or ())
        return leverage_reply(project, answer, tongue.lang)

    deliver(delivery, ask, folder=subject.model)


def _flow_reply(answer: Answer[FlowResult]) -> Reply:
    found = answer.result
    summary = (
        f"value {figure(found.value_usd)} million USD a year; produced {figure(found.produced_mt)}, "
        f"sold {figure(found.sold_mt)}, unmet {figure(found.unmet_mt)} Mt a year ({found.horizon} horizon)"
    )
    title = "optimal flow, Mt a year" if found.calibrated else "optimal flow at recorded costs, Mt a year"
    headings = {name: name.replace("_", " ") for name in found.table.columns if name != "flow_mt"}
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(Grid.of(found.table, title, **headings, flow_mt="Mt"), summary),
        run=answer.run,
        notes=("`kopir why flow:ASSET_TYPE:ASSET:COMMODITY:OWNER` says what a flow rests on",),
    )


def leverage_reply(project: Project, answer: Answer[LeverageResult], language: Language) -> Reply:
    """Return the four figures of each partner, physical ones first."""
    from kopir.model.names import name_of

    found = answer.result
    names = [name_of(project.model, code, language) for code in found.table["partner"].to_list()]
    shown = found.table.with_columns(
        found.table["partner"].replace_strict(found.table["partner"], names).alias("name"),
        (found.table["assumed_share"] * 100).alias("assumed_pct"),
    )
    costs = "calibrated costs" if found.calibrated else "recorded costs, no flows recorded to calibrate"
    title = (
        f"what a refusal at severity {found.severity:g} costs {project.model.focal_state} a year, {found.horizon} "
        f"horizon, base year {found.baseline_year} ({costs})"
    )
    grid = Grid.of(
        shown,
        title,
        partner="partner",
        name="name",
        sensitivity_mt="lost if nothing re-routes, Mt",
        rerouted_mt="re-routed, Mt",
        stranded_mt="stranded, Mt",
        sensitivity_usd="sensitivity, M USD",
        leverage_usd="leverage, M USD",
        income_usd="of residents, M USD",
        foreign_usd="of foreign holders, M USD",
        own_income_usd="own loss of fees and sales, M USD",
        assumed_pct="assumed, %",
    )
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(grid,),
        run=answer.run,
        notes=("`kopir why leverage:PARTNER:COLUMN` (columns as --csv names them) says what a figure rests on",),
    )
