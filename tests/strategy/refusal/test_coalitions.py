from __future__ import annotations

from itertools import chain, combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.clauses import Clause, ClauseBook, Denial, read_clauses
from kopir.strategy.portfolio.matrix import partner_function_matrix
from kopir.strategy.refusal.coalitions import MOST_PLAYERS, coalitions, sampled_shapley
from kopir.strategy.value.closed_forms import VarietyFunction
from kopir.strategy.value.valuation import Valuation
from tests.flow.random_networks import random_clauses, random_network
from tests.folders import combined_services_model, import_model, routes_model, states, veto
from tests.miniatures import miniature

PARTIES = ("AZE", "CHN", "IRN", "RUS", "TUR")


def valued(path: Path, span: Any = "long") -> Valuation:
    model = open_model(path)
    return Valuation(build_network(model), read_clauses(model), span=span, horizons=model.settings.horizons)


def routes(tmp_path: Path, entry: dict[str, Any], **extra: Any) -> Valuation:
    given = entry["input"]
    return valued(routes_model(tmp_path / "model", given["routes"], supply=given["supply"], extra=extra))


def assert_game(result, expected: dict[str, Any]) -> None:
    for names, loss in expected["leverage"].items():
        assert result.leverage([] if names == "none" else names.split("+")) == pytest.approx(loss), names
    shapley = dict(result.shares.select("player", "shapley_musd").iter_rows())
    assert shapley == pytest.approx(expected["shapley"], abs=1e-4)
    pairs = {f"{first}|{second}": value for first, second, value in result.pairs.iter_rows()}
    assert pairs == pytest.approx(expected["interaction"])


def test_parallel_routes(tmp_path):
    entry = miniature("M1")
    result = coalitions(routes(tmp_path, entry), ["RU", "CN", "AZ"])
    expected = entry["expected"]
    assert_game(result, expected)
    weights = dict(result.shares.select("player", "weight").iter_rows())
    assert weights == pytest.approx(expected["shapley_weights"], abs=1e-6)
    worst = {f"k={k}": [coalition, value] for k, coalition, value in result.worst.iter_rows()}
    assert worst == {k: [names, pytest.approx(value)] for k, (names, value) in expected["worst_case"].items()}
    assert [result.breaking_number(level) for level in (18000, 26000, 27000, 28000)] == [1, 2, 3, None]
    assert result.shares["player"].to_list() == ["RU", "CN", "AZ"]


def test_jurisdictions_in_series(tmp_path):
    entry = miniature("M2")
    result = coalitions(routes(tmp_path, entry), ["RU", "BY", "CN"])
    assert_game(result, entry["expected"])
    evaluation = dict(result.table.select("coalition", "evaluation").iter_rows())
    assert evaluation["BY+RU"] == evaluation["RU"] == "same_shares"  # BY alone closes the same pipe
    assert evaluation["CN"] == "unused"  # its route is empty as long as the other is open
    assert (result.solved, result.avoided) == (3, 5)


def test_import_shortage_and_expansion(tmp_path):
    entry = miniature("M3")
    given, expected = entry["input"], entry["expected"]
    valuation = valued(import_model(tmp_path / "model", given))
    result = coalitions(valuation, ["A", "B"])
    assert valuation.value() == pytest.approx(expected["V_none"])
    for names, loss in expected["leverage"].items():
        assert result.leverage(names.split("+")) == pytest.approx(loss)
    denied = Denial(frozenset({"A"}))
    expanded = valuation.leverage(denied, ["expand"])
    assert expanded == pytest.approx(expected["leverage_A_after_expansion"])
    gain = valuation.value(denied, ["expand"]) - valuation.value(denied)
    assert gain == pytest.approx(expected["gross_benefit_if_A_denies"])
    break_even = valuation.plan_cost(["expand"]) / gain
    assert break_even == pytest.approx(expected["break_even_probability_of_denial"], abs=1e-6)


def test_bundled_threat(tmp_path):
    entry = miniature("M7")
    expected = entry["expected"]
    matrix = partner_function_matrix(
        valued(combined_services_model(tmp_path / "model", entry["input"])), ["P", "Q"]
    )
    losses = {(partner, function): loss for partner, function, loss in matrix.table.iter_rows()}
    assert losses["P", "port"] == pytest.approx(expected["L_P_port"])
    assert losses["P", "insurance"] == pytest.approx(expected["L_P_insurance"])
    partner, leverage, by_function, gain = matrix.partners.row(0)
    assert partner == "P"
    assert leverage == pytest.approx(expected["L_P_bundle"])
    assert by_function == pytest.approx(expected["L_P_port"] + expected["L_P_insurance"])
    assert gain == pytest.approx(expected["bundling_gain"])


def test_autarky_paradox(tmp_path):
    expected = miniature("M13")["expected"]
    basis = {"basis": "miniature"}
    valuation = routes(
        tmp_path,
        miniature("M1"),
        options=[{"option": "close", "kind": "close", "annual_cost": 0} | basis],
        option_gains=[{"option": "close", "asset_type": "link", "asset": "R", "gain": -60} | basis],
    )
    assert valuation.leverage(Denial(frozenset({"RU"})), ["close"]) == pytest.approx(expected["leverage_RU"])
    assert valuation.value(plan=["close"]) == pytest.approx(expected["V_none"])
    assert valuation.residual_loss(Denial(), ["close"]) == pytest.approx(expected["residual_none"])


def test_horizons(tmp_path):
    """The best residual loss falls as options come within reach: lead times of 18 and 48 months."""
    expected = miniature("M15")["expected"]
    basis = {"basis": "miniature"}
    gains = {"T5": ("T", 5, 200, 18), "T15": ("T", 15, 600, 48), "C15": ("C", 15, 500, 48)}
    path = routes_model(
        tmp_path / "model",
        miniature("M1")["input"]["routes"],
        supply=miniature("M1")["input"]["supply"],
        extra={
            "options": [
                {"option": name, "kind": "build", "annual_cost": cost, "lead_time": lead} | basis
                for name, (_, _, cost, lead) in gains.items()
            ],
            "option_gains": [
                {"option": name, "asset_type": "link", "asset": route, "gain": gain} | basis
                for name, (route, gain, _, _) in gains.items()
            ],
        },
    )
    # The long-run alternatives are T+15 and C+15; T+5 is the medium-run one and stands apart from them.
    offered = {"short": [], "medium": ["T5"], "long": ["T15", "C15"]}
    denied = Denial(frozenset({"RU"}))
    residual = {}
    for span, options in offered.items():
        valuation = valued(path, span)
        plans = chain.from_iterable(combinations(options, size) for size in range(len(options) + 1))
        residual[span] = min(valuation.residual_loss(denied, plan) for plan in plans)
    assert residual == pytest.approx(expected["residual_loss"])
    years = [residual["short"], *[residual["medium"]] * 2, *[residual["long"]] * 2]
    present = sum(loss / 1.1**year for year, loss in enumerate(years))
    assert present == pytest.approx(expected["present_value_5y_at_10pct"])


def test_options_beyond_reach_gain_nothing(tmp_path):
    basis = {"basis": "miniature"}
    extra = {
        "options": [{"option": "T5", "kind": "build", "annual_cost": 200, "lead_time": 18} | basis],
        "option_gains": [{"option": "T5", "asset_type": "link", "asset": "T", "gain": 5} | basis],
    }
    given = miniature("M1")["input"]
    path = routes_model(tmp_path / "model", given["routes"], supply=given["supply"], extra=extra)
    denied = Denial(frozenset({"RU"}))
    gained = [
        valued(path, span).value(denied, ["T5"]) - valued(path, span).value(denied) for span in ("short", "medium")
    ]
    assert gained == pytest.approx([0, 1700])


def brute_force(valuation: Valuation, players, severity=1.0) -> dict[tuple[str, ...], float]:
    groups = chain.from_iterable(combinations(players, size) for size in range(len(players) + 1))
    return {group: valuation.leverage(Denial(frozenset(group), severity)) for group in groups}


@pytest.mark.parametrize("seed", range(20))
def test_every_coalition_equals_its_own_solution(seed):
    """With joint clauses, partial closure, unions, stores and contracts: what is skipped is skipped rightly."""
    network = random_network(seed)
    clauses = random_clauses(network, PARTIES, seed)
    severity = (1.0, 0.3)[seed % 2]
    result = coalitions(Valuation(network, clauses, span="long"), [*PARTIES[1:], "UNION"], severity=severity)
    plain = Valuation(network, clauses, span="long")
    for group, loss in brute_force(plain, result.players, severity).items():
        assert result.leverage(group) == pytest.approx(loss, abs=1e-6), group
    assert result.solved + result.avoided == len(result.game)


def test_solves_are_avoided_on_random_networks():
    solved = avoided = 0
    for seed in range(10):
        network = random_network(seed, contracts=False, stores=False)
        clauses = random_clauses(network, PARTIES, seed, union=False)
        valuation = Valuation(network, clauses, span="long")
        result = coalitions(valuation, PARTIES)
        assert valuation.solves == result.solved
        solved, avoided = solved + result.solved, avoided + result.avoided
    assert avoided > solved / 4


def test_waived_duties_are_never_skipped(tmp_path):
    """A denial that ends an unprofitable duty pays, so that not even an idle asset may be skipped."""
    valuation = routes(
        tmp_path,
        {"input": {"supply": 10, "routes": [{"id": "W", "jurisdictions": ["RU"], "capacity": 10, "netback": -5}]}},
        contracts=[
            {
                "contract": "K",
                "owner": "KAZ",
                "asset_type": "link",
                "asset": "W",
                "commodity": "crude",
                "minimum": 4,
                "penalty": 2,
                "basis": "miniature",
            }
        ],
    )
    result = coalitions(valuation, ["RU"])
    assert valuation.flow().sold("KAZ") == pytest.approx(0)
    assert result.leverage(["RU"]) == pytest.approx(-8)
    assert result.shares["weight"].to_list() == [None]


def test_stores_are_never_skipped(tmp_path):
    """Goods shipped only to meet a duty end in a store, so that closing the store costs the penalty."""
    basis = {"basis": "miniature"}
    store = {"storage": "TANK", "node": "END_W", "commodity": "crude", "owner": "KAZ", "capacity": 5}
    duty = {"contract": "K", "owner": "KAZ", "asset_type": "link", "asset": "W", "commodity": "crude"}
    given = {"routes": [{"id": "W", "jurisdictions": ["RU"], "capacity": 10, "netback": -5}], "supply": 10}
    valuation = routes(
        tmp_path,
        {"input": given},
        storage=[store | basis],
        contracts=[duty | {"minimum": 4, "penalty": 2, "if_denied": "paid"} | basis],
        denial=[veto("storage", "TANK", "RU")],
    )
    assert coalitions(valuation, ["RU"]).leverage(["RU"]) == pytest.approx(8)


def test_dummies_leave_first(tmp_path):
    given = {"routes": [{"id": "R", "jurisdictions": ["RU"], "capacity": 5, "netback": 1}], "supply": 5}
    valuation = routes(
        tmp_path,
        {"input": given},
        jurisdictions=states("RU", "TR", "US"),
        denial=[veto("link", "R", "RU"), veto("link", "R", "TR+US"), veto("link", "R", "US", effectiveness=0)],
    )
    without_us = coalitions(valuation, ["RU", "TR"])
    assert without_us.dummies == ("TR",)  # its only clause needs a state that does not play
    assert without_us.shares.filter(player="TR").row(0) == ("TR", 0.0, 0.0, 0.0, True)
    assert without_us.leverage(["RU", "TR"]) == without_us.leverage(["RU"]) == pytest.approx(5)
    everyone = coalitions(valuation, ["RU", "TR", "US"])
    assert everyone.dummies == ()
    assert everyone.leverage(["TR"]) == everyone.leverage(["US"]) == 0
    assert everyone.leverage(["TR", "US"]) == pytest.approx(5)
    assert dict(everyone.shares.select("player", "shapley_musd").iter_rows()) == pytest.approx(
        {"RU": 10 / 3, "TR": 5 / 6, "US": 5 / 6}
    )


def test_nobody_that_touches_anything(tmp_path):
    valuation = routes(tmp_path, miniature("M1"), jurisdictions=states("RU", "CN", "AZ", "UZ"))
    result = coalitions(valuation, ["UZ"])
    assert result.game.tolist() == [0]
    assert result.shares.row(0) == ("UZ", 0.0, 0.0, None, True)
    assert result.worst.height == result.pairs.height == 0


def test_functions_outside_the_network_are_added(tmp_path):
    imports = VarietyFunction("imports", 1000.0, {"RU": 0.4, "DE": 0.2}, sigma=3.0)
    valuation = routes(tmp_path, miniature("M1"), jurisdictions=states("RU", "CN", "AZ", "DE"))
    plain = coalitions(valuation, ["RU", "CN"])
    result = coalitions(valuation, ["RU", "CN", "DE"], losses=[imports])
    assert result.dummies == ()
    for group in (["RU"], ["RU", "CN"]):
        outside = imports.loss(frozenset(group), 1.0)
        assert result.leverage(group) == pytest.approx(plain.leverage(group) + outside)
    assert result.leverage(["DE"]) == pytest.approx(imports.loss(frozenset({"DE"}), 1.0))
    matrix = partner_function_matrix(valuation, ["RU", "DE"], losses=[imports])
    assert matrix.functions == ("imports", "oil_export")
    assert matrix.losses == pytest.approx(
        np.array([[imports.loss(frozenset({"DE"}), 1.0), 0], [imports.loss(frozenset({"RU"}), 1.0), 18500]])
    )
    assert matrix.partners["bundling_gain"].to_list() == pytest.approx([0, 0])


def test_members_act_with_their_union(tmp_path):
    valuation = routes(
        tmp_path,
        miniature("M1"),
        jurisdictions=[*states("RU", "CN", "AZ"), {"jurisdiction": "UNION", "kind": "union", "members": "RU CN"}],
    )
    result = coalitions(valuation, ["UNION", "RU", "AZ"])
    assert result.leverage(["UNION"]) == result.leverage(["UNION", "RU"]) == pytest.approx(26100)
    assert result.leverage(["RU"]) == pytest.approx(18500)


def many_players(count: int) -> Valuation:
    network = random_network(3)
    links = [asset for asset in network.assets if asset[0] == "link"]
    names = tuple(f"P{number:02d}" for number in range(count))
    clauses = tuple(
        Clause(links[number % len(links)], frozenset({name}), 0.5, 0.5, 0.5, "territory", False, "export", 2)
        for number, name in enumerate(names)
    )
    return Valuation(network, ClauseBook(clauses, {name: frozenset() for name in names}), span="long")


def test_too_many_players():
    valuation = many_players(MOST_PLAYERS + 1)
    with pytest.raises(InputError, match="K0502"):
        coalitions(valuation, valuation.clauses.members)
    assert valuation.solves == 0


def test_sampling_above_twelve_players_sums_to_everything():
    valuation = many_players(14)
    names = sorted(valuation.clauses.members)
    result = sampled_shapley(valuation, names, samples=20, seed=1)
    assert result.shares["shapley_musd"].sum() == pytest.approx(valuation.leverage(Denial(frozenset(names))))
    again = sampled_shapley(many_players(14), names, samples=20, seed=1)
    assert again.shares.equals(result.shares)
    assert (result.samples, result.seed) == (20, 1)
    assert 0 < result.solved <= valuation.solves


def test_sampling_agrees_with_the_exact_value():
    valuation = many_players(6)
    names = list(valuation.clauses.members)
    exact = dict(coalitions(valuation, names).shares.select("player", "shapley_musd").iter_rows())
    sampled = sampled_shapley(valuation, names, samples=2000, seed=7)
    for player, shapley, error in sampled.shares.select(
        "player", "shapley_musd", "standard_error_musd"
    ).iter_rows():
        assert abs(shapley - exact[player]) <= 4 * error + 1e-9, player


def test_arguments_that_make_no_sense(tmp_path):
    valuation = routes(tmp_path, miniature("M1"))
    with pytest.raises(InputError, match="K0501"):
        coalitions(valuation, ["XX"])
    with pytest.raises(InputError, match="K0505"):
        sampled_shapley(valuation, ["RU"], samples=1, seed=0)
    with pytest.raises(InputError, match="K0503"):
        coalitions(valuation, ["RU"], severity=1.5)
    with pytest.raises(InputError, match="K0501"):
        coalitions(valuation, ["RU"]).leverage(["AZ"])
    with pytest.raises(InputError, match="K0501"):
        partner_function_matrix(valuation, ["XX"])
