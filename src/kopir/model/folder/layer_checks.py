"""What the tables of an accounting layer must satisfy: own units, no money, routes that hang together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kopir.core.errors import Fault
from kopir.core.folders.folder import Folder
from kopir.model.contents.accounting import (
    accounting_commodities,
    accounting_gains,
    accounting_links,
    accounting_options,
)
from kopir.model.contents.flow_units import OPTIMISED, flow_unit
from kopir.model.contents.quantities import CellRef, Quantity

Row = Mapping[str, Any]

_PRICED = {
    "charges": "commodity",
    "contracts": "commodity",
    "conversions": "from_commodity",
    "markets": "commodity",
    "storage": "commodity",
    "supplies": "commodity",
}
"""Tables of what is bought, sold, stored or paid, with their column of commodities."""


def layer_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> list[Fault]:
    """Return what is wrong with the accounting layers of a folder whose form and references are right."""
    return [
        *_unit_faults(folder),
        *_money_faults(folder),
        *_route_faults(folder),
        *_volume_faults(folder),
        *_gain_faults(folder),
        *_cost_faults(folder, quantities),
    ]


def _rows(folder: Folder, table: str) -> Iterator[Row]:
    return folder.tables[table].typed.iter_rows(named=True)


def _fault(code: str, why: str, mend: str, table: str, row: Row, column: str) -> Fault:
    value = row[column]
    shown = " ".join(value) if isinstance(value, list) else value
    return Fault(code, why, mend, f"{table}.csv", row["line"], column, shown)


def _unit_faults(folder: Folder) -> Iterator[Fault]:
    for row in _rows(folder, "commodities"):
        unit = flow_unit(row["unit"])
        if unit is None:
            why = f"a year's flow is not counted in {row['unit']}"
            yield _fault("K0330", why, "write Mt, kt, bcm, TWh or TEU", "commodities", row, "unit")
        elif unit != OPTIMISED and not row["accounting"]:
            why = f"what is optimised is counted in {OPTIMISED}, this in {unit}"
            yield _fault("K0330", why, "count it in Mt, or write accounting yes", "commodities", row, "unit")


def _money_faults(folder: Folder) -> Iterator[Fault]:
    accounting, alone = accounting_commodities(folder), accounting_links(folder)
    for table, column in _PRICED.items():
        for row in _rows(folder, table):
            if row[column] in accounting:
                mend = "take the row out, or write accounting no and give every cost"
                yield _fault(
                    "K0331", f"{row[column]} is only accounted for, not optimised", mend, table, row, column
                )
            elif table == "charges" and row["asset_type"] == "link" and row["asset"] in alone:
                why = "the link carries nothing that is optimised"
                yield _fault("K0331", why, "take the row out", table, row, "asset")
    for row in _rows(folder, "carries"):
        for column in ("cost", "firm", "loss", "ramp", "lag"):
            if row["commodity"] in accounting and row[column] not in {None, "0"}:
                why = f"{row['commodity']} is only accounted for: what counts is nameplate and others_use"
                yield _fault("K0331", why, f"leave {column} blank", "carries", row, column)


def _route_faults(folder: Folder) -> Iterator[Fault]:
    accounting = accounting_commodities(folder)
    carried = {(row["link"], row["commodity"]) for row in _rows(folder, "carries")}
    ends = {row["link"]: (row["from_node"], row["to_node"]) for row in _rows(folder, "links")}
    for row in _rows(folder, "layer_routes"):
        if row["commodity"] not in accounting:
            mend = "write accounting yes in commodities.csv; ways of what is optimised are found, not given"
            yield _fault(
                "K0332", f"{row['commodity']} is no accounting layer", mend, "layer_routes", row, "commodity"
            )
        for link in row["links"]:
            if (link, row["commodity"]) not in carried:
                mend = f"add {link},{row['commodity']} to carries.csv, its nameplate blank where it is not sourced"
                yield _fault(
                    "K0332", f"{link} does not carry {row['commodity']}", mend, "layer_routes", row, "links"
                )
        for link, then in zip(row["links"], row["links"][1:], strict=False):
            if ends[link][1] != ends[then][0]:
                why = f"{link} ends at {ends[link][1]}, {then} begins at {ends[then][0]}"
                yield _fault(
                    "K0332", why, "name the links in order, with those between", "layer_routes", row, "links"
                )


def _volume_faults(folder: Folder) -> Iterator[Fault]:
    accounting, alone = accounting_commodities(folder), accounting_links(folder)
    routes = {row["route"]: row for row in _rows(folder, "layer_routes")}
    for row in _rows(folder, "baseline_flows"):
        if row["asset_type"] == "route":
            for column in ("commodity", "owner"):
                of_route = routes[row["asset"]][column]
                if row[column] not in {None, of_route}:
                    why = f"the route {row['asset']} has {column} {of_route}"
                    yield _fault("K0333", why, f"write {of_route}", "baseline_flows", row, column)
        elif row["commodity"] in accounting or (row["asset_type"] == "link" and row["asset"] in alone):
            why = "volumes of an accounting layer are recorded for its routes"
            yield _fault("K0333", why, "write route and its code", "baseline_flows", row, "asset")


def _gain_faults(folder: Folder) -> Iterator[Fault]:
    alone = accounting_links(folder)
    carried = {(row["link"], row["commodity"]) for row in _rows(folder, "carries")}
    for row in _rows(folder, "option_gains"):
        if row["asset_type"] != "link":
            continue
        if row["commodity"] is None and row["asset"] in alone:
            why = "the unit of the gain is that of a commodity, and none is named"
            yield _fault("K0333", why, "name the commodity", "option_gains", row, "asset")
        elif row["commodity"] is not None and (row["asset"], row["commodity"]) not in carried:
            mend = f"add {row['asset']},{row['commodity']} to carries.csv, or correct the commodity"
            yield _fault("K0333", f"{row['asset']} does not carry it", mend, "option_gains", row, "commodity")


def _cost_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> Iterator[Fault]:
    beyond = accounting_options(folder)
    for row in _rows(folder, "options"):
        if row["option"] not in beyond and CellRef("options", row["line"], "annual_cost") not in quantities:
            why = f"annual_cost is blank, and {row['option']} changes what is optimised"
            yield _fault("K0203", why, "fill in the annualised cost", "options", row, "annual_cost")
    gained = accounting_gains(folder)
    for row in _rows(folder, "option_gains"):
        if row["line"] not in gained and CellRef("option_gains", row["line"], "gain") not in quantities:
            why = "gain is blank, and the asset belongs to what is optimised"
            yield _fault("K0203", why, "fill in the capacity gained", "option_gains", row, "gain")
