"""Places and lines that cannot lie where they are said to lie."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from kopir.core.errors import Fault
from kopir.model.contents.accounting import accounting_links
from kopir.model.contents.model import Model

SHORTEST = 0.5
"""Share of the straight line below which a length is in another unit, or an end is somewhere else.

Between it and 1 lie lengths that stand for one part of a way."""
LONGEST = 12.0
"""Times of the straight line above which the same holds; a river may wind so."""
_NEAR_KM = 50.0
_BY_LAND = frozenset({"pipeline", "rail", "road", "power"})


def place_doubts(model: Model) -> Iterator[Fault]:
    """Yield a warning for lengths, territories and places that contradict each other."""
    nodes = {row["node"]: row for row in model.table("nodes").iter_rows(named=True)}
    kinds = dict(model.table("jurisdictions").select("jurisdiction", "kind").iter_rows())
    for row in model.table("links").iter_rows(named=True):
        for code in row["territories"] or ():
            if kinds.get(code) == "hazard":
                mend = "name states alone; what a hazard closes stands in denial.csv"
                yield Fault(
                    "K1032",
                    f"{code} is a hazard, and has no land",
                    mend,
                    "links.csv",
                    row["line"],
                    "territories",
                    code,
                )
        yield from _line(row, nodes[row["from_node"]], nodes[row["to_node"]])
    yield from _alone(model)


def kilometres(one: dict[str, Any], other: dict[str, Any]) -> float | None:
    """Return the great-circle distance of two places (haversine), ``None`` where one has no coordinates."""
    if None in {one["lat"], one["lon"], other["lat"], other["lon"]}:
        return None
    lat, lon, far_lat, far_lon = map(math.radians, (one["lat"], one["lon"], other["lat"], other["lon"]))
    inner = math.sin((far_lat - lat) / 2) ** 2
    inner += math.cos(lat) * math.cos(far_lat) * math.sin((far_lon - lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, inner)))


def _line(row: dict[str, Any], start: dict[str, Any], end: dict[str, Any]) -> Iterator[Fault]:
    place = ("links.csv", row["line"])
    if row["from_node"] == row["to_node"] and row["mode"] != "transfer":
        why = f"{row['link']} begins and ends at {row['from_node']}"
        yield Fault("K1021", why, "name the place where it ends", *place, "to_node", row["to_node"])
        return
    straight, length = kilometres(start, end), row["length"]
    if straight is not None and length is not None and straight > _NEAR_KM:
        ratio = length / straight
        if not SHORTEST <= ratio <= LONGEST:
            why = f"{length:g} km long, and its ends are {straight:.0f} km apart in a straight line"
            mend = "give length in km, or correct lat and lon of its places (they may be exchanged)"
            yield Fault("K1018", why, mend, *place, "length", f"{length:g}")
    left = {one["territory"] for one in (start, end) if one["kind"] != "border"} - set(row["territories"] or ())
    if row["territories"] and left and row["mode"] in _BY_LAND and not start["kind"] == end["kind"] == "border":
        why = f"territories leaves out {' and '.join(sorted(left))}, where it begins or ends"
        mend = "list every state on whose territory it lies, or leave the cell blank for those of its ends"
        yield Fault("K1019", why, mend, *place, "territories", " ".join(row["territories"]))


def _alone(model: Model) -> Iterator[Fault]:
    links = model.folder.tables["links"].typed
    touched = {*links["from_node"].to_list(), *links["to_node"].to_list()}
    for table in ("supplies", "markets", "conversions", "storage", "transfers"):
        frame = model.folder.tables[table].typed
        touched |= set(frame["node"].to_list()) if "node" in frame.columns else set()
    carrying = set(model.folder.tables["carries"].typed["link"].to_list()) | accounting_links(model.folder)
    carrying |= set(model.folder.tables["corridor_stages"].typed["asset"].to_list())
    for row in model.table("nodes").iter_rows(named=True):
        if row["node"] not in touched:
            why = f"no link, supply or market touches {row['node']}"
            yield Fault(
                "K1026", why, "join it with a link, or leave it out", "nodes.csv", row["line"], "node", row["node"]
            )
    for row in model.table("links").iter_rows(named=True):
        if row["link"] not in carrying:
            why = f"{row['link']} carries nothing"
            mend = "say in carries.csv what it can carry, or leave it out"
            yield Fault("K1026", why, mend, "links.csv", row["line"], "link", row["link"])
