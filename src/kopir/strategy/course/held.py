"""Tonnes of a course with ranges that reach as far as disruptions elsewhere were told wrong.

Draws of the inputs say how a figure moves with what is uncertain in the model, not how far the model is from the
world. That is measured on the record of disruptions elsewhere (:mod:`kopir.strategy.precedents.ranges`): exports
that partly go by the thing hit are a part of the whole, what moves to other ways is a share that moves. That a
network is off by as much as those rules is an assumption; the replays of its own events bear it out or not
(``kopir hindcast``). The record measures tonnes, ships and prices, never losses of money: none is told here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kopir.model.network.goods import Goods
from kopir.strategy.precedents.ranges import Spread

OTHER_WAYS = "shares move to other ways"
SCHEMA = {"measure": pl.String, **dict.fromkeys(("central", "low", "high", "level"), pl.Float64)}


def part_of_whole(*, stores: bool) -> str:
    """Return the mechanism of a flow that partly goes by the thing hit."""
    return "a part of the whole, with stores" if stores else "a part of the whole"


def held_tonnes(
    goods: Sequence[Goods], volumes: Mapping[str, float], reach: Spread, *, stores: bool
) -> pl.DataFrame:
    """Return what is shut in and moved of each of ``goods`` (Mt) with the range of ``level`` of disruptions.

    ``volumes`` has the central figures by measure. What is lost and for how long is given here, so that the range
    reaches from the central figure: what draws of the inputs would add stands in the misses already. It stays
    between nothing and all that is usually exported.
    """
    whole = part_of_whole(stores=stores)
    rows = []
    for one in goods:
        usual, names = volumes[one.column("base")], (one.column("shut_in"), one.column("moved"))
        shut_in, moved = (volumes[name] for name in names)
        halves = reach.half(whole, usual, usual - shut_in), reach.half(OTHER_WAYS, 0.0, moved)
        for name, value, half in zip(names, (shut_in, moved), halves, strict=True):
            most = min(value + half, usual) if usual > 0 else value + half
            rows.append((name, value, max(0.0, value - half), most, reach.level))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
