"""Control of accounting layers: whose refusal stops how much, alone or together, and what finds another way.

Nothing here is money. A volume is in the unit of its layer; what no source gives stays blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells, CitedNumber, Numbers
from kopir.model.network.clauses import ClauseBook, read_clauses
from kopir.model.ties.layers import Route, read_layer, read_layers
from kopir.strategy.layers.detours import Closure, stranded
from kopir.strategy.layers.layer_book import LayerBook, read_layer_book
from kopir.strategy.value.behind import clause_cells

_CONTROLS = 1e-12

ROUTES_SCHEMA = {
    **dict.fromkeys(("layer", "route", "owner", "kind", "period"), pl.String),
    **dict.fromkeys(("volume", "low", "high"), pl.Float64),
    **dict.fromkeys(
        ("unit", "recorded", "grade", "path", "jurisdictions", "alone", "together", "hazards", "facts"), pl.String
    ),
}
CONTROL_SCHEMA = {
    **dict.fromkeys(("layer", "party", "kind", "goods", "unit"), pl.String),
    **dict.fromkeys(("volume", "low", "high", "share"), pl.Float64),
    "unknown_routes": pl.Int64,
    **dict.fromkeys(("stranded", "stranded_at_least", "stranded_at_most"), pl.Float64),
}
TOGETHER_SCHEMA = {**dict.fromkeys(("layer", "clause", "goods", "unit"), pl.String), "volume": pl.Float64}
OWNERS_SCHEMA = {
    **dict.fromkeys(("layer", "owner", "unit"), pl.String),
    **dict.fromkeys(("volume", "closable"), pl.Float64),
    "unknown_routes": pl.Int64,
}

SUMMARY_SCHEMA = {
    **dict.fromkeys(("layer", "unit", "years"), pl.String),
    **dict.fromkeys(("volume", "low", "high", "concentration"), pl.Float64),
    **{"leading": pl.String, "leading_share": pl.Float64, "transit": pl.Float64, "unknown_routes": pl.Int64},
}


@dataclass(frozen=True)
class LayerControl:
    """Who controls an accounting layer; volumes a year in ``unit``.

    ``volume`` is what the focal state exports and imports on routes with a recorded volume, ``low`` to ``high``
    its interval, ``years`` the years of the volumes; ``unknown`` names the routes without one.
    ``concentration`` is the Herfindahl index of control over these goods: 0 where no partner alone can close
    anything, 1 where one can close all; ``None`` without a recorded volume. Tables:

    - ``routes``: volume, interval, how it is recorded, grade, places and states passed in order, who can close it
      ``alone`` (with the share where it is not all), only ``together``, and which ``hazards``.
    - ``control``: party, kind (partner, home, hazard), goods (own; transit: those of others), the volume that it
      alone can close and its share of the volume of these goods, how many routes it can close whose volume is
      not known, and what stays stranded after re-routing (see :func:`kopir.strategy.layers.detours.stranded`).
    - ``together``: the volume that a clause of several parties closes and no part of them does.
    - ``owners``: whose goods cross the focal state, how much, and how much of it the focal state can close.
    """

    layer: str
    unit: str
    years: tuple[int, ...]
    volume: float | None
    low: float | None
    high: float | None
    unknown: tuple[str, ...]
    concentration: float | None
    routes: pl.DataFrame
    control: pl.DataFrame
    together: pl.DataFrame
    owners: pl.DataFrame

    def share(self, party: str) -> float | None:
        """Return the share of the focal state's volume that ``party`` alone can close.

        0 where it can close none of what is recorded, ``None`` where nothing is recorded.
        """
        if not self.volume:
            return None
        rows = self.control.filter((pl.col("party") == party) & (pl.col("goods") == "own"))
        return float(rows["share"][0]) if rows.height else 0.0


@dataclass(frozen=True)
class LayersResult:
    """Accounting layers side by side, optionally only what one of a few parties touches.

    ``summary`` has a row for each layer: unit, years of its volumes, volume of the focal state with its interval,
    concentration of control, the partner that alone can close most and its share, the volume of others in
    transit, and how many routes have no recorded volume. The other tables are those of :class:`LayerControl`,
    one under the other; volumes of different layers are in different units and do not add up. ``party`` names
    the parties, joined by ``+``.
    """

    year: int | None
    party: str | None
    summary: pl.DataFrame
    routes: pl.DataFrame
    control: pl.DataFrame
    together: pl.DataFrame
    owners: pl.DataFrame
    model: Model = field(repr=False, compare=False)

    @cached_property
    def numbers(self) -> Numbers:
        """The volumes by id.

        A route stands as ``layer:LAYER:ROUTE``, what a party controls as ``layer:LAYER:PARTY`` for the goods of
        the focal state and ``layer:LAYER:PARTY:transit`` for those of others.
        """
        found: dict[str, CitedNumber] = {}
        clauses, layers = read_clauses(self.model, accounting=True), read_layers(self.model)
        routes = {route.route: route for layer in layers.values() for route in layer.routes}
        for row in self.control.iter_rows(named=True):
            parties, transit = clauses.expand([row["party"]]), row["goods"] == "transit"
            cells: set[CellRef] = set()
            for route in layers[row["layer"]].routes:
                closing = _closing_cells(clauses, parties, route)
                if closing and (route.kind == "transit") == transit:
                    cells |= closing | set(_route_cells(route, self.year))
            name = f"layer:{row['layer']}:{row['party']}" + ":transit" * transit
            found[name] = _cited(row, tuple(sorted(cells)))
        for row in self.routes.iter_rows(named=True):
            name = f"layer:{row['layer']}:{row['route']}"
            found[name] = _cited(row, _route_cells(routes[row["route"]], self.year))
        return found


def _cited(row: Mapping[str, Any], cells: Cells) -> CitedNumber:
    return CitedNumber(cells, row["volume"], row["low"], row["high"], row["unit"])


def _route_cells(route: Route, year: int | None) -> Cells:
    volume = route.volume(year)
    way = CellRef("layer_routes", route.line, "links")
    return (way,) if volume is None else (volume.quantity.ref, way)


def _closing_cells(clauses: ClauseBook, parties: frozenset[str], route: Route) -> set[CellRef]:
    links = {("link", link) for link in route.links}
    return {
        ref
        for clause in clauses.clauses
        if clause.table == "denial"
        and clause.asset in links
        and clause.parties <= parties
        and clause.high > 0
        and not clause.in_force
        for ref in clause_cells(clause)
    }


def layers(
    model: Model, names: Sequence[str] = (), *, parties: Sequence[str] = (), year: int | None = None
) -> LayersResult:
    """Return the accounting layers ``names`` of ``model``, all unless named.

    ``parties`` keep only what one of them can close or owns. Raises :class:`kopir.core.errors.InputError` for an
    unknown layer (K0505) or party (K0501).
    """
    if parties:
        read_clauses(model, accounting=True).expand(parties)
    found = [layer_control(model, name, year=year) for name in (names or read_layers(model))]
    routes = _stacked([one.routes for one in found], ROUTES_SCHEMA)
    control = _stacked([one.control for one in found], CONTROL_SCHEMA)
    together = _stacked([one.together for one in found], TOGETHER_SCHEMA)
    owners = _stacked([one.owners for one in found], OWNERS_SCHEMA)
    if parties:
        closers = pl.concat_str("alone", "together", "hazards", separator=" ").str.replace_all(r"\+", " ")
        routes = routes.filter(pl.col("owner").is_in(parties) | _any_of(closers.str.split(" "), parties))
        control = control.filter(pl.col("party").is_in(parties))
        together = together.filter(_any_of(pl.col("clause").str.split("+"), parties))
        owners = owners.filter(pl.col("owner").is_in(parties))
    summary = pl.DataFrame([_summary(one) for one in found], schema=SUMMARY_SCHEMA)
    return LayersResult(year, "+".join(parties) or None, summary, routes, control, together, owners, model)


def layer_control(model: Model, layer: str, *, year: int | None = None) -> LayerControl:
    """Return who controls the accounting layer ``layer`` of ``model``.

    Volumes are those of ``year``, or of the latest year recorded for each route. Clauses count at the middle of
    their effectiveness, at its ends for the intervals; those in force have shaped what was recorded and count
    for nobody. Raises :class:`kopir.core.errors.InputError` (K0505) for an unknown layer.
    """
    book = read_layer_book(model, read_layer(model, layer), year)
    whole = book.amount(book.own)
    return LayerControl(
        layer=layer,
        unit=book.layer.unit,
        years=tuple(sorted({found.year for found in book.volumes.values() if found is not None})),
        volume=None if whole is None else whole.value,
        low=None if whole is None else whole.low,
        high=None if whole is None else whole.high,
        unknown=tuple(route for route, found in book.volumes.items() if found is None),
        concentration=_concentration(book),
        routes=_routes(book),
        control=control_of(book),
        together=_together(book),
        owners=_owners(book),
    )


def _stacked(frames: Sequence[pl.DataFrame], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=schema), *frames])


def _any_of(codes: pl.Expr, parties: Sequence[str]) -> pl.Expr:
    return codes.list.eval(pl.element().is_in(parties)).list.any()


def _summary(found: LayerControl) -> dict[str, object]:
    partners = found.control.filter((pl.col("kind") == "partner") & (pl.col("goods") == "own"))
    leading = partners.filter(pl.col("volume").is_not_null()).sort("volume", "party", descending=[True, False])
    transit = found.owners["volume"].drop_nulls()
    return {
        "layer": found.layer,
        "unit": found.unit,
        "years": "-".join(str(year) for year in dict.fromkeys((found.years[0], found.years[-1])))
        if found.years
        else None,
        "volume": found.volume,
        "low": found.low,
        "high": found.high,
        "concentration": found.concentration,
        "leading": leading["party"][0] if leading.height else None,
        "leading_share": leading["share"][0] if leading.height else None,
        "transit": float(transit.sum()) if transit.len() else None,
        "unknown_routes": len(found.unknown),
    }


def _concentration(book: LayerBook) -> float | None:
    """Return the Herfindahl index of control over the focal state's goods, by partners.

    A volume that several partners can each close is shared among them, in proportion to how far each closes it.
    """
    whole = book.amount(book.own)
    if whole is None or whole.value <= 0:
        return None
    partners = [party for party, kind in book.parties.items() if kind == "partner"]
    closed = {party: book.closed(frozenset([party])) for party in partners}
    held = dict.fromkeys(partners, 0.0)
    for route in book.own:
        found = book.volumes[route.route]
        shares = {party: closed[party][route.route] for party in partners}
        if found is not None and sum(shares.values()) > 0:
            for party, share in shares.items():
                held[party] += found.quantity.value * max(shares.values()) * share / sum(shares.values())
    return sum((one / whole.value) ** 2 for one in held.values())


def _routes(book: LayerBook) -> pl.DataFrame:
    alone = {party: book.closed(frozenset([party])) for party in book.parties}
    rows = []
    for route in book.layer.routes:
        found = book.volumes[route.route]
        by_kind: dict[str, list[str]] = {"partner": [], "home": [], "hazard": []}
        for party, kind in book.parties.items():
            share = alone[party][route.route]
            if share > _CONTROLS:
                by_kind[kind].append(party if share > 1 - _CONTROLS else f"{party} {100 * share:.0f}%")
        rows.append(
            {
                "layer": book.layer.layer,
                "route": route.route,
                "owner": route.owner,
                "kind": route.kind,
                "period": None if found is None else found.period,
                "volume": None if found is None else found.quantity.value,
                "low": None if found is None else found.quantity.low,
                "high": None if found is None else found.quantity.high,
                "unit": book.layer.unit,
                "recorded": None if found is None else found.recorded,
                "grade": None if found is None else found.quantity.grade,
                "path": " ".join(route.places),
                "jurisdictions": " ".join(route.territories),
                "alone": " ".join([*by_kind["home"], *by_kind["partner"]]),
                "together": " ".join(
                    clause for clause in _joint_clauses(book) if _added(book, clause)[route.route] > 0
                ),
                "hazards": " ".join(by_kind["hazard"]),
                "facts": " ".join(route.facts if found is None else found.facts),
            }
        )
    return pl.DataFrame(rows, schema=ROUTES_SCHEMA)


def control_of(book: LayerBook) -> pl.DataFrame:
    """Return the table ``control`` of :class:`LayerControl`."""
    rows = []
    for goods, routes in (("own", book.own), ("transit", book.transit)):
        whole = book.amount(routes)
        for party, kind in book.parties.items():
            parties = frozenset([party])
            closed = book.closed(parties)
            hit = [route for route in routes if closed[route.route] > _CONTROLS]
            if not hit:
                continue
            recorded = any(book.volumes[route.route] is not None for route in hit)
            volume = book.amount(routes, parties) if recorded else None
            left = stranded(_closure(book, parties), hit)
            rows.append(
                {
                    "layer": book.layer.layer,
                    "party": party,
                    "kind": kind,
                    "goods": goods,
                    "unit": book.layer.unit,
                    "volume": None if volume is None else volume.value,
                    "low": None if volume is None else volume.low,
                    "high": None if volume is None else volume.high,
                    "share": volume.value / whole.value if volume and whole and whole.value else None,
                    "unknown_routes": sum(book.volumes[route.route] is None for route in hit),
                    "stranded": left.value,
                    "stranded_at_least": left.at_least,
                    "stranded_at_most": left.at_most,
                }
            )
    frame = pl.DataFrame(rows, schema=CONTROL_SCHEMA)
    return frame.sort("goods", "kind", "volume", "party", descending=[False, True, True, False], nulls_last=True)


def _closure(book: LayerBook, parties: frozenset[str]) -> Closure:
    volumes = {route: None if found is None else found.quantity.value for route, found in book.volumes.items()}
    return Closure(book.layer, volumes, book.closed(parties), book.opened(parties))


def _joint_clauses(book: LayerBook) -> list[str]:
    """Return the clauses of several parties, joined by +, none of them a hazard."""
    found = {
        "+".join(sorted(one.parties))
        for one in book.clauses[0.5].clauses
        if len(one.parties) > 1 and one.high > 0 and not one.in_force
    }
    return sorted(found)


def _added(book: LayerBook, clause: str) -> dict[str, float]:
    """Return the share of each route that all parties of ``clause`` close beyond what any part of them does."""
    parties = clause.split("+")
    whole = book.closed(frozenset(parties))
    parts = [
        book.closed(frozenset(some)) for size in range(1, len(parties)) for some in combinations(parties, size)
    ]
    return {route: share - max(part[route] for part in parts) for route, share in whole.items()}


def _together(book: LayerBook) -> pl.DataFrame:
    rows = []
    for clause in _joint_clauses(book):
        added = _added(book, clause)
        for goods, routes in (("own", book.own), ("transit", book.transit)):
            hit = [route for route in routes if added[route.route] > _CONTROLS]
            known = [(route, found) for route in hit if (found := book.volumes[route.route]) is not None]
            if hit:
                volume = (
                    sum(found.quantity.value * added[route.route] for route, found in known) if known else None
                )
                rows.append((book.layer.layer, clause, goods, book.layer.unit, volume))
    return pl.DataFrame(rows, schema=TOGETHER_SCHEMA, orient="row")


def _owners(book: LayerBook) -> pl.DataFrame:
    home = frozenset([book.home]) if book.home in book.clauses[0.5].members else frozenset[str]()
    rows = []
    for owner in sorted({route.owner for route in book.transit}):
        routes: Sequence[Route] = [route for route in book.transit if route.owner == owner]
        volume, closable = book.amount(routes), book.amount(routes, home)
        unknown = sum(book.volumes[route.route] is None for route in routes)
        rows.append(
            (
                book.layer.layer,
                owner,
                book.layer.unit,
                None if volume is None else volume.value,
                None if closable is None else closable.value,
                unknown,
            )
        )
    return pl.DataFrame(rows, schema=OWNERS_SCHEMA, orient="row")
