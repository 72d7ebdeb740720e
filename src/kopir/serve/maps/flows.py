"""What links carry, each goods by itself: tonnes of unlike goods are not added."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kopir.model.network.goods import Goods, goods_of
from kopir.model.network.network import Network

Pair = tuple[float, float]
"""Mt a year before and after."""
Flows = Mapping[str, Mapping[Goods, Pair]]
"""What each link carries of each goods."""
MOVED = 0.02
"""Mt a year below which a link has not changed, or carries nothing."""


def carried(routes: pl.DataFrame, network: Network, owner: str) -> Flows:
    """Return what each link carries of all owners, by goods as ``owner`` has them; other goods stand alone."""
    own = goods_of(network, owner)
    kinds = {commodity: goods for goods in own for commodity in goods.commodities}
    moved = (
        routes.filter(pl.col("asset_type") == "link")
        .group_by("asset", "commodity")
        .agg(pl.col("before_mt", "after_mt").sum())
        .sort("asset", "commodity")
    )
    found: dict[str, dict[Goods, Pair]] = {}
    for link, commodity, before, after in moved.select("asset", "commodity", "before_mt", "after_mt").iter_rows():
        goods = kinds.get(commodity) or Goods(commodity, frozenset([commodity]))
        one = found.setdefault(link, {})
        known = one.get(goods, (0.0, 0.0))
        one[goods] = (known[0] + before, known[1] + after)
    return found


def moves(pairs: Mapping[Goods, Pair]) -> bool:
    """Return whether a link carries something before or after."""
    return any(max(pair) > MOVED for pair in pairs.values())


def most_of(flows: Flows) -> dict[Goods, float]:
    """Return the most that a link carries of each goods (Mt a year), by which others are measured."""
    most: dict[Goods, float] = {}
    for pairs in flows.values():
        for goods, pair in pairs.items():
            most[goods] = max(most.get(goods, MOVED), *pair)
    return most


def leading(pairs: Mapping[Goods, Pair], most: Mapping[Goods, float]) -> Goods:
    """Return the goods for which a link matters most: those whose largest flow anywhere is nearest to its own."""
    return max(pairs, key=lambda goods: (max(pairs[goods]) / most[goods], goods.name))
