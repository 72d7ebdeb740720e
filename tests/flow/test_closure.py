"""What closing an asset in part, or a store, does to the bounds of the programme."""

from __future__ import annotations

import numpy as np
import pytest

from kopir.flow.value import ValueFunction
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.clauses import Denial, read_clauses
from tests.folders import routes_model

STORE = {
    "storage": "TANK",
    "node": "FIELD",
    "commodity": "crude",
    "owner": "KAZ",
    "capacity": 4,
    "initial": 3,
    "basis": "made up",
}


def route(tmp_path, capacity, supply, depth, **extra):
    path = routes_model(
        tmp_path / "model",
        [{"id": "R", "jurisdictions": ["RU"], "capacity": capacity, "netback": 100}],
        supply=supply,
        depth=depth,
        extra=extra,
    )
    model = open_model(path)
    return build_network(model), read_clauses(model)


def sold(network, clauses, severity):
    function = ValueFunction(network)
    share = network.open_shares(clauses.availability(Denial(frozenset({"RU"}), severity)))
    return function.solve(function.situation(network.limits.capacity.usable, share)).sold("KAZ")


@pytest.mark.parametrize(("severity", "left"), [(0, 50), (0.5, 50), (0.8, 40), (0.9, 20), (1, 0)])
def test_a_partly_closed_link_keeps_that_share_of_its_capacity(tmp_path, severity, left):
    network, clauses = route(tmp_path, capacity=200, supply=50, depth=50)
    assert sold(network, clauses, severity) == pytest.approx(left)


@pytest.mark.parametrize(("severity", "left"), [(0, 50), (0.5, 25), (0.9, 5), (1, 0)])
def test_a_partly_closed_link_without_capacity_keeps_that_share_of_supplies(tmp_path, severity, left):
    network, clauses = route(tmp_path, capacity=None, supply=50, depth=1000)
    assert sold(network, clauses, severity) == pytest.approx(left)


def stored(network, function, share):
    shares = np.ones(len(network.assets))
    shares[network.asset_index["storage", "TANK"]] = share
    return function.situation(network.limits.capacity.usable, shares)


def test_a_closed_store_locks_its_stock_away(tmp_path):
    network, _ = route(tmp_path, capacity=10, supply=10, depth=10, storage=[STORE])
    function = ValueFunction(network, lengths=np.array([0.5, 0.5]))
    flow = function.solve(stored(network, function, 0.0))
    assert flow.value == pytest.approx(1000)
    assert flow.stock.max() == 0


def test_a_store_ends_as_full_as_it_began_whatever_was_asked_before(tmp_path):
    network, _ = route(tmp_path, capacity=20, supply=10, depth=20, storage=[STORE])
    function = ValueFunction(network, lengths=np.array([0.5, 0.5]))
    closed_first = [function.solve(stored(network, function, share)).value for share in (0.0, 1.0, 0.5)]
    again = ValueFunction(network, lengths=np.array([0.5, 0.5]))
    open_first = [again.solve(stored(network, again, share)).value for share in (1.0, 0.5, 0.0)]
    assert closed_first == pytest.approx([1000, 1000, 1000])
    assert open_first == pytest.approx([1000, 1000, 1000])
