"""``kopir diff``: what moved between two fact books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.faults import fault_text
from kopir.cli.options import Delivery
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import open_book
from kopir.core.errors import KopirError

if TYPE_CHECKING:
    from kopir.core.errors import Fault
    from kopir.core.folders.folder import Folder


_RENEW = "kopir update MODEL computes derived facts anew"


def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="A model folder, or a bundled model.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The same, later.")],
    delivery: Delivery,
) -> None:
    """Show what moved between two fact books, and which cells and results of the later model rest on it."""

    def ask(stages: Stages) -> Reply:
        from kopir.facts import cells_resting_on
        from kopir.facts import diff as compare

        _, old = open_book(before, stages, compare=False)
        folder, new = open_book(after, stages, compare=False)
        table = compare(old, new).table
        touched = {
            claim
            for claims in (*table["claims"].drop_nulls(), *table["claims_after"].drop_nulls())
            for claim in claims
        }
        cells = cells_resting_on(folder, touched)
        results, faults = _results(folder, set(cells["cell"]), stages)
        shown = {
            "change": "change",
            "key": "key",
            "value": "before",
            "value_after": "after",
            "move": "move",
            "status_after": "status",
        }
        parts: tuple[str | Grid, ...] = (Grid.of(table, **shown),) if len(table) else ("nothing moved",)
        if len(cells):
            told = ", ".join(results) or (
                "not asked, the later model is at fault" if faults else "none of leverage"
            )
            parts = (*parts, Grid.of(cells, "cells that rest on what moved"), f"results that rest on them: {told}")
        return Reply(
            record={"moved": table.to_dicts(), "cells": cells.to_dicts(), "results": results},
            main=Grid.of(table),
            parts=parts,
            notes=(fault_text(faults, None), _RENEW) if faults else (),
            faults=faults,
        )

    deliver(delivery, ask, folder=after)


def _results(folder: Folder, cells: set[str], stages: Stages) -> tuple[list[str], tuple[Fault, ...]]:
    """Return the refusals, and the theses, that rest on ``cells``; and the faults for which none can be solved."""
    theses = folder.tables["theses"]
    lines = {cell.split(":")[1] for cell in cells if cell.startswith("theses:")}
    rows = theses.cells.filter(theses.cells["line"].cast(str).is_in(sorted(lines)))
    found = [f"theses:{name}" for name in rows["thesis"]]
    if not cells or folder.tables["nodes"].cells.is_empty():
        return found, ()
    from kopir.core.clock import today
    from kopir.model.folder.revising import model_on
    from kopir.strategy.refusal.leverage import leverage
    from kopir.strategy.value.setup import prepare

    with stages.stage("asking which results rest on it"):
        try:
            numbers = leverage(prepare(model_on(folder, today()))).numbers
        except KopirError as error:
            return found, tuple(error.faults)
    partners = [
        name
        for name, number in numbers.items()
        if name.count(":") == 1 and not cells.isdisjoint(map(str, number.cells))
    ]
    return sorted([*found, *partners]), ()
