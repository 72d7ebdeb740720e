"""Institutions and obligations: what they close and add, and rows that mean nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.model.network.clauses import Denial, read_clauses
from kopir.model.network.obligations import (
    held_institutions,
    read_institutions,
    read_obligations,
    with_memberships,
)
from tests.folders import Row, routes_model
from tests.obligations import institution, obligation, option, tables

ROUTES = [
    {"id": "WEST", "capacity": 10, "netback": 50, "jurisdictions": ["RU"]},
    {"id": "EAST", "capacity": 10, "netback": 40, "jurisdictions": ["CN"]},
]
OPTIONS = [option("BRIDGE", 5), option("TUNNEL", 9)]
CLUB = institution("CLUB", members="RU")


def folder(path: Path, *rows: Row, institutions: Sequence[Row] = (CLUB,), **more: Sequence[Row]) -> Path:
    extra = {**tables(*rows, institutions=institutions), "options": OPTIONS, **more}
    return routes_model(path, ROUTES, supply=20, extra=extra)


def opened(path: Path, *rows: Row, **more: Sequence[Row]) -> Model:
    return open_model(folder(path, *rows, **more))


def refusal(path: Path, *rows: Row, **more: Sequence[Row]) -> str:
    with pytest.raises(InputError) as caught:
        opened(path, *rows, **more)
    return str(caught.value)


def closed(model: Model, *plan: str, denied: Sequence[str] = ()) -> dict[str, float]:
    """Return what is lost of each link that is hit."""
    shares = read_clauses(model).availability(Denial(frozenset(denied)), plan)
    return {code: 1 - share for (_, code), share in shares.items()}


@pytest.mark.parametrize(
    ("row", "plan", "lost"),
    [
        (obligation("O", "requires", "WEST", "BRIDGE", function="oil_export"), (), {"WEST": 1}),
        (obligation("O", "requires", "WEST", "BRIDGE", function="oil_export"), ("BRIDGE",), {}),
        (obligation("O", "requires", "WEST", "CLUB", function="oil_export"), (), {"WEST": 1}),
        (obligation("O", "requires", "WEST", function="oil_export"), (), {}),
        (obligation("O", "excludes", "WEST", "BRIDGE", function="oil_export"), ("BRIDGE",), {"WEST": 1}),
        (obligation("O", "excludes", "WEST", "BRIDGE", function="oil_export"), (), {}),
        (obligation("O", "excludes", "WEST", function="oil_export", share=0.25), (), {"WEST": 0.25}),
        (obligation("O", "excludes", "WEST", function="oil_export", strength="soft"), (), {}),
        (obligation("O", "triggers", "BRIDGE", "EAST"), ("BRIDGE",), {"EAST": 1}),
        (obligation("O", "triggers", "UNION", "EAST"), (), {"EAST": 1}),
        (obligation("O", "triggers", "CLUB", "EAST"), (), {}),
        (obligation("O", "triggers", "BRIDGE", "oil_export"), ("BRIDGE",), {"EAST": 1, "WEST": 1}),
    ],
)
def test_what_a_clause_closes(tmp_path: Path, row: Row, plan: Sequence[str], lost: dict[str, float]):
    assert closed(opened(tmp_path / "m", row), *plan) == pytest.approx(lost)


def test_an_added_jurisdiction_can_close_the_asset_while_the_membership_lasts(tmp_path: Path):
    model = opened(
        tmp_path / "m", obligation("O", "adds", "WEST", "CN", function="oil_export", share="0.6 [0.4..0.6]")
    )
    assert closed(model, denied=["CN"]) == pytest.approx({"EAST": 1, "WEST": 0.5})
    assert closed(with_memberships(model, leave=["UNION"]), denied=["CN"]) == pytest.approx({"EAST": 1})


def test_a_jurisdiction_is_added_to_every_asset_of_a_function(tmp_path: Path):
    model = opened(tmp_path / "m", obligation("O", "adds", "oil_export", "CN"))
    assert closed(model, denied=["CN"]) == pytest.approx({"EAST": 1, "WEST": 1})


def test_membership_that_is_needed_counts_for_those_outside(tmp_path: Path):
    row = obligation("O", "requires", "WEST", function="oil_export", institution="CLUB")
    model = opened(tmp_path / "m", row)
    assert closed(model) == pytest.approx({"WEST": 1})
    assert closed(with_memberships(model, join=["CLUB"])) == {}


def test_memberships_change_and_the_folder_does_not(tmp_path: Path):
    model = opened(tmp_path / "m")
    assert held_institutions(model) == {"UNION"}
    assert held_institutions(with_memberships(model, leave=["UNION"], join=["CLUB"])) == {"CLUB"}
    assert held_institutions(model) == {"UNION"}
    for changes in ({"leave": ["CLUB"]}, {"join": ["UNION"]}, {"join": ["CLBU"]}):
        with pytest.raises(InputError, match="K0505"):
            with_memberships(model, **changes)


def test_a_membership_holds_between_its_days(tmp_path: Path):
    path = folder(tmp_path / "m", institutions=[institution("OLD", since="2010-01-01", until="2020-12-31")])
    held = [held_institutions(open_model(path, as_of=date(year, 6, 1))) for year in (2009, 2015, 2021)]
    assert held == [{"UNION"}, {"OLD", "UNION"}, {"UNION"}]


def test_sanctions_hold_while_somebody_imposes_them(tmp_path: Path):
    model = opened(tmp_path / "m", institutions=[institution("S", kind="sanctions", members="RU")])
    assert held_institutions(model) == {"S", "UNION"}
    ended = with_memberships(model, leave=["S"])
    assert held_institutions(ended) == {"UNION"}
    assert {one.code: one.members for one in read_institutions(ended)} == {"S": (), "UNION": ("KAZ",)}


def test_a_clause_is_graded_by_what_stands_behind_it(tmp_path: Path):
    flag = {"fact": "F1", "indicator": "status_flag", "value": 1, "low": "", "high": "", "unit": "flag"}
    fee = {"fact": "F2", "indicator": "transit_income", "value": 3e6, "low": 2e6, "high": 5e6, "unit": "USD/yr"}
    facts = [flag | {"modality": "actual"}, fee | {"modality": "actual"}]
    rows = [
        obligation("A", "excludes", "BRIDGE", basis="treaty, article 1"),
        obligation("B", "costs", "BRIDGE", amount="F2", facts="F1", basis=""),
    ]
    assumed, sourced = read_obligations(opened(tmp_path / "m", *rows, facts=facts))
    assert (assumed.grade, sourced.grade) == ("assumed", "sourced")
    assert sourced.amount == (3, 2, 5)
    assert sourced.share == (1, 1, 1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (obligation("O", "requires", "BRIDG3", "TUNNEL"), "left K0207 no institution or option or asset 'BRIDG3'"),
        (obligation("O", "excludes", "BRIDGE", "CLUBB"), "right K0207 no institution or option 'CLUBB'"),
        (obligation("O", "triggers", "WEST", "oil_exprot"), "right K0207 no function or asset 'oil_exprot'"),
        (obligation("O", "adds", "link:NORTH", "CN", function="oil_export"), "left K0207"),
        (obligation("O", "adds", "WEST", "XX", function="oil_export"), "right K0207 no jurisdiction 'XX'"),
        (obligation("O", "requires", "BRIDGE", "TUNNEL", institution="UNI0N"), "institution K0207"),
        (obligation("O", "excludes", "BRIDGE", "WEST"), "right K0386 excludes cannot have the link 'WEST' here"),
        (obligation("O", "triggers", "WEST"), "right K0386 triggers names nothing on its right"),
        (obligation("O", "costs", "BRIDGE", "TUNNEL", amount=1), "right K0386 costs has nothing on its right"),
        (obligation("O", "excludes", "WEST"), "function K0386 a clause that closes an asset names no function"),
        (obligation("O", "costs", "BRIDGE"), "amount K0384 a cost without an amount"),
        (obligation("O", "costs", "BRIDGE", amount=-1), "amount K0304"),
        (
            obligation("O", "triggers", "BRIDGE", "EAST", threshold=2),
            "threshold K0385 a threshold has no unit here",
        ),
        (
            obligation("O", "adds", "WEST", "CN", function="oil_export", threshold=2),
            "threshold K0385 adds has no threshold",
        ),
        (obligation("O", "triggers", "WEST", "EAST", threshold="F1"), "threshold K0308 F1 is 1 flag"),
        (obligation("O", "triggers", "WEST", "EAST", share=1.5), "share K0305"),
        (obligation("O", "excludes", "BRIDGE", basis=""), "facts K0387 nothing stands behind the row"),
        (
            obligation("O", "excludes", "BRIDGE", valid_from="2025-01-01", valid_to="2024-01-01"),
            "valid_to K0383 valid_from 2025-01-01 is after valid_to",
        ),
    ],
)
def test_a_clause_that_means_nothing(tmp_path: Path, row: Row, said: str):
    facts = [{"fact": "F1", "indicator": "status_flag", "value": 1, "unit": "flag", "modality": "actual"}]
    text = refusal(tmp_path / "m", row, facts=facts)
    assert f"obligations.csv:2:{said}" in text
    assert "mend:" in text


def test_the_near_name_is_offered(tmp_path: Path):
    assert 'did you mean "BRIDGE"' in refusal(tmp_path / "m", obligation("O", "requires", "BRIDG3", "TUNNEL"))


def test_requirements_in_a_circle_name_the_row_that_closes_it(tmp_path: Path):
    rows = [
        obligation("A", "requires", "BRIDGE", "TUNNEL"),
        obligation("B", "requires", "TUNNEL", "CLUB"),
        obligation("C", "requires", "CLUB", "BRIDGE"),
    ]
    text = refusal(tmp_path / "m", *rows)
    assert "obligations.csv:4:right K0381 circular requirements: CLUB requires BRIDGE requires TUNNEL" in text
    assert text.count("K0381") == 1


def test_what_requires_itself(tmp_path: Path):
    assert "K0381" in refusal(tmp_path / "m", obligation("A", "requires", "BRIDGE", "BRIDGE"))


def test_a_name_of_two_things_needs_its_kind(tmp_path: Path):
    assert "K0382 'BRIDGE' is the code of several things" in refusal(
        tmp_path / "m", obligation("O", "excludes", "BRIDGE"), institutions=[institution("BRIDGE", members="RU")]
    )
    row = obligation("O", "excludes", "option:BRIDGE")
    model = opened(tmp_path / "n", row, institutions=[institution("BRIDGE", members="RU")])
    assert str(read_obligations(model)[0].left) == "option:BRIDGE"


def test_institutions_that_mean_nothing(tmp_path: Path):
    rows = [
        institution("A", members="KAZ XX"),
        institution("B", since="2020-01-01", until="2019-01-01"),
        institution("C", basis=""),
        institution("D", since="yesterday"),
    ]
    with pytest.raises(InputError) as caught:
        opened(tmp_path / "m", institutions=rows)
    assert "institutions.csv:3:members K0207 unknown jurisdiction 'XX'" in str(caught.value)
    assert "K0209 not a date" in str(caught.value)
    text = refusal(tmp_path / "n", institutions=rows[1:3])
    assert "institutions.csv:3:until K0383" in text
    assert "institutions.csv:4:facts K0387" in text
