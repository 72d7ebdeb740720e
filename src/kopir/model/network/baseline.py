"""Recorded flows: what each asset moved in a year, and how its use answers to value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.network.network import Floats, Kind, Network

_KINDS: Mapping[str, Kind] = {
    "link": Kind.FLOW,
    "supply": Kind.SUPPLY,
    "market": Kind.SALE,
    "conversion": Kind.CONVERSION,
}


@dataclass(frozen=True)
class Baseline:
    """Recorded use of a year.

    ``use`` (activities; Mt/yr) is NaN where nothing is recorded; ``elasticity`` (activities) is the per cent
    of use that one per cent more value at the far end brings, NaN where none is given; ``rows`` are the rows
    of baseline_flows.csv behind it.
    """

    year: int
    use: Floats
    elasticity: Floats
    rows: pl.DataFrame


def recorded_years(model: Model) -> frozenset[int]:
    """Return the years for which flows of the network are recorded; volumes of routes do not count."""
    periods = model.table("baseline_flows").filter(pl.col("asset_type").is_in(list(_KINDS)))["period"]
    return frozenset(int(period) for period in periods.to_list() if period.isdecimal())


def read_baseline(
    model: Model, network: Network, year: int, values: Mapping[CellRef, float] | None = None
) -> Baseline:
    """Return the flows recorded for ``year``; a row without commodity stands for all its asset carries.

    Volumes of routes belong to accounting layers and are left out.
    """
    recorded = model.table("baseline_flows", values)
    rows = recorded.filter((pl.col("period") == str(year)) & pl.col("asset_type").is_in(list(_KINDS)))
    use = np.full(len(network.activities), np.nan)
    elasticity = np.full(len(network.activities), np.nan)
    for row in rows.iter_rows(named=True):
        index = network.asset_index.get((row["asset_type"], row["asset"]))
        for activity in np.flatnonzero(
            (network.activities.asset == index) & (network.activities.kind == _KINDS[row["asset_type"]])
        ):
            cargo = network.cargoes[network.activities.cargo[activity]]
            if cargo.owner == row["owner"] and row["commodity"] in {None, cargo.commodity}:
                use[activity] = row["value"]
                elasticity[activity] = np.nan if row["elasticity"] is None else row["elasticity"]
    return Baseline(year, use, elasticity, rows)
