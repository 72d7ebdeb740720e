"""``kopir ledger``: announced deals, and promises with what became of them."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from kopir.cli.conflicts import Model
from kopir.cli.factbook import open_book
from kopir.cli.options import Delivery
from kopir.cli.output import Grid, Reply, Stages, deliver

_SHOWN = {
    "deals": {
        "date": "date",
        "party": "party",
        "partners": "partners",
        "value": "value",
        "unit": "unit",
        "stage": "stage",
        "part_of": "counted in",
        "listed": "listed items",
        "double_counted": "double counted",
    },
    "targets": {
        "deadline": "by",
        "key": "what",
        "value": "promised",
        "present": "now",
        "growth_needed": "growth a year",
        "outcome": "outcome",
        "met": "met",
        "record": "record",
    },
}


def ledger(
    what: Annotated[Literal["deals", "targets"], typer.Argument(help="deals or targets.")],
    delivery: Delivery,
    *,
    model: Model = ".",
) -> None:
    """List announced deals with double counting, or promises with present value, growth needed and outcome."""

    def ask(stages: Stages) -> Reply:
        from kopir.facts import deals_ledger, targets_ledger

        _, book = open_book(model, stages)
        found = deals_ledger(book) if what == "deals" else targets_ledger(book)
        return Reply(
            record={what: found.table.to_dicts()},
            main=Grid.of(found.table),
            parts=(Grid.of(found.table, **_SHOWN[what]),),
        )

    deliver(delivery, ask, folder=model)
