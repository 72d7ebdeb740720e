"""``kopir check``: every fault and doubt about a model folder, or what it holds and rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.faults import fault_text
from kopir.cli.options import Delivery, Subject
from kopir.cli.output import Grid, Reply, Stages, deliver, model_folder
from kopir.core.errors import Fault, InputError

if TYPE_CHECKING:
    from kopir.model.grounds.inventory import Inventory
    from kopir.project import Answer

NO_FOLDER = "K0101"


def check(
    subject: Subject,
    delivery: Delivery,
    *,
    all: Annotated[bool, typer.Option("--all", help="List every assumption, not only their number.")] = False,
) -> None:
    """List every fault of a model folder (exit code 1), or every warning (exit code 0) and what it holds.

    A fault keeps the model from being read or its baseline from being solved. A warning stops nothing: it says
    what is written in a way that seldom means what its author meant, and how to write it.
    """

    def ask(stages: Stages) -> Reply:
        try:
            with stages.stage("checking"):
                answer = subject.open().check()
        except InputError as error:
            if any(fault.code == NO_FOLDER for fault in error.faults):
                raise
            return _findings(error.faults, subject.model)
        if answer.result.stops:
            return _findings(answer.result.stops, subject.model, answer.result.warnings)
        return _inventory(answer, subject.model, every=all)

    deliver(delivery, ask, folder=subject.model)


def _findings(faults: Sequence[Fault], model: str, warnings: Sequence[Fault] = ()) -> Reply:
    faults = sorted(faults, key=lambda fault: (fault.file or "", fault.line or 0, fault.column or "", fault.code))
    count = f"{_counted(faults, 'fault')}; `kopir explain CODE` explains a code"
    return Reply(
        record={"sound": False, "warnings": [one.as_record() for one in warnings]},
        main=_grid([*faults, *warnings]),
        parts=(
            fault_text(faults, model_folder(model), shown=None),
            *((_warned(warnings, model),) if warnings else ()),
        ),
        notes=(count,),
        faults=tuple(faults),
        exit_code=1,
    )


def _grid(found: Sequence[Fault]) -> Grid:
    columns = ("code", "file", "line", "column", "value", "why", "mend")
    records = [one.as_record() for one in found]
    return Grid(columns, tuple(tuple(record[name] for name in columns) for record in records))


def _warned(warnings: Sequence[Fault], model: str) -> str:
    head = f"{_counted(warnings, 'warning')}; answers can be computed, but may not mean what was meant"
    return f"{head}\n\n{fault_text(warnings, model_folder(model), shown=None)}"


def _counted(found: Sequence[Fault], what: str) -> str:
    return f"{len(found)} {what}{'s' if len(found) != 1 else ''}"


def _inventory(answer: Answer[Inventory], model: str, *, every: bool) -> Reply:
    held = answer.result
    shares = ", ".join(f"{100 * share:.0f} % {grade}" for grade, share in held.shares.items())
    parts: list[str | Grid] = [
        f"{answer.run.model}: {'read and solved' if held.warnings else 'sound'}",
        *((_warned(held.warnings, model),) if held.warnings else ()),
        Grid.of(held.table),
        f"{sum(held.cells.values())} quantity cells: {shares}",
    ]
    if every:
        parts.append(Grid.of(held.assumption_table, "assumptions"))
    else:
        wide = sum(one.is_uncertain for one in held.assumptions)
        parts.append(f"{len(held.assumptions)} assumptions ({wide} with an interval); --all lists them")
    return Reply(
        record={"sound": True, **answer.as_record()},
        main=Grid.of(held.assumption_table if every else held.table),
        parts=tuple(parts),
        run=answer.run,
    )
