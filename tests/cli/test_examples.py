"""The examples below each help run, in the order of their table, on what lies in a folder to begin with."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from kopir.cli.application import COMMANDS
from kopir.cli.examples import examples, shown
from tests.cli.conftest import Ask
from tests.stability.answers import prepare

NAMES = sorted(command.__name__.rstrip("_") for command in COMMANDS)


def test_every_command_has_two_examples_of_its_own() -> None:
    assert sorted(examples()) == NAMES
    for name, lines in examples().items():
        assert len(lines) == 2
        assert all(line.split()[:2] == ["kopir", name] for line in lines)


def test_help_shows_them(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = ask("leverage", "--help").stdout
    for line in examples()["leverage"]:
        assert line in " ".join(said.split())
    assert shown("none") is None


HEADS = "t,i,j,k,v,q"
REFUSED = {"rebase": "K0324"}
"""A rebase needs facts of a later year, which the models that come with kopir do not hold."""
ELSEWHERE = {"demo", "brief", "serve"}
"""They take long, or run until interrupted; tests of their own run them."""


def world_file(path: Path) -> None:
    """Write a year of trade of three states in all chapters, as BACI does."""
    pairs = ((688, 276), (276, 688), (688, 398), (398, 688), (276, 398))
    rows = [
        f"2023,{seller},{buyer},{chapter:02d}0110,{1000 + chapter}.5,10"
        for chapter in range(1, 98)
        if chapter != 77
        for seller, buyer in pairs
    ]
    path.write_text("\n".join((HEADS, *rows, "")), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_the_examples_of_a_command_run(
    name: str, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path)
    world_file(tmp_path / "BACI_HS17_Y2023.csv")
    if name == "new":
        ask("export", "azerbaijan", "--to", "xlsx", "--into", "azerbaijan.xlsx")
    for line in examples()[name]:
        done = ask(*shlex.split(line)[1:], "-q")
        if name in REFUSED:
            assert REFUSED[name] in done.stdout + done.stderr, line
        else:
            assert done.exit_code == 0, (line, done.stdout[-500:], done.stderr[-2000:])
