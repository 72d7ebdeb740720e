"""Sizes that no asset has: dummy capacities, amounts and prices in another unit than the column's."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kopir.core.errors import Fault
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.network.network import Network

LARGEST = 10_000.0
"""Mt a year beyond which no asset carries, sells or takes one commodity; all coal of the world is less."""
BEYOND = 500.0
"""Times of what enters or is taken beyond which an amount is in another unit."""
_NINES = re.compile(r"9{3,}(\.0*)?")
_BARREL = 7.3
_COLUMNS = {
    "carries": ("nameplate", "firm"),
    "markets": ("depth",),
    "supplies": ("amount",),
    "capacity_groups": ("nameplate", "firm"),
    "conversions": ("nameplate", "firm"),
}


def size_doubts(model: Model, network: Network) -> Iterator[Fault]:
    """Yield a warning for capacities that stand for *no limit*, and figures in a unit that is not meant."""
    yield from _dummies(model)
    yield from _free_ways(model, network)
    yield from _held_back(model)
    yield from _registry(model)


@cache
def plausible() -> Mapping[tuple[str, str], tuple[float, float, str]]:
    """Return the ends between which a figure of a commodity lies, by commodity (``*`` any) and quantity."""
    text = files("kopir.core").joinpath("data/plausible.csv").read_text(encoding="utf-8")
    return {
        (row["commodity"], row["quantity"]): (float(row["low"]), float(row["high"]), row["basis"])
        for row in csv.DictReader(text.splitlines())
    }


def _dummies(model: Model) -> Iterator[Fault]:
    flows = _moved(model)
    for table, columns in _COLUMNS.items():
        for row in model.table(table).iter_rows(named=True):
            commodity = row.get("commodity") or row.get("from_commodity")
            for column in columns:
                value = row[column]
                if value is None:
                    continue
                moved = flows.get(commodity or "", 0.0)
                place = (f"{table}.csv", row["line"], column, f"{value:g}")
                if table == "supplies" and moved and value / moved > BEYOND:
                    why = f"{value:g} Mt a year beside flows of {moved:.3g}: in thousand tonnes or another unit?"
                    yield Fault("K1013", why, "give it in the unit of commodities.csv, Mt unless said", *place)
                elif value >= LARGEST or _NINES.fullmatch(f"{value:.0f}"):
                    why = (
                        f"{value:g} Mt a year stands for no limit: when others refuse, all goes here at once, and "
                        "their refusal costs nothing"
                    )
                    mend = f"write what can be used, in {column} of {table}.csv; firm for what can be used today"
                    yield Fault("K1005", why, mend, *place)


def _moved(model: Model) -> Mapping[str, float]:
    """Return what the recorded flows of the base year come to by commodity, the largest one of each."""
    year = str(model.settings.model.base_year)
    found: dict[str, float] = defaultdict(float)
    carried = dict(model.table("carries").select("link", "commodity").iter_rows())
    for row in model.table("baseline_flows").filter(period=year).iter_rows(named=True):
        commodity = row["commodity"] or carried.get(row["asset"], "")
        found[commodity] = max(found[commodity], row["value"])
    return found


def _free_ways(model: Model, network: Network) -> Iterator[Fault]:
    """Links without any capacity whose goods also go elsewhere, with a limit."""
    year = str(model.settings.model.base_year)
    flows = model.table("baseline_flows").filter(period=year, asset_type="link")
    used: dict[str, float] = defaultdict(float)
    for link, value in flows.select("asset", "value").iter_rows():
        used[link] += value
    grouped = set(model.table("capacity_group_members").filter(asset_type="link")["asset"].to_list())
    ends = {row["link"]: row for row in model.table("links").iter_rows(named=True)}
    limited: dict[tuple[str, str], float] = defaultdict(float)
    for row in model.table("carries").iter_rows(named=True):
        if row["nameplate"] is not None and row["link"] in ends:
            key = (row["commodity"], ends[row["link"]]["from_node"])
            limited[key] = max(limited[key], used[row["link"]])
    for row in model.table("carries").iter_rows(named=True):
        link = ends.get(row["link"])
        if link is None or row["nameplate"] is not None or row["firm"] is not None or row["link"] in grouped:
            continue
        beside = limited.get((row["commodity"], link["from_node"]), 0.0)
        if 0 < used[row["link"]] < beside / 2 and network.asset_index.get(("link", row["link"])) is not None:
            why = (
                f"{row['link']} carries little and has no capacity: a refusal elsewhere moves all goods here "
                "at once and costs hardly anything"
            )
            mend = "write nameplate, and firm for what can be used today"
            yield Fault("K1005", why, mend, "carries.csv", row["line"], "nameplate")


def _held_back(model: Model) -> Iterator[Fault]:
    for table in ("carries", "capacity_groups", "conversions"):
        for row in model.table(table).iter_rows(named=True):
            whole, firm, others = row["nameplate"], row["firm"], row["others_use"]
            place = (f"{table}.csv", row["line"])
            if whole is None:
                continue
            if 0 < whole <= others:
                why = f"others use {others:g} of {whole:g}: nothing is left"
                yield Fault("K1017", why, "correct others_use or nameplate", *place, "others_use", f"{others:g}")
            elif firm is not None and firm > whole * (1 + 1e-9):
                why = f"firm capacity of {firm:g} above the nameplate of {whole:g}: only that counts"
                yield Fault("K1017", why, "correct firm or nameplate", *place, "firm", f"{firm:g}")
            if row["lag"] > 60:
                why = f"a lag of {row['lag']:g} months: the ramp begins after {row['lag'] / 12:.0f} years"
                yield Fault("K1028", why, "give lag in months", *place, "lag", f"{row['lag']:g}")


def _registry(model: Model) -> Iterator[Fault]:
    for row in model.table("commodities").iter_rows(named=True):
        known = plausible()
        ends = known.get((row["commodity"], "barrels_per_tonne")) or known["*", "barrels_per_tonne"]
        value = row["barrels_per_tonne"]
        if value is not None and not ends[0] <= value <= ends[1]:
            why = f"{value:g} barrels in a tonne of {row['commodity']}, which has {ends[0]:g} to {ends[1]:g}"
            yield Fault(
                "K1011",
                why,
                _barrel_mend(value, ends),
                "commodities.csv",
                row["line"],
                "barrels_per_tonne",
                f"{value:g}",
            )
    for row in model.table("markets").iter_rows(named=True):
        band = plausible().get((row["commodity"], "price"))
        quantity = model.quantities.get(CellRef("markets", row["line"], "price"))
        if band is None or quantity is None or quantity.high <= 0 or row["kind"] not in {"export", "import"}:
            continue  # a price at home may be fixed, and that of transit is what the way is worth
        if quantity.high < band[0] or quantity.low > band[1]:
            yield _price_doubt(row, band)


def _barrel_mend(value: float, ends: tuple[float, float, str]) -> str:
    turned = 1 / value if value > 0 else 0.0
    return (
        f"write {turned:.2f}: barrels in a tonne, not tonnes in a barrel"
        if ends[0] <= turned <= ends[1]
        else ("write how many barrels make a tonne")
    )


def _price_doubt(row: Mapping[str, Any], band: tuple[float, float, str]) -> Fault:
    price = row["price"]
    why = f"{price:g} USD for a tonne of {row['commodity']}, which has cost {band[0]:g} to {band[1]:g} ({band[2]})"
    mend = "give USD for a tonne"
    if band[0] <= price * _BARREL <= band[1]:
        mend = (
            f"give USD for a tonne: {price:g} a barrel is about {price * _BARREL:.0f} at {_BARREL} barrels a tonne"
        )
    return Fault("K1012", why, mend, "markets.csv", row["line"], "price", f"{price:g}")
