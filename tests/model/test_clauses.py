from __future__ import annotations

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.model.network.clauses import Clause, ClauseBook, Denial, read_clauses
from tests.folders import routes_model, states, veto

PIPE, PORT, SEA = ("link", "PIPE"), ("link", "PORT"), ("link", "SEA")
ALONE = {name: frozenset[str]() for name in ("CN", "KZ", "RU", "TR")}


def clause(asset, parties, effectiveness=1.0, *, in_force=False, function="oil_export"):
    named = frozenset(parties.split("+"))
    return Clause(asset, named, effectiveness, effectiveness, effectiveness, "territory", in_force, function, 2)


def book(*clauses, **unions):
    return ClauseBook(clauses, {**ALONE, **{name: frozenset(members) for name, members in unions.items()}})


def denial(parties, severity=1.0, function=None):
    return Denial(frozenset(parties.split("+")) if parties else frozenset(), severity, function)


def test_closures_multiply():
    clauses = book(clause(PIPE, "RU", 0.5), clause(PIPE, "CN", 0.4), clause(PORT, "CN", 0.25))
    assert clauses.availability(denial("RU")) == {PIPE: 0.5}
    assert clauses.availability(denial("RU+CN")) == pytest.approx({PIPE: 0.3, PORT: 0.75})
    assert clauses.availability(denial("")) == {}


@pytest.mark.parametrize(("severity", "left"), [(0, None), (0.1, 0.95), (0.3, 0.85), (1, 0.5)])
def test_severity_scales_effectiveness(severity, left):
    found = book(clause(PIPE, "RU", 0.5)).availability(denial("RU", severity))
    assert found == ({} if left is None else pytest.approx({PIPE: left}))


def test_a_joint_clause_needs_all_of_its_parties():
    clauses = book(clause(PIPE, "RU+TR"))
    assert clauses.availability(denial("RU")) == clauses.availability(denial("TR+CN")) == {}
    assert clauses.availability(denial("RU+TR+CN")) == {PIPE: 0}


def test_clauses_in_force_close_whoever_denies_at_any_severity():
    clauses = book(clause(SEA, "CN", 0.75, in_force=True), clause(SEA, "RU", 0.5))
    assert clauses.availability(denial("")) == {SEA: 0.25}
    assert clauses.availability(denial("CN", 0.1)) == {SEA: 0.25}
    assert clauses.availability(denial("RU", 0.5)) == {SEA: 0.25 * 0.75}


def test_members_act_with_their_union():
    clauses = book(clause(PIPE, "RU+CN"), clause(PORT, "UNION"), UNION=["CN", "RU"])
    assert clauses.availability(denial("UNION")) == {PIPE: 0, PORT: 0}
    assert clauses.availability(denial("RU+CN")) == {PIPE: 0}  # members alone do not speak for the union
    assert clauses.controlled_by("UNION") == {PIPE, PORT}
    assert clauses.controlled_by("RU") == frozenset()


def test_unions_of_unions(tmp_path):
    union = {"kind": "union"}
    members = [
        union | {"jurisdiction": "INNER", "members": "RU"},
        union | {"jurisdiction": "OUTER", "members": "INNER"},
    ]
    path = routes_model(
        tmp_path / "model",
        [{"id": "R", "jurisdictions": ["RU"], "capacity": 1, "netback": 1}],
        supply=1,
        extra={"jurisdictions": [*states("RU"), *members]},
    )
    assert read_clauses(open_model(path)).expand(["OUTER"]) == {"OUTER", "INNER", "RU"}


def test_a_denial_of_one_function_leaves_the_others_open():
    clauses = book(clause(PIPE, "RU", function="transit"), clause(PORT, "RU"), clause(SEA, "CN", in_force=True))
    assert clauses.availability(denial("RU", function="transit")) == {PIPE: 0, SEA: 0}
    assert clauses.availability(denial("RU", function="oil_export")) == {PORT: 0, SEA: 0}
    assert clauses.functions_of("RU") == ("oil_export", "transit")


@pytest.mark.parametrize(("place", "expected"), [(0, 0.2), (0.5, 0.5), (1, 0.8)])
def test_effectiveness_is_placed_within_its_interval(tmp_path, place, expected):
    row = veto("link", "R", "RU") | {"effectiveness_low": 0.2, "effectiveness_high": 0.8}
    path = routes_model(
        tmp_path / "model",
        [{"id": "R", "jurisdictions": ["RU"], "capacity": 1, "netback": 1}],
        supply=1,
        extra={"denial": [row]},
    )
    (read,) = read_clauses(open_model(path), place).clauses
    assert (read.effectiveness, read.low, read.high) == (pytest.approx(expected), 0.2, 0.8)


def test_unknown_parties_are_named_together():
    with pytest.raises(InputError) as caught:
        book(clause(PIPE, "RU")).availability(denial("XX+RU+YY"))
    assert [(fault.code, fault.value) for fault in caught.value.faults] == [("K0501", "XX"), ("K0501", "YY")]


@pytest.mark.parametrize("severity", [-0.1, 1.01, float("nan")])
def test_severity_outside_its_range(severity):
    with pytest.raises(InputError, match="K0503"):
        denial("RU", severity)
