"""Recorded flows that no flow of the model is held to."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kopir.core.errors import Fault
from kopir.model.contents.model import Model
from kopir.model.network.network import Network

FILE = "baseline_flows.csv"


def record_doubts(model: Model, network: Network) -> Iterator[Fault]:
    """Yield a warning for records that are not used, and for a model whose routes rest on costs alone."""
    year = model.settings.model.base_year
    rows = model.table("baseline_flows").filter(pl.col("asset_type") != "route")
    here = rows.filter(period=str(year))
    moving = not model.table("supplies").is_empty() and not model.table("carries").is_empty()
    if here.is_empty():
        if moving:
            why = f"no flow of {year} is recorded: goods take the cheapest route, all or nothing"
            yield Fault("K1023", why, f"record flows of {year} in baseline_flows.csv", FILE)
        return
    moved = {
        (*network.assets[asset], network.cargoes[cargo].commodity, network.cargoes[cargo].owner)
        for asset, cargo in zip(network.activities.asset.tolist(), network.activities.cargo.tolist(), strict=True)
    }
    for row in here.iter_rows(named=True):
        asset = (row["asset_type"], row["asset"])
        fitting = [one for one in moved if one[:2] == asset]
        if any(one[3] == row["owner"] and row["commodity"] in {None, one[2]} for one in fitting):
            continue
        owned = sorted({one[3] for one in fitting if row["commodity"] in {None, one[2]}})
        column, mend = "commodity", f"name a commodity that {row['asset']} carries, or leave the cell blank"
        if owned:
            column, mend = "owner", f"the owner is whose goods they are: write {' or '.join(owned[:3])}"
        why = f"{row['asset']} moves no {row['commodity'] or 'goods'} of {row['owner']}: the record is not used"
        yield Fault("K1022", why, mend, FILE, row["line"], column, row[column])
