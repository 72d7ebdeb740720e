"""The default day is today, and every answer says what changed since the base year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kopir
from kopir.cli.application import application
from kopir.core.errors import InputError
from kopir.model.contents.since import changed_rows, facts_since
from kopir.model.folder.opening import open_model
from tests.folders import routes_model

ROUTES = [
    {"id": "R", "jurisdictions": ["RUS"], "capacity": 60, "netback": 400},
    {"id": "S", "jurisdictions": ["CHN"], "capacity": 30, "netback": 300},
]
FLOW = """asset_type,asset,owner,period,value,elasticity,basis
link,R,KAZ,{year},40,4,test
link,S,KAZ,{year},20,4,test
"""
FACTS = """fact,indicator,kind,subject,partners,route,period,modality,value,unit,formula,sources,note
F1,oil_export,level,KAZ,,,2025,actual,60,Mt,,S0,the base
F2,oil_export,level,KAZ,,,2026-H1,actual,20,Mt,,S1,half a year
F3,oil_export,level,KAZ,,,2026,plan,70,Mt,,S1,a plan
F4,event_date,date,R,,,2026-05-01,actual,20260501,date,,S0,the stop
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = routes_model(tmp_path / "m", ROUTES, supply=60)
    clauses = path / "denial.csv"
    header, first, *rest = clauses.read_text("utf-8").splitlines()
    dated = [
        f"{header},in_force,valid_from,valid_to,facts",
        f"{first},no,,2026-04-30,",
        f"{first},yes,2026-05-01,,F4",
    ]
    clauses.write_text("\n".join([*dated, *(f"{row},no,,," for row in rest)]) + "\n", "utf-8")
    (path / "baseline_flows.csv").write_text(FLOW.format(year=2025), "utf-8")
    (path / "facts.csv").write_text(FACTS, "utf-8")
    (path / "sources.csv").write_text("source,title,date\nS0,early,2026-01-31\nS1,first,2026-06-30\n", "utf-8")
    supplies = path / "supplies.csv"
    supplies.write_text(supplies.read_text("utf-8").replace(",60,", ",F1,"), "utf-8")
    return path


def test_what_is_in_force_today_acts_and_the_base_year_stays(folder: Path) -> None:
    now, then = kopir.open(folder), kopir.open(folder, as_of=date(2026, 4, 30))
    assert now.model.as_of == date(2026, 11, 27)
    assert now.record("x").base_year == then.record("x").base_year == 2025
    assert [one.flow().result.produced_mt for one in (then, now)] == pytest.approx([60, 30], abs=1)


def test_the_record_says_what_changed_and_what_it_moves(folder: Path) -> None:
    run = kopir.open(folder).flow().run
    (one,) = run.changed
    assert (one.since, one.facts) == ("2026-05-01", ("F4",))
    assert "R 40.00 to 0.00 Mt" in run.moves
    assert run.moves[-1] == "refusals by CHN, RUS"
    assert run.known_since == 1
    said = CliRunner().invoke(application, ["flow", str(folder)]).stdout
    assert "base year 2025, as of 2026-11-27" in said
    assert "2026-05-01 denial link R RUS holds" in said


def test_before_anything_changed_nothing_is_told(folder: Path) -> None:
    early = open_model(folder, as_of=date(2026, 4, 30))
    assert changed_rows(early) == ()
    assert kopir.open(folder, as_of=date(2026, 4, 30)).flow().run.moves == ()
    assert changed_rows(open_model(folder)) == ()


def test_facts_about_later_times_stand_beside_the_base_and_name_what_they_continue(folder: Path) -> None:
    found = facts_since(kopir.open(folder).model)
    assert found.select("fact", "base").rows() == [("F2", "F1")], "no plans, no facts on which a clause rests"
    assert facts_since(kopir.open(folder, as_of=date(2026, 6, 29)).model).is_empty(), "not published then"


def test_the_twelve_months_to_a_later_half_stand_beside_the_base(folder: Path) -> None:
    assert facts_since(kopir.open(folder).model)["twelve_months"].to_list() == [None], (
        "the half before is not held"
    )
    facts = (folder / "facts.csv").read_text("utf-8")
    prior = "F5,oil_export,level,KAZ,,,2025-H1,actual,28,Mt,,S0,the half before\n"
    (folder / "facts.csv").write_text(facts + prior, "utf-8")
    assert facts_since(kopir.open(folder).model)["twelve_months"].to_list() == [60 + 20 - 28]
    rates = (facts + prior).replace(",Mt,", ",Mt/yr,")
    (folder / "facts.csv").write_text(rates, "utf-8")
    (found,) = facts_since(kopir.open(folder).model)["twelve_months"].to_list()
    assert found == pytest.approx((60 * 365 + 20 * 181 - 28 * 181) / 365)


def test_changed_sets_refusals_then_and_now_side_by_side(folder: Path) -> None:
    table = kopir.open(folder).changed().table
    row = dict(zip(table.columns, table.filter(partner="RUS").row(0), strict=True))
    assert row["hit_base_mt"] == pytest.approx(40, abs=0.1)
    assert row["hit_mt"] == 0
    assert row["leverage_musd"] == pytest.approx(0, abs=1e-6)


def test_a_base_year_without_flows_is_a_fault(folder: Path) -> None:
    (folder / "baseline_flows.csv").write_text(FLOW.format(year=2024), "utf-8")
    with pytest.raises(
        InputError, match=r"kopir.toml:model.base_year K0316 no flow of 2025 (.|\n)*base_year = 2024"
    ):
        open_model(folder)
