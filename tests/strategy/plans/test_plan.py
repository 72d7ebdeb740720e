"""Plans on the miniature M6 and on random parallel routes, beside brute force over plans and refusals."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import polars as pl
import pytest

import kopir
from kopir.cli.answers.plan import ended, verdict
from kopir.core.errors import InputError
from kopir.model.network.clauses import Denial
from kopir.strategy.plans.attacks import Refusals
from kopir.strategy.plans.menu import Menu
from kopir.strategy.plans.plan import plan
from kopir.strategy.plans.rules import CVAR, LOST, MEAN, WORST
from kopir.strategy.plans.search import cvar
from kopir.strategy.value.record import recorded_outages, years_at_random
from kopir.strategy.value.valuation import NOBODY
from tests.folders import routes_model
from tests.miniatures import miniature

M6 = miniature("M6")
ROUTES = miniature("M1")["input"]
BASIS = {"basis": "miniature"}


def options(rows):
    """Rows of options and gains: ``name``, the ``route`` they widen, by how much, and what they cost."""
    return {
        "options": [
            {"option": row["name"], "kind": "build", "provider": "", "annual_cost": row["cost"]}
            | {"capital_cost": row.get("capital", row["cost"]), "lead_time": row.get("months", 0)}
            | BASIS
            for row in rows
        ],
        "option_gains": [
            {"option": row["name"], "asset_type": "link", "asset": row["route"], "gain": row["add"]} | BASIS
            for row in rows
            if row["add"] is not None
        ],
    }


def m6(path, **more):
    rows = [{"name": name, **one} for name, one in M6["input"]["options"].items()]
    extra = options(rows) | more
    return kopir.open(routes_model(path, ROUTES["routes"], supply=ROUTES["supply"], extra=extra))


def by_brute_force(setup, budget, against, severity=1.0, span="medium"):
    """Every plan within the budget, and its worst residual loss over every refusal."""
    valuation = setup.valuation(span)
    names = setup.network.gains.options
    capital = dict(setup.model.table("options").select("option", "capital_cost").iter_rows())
    players = setup.model.settings.players
    found = {}
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            if sum(capital[name] for name in chosen) <= budget:
                found[chosen] = max(
                    valuation.residual_loss(Denial(frozenset(who), severity), chosen)
                    for count in range(against + 1)
                    for who in combinations(players, count)
                )
    return found


@pytest.mark.parametrize("against", [1, 2])
def test_each_single_option_of_m6_leaves_what_it_says(tmp_path, against):
    project = m6(tmp_path)
    menu = Menu(project.setup, "medium", against, 1.0, (), None)
    for name, expected in M6["expected"]["by_plan"].items():
        chosen = () if name == "none" else tuple(name.split("+"))
        mask = sum(1 << menu.names.index(one) for one in chosen)
        worst = menu.cost(mask) - min(menu.value(mask, attack) for attack in range(len(menu.denials)))
        assert worst == pytest.approx(expected[f"worst_residual_k{against}"])


@pytest.mark.parametrize(("against", "budget"), [(1, 600), (2, 600), (1, 540), (1, 2000), (2, 2000)])
def test_the_plan_of_m6_is_that_of_brute_force(tmp_path, against, budget):
    """With 600 a single dear option fits: zC against one refusal, zT against two, as the miniature says."""
    project = m6(tmp_path)
    answer = project.plan(budget=budget * 1e6, against=against)
    row = answer.table.row(0, named=True)
    truth = by_brute_force(project.setup, budget, against)
    assert row["after_musd"] == pytest.approx(min(truth.values()))
    assert truth[tuple(sorted(row["plan"]))] == pytest.approx(min(truth.values()))
    if budget == 600:
        assert row["plan"] == [M6["expected"]["best_single_option"][f"k{against}"]]
    assert row["before_musd"] == pytest.approx(truth[()])


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 200))])
def test_random_routes_against_brute_force(tmp_path, seed):
    """Every plan and every refusal, whole and in part, with recorded flows below capacity and without."""
    rng = np.random.default_rng(seed)
    routes = [
        {"id": f"R{n}", "capacity": int(rng.integers(3, 20)), "netback": int(rng.integers(100, 400))}
        | {"jurisdictions": [f"P{rng.integers(3)}"]}
        for n in range(4)
    ]
    rows = [
        {"name": f"Z{n}", "route": f"R{rng.integers(4)}", "add": int(rng.integers(1, 15))}
        | {"cost": int(rng.integers(0, 900)), "capital": int(rng.integers(0, 500))}
        for n in range(3 + seed % 2)
    ]
    recorded = [
        {"asset_type": "link", "asset": route["id"], "commodity": "crude", "owner": "KAZ", "period": 2025}
        | {"value": round(float(rng.uniform(0.2, 1.0)) * min(route["capacity"], 10), 2), "elasticity": 3}
        | BASIS
        for route in routes
    ]
    extra = options(rows) | ({"baseline_flows": recorded} if seed % 3 else {})
    project = kopir.open(routes_model(tmp_path, routes, supply=40, extra=extra))
    budget, against = int(rng.integers(500, 1200)), int(rng.integers(1, len(project.model.settings.players) + 1))
    severity = (1.0, 0.3, 0.7)[int(rng.integers(3))]
    found = plan(project.setup, budget_musd=budget, against=against, severity=severity, assets=0)
    row = found.table.row(0, named=True)
    truth = by_brute_force(project.setup, budget, against, severity)
    assert row["after_musd"] == pytest.approx(min(truth.values()), rel=1e-9, abs=1e-6)
    assert truth[tuple(sorted(row["plan"]))] == pytest.approx(min(truth.values()), rel=1e-9, abs=1e-6)
    menu = Menu(project.setup, "medium", against, severity, (), budget)
    for attack in range(len(menu.denials)):
        assert Refusals(menu).most(attack) >= max(menu.value(int(mask), attack) for mask in menu.masks) - 1e-6
    for step in found.frontier.filter(rule=WORST).iter_rows(named=True):
        within = by_brute_force(project.setup, step["from_budget_musd"], against, severity)
        assert step["residual_musd"] == pytest.approx(min(within.values()), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 200))])
def test_the_worst_loss_of_assets_is_that_of_every_plan_and_every_set(tmp_path, seed):
    rng = np.random.default_rng([seed, 7])
    routes = [
        {"id": f"R{n}", "capacity": int(rng.integers(3, 20)), "netback": int(rng.integers(100, 400))}
        | {"jurisdictions": [f"P{n}"]}
        for n in range(4)
    ]
    rows = [
        {"name": f"Z{n}", "route": f"R{rng.integers(4)}", "add": int(rng.integers(1, 15))}
        | {"cost": int(rng.integers(0, 900)), "capital": int(rng.integers(0, 500))}
        for n in range(3)
    ]
    setup = kopir.open(routes_model(tmp_path, routes, supply=40, extra=options(rows))).setup
    budget, most = int(rng.integers(500, 1200)), int(rng.integers(1, 4))
    found = plan(setup, budget_musd=budget, against=1, assets=most)
    row = found.table.row(by_predicate=pl.col("rule") == LOST, named=True)
    valuation, capital = setup.valuation("medium"), {one["name"]: one["capital"] for one in rows}
    truth = {}
    for size in range(len(rows) + 1):
        for chosen in combinations(setup.network.gains.options, size):
            if sum(capital[name] for name in chosen) > budget:
                continue
            usual, left = valuation.situation(NOBODY, chosen), []
            for count in range(most + 1):
                for lost in combinations(range(len(setup.network.assets)), count):
                    share = usual.open_share.copy()
                    share[list(lost)] = 0
                    left.append(valuation.worth(replace(usual, open_share=share)))
            truth[chosen] = valuation.value() - min(left) + valuation.plan_cost(chosen)
    assert row["after_musd"] == pytest.approx(min(truth.values()), rel=1e-9, abs=1e-6)
    assert truth[tuple(sorted(row["plan"]))] == pytest.approx(min(truth.values()), rel=1e-9, abs=1e-6)
    assert row["before_musd"] == pytest.approx(truth[()], rel=1e-9, abs=1e-6)
    assert all(len(one.split("+")) <= most for one in row["weakest_to"])


def events(*rows):
    return {
        "events": [
            {"event": name, "start": start, "end": end, "what": "miniature", "assets": assets}
            | {"severity_low": low, "severity_high": high, "note": "miniature"}
            for name, start, end, assets, low, high in rows
        ]
    }


@pytest.mark.slow
def test_mean_and_cvar_of_recorded_outages_by_hand(tmp_path):
    """One outage of half of R for 73 days in four years and a day: rate 1 / 4, 30 of 60 t at 400 lost for a fifth.

    60 of 70 t go by R, 10 by C; with half of R gone 30 + 20 + 5 remain: 30 * 400 - 10 * 380 - 5 * 340 = 6,500 a
    year, so 6,500 * 73 / 365.25 a time.
    """
    record = events(
        ("FIRST", "2020-01-01", "2020-03-13", "R", 0.4, 0.6),
        ("LONG", "2022-01-01", "2023-12-31", "C", 1, 1),
        ("ELSEWHERE", "2021-01-01", "2021-02-01", "NOWHERE", 1, 1),
    )
    project = m6(tmp_path, **record)
    found = recorded_outages(project.setup)
    assert found.left_out == ("ELSEWHERE", "LONG")
    assert found.years == pytest.approx((date(2023, 12, 31) - date(2020, 1, 1)).days / 365.25 + 1 / 365.25)
    answer = project.plan(against=1).result
    before = dict(answer.table.select("rule", "before_musd").iter_rows())
    each = 6_500 * 73 / 365.25
    assert before[MEAN] == pytest.approx(found.rate * each)
    assert before[CVAR] > before[MEAN]
    drawn = years_at_random(found, np.array([6_500.0]), draws=20_000, seed=project.seed)
    assert before[CVAR] == pytest.approx(cvar(drawn, np.full(20_000, 1 / 20_000), 0.95))
    assert drawn.mean() == pytest.approx(found.rate * each, rel=0.05)
    low, high = found.rate_interval
    assert low < found.rate < high
    assert answer.table["after_musd"].to_list() == [
        min(values) for values in zip(answer.table["after_musd"], answer.table["before_musd"], strict=True)
    ]
    assert all(value >= -1e-6 for value in answer.regret["regret_musd"])


def test_years_drawn_from_the_record_do_not_hang_on_the_order_of_rows(tmp_path):
    rows = [
        ("B", "2020-01-01", "2020-03-13", "R", 0.4, 0.6),
        ("A", "2021-02-01", "2021-02-11", "C", 1, 1),
        ("D", "2022-02-01", "2022-06-11", "R", 0.2, 0.3),
    ]
    told = [
        recorded_outages(m6(tmp_path / name, **events(*order)).setup)
        for name, order in (("one", rows), ("other", rows[::-1]))
    ]
    assert [one.event for one in told[0].outages] == ["A", "B", "D"]
    first, second = (
        years_at_random(one, np.array([out.open_share.sum() for out in one.outages]), draws=50, seed=4)
        for one in told
    )
    assert (first == second).all()
    assert first.std() > 0


@pytest.mark.slow
def test_nothing_that_helps_is_said_first_with_the_size(tmp_path):
    weak = options([{"name": "BIT", "route": "T", "add": 1, "cost": 1}])
    routes = kopir.open(routes_model(tmp_path / "a", ROUTES["routes"], supply=70, extra=weak))
    said = verdict(routes.plan(against=1).result)
    assert said.startswith("Nothing on the list changes the picture")
    # 60 of 70 t go by R and 10 by C; without R 20 by C and 6 by T: 44 t find no way.
    assert "only ways for 44.0 Mt a year of crude outside the reach of RU would" in said
    assert "1.8 %" in said  # one more tonne at 340, less its cost of 1, of 18,500
    assert verdict(m6(tmp_path / "b").plan(against=1).result).startswith("The best plan is")


def test_an_option_may_raise_what_its_provider_can_take(tmp_path):
    """60 Mt: A takes 40 at 400 USD, B (20 at 300) the rest; RUS offers to widen A, CHN to widen B."""
    routes = [
        {"id": "A", "capacity": 40, "netback": 400, "jurisdictions": ["RUS"]},
        {"id": "B", "capacity": 20, "netback": 300, "jurisdictions": ["CHN"]},
    ]
    rows = [
        {"name": "WIDER_A", "route": "A", "add": 10, "cost": 1, "provider": "RUS"},
        {"name": "WIDER_B", "route": "B", "add": 20, "cost": 1, "provider": "CHN"},
        {"name": "OWN", "route": "B", "add": 20, "cost": 1, "provider": "KAZ"},
    ]
    extra = options(rows)
    for one, row in zip(extra["options"], rows, strict=True):
        one["provider"] = row["provider"]
    found = kopir.open(routes_model(tmp_path, routes, supply=60, extra=extra)).plan(against=1).result
    told = dict(found.options.select("option", "provider_leverage_musd").iter_rows())
    # Without: RUS takes 40 x 400. With 50 by A and 10 by B it takes 50 x 400, and 10 more go by B at 300.
    assert told["WIDER_A"] == pytest.approx(50 * 400 - 10 * 300 - 40 * 400)
    assert told["WIDER_B"] == pytest.approx(0)
    assert told["OWN"] is None


def test_bad_budgets_options_and_partners_are_named_with_the_mend(tmp_path):
    project = m6(tmp_path / "a")
    with pytest.raises(InputError, match="the cheapest, zR, takes 50,000,000 USD"):
        project.plan(budget=10e6)
    found = m6(tmp_path / "d", **events(("ELSEWHERE", "2021-01-01", "2021-02-01", "NOWHERE", 1, 1)))
    with pytest.raises(InputError, match="kopir plan --events none"):
        found.plan(against=1)
    assert found.plan(against=1, events="none").table["rule"].to_list() == [WORST, LOST]
    with pytest.raises(InputError, match="from 1 to 3"):
        project.plan(against=4)
    with pytest.raises(InputError, match="so many assets cannot be lost"):
        plan(project.setup, assets=99)
    with pytest.raises(InputError, match="unknown jurisdiction"):
        project.plan(parties=["RUU"], against=1)
    late = options([{"name": "LATE", "route": "R", "add": 5, "cost": 5, "months": 60}])
    slow = kopir.open(routes_model(tmp_path / "b", ROUTES["routes"], supply=70, extra=late))
    with pytest.raises(InputError, match="no option changes what is optimised within the horizon"):
        slow.plan()
    negative = options([{"name": "GIFT", "route": "R", "add": 5, "cost": -5, "capital": 5}])
    with pytest.raises(InputError):
        kopir.open(routes_model(tmp_path / "c", ROUTES["routes"], supply=70, extra=negative)).plan()


@pytest.mark.parametrize("severity", [1.0, 0.5])
def test_a_time_limit_gives_the_best_found_and_a_bound(tmp_path, severity):
    """With no time at all one plan is judged by each rule: to do nothing. The bound is that of all for nothing."""
    project = m6(tmp_path, **events(("FIRST", "2020-01-01", "2020-03-13", "R", 0.4, 0.6)))
    whole = project.plan(against=2, severity=severity)
    answer = project.plan(against=2, severity=severity, time_limit=0)
    assert (whole.run.status, whole.run.gap, whole.result.stopped_after) == ("optimal", 0.0, None)
    assert whole.table["gap"].to_list() == [0.0] * 4
    assert whole.table["bound_musd"].to_list() == whole.table["after_musd"].to_list()
    assert (answer.run.status, answer.result.stopped_after) == ("time limit", 0)
    for found, proven in zip(answer.table.to_dicts(), whole.table.to_dicts(), strict=True):
        assert found["bound_musd"] <= proven["after_musd"] + 1e-6
        assert found["after_musd"] >= proven["after_musd"] - 1e-6
        assert found["gap"] == pytest.approx((found["after_musd"] - found["bound_musd"]) / found["after_musd"])
    assert answer.run.gap == max(answer.table["gap"])
    # All three options for nothing, under the refusal that is worst for doing nothing: no plan leaves less.
    valuation, every = project.setup.valuation("medium"), ("zC", "zR", "zT")
    refusing = Denial(frozenset(answer.table["weakest_to"][0][0].split("+")), severity)
    bound = valuation.value() - valuation.value(refusing, every)
    assert answer.table["bound_musd"][0] <= bound + 1e-6
    assert severity < 1 or answer.table["bound_musd"][0] == pytest.approx(bound)
    assert "worst refusal: the best plan found leaves" in ended(answer.result)
    assert project.plan(against=2, severity=severity, time_limit=600).table.equals(whole.table)
    with pytest.raises(InputError, match="below nothing"):
        project.plan(time_limit=-1)


def test_an_option_without_effect_is_left_out_and_told(tmp_path):
    rows = options(
        [
            {"name": "USEFUL", "route": "C", "add": 5, "cost": 5},
            {"name": "IDLE", "route": "C", "add": 0, "cost": 1},
        ]
    )
    project = kopir.open(routes_model(tmp_path, ROUTES["routes"], supply=70, extra=rows))
    found = project.plan(against=1).result.options
    left = found.filter(pl.col("left_out").is_not_null())
    assert left.select("option", "left_out").rows() == [("IDLE", "adds nothing to what is optimised")]
    assert "USEFUL" in found.filter(pl.col("left_out").is_null())["option"].to_list()
