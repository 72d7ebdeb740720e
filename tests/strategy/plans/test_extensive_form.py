"""One extensive form by HiGHS, column-and-constraint generation and brute force find one least worst loss."""

import numpy as np
import pytest

import kopir
from benchmarks.extensive_form import by_extensive_form
from benchmarks.plan_search import plan_search, with_whole_clauses
from kopir.model.bundled import bundled_path
from kopir.strategy.plans.attacks import Refusals
from kopir.strategy.plans.menu import Menu
from kopir.strategy.plans.rules import best_against
from tests.folders import routes_model
from tests.strategy.plans.test_plan import by_brute_force, m6, options


def three_ways(setup, budget, against, span="medium"):
    """The least worst loss by each way, and what each way's plan leaves by brute force."""
    menu = Menu(setup, span, against, 1.0, (), budget)
    whole, rounds = by_extensive_form(menu), best_against(menu, Refusals(menu))
    truth = by_brute_force(setup, budget, against, span=span)
    plans = [tuple(sorted(one)) for one in (whole.plan, menu.plan(rounds.plan))]
    return [whole.worst, whole.bound, rounds.worst, rounds.bound], [truth[one] for one in plans], truth


@pytest.mark.parametrize(("against", "budget"), [(1, 600), (2, 600), (1, 540), (3, 2000)])
def test_on_the_miniature(tmp_path, against, budget):
    found, left, truth = three_ways(m6(tmp_path).setup, budget, against)
    assert [*found, *left] == pytest.approx([min(truth.values())] * 6)


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 40))])
def test_on_random_routes_with_recorded_flows(tmp_path, seed):
    rng = np.random.default_rng([seed, 3])
    routes = [
        {"id": f"R{n}", "capacity": int(rng.integers(3, 20)), "netback": int(rng.integers(100, 400))}
        | {"jurisdictions": [f"P{rng.integers(4)}"]}
        for n in range(5)
    ]
    rows = [
        {"name": f"Z{n}", "route": f"R{rng.integers(5)}", "add": int(rng.integers(1, 15))}
        | {"cost": int(rng.integers(0, 900)), "capital": int(rng.integers(0, 500))}
        for n in range(5)
    ]
    setup = kopir.open(routes_model(tmp_path, routes, supply=40, extra=options(rows))).setup
    against = int(rng.integers(1, len(setup.model.settings.players) + 1))
    found, left, truth = three_ways(setup, int(rng.integers(500, 1200)), against)
    assert [*found, *left] == pytest.approx([min(truth.values())] * 6, rel=1e-7)


@pytest.mark.slow
@pytest.mark.skipif(bundled_path("kazakhstan") is None, reason="no model is bundled")
def test_a_share_of_usual_use_has_no_extensive_form():
    setup = kopir.open("kazakhstan").setup
    with pytest.raises(ValueError, match="share of what assets usually carry"):
        by_extensive_form(Menu(setup, "long", 1, 0.5, (), None))
    left = with_whole_clauses(setup).valuation("long").shares
    menu = Menu(with_whole_clauses(setup), "long", 1, 1.0, (), None)
    assert not any(((left(one).use > 0) & (left(one).use < 1)).any() for one in menu.denials)


@pytest.mark.slow
def test_the_benchmark_compares_answers():
    tables = plan_search(1, "kazakhstan", against=1)
    assert [row.contestant for row in tables[0].rows] == ["extensive form, HiGHS", "kopir, proven"]
    assert "both leave" in tables[0].notes[0]
    assert "skipped" in str(plan_search(1, "no such model")[0])
