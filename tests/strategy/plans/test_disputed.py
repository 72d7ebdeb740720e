"""Which disputed figure matters: by hand on two routes, beside every plan and refusal, and what is refused."""

from itertools import combinations

import numpy as np
import pytest

import kopir
from kopir.cli.answers.plan import worth_settling
from kopir.core.errors import InputError
from kopir.model.network.clauses import Denial
from kopir.strategy.plans.disputed import CLAUSES, disputed
from kopir.strategy.plans.residual import MeanOutage, WorstRefusal, residual, step_by_step
from kopir.strategy.value.record import recorded_outages
from tests.folders import routes_model
from tests.strategy.plans.test_plan import m6, options

ROUTES = [
    {"id": "A", "capacity": 60, "netback": 400, "jurisdictions": ["RUS"]},
    {"id": "B", "capacity": 20, "netback": 400, "jurisdictions": ["CHN"]},
]


def two_routes(path, gain="20 [0..40]", cost="4000"):
    """60 Mt at 400 USD by A; if A is refused, B takes 20. The option widens B for 4,000 million USD a year."""
    rows = [{"name": "WIDER", "route": "B", "add": gain, "cost": cost, "capital": 100}]
    return kopir.open(routes_model(path, ROUTES, supply=60, extra=options(rows)))


@pytest.mark.slow
def test_one_uncertain_gain_decides_and_is_worth_what_the_hand_says(tmp_path):
    """Gain g uniform on 0..40: the option saves 400 g and costs 4,000, so it pays from g = 10.

    Now it is built (mean gain 20 x 400 = 8,000 > 4,000). Knowing g saves E max(0, 4,000 - 400 g) = 500.
    """
    found = disputed(two_routes(tmp_path).setup, against=1, draws=400)
    row = found.table.row(0, named=True)
    assert found.plan == ("WIDER",)
    assert found.loss_musd == pytest.approx(40 * 400 - 8000 + 4000, rel=0.02)
    assert row["figure"] == "option_gains:WIDER,link,B:gain"
    assert row["worth_musd"] == pytest.approx(500, rel=0.1)
    assert row["plan_changes"] == pytest.approx(0.25, abs=0.04)
    assert row["stands_out"]
    assert found.whole_musd == pytest.approx(500, rel=0.1)


def test_a_wide_bar_that_changes_no_plan_is_worth_nothing_and_said_so(tmp_path):
    found = disputed(two_routes(tmp_path, gain="25 [20..40]", cost="2000 [1..4000]").setup, against=1, draws=40)
    assert found.plan == ("WIDER",)
    assert found.table["worth_musd"].to_list() == [0.0] * found.table.height
    assert not found.table["stands_out"].any()
    assert (
        "A wide bar can be worth nothing: options:WIDER:annual_cost lies between 1.00 and 4,000"
        in worth_settling(found)
    )


@pytest.mark.slow
def test_worst_refusal_is_that_of_every_refusal_also_in_part(tmp_path):
    setup = m6(tmp_path).setup
    names, players = setup.network.gains.options, setup.model.settings.players
    for severity in (0.4, 1.0):
        denials = [Denial(frozenset(who), severity) for size in range(3) for who in combinations(players, size)]
        quick = residual(setup, "medium", "worst", denials, None)
        assert isinstance(quick, WorstRefusal)
        assert quick.growing
        valuation = setup.valuation("medium")
        for size in range(len(names) + 1):
            for plan in combinations(sorted(names), size):
                every = max(valuation.residual_loss(one, plan) for one in denials)
                assert quick(plan) == pytest.approx(every)


def test_step_by_step_ends_where_no_further_option_lowers_the_loss():
    worth = {(): 10.0, ("a",): 7.0, ("b",): 8.0, ("a", "b"): 6.0, ("c",): 9.0, ("a", "c"): 8.0}
    loss = lambda plan: worth.get(plan, 6.5)  # noqa: E731
    assert step_by_step(loss, "abc", lambda _: True) == ("a", "b")
    assert step_by_step(loss, "abc", lambda plan: len(plan) < 2) == ("a",)
    assert step_by_step(loss, "abc", lambda plan: not plan) == ()


def test_mean_over_recorded_outages_is_the_sum_by_hand(tmp_path):
    """A is out half of 146.1 days (0.4 years) once in 1.2 years: 0.5 x 60 = 30 Mt lost, of which B takes 20."""
    events = [
        {
            "event": "STORM",
            "what": "storm",
            "assets": "A",
            "start": "2024-01-01",
            "end": "2024-05-25",
            "severity_low": 0.5,
        }
        | {"severity_high": 0.5},
        {
            "event": "LATER",
            "what": "far away",
            "assets": "NOWHERE",
            "start": "2025-01-01",
            "end": "2025-03-14",
            "severity_low": 1,
        }
        | {"severity_high": 1},
    ]
    rows = [{"name": "WIDER", "route": "B", "add": "20", "cost": "4", "capital": 100}]
    setup = kopir.open(routes_model(tmp_path, ROUTES, supply=60, extra=options(rows) | {"events": events})).setup
    record = recorded_outages(setup)
    loss = residual(setup, "medium", "mean", [], record)
    assert isinstance(loss, MeanOutage)
    years = record.outages[0].years
    assert loss(()) == pytest.approx(record.rate * years * 10 * 400)
    assert loss(("WIDER",)) == pytest.approx(4)


def test_the_same_seed_gives_the_same_answer_and_why_leads_to_the_cell(tmp_path):
    project = two_routes(tmp_path)
    once, twice = project.disputed(against=1, draws=40), project.disputed(against=1, draws=40)
    assert once.table.equals(twice.table)
    number = once.numbers["disputed:option_gains:WIDER,link,B:gain"]
    assert number.value == once.table.row(0, named=True)["worth_musd"]
    assert [str(one) for one in number.cells] == [once.table.row(0, named=True)["cell"]]
    assert CLAUSES in once.table["figure"].to_list()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"draws": 10}, "too few draws"),
        ({"rule": "mean"}, "no outage is recorded"),
        ({"against": 9}, "so many partners"),
        ({"budget": 1.0}, "buys no option"),
        ({"parties": ["XXX"]}, "XXX"),
    ],
)
def test_bad_input_is_named_with_its_mend(tmp_path, given, says):
    with pytest.raises(InputError, match=says):
        two_routes(tmp_path).disputed(**given)


@pytest.mark.slow
def test_losses_scale_with_money(tmp_path):
    """Twice the price and twice the cost make every worth twice as large."""
    once = disputed(two_routes(tmp_path / "once").setup, against=1, draws=60)
    rows = [{"name": "WIDER", "route": "B", "add": "20 [0..40]", "cost": "8000", "capital": 100}]
    dear = [one | {"netback": 800} for one in ROUTES]
    twice = disputed(kopir.open(routes_model(tmp_path / "twice", dear, supply=60, extra=options(rows))).setup,
                     against=1, draws=60)  # fmt: skip
    assert np.allclose(2 * once.table["worth_musd"].to_numpy(), twice.table["worth_musd"].to_numpy())
