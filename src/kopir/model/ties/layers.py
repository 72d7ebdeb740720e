"""Accounting layers: the ways that goods take, how much takes them, and what is known of the room on each link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kopir.core.errors import Fault, InputError
from kopir.core.periods import parse_period
from kopir.core.spelling import did_you_mean
from kopir.model.contents.accounting import accounting_commodities
from kopir.model.contents.flow_units import read_flow_units
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity

RouteKind = Literal["export", "domestic", "import", "transit"]


@dataclass(frozen=True, slots=True)
class Volume:
    """What a route carried in a year, in the unit of its layer.

    ``recorded`` says how it is known: observed, residual (what an identity leaves) or assumed (a plan without
    an actual, a part of a year, a split). The rows of one ``block`` sum to what is known.
    """

    quantity: Quantity
    year: int
    period: str
    recorded: str
    block: str | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A way of a layer: its links in order and the states it crosses in order, with what it carried by year."""

    route: str
    commodity: str
    owner: str
    kind: RouteKind
    links: tuple[str, ...]
    places: tuple[str, ...]
    territories: tuple[str, ...]
    volumes: Mapping[int, Volume]
    facts: tuple[str, ...]
    line: int

    def volume(self, year: int | None) -> Volume | None:
        """Return what it carried in ``year``, or in the latest year recorded; ``None`` where that is unknown."""
        if year is not None:
            return self.volumes.get(year)
        return self.volumes[max(self.volumes)] if self.volumes else None


@dataclass(frozen=True, slots=True)
class Room:
    """A link of a layer: its ends, the states it crosses, and its capacity where one is sourced.

    ``capacity`` and ``others_use`` are in the unit of the layer. A capacity that is only assumed counts as
    not sourced: re-routing must not rest on a guess.
    """

    link: str
    from_node: str
    to_node: str
    territories: tuple[str, ...]
    opened: bool
    capacity: Quantity | None
    others_use: float


@dataclass(frozen=True)
class Layer:
    """One accounting layer: flows in ``unit``, routes and links in order of their codes."""

    layer: str
    unit: str
    routes: tuple[Route, ...]
    rooms: Mapping[str, Room]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years with any recorded volume."""
        return tuple(sorted({year for route in self.routes for year in route.volumes}))


def read_layers(model: Model) -> Mapping[str, Layer]:
    """Return the accounting layers of ``model`` by code, in order."""
    accounting = accounting_commodities(model.folder)
    units = read_flow_units(model.folder.tables).units
    layer_of = {
        row["commodity"]: row["layer"] or row["commodity"]
        for row in model.table("commodities").iter_rows(named=True)
        if row["commodity"] in accounting
    }
    routes, rooms = _routes(model), _rooms(model)
    found: dict[str, Layer] = {}
    for layer in sorted(set(layer_of.values())):
        commodities = sorted(commodity for commodity in layer_of if layer_of[commodity] == layer)
        found[layer] = Layer(
            layer=layer,
            unit=units[commodities[0]],
            routes=tuple(route for route in routes if route.commodity in commodities),
            rooms={room.link: room for commodity in commodities for room in rooms.get(commodity, ())},
        )
    return found


def read_layer(model: Model, name: str) -> Layer:
    """Return one accounting layer; raises :class:`InputError` (K0505) where the model has none of this name."""
    layers = read_layers(model)
    if name not in layers:
        why = f"no accounting layer is called {name!r}"
        where = f"one of {', '.join(layers)}" if layers else "a layer of commodities.csv with accounting yes"
        raise InputError(Fault("K0505", why, did_you_mean(name, layers, where), value=name))
    return layers[name]


def _routes(model: Model) -> list[Route]:
    ends, crossed = _ends(model), _territories(model)
    volumes = _volumes(model)
    routes = []
    for row in model.table("layer_routes").sort("route").iter_rows(named=True):
        links = tuple(row["links"])
        states = [state for link in links for state in crossed[link]]
        routes.append(
            Route(
                route=row["route"],
                commodity=row["commodity"],
                owner=row["owner"],
                kind=row["kind"],
                links=links,
                places=(ends[links[0]][0], *(ends[link][1] for link in links)),
                territories=tuple(dict.fromkeys(states)),
                volumes=volumes.get(row["route"], {}),
                facts=tuple(row["facts"] or ()),
                line=row["line"],
            )
        )
    return routes


def _volumes(model: Model) -> dict[str, dict[int, Volume]]:
    found: dict[str, dict[int, Volume]] = {}
    for row in model.table("baseline_flows").filter(asset_type="route").sort("period").iter_rows(named=True):
        period = parse_period(row["period"])
        assert period is not None, "read_folder lets only periods through"
        year = period.first.year
        quantity = model.quantities[CellRef("baseline_flows", row["line"], "value")]
        facts = tuple(row["facts"] or ())
        found.setdefault(row["asset"], {})[year] = Volume(
            quantity, year, row["period"], row["kind"], row["block"], facts
        )
    return found


def _rooms(model: Model) -> dict[str, list[Room]]:
    ends, crossed = _ends(model), _territories(model)
    status = dict(model.table("links").select("link", "status").iter_rows())
    rooms: dict[str, list[Room]] = {}
    for row in model.table("carries").sort("link").iter_rows(named=True):
        if row["link"] not in ends:
            continue
        capacity = model.quantities.get(CellRef("carries", row["line"], "nameplate"))
        rooms.setdefault(row["commodity"], []).append(
            Room(
                link=row["link"],
                from_node=ends[row["link"]][0],
                to_node=ends[row["link"]][1],
                territories=tuple(crossed[row["link"]]),
                opened=status[row["link"]] in {"operating", "limited"},
                capacity=None if capacity is None or capacity.grade == "assumed" else capacity,
                others_use=row["others_use"],
            )
        )
    return rooms


def _ends(model: Model) -> Mapping[str, tuple[str, str]]:
    rows = model.table("links").iter_rows(named=True)
    return {row["link"]: (row["from_node"], row["to_node"]) for row in rows}


def _territories(model: Model) -> Mapping[str, Sequence[str]]:
    """Return the states that each link crosses, in the order in which they are named."""
    of_node = dict(model.table("nodes").select("node", "territory").iter_rows())
    return {
        row["link"]: row["territories"] or (of_node[row["from_node"]], of_node[row["to_node"]])
        for row in model.table("links").iter_rows(named=True)
    }
