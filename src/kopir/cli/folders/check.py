"""``kopir check``: every fault of a model folder, or what it holds and rests on."""

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
    """List every fault of a model folder (exit code 1), or what it holds and rests on."""

    def ask(stages: Stages) -> Reply:
        try:
            with stages.stage("checking"):
                answer = subject.open().check()
        except InputError as error:
            if any(fault.code == NO_FOLDER for fault in error.faults):
                raise
            return _findings(error.faults, subject.model)
        return _inventory(answer, every=all)

    deliver(delivery, ask, folder=subject.model)


def _findings(faults: Sequence[Fault], model: str) -> Reply:
    faults = sorted(faults, key=lambda fault: (fault.file or "", fault.line or 0, fault.column or "", fault.code))
    records = [fault.as_record() for fault in faults]
    columns = ("code", "file", "line", "column", "value", "why", "mend")
    count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}; `kopir explain CODE` explains a code"
    return Reply(
        record={"sound": False},
        main=Grid(columns, tuple(tuple(record[name] for name in columns) for record in records)),
        parts=(fault_text(faults, model_folder(model), shown=None),),
        notes=(count,),
        faults=tuple(faults),
        exit_code=1,
    )


def _inventory(answer: Answer[Inventory], *, every: bool) -> Reply:
    held = answer.result
    shares = ", ".join(f"{100 * share:.0f} % {grade}" for grade, share in held.shares.items())
    parts: list[str | Grid] = [
        f"{answer.run.model}: sound",
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
