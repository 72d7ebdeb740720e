"""``kopir trade``: a bilateral trade file into a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kopir.cli.options import Codes, Delivery, Holding
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import folder_of, open_folder

if TYPE_CHECKING:
    from kopir.model.trade_files.trade_import import TradeImport


def trade(
    paths: Annotated[list[Path], typer.Argument(metavar="FILES...", help="CSV of BACI, UN Comtrade or IMF IMTS.")],
    holding: Holding,
    delivery: Delivery,
    *,
    into: Annotated[str, typer.Option(metavar="MODEL", help="The model folder to write into.")],
    side: Annotated[
        Literal["own", "partner"], typer.Option(help="Whose statistics to prefer where both sides report.")
    ] = "own",
    sector: Annotated[
        Codes,
        typer.Option(metavar="CODE[,CODE]", help="Only this product group, where files hold part of all goods."),
    ] = None,
) -> None:
    """Total bilateral trade files by partner, product group and year, and write trade.csv with its source."""

    def ask(stages: Stages) -> Reply:
        from kopir.core.folders.together import changing
        from kopir.model.trade_files.trade_import import import_trade

        with changing(folder_of(into), wait=holding.wait) as change:
            with stages.stage("reading the model"):
                folder = open_folder(into)
            with stages.stage("reading trade"):
                found = import_trade(paths, folder, side=side, sectors=sector or (), change=change)
        return _reply(found)

    deliver(delivery, ask, folder=into)


def _reply(found: TradeImport) -> Reply:
    written = ", ".join(path.name for path in found.files)
    shown = found.table.with_columns(named_pct=found.table["named"] * 100)
    return Reply(
        record={
            "shape": found.shape,
            "source": found.source,
            "files": [path.name for path in found.files],
            "notes": list(found.notes),
            "table": found.table.to_dicts(),
        },
        main=Grid.of(found.table),
        parts=(
            f"read as {found.shape}; wrote {written}; source {found.source}",
            Grid.of(
                shown,
                year="year",
                flow="flow",
                sector="sector",
                perimeter="perimeter",
                value="M$",
                named_pct="with partners of the model %",
            ),
            *found.notes,
        ),
        notes=("`kopir leverage MODEL --function imports --by sector` says what restrictions would cost",),
    )
