"""Whether a change of memberships pays: miniature M8, by its values and through the engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.strategy.institutions.prospects import Prospect, best_at, robust_choice, switching_points, weigh
from tests.folders import routes_model
from tests.miniatures import miniature
from tests.obligations import GROUND, institution, obligation, tables

M8 = miniature("M8")
GIVEN, EXPECTED = M8["input"], M8["expected"]
PROSPECTS = [Prospect(name, plan["V_none"], plan["V_deny"], plan["cost"]) for name, plan in GIVEN["plans"].items()]
NAMES = {"as it stands": "stay", "leave UNION": "leave", "leave UNION + join FTA": "leave+FTA"}


def test_leverage_robust_and_expected_choice():
    assert {one.name: one.leverage for one in PROSPECTS} == EXPECTED["leverage"]
    assert robust_choice(PROSPECTS).name == EXPECTED["robust_choice"]
    assert robust_choice(PROSPECTS).robust == EXPECTED["robust_value"]
    for probability, values in EXPECTED["expected_value_at_q"].items():
        found = {one.name: one.expected(float(probability)) for one in PROSPECTS}
        assert found == pytest.approx(values)
    assert best_at(PROSPECTS, 0.1).name == EXPECTED["choice_at_q_0_1"]


def test_switching_probability():
    ((probability, before, after),) = switching_points(PROSPECTS)
    assert probability == pytest.approx(EXPECTED["switching_probability"])
    assert (before, after) == ("stay", EXPECTED["robust_choice"])


def test_the_best_choice_follows_the_upper_envelope():
    """100 - 50 q, 95 - 30 q and 80 - 5 q cross at 0.25 and 0.6; the fourth is never best."""
    lines = [Prospect("a", 100, 50), Prospect("b", 95, 65), Prospect("c", 80, 75), Prospect("d", 80, 60)]
    points = switching_points(lines)
    assert [point[0] for point in points] == pytest.approx([0.25, 0.6])
    assert [point[1:] for point in points] == [("a", "b"), ("b", "c")]
    for probability in (0.1, 0.2, 0.3, 0.5, 0.7, 1.0):
        envelope = ["a", *(after for at, _, after in points if at < probability)][-1]
        assert best_at(lines, probability).name == envelope


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100), st.integers(0, 9)), min_size=1, max_size=6))
def test_between_switches_the_best_choice_stays(lines: list[tuple[int, int, int]]):
    prospects = [Prospect(str(number), *line) for number, line in enumerate(lines)]
    points = switching_points(prospects)
    ends = [0.0, *(point[0] for point in points), 1.0]
    chosen = [best_at(prospects, 0.0).name, *(point[2] for point in points)]
    assert ends == sorted(ends)
    for name, first, last in zip(chosen, ends, ends[1:], strict=False):
        middle = (first + last) / 2
        best = max(one.expected(middle) for one in prospects)
        assert next(one for one in prospects if one.name == name).expected(middle) == pytest.approx(best)


def test_one_choice_that_is_always_best_never_switches():
    assert switching_points([Prospect("a", 10, 9), Prospect("b", 9, 1)]) == ()


def union(path: Path) -> Model:
    """Return M8 as a network, in USD for one tonne a year on each route.

    In the union 70 cannot be refused and 15 + 15 can; outside it 12 more are open to all and one 15 is lost;
    with the agreement 3 more are open and a fifteenth of the other 15 is lost.
    """
    routes = [
        {"id": "FREE", "capacity": 1, "netback": 70, "jurisdictions": ["XX"]},
        {"id": "RU_ALWAYS", "capacity": 1, "netback": 15, "jurisdictions": ["RU"]},
        {"id": "RU_IN_UNION", "capacity": 1, "netback": 15, "jurisdictions": ["RU"]},
        {"id": "OUTSIDE", "capacity": 1, "netback": 12, "jurisdictions": ["XX"]},
        {"id": "BY_AGREEMENT", "capacity": 1, "netback": 3, "jurisdictions": ["XX"]},
    ]
    felt = {"function": "oil_export"}
    rows = [
        obligation("A", "requires", "RU_IN_UNION", **felt),
        obligation("B", "excludes", "OUTSIDE", **felt),
        obligation("C", "excludes", "FTA"),
        obligation("D", "requires", "BY_AGREEMENT", institution="FTA", **felt),
        obligation("E", "triggers", "FTA", "RU_ALWAYS", institution="FTA", share=1 / 15),
        obligation("F", "costs", "FTA", institution="FTA", amount=1),
    ]
    extra = tables(*rows, institutions=[institution("FTA", members="")])
    return open_model(routes_model(path, routes, supply=5, extra=extra))


@pytest.mark.slow
def test_the_same_through_the_engine(tmp_path: Path):
    found = weigh(union(tmp_path / "m"), [GIVEN["denial"]], leave=["UNION"], join=["FTA"])
    for row in found.table.iter_rows(named=True):
        plan = GIVEN["plans"][NAMES[row["changes"]]]
        assert row["undisturbed_musd"] == pytest.approx(plan["V_none"])
        assert row["denied_musd"] == pytest.approx(plan["V_deny"])
        assert row["cost_musd"] == pytest.approx(plan["cost"])
    assert found.table.height == len(NAMES)
    assert found.forbidden.rows() == [("join FTA", "C, FTA, UNION")]
    assert NAMES[found.robust] == EXPECTED["robust_choice"]
    assert found.switches["probability"].to_list() == pytest.approx([EXPECTED["switching_probability"]])


@pytest.mark.slow
def test_a_soft_clause_that_is_broken_is_paid_for(tmp_path: Path):
    rows = [
        obligation("A", "excludes", "CLUB", strength="soft", amount="30 [20..50]"),
        obligation("B", "excludes", "CLUB", strength="soft"),
    ]
    routes = [{"id": "WEST", "capacity": 1, "netback": 50, "jurisdictions": ["RU"]}]
    extra = tables(*rows, institutions=[institution("CLUB", members="")])
    made = open_model(routes_model(tmp_path / "m", routes, supply=1, extra=extra))
    found = weigh(made, ["RU"], join=["CLUB"]).table
    assert found["cost_musd"].to_list() == [0, 30]
    assert found["unpriced"].to_list() == ["", "B"]


def test_combinations_share_the_calibration_of_things_as_they_stand(tmp_path: Path):
    """A route that a union closes carried nothing; outside the union it is worth its netback, not nothing."""
    rows = [obligation("A", "excludes", "EAST", function="oil_export")]
    routes = [
        {"id": "WEST", "capacity": 5, "netback": 50, "jurisdictions": ["RU"]},
        {"id": "EAST", "capacity": 5, "netback": 40, "jurisdictions": ["CN"]},
    ]
    flows = [
        {"asset_type": kind, "asset": asset, "owner": "KAZ", "period": 2025, "value": 5} | GROUND
        for kind, asset in (("link", "WEST"), ("supply", "FIELD"), ("market", "M_WEST"))
    ]
    extra = tables(*rows) | {"baseline_flows": flows}
    made = open_model(routes_model(tmp_path / "m", routes, supply=10, extra=extra))
    before, after = weigh(made, ["RU"], leave=["UNION"]).table["undisturbed_musd"].to_list()
    assert after - before == pytest.approx(5 * 40, abs=1e-2)


def test_too_many_changes(tmp_path: Path):
    with pytest.raises(InputError, match="K0505"):
        weigh(union(tmp_path / "m"), ["RU"], plan=[f"O{number}" for number in range(7)])
