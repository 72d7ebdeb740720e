"""``kopir diff``: what moved between two fact books."""

from __future__ import annotations

from typing import Annotated

import typer

from kopir.cli.factbook import open_book
from kopir.cli.options import Delivery
from kopir.cli.output import Grid, Reply, Stages, deliver


def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="A model folder, or a bundled model.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The same, later.")],
    delivery: Delivery,
) -> None:
    """Show what moved between two fact books, and the cells of the later model that rest on it."""

    def ask(stages: Stages) -> Reply:
        from kopir.facts import cells_resting_on
        from kopir.facts import diff as compare

        _, old = open_book(before, stages)
        folder, new = open_book(after, stages)
        table = compare(old, new).table
        touched = {
            claim
            for claims in (*table["claims"].drop_nulls(), *table["claims_after"].drop_nulls())
            for claim in claims
        }
        cells = cells_resting_on(folder, touched)
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
            parts = (*parts, Grid.of(cells, "cells that rest on what moved"))
        return Reply(
            record={"moved": table.to_dicts(), "cells": cells.to_dicts()}, main=Grid.of(table), parts=parts
        )

    deliver(delivery, ask, folder=after)
