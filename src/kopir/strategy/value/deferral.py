"""Shut-in is deferral: what oil left in the ground is still worth when it comes out years later."""

from __future__ import annotations

import numpy as np

from kopir.flow.sharing import netback
from kopir.model.network.network import Floats, Kind
from kopir.strategy.value.setup import Setup


def deferred_value(setup: Setup, before: Floats, after: Floats, fetched: Floats | None = None) -> float:
    """Return the present value (million USD) of what the focal state's supplies did not produce.

    A supply's loss comes back after its ``tail`` years, discounted at the model's rate; the foreign
    shareholders' part does not come back when the licence ends before. Supplies without a tail get nothing
    back. ``before`` and ``after`` are flows (activities; Mt); ``fetched`` is what ``before`` fetches at each row
    (:func:`kopir.flow.sharing.netback`), where that is known.
    """
    network, model = setup.network, setup.model
    activities = network.activities
    rate = model.settings.model.discount_rate
    if fetched is None:
        fetched = netback(network, before, activities.cost)
    total = 0.0
    for row in model.table("supplies").iter_rows(named=True):
        if row["tail"] is None or row["owner"] != setup.focal_state:
            continue
        index = network.asset_index["supply", row["supply"]]
        for activity in np.flatnonzero((activities.asset == index) & (activities.kind == Kind.SUPPLY)):
            shut_in = max(0.0, before[activity] - after[activity])
            rent = fetched[activities.put[activity]] - activities.cost[activity]
            year = setup.baseline.year + row["tail"]
            expired = row["licence_end"] is not None and year > row["licence_end"]
            kept = 1.0 - (1 - setup.ledger.state_take[activity]) * setup.ledger.foreign_share[activity] * expired
            total += shut_in * rent * kept / (1 + rate) ** row["tail"]
    return total
