"""Under whose control goods move: Mt that pass what a jurisdiction can close, or cross its territory."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kopir.flow.sharing import passing
from kopir.model.clauses import ClauseBook, Denial
from kopir.model.model import Model
from kopir.model.network import Floats, Kind, Network


def under_control(network: Network, clauses: ClauseBook, use: Floats, party: str, owner: str) -> float:
    """Return Mt sold by ``owner`` that ``party`` alone could have stopped on its way.

    Each asset counts with the share of it that the party's clauses close.
    """
    left = network.open_shares(clauses.availability(Denial(frozenset([party]))))
    standing = network.open_shares(clauses.availability(Denial()))
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(standing > 0, left / standing, 1.0)
    return passing(network, use, relative[network.activities.asset], owner)


def crossing(model: Model, network: Network, use: Floats, states: Iterable[str], owner: str) -> float:
    """Return Mt sold by ``owner`` that crossed the territory of any of ``states`` before the sale."""
    named = frozenset(states)
    return passing(network, use, np.where(_touches(model, network, named), 0.0, 1.0), owner)


def _touches(model: Model, network: Network, states: frozenset[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    territory = {row["node"]: row["territory"] for row in model.table("nodes").iter_rows(named=True)}
    crossed: dict[int, frozenset[str]] = {}
    for row in model.table("links").iter_rows(named=True):
        index = network.asset_index.get(("link", row["link"]))
        if index is not None:
            ends = {territory[row["from_node"]], territory[row["to_node"]]}
            crossed[index] = frozenset(row["territories"]) or frozenset(ends)
    flows = network.activities.kind == Kind.FLOW
    return np.array(
        [
            bool(flow and crossed.get(int(asset), frozenset()) & states)
            for flow, asset in zip(flows, network.activities.asset, strict=True)
        ],
        dtype=np.bool_,
    )
