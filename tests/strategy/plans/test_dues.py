"""Obligations that block an option or make it dearer, on the miniature M6, beside brute force over plans."""

from itertools import combinations

import pytest

from benchmarks.extensive_form import by_extensive_form
from kopir.core.errors import InfeasibleError
from kopir.strategy.institutions.obligations import obligations
from kopir.strategy.plans.attacks import Refusals
from kopir.strategy.plans.dues import Dues
from kopir.strategy.plans.menu import Menu
from kopir.strategy.plans.residual import residual
from kopir.strategy.plans.rules import WORST, best_against
from tests.miniatures import miniature
from tests.obligations import institution, obligation, tables
from tests.strategy.plans.test_plan import by_brute_force, m6

LEFT = {name: row["worst_residual_k1"] for name, row in miniature("M6")["expected"]["by_plan"].items()}
"""The worst loss under one refusal that each plan leaves, nothing owed."""
CLUB = institution("CLUB", members="")


def asked(path, *rows):
    return m6(path, **tables(*rows, institutions=[CLUB]))


def told(project):
    return project.plan(against=1).result.obligations.drop("text").rows()


def test_a_fee_and_a_penalty_make_a_plan_dearer_until_another_is_better(tmp_path):
    """zC leaves 13,300: with a penalty of 10,000 for breaking the union's rule it leaves 23,300."""
    plain = asked(tmp_path / "a").plan(budget=600e6, against=1).table.row(0, named=True)
    assert (plain["plan"], plain["after_musd"], plain["dues_musd"]) == (["zC"], pytest.approx(LEFT["zC"]), 0)
    project = asked(
        tmp_path / "b",
        obligation("RULE", "excludes", "UNION", "zC", strength="soft", amount=10_000),
        obligation("FEE", "costs", "zT", amount=70),
    )
    assert told(project) == [
        ("FEE", ["zT"], "taken", "dearer", 70.0),
        ("RULE", ["zC"], "taken", "dearer", 10_000.0),
    ]
    row = project.plan(budget=600e6, against=1).table.row(0, named=True)
    left = {name: LEFT[name] + {"zC": 10_000, "zT": 70}.get(name, 0) for name in ("none", "zC", "zR", "zT")}
    best = min(left, key=left.get)
    assert best != "zC"
    assert row["plan"] == ([] if best == "none" else [best])
    assert row["after_musd"] == pytest.approx(left[best])
    assert row["dues_musd"] == {"zT": 70}.get(best, 0)


@pytest.mark.slow
def test_a_hard_clause_blocks_an_option_and_a_pair(tmp_path):
    project = asked(
        tmp_path,
        obligation("NEEDS_CLUB", "requires", "zC", institution="CLUB"),
        obligation("NOT_BOTH", "excludes", "zR", "zT"),
    )
    assert told(project) == [
        ("NEEDS_CLUB", ["zC"], "taken", "blocks", None),
        ("NOT_BOTH", ["zR", "zT"], "zR with zT", "blocks", None),
    ]
    found = project.plan(against=1)
    able = {name: LEFT[name] for name in ("none", "zR", "zT")}
    assert found.table["after_musd"][0] == pytest.approx(min(able.values()))
    assert all("zC" not in plan and len(plan) < 2 for plan in found.result.frontier["plan"])


def test_what_is_required_is_owed_while_it_is_left_out(tmp_path):
    """The union asks for zT, at 500 a year while it is not there: to build it saves 500 beside what it does."""
    project = asked(tmp_path, obligation("BUILD", "requires", "UNION", "zT", strength="soft", amount=500))
    assert told(project) == [("BUILD", ["zT"], "left out", "dearer", 500.0)]
    menu = Menu(project.setup, "medium", 1, 1.0, (), None)
    assert menu.owed(1 << menu.names.index("zT")) == -500
    assert menu.owed(1 << menu.names.index("zC")) == menu.owed(0) == 0


def test_what_has_no_price_is_named_and_counts_nothing(tmp_path):
    project = asked(
        tmp_path,
        obligation("UNKNOWN", "excludes", "UNION", "zC", strength="soft"),
        obligation("ELSEWHERE", "excludes", "zR", "CLUB", strength="soft", amount=9),
        obligation("ONLY_WITH", "requires", "zT", "zR", strength="soft", amount=3),
    )
    assert told(project) == [
        ("ONLY_WITH", ["zT", "zR"], "zT without zR", "dearer", 3.0),
        ("UNKNOWN", ["zC"], "taken", "price not known", None),
    ]
    assert project.plan(budget=600e6, against=1).table["after_musd"][0] == pytest.approx(LEFT["zC"])


@pytest.mark.slow
def test_every_plan_owes_what_obligations_says_and_the_search_counts_it(tmp_path):
    rows = (
        obligation("A", "excludes", "zC", "zR", strength="soft", amount=4_000),
        obligation("B", "requires", "zT", "zC", strength="soft", amount=900),
        obligation("C", "requires", "UNION", "zR", strength="soft", amount=2_500),
        obligation("D", "costs", "zC", amount=120),
        obligation("E", "costs", "UNION", amount=5),
    )
    project = asked(tmp_path, *rows)
    model, dues = project.model, Dues(project.model, ("zC", "zR", "zT"))
    truth = by_brute_force(project.setup, 2000, 2)
    nothing = obligations(model)
    for size in range(4):
        for plan in combinations(("zC", "zR", "zT"), size):
            found = obligations(model, plan=plan)
            owed = found.fees[0] + found.penalty[0] - nothing.fees[0] - nothing.penalty[0]
            assert dues(plan) == pytest.approx(owed)
            truth[plan] += owed
    menu = Menu(project.setup, "medium", 2, 1.0, (), 2000)
    best = best_against(menu, Refusals(menu))
    assert best.worst == pytest.approx(min(truth.values()))
    assert truth[tuple(sorted(menu.plan(best.plan)))] == pytest.approx(best.worst)
    assert project.plan(budget=2e9, against=2).table.row(0, named=True)["rule"] == WORST
    loss = residual(project.setup, "medium", "worst", menu.denials, None)
    assert {plan: loss(plan) for plan in truth} == pytest.approx(truth)
    with pytest.raises(ValueError, match="obligations make plans dearer"):
        by_extensive_form(menu)


def test_no_plan_at_all_is_said(tmp_path):
    with pytest.raises(InfeasibleError, match="no plan within the budget keeps the hard obligations"):
        asked(
            tmp_path,
            obligation("ALWAYS", "requires", "UNION", "zC"),
            obligation("NEVER", "excludes", "UNION", "zC"),
        ).plan(against=1)
