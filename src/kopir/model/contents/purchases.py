"""Goods that the focal state buys abroad: the seller owns them where they enter, the buyer where they are needed.

A supply that belongs to a seller is a purchase where the focal state has a need of its goods (a market of kind
``import`` that it owns) and the seller itself has no market for them in the model, so that they pass through
nowhere. Its cost is the price paid to the seller.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kopir.core.folders.folder import Folder

Goods = tuple[str, str]
"""Commodity and owner."""

_OF_THE_SELLER = ("state_take", "foreign_share")


def purchases(folder: Folder) -> frozenset[Goods]:
    """Return the goods, by commodity and seller, that enter to be bought by the focal state."""
    home = folder.settings.model.focal_state
    steps = [
        (row["from_commodity"], row["to_commodity"])
        for row in folder.tables["conversions"].typed.iter_rows(named=True)
    ]
    markets = list(folder.tables["markets"].typed.iter_rows(named=True))
    needs = (row["commodity"] for row in markets if row["kind"] == "import" and row["owner"] == home)
    needed = _made_into(needs, steps)
    supplies = folder.tables["supplies"].typed.select("commodity", "owner").unique().rows()
    return frozenset(
        (commodity, owner)
        for commodity, owner in supplies
        if owner != home
        and commodity in needed
        and commodity not in _made_into((row["commodity"] for row in markets if row["owner"] == owner), steps)
    )


def _made_into(commodities: Iterable[str], steps: Iterable[tuple[str, str]]) -> set[str]:
    """Return ``commodities`` and all that conversions make into them."""
    found, frontier = set[str](), list(commodities)
    known = list(steps)
    while frontier:
        commodity = frontier.pop()
        if commodity not in found:
            found.add(commodity)
            frontier += [source for source, to in known if to == commodity]
    return found


def as_bought(frame: pl.DataFrame, bought: frozenset[Goods], home: str) -> pl.DataFrame:
    """Return rows with ``home`` as the owner of what it buys; what a seller keeps of its price is not booked.

    Rows without a commodity stand for all that their owner has, and are bought where that is bought.
    """
    if not bought or "owner" not in frame.columns or "commodity" not in frame.columns:
        return frame
    pairs = pl.concat_str(pl.col("commodity"), pl.lit("\n"), pl.col("owner"))
    here = pairs.is_in([f"{commodity}\n{owner}" for commodity, owner in sorted(bought)])
    here |= pl.col("commodity").is_null() & pl.col("owner").is_in(sorted({owner for _, owner in bought}))
    here = here.fill_null(value=False)
    changed = [pl.when(here).then(pl.lit(home)).otherwise("owner").alias("owner")]
    changed += [
        pl.when(here).then(None).otherwise(column).alias(column)
        for column in _OF_THE_SELLER
        if column in frame.columns
    ]
    return frame.with_columns(changed)
