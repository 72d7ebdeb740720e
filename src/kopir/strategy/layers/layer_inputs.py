"""Which cells of the model each volume of an accounting layer rests on, by its id."""

from __future__ import annotations

from kopir.model.clauses import ClauseBook, read_clauses
from kopir.model.layers import Route, read_layers
from kopir.model.model import Model
from kopir.model.quantities import CellRef
from kopir.strategy.layers.layers import LayersResult

_SHOWN_OF_CLAUSE = ("effectiveness_low", "effectiveness_high", "legal_basis")


def layer_inputs(model: Model, result: LayersResult) -> dict[str, tuple[CellRef, ...]]:
    """Return the cells behind the volumes of accounting layers.

    A route stands as ``layer:LAYER:ROUTE``, what a party controls as ``layer:LAYER:PARTY`` for the goods of the
    focal state and ``layer:LAYER:PARTY:transit`` for those of others.
    """
    found: dict[str, tuple[CellRef, ...]] = {}
    clauses, layers = read_clauses(model, accounting=True), read_layers(model)
    routes = {route.route: route for layer in layers.values() for route in layer.routes}
    for row in result.routes.iter_rows(named=True):
        found[f"layer:{row['layer']}:{row['route']}"] = _route_cells(routes[row["route"]], result.year)
    for row in result.control.iter_rows(named=True):
        parties, transit = clauses.expand([row["party"]]), row["goods"] == "transit"
        cells: set[CellRef] = set()
        for route in layers[row["layer"]].routes:
            closing = _closing_cells(clauses, parties, route)
            if closing and (route.kind == "transit") == transit:
                cells |= closing | set(_route_cells(route, result.year))
        found[f"layer:{row['layer']}:{row['party']}" + ":transit" * transit] = tuple(sorted(cells))
    return found


def _route_cells(route: Route, year: int | None) -> tuple[CellRef, ...]:
    volume = route.volume(year)
    way = CellRef("layer_routes", route.line, "links")
    return (way,) if volume is None else (volume.quantity.ref, way)


def _closing_cells(clauses: ClauseBook, parties: frozenset[str], route: Route) -> set[CellRef]:
    links = {("link", link) for link in route.links}
    return {
        CellRef("denial", clause.line, column)
        for clause in clauses.clauses
        if clause.table == "denial"
        and clause.asset in links
        and clause.parties <= parties
        and clause.high > 0
        and not clause.in_force
        for column in _SHOWN_OF_CLAUSE
    }
