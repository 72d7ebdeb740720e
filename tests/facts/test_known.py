"""What was known on a day of facts, deals and promises; and a text about what the book holds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kopir.cli.application import application
from kopir.core.folders.folder import read_folder
from kopir.facts import known_on, start_book

SOURCES = "source,title,date\nS1,early,2025-03-01\nS2,late,2025-09-01\n"
FACTS = """fact,indicator,kind,subject,partners,period,modality,value,unit,formula,sources
F1,project_value,level,GEO,TUR,2025,plan,2000000000,USD,,S1
F2,project_value,level,GEO,CHN,2025,plan,3000000000,USD,,S2
F3,project_value,level,GEO,TUR,2026,plan,4000000000,USD,,S1 S2
D1,project_value,level,GEO,,2025,estimate,5000000000,USD,F1 + F2,
"""
DEALS = """deal,partner,title,value,date,status,history,facts
A,TUR,a road,F1,2025-02-01,announced,,F1 F2
B,CHN,a port,F2,2025-08-01,signed,2025-02 announced,F2
C,CHN,a mine,F2,2025-08-01,announced,,F2
"""
TARGETS = """target,promiser,indicator,value,deadline,kind
P1,Georgia,project_value,F1,2030,target
P2,Georgia,project_value,F2,2030,target
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "m"
    start_book(path, "GEO", 2025)
    tables = {"sources": SOURCES, "facts": FACTS, "deals": DEALS, "targets": TARGETS}
    tables["jurisdictions"] = "jurisdiction,kind\nGEO,state\nTUR,state\nCHN,state\n"
    for name, text in tables.items():
        (path / f"{name}.csv").write_text(text, "utf-8")
    return path


def column(path: Path, day: date, table: str, name: str) -> list[str]:
    return [row[name] for row in known_on(read_folder(path), day).tables[table].records()]


def test_facts_wait_for_their_first_source_and_derived_ones_for_their_last_input(folder: Path) -> None:
    assert column(folder, date(2025, 8, 31), "facts", "fact") == ["F1", "F3"]
    assert column(folder, date(2025, 9, 1), "facts", "fact") == ["F1", "F2", "F3", "D1"]


def test_deals_have_the_status_of_the_day(folder: Path) -> None:
    day = date(2025, 7, 31)
    assert column(folder, day, "deals", "deal") == ["A", "B"]
    assert column(folder, day, "deals", "status") == ["announced", "announced"]
    assert column(folder, day, "deals", "date") == ["2025-02-01", "2025-02"]
    assert column(folder, day, "deals", "value") == ["F1", ""]
    assert column(folder, day, "deals", "facts") == ["F1", ""]
    assert column(folder, date(2025, 8, 1), "deals", "status") == ["announced", "signed", "announced"]


def test_a_promise_nobody_had_written_of_is_none(folder: Path) -> None:
    assert column(folder, date(2025, 8, 31), "targets", "target") == ["P1"]


def test_a_folder_of_which_all_was_known_is_the_same(folder: Path) -> None:
    whole = read_folder(folder)
    assert known_on(whole, date(2026, 1, 1)) is whole


def test_the_ledger_says_its_day_and_leaves_out_what_came_later(folder: Path) -> None:
    def asked(*words: str) -> dict[str, object]:
        done = CliRunner().invoke(application, ["ledger", "deals", str(folder), "--json", *words])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)["result"]

    assert asked()["as_of"] == "2026-11-27"
    rows = {row["deal"]: row["said"] for row in asked("--as-of", "2025-07-31")["deals"]}
    assert rows["A"] == "2 bn USD"
    assert "C" not in rows


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (
            "Россия и Казахстан ведут 175 общих проектов стоимостью 56,6 млрд долларов.",
            {"175": "confirmed", "56,6": "confirmed"},
        ),
        ("Kazakhstan will send 2.5 million tonnes of oil to Germany in 2026.", {"2.5": "out of date"}),
        ("В 2026 году Казахстан поставит в Германию 2,5 млн тонн нефти.", {"2,5": "out of date"}),
        ("В Германию за 2026 год пойдёт 2,5 млн тонн казахстанской нефти.", {"2,5": "out of date"}),
    ],
)
def test_review_knows_what_the_book_holds(tmp_path: Path, text: str, verdicts: dict[str, str]) -> None:
    file = tmp_path / "draft.txt"
    file.write_text(text, "utf-8")
    done = CliRunner().invoke(application, ["review", str(file), "kazakhstan", "--json"])
    rows = json.loads(done.stdout)["result"]["figures"]
    found = {number: row["verdict"] for row in rows for number in verdicts if row["text"].startswith(number)}
    assert found == verdicts
    other = {row["why"].partition("another source says ")[2] for row in rows} - {""}
    assert other <= {"48 bn USD"}, "what is announced by another, not the 4.5 bn under way"


def test_a_deal_is_worth_the_fact_that_its_value_names_whatever_that_measures(folder: Path) -> None:
    facts = FACTS.replace("F2,project_value", "F2,investment_stock").replace("F1 + F2", "F1")
    (folder / "facts.csv").write_text(facts, "utf-8")
    done = CliRunner().invoke(application, ["ledger", "deals", str(folder), "--json"])
    assert done.exit_code == 0, done.stderr
    told = {row["deal"]: row["said"] for row in json.loads(done.stdout)["result"]["deals"]}
    assert (told["B"], told["C"]) == ("3 bn USD", "3 bn USD")


def test_a_deal_worth_a_fact_that_is_no_money_is_a_fault_of_its_cell(folder: Path) -> None:
    facts = FACTS.replace("3000000000,USD", "3,Mt")
    (folder / "facts.csv").write_text(facts.replace("F1 + F2", "F1"), "utf-8")
    done = CliRunner().invoke(application, ["ledger", "deals", str(folder), "--json"])
    assert done.exit_code == 3
    faults = [(one["code"], one["line"], one["column"]) for one in json.loads(done.stdout)["faults"]]
    assert faults == [("K0216", 3, "value"), ("K0216", 4, "value")]
