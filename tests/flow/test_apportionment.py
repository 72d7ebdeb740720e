"""Cuts shared in proportion to what shippers usually move, checked by hand and against a second formulation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from kopir.core.sparse import Sparse
from kopir.flow.apportionment import shares_left, shipped, supplies_of
from kopir.flow.formulation import Refused, Situation
from kopir.flow.sharing import spared
from kopir.flow.value import ValueFunction
from kopir.model.folder.opening import open_model
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Kind, Network
from kopir.strategy.value.setup import prepare
from kopir.strategy.value.valuation import Valuation
from tests.facts.shared import SHARED, needs_shared
from tests.flow.random_networks import random_clauses, random_network
from tests.folders import states, veto, write_model
from tests.obligations import institution, obligation

MADE_UP = {"basis": "made up"}
CRUDE = {"commodity": "crude", "owner": "KAZ"}


def two_fields(path: Path, *, of: str = "flow", rule: str = "", road: float = 0, trigger: float = 0) -> Path:
    """Write NEAR (30 Mt at 20) and FAR (15 Mt at 50) on one pipe of 45; FAR has a road of its own."""
    links = {
        "FROM_NEAR": ("NEAR", "HUB"),
        "FROM_FAR": ("FAR", "HUB"),
        "PIPE": ("HUB", "SEA"),
        "ROAD": ("FAR", "SEA"),
    }
    rooms = {"FROM_NEAR": 30, "FROM_FAR": 15, "PIPE": 45, "ROAD": road}
    tables = {
        "jurisdictions": states("RUS"),
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [{"node": node, "kind": "hub", "territory": "KAZ"} for node in ("NEAR", "FAR", "HUB", "SEA")],
        "links": [
            {"link": link, "from_node": first, "to_node": last, "mode": "pipeline"}
            for link, (first, last) in links.items()
        ],
        "carries": [
            {"link": link, "commodity": "crude", "cost": 40 if link == "ROAD" else 5, "nameplate": room} | MADE_UP
            for link, room in rooms.items()
        ],
        "supplies": [
            {"supply": name, "node": name, "amount": amount, "cost": cost} | CRUDE | MADE_UP
            for name, amount, cost in (("NEAR", 30, 20), ("FAR", 15, 50))
        ],
        "markets": [{"market": "BUYER", "node": "SEA", "price": 400, "depth": 100} | CRUDE | MADE_UP],
        "denial": [dict(veto("link", "PIPE", "RUS")) | {"of": of}],
        "capacity_groups": [{"group": "LINE", "nameplate": 45, "apportionment": rule} | MADE_UP],
        "capacity_group_members": [{"group": "LINE", "asset_type": "link", "asset": "PIPE"}],
    }
    if trigger:
        tables["institutions"] = [institution("UNION", kind="sanctions", members="RUS")]
        tables["obligations"] = [obligation("SECONDARY", "triggers", "link:ROAD", "link:PIPE", threshold=trigger)]
    return write_model(path, tables, players=["RUS"])


def produced(path: Path, severity: float) -> dict[str, float]:
    flow = prepare(open_model(path)).valuation("long").flow(Denial(frozenset(["RUS"]), severity))
    network = flow.network
    return {network.assets[network.activities.asset[o]][1]: float(flow.total[o]) for o in supplies_of(network)}


@pytest.mark.parametrize("of", ["flow", "capacity"])
@pytest.mark.parametrize("rule", ["", "pro_rata"])
def test_a_carrier_cuts_shippers_in_proportion(tmp_path, of, rule):
    """Two fifths of 45 Mt are missing: NEAR and FAR lose two fifths each."""
    assert produced(two_fields(tmp_path / "m", of=of, rule=rule), 0.4) == pytest.approx({"NEAR": 18, "FAR": 9})


def test_a_clause_that_closes_nothing_leaves_the_proportion(tmp_path):
    """The road is used for 4 Mt: a clause on more than 10 Mt never bites."""
    path = two_fields(tmp_path / "m", road=4, trigger=10)
    assert len(prepare(open_model(path)).network.triggers) == 1
    assert produced(path, 0.4) == pytest.approx({"NEAR": 18, "FAR": 9 + 4})


def test_by_merit_the_dear_field_goes_first(tmp_path):
    assert produced(two_fields(tmp_path / "m", rule="merit"), 0.4) == pytest.approx({"NEAR": 27, "FAR": 0})


def test_who_has_another_way_takes_it_and_leaves_nothing_to_the_others(tmp_path):
    """FAR is cut to 9 on the pipe and takes its road for 4 of the 6 Mt that it lost; NEAR stays at 18."""
    found = produced(two_fields(tmp_path / "m", road=4), 0.4)
    assert found == pytest.approx({"NEAR": 18, "FAR": 9 + 4})


def test_nothing_and_everything_need_no_rule(tmp_path):
    for rule in ("", "merit"):
        path = two_fields(tmp_path / f"m{rule}", rule=rule)
        assert produced(path, 0) == pytest.approx({"NEAR": 30, "FAR": 15})
        assert produced(path, 1) == pytest.approx({"NEAR": 0, "FAR": 0})


def followed(network: Network, situation: Situation) -> float:
    """Return the value of a situation with every tonne written down by the supply it comes from.

    A second formulation: one column for each supply and activity, and nothing of ``kopir.flow`` but the shares.
    """
    acts, supplies = network.activities, supplies_of(network)
    owner = np.array([network.cargoes[cargo].owner for cargo in acts.cargo])
    moving = [(o, a) for o in supplies for a in np.flatnonzero(acts.taken >= 0) if owner[a] == owner[o]]
    single = [a for a in range(len(acts)) if acts.taken[a] < 0]
    columns = [*moving, *((None, a) for a in single)]
    of = np.array([a for _, a in columns])
    kept = np.where(situation.refused.bound(acts.asset) < np.inf, situation.refused.bound(acts.asset), acts.amount)
    most = np.minimum(acts.amount, kept)
    most[acts.kind == Kind.UNMET] = acts.amount[acts.kind == Kind.UNMET]
    at_most, bound, equal = [], [], []
    for a in range(len(acts)):
        if np.isfinite(most[a]):
            at_most.append((of == a).astype(float))
            bound.append(most[a])
    share = network.limits.share.toarray()
    for limit in range(len(share)):
        at_most.append(share[limit][of])
        bound.append(situation.capacity[limit])
        for number, o in enumerate(supplies):
            left = shares_left(network, situation)
            if np.isfinite(left[limit, number]):
                at_most.append(np.array([share[limit][a] if o in (p, a) else 0.0 for p, a in columns]))
                bound.append(left[limit, number])
    for need in range(len(network.needs.amount)):
        at_most.append(-network.needs.share.toarray()[need][of])
        bound.append(-network.needs.amount[need])
    for o in supplies:
        for row in range(network.balances):
            entry = [
                (acts.gain[a] * (acts.put[a] == row) - (acts.taken[a] == row)) * (p == o or (p is None and a == o))
                for p, a in columns
            ]
            if any(entry):
                equal.append(entry)
    found = linprog(
        acts.cost[of], A_ub=np.array(at_most), b_ub=bound, A_eq=np.array(equal), b_eq=np.zeros(len(equal))
    )
    assert found.status == 0, found.message
    return -float(found.fun)


def assert_same_as_followed(seed: int) -> bool:
    """Check a refusal in part on a random network; return whether the rule made a difference."""
    network = random_network(seed, contracts=False, stores=False)
    book = random_clauses(network, ("RUS", "CHN"), seed)
    book = replace(book, clauses=tuple(one for one in book.clauses if not one.in_force and one.asset[0] == "link"))
    rule = np.array([network.assets[asset][0] == "link" for asset in network.limits.asset])
    pro_rata = replace(network, limits=replace(network.limits, pro_rata=rule))
    denial = Denial(frozenset(["RUS", "CHN"]), 0.5)
    shared, merit = (Valuation(one, book, span="long") for one in (pro_rata, network))
    situation = shared.situation(denial)
    if situation.refused is None:
        return False
    assert shared.value(denial) == pytest.approx(followed(pro_rata, situation), rel=1e-7, abs=1e-6), seed
    assert shared.value(denial) <= merit.value(denial) + 1e-6
    whole = Denial(frozenset(["RUS", "CHN"]), 1)
    if all(one.effectiveness == 1 for one in book.clauses):
        assert shared.value(whole) == pytest.approx(merit.value(whole), abs=1e-6)
    return shared.value(denial) < merit.value(denial) - 1e-6


@pytest.mark.slow
def test_same_value_as_with_every_tonne_written_down_by_its_supply():
    different = sum(assert_same_as_followed(seed) for seed in range(12))
    assert different >= 2


@pytest.mark.slow
@pytest.mark.parametrize("first", range(12, 92, 20))
def test_same_value_as_with_every_tonne_written_down_on_more_networks(first):
    for seed in range(first, first + 20):
        assert_same_as_followed(seed)


def test_what_supplies_ship_adds_up_to_the_load():
    for seed in range(20):
        network = random_network(seed, contracts=False, stores=False)
        function = ValueFunction(network)
        use = function.solve(function.situation(network.limits.capacity.usable)).total
        by_supply = shipped(network, use)
        assert by_supply.min() >= -1e-9
        assert by_supply.sum(axis=1) == pytest.approx(network.limits.share @ use, abs=1e-6)


def test_goods_in_a_circle_belong_to_no_supply():
    """A duty can send goods round and round; they come from nowhere, and the mix stays determined."""
    network = random_network(15)
    function = ValueFunction(network)
    use = function.solve(function.situation(network.limits.capacity.usable)).total
    assert np.isfinite(shipped(network, use)).all()
    hit = np.zeros(len(network.activities), dtype=np.bool_)
    assert np.isfinite(spared(network, use, hit, "KAZ"))


def test_moorings_in_part_cut_the_terminal():
    """Two limits that hold all that a third holds bound it together."""
    network = random_network(3, contracts=False, stores=False)
    share = np.zeros((3, len(network.activities)))
    share[0, 0] = share[1, 1] = 1.0
    share[2, :2] = (1.0, 2.0)
    limits = replace(network.limits, asset=np.arange(3), share=Sparse.of_dense(share))
    assert limits.within(np.array([4.0, 3.0, 50.0])).tolist() == [4, 3, 10]
    assert limits.within(np.array([4.0, 3.0, 6.0])).tolist() == [4, 3, 6]


def test_refused_without_shares_of_supplies_goes_by_merit():
    network = random_network(1, contracts=False, stores=False)
    function = ValueFunction(network)
    refused = Refused(np.full(len(network.assets), 0.5), np.ones(len(network.activities)))
    situation = function.situation(network.limits.capacity.usable, refused=refused)
    assert not np.isfinite(shares_left(network, situation)).any()


@needs_shared
def test_the_known_case_of_a_shared_pipe():
    path = SHARED / "cases" / "models" / "pro_rata"
    setup = prepare(open_model(path))
    flow = setup.valuation("short").flow(Denial(frozenset(["AAA"]), 0.5))
    by_name = {setup.network.assets[setup.network.activities.asset[o]][1]: o for o in supplies_of(setup.network)}
    assert flow.total[by_name["CHEAP"]] == pytest.approx(20)
    assert flow.total[by_name["DEAR"]] == pytest.approx(10)
