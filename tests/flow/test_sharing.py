"""Following goods through mixing nodes, and booking who earns what, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kopir.flow.booking import build_ledger
from kopir.flow.sharing import netback, passing, surviving_share
from kopir.flow.value import ValueFunction
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.network import Floats, Kind, Network
from tests.folders import write_model

BASIS = {"basis": "test"}


@pytest.fixture
def hub(tmp_path: Path) -> Model:
    """Two fields (30 and 10 Mt) meet in a hub and leave by two ways (10 and 30 Mt)."""
    links = [("A", "F1", "HUB"), ("B", "F2", "HUB"), ("X", "HUB", "SEA"), ("Y", "HUB", "EAST")]
    return open_model(
        write_model(
            tmp_path,
            {
                "jurisdictions": [{"jurisdiction": name, "kind": "state"} for name in ("KAZ", "RU")],
                "commodities": [{"commodity": "crude", "unit": "Mt"}],
                "nodes": [
                    {"node": name, "kind": "hub", "territory": "KAZ"}
                    for name in ("EAST", "F1", "F2", "HUB", "SEA")
                ],
                "links": [
                    {"link": name, "from_node": start, "to_node": end, "mode": "pipeline"}
                    for name, start, end in links
                ],
                "carries": [
                    {"link": "A", "commodity": "crude", "cost": 1} | BASIS,
                    {"link": "B", "commodity": "crude", "cost": 2} | BASIS,
                    {"link": "X", "commodity": "crude", "cost": 10, "nameplate": 10} | BASIS,
                    {"link": "Y", "commodity": "crude", "cost": 20} | BASIS,
                ],
                "supplies": [
                    {
                        "supply": "F1",
                        "node": "F1",
                        "commodity": "crude",
                        "owner": "KAZ",
                        "amount": 30,
                        "cost": 50,
                        "state_take": 0.5,
                        "foreign_share": 0.4,
                    }
                    | BASIS,
                    {"supply": "F2", "node": "F2", "commodity": "crude", "owner": "KAZ", "amount": 10, "cost": 60}
                    | BASIS,
                ],
                "markets": [
                    {"market": m, "node": m, "commodity": "crude", "owner": "KAZ", "price": p, "depth": 99} | BASIS
                    for m, p in (("SEA", 400), ("EAST", 300))
                ],
                "charges": [
                    {
                        "charge": "tariff",
                        "asset_type": "link",
                        "asset": "X",
                        "beneficiary": "RU",
                        "amount": 7,
                    }
                    | BASIS
                ],
            },
        )
    )


def solved(model: Model) -> tuple[Network, Floats]:
    network = build_network(model)
    function = ValueFunction(network)
    return network, function.solve(function.situation(network.limits.capacity.usable)).total


def left(network: Network, link: str) -> Floats:
    return np.where(network.activities.asset == network.asset_index["link", link], 0.0, 1.0)


def test_goods_mix_in_proportion(hub: Model) -> None:
    network, use = solved(hub)
    # a quarter of the hub's oil came by B, whichever way it leaves
    assert passing(network, use, left(network, "B"), "KAZ") == pytest.approx(10)
    assert passing(network, use, left(network, "X"), "KAZ") == pytest.approx(10)
    both = np.minimum(left(network, "B"), left(network, "X"))
    assert passing(network, use, both, "KAZ") == pytest.approx(10 + 30 / 4)
    assert passing(network, use, np.ones(len(use)), "KAZ") == 0


def test_share_of_unused_and_of_partly_closed(hub: Model) -> None:
    network, use = solved(hub)
    half = np.where(left(network, "X") == 0, 0.5, 1.0)
    assert passing(network, use, half, "KAZ") == pytest.approx(5)
    share = surviving_share(network, use, half)
    assert ((share >= 0) & (share <= 1)).all()


def test_netback_is_the_average_of_the_ways_out(hub: Model) -> None:
    network, use = solved(hub)
    value = netback(network, use, network.activities.cost)
    at_hub = value[network.nodes.index("HUB")]
    # 10 Mt fetch 400 - 10 - 7 and 30 Mt fetch 300 - 20
    assert at_hub == pytest.approx((10 * 383 + 30 * 280) / 40)


def test_accounts_by_hand_and_sum_to_the_value(hub: Model) -> None:
    network, use = solved(hub)
    ledger = build_ledger(hub, network)
    accounts = ledger.book(use)
    hub_value = (10 * 383 + 30 * 280) / 40
    first, second = 30 * (hub_value - 1 - 50), 10 * (hub_value - 2 - 60)
    assert accounts["KAZ", "budget"] == pytest.approx(first / 2)
    assert accounts["KAZ", "foreign"] == pytest.approx(first / 2 * 0.4)
    assert accounts["KAZ", "firms"] == pytest.approx(first / 2 * 0.6 + second)
    assert accounts["RU", "firms"] == pytest.approx(70)
    assert accounts["-", "carriers"] == pytest.approx(30 + 20 + 100 + 600)
    shippers = sum(accounts["KAZ", name] for name in ("budget", "firms", "foreign"))
    assert shippers == pytest.approx(-float(network.activities.cost @ use))
    assert use[network.of_kind(Kind.SUPPLY)].sum() == pytest.approx(40)
