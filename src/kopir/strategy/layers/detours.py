"""What stays stranded on an accounting layer when some routes close and goods look for another way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kopir.flow.rerouting import Arc, Displaced, most_rerouted
from kopir.model.ties.layers import Layer, Room, Route

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Stranded:
    """Bounds of what finds no other way, in the unit of the layer; ``None`` where a volume is not recorded."""

    at_least: float | None
    at_most: float | None

    @property
    def value(self) -> float | None:
        """The amount, where the bounds meet; ``None`` where an unknown capacity or market keeps it open."""
        if self.at_least is None or self.at_most is None or self.at_most - self.at_least > _SAME:
            return None
        return self.at_most


@dataclass(frozen=True)
class Closure:
    """A layer under a denial.

    ``volumes`` holds the volume of each route (``None`` where unknown), ``closed`` the share of it that is
    closed, ``opened`` the share of each link that stays open, where it is not 1.
    """

    layer: Layer
    volumes: Mapping[str, float | None]
    closed: Mapping[str, float]
    opened: Mapping[str, float]


def stranded(closure: Closure, hit: Sequence[Route]) -> Stranded:
    """Return what of the routes ``hit`` finds no other way on the layer.

    At most what is left when goods may take only sourced room and only to the market they were bound for; at
    least what is left when every capacity that is not sourced were ample and any market or source of the layer
    would do. Ways of goods in transit round the focal state are not in the layer: of these at least nothing.
    """
    known = [route for route in hit if closure.volumes[route.route] is not None]
    if not known:
        return Stranded(None, None)
    lost = {route.route: (closure.volumes[route.route] or 0.0) * closure.closed[route.route] for route in known}
    total = sum(lost.values())
    same = [
        Displaced(frozenset([route.places[0]]), frozenset([route.places[-1]]), lost[route.route])
        for route in known
    ]
    at_most = max(0.0, total - most_rerouted(_arcs(closure, ample=False), same))
    bound = [route for route in known if route.kind != "transit"]
    anywhere = [
        Displaced(_origins(closure.layer, route), _ends(closure.layer, route), lost[route.route])
        for route in bound
    ]
    at_least = sum(lost[route.route] for route in bound) - most_rerouted(_arcs(closure, ample=True), anywhere)
    return Stranded(max(0.0, at_least), at_most if len(known) == len(hit) else None)


def sourced_room(closure: Closure, room: Room) -> float | None:
    """Return what a link can take beyond what it carries, or ``None`` where capacity or load is not sourced."""
    users = [route for route in closure.layer.routes if room.link in route.links]
    if room.capacity is None or any(closure.volumes[route.route] is None for route in users):
        return None
    load = sum((closure.volumes[user.route] or 0.0) * (1 - closure.closed[user.route]) for user in users)
    return max(0.0, room.capacity.value * closure.opened.get(room.link, 1.0) - room.others_use - load)


def _arcs(closure: Closure, *, ample: bool) -> list[Arc]:
    arcs = []
    for link, room in sorted(closure.layer.rooms.items()):
        if room.opened and closure.opened.get(link, 1.0) > 0:
            spare = sourced_room(closure, room)
            left = float("inf") if spare is None and ample else spare or 0.0
            if left > 0:
                arcs.append(Arc(room.from_node, room.to_node, left))
    return arcs


def _origins(layer: Layer, route: Route) -> frozenset[str]:
    if route.kind != "import":
        return frozenset([route.places[0]])
    return frozenset(other.places[0] for other in layer.routes if other.kind == "import")


def _ends(layer: Layer, route: Route) -> frozenset[str]:
    if route.kind != "export":
        return frozenset([route.places[-1]])
    return frozenset(other.places[-1] for other in layer.routes if other.kind == "export")
