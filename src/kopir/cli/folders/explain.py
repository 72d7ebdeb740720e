"""``kopir explain``: what a fault code means and how such faults are mended."""

from __future__ import annotations

from typing import Annotated

import typer

from kopir.cli.options import Delivery
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.core.errors import Fault, InputError, fault_codes
from kopir.core.spelling import did_you_mean

_COLUMNS = ("code", "title", "meaning", "mend")


def explain(
    delivery: Delivery,
    code: Annotated[
        str, typer.Argument(metavar="[CODE]", help="A fault code such as K0207; all when left out.")
    ] = "",
) -> None:
    """Say what a fault code means and how such faults are mended; without a code, list them all."""

    def ask(_: Stages) -> Reply:
        known = fault_codes()
        if not code:
            records = [{name: getattr(one, name) for name in _COLUMNS} for one in known.values()]
            grid = Grid(_COLUMNS, tuple(tuple(record.values()) for record in records))
            short = Grid(_COLUMNS[:2], tuple(row[:2] for row in grid.rows))
            return Reply({"codes": records}, grid, (short,))
        found = known.get(code.upper())
        if found is None:
            mend = did_you_mean(code.upper(), known, "a code that `kopir explain` lists")
            raise InputError(Fault("K0701", f"unknown fault code {code!r}", mend, value=code))
        row = tuple(str(getattr(found, name)) for name in _COLUMNS)
        text = f"{found.code} {found.title}\n\n{found.meaning}\n\nmend: {found.mend}"
        return Reply(dict(zip(_COLUMNS, row, strict=True)), Grid(_COLUMNS, (row,)), (text,))

    deliver(delivery, ask)
