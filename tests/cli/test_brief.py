"""``kopir brief`` and ``kopir demo``: files on disk, the main table on stdout."""

import json

import pytest

import kopir
from kopir.cli.folders.start import copy_model
from kopir.model.bundled.starters import starter_path


@pytest.fixture
def starter(tmp_path):
    copy_model(starter_path(), tmp_path / "starter")
    return tmp_path / "starter"


@pytest.mark.slow
def test_brief_writes_its_files_and_shows_the_main_table(ask, starter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = ask("brief", starter, "--format", "md,html")
    assert said.exit_code == 0
    assert "RUS" in said.stdout
    assert {item.name for item in (tmp_path / "out").iterdir() if not item.name.startswith(".")} == {
        "brief.md",
        "brief.html",
        "brief.json",
        "figures",
    }
    assert "written: " in said.stderr


def test_a_form_that_there_is_not_is_refused(ask, starter):
    said = ask("brief", starter, "--format", "docx")
    assert said.exit_code == 2
    assert "html, pdf, md" in said.stderr


@pytest.mark.slow
def test_why_resolves_an_id_of_each_family_of_the_brief(starter):
    project = kopir.open(starter)
    by_family = {number.id.partition(":")[0]: number for number in project.brief().numbers()}
    assert len(by_family) > 2
    for number in by_family.values():
        found = project.why(number.id)
        assert found.id == number.id
        assert found.value == pytest.approx(number.value)


@pytest.mark.slow
def test_brief_into_a_place_that_is_a_file_is_refused(ask, starter, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    said = ask("brief", starter, "--out", tmp_path / "out")
    assert (said.exit_code, said.stdout) == (3, "")
    assert "K0601" in said.stderr
    assert (tmp_path / "out").read_text("utf-8") == ""


@pytest.mark.slow
def test_demo_copies_checks_solves_and_says_what_to_do_next(ask, tmp_path):
    folder = tmp_path / "demo"
    said = ask("demo", folder, "--json")
    assert said.exit_code == 0
    record = json.loads(said.stdout)
    assert record["result"]["leverage"]["table"]
    assert (folder / "kopir.toml").is_file()
    assert (folder / "out" / "brief.md").is_file()
    commands = [line for line in said.stderr.splitlines() if "kopir " in line]
    assert len(commands) == 3
    assert all(str(folder) in command for command in commands)
    assert ask("demo", folder).exit_code == 3
