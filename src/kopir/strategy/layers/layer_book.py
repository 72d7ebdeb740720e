"""The routes of an accounting layer in one year, with the clauses that touch them and how much each set closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kopir.model.contents.model import Model
from kopir.model.network.clauses import ClauseBook, Denial, read_clauses
from kopir.model.ties.layers import Layer, Route, Volume

_ENDS = (0.0, 0.5, 1.0)
"""Low end, middle and high end of the effectiveness of a clause."""
_LOW, _MIDDLE, _HIGH = _ENDS


@dataclass(frozen=True, slots=True)
class Amount:
    """A volume a year with its interval, in the unit of its layer."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class LayerBook:
    """A layer in a year: the volume of each route (``None`` where unknown) and the clauses on its links.

    ``clauses`` holds them at the low end, the middle and the high end of their effectiveness; ``parties`` says
    what each party of a clause is: home, hazard, or else partner.
    """

    layer: Layer
    volumes: Mapping[str, Volume | None]
    clauses: Mapping[float, ClauseBook]
    parties: Mapping[str, str]
    home: str

    @property
    def own(self) -> list[Route]:
        """Routes of what the focal state sells, buys or moves at home."""
        return [route for route in self.layer.routes if route.kind != "transit"]

    @property
    def transit(self) -> list[Route]:
        """Routes of the goods of others."""
        return [route for route in self.layer.routes if route.kind == "transit"]

    def opened(self, parties: frozenset[str], end: float = _MIDDLE) -> dict[str, float]:
        """Return the share of each link that ``parties`` and clauses in force leave open, where it is not 1."""
        return {link: share for (_, link), share in self.clauses[end].availability(Denial(parties)).items()}

    def closed(self, parties: frozenset[str], end: float = _MIDDLE) -> dict[str, float]:
        """Return the share of each route that ``parties`` close: that of the link which they close furthest.

        Clauses in force have shaped what was recorded, so a share is of what they leave.
        """
        standing, left = self.opened(frozenset(), end), self.opened(parties, end)
        shares = {link: 1 - left[link] / standing.get(link, 1.0) for link in left if standing.get(link, 1.0) > 0}
        return {route.route: max(shares.get(link, 0.0) for link in route.links) for route in self.layer.routes}

    def amount(self, routes: Sequence[Route], parties: frozenset[str] | None = None) -> Amount | None:
        """Return the volume of ``routes``, or what of it ``parties`` close; ``None`` where none is recorded.

        The rows of a block sum to what is known of it: what one has more, another has less.
        """
        known = {route.route: found for route in routes if (found := self.volumes[route.route]) is not None}
        if not known:
            return None
        shares = {
            end: dict.fromkeys(known, 1.0) if parties is None else self.closed(parties, end) for end in _ENDS
        }
        value = sum(one.quantity.value * shares[_MIDDLE][route] for route, one in known.items())
        groups: dict[str, list[tuple[str, Volume]]] = {}
        for route, one in known.items():
            groups.setdefault(f"block {one.block}" if one.block else route, []).append((route, one))
        low = sum(_extreme(group, shares[_LOW], most=False) for group in groups.values())
        high = sum(_extreme(group, shares[_HIGH], most=True) for group in groups.values())
        return Amount(value, low, high)


def read_layer_book(model: Model, layer: Layer, year: int | None = None) -> LayerBook:
    """Return the book of ``layer`` with the volumes of ``year``, or the latest recorded of each route."""
    links = {("link", link) for link in layer.rooms}
    books = {}
    middle = read_clauses(model, accounting=True)
    for end in _ENDS:
        whole = middle.at(end)
        books[end] = ClauseBook(tuple(one for one in whole.clauses if one.asset in links), whole.members)
    home = {model.focal_state, model.settings.model.home}
    hazards = set(model.table("jurisdictions").filter(kind="hazard")["jurisdiction"].to_list())
    named = {party for one in books[_HIGH].clauses for party in one.parties if one.high > 0 and not one.in_force}
    return LayerBook(
        layer=layer,
        volumes={route.route: route.volume(year) for route in layer.routes},
        clauses=books,
        parties={
            party: "home" if party in home else "hazard" if party in hazards else "partner"
            for party in sorted(named)
        },
        home=model.settings.model.home,
    )


def _extreme(group: Sequence[tuple[str, Volume]], shares: Mapping[str, float], *, most: bool) -> float:
    """Return the least or the most of a block, or of one row, when each row counts with its share."""
    rows = [(shares[route], one.quantity) for route, one in group]
    if group[0][1].block is None:
        return sum(share * (quantity.high if most else quantity.low) for share, quantity in rows)
    left = sum(quantity.value - quantity.low for _, quantity in rows)
    total = sum(share * quantity.low for share, quantity in rows)
    for share, quantity in sorted(rows, key=lambda row: (row[0], row[1].ref), reverse=most):
        step = min(left, quantity.high - quantity.low)
        total += share * step
        left -= step
    return total
