"""Contradictions of memberships and plans: cores, ways out and their costs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kopir.core.errors import InfeasibleError, InputError
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.project import open_project
from kopir.strategy.institutions.obligations import ObligationResult, obligations, total_cost
from tests.folders import Row, routes_model
from tests.obligations import institution, obligation, option, tables

ROUTES = [{"id": "WEST", "capacity": 10, "netback": 50, "jurisdictions": ["RU"]}]
OPTIONS = [option("BRIDGE", 5), option("TUNNEL", 9)]
CLUB = institution("CLUB", members="RU")


def model(path: Path, *rows: Row, institutions: Sequence[Row] = (CLUB,)) -> Model:
    extra = {**tables(*rows, institutions=institutions), "options": OPTIONS}
    return open_model(routes_model(path, ROUTES, supply=10, extra=extra))


def cores(found: ObligationResult) -> list[set[str]]:
    return [{one.subject for one in core} for group in found.contradictions for core in group.cores]


def ways_out(found: ObligationResult) -> list[list[tuple[str | None, str]]]:
    (group,) = found.contradictions
    return [[(one.relaxing, one.subject) for one in way] for way in group.ways_out]


@pytest.mark.slow
def test_an_agreement_beside_a_union_that_excludes_it(tmp_path: Path):
    made = model(tmp_path / "m", obligation("TARIFF", "excludes", "CLUB"))
    assert cores(obligations(made)) == []
    found = obligations(made, join=["CLUB"])
    assert cores(found) == [{"TARIFF", "CLUB", "UNION"}]
    assert ways_out(found) == [[("leave", "CLUB")], [("leave", "UNION")]]
    assert cores(obligations(made, join=["CLUB"], leave=["UNION"])) == []


def test_a_soft_clause_can_be_broken_at_its_penalty(tmp_path: Path):
    rows = [obligation("TARIFF", "excludes", "CLUB", strength="soft", amount="30 [20..50]")]
    found = obligations(model(tmp_path / "m", *rows), join=["CLUB"])
    assert ways_out(found)[0] == [("break", "TARIFF")]
    assert total_cost(found.contradictions[0].ways_out[0]) == ((30, 20, 50), 0)


@pytest.mark.slow
def test_soft_clauses_that_are_broken_cost_their_penalty(tmp_path: Path):
    rows = [
        obligation("A", "excludes", "CLUB", strength="soft", amount="30 [20..50]"),
        obligation("B", "requires", "BRIDGE", "TUNNEL", strength="soft", amount=4),
        obligation("C", "requires", "BRIDGE", "CLUB", strength="soft"),
    ]
    made = model(tmp_path / "m", *rows)
    assert obligations(made).penalty == (0, 0, 0)
    found = obligations(made, plan=["BRIDGE"])
    assert (found.penalty, found.unpriced) == ((4, 4, 4), ("C",))
    joined = obligations(made, plan=["BRIDGE", "TUNNEL"], join=["CLUB"])
    assert (joined.penalty, joined.unpriced) == ((30, 20, 50), ())
    left = obligations(made, plan=["BRIDGE"], leave=["UNION"], join=["CLUB"])
    assert left.penalty == (0, 0, 0)


def test_an_unknown_penalty_is_no_zero(tmp_path: Path):
    rows = [obligation("TARIFF", "excludes", "BRIDGE", "TUNNEL", strength="soft")]
    found = obligations(model(tmp_path / "m", *rows), plan=["BRIDGE", "TUNNEL"])
    assert all(total_cost(way)[1] == 1 for way in found.contradictions[0].ways_out)


def test_the_cheapest_way_is_to_add_what_is_required(tmp_path: Path):
    """BRIDGE requires TUNNEL, at 9 a year: cheaper than the penalty of 40, known unlike giving BRIDGE up."""
    rows = [obligation("LINK", "requires", "BRIDGE", "TUNNEL", strength="soft", amount=40)]
    found = obligations(model(tmp_path / "m", *rows), plan=["BRIDGE"])
    assert cores(found) == [{"BRIDGE", "LINK", "TUNNEL", "UNION"}]
    steps = [("add", "TUNNEL"), ("break", "LINK"), ("leave", "UNION"), ("drop", "BRIDGE")]
    assert ways_out(found) == [[step] for step in steps]


@pytest.mark.slow
def test_clauses_of_an_institution_that_is_not_held_bind_nobody(tmp_path: Path):
    rows = [obligation("RULE", "excludes", "BRIDGE", "TUNNEL", institution="CLUB")]
    made = model(tmp_path / "m", *rows)
    assert cores(obligations(made, plan=["BRIDGE", "TUNNEL"])) == []
    assert cores(obligations(made, plan=["BRIDGE", "TUNNEL"], join=["CLUB"])) == [
        {"RULE", "BRIDGE", "TUNNEL", "CLUB"}
    ]


def test_sanctions_are_not_ours_to_leave(tmp_path: Path):
    regime = institution("REGIME", kind="sanctions", members="RU")
    rows = [obligation("BAN", "excludes", "BRIDGE", institution="REGIME")]
    found = obligations(model(tmp_path / "m", *rows, institutions=[regime]), plan=["BRIDGE"])
    assert ways_out(found) == [[("drop", "BRIDGE")]]


def test_contradictions_that_share_nothing_stand_apart(tmp_path: Path):
    rows = [
        obligation("A", "excludes", "BRIDGE", institution="UNION"),
        obligation("B", "excludes", "TUNNEL", institution="CLUB"),
    ]
    found = obligations(model(tmp_path / "m", *rows), plan=["BRIDGE", "TUNNEL"], join=["CLUB"])
    assert [len(group.cores) for group in found.contradictions] == [1, 1]


def test_what_could_not_be_had_together_is_named_before_anybody_tries(tmp_path: Path):
    rows = [obligation("A", "excludes", "BRIDGE", "TUNNEL"), obligation("B", "excludes", "CLUB")]
    found = obligations(model(tmp_path / "m", *rows))
    assert found.contradictions == ()
    assert [{one.subject for one in core} for core in found.impossible] == [
        {"B", "CLUB", "UNION"},
        {"A", "BRIDGE", "TUNNEL", "UNION"},
    ] or [{one.subject for one in core} for core in found.impossible] == [{"A", "BRIDGE", "TUNNEL", "UNION"}]


@pytest.mark.slow
def test_costs_apply_with_the_option_and_the_membership(tmp_path: Path):
    rows = [
        obligation("FEE", "costs", "UNION", amount="2 [1..4]"),
        obligation("TOLL", "costs", "BRIDGE", amount=3),
        obligation("DUES", "costs", "CLUB", amount=7, institution="CLUB"),
        obligation("WAIT", "costs", "oil_export", delay="1 [0.5..2]"),
    ]
    made = model(tmp_path / "m", *rows)
    assert obligations(made).fees == (2, 1, 4)
    assert obligations(made, plan=["BRIDGE"]).fees == (5, 4, 7)
    assert obligations(made, join=["CLUB"], leave=["UNION"]).fees == (7, 7, 7)
    wait = obligations(made).clauses.filter(obligation="WAIT").row(0, named=True)
    assert (wait["delay"], wait["delay_low"], wait["delay_high"], wait["amount"]) == (1, 0.5, 2, None)


def test_a_flow_under_a_plan_that_clauses_forbid_is_refused_in_words(tmp_path: Path):
    rows = [
        obligation("A", "excludes", "BRIDGE", "TUNNEL"),
        obligation("B", "excludes", "TUNNEL", strength="soft"),
    ]
    made = model(tmp_path / "m", *rows)
    project = open_project(made.folder.path)
    assert project.flow(plan=["TUNNEL"]).result.value_musd > 0
    with pytest.raises(InfeasibleError) as caught:
        project.flow(plan=["BRIDGE", "TUNNEL"])
    (fault,) = caught.value.faults
    assert fault.code == "K0406"
    assert fault.why.startswith(
        "these cannot all hold: A (UNION, hard): BRIDGE excludes TUNNEL; KAZ belongs to UNION"
    )
    assert fault.value == "A, UNION, BRIDGE, TUNNEL"


def test_unknown_names(tmp_path: Path):
    made = model(tmp_path / "m")
    for question in ({"plan": ["BRIDG3"]}, {"leave": ["CLUB"]}, {"join": ["NOBODY"]}):
        with pytest.raises(InputError, match="K0505"):
            obligations(made, **question)  # type: ignore[arg-type]
