"""Production quotas that are not kept: how much of a forced cut full compliance would have asked for anyway."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kopir.flow.value import Flow
from kopir.model.network.network import Floats, Kind, Network
from kopir.strategy.value.setup import Setup


@dataclass(frozen=True)
class QuotaResult:
    """Limits recorded in capacity_groups.csv with ``enforced = no`` (Mt a year).

    ``table`` has ``group``, ``limit_mt``, ``load_mt`` (the undisturbed flow) and ``excess_mt``, the cut that
    full compliance would ask for: stranding up to it costs nothing against compliance.
    """

    table: pl.DataFrame


def quotas(setup: Setup, undisturbed: Flow) -> QuotaResult:
    """Return how far the undisturbed flow exceeds each limit that is recorded but not enforced."""
    rows = []
    members = setup.model.table("capacity_group_members")
    for group in setup.model.table("capacity_groups").filter(~pl.col("enforced")).iter_rows(named=True):
        if group["nameplate"] is None:
            continue
        load = sum(
            row["coefficient"] * _use(setup.network, undisturbed.total, row["asset_type"], row["asset"])
            for row in members.filter(group=group["group"]).iter_rows(named=True)
        )
        limit = group["nameplate"]
        rows.append(
            {"group": group["group"], "limit_mt": limit, "load_mt": load, "excess_mt": max(0.0, load - limit)}
        )
    schema = {"group": pl.String, "limit_mt": pl.Float64, "load_mt": pl.Float64, "excess_mt": pl.Float64}
    return QuotaResult(pl.DataFrame(rows, schema=schema).sort("group"))


def _use(network: Network, use: Floats, asset_type: str, asset: str) -> float:
    index = network.asset_index.get((asset_type, asset))
    chosen = (network.activities.asset == index) & (network.activities.kind != Kind.UNMET)
    return float(use[chosen].sum())
