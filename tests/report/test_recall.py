"""What a brief rested on is kept by content and question, and found only for the same."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import kopir
from kopir.cli.folders.start import copy_model
from kopir.model.bundled.starters import starter_path
from kopir.project import Project
from kopir.report.recall import recall, remember


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("model") / "starter"
    copy_model(starter_path(), folder)
    return kopir.open(folder)


@pytest.fixture(scope="module")
def memory(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work") / ".kopir"
    assert remember(project.brief(), project.record("brief", horizon="short"), folder)
    return folder


@pytest.mark.slow
def test_every_number_is_found_again_without_solving(project: Project, memory: Path, monkeypatch):
    page = project.brief()
    by_family = {number.id.partition(":")[0]: number for number in page.numbers()}

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("solved again")

    monkeypatch.setattr("kopir.report.brief.build_brief", refuse)
    solved = {"coalitions", "flow", "leverage", *project.model.folder.tables}
    assert len(set(by_family) - solved) > 3
    for family in sorted(set(by_family) - solved):
        number = by_family[family]
        found = project.why(number.id, memory=memory)
        assert (found.value, found.low, found.high) == (number.value, number.low, number.high)
        cells = {step.id for _, step in found.walk() if step.kind == "cell"}
        assert {str(ref) for ref in page.cells[number.id]} == cells


@pytest.mark.slow
def test_without_a_memory_the_brief_is_solved(project: Project, memory: Path):
    solved = {"coalitions", "flow", "leverage", *project.model.folder.tables}
    name = next(one.id for one in project.brief().numbers() if one.id.partition(":")[0] not in solved)
    assert project.why(name).as_record() == project.why(name, memory=memory).as_record()


@pytest.mark.slow
def test_another_content_seed_horizon_or_day_finds_nothing(project: Project, memory: Path, tmp_path: Path):
    run = project.record("brief", horizon="short")
    assert recall(project.model, run, memory) is not None
    assert recall(project.model, replace(run, seed=run.seed + 1), memory) is None
    assert recall(project.model, project.record("brief", horizon="long"), memory) is None
    assert recall(project.model, replace(run, kopir="other"), memory) is None
    changed = tmp_path / "starter"
    shutil.copytree(project.model.folder.path, changed)
    supplies = changed / "supplies.csv"
    supplies.write_text(supplies.read_text("utf-8").replace("example", "guess"), "utf-8")
    assert supplies.read_text("utf-8") != (project.model.folder.path / "supplies.csv").read_text("utf-8")
    other = kopir.open(changed)
    assert recall(other.model, other.record("brief", horizon="short"), memory) is None


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["", "{", "[]", '{"format": 2}', "cells", "index"])
def test_a_damaged_memory_is_not_used(project: Project, memory: Path, tmp_path: Path, damage: str):
    copy = tmp_path / ".kopir"
    shutil.copytree(memory, copy)
    (file,) = copy.iterdir()
    content = json.loads(file.read_text("utf-8"))
    if damage == "cells":
        content["behind"][0] = ["carries:999999:cost"]
    if damage == "index":
        next(iter(content["numbers"].values()))[4] = 10**6
    file.write_text(json.dumps(content) if damage in {"cells", "index"} else damage, "utf-8")
    assert recall(project.model, project.record("brief", horizon="short"), copy) is None


@pytest.mark.slow
def test_a_place_that_cannot_be_written_keeps_nothing(project: Project, tmp_path: Path):
    (tmp_path / ".kopir").write_text("", encoding="utf-8")
    assert not remember(project.brief(), project.record("brief", horizon="short"), tmp_path / ".kopir")
