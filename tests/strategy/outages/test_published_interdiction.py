"""Published optima of network interdiction: Pyomo Gallery (BSD-3, Sandia), network_interdiction, three problems.

A unit that is not sent costs the published penalty at both of its ends, so a market that pays twice the penalty
gives the published cost as what it would pay for everything, less the value. Attacks are losses of links.
"""

from __future__ import annotations

import json
from itertools import combinations

import pytest

import kopir
from tests.facts.shared import SHARED, needs_shared
from tests.folders import states, write_model

PUBLISHED = SHARED / "data/methods/external/interdiction/pyomo_gallery.json"
BASIS = {"basis": "published"}


def network(path, arcs, supplies, demands, price):
    """A model of arcs (start, end, capacity, cost) with supplies and demands by node."""
    places = sorted({end for arc in arcs for end in arc[:2]})
    kind = {place: "field" if place in supplies else "market" if place in demands else "hub" for place in places}
    tables = {
        "jurisdictions": states("RU"),
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [{"node": place, "kind": kind[place], "territory": "KAZ"} for place in places],
        "links": [
            {"link": f"{start}-{end}", "from_node": start, "to_node": end, "mode": "pipeline"}
            for start, end, *_ in arcs
        ],
        "carries": [
            {"link": f"{start}-{end}", "commodity": "crude", "nameplate": capacity, "cost": cost} | BASIS
            for start, end, capacity, cost in arcs
        ],
        "supplies": [
            {"supply": place, "node": place, "commodity": "crude", "owner": "KAZ", "amount": amount} | BASIS
            for place, amount in supplies.items()
        ],
        "markets": [
            {"market": f"M{place}", "node": place, "commodity": "crude", "owner": "KAZ", "price": price}
            | {"depth": depth}
            | BASIS
            for place, depth in demands.items()
        ],
    }
    return kopir.open(write_model(path, tables))


def worst(project, attacks):
    """The least value over every loss of so many links, and the sets that reach it."""
    links = project.model.table("links")["link"].to_list()
    sets = [list(one) for one in combinations(links, attacks)] or [[]]
    table = project.losses(losing=sets).table
    least = table["value_musd"].min()
    return least, {
        tuple(sorted(row["lost"])) for row in table.filter(table["value_musd"] <= least + 1e-6).to_dicts()
    }


@pytest.fixture
def published():
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))


def arcs_of(problem, capacity):
    return [
        (arc["StartNode"], arc["EndNode"], float(arc.get("Capacity", capacity)), float(arc.get("Cost", 0)))
        for arc in problem["arcs"]
    ]


@needs_shared
@pytest.mark.parametrize("name", ["shortest_path", "min_cost_flow"])
def test_costs_after_so_many_attacks_are_the_published_ones(tmp_path, published, name):
    problem = published[name]
    ends = problem["supply_demand"]
    supplies = {place: -amount for place, amount in ends.items() if amount < 0}
    demands = {place: amount for place, amount in ends.items() if amount > 0}
    price = 2 * problem["unsatisfied_penalty_per_unit_each_side"]
    project = network(tmp_path, arcs_of(problem, 100), supplies, demands, price)
    for attacks, cost in enumerate(problem["published_cost_by_attacks"]):
        value, sets = worst(project, attacks)
        assert price * sum(demands.values()) - value == pytest.approx(cost)
        if attacks == 1:
            assert sets == {tuple("-".join(arc) for arc in problem["published_attack_1"])}


@needs_shared
def test_flows_after_so_many_attacks_are_the_published_ones(tmp_path, published):
    problem = published["max_flow"]
    source, sink = problem["source"], problem["sink"]
    project = network(tmp_path, arcs_of(problem, 0), {source: 1000}, {sink: 1000}, 1)
    for attacks, flow in enumerate(problem["published_flow_by_attacks"]):
        value, sets = worst(project, attacks)
        assert value == pytest.approx(flow)
        if attacks == 1:
            assert sets == {tuple("-".join(arc) for arc in problem["published_attack_1"])}
