"""The inputs of the benchmarks: synthetic networks, and the arrays kopir makes of them."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np

from benchmarks import synthetic
from benchmarks.synthetic import Net
from kopir.core.sparse import Sparse
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.capacity import Capacity
from kopir.model.network.network import Activities, Cargo, Gains, Kind, Limits, Needs, Network, Stores

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "bench" / "ensembles.py"


@cache
def generator() -> ModuleType:
    """Return the published generator where it lies beside the project, otherwise our own of equal networks."""
    if not PUBLISHED.is_file():
        return synthetic
    spec = importlib.util.spec_from_file_location("ensembles", PUBLISHED)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ensembles"] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


def problem(name: str) -> Net | Network:
    """Return a synthetic network (LINKSxCOMMODITIES), or the network of a bundled model at its tables' costs."""
    links, cross, commodities = name.partition("x")
    if cross and links.isdecimal() and commodities.isdecimal():
        return generator().network(int(links), int(commodities))
    return build_network(open_model(name))


def to_network(net: Net) -> Network:
    """Return kopir's arrays of a synthetic network: a market's sale and unmet need share one need row."""
    commodity, link = np.nonzero(net.allowed)
    flows, sources, sinks = len(link), len(net.supply), len(net.demand)
    source, source_cargo = net.supply[:, 1].astype(np.int64), net.supply[:, 0].astype(np.int64)
    sink, sink_cargo = net.demand[:, 1].astype(np.int64), net.demand[:, 0].astype(np.int64)
    nowhere, cargoes = -np.ones(max(flows, sources, sinks), dtype=np.int64), net.commodities
    amount = net.demand[:, 2]
    activities = Activities(
        kind=np.repeat([Kind.FLOW, Kind.SUPPLY, Kind.SALE, Kind.UNMET], [flows, sources, sinks, sinks]),
        asset=np.concatenate(
            [link, net.links + np.arange(sources), *(net.links + sources + np.arange(sinks),) * 2]
        ),
        cargo=np.concatenate([commodity, source_cargo, sink_cargo, sink_cargo]),
        taken=np.concatenate(
            [net.tail[link] * cargoes + commodity, nowhere[:sources], sink * cargoes + sink_cargo, nowhere[:sinks]]
        ),
        put=np.concatenate(
            [net.head[link] * cargoes + commodity, source * cargoes + source_cargo, *(nowhere[:sinks],) * 2]
        ),
        gain=np.ones(flows + sources + 2 * sinks),
        cost=np.concatenate([net.cost[link], net.supply[:, 3], np.zeros(sinks), net.demand[:, 3]]),
        amount=np.concatenate([np.full(flows, np.inf), net.supply[:, 2], amount, amount]),
    )
    count = len(activities)
    sales = np.arange(flows + sources, count)
    served = Sparse.of(np.tile(np.arange(sinks), 2), sales, np.ones(2 * sinks), (sinks, count))
    carried = Sparse.of(link, np.arange(flows), np.ones(flows), (net.links, count))
    none, nothing = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Network(
        nodes=tuple(f"n{node}" for node in range(net.nodes)),
        cargoes=tuple(Cargo(f"c{cargo}", "o") for cargo in range(cargoes)),
        assets=(
            *(("link", f"l{link}") for link in range(net.links)),
            *(("supply", f"s{supply}") for supply in range(sources)),
            *(("market", f"m{market}") for market in range(sinks)),
        ),
        activities=activities,
        limits=Limits(
            asset=np.arange(net.links),
            share=carried,
            capacity=Capacity(net.capacity, net.capacity, np.zeros(net.links), np.zeros(net.links)),
        ),
        needs=Needs(
            asset=net.links + sources + np.arange(sinks),
            share=served,
            amount=amount,
            waived=np.zeros(sinks, dtype=np.bool_),
        ),
        stores=Stores(nothing, nothing, none, none, none),
        gains=Gains((), np.zeros((0, net.links)), np.zeros((0, count)), none, none),
        restart=np.zeros(count),
    )
