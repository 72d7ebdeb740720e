"""What ``kopir world --focal`` says of the state whose model it made."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kopir.cli.output import Grid, Reply, figure
from kopir.model.trade_files.world import WorldModel
from kopir.project import open_project
from kopir.strategy.trade.exposure import Exposure, exposure
from kopir.strategy.trade.imports import imports

SHOWN = 20
"""Rows of each table that a person is shown; ``--json`` has every one."""


def rank(name: str) -> pl.Expr:
    """Return the column of ranks in words: ``2``, or ``2-4`` for a tie, of ``NAME_best`` and ``NAME_worst``."""
    best, worst = pl.col(f"{name}_best"), pl.col(f"{name}_worst")
    return pl.when(best == worst).then(best.cast(pl.String)).otherwise(pl.format("{}-{}", best, worst))


def model_reply(made: WorldModel, off: float) -> Reply:
    """Return both ways by partner, what a refusal costs, who else sells, groups, layers and ways to the sea."""
    model = open_project(made.folder).model
    found = exposure(model, off)
    costs = imports(model).table if made.trade is not None else None
    notes = () if made.trade is None else made.trade.notes
    source = (
        "an extract of some goods: raw materials only" if made.trade is None else f"source {made.trade.source}"
    )
    return Reply(
        record={
            "folder": str(made.folder),
            "partners": made.partners,
            "players": list(made.players),
            "notes": list(notes),
            "off": off,
            "exposure": found.partners.to_dicts(),
            "groups": found.groups.to_dicts(),
            "costs": [] if costs is None else costs.to_dicts(),
            "substitutes": None if made.substitutes is None else made.substitutes.to_dicts(),
            "layers": {"goods": made.goods, "flows_without_volume": made.open_flows},
            "landlocked": made.landlocked,
            "exits": [
                {"neighbour": one.neighbour, "borders_to_sea": one.borders, "through": list(one.through)}
                for one in made.exits
            ],
        },
        main=Grid.of(found.partners),
        parts=(
            f"{made.folder}: {model.focal_state} and {made.partners} partners; {source}",
            *(() if made.trade is None else _both_ways(found)),
            *(() if costs is None else (_costs(costs),)),
            *_others(made),
            *_layers(made),
            *_exits(made, found),
            *notes,
        ),
        notes=tuple(_next(made, off)),
    )


def _both_ways(found: Exposure) -> tuple[Grid, Grid]:
    partners = found.partners.head(SHOWN).with_columns(
        import_rank=rank("import_rank"), export_rank=rank("export_rank")
    )
    return (
        Grid.of(
            partners,
            "both ways, largest partners first",
            partner="partner",
            import_musd="bought M$",
            import_pct="of imports %",
            import_rank="rank",
            export_musd="sold M$",
            export_pct="of exports %",
            export_rank="rank as buyer",
            group="most dependent on it for",
            group_pct="of that %",
        ),
        Grid.of(
            found.groups.head(SHOWN),
            "imports by product group, most concentrated first",
            sector="group",
            value_musd="M$",
            first="first seller",
            first_pct="of it %",
            sellers="sellers",
            concentration="HHI",
        ),
    )


def _costs(costs: pl.DataFrame) -> Grid:
    return Grid.of(
        costs.sort("short_musd", "partner", descending=[True, False], nulls_last=True),
        "what it costs when a player withholds all goods, million USD a year, with the ends of the elasticities",
        partner="partner",
        short_musd_low="first year low",
        short_musd="first year",
        short_musd_high="high",
        long_musd_low="long run low",
        long_musd="long run",
        long_musd_high="high ",
    )


def _others(made: WorldModel) -> Iterator[str | Grid]:
    if made.substitutes is None:
        yield "who else sells is not known: the files do not hold the sales of all states"
        return
    yield Grid.of(
        made.substitutes.head(SHOWN),
        "who else sells what one partner sells (at least a tenth of a group), hardest to replace first",
        group="group",
        partner="seller",
        bought_pct="of imports %",
        needed_pct="others need more %",
        grew_pct="grew at most %",
        other_sellers="other sellers",
        next_seller="next",
        next_pct="of others %",
    )


def _layers(made: WorldModel) -> Iterator[str]:
    if made.goods:
        yield f"raw materials: {made.goods} accounting layers" + (
            f"; {made.open_flows} flows without tonnes are open, not nought" if made.open_flows else ""
        )


def _exits(made: WorldModel, found: Exposure) -> Iterator[str | Grid]:
    if made.landlocked is None:
        yield "the table of land borders lacks this state"
        return
    words = (
        "no coast of an ocean; neighbours by land, nearest to the sea first"
        if made.landlocked
        else ("has a coast; neighbours by land" if made.exits else "has a coast and no neighbour by land")
    )
    if not made.exits:
        yield words
        return
    rows = [
        {
            "neighbour": one.neighbour,
            "borders": one.borders,
            "way": "no way to the sea but back" if one.borders is None else " > ".join(one.through),
        }
        for one in made.exits
    ]
    table = pl.DataFrame(rows, schema={"neighbour": pl.String, "borders": pl.Int64, "way": pl.String})
    trade = found.partners.select(neighbour="partner", bought="import_musd", sold="export_musd")
    yield Grid.of(
        table.join(trade, on="neighbour", how="left", maintain_order="left"),
        words,
        neighbour="neighbour",
        borders="borders to the sea",
        way="by",
        bought="bought from it M$",
        sold="sold to it M$",
    )


def _next(made: WorldModel, off: float) -> Iterator[str]:
    if made.trade is not None:
        yield f"a rank of 2-4 is a tie: each figure may be off by {figure(100 * off)} % (an assumption, --off)"
        yield f"next: kopir leverage {made.folder} --function imports --by sector"
    if made.substitutes is not None:
        yield "others need more: how far all other sellers' sales must grow to replace it; grew: seen in the files"
    if made.goods:
        yield f"next: kopir layers {made.folder}"
