"""In which unit a year's flow of each commodity is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kopir.core.folders.tables import Table
from kopir.core.units import units

OPTIMISED = "Mt/yr"
"""Unit of all that is optimised: prices and costs are in USD/t, values in million USD a year."""

_COUNTED = frozenset({"mass", "volume", "energy", "teu"})


@dataclass(frozen=True)
class FlowUnits:
    """Units of flow by commodity, and the commodity of each route, for rows that name only the route."""

    units: Mapping[str, str]
    routes: Mapping[str, str]

    def commodity_of(self, row: Mapping[str, str]) -> str:
        """Return the commodity of a row of text cells, blank where the row does not tell."""
        named = row.get("commodity", "").strip()
        if named or row.get("asset_type", "").strip() != "route":
            return named
        return self.routes.get(row.get("asset", "").strip(), "")

    def unit_of(self, row: Mapping[str, str]) -> str:
        """Return the unit of flow of a row of text cells; without a commodity that of what is optimised."""
        return self.units.get(self.commodity_of(row), OPTIMISED)


def flow_unit(text: str) -> str | None:
    """Return the unit of a year's flow that ``bcm`` and ``bcm/yr`` alike name; ``None`` where it is none."""
    amount = text.strip().removesuffix("/yr")
    known = units()
    counted = amount in known and known[amount].dimension in _COUNTED and f"{amount}/yr" in known
    return f"{amount}/yr" if counted else None


def read_flow_units(tables: Mapping[str, Table]) -> FlowUnits:
    """Return the units of flow of a folder; a commodity whose unit is no unit of flow counts as optimised."""
    commodities, routes = tables["commodities"].cells, tables["layer_routes"].cells
    return FlowUnits(
        units={row["commodity"]: flow_unit(row["unit"]) or OPTIMISED for row in commodities.iter_rows(named=True)},
        routes={row["route"]: row["commodity"] for row in routes.iter_rows(named=True)},
    )
