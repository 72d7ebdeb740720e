"""Triggers: using one asset closes another. Miniature M14 through the engine, and every state by brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from kopir.core.errors import ModelError
from kopir.core.sparse import Sparse, below
from kopir.flow.formulation import Situation
from kopir.flow.value import ValueFunction
from kopir.model.folder.opening import open_model
from kopir.model.network.capacity import Capacity
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Limits, Network, Triggers, no_triggers
from kopir.model.network.obligations import with_memberships
from kopir.project import open_project
from kopir.strategy.refusal.coalitions import coalitions
from kopir.strategy.value.flows import optimal_flow
from kopir.strategy.value.games import members
from kopir.strategy.value.setup import prepare
from tests import obligations
from tests.flow.random_networks import random_network
from tests.folders import routes_model
from tests.miniatures import miniature
from tests.obligations import institution, obligation

GIVEN = miniature("M14")["input"]
EXPECTED = miniature("M14")["expected"]


def secondary_sanctions(path: Path, *, gain: float = GIVEN["route_X_gain"], **cells: object) -> Path:
    """Write M14 in billion USD: one Mt each through BASE, X and F, worth what the miniature says."""
    worth = {"BASE": GIVEN["base_value"], "X": gain, "F": GIVEN["finance_F_value"]}
    routes = [
        {"id": code, "capacity": 1, "netback": value, "jurisdictions": ["RU"]} for code, value in worth.items()
    ]
    sanctions = institution("UNION", kind="sanctions", members="RU")
    rows = [obligation("SECONDARY", "triggers", "link:X", "link:F", **cells)]
    extra = {"institutions": [sanctions], "obligations": rows}
    return routes_model(path, routes, supply=3, extra=extra)


def value(path: Path, **question: object) -> float:
    return optimal_flow(prepare(open_model(path)), span="long", **question).value_musd  # type: ignore[arg-type]


def test_using_one_partner_closes_another(tmp_path: Path):
    """M14: with the rule 130 and X unused; without it 150."""
    found = open_project(secondary_sanctions(tmp_path / "rule")).flow(horizon="long").result
    assert found.value_musd == pytest.approx(EXPECTED["V_with_rule"])
    used = set(found.table.filter(kind="flow")["asset"])
    assert ("X" in used) is EXPECTED["use_X"]
    assert value(secondary_sanctions(tmp_path / "none", share=0)) == pytest.approx(EXPECTED["V_without_rule"])


@pytest.mark.parametrize("more", [-1, 1])
def test_the_trigger_is_pulled_when_the_gain_exceeds_what_is_lost(tmp_path: Path, more: float):
    gain = EXPECTED["use_X_if_gain_exceeds"] + more
    found = open_project(secondary_sanctions(tmp_path / "m", gain=gain)).flow(horizon="long").result
    assert ("X" in set(found.table.filter(kind="flow")["asset"])) is (more > 0)
    assert found.value_musd == pytest.approx(GIVEN["base_value"] + max(gain, GIVEN["finance_F_value"]))


def test_use_up_to_the_threshold_is_free(tmp_path: Path):
    """0.4 Mt through X earn 8 beside F; above it F is lost."""
    assert value(secondary_sanctions(tmp_path / "m", threshold=0.4)) == pytest.approx(100 + 30 + 0.4 * 20)


def test_a_part_of_the_other_asset_is_lost(tmp_path: Path):
    """Half of F is worth 15, less than the 20 of X: the trigger is pulled."""
    assert value(secondary_sanctions(tmp_path / "m", share=0.5)) == pytest.approx(100 + 20 + 15)


def test_sanctions_that_ended_trigger_nothing(tmp_path: Path):
    model = with_memberships(open_model(secondary_sanctions(tmp_path / "m")), leave=["UNION"])
    assert optimal_flow(prepare(model), span="long").value_musd == pytest.approx(EXPECTED["V_without_rule"])


def test_a_refusal_by_one_partner_frees_the_use_of_the_other(tmp_path: Path):
    """Once F is lost anyway, X costs nothing more: the refusal takes 10, not the 30 of F."""
    path = secondary_sanctions(tmp_path / "m")
    denial = path / "denial.csv"
    denial.write_text(denial.read_text(encoding="utf-8").replace("link,BASE,RU", "link,BASE,US"), encoding="utf-8")
    text = denial.read_text(encoding="utf-8").replace("link,X,RU", "link,X,US")
    denial.write_text(text, encoding="utf-8")
    states = path / "jurisdictions.csv"
    states.write_text(states.read_text(encoding="utf-8") + "US,state\n", encoding="utf-8")
    row = open_project(path).leverage(horizon="long", parties=["RU"]).table.row(0, named=True)
    assert row["leverage_musd"] == pytest.approx(30 - 20)


def triggered(seed: int, count: int) -> tuple[Network, np.ndarray]:
    """Return a random network with triggers on its busiest assets, and its capacities."""
    network = random_network(seed)
    rng = np.random.default_rng(seed)
    capacity = network.limits.capacity
    before = ValueFunction(network).solve(ValueFunction(network).situation(capacity.usable))
    activities = rng.permutation(np.flatnonzero(before.total > 0.1))[:count]
    watch = np.zeros((len(activities), len(network.activities)))
    watch[np.arange(len(activities)), activities] = 1.0
    closed = np.where(rng.random((len(activities), len(network.assets))) < 0.2, rng.uniform(0.3, 1), 0.0)
    endless = np.full(len(activities), np.inf)
    limits = Limits(
        asset=np.concatenate([network.limits.asset, len(network.assets) + np.arange(len(activities))]),
        share=below([network.limits.share, Sparse.of_dense(watch)]),
        capacity=Capacity(
            usable=np.concatenate([capacity.usable, endless]),
            firm=np.concatenate([capacity.firm, endless]),
            ramp=np.concatenate([capacity.ramp, np.zeros(len(activities))]),
            lag=np.concatenate([capacity.lag, np.zeros(len(activities))]),
        ),
    )
    rows = np.arange(len(activities)) + len(network.limits.asset)
    above = before.total[activities] * rng.uniform(0, 0.8, len(activities))
    gains = replace(
        network.gains, limit=np.hstack([network.gains.limit, np.zeros((len(network.gains.options), len(rows)))])
    )
    names = tuple(("obligation", f"T{number}") for number in range(len(activities)))
    closed = np.hstack([closed, np.zeros((len(names), len(names)))])
    made = replace(
        network,
        assets=network.assets + names,
        limits=limits,
        gains=gains,
        triggers=Triggers(rows, above, closed),
    )
    return made, limits.capacity.usable


def by_brute_force(network: Network, situation: Situation) -> float:
    """Return the best value over all states, each solved on its own without triggers."""
    plain = ValueFunction(replace(network, triggers=no_triggers()))
    values = []
    for state in product((True, False), repeat=len(network.triggers)):
        capacity, open_share = situation.capacity.copy(), situation.open_share.copy()
        for number, fired in enumerate(state):
            if fired:
                open_share = open_share * (1 - network.triggers.closed[number])
            else:
                capacity[network.triggers.limit[number]] = network.triggers.above[number]
        try:
            values.append(plain.value(replace(situation, capacity=capacity, open_share=open_share)))
        except ModelError:
            continue
    return max(values)


@pytest.mark.parametrize("seed", range(30))
def test_branching_finds_the_best_of_all_states(seed: int):
    network, capacity = triggered(seed, 3)
    function = ValueFunction(network)
    situation = function.situation(capacity)
    found = function.solve(situation)
    assert found.value == pytest.approx(by_brute_force(network, situation), rel=1e-7, abs=1e-6)
    assert function.solves <= 2 ** (len(network.triggers) + 1) - 1
    assert function.value(situation) == pytest.approx(found.value)


def test_closure_by_denial_is_no_gain_even_with_triggers(tmp_path: Path):
    setup = prepare(open_model(secondary_sanctions(tmp_path / "m")))
    valuation = setup.valuation("long")
    assert valuation.leverage(Denial(frozenset({"RU"}))) == pytest.approx(130)


def test_with_foresight_a_trigger_fires_for_the_whole_run(tmp_path: Path):
    """Two half years, X open only in the second: using it earns 10 and costs F in both, 30; it stays unused."""
    setup = prepare(open_model(secondary_sanctions(tmp_path / "m", gain=40)))
    network = setup.network
    function = ValueFunction(network, lengths=np.array([0.5, 0.5]))
    closed = np.where([asset == ("link", "X") for asset in network.assets], 0.0, 1.0)
    usable = network.limits.capacity.usable
    first, second = (function.situation(usable, share) for share in (closed, np.ones(len(closed))))
    assert function.value([first, second]) == pytest.approx(100 + 30)
    assert function.value([second, second]) == pytest.approx(100 + 40)


def test_coalitions_of_a_model_with_a_trigger_are_those_of_single_solves(tmp_path: Path):
    routes = [
        {"id": code, "capacity": 1, "netback": worth, "jurisdictions": [party]}
        for code, worth, party in (("BASE", 100, "RU"), ("X", 20, "US"), ("F", 30, "EU"))
    ]
    extra = obligations.tables(obligation("SECONDARY", "triggers", "X", "F"))
    setup = prepare(open_model(routes_model(tmp_path / "m", routes, supply=3, extra=extra)))
    parties = ("EU", "RU", "US")
    game = coalitions(setup.valuation("long"), parties).game
    for mask, loss in enumerate(game):
        denial = Denial(frozenset(members(mask, parties)))
        assert loss == pytest.approx(setup.valuation("long").leverage(denial))
    assert game[1] == pytest.approx(30 - 20)  # without F, X is free
    assert game[4] == pytest.approx(0)  # X is not used


def test_a_trigger_that_an_option_pulls(tmp_path: Path):
    """Signing DEAL closes F: the value falls by its 30; without the deal nothing is closed."""
    routes = [{"id": code, "capacity": 1, "netback": 30, "jurisdictions": ["RU"]} for code in ("B", "F")]
    rows = [obligation("DEAL_CLOSES", "triggers", "DEAL", "F")]
    extra = obligations.tables(*rows) | {"options": [obligations.option("DEAL")]}
    path = routes_model(tmp_path / "m", routes, supply=2, extra=extra)
    assert value(path) == pytest.approx(60)
    assert value(path, plan=["DEAL"]) == pytest.approx(30)
