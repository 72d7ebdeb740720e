"""How much of a loss rests on assumptions: the share of it that multiplies an assumed figure."""

from __future__ import annotations

import numpy as np

from kopir.flow.value import Flow
from kopir.model.contents.quantities import CellRef
from kopir.model.network.network import Floats, Kind, Network
from kopir.strategy.value.setup import Setup


def assumed_share(setup: Setup, before: Flow, after: Flow) -> float | None:
    """Return the share (0 to 1) of a loss that rests on assumed prices, costs and calibrated terms.

    A loss is a sum of price or cost times change of use. Each term is split between the cells that make up
    its rate; the answer is the absolute sum of the parts that are assumed, over the absolute sum of all.
    ``None`` when nothing changes.
    """
    change = np.abs(before.total - after.total)
    assumed, known = rate_parts(setup)
    extra = np.zeros(len(change)) if setup.calibration is None else np.abs(setup.calibration.correction)
    whole = float((assumed + known + extra) @ change)
    if whole <= 0:
        return None
    return float((assumed + extra) @ change) / whole


def rate_parts(setup: Setup) -> tuple[Floats, Floats]:
    """Return the absolute assumed and the absolute sourced or derived parts of each rate (activities; USD/t)."""
    network, model = setup.network, setup.model
    count = len(network.activities)
    assumed, known = np.zeros(count), np.zeros(count)

    def add(activities: np.ndarray[tuple[int], np.dtype[np.bool_]], ref: CellRef, weight: float = 1.0) -> None:
        quantity = model.quantities.get(ref)
        if quantity is not None:
            part = assumed if quantity.grade == "assumed" else known
            part[activities] += abs(quantity.value) * weight

    for table, asset_type, key, columns in (
        ("carries", "link", "link", ("cost",)),
        ("supplies", "supply", "supply", ("cost",)),
        ("markets", "market", "market", ("price", "differential")),
        ("conversions", "conversion", "conversion", ("cost",)),
    ):
        for row in model.table(table).iter_rows(named=True):
            chosen = _of_asset(network, asset_type, row[key], row.get("commodity") or row.get("from_commodity"))
            for column in columns:
                add(chosen & (network.activities.kind != Kind.UNMET), CellRef(table, row["line"], column))
            if table == "markets":
                unmet = chosen & (network.activities.kind == Kind.UNMET)
                add(unmet, CellRef(table, row["line"], "unmet_penalty"))
    for row in model.table("charges").iter_rows(named=True):
        add(
            _of_asset(network, row["asset_type"], row["asset"], row["commodity"]),
            CellRef("charges", row["line"], "amount"),
        )
    return assumed, known


def _of_asset(
    network: Network, asset_type: str, asset: str, commodity: str | None
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    index = network.asset_index.get((asset_type, asset))
    of_commodity = np.array([commodity in {None, cargo.commodity} for cargo in network.cargoes], dtype=np.bool_)
    chosen: np.ndarray[tuple[int], np.dtype[np.bool_]] = (network.activities.asset == index) & of_commodity[
        network.activities.cargo
    ]
    return chosen
