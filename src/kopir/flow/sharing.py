"""Following goods through a flow: how much of what is sold has passed what, and what it fetches at the source.

Goods that meet at a node mix: every way out carries the composition of the ways in (the proportional sharing
principle of flow tracing, Bialek 1996, IEE Proc. Gener. Transm. Distrib. 143(4)). The answer needs no list of
paths and is unique where path decompositions are not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import spsolve

from kopir.model.network.network import Floats, Kind, Network


def surviving_share(network: Network, use: Floats, left: Floats) -> Floats:
    """Return the share of goods at the end of each activity that survived all they passed (activities).

    ``left`` (activities; 0 to 1) is the share that survives each activity: with 0 on the activities of
    interest and 1 elsewhere, one minus the answer is the share that has passed any of them. ``use`` is in
    Mt; activities that are not used have the share of what stands at their beginning.
    """
    activities = network.activities
    moved = activities.gain * use
    arriving = np.zeros(network.balances)
    puts = activities.put >= 0
    np.add.at(arriving, activities.put[puts], moved[puts])
    known = np.zeros(network.balances)
    through = puts & (activities.taken >= 0) & (use > 0)
    entering = puts & (activities.taken < 0) & (use > 0)
    np.add.at(known, activities.put[entering], (moved * left)[entering])
    safe = np.where(arriving > 0, arriving, 1.0)
    passed = sparse.csc_array(
        (
            (moved * left)[through] / safe[activities.put[through]],
            (activities.put[through], activities.taken[through]),
        ),
        shape=(network.balances, network.balances),
    )
    share = np.ones(network.balances)
    reached = arriving > 0
    if reached.any():
        solved = spsolve(sparse.eye_array(network.balances, format="csc") - passed, known / safe)
        share[reached] = solved[reached]
    before = np.where(activities.taken >= 0, share[activities.taken], 1.0)
    survived: Floats = np.clip(before * left, 0.0, 1.0)
    return survived


def passing(network: Network, use: Floats, left: Floats, owner: str) -> float:
    """Return Mt sold by ``owner`` that did not survive ``left`` (see :func:`surviving_share`)."""
    sales = network.of_kind(Kind.SALE) & network.owned_by(owner)
    lost = 1.0 - surviving_share(network, use, left)
    return float((use * lost)[sales].sum())


def spared(network: Network, use: Floats, met: NDArray[np.bool_], owner: str) -> float:
    """Return Mt produced by ``owner`` that meet none of the activities ``met`` on their way to a sale.

    Goods that leave a node go each way in proportion to its use, so that this part of the flow keeps every
    balance by itself: it could move if all that is met were shut.
    """
    activities = network.activities
    takes = (activities.taken >= 0) & (use > 0)
    leaving = np.zeros(network.balances)
    np.add.at(leaving, activities.taken[takes], use[takes])
    safe = np.where(leaving > 0, leaving, 1.0)
    free = takes & ~met
    sold, onward = free & (activities.put < 0), free & (activities.put >= 0)
    ending = np.zeros(network.balances)
    np.add.at(ending, activities.taken[sold], use[sold])
    ahead = sparse.csc_array(
        (use[onward] / safe[activities.taken[onward]], (activities.taken[onward], activities.put[onward])),
        shape=(network.balances, network.balances),
    )
    # Goods that a duty sends in a circle meet no sale: the small term says so.
    share = spsolve((1 + 1e-12) * sparse.eye_array(network.balances, format="csc") - ahead, ending / safe)
    supplies = network.of_kind(Kind.SUPPLY) & network.owned_by(owner) & ~met
    return float((use * share[activities.put])[supplies].sum())


def netback(network: Network, use: Floats, cost: Floats) -> Floats:
    """Return what one unit at each balance row fetches on average after all costs ahead (balances; USD/t).

    ``cost`` (activities; USD/t) counts prices as negative costs. Rows that nothing leaves fetch 0.
    """
    activities = network.activities
    takes = (activities.taken >= 0) & (use > 0)
    leaving = np.zeros(network.balances)
    np.add.at(leaving, activities.taken[takes], use[takes])
    safe = np.where(leaving > 0, leaving, 1.0)
    earned = np.zeros(network.balances)
    np.add.at(earned, activities.taken[takes], -(cost * use)[takes])
    onward = takes & (activities.put >= 0)
    ahead = sparse.csc_array(
        (
            (activities.gain * use)[onward] / safe[activities.taken[onward]],
            (activities.taken[onward], activities.put[onward]),
        ),
        shape=(network.balances, network.balances),
    )
    value: Floats = spsolve(sparse.eye_array(network.balances, format="csc") - ahead, earned / safe)
    return value
