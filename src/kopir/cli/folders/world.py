"""``kopir world``: a model of any state from bilateral trade files, or a table of all states."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import Delivery
from kopir.cli.output import Grid, Reply, Stages, deliver, figure
from kopir.core.errors import Fault, InputError

if TYPE_CHECKING:
    from kopir.model.trade_files.every_state import EveryState

SHOWN = 3
"""Partners of each state and flow that a person is shown of all; ``--csv`` has every one."""


def world(
    paths: Annotated[list[Path], typer.Argument(metavar="FILES...", help="CSV of BACI, UN Comtrade or IMF IMTS.")],
    delivery: Delivery,
    *,
    focal: Annotated[str | None, typer.Option(metavar="STATE", help="The state to make a model of.")] = None,
    into: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder to make.")] = None,
    all: Annotated[bool, typer.Option("--all", help="Instead, a table of all states and partners.")] = False,
    off: Annotated[
        float, typer.Option(metavar="PART", help="Part by which a figure of trade may be off: what ranks allow.")
    ] = 0.1,
    workers: Annotated[
        int, typer.Option(min=1, help="With --all: processes that work on this machine (Dask).")
    ] = 1,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="With --all: work on the Dask cluster at ADDRESS.")
    ] = None,
) -> None:
    """Make a model of any state from bilateral trade files, or (--all) list what every state trades with whom."""

    def ask(stages: Stages) -> Reply:
        if all == (focal is not None) or (focal is None) != (into is None):
            mend = "give --focal STATE and --into DIR, or --all alone"
            raise InputError(Fault("K0505", "neither one state nor all of them", mend))
        if focal is not None and (workers > 1 or scheduler is not None):
            mend = "leave them out: a model of one state is read in this process"
            raise InputError(Fault("K0505", "--workers and --scheduler go with --all", mend))
        if focal is None or into is None:
            from kopir.model.trade_files.every_state import every_state

            with stages.stage("reading trade"):
                return _table(every_state(paths, off=off, workers=workers, scheduler=scheduler), off)
        from kopir.cli.folders.world_model import model_reply
        from kopir.core.codes import state_called
        from kopir.model.trade_files.world import make_world_model

        with stages.stage("reading trade"):
            made = make_world_model(paths, state_called(focal) or focal.upper(), into)
        with stages.stage("weighing partners"):
            return model_reply(made, off)

    deliver(delivery, ask)


def _table(told: EveryState, off: float) -> Reply:
    import polars as pl

    from kopir.cli.folders.world_model import rank
    from kopir.model.trade_files.trade_import import CHAPTERS

    found = told.table
    part = (f"not all goods: {told.chapters} chapters of 97",) if told.chapters < CHAPTERS else ()
    shown = found.filter(pl.col("rank_best") <= SHOWN).with_columns(
        share=pl.col("share") * 100,
        ranks=rank("rank"),
    )
    states = found["state"].n_unique()
    return Reply(
        record={"states": states, "chapters": told.chapters, "off": off, "table": found.to_dicts()},
        main=Grid.of(found),
        parts=(
            f"{states} states; partners of each that may be among its {SHOWN} largest, imports and exports",
            Grid.of(
                shown,
                year="year",
                state="state",
                flow="flow",
                partner="partner",
                ranks="rank",
                value_musd="M$",
                share="share %",
                partners="of partners",
                concentration="HHI",
            ),
        ),
        notes=(
            *part,
            f"a rank of 2-4 is a tie: each figure may be off by {figure(100 * off)} % (an assumption, --off), and "
            "what that leaves open is not ordered",
            "--csv lists every partner, with the ends of its share",
        ),
    )
