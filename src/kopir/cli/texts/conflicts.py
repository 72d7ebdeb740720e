"""``kopir conflicts``: what contradicts what in a fact book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import Codes, Delivery, Model
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import open_book, source_titles

if TYPE_CHECKING:
    import polars as pl

    from kopir.core.errors import Fault

_IDENTITY = {
    "identity": "identity",
    "left": "left",
    "right": "right",
    "violation": "off by",
    "tolerance": "allowed",
}


def conflicts(
    delivery: Delivery,
    *,
    model: Model = ".",
    kind: Annotated[Codes, typer.Option("--class", metavar="CLASS[,CLASS]", help="Only this class.")] = None,
) -> None:
    """List contradictions, best first: the smallest set that cannot hold, its class, who says what, the mend."""

    def ask(stages: Stages) -> Reply:
        import polars as pl

        from kopir.facts import CONFLICT_CLASSES, check_equations

        unknown = sorted(set(kind or ()) - set(CONFLICT_CLASSES))
        if unknown:
            raise typer.BadParameter(f"{unknown[0]} is no class; use one of {', '.join(CONFLICT_CLASSES)}")
        folder, book = open_book(model, stages)
        table = book.conflicts.filter(pl.col("class").is_in(kind)) if kind else book.conflicts
        table = _titled(table, source_titles(folder))
        return _reply(table, check_equations(folder, book), book.faults)

    deliver(delivery, ask, folder=model)


def _titled(table: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Return the conflicts with titles in place of the codes of sources."""
    import polars as pl

    sides = [
        [f"{titles.get(who, who)}: {what}" for who, _, what in (side.partition(": ") for side in row)]
        for row in table["sides"].to_list()
    ]
    return table.with_columns(pl.Series("sides", sides, pl.List(pl.String)))


def _reply(table: pl.DataFrame, identities: pl.DataFrame, faults: tuple[Fault, ...]) -> Reply:
    import polars as pl

    broken = identities.filter(~pl.col("held").fill_null(value=True))
    lines = [
        f"{row['rank']:>3} {row['class']}: {' | '.join(row['sides'])}\n    {row['why']}; {row['mend']}"
        for row in table.iter_rows(named=True)
    ]
    parts: tuple[str | Grid, ...] = ("\n".join(lines) or "no conflicts",)
    if len(broken):
        parts = (*parts, Grid.of(broken, "identities that do not hold", **_IDENTITY))
    held = f"{len(identities) - len(broken)} of {len(identities)} identities hold"
    return Reply(
        record={"conflicts": table.to_dicts(), "identities": identities.to_dicts()},
        main=Grid.of(table.with_columns(pl.col("claims", "blamed", "keys", "sides").list.join(" | "))),
        parts=parts,
        notes=(held,) if len(identities) else (),
        faults=faults,
    )
