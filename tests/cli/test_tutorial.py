"""The tutorial, executed: its blocks make the files, its commands run, and what it shows is said."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import kopir

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def blocks() -> Iterator[tuple[str, str, str]]:
    yield from BLOCK.findall(PAGE.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_tutorial_does_what_it_says(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    said, ran = "", 0
    for kind, where, text in blocks():
        if kind == "sh":
            said = ""
            for line in text.splitlines():
                words = shlex.split(line)
                assert words[0] == "kopir"
                done = ask(*words[1:])
                assert done.exit_code == 0, (line, done.stdout, done.stderr)
                said += done.stdout
                ran += 1
        elif kind == "text":
            flat = " ".join(said.split())
            for line in text.splitlines():
                assert line in flat, (line, said)
        else:
            name, _, add = where.partition(" ")
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text((file.read_text("utf-8") if add == "add" else "") + text, encoding="utf-8")
    assert ran >= 9
    assert {file.name for file in (tmp_path / "mongolia-brief").iterdir()} >= {"brief.md", "brief.html"}


def test_the_tempting_form_gives_a_third_of_the_right_answer(tmp_path):
    losses = []
    for kind, where, text in blocks():
        name, _, add = where.partition(" ")
        if kind in {"csv", "toml"}:
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text((file.read_text("utf-8") if add == "add" else "") + text, encoding="utf-8")
            if "FUEL_RU," in text or "FUEL,ULAANBAATAR" in text:
                table = kopir.open(tmp_path / "mongolia").leverage().table
                losses.append(table.filter(partner="RUS")["leverage_musd"][0])
    wrong, right = losses
    assert 0.3 < wrong / right < 0.36
