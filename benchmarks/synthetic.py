"""Synthetic networks, fixed by their seed: geometric, multimodal, several commodities on shared capacities.

Nodes lie at random in a 2 x 1 rectangle and are joined to their nearest neighbours in both directions. A link
has a mode (rail, road, sea, pipeline) that sets what its length costs and how much it carries; pipelines carry
every fifth commodity only. Each commodity has a few producers with a cheap and a dear step, and a few consumers
who pay a penalty for what stays unserved. Units are arbitrary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MODE_SHARE = (0.45, 0.35, 0.12, 0.08)
MODE_COST = np.array([1.0, 2.2, 0.5, 0.3])
MODE_CAPACITY = np.array([1.3, 0.7, 2.5, 1.6])
PIPELINE = 3
FIRST_NEIGHBOURS = 2
NEIGHBOURS = 8


@dataclass(frozen=True)
class Net:
    """One network: link arrays, and what each commodity has on offer and in demand.

    ``supply`` rows are (commodity, node, amount, cost) and ``demand`` rows (commodity, node, amount, penalty);
    ``allowed`` (commodities x links) says what may use which link; ``jurisdiction`` numbers each link's owner.
    """

    nodes: int
    links: int
    commodities: int
    tail: Ints
    head: Ints
    capacity: Floats
    cost: Floats
    jurisdiction: Ints
    supply: Floats
    demand: Floats
    allowed: NDArray[np.bool_]


def network(links: int, commodities: int, seed: int = 0, jurisdictions: int = 12) -> Net:
    """Return the network of about ``links`` links; equal arguments give equal arrays."""
    random = np.random.default_rng(seed)
    nodes = max(8, round(links / 4))
    places = random.random((nodes, 2)) * [2.0, 1.0]
    ends = _edges(places, links)
    length = np.linalg.norm(places[ends[:, 0]] - places[ends[:, 1]], axis=1)
    mode = random.choice(len(MODE_SHARE), len(ends), p=MODE_SHARE)
    cost = length * MODE_COST[mode] * random.uniform(0.8, 1.25, len(ends)) + 0.002
    supply, demand = _trade(random, nodes, commodities)
    capacity = random.lognormal(0, 0.5, len(ends)) * MODE_CAPACITY[mode]
    allowed = np.ones((commodities, 2 * len(ends)), dtype=np.bool_)
    allowed[np.arange(commodities) % 5 != 0] = np.tile(mode, 2) != PIPELINE
    zone = (np.floor(places[:, 0] * 2) * 3 + np.floor(places[:, 1] * 3)).astype(np.int64)
    tail, head = ends.T.ravel(), ends[:, ::-1].T.ravel()
    return Net(
        nodes=nodes,
        links=2 * len(ends),
        commodities=commodities,
        tail=tail,
        head=head,
        capacity=np.tile(capacity, 2) * demand[:, 2].sum() / np.sqrt(len(ends)) * 0.45,
        cost=np.tile(cost, 2) * random.uniform(0.97, 1.03, 2 * len(ends)),
        jurisdiction=zone[head] % jurisdictions,
        supply=supply,
        demand=demand,
        allowed=allowed,
    )


def programme(net: Net) -> dict[str, Any]:
    """Return the arrays of the linear programme ``min c x, rl <= A x <= ru, lb <= x <= ub``.

    Columns are flows of each commodity on each link it may use, supplies, and demand left unserved; rows are
    the balance of each commodity and node, then the capacity of each link.
    """
    commodity, link = np.nonzero(net.allowed)
    flows, balances = len(link), net.commodities * net.nodes
    sources, sinks = (
        table[:, 0].astype(int) * net.nodes + table[:, 1].astype(int) for table in (net.supply, net.demand)
    )
    entering = np.concatenate([commodity * net.nodes + net.head[link], sources, sinks])
    columns = len(entering)
    need = np.bincount(sinks, weights=net.demand[:, 2], minlength=balances)
    matrix = sparse.csc_array(
        (
            np.concatenate([np.ones(columns), -np.ones(flows), np.ones(flows)]),
            (
                np.concatenate([entering, commodity * net.nodes + net.tail[link], balances + link]),
                np.concatenate([np.arange(columns), np.arange(flows), np.arange(flows)]),
            ),
        ),
        shape=(balances + net.links, columns),
    )
    return {
        "c": np.concatenate([net.cost[link], net.supply[:, 3], net.demand[:, 3]]),
        "A": matrix,
        "rl": np.concatenate([need, np.full(net.links, -np.inf)]),
        "ru": np.concatenate([need, net.capacity]),
        "lb": np.zeros(columns),
        "ub": np.concatenate([np.full(flows, np.inf), net.supply[:, 2], net.demand[:, 2]]),
        "balance": balances,
    }


def outages(net: Net, count: int, seed: int = 5) -> Iterator[dict[str, NDArray[Any]]]:
    """Yield scenarios: one to four ``links`` that keep a ``factor`` of their capacity, half of them none.

    Links fail with a probability that falls with the inverse of a random rank.
    """
    random = np.random.default_rng(seed)
    weight = 1.0 / np.arange(1, net.links + 1)
    chance = random.permutation(weight / weight.sum())
    for size in random.integers(1, 5, count):
        links = random.choice(net.links, size, replace=False, p=chance)
        yield {"links": links, "factor": np.where(random.random(size) < 0.5, random.random(size), 0.0)}


def _edges(places: Floats, links: int) -> Ints:
    """Return pairs of nodes (edges x 2): near neighbours, bridges between islands, then the next nearest."""
    tree, neighbours = cKDTree(places), min(len(places) - 1, NEIGHBOURS)
    distance, nearest = tree.query(places, neighbours + 1)
    edges = np.unique(_sorted_pairs(nearest[:, 1 : FIRST_NEIGHBOURS + 1]), axis=0)
    while (bridges := _bridges(places, edges)).size:
        edges = np.unique(np.concatenate([edges, bridges]), axis=0)
    further = _sorted_pairs(nearest[:, FIRST_NEIGHBOURS + 1 :])
    order = np.lexsort((further[:, 1], further[:, 0], distance[:, FIRST_NEIGHBOURS + 1 :].ravel()))
    known = {tuple(pair) for pair in edges.tolist()}
    for pair in map(tuple, further[order].tolist()):
        if 2 * len(known) >= links:
            break
        known.add(pair)
    return np.array(sorted(known), dtype=np.int64)


def _sorted_pairs(others: Ints) -> Ints:
    """Return each node with each of its ``others`` (nodes x any), the lower number first."""
    nodes, count = others.shape
    return np.sort(np.column_stack([np.repeat(np.arange(nodes), count), others.ravel()]), axis=1)


def _bridges(places: Floats, edges: Ints) -> Ints:
    """Return the shortest pair between each island and the rest (none when all is connected)."""
    joined = sparse.coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(len(places), len(places)))
    islands, island = connected_components(joined, directed=False)
    bridges = []
    for own in range(islands if islands > 1 else 0):
        inside, outside = np.flatnonzero(island == own), np.flatnonzero(island != own)
        distance, nearest = cKDTree(places[outside]).query(places[inside])
        bridges.append((inside[distance.argmin()], outside[nearest[distance.argmin()]]))
    return np.sort(np.array(bridges, dtype=np.int64).reshape(-1, 2), axis=1)


def _trade(random: np.random.Generator, nodes: int, commodities: int) -> tuple[Floats, Floats]:
    producers, consumers = max(2, min(4, nodes // 4)), max(3, min(10, nodes // 3))
    supply, demand = [], []
    for commodity in range(commodities):
        place = random.permutation(nodes)
        amount = random.uniform(2, 10, consumers)
        penalty = random.uniform(6, 14, consumers)
        demand += list(zip([commodity] * consumers, place, amount, penalty, strict=False))
        offered = random.dirichlet(np.full(producers, 3.0)) * amount.sum() * 1.5
        for node, total in zip(place[consumers : consumers + producers], offered, strict=True):
            for share, cost in ((0.6, 0.2), (0.4, 0.5)):
                supply.append((commodity, node, total * share, cost * random.uniform(0.8, 1.2)))
    return np.array(supply, dtype=np.float64), np.array(demand, dtype=np.float64)
