"""What a well-formed model folder must also satisfy to mean something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kopir.core.codes import LANGUAGES, registered_name
from kopir.core.errors import Fault
from kopir.core.folders.folder import Folder
from kopir.core.folders.tables import Table
from kopir.core.spelling import did_you_mean
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.folder.apportionment_checks import apportionment_faults
from kopir.model.folder.corridor_checks import corridor_faults
from kopir.model.folder.event_checks import event_faults
from kopir.model.folder.function_checks import function_faults
from kopir.model.folder.geometry import geometry_faults
from kopir.model.folder.layer_checks import layer_faults
from kopir.model.folder.obligation_checks import equipment_faults, obligation_faults
from kopir.model.folder.trade_checks import trade_faults

_NOT_NEGATIVE = frozenset(
    {
        "amount",
        "capacity",
        "cap",
        "delay",
        "depth",
        "elasticity",
        "expenditure",
        "firm",
        "initial",
        "lag",
        "lead_time",
        "minimum",
        "nameplate",
        "others_use",
        "penalty",
        "ramp",
        "ratio",
        "restart",
        "tail",
        "threshold",
        "unmet_penalty",
        "value",
        "whole",
        "world_supply",
    }
)
LARGEST, SMALLEST = 1e12, 1e-12
"""Bounds of what a quantity comes to in the unit of its column: the product of the world is 1e8 million USD."""
_SHARES = frozenset(
    {
        "coproduced",
        "cost_share",
        "deliveries",
        "effectiveness_high",
        "effectiveness_low",
        "foreign_share",
        "local",
        "loss",
        "renewal",
        "share",
        "state_take",
        "stock",
    }
)


def meaning_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> list[Fault]:
    """Return what is wrong with the meaning of a folder whose form and references are right."""
    faults = [fault for quantity in quantities.values() for fault in _quantity_faults(quantity)]
    faults += _basis_faults(folder, quantities)
    faults += _base_year_faults(folder)
    faults += _player_faults(folder)
    faults += _membership_faults(folder.tables["jurisdictions"])
    faults += _denial_faults(folder)
    faults += obligation_faults(folder)
    faults += equipment_faults(folder, quantities)
    faults += _overlap_faults(folder.tables["denial"])
    faults += apportionment_faults(folder)
    faults += event_faults(folder)
    faults += corridor_faults(folder.tables)
    faults += _store_faults(folder.tables["storage"], quantities)
    faults += function_faults(folder, quantities)
    faults += trade_faults(folder, quantities)
    faults += layer_faults(folder, quantities)
    faults += _coordinate_faults(folder.tables["nodes"])
    faults += geometry_faults(folder)
    return sorted(faults, key=lambda fault: (fault.file or "", fault.line or 0, fault.column or ""))


def _quantity_faults(quantity: Quantity) -> Iterator[Fault]:
    ref = quantity.ref
    place = (f"{ref.table}.csv", ref.line, ref.column)
    if not quantity.low <= quantity.value <= quantity.high:
        why = f"{quantity.value:g} lies outside {quantity.low:g} to {quantity.high:g}"
        yield Fault("K0303", why, "correct the value or the interval", *place, f"{quantity.value:g}")
    if not all(
        end == 0 or SMALLEST <= abs(end) <= LARGEST for end in (quantity.low, quantity.value, quantity.high)
    ):
        why = f"{quantity.value:g} {quantity.unit} is beyond the size of anything measured so"
        yield Fault("K0222", why, "correct the exponent or the unit", *place, f"{quantity.value:g}")
    if ref.column in _NOT_NEGATIVE and quantity.low < 0:
        yield Fault("K0304", "a negative amount", "write a number of at least zero", *place, f"{quantity.low:g}")
    if ref.column in _SHARES and not (quantity.low >= 0 and quantity.high <= 1):
        worst = quantity.low if quantity.low < 0 else quantity.high
        yield Fault("K0305", "outside 0 to 1", "write a number between 0 and 1", *place, f"{worst:g}")


def _basis_faults(folder: Folder, quantities: Mapping[CellRef, Quantity]) -> Iterator[Fault]:
    for quantity in quantities.values():
        ref = quantity.ref
        has_basis = "basis" in folder.tables[ref.table].schema.names
        if has_basis and quantity.grade == "assumed" and quantity.fact is None and not quantity.basis:
            mend = "write into the basis cell where the number comes from"
            value = f"{quantity.value:g}"
            yield Fault(
                "K0309", "an assumption without basis", mend, f"{ref.table}.csv", ref.line, ref.column, value
            )


def _player_faults(folder: Folder) -> Iterator[Fault]:
    known = set(folder.tables["jurisdictions"].typed["jurisdiction"].to_list())
    settings = folder.settings
    kinds = dict(folder.tables["jurisdictions"].typed.select("jurisdiction", "kind").iter_rows())
    own = {settings.model.focal_state, settings.model.home}.intersection(settings.players)
    for name in sorted(own):
        why = f"{name!r} is the focal state: what others can do to it is asked"
        yield Fault("K0317", why, "take it out of players", "kopir.toml", None, "players", name)
    for name in sorted(set(settings.players)):
        if kinds.get(name) not in {"hazard", "region"}:
            continue
        why = f"{name!r} is a {kinds[name]}, and a {kinds[name]} decides nothing"
        yield Fault("K0311", why, "take it out of players", "kopir.toml", None, "players", name)
    for column, names in (
        ("players", settings.players),
        ("model.focal_state", (settings.model.focal_state,)),
    ):
        for name in names:
            if name not in known:
                named = {text.casefold(): code for code in known for text in _names_of(code)}
                mend = did_you_mean(
                    named.get(name.casefold(), name), known, "a row of jurisdictions.csv, or add it there"
                )
                yield Fault("K0501", f"unknown jurisdiction {name!r}", mend, "kopir.toml", None, column, name)


def _names_of(code: str) -> list[str]:
    return [name for language in LANGUAGES if (name := registered_name(code, language)) is not None]


def _base_year_faults(folder: Folder) -> Iterator[Fault]:
    """Yield a fault where flows of the network are recorded, but none of the base year.

    A model without any recorded flow is not calibrated, and every answer says so.
    """
    flows = folder.tables["baseline_flows"].typed.filter(pl.col("asset_type") != "route")
    years = sorted({int(period) for period in flows["period"] if period.isdecimal()})
    year = folder.settings.model.base_year
    if flows.is_empty() or year in years:
        return
    newest = f"write base_year = {years[-1]}, or record" if years else "record"
    mend = f"{newest} flows of {year} in baseline_flows.csv (kopir rebase makes them of facts)"
    why = f"no flow of {year} is recorded"
    yield Fault("K0316", why, mend, "kopir.toml", None, "model.base_year", str(year))


def _membership_faults(table: Table) -> Iterator[Fault]:
    members = {row["jurisdiction"]: row["members"] for row in table.typed.iter_rows(named=True)}
    for row in table.typed.iter_rows(named=True):
        reached: set[str] = set()
        frontier = list(row["members"])
        while frontier:
            name = frontier.pop()
            if name not in reached:
                reached.add(name)
                frontier += members.get(name, [])
        if row["jurisdiction"] in reached:
            mend = "remove the row that closes the circle"
            code = row["jurisdiction"]
            yield Fault("K0306", "a union that is its own member", mend, table.file, row["line"], "members", code)


def _denial_faults(folder: Folder) -> Iterator[Fault]:
    table = folder.tables["denial"]
    for row in table.typed.iter_rows(named=True):
        low, high = row["effectiveness_low"], row["effectiveness_high"]
        place = (table.file, row["line"])
        if low is not None and high is not None and low > high:
            yield Fault(
                "K0302",
                "the interval is reversed",
                f"write {high:g} and {low:g}",
                *place,
                "effectiveness_low",
                f"{low:g}",
            )
        for column, value in (("effectiveness_low", low), ("effectiveness_high", high)):
            if value is not None and not 0 <= value <= 1:
                yield Fault(
                    "K0305", "outside 0 to 1", "write a number between 0 and 1", *place, column, f"{value:g}"
                )
        if row["basis_kind"] == "none" and high:
            mend = "write 0, or name the basis"
            yield Fault(
                "K0305", "a clause without a basis closes nothing", mend, *place, "effectiveness_high", f"{high:g}"
            )


def _overlap_faults(table: Table) -> Iterator[Fault]:
    """Yield a fault for each dated clause that holds while another row of the same clause does."""
    last: dict[tuple[str, ...], tuple[str, int]] = {}
    rows = sorted(table.typed.iter_rows(named=True), key=lambda row: (row["valid_from"] or "", row["line"]))
    for row in rows:
        same = (row["asset_type"], row["asset"], *sorted(row["clause"]))
        until, line = last.get(same, ("", 0))
        if line and until >= (row["valid_from"] or ""):
            why = f"the row of line {line} holds at the same time"
            mend = "end it with valid_to on the day before"
            yield Fault("K0204", why, mend, table.file, row["line"], "valid_from", row["valid_from"] or "")
        last[same] = (row["valid_to"] or "9999-12-31", row["line"])


def _coordinate_faults(table: Table) -> Iterator[Fault]:
    for row in table.typed.iter_rows(named=True):
        for column, most, what in (("lat", 90, "latitude"), ("lon", 180, "longitude")):
            value = row[column]
            if value is not None and not -most <= value <= most:
                turned = column == "lat" and abs(value) <= 180 and row["lon"] is not None and abs(row["lon"]) <= 90
                mend = "exchange latitude and longitude" if turned else "give degrees (WGS84)"
                why = f"no {what}: outside -{most} to {most}"
                yield Fault("K0370", why, mend, table.file, row["line"], column, f"{value:g}")


def _store_faults(table: Table, quantities: Mapping[CellRef, Quantity]) -> Iterator[Fault]:
    for row in table.typed.iter_rows(named=True):
        held, room = (
            quantities.get(CellRef("storage", row["line"], column)) for column in ("initial", "capacity")
        )
        if held is not None and room is not None and held.value > room.value:
            why = f"holds {held.value:g} Mt at the start, more than its capacity of {room.value:g}"
            yield Fault(
                "K0312", why, "correct one of the two", table.file, row["line"], "initial", f"{held.value:g}"
            )
