"""``kopir rebase``: halves made years, what is derived and carried over said, nothing written unless asked."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kopir
from kopir.cli.application import application
from tests.folders import routes_model

ROUTES = [
    {"id": "R", "jurisdictions": ["RUS"], "capacity": 80, "netback": 400},
    {"id": "S", "jurisdictions": ["CHN"], "capacity": 40, "netback": 300},
    {"id": "T", "jurisdictions": ["DEU"], "capacity": 10, "netback": 200},
]
HEAD = "fact,indicator,kind,subject,partners,route,period,modality,value,unit,formula,sources,note\n"
BASE = """F1,oil_export,level,KAZ,,,2025,actual,60,Mt,,S0,all exports
F2,oil_export,level,KAZ,,CPC,2025,actual,40,Mt,,S0,by R
F3,oil_export,level,KAZ,DEU,,2025,estimate,4,Mt,,S0,by T
D1,oil_export,level,KAZ,CHN,,2025,estimate,16,Mt,F1 - F2 - F3,,the rest
"""
LATER = """H1,oil_export,level,KAZ,,CPC,2026-H1,actual,15,Mt,,S1,by R
"""
PRIOR = """P1,oil_export,level,KAZ,,CPC,2025-H1,actual,20,Mt,,S1,by R
"""
FLOWS = """asset_type,asset,owner,period,value,elasticity,basis
link,R,KAZ,2025,F2 [36..44],4,test
link,S,KAZ,2025,D1,4,test
link,T,KAZ,2025,F3,4,test
"""


def folder_of(tmp_path: Path, facts: str) -> Path:
    path = routes_model(tmp_path / "m", ROUTES, supply=60)
    (path / "facts.csv").write_text(HEAD + facts, "utf-8")
    (path / "sources.csv").write_text("source,title,date\nS0,early,2026-01-31\nS1,later,2026-07-10\n", "utf-8")
    (path / "baseline_flows.csv").write_text(FLOWS, "utf-8")
    supplies = path / "supplies.csv"
    supplies.write_text(supplies.read_text("utf-8").replace(",60,", ",F1,"), "utf-8")
    return path


def said(*words: object) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(application, ["rebase", *map(str, words), "--json"])
    return done.exit_code, json.loads(done.stdout)


def made(told: dict[str, object]) -> dict[str, tuple[float, str]]:
    return {row["base"]: (row["after"], row["fact"]) for row in told["result"]["made"]}


def test_half_a_year_is_the_same_share_of_a_year_and_the_rest_follows(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE + LATER + PRIOR)
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    code, told = said("--to", "2026-H1", folder)
    assert code == 0
    assert made(told) == {"F1": (50, "B2026_F1"), "F2": (30, "B2026_F2"), "D1": (16, "B2026_D1")}
    assert {row["fact"] for row in told["result"]["carried"]} == {"F3"}
    how = {row["base"]: row["how"] for row in told["result"]["made"]}
    assert how["F1"] == "follows F2: what remains of it is carried over, an assumption"
    moved = {row["figure"]: (row["before"], row["after"], row["why"]) for row in told["result"]["figures"]}
    assert moved["leverage:RUS:sensitivity_mt"][:2] == pytest.approx((40, 30), abs=0.1)
    assert moved["leverage:RUS:sensitivity_mt"][2] == "F2"
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()} == before


def test_written_the_new_base_acts_today_and_the_old_one_on_earlier_days(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE + LATER + PRIOR)
    code, told = said("--to", "2026-H1", folder, "--write")
    assert code == 0
    assert set(told["result"]["written"]) == {
        "baseline_flows.csv",
        "facts.csv",
        "kopir.toml",
        "supplies.csv",
        "vintages.csv",
    }
    assert "link,R,KAZ,2026,B2026_F2 [27..33]" in (folder / "baseline_flows.csv").read_text("utf-8")
    assert kopir.open(folder).record("x").base_year == 2026
    flows = kopir.open(folder).flow().result.table
    assert flows.filter(asset="R")["flow_mt"].item() == pytest.approx(30, abs=0.01)
    then = kopir.open(folder, as_of=date(2026, 7, 9))
    assert then.record("x").base_year == 2025
    assert then.flow().result.table.filter(asset="R")["flow_mt"].item() == pytest.approx(40, abs=0.01)


def test_half_a_year_without_its_other_half_is_named_and_even_counts_it_twice(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE + LATER)
    code, told = said("--to", "2026-H1", folder)
    assert code == 3
    (fault,) = told["faults"]
    assert (fault["code"], fault["file"], fault["line"], fault["column"]) == ("K0319", "facts.csv", 6, "period")
    assert "--even" in fault["mend"]
    assert made(said("--to", "2026-H1", folder, "--even")[1])["F2"] == (30, "B2026_F2")


def test_a_whole_year_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE + LATER.replace("2026-H1", "2026").replace(",15,", ",34,"))
    assert made(said("--to", "2026", folder)[1])["F2"] == (34, "B2026_F2")


def test_what_is_carried_over_may_move_as_what_continues(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE + LATER + PRIOR)
    told = said("--to", "2026-H1", folder, "--like", "F1=F2,F3=F2")[1]
    assert {base: value for base, (value, _) in made(told).items()} == {"F1": 45, "F2": 30, "F3": 3, "D1": 12}
    code, told = said("--to", "2026-H1", folder, "--like", "F1=F3")
    assert (code, told["faults"][0]["code"]) == (3, "K0505")


def test_what_is_closed_by_then_carries_nothing(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE + LATER + PRIOR)
    clauses = folder / "denial.csv"
    header, *rows = clauses.read_text("utf-8").splitlines()
    open_rows = [f"{row},no,,{'2026-04-30' if ',T,' in row else ''}" for row in rows]
    shut = [f"{row},yes,2026-05-01," for row in rows if ",T," in row]
    clauses.write_text("\n".join([f"{header},in_force,valid_from,valid_to", *open_rows, *shut]) + "\n", "utf-8")
    told = said("--to", "2026-H1", folder)[1]
    assert {base: value for base, (value, _) in made(told).items()} == {"F1": 46, "F2": 30, "F3": 0, "D1": 16}


ALL = """A1,oil_export,level,KAZ,,,2026-H1,actual,{later},Mt,,S1,all exports
A0,oil_export,level,KAZ,,,2025-H1,actual,30,Mt,,S1,all exports
"""


def test_parts_keep_their_share_where_a_remainder_would_fall_below_zero(tmp_path: Path) -> None:
    """All exports fall from 60 to 30, those by R from 40 to 28: the 4 by T would be too many."""
    later = LATER.replace(",15,", ",14,") + ALL.format(later=15)
    code, told = said("--to", "2026-H1", folder_of(tmp_path, BASE + later + PRIOR))
    assert code == 0
    assert {base: value for base, (value, _) in made(told).items()} == {"F1": 30, "F2": 28, "F3": 2, "D1": 0}
    assert [row["how"] for row in told["result"]["made"] if row["base"] == "F3"] == [
        "keeps its share of F1, an assumption"
    ]


def test_a_remainder_that_falls_below_zero_is_told_with_its_formula(tmp_path: Path) -> None:
    later = LATER + ALL.format(later=10)
    folder = folder_of(tmp_path, BASE + later + PRIOR)
    done = CliRunner().invoke(application, ["rebase", "--to", "2026-H1", str(folder), "--write"])
    assert done.exit_code == 1
    assert "B2026_D1 = B2026_F1 - B2026_F2 - B2026_F3 falls to -11 Mt" in " ".join(done.stdout.split())
    assert "2 facts continue or end, 1 move by assumption, 1 are derived, 0 are carried over" in " ".join(
        done.stdout.split()
    )
    assert kopir.open(folder).record("x").base_year == 2025


def test_a_split_that_nobody_tells_is_kept_when_its_sum_moves(tmp_path: Path) -> None:
    """S and T are a block: what all exports leave beside R is split as before, 16 to 4 as 8 to 2."""
    folder = folder_of(tmp_path, BASE + LATER + PRIOR + ALL.format(later=20))
    facts = folder / "facts.csv"
    text = facts.read_text("utf-8").replace("F1 - F2 - F3", "D0 - F3")
    facts.write_text(text + "D0,oil_export,level,KAZ,,,2025,estimate,20,Mt,F1 - F2,,no route\n", "utf-8")
    flows = folder / "baseline_flows.csv"
    head, *rows = flows.read_text("utf-8").splitlines()
    block = [f"{row},{'rest' if ',R,' not in row else ''}" for row in rows]
    flows.write_text("\n".join([f"{head},block", *block]) + "\n", "utf-8")
    code, told = said("--to", "2026-H1", folder)
    assert code == 0
    values = {base: value for base, (value, _) in made(told).items()}
    assert values == pytest.approx({"F1": 40, "F2": 30, "D0": 10, "F3": 2, "D1": 8})


def test_firm_capacity_is_raised_to_what_the_new_base_records(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, BASE + LATER.replace(",15,", ",24,") + PRIOR)
    carries = folder / "carries.csv"
    head, *rows = carries.read_text("utf-8").splitlines()
    firm = [f"{row},{'42 [40..46]' if row.startswith('R,') else ''}" for row in rows]
    carries.write_text("\n".join([f"{head},firm", *firm]) + "\n", "utf-8")
    code, told = said("--to", "2026-H1", folder, "--write")
    assert code == 0
    (raised,) = told["result"]["raised"]
    assert (raised["asset"], raised["firm"], raised["seen"]) == ("R", 42, 48)
    assert "48" in carries.read_text("utf-8")
    assert "firm: flow recorded for 2026, 42 before" in carries.read_text("utf-8")
    assert kopir.open(folder).flow().result.table.filter(asset="R")["flow_mt"].item() == pytest.approx(
        48, abs=0.01
    )


@pytest.mark.slow
def test_kazakhstan_in_the_first_half_of_2026(tmp_path: Path) -> None:
    """Half-years that an analyst has: CPC 29.4 Mt after 33.0, BTC 0.9, all exports 37.1; the rest is assumed."""
    folder = tmp_path / "kz"
    shutil.copytree(Path(kopir.__file__).parent / "model" / "bundled" / "kazakhstan", folder)
    rows = tmp_path / "rows.csv"
    head = "fact,indicator,kind,subject,partners,route,commodity,perimeter,period,modality,value,unit,sources,note"
    half = (
        "H1,oil_transit,level,KAZ,,CPC,crude,kazakh_origin,2026-H1,actual,29400000,t,S179,by CPC",
        "H0,oil_transit,level,KAZ,,CPC,crude,kazakh_origin,2025-H1,actual,33000000,t,S179,by CPC",
        "H2,oil_export,level,KAZ,,BTC,crude,kazakh_origin,2026-H1,actual,900000,t,S179,by BTC",
        "H3,oil_export,level,KAZ,,,crude,all_routes,2026-H1,actual,37100000,t,S179,all exports",
    )
    rows.write_text("\n".join((head, *half)) + "\n", "utf-8")
    done = CliRunner().invoke(application, ["update", str(folder), str(rows), "--write"])
    assert done.exit_code == 0, done.output
    code, told = said("--to", "2026-H1", folder)
    assert code == 0
    values = {base: value for base, (value, _) in made(told).items()}
    assert values["F0121"] == pytest.approx(64.8e6 * 29.4 / 33)
    assert values["F0137"] == 0, "no transit to Germany since May"
    assert values["D0011"] == pytest.approx(5_720_000), "Russian oil in CPC is carried over, the total follows"
    assert values["F0039"] / 36.6e6 == pytest.approx(29.4 / 33), "fields keep their share of the pipe"
    block = sum(values[name] for name in ("D0014", "N0002", "D0015"))
    assert block == pytest.approx(values["D0010"]), "the split that nobody tells still sums to what is left"
    assert all("assumption" in row["how"] for row in told["result"]["made"] if row["base"] in {"F0039", "N0002"})


@pytest.mark.parametrize(
    ("to", "code"), [("2025", "K0505"), ("2026-Q1", "K0505"), ("soon", "K0505"), ("2027", "K0324")]
)
def test_what_is_no_later_base_is_refused(tmp_path: Path, to: str, code: str) -> None:
    status, told = said("--to", to, folder_of(tmp_path, BASE + LATER + PRIOR))
    assert (status, told["faults"][0]["code"]) == (3, code)
