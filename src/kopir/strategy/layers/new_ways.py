"""What an option opens on accounting layers: which ways, past which states, and who is left stranded less."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.ties.layers import Layer, Room, Route, read_layers
from kopir.strategy.layers.layer_book import read_layer_book
from kopir.strategy.layers.layers import control_of

LINKS_SCHEMA = {
    **dict.fromkeys(("option", "layer", "link", "from_node", "to_node", "jurisdictions"), pl.String),
    "opens": pl.Boolean,
    **dict.fromkeys(("gain", "low", "high"), pl.Float64),
    **dict.fromkeys(("unit", "grade"), pl.String),
}
WAYS_SCHEMA = {
    **dict.fromkeys(("option", "layer", "instead_of", "owner"), pl.String),
    "volume": pl.Float64,
    **dict.fromkeys(("unit", "path", "adds", "bypasses", "role"), pl.String),
}
STRANDED_SCHEMA = {
    **dict.fromkeys(("option", "layer", "party", "goods", "unit"), pl.String),
    **dict.fromkeys(("at_least_before", "at_least_after", "at_most_before", "at_most_after"), pl.Float64),
}


@dataclass(frozen=True)
class NewWays:
    """What options open on accounting layers, one at a time; no money.

    - ``links``: the links that gain, whether the option opens them, and the gain where one is published.
    - ``ways``: the way through the option itself (``instead_of`` blank) and the ways that it opens for recorded
      routes which cross the focal state. ``adds`` and ``bypasses`` are states against the way of today. ``role``
      of the focal state: *crossed* (the new way crosses it), *bypassed* (goods that cross it today need not), or
      *fed* (goods that cross it today can go further); blank where it is none of these.
    - ``stranded``: the bounds of what a refusal leaves stranded, where the option moves them.
    """

    links: pl.DataFrame
    ways: pl.DataFrame
    stranded: pl.DataFrame

    def roles(self) -> Mapping[str, str]:
        """Return the role of the focal state under each option: crossed before bypassed before extended."""
        found: dict[str, str] = {}
        for role in ("fed", "bypassed", "crossed"):
            found |= dict.fromkeys(self.ways.filter(role=role)["option"].to_list(), role)
        return found


def new_ways(model: Model, options: Sequence[str]) -> NewWays:
    """Return what each of ``options`` opens on the accounting layers of ``model``."""
    links: list[dict[str, object]] = []
    ways: list[dict[str, object]] = []
    stranded: list[dict[str, object]] = []
    for option in options:
        for layer in read_layers(model).values():
            gained = _gained(model, option, layer)
            if gained:
                links += [_link(option, layer, room, gain) for room, gain in gained]
                ways += _ways(model, option, layer, [room for room, _ in gained])
                stranded += _stranded(model, option, layer, gained)
    return NewWays(
        links=pl.DataFrame(links, schema=LINKS_SCHEMA),
        ways=pl.DataFrame(ways, schema=WAYS_SCHEMA),
        stranded=pl.DataFrame(stranded, schema=STRANDED_SCHEMA),
    )


def _gained(model: Model, option: str, layer: Layer) -> list[tuple[Room, Quantity | None]]:
    commodities = {route.commodity for route in layer.routes}
    rows = model.table("option_gains").filter(option=option, asset_type="link")
    return [
        (layer.rooms[row["asset"]], model.quantities.get(CellRef("option_gains", row["line"], "gain")))
        for row in rows.iter_rows(named=True)
        if row["asset"] in layer.rooms and row["commodity"] in commodities
    ]


def _link(option: str, layer: Layer, room: Room, gain: Quantity | None) -> dict[str, object]:
    return {
        "option": option,
        "layer": layer.layer,
        "link": room.link,
        "from_node": room.from_node,
        "to_node": room.to_node,
        "jurisdictions": " ".join(room.territories),
        "opens": not room.opened,
        "gain": None if gain is None else gain.value,
        "low": None if gain is None else gain.low,
        "high": None if gain is None else gain.high,
        "unit": layer.unit,
        "grade": None if gain is None else gain.grade,
    }


def _ways(model: Model, option: str, layer: Layer, rooms: Sequence[Room]) -> list[dict[str, object]]:
    focal = model.focal_state
    today = [room for room in layer.rooms.values() if room.opened]
    chain = _chain(rooms)
    start, end = chain[0].from_node, chain[-1].to_node
    crossing = [route for route in layer.routes if focal in route.territories]
    own_way = _states(chain)
    role = "crossed" if focal in own_way else "fed" if _extends(crossing, today, start) else ""
    found = [_way(option, layer, None, chain, _states(_path(today, start, end) or ()), role)]
    if any(room.opened for room in chain):
        return found
    for route in crossing:
        first, last = _path(today, route.places[0], start), _path(today, end, route.places[-1])
        if first is not None and last is not None:
            way = [*first, *chain, *last]
            role = "crossed" if focal in _states(way) else "bypassed"
            if len({room.to_node for room in way} - {route.places[0]}) == len(way):  # no place twice
                found.append(_way(option, layer, route, way, route.territories, role))
    return found


def _way(
    option: str, layer: Layer, route: Route | None, way: Sequence[Room], today: Sequence[str], role: str
) -> dict[str, object]:
    states = _states(way)
    volume = None if route is None else route.volume(None)
    return {
        "option": option,
        "layer": layer.layer,
        "instead_of": None if route is None else route.route,
        "owner": None if route is None else route.owner,
        "volume": None if volume is None else volume.quantity.value,
        "unit": layer.unit,
        "path": " ".join([way[0].from_node, *(room.to_node for room in way)]),
        "adds": " ".join(state for state in states if state not in today),
        "bypasses": " ".join(state for state in today if state not in states),
        "role": role,
    }


def _chain(rooms: Sequence[Room]) -> list[Room]:
    """Return the links one after the other, as far as they hang together, from the first that none leads to."""
    ends = {room.to_node for room in rooms}
    first = next((room for room in rooms if room.from_node not in ends), rooms[0])
    chain = [first]
    while following := next((room for room in rooms if room.from_node == chain[-1].to_node), None):
        if following.to_node in {chain[0].from_node, *(room.to_node for room in chain)}:
            break
        chain.append(following)
    return chain


def _states(way: Iterable[Room]) -> list[str]:
    return list(dict.fromkeys(state for room in way for state in room.territories))


def _extends(routes: Sequence[Route], today: Sequence[Room], start: str) -> bool:
    """Return whether goods of a route that crosses the focal state reach ``start`` over links of today."""
    return any(_path(today, place, start) is not None for route in routes for place in route.places)


def _path(rooms: Sequence[Room], start: str, end: str) -> list[Room] | None:
    """Return the way with fewest links, the first by code among equals; empty from a place to itself."""
    ways: dict[str, list[Room]] = {start: []}
    waiting = deque([start])
    while waiting and end not in ways:
        place = waiting.popleft()
        for room in sorted(rooms, key=lambda one: one.link):
            if room.from_node == place and room.to_node not in ways:
                ways[room.to_node] = [*ways[place], room]
                waiting.append(room.to_node)
    return ways.get(end)


def _stranded(
    model: Model, option: str, layer: Layer, gained: Sequence[tuple[Room, Quantity | None]]
) -> list[dict[str, object]]:
    rooms = dict(layer.rooms)
    for room, gain in gained:
        known = gain if gain is not None and gain.grade != "assumed" else None
        if room.opened and room.capacity is not None and known is not None:
            known = replace(known, value=room.capacity.value + known.value)
        elif room.opened:
            known = None
        rooms[room.link] = replace(room, opened=True, capacity=known)
    before = control_of(read_layer_book(model, layer))
    after = control_of(read_layer_book(model, replace(layer, rooms=rooms)))
    bounds = ("stranded_at_least", "stranded_at_most")
    both = before.join(after, on=("layer", "party", "goods", "unit"), suffix="_after", nulls_equal=True)
    return [
        {
            "option": option,
            **{name: row[name] for name in ("layer", "party", "goods", "unit")},
            "at_least_before": row[bounds[0]],
            "at_least_after": row[f"{bounds[0]}_after"],
            "at_most_before": row[bounds[1]],
            "at_most_after": row[f"{bounds[1]}_after"],
        }
        for row in both.iter_rows(named=True)
        if any(row[name] != row[f"{name}_after"] for name in bounds)
    ]
