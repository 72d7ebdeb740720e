"""``kopir update``: what changes, what follows, what moves; and nothing is written unless asked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kopir
from kopir.cli.application import application
from kopir.core.errors import InputError
from kopir.core.folders.folder import read_folder
from kopir.model.contents.revision import revised
from tests.folders import routes_model

ROUTES = [
    {"id": "R", "jurisdictions": ["RUS"], "capacity": 80, "netback": 400},
    {"id": "S", "jurisdictions": ["CHN"], "capacity": 30, "netback": 300},
]
FACTS = """fact,indicator,kind,subject,route,period,modality,value,low,high,unit,formula,sources,quote,note
F1,oil_export,level,KAZ,,2025,actual,60,,,Mt,,S0,60 Mt,all exports
F2,oil_transit,level,R,,2025,actual,45,44,46,Mt,,S0,,by R
D1,oil_transit,level,S,,2025,estimate,15,13,17,Mt,F1 - F2,,,the rest
D2,oil_transit,level,S,,2026,estimate,30,,,Mt,D1 * 2,,,twice the rest
"""
FLOWS = """asset_type,asset,owner,period,value,elasticity,basis
link,R,KAZ,2025,F2 [40..46],4,test
link,S,KAZ,2025,D1,4,test
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = routes_model(tmp_path / "m", ROUTES, supply=60)
    (path / "facts.csv").write_text(FACTS, "utf-8")
    (path / "sources.csv").write_text("source,title,date\nS0,early,2026-01-31\nS1,later,2026-06-30\n", "utf-8")
    (path / "baseline_flows.csv").write_text(FLOWS, "utf-8")
    supplies = path / "supplies.csv"
    supplies.write_text(supplies.read_text("utf-8").replace(",60,", ",F1,"), "utf-8")
    return path


def rows(folder: Path, text: str) -> Path:
    file = folder.parent / "rows.csv"
    file.write_text(text, "utf-8")
    return file


def said(*words: object) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(application, ["update", *map(str, words), "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_a_row_moves_what_is_derived_from_it_and_the_figures_on_it(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    code, told = said(folder, rows(folder, "fact,value,sources\nF2,36,S1\n"))
    assert code == 0
    changes = {row["what"].split()[0]: row for row in told["result"]["changes"]}
    assert {name: (row["change"], row["before"], row["after"]) for name, row in changes.items()} == {
        "F2": ("revised", 45, 36),
        "D1": ("derived", 15, 24),
        "D2": ("derived", 30, 48),
    }
    assert told["result"]["cells"] == [
        {"cell": "baseline_flows:2:value", "before": "F2 [40..46]", "after": "F2 [32..36.8]"}
    ]
    moved = {row["figure"]: row for row in told["result"]["figures"]}
    hit = moved["leverage:RUS:sensitivity_mt"]
    assert (hit["before"], hit["after"]) == pytest.approx((45, 36), abs=0.1)
    assert hit["why"] == "F2"
    assert told["result"]["written"] == []
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()} == before


def test_written_rows_keep_what_stood_before_for_earlier_days(folder: Path) -> None:
    code, told = said(folder, rows(folder, "fact,value,sources\nF2,36,S1\n"), "--write")
    assert code == 0
    assert set(told["result"]["written"]) == {"baseline_flows.csv", "facts.csv", "vintages.csv"}
    now, then = (kopir.open(folder, as_of=day).model.facts for day in (date(2026, 7, 1), date(2026, 6, 29)))
    assert (now["F2"].value, now["F2"].low, now["D1"].value) == (36, pytest.approx(35.2), 24)
    assert now["F2"].high == pytest.approx(36.8)
    assert (then["F2"].value, then["D1"].value) == (45, 15)
    assert said(folder)[1]["result"]["changes"] == [], "nothing is left to compute anew"


def test_without_files_what_formulas_give_otherwise_is_computed_anew(folder: Path) -> None:
    facts = folder / "facts.csv"
    facts.write_text(FACTS.replace(",45,44,46,", ",45.5,44,46,"), "utf-8")
    assert CliRunner().invoke(application, ["check", str(folder)]).exit_code == 1
    code, told = said(folder, "--write")
    assert code == 0
    assert [row["what"].split()[0] for row in told["result"]["changes"]] == ["D1", "D2"]
    assert CliRunner().invoke(application, ["check", str(folder)]).exit_code == 0


def test_what_would_put_the_model_at_fault_is_shown_and_not_written(folder: Path) -> None:
    before = (folder / "facts.csv").read_bytes()
    code, told = said(folder, rows(folder, "fact,value\nF2,66\n"), "--write")
    assert code == 1
    assert {(fault["code"], fault["file"]) for fault in told["faults"]} >= {("K0304", "baseline_flows.csv")}
    assert (folder / "facts.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("fact,value\nF2,many\n", "K0205", "value"),
        ("fact,value,worth\nF2,3,4\n", "K0202", "worth"),
        ("fact,value\nF9,3\n", "K0203", "indicator"),
    ],
)
def test_bad_rows_are_named_with_file_line_and_column(folder: Path, text: str, code: str, column: str) -> None:
    exit_code, told = said(folder, rows(folder, text))
    assert exit_code == 3
    found = {(fault["code"], fault["file"], fault["column"]) for fault in told["faults"]}
    assert (code, "rows.csv", column) in found


def test_a_derived_fact_whose_inputs_are_gone_is_named(folder: Path) -> None:
    whole = read_folder(folder)
    facts = whole.tables["facts"]
    kept = facts.cells.filter(facts.cells["fact"] != "F2")
    object.__setattr__(facts, "cells", kept)
    with pytest.raises(InputError, match=r"facts.csv:4:formula K0301 D1 is derived from F2, now gone"):
        revised(whole, [], stale=True)


def test_claims_that_contradict_are_shown_and_written_beside(folder: Path) -> None:
    claim = {
        "id": "c1",
        "doc": "new",
        "subject": "KAZ",
        "indicator": "oil_export",
        "period": "2025",
        "modality": "actual",
        "kind": "level",
        "comparator": "eq",
        "value": 70,
        "unit": "Mt",
        "source": "a ministry",
        "published": "2026-07-01",
    }
    file = folder.parent / "claims.jsonl"
    file.write_text(json.dumps(claim) + "\n", "utf-8")
    code, told = said(folder, file, "--write")
    assert code == 0
    (row,) = told["result"]["changes"]
    assert (row["change"], row["before"], row["after"], row["by"]) == ("contradicted", 60, 70, "a ministry")
    assert "claims/claims.parquet" in told["result"]["written"]
    assert kopir.open(folder).model.facts["F1"].value == 60
    assert said(folder, file)[1]["result"]["changes"] == [], "what is held already changes nothing"
