"""``kopir hindcast --seen`` and ``--unseen``: disruptions elsewhere, told by small mechanisms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kopir.cli.output import Grid, Reply, Stages, figure

if TYPE_CHECKING:
    from kopir.cli.options import Subject
    from kopir.strategy.precedents.judged import Judgement
    from kopir.strategy.precedents.record import Record

HERE = "."


def judged(subject: Subject, part: Literal["seen", "unseen"], stages: Stages) -> Reply:
    """Return the answer for one part of the record that comes with kopir and of the model's own tables."""
    from kopir.strategy.precedents.judged import judge

    with stages.stage("reading"):
        record = _record(subject)
    with stages.stage("fitting and judging"):
        return _reply(judge(record, part))


def _record(subject: Subject) -> Record:
    from kopir.core.folders.settings import FILE
    from kopir.strategy.precedents.record import bundled_record, joined, record_of

    record = bundled_record()
    if subject.model == HERE and not Path(FILE).is_file():
        return record
    tables = subject.open().model.folder.tables
    return joined(record, record_of(tables))


def _reply(found: Judgement) -> Reply:
    by_rule = Grid.of(
        found.mechanisms,
        "median relative error by mechanism; one disruption, one voice",
        mechanism="mechanism",
        responses="rows",
        precedents="events",
        error="error",
        error_no_change="of no change",
        error_proportional="pro rata",
        ratio="to the better",
        signs="direction",
        inside="within",
    ).showing("mechanism", "rows", "error", "of no change", "pro rata", "direction")
    rows = Grid.of(
        found.table,
        f"{found.part} responses",
        response="row",
        mechanism="mechanism",
        before="before",
        seen="seen",
        predicted="predicted",
        low="low",
        high="high",
        proportional="pro rata",
        error="error",
        sign="direction right",
    ).showing("row", "before", "seen", "predicted", "low", "high", "error")
    left = Grid.of(
        found.unexpressed,
        "responses that no mechanism reaches",
        response="row",
        indicator="indicator",
        why="why",
    )
    return Reply(
        record=found.as_record(),
        main=Grid.of(found.table),
        parts=(by_rule, _goal(found), rows, _fitted(found), left),
    )


def _goal(found: Judgement) -> str:
    from kopir.strategy.precedents.judged import ALL, GOAL_ERROR, GOAL_ROWS, GOAL_SIGNS

    total = found.mechanisms.filter(mechanism=ALL)
    if total.is_empty():
        return f"{found.part}: no response that a mechanism reaches"
    row = total.row(0, named=True)
    error, rows, signs = found.goal
    said = (
        f"error {figure(row['ratio'])} of the better naive one, wanted at most {GOAL_ERROR:g}: {_met(error)}",
        f"{row['responses']} responses, wanted {GOAL_ROWS}: {_met(rows)}",
        f"directions {figure(row['signs'])}, wanted {GOAL_SIGNS:g}: {_met(signs)}",
    )
    kept = "fitted on these" if found.part == "seen" else "kept from fitting"
    return (
        f"{found.part} ({kept}): {found.disruptions} disruptions, {found.sourced} with two sources; {'; '.join(said)}"
    )


def _met(reached: bool) -> str:
    return "reached" if reached else "missed"


def _fitted(found: Judgement) -> Grid:
    at = found.fitted
    rows = [
        (name, figure(value), figure(at.low[name]), figure(at.high[name]), str(at.events[name]))
        for name, value in at.parameters.items()
    ]
    return Grid(
        ("parameter", "value", "low", "high", "events"),
        tuple(rows),
        "fitted on the seen part alone; low and high: within a tenth of the least sum of errors",
    )
