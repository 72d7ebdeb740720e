"""The library face."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

import kopir
from kopir.core.errors import InputError
from kopir.model.grounds.cited import renewed
from tests.folders import routes_model


@pytest.fixture
def project(tmp_path):
    routes = [
        {"id": "A", "capacity": 50, "netback": 400, "jurisdictions": ["RUS"]},
        {"id": "B", "capacity": 20, "netback": 300, "jurisdictions": ["CHN"]},
    ]
    return kopir.open(routes_model(tmp_path / "two", routes, supply=60))


def test_verbs_return_tables_and_run_records(project, capsys):
    for verb, answer in (
        ("check", project.check()),
        ("flow", project.flow()),
        ("leverage", project.leverage()),
        ("coalitions", project.coalitions()),
    ):
        assert answer.table.height > 0
        assert answer.run.options["verb"] == verb
        assert "<table" in answer._repr_html_()
    assert capsys.readouterr() == ("", "")


def test_every_number_of_leverage_rests_on_cells_of_the_model(project):
    answer = project.leverage()
    for row in answer.table.iter_rows(named=True):
        for column in set(row) - {"partner"}:
            refs = answer.cells[f"leverage:{row['partner']}:{column}"]
            assert refs
            for ref in refs:
                project.why(str(ref))


def test_a_result_says_itself_what_its_numbers_are_and_rest_on(project):
    answer = project.leverage()
    number = answer.result.numbers["leverage:CHN:leverage_musd"]
    assert number.value == answer.table.filter(partner="CHN")["leverage_musd"][0]
    assert number.unit == "million USD/yr"
    assert number.cells == answer.cells["leverage:CHN:leverage_musd"]
    assert not {"setup", "model", "numbers"} & set(answer.as_record())


def test_leverage_rests_on_what_changes(project):
    refs = project.leverage().cells["leverage:CHN:leverage_musd"]
    assert {str(ref) for ref in refs if ref.table != "denial"} == {
        "carries:3:nameplate",
        "markets:3:price",
        "markets:3:depth",
        "supplies:2:amount",
    }
    assert {ref.line for ref in refs if ref.table == "denial"} == {3}


def test_why_gives_the_number_with_its_unit(project):
    found = project.why("leverage:RUS:stranded_mt")
    assert (found.value, found.unit) == (pytest.approx(40), "Mt/yr")
    assert project.why("flow:value_musd").kind == "result"
    assert project.why("flow:link:A:crude:KAZ").because


def test_an_id_of_the_last_release_is_read_in_todays_form(project):
    assert project.why("leverage:RUS:leverage_usd") == project.why("leverage:RUS:leverage_musd")
    assert renewed("transit:RUS:loss_usd_low") == "transit:RUS:loss_musd_low"
    assert renewed("leverage:RUS:own_price_low") == "leverage:RUS:own_price_musd_low"
    assert renewed("portfolio:RUS:leverage_high") == "portfolio:RUS:leverage_musd_high"
    assert renewed("coalitions:RUS+CHN:interaction") == "coalitions:RUS+CHN:interaction_musd"
    kept = (
        "portfolio:RUS:rank_low",
        "ties:oil:effective_low",
        "corridor:MIDDLE_POTI:price_usd",
        "corridor:MIDDLE_POTI:generalised_usd_low",
        "facts:F_usd:value",
        "usd",
    )
    assert [renewed(name) for name in kept] == list(kept)


def test_seed_and_date_stand_in_the_record(project):
    other = kopir.open(project.model.folder.path, as_of=date(2025, 1, 1), seed=5)
    run = other.flow(denied=["RUS"], severity=0.5, horizon="long").run
    assert (run.seed, run.as_of, run.horizon) == (5, date(2025, 1, 1), "long")
    assert run.options == {"verb": "flow", "denied": ("RUS",), "severity": 0.5, "plan": ()}


def test_projects_and_answers_are_frozen(project):
    with pytest.raises(FrozenInstanceError):
        project.seed = 1
    with pytest.raises(FrozenInstanceError):
        project.check().run = None


def test_an_unknown_model_is_refused():
    with pytest.raises(InputError, match="K0101"):
        kopir.open("no-such-model")


def test_a_notebook_shows_a_line(project):
    assert repr(project).startswith("<kopir model two: focal state KAZ, base year 2025, as of ")
    assert len(repr(project)) < 120


def test_tables_are_frames_with_numbers_and_intervals(project):
    carries = project.table("carries")
    assert carries["nameplate"].to_list() == [50, 20]
    assert {"nameplate_low", "nameplate_high", "nameplate_cell"} <= set(carries.columns)
    with pytest.raises(InputError, match='did you mean "carries"'):
        project.table("carrys")


def test_cells_change_in_memory_only(project):
    narrow = project.with_("carries", where={"link": "A"}, nameplate="30 [25..35]")
    assert project.table("carries")["nameplate"].to_list() == [50, 20]
    assert narrow.table("carries")["nameplate_high"].to_list() == [35, 20]
    # 30 by A at 400 and 20 by B at 300.
    assert narrow.flow().result.value_musd == pytest.approx(18_000)
    assert kopir.open(project.model.folder.path).flow().result.value_musd == pytest.approx(23_000)
    before, after = (one.flow().run.inputs for one in (project, narrow))
    assert {name for name in before if before[name] != after[name]} == {"carries.csv"}
    both = project.with_("markets", where={}, price=100, unmet_penalty=None)
    assert both.flow().result.value_musd == pytest.approx(6_000)


@pytest.mark.parametrize(
    ("table", "where", "cells", "said"),
    [
        ("carrys", {}, {"cost": 1}, "unknown table"),
        ("carries", {"lnk": "A"}, {"cost": 1}, "unknown column of carries"),
        ("carries", {"link": "A"}, {"costs": 1}, 'did you mean "cost"'),
        ("carries", {"link": "Z"}, {"cost": 1}, "values of link: A, B"),
        ("carries", {"link": "A"}, {"cost": "12 USD"}, "K0214"),
        ("links", {"link": "A"}, {"to_node": "NOWHERE"}, "K0207"),
    ],
)
def test_a_change_that_is_not_valid_is_a_fault(project, table, where, cells, said):
    with pytest.raises(InputError, match=said):
        project.with_(table, where=where, **cells)


@pytest.mark.parametrize("ask", ["leverage", "coalitions", "flow"])
def test_a_wrong_horizon_is_a_fault_with_its_choices(project, ask):
    with pytest.raises(InputError, match="short, medium, long"):
        getattr(project, ask)(horizon="shrt")


def test_keywords_are_those_of_the_command_line(project):
    named = project.leverage(partner=["RUS"])
    assert named.table.equals(project.leverage(parties=["RUS"]).table)
    assert project.flow(deny=["RUS"]).result.value_musd == pytest.approx(6_000)
    with pytest.raises(InputError, match="no keyword"):
        project.flow(denied_by=["RUS"])
