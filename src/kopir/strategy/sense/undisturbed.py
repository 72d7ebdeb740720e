"""What the undisturbed flow of the base year says of the figures: supplies left in the ground, needs left open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kopir.core.errors import Fault
from kopir.flow.calibration import could_be_served
from kopir.model.network.clauses import Asset
from kopir.model.network.network import Floats, Kind
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import Valuation

LEFT = 0.01
"""Share of a need that may stay unmet, and of a supply that has to move."""

SPARED = 1e-4
"""Share of a need that may stay open though it could have been served: rounding, not a figure of the year."""


def flow_doubts(setup: Setup) -> Iterator[Fault]:
    """Yield a warning for each supply that nobody buys and each need that stays open when nobody refuses.

    Raises :class:`kopir.core.errors.ModelError` where there is no flow.
    """
    yield from _unsold(setup)
    yield from _unmet(setup)


def _by_asset(setup: Setup, kind: Kind, use: Floats) -> dict[Asset, float]:
    network = setup.network
    chosen = np.flatnonzero(network.activities.kind == kind)
    return {network.assets[network.activities.asset[one]]: float(use[one]) for one in chosen}


def _unsold(setup: Setup) -> Iterator[Fault]:
    """Supplies at home that recorded costs and prices leave in the ground; calibration would hide it."""
    model, network = setup.model, setup.network
    at_cost = Valuation(network, setup.clauses, steps=None, span="long", horizons=model.settings.horizons)
    moved = _by_asset(setup, Kind.SUPPLY, at_cost.usual().total)
    territory = dict(model.table("nodes").select("node", "territory").iter_rows())
    for row in model.table("supplies").iter_rows(named=True):
        asset = ("supply", row["supply"])
        own = row["owner"] == territory[row["node"]] == model.focal_state
        if own and row["amount"] > 0 and asset in moved and moved[asset] <= LEFT * row["amount"]:
            why = f"at its costs and prices {row['supply']} sells nothing, though nobody refuses"
            mend = "check the units of cost, of price in markets.csv, and of cost in carries.csv"
            yield Fault("K1014", why, mend, "supplies.csv", row["line"], "cost", f"{row['cost']:g}")


def _unmet(setup: Setup) -> Iterator[Fault]:
    left = _by_asset(setup, Kind.UNMET, setup.valuation("long").usual().total)
    spared = _not_delivered(setup)
    for row in setup.model.table("markets").iter_rows(named=True):
        asset, place = ("market", row["market"]), ("markets.csv", row["line"], "depth", f"{row['depth']:g}")
        unmet, spare = left.get(asset, 0.0), spared.get(asset, 0.0)
        if spare > SPARED * row["depth"]:
            why = (
                f"{unmet:.3g} of {row['depth']:g} Mt stay unmet when nobody refuses, {spare:.3g} of them though "
                "they could have been served: the recorded flows then say that going without is cheap, and every "
                "refusal counts for less"
            )
            mend = "correct depth to what was delivered, or the recorded flows so that they serve the need"
            yield Fault("K1004", why, mend, *place)
        elif unmet > LEFT * row["depth"]:
            why = f"{unmet:.3g} of {row['depth']:g} Mt stay unmet when nobody refuses: capacity or supply is short"
            yield Fault("K1004", why, "correct depth or the supplies, if the need was served", *place)


def _not_delivered(setup: Setup) -> dict[Asset, float]:
    """Return how much of each need the recorded flows leave open that they could have served (Mt a year)."""
    if setup.calibration is None:
        return {}
    return _by_asset(setup, Kind.UNMET, could_be_served(setup.calibration.network, setup.calibration.use))
