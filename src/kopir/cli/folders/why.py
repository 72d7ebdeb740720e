"""``kopir why``: from a number to model rows, facts, formulas and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import Delivery, Span, Subject
from kopir.cli.output import Grid, Reply, Stages, deliver

if TYPE_CHECKING:
    from kopir.model.grounds.provenance import Trace

SHOWN_STEPS = 60


def why(
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A cell (table:line:column), a row (table:key), a fact, a source, or a result "
            "such as leverage:RUS:leverage_musd.",
        ),
    ],
    subject: Subject,
    span: Span,
    delivery: Delivery,
    *,
    all: Annotated[bool, typer.Option("--all", help=f"Show every step, not only {SHOWN_STEPS}.")] = False,
) -> None:
    """Walk from a number to the model rows, facts, formulas and sources that it rests on."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        with stages.stage("tracing"):
            from kopir.report.recall import MEMORY

            found = project.why(id, horizon=span.horizon, memory=MEMORY)
        run = project.record("why", horizon=span.horizon if found.kind == "result" else None, options={"id": id})
        steps = list(found.walk())
        shown = steps if all else steps[:SHOWN_STEPS]
        left = len(steps) - len(shown)
        columns = ("depth", "id", "kind", "text", "value", "low", "high", "unit", "grade", "left_out")
        rows = tuple((depth, *(getattr(step, name) for name in columns[1:])) for depth, step in steps)
        return Reply(
            record=found.as_record(),
            main=Grid(columns, rows),
            parts=("\n".join(_line(depth, step) for depth, step in shown),),
            run=run,
            notes=(f"... and {left} more steps; --all shows them",) if left else (),
        )

    deliver(delivery, ask, folder=subject.model)


def _line(depth: int, step: Trace) -> str:
    parts = [f"{'  ' * depth}{step.id}"]
    if step.value is not None:
        parts.append(f"= {_number(step)}")
    if step.grade:
        parts.append(f"[{step.grade}]")
    parts.append(step.text)
    if step.left_out:
        parts.append(f"({step.left_out})")
    return " ".join(parts)


def _number(step: Trace) -> str:
    unit = f" {step.unit}" if step.unit not in {"", "1"} else ""
    if step.low == step.high or step.low is None or step.high is None:
        return f"{_exact(step.value)}{unit}"
    return f"{_exact(step.value)} [{_exact(step.low)}..{_exact(step.high)}]{unit}"


def _exact(value: float | None) -> str:
    return "–" if value is None else f"{value:.10g}"
