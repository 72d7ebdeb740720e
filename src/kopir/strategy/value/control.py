"""Under whose control goods move: Mt that pass what a jurisdiction can close, or cross its territory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kopir.flow.sharing import passing, passing_each
from kopir.model.contents.model import Model
from kopir.model.network.clauses import ClauseBook, Denial
from kopir.model.network.network import Floats, Kind, Network


def under_control(network: Network, clauses: ClauseBook, use: Floats, party: str, owner: str) -> float:
    """Return Mt sold by ``owner`` that ``party`` alone could have stopped on its way.

    Each asset counts with the share of it that the party's clauses close.
    """
    return float(passing_each(network, use, spared_by(network, clauses, [party]), owner)[0])


def spared_by(network: Network, clauses: ClauseBook, parties: Sequence[str]) -> Floats:
    """Return the share of what stands today that each of ``parties`` alone cannot stop (parties x activities)."""
    standing = network.open_shares(clauses.availability(Denial()))
    each = (network.open_shares(clauses.availability(Denial(frozenset([party])))) for party in parties)
    left = np.array(list(each)).reshape(len(parties), len(network.assets))
    with np.errstate(invalid="ignore", divide="ignore"):
        relative: Floats = np.where(standing > 0, left / standing, 1.0)
    return relative[:, network.activities.asset]


def crossing(
    model: Model,
    network: Network,
    use: Floats,
    states: Iterable[str],
    owner: str,
    goods: frozenset[str] | None = None,
) -> float:
    """Return Mt of ``goods`` sold by ``owner`` that crossed the territory of any of ``states`` before the sale."""
    named = frozenset(states)
    return passing(network, use, np.where(_touches(model, network, named), 0.0, 1.0), owner, goods)


def territories(model: Model) -> Mapping[str, frozenset[str]]:
    """Return the states that each link crosses: those it names, or those of its two ends."""
    of_node = {row["node"]: row["territory"] for row in model.table("nodes").iter_rows(named=True)}
    return {
        row["link"]: frozenset(row["territories"] or (of_node[row["from_node"]], of_node[row["to_node"]]))
        for row in model.table("links").iter_rows(named=True)
    }


def _touches(model: Model, network: Network, states: frozenset[str]) -> NDArray[np.bool_]:
    crossed = territories(model)
    touched = [kind == "link" and bool(crossed[asset] & states) for kind, asset in network.assets]
    flows: NDArray[np.bool_] = network.activities.kind == Kind.FLOW
    return flows & np.array(touched, dtype=np.bool_)[network.activities.asset]
