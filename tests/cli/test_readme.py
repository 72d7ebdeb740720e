"""The README says what is true: its output is the command's, its commands exist, its files are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kopir.cli.application import application

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_printed_output_is_what_the_command_prints() -> None:
    block = README.split("<!-- output:start -->\n```\n")[1].split("\n```")[0]
    result = CliRunner().invoke(application, ["leverage", "kazakhstan", "-q", "--as-of", "2026-11-27"])
    assert result.exit_code == 0
    assert result.stdout.rstrip() == block, (
        "paste the output of `kopir leverage kazakhstan -q --as-of 2026-11-27` into README.md"
    )


def test_every_command_in_the_table_exists() -> None:
    named = set(re.findall(r"^\| `kopir (\w+)", README, flags=re.MULTILINE))
    help_text = CliRunner().invoke(application, ["--help"]).stdout
    assert named
    assert {name for name in named if not re.search(rf"\b{name}\b", help_text)} == set()


def test_every_linked_file_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if not link.startswith("http")]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_make_targets_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make (\w+)", README)):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
