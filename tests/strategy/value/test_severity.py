"""Severity is a share of what an asset carries: hit, re-routed and loss of a refusal on that one basis."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kopir.flow.calibration import calibrate
from kopir.flow.sharing import spared
from kopir.flow.value import ValueFunction
from kopir.model.folder.opening import open_model
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Kind
from kopir.strategy.refusal.leverage import leverage, respond
from kopir.strategy.refusal.responses import held_value
from kopir.strategy.value.setup import prepare
from kopir.strategy.value.valuation import Valuation
from tests.facts.shared import SHARED, needs_shared
from tests.flow.random_networks import random_clauses, random_network, random_record
from tests.folders import routes_model, states, veto, write_model

MOST = 1e-6
MADE_UP = {"basis": "made up"}


def found(path: Path, severity: float) -> dict[str, dict]:
    table = leverage(prepare(open_model(path)), severity=severity).table
    return {row["partner"]: row for row in table.iter_rows(named=True)}


def string(path: Path, *nameplates: float, flow: float, of: str = "flow") -> Path:
    """Write one string of pipes in series, each under another state, with one field and one buyer."""
    places = [f"P{number}" for number in range(len(nameplates) + 1)]
    links = {f"L{number}": nameplate for number, nameplate in enumerate(nameplates)}
    partners = ["RUS", "CHN", "IRN"][: len(links)]
    end = {"commodity": "crude", "owner": "KAZ"}
    tables = {
        "jurisdictions": states(*partners),
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [{"node": place, "kind": "hub", "territory": "KAZ"} for place in places],
        "links": [
            {"link": link, "from_node": places[number], "to_node": places[number + 1], "mode": "pipeline"}
            for number, link in enumerate(links)
        ],
        "carries": [
            {"link": link, "commodity": "crude", "cost": 7, "nameplate": nameplate} | MADE_UP
            for link, nameplate in links.items()
        ],
        "supplies": [{"supply": "FIELD", "node": places[0], "amount": flow} | end | MADE_UP],
        "markets": [{"market": "BUYER", "node": places[-1], "price": 300, "depth": flow} | end | MADE_UP],
        "baseline_flows": [
            {"asset_type": "link", "asset": "L0", "owner": "KAZ", "period": 2025, "value": flow, "elasticity": 4}
            | MADE_UP
        ],
        "denial": [
            dict(veto("link", link, party)) | {"of": of} for link, party in zip(links, partners, strict=True)
        ],
    }
    return write_model(path, tables, players=partners)


def test_a_half_empty_pipe_loses_the_share_of_what_it_carries(tmp_path):
    """40 of 100 move; at severity 0.25 a quarter of the 40 is hit, and none of it has another way."""
    row = found(string(tmp_path / "m", 100, flow=40), 0.25)["RUS"]
    assert row["sensitivity_mt"] == pytest.approx(10)
    assert row["rerouted_mt"] == pytest.approx(0)
    assert row["stranded_mt"] == pytest.approx(10)
    assert row["recorded_musd"] == pytest.approx(10 * 293)


@pytest.mark.parametrize("severity", [0.1, 0.5, 0.9, 1])
def test_states_of_one_string_have_the_same_losses(tmp_path, severity):
    rows = found(string(tmp_path / "m", 31, 500, 60, flow=30), severity)
    for row in rows.values():
        assert row["leverage_musd"] == pytest.approx(rows["RUS"]["leverage_musd"])
        assert row["recorded_musd"] == pytest.approx(severity * 30 * (300 - 3 * 7))


@pytest.mark.parametrize(("severity", "lost"), [(0.25, 0), (0.5, 0), (0.75, 15), (1, 40)])
def test_a_clause_of_capacity_closes_a_share_of_capacity(tmp_path, severity, lost):
    """100 Mt of room for 40 Mt: only what is left of it below 40 is missed, and nothing is called re-routed."""
    row = found(string(tmp_path / "m", 100, flow=40, of="capacity"), severity)["RUS"]
    assert row["sensitivity_mt"] == row["stranded_mt"] == pytest.approx(lost)
    assert row["rerouted_mt"] == pytest.approx(0)


@pytest.mark.parametrize("of", ["flow", "capacity"])
def test_a_partial_clause_on_a_link_without_limit_bites(tmp_path, of):
    """20 Mt pass the unlimited link and 50 another: two tenths of the 20 are stranded, whatever is supplied."""
    routes = [
        {"id": "SEA", "jurisdictions": [], "capacity": "", "netback": 200},
        {"id": "PIPE", "jurisdictions": [], "capacity": 50, "netback": 300},
    ]
    path = routes_model(tmp_path / "m", routes, supply=70)
    denial = [dict(veto("link", "SEA", "TUR", effectiveness=0.2)) | {"of": of}]
    write_model(path, {"denial": denial, "jurisdictions": states("TUR")}, players=["TUR"])
    row = found(path, 1)["TUR"]
    assert row["stranded_mt"] == pytest.approx(4)
    assert row["leverage_musd"] == pytest.approx(4 * 200)


def test_a_refused_way_takes_nothing_that_is_displaced(tmp_path):
    """RUS holds both the full pipe and an empty railway: at 0.5 only the free road takes over, at most its 3."""
    routes = [
        {"id": "PIPE", "jurisdictions": ["RUS"], "capacity": 30, "netback": 300},
        {"id": "RAIL", "jurisdictions": ["RUS"], "capacity": 100, "netback": 200},
        {"id": "ROAD", "jurisdictions": [], "capacity": 3, "netback": 100},
    ]
    path = routes_model(tmp_path / "m", routes, supply=30)
    for severity in (0.5, 1):
        row = found(path, severity)["RUS"]
        assert row["sensitivity_mt"] == pytest.approx(30 * severity)
        assert row["rerouted_mt"] == pytest.approx(3)


def drawn(seed: int) -> Valuation:
    """Return a random network calibrated to recorded flows with slack, under clauses of which none is in force."""
    network = random_network(seed, contracts=False, stores=False)
    book = random_clauses(network, ("RUS", "CHN", "AZE"), seed)
    clauses = tuple(clause for clause in book.clauses if not clause.in_force)
    steps = calibrate(network, random_record(network, seed)).steps
    return Valuation(network, replace(book, clauses=clauses), steps=steps, span="long")


def room_beside(asked: Valuation, hit: np.ndarray, owner: str) -> float:
    """Return the most that ``owner`` can produce over other assets when all that is hit is shut."""
    network = asked.network
    mine = network.of_kind(Kind.SUPPLY) & network.owned_by(owner)
    others = network.of_kind(Kind.SUPPLY) & ~mine
    need = np.where(network.of_kind(Kind.UNMET), 0.0, np.where(mine, -1.0, np.where(others, 1e-6, 0.0)))
    open_share = np.ones(len(network.assets))
    open_share[network.activities.asset[hit]] = 0.0
    function = ValueFunction(replace(network, activities=replace(network.activities, cost=need)))
    return function.solve(function.situation(asked.capacity, open_share)).produced(owner)


def assert_on_one_basis(seed: int) -> None:
    """Check hit, re-routed and loss over severity, for a partner and for a union, clauses partial or not."""
    asked = drawn(seed)
    before = asked.flow()
    for party in ("RUS", "UNION"):
        lost = []
        for severity in (0, 0.05, 0.3, 0.7, 1):
            response = respond(asked, before, Denial(frozenset([party]), severity))
            lost.append(before.value - response.after.value)
            assert before.value - held_value(asked, response) >= lost[-1] - MOST
            if severity:
                fits = room_beside(asked, response.hit, "KAZ") - spared(
                    asked.network, before.total, response.hit, "KAZ"
                )
                assert response.rerouted("KAZ") <= fits + 1e-5, f"{seed} {party} {severity}"
        assert lost[0] == pytest.approx(0, abs=MOST)
        assert lost == pytest.approx(sorted(lost), abs=MOST), seed


@pytest.mark.parametrize("first", [0, pytest.param(10, marks=pytest.mark.slow)])
def test_re_routed_and_loss_over_severity(first):
    for seed in range(first, first + 10):
        assert_on_one_basis(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(20, 300, 40))
def test_re_routed_and_loss_over_severity_on_300_networks(first):
    for seed in range(first, first + 40):
        assert_on_one_basis(seed)


CASES = SHARED / "cases" / "models"


@needs_shared
def test_the_known_cases_of_severity():
    [row] = found(CASES / "severity_base", 0.3).values()
    assert (row["sensitivity_mt"], row["rerouted_mt"]) == pytest.approx((18, 0))
    assert row["recorded_musd"] == pytest.approx(8820)
    rows = found(CASES / "one_string_two_states", 0.8)
    assert rows["AAA"]["leverage_musd"] == pytest.approx(rows["BBB"]["leverage_musd"])
    whole = found(CASES / "one_string_two_states", 1)
    assert (
        whole["AAA"]["leverage_musd"]
        == pytest.approx(whole["BBB"]["leverage_musd"])
        == pytest.approx(9801, rel=1e-4)
    )
    [row] = found(CASES / "uncapped_partial", 1).values()
    assert (row["stranded_mt"], row["leverage_musd"]) == pytest.approx((18, 8820), rel=1e-5)
