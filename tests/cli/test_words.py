"""One word for one thing: held for every command at once, from what the command line itself says of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from kopir.cli.application import application
from kopir.cli.words import LAST, RETIRED, one_each, renewed
from tests.cli.conftest import Ask

COMMANDS: dict[str, Any] = typer.main.get_command(application).commands  # type: ignore[attr-defined]
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for option in command.params
    if option.param_type_name == "option"
]
ARGUMENTS = {
    name: [one for one in command.params if one.param_type_name == "argument"]
    for name, command in COMMANDS.items()
}

MEANS = {
    "--deny": "Who refuses",
    "--lose": "",
    "--with": "An option that is built, opened or signed",
    "--partner": "Only this partner",
    "--function": "",
    "--lang": "Language of names and texts.",
    "--input-lang": "Language of the documents",
    "--horizon": "short: months 1-12",
    "--into": "",
    "--date": "Date of the documents",
    "--as-of": "Open the model as it stood on DATE.",
    "--seed": "Seed of random draws",
    "--json": "Write one JSON object.",
    "--csv": "Write the main table as CSV.",
    "--out": "Write there instead of to the terminal.",
}
"""What a word means wherever it stands; empty where each command says on what."""

OTHER_WORDS = {
    *("--build", "--open", "--option", "--plan", "--close", "--closed", "--denied", "--lost", "--without"),
    *("--language", "--model", "--functions", "--partners", "--party", "--player"),
}
"""Words for what has a word already."""
SERVING = {"serve"}
"""Commands that answer in a browser, where every page has its own twins as JSON and CSV."""


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_means_the_same_everywhere(command: str) -> None:
    for long, option in ((option.opts[0], option) for name, option in OPTIONS if name == command):
        assert long not in OTHER_WORDS, f"{command} {long}: see kopir.cli.words for the word that there is"
        assert option.help, f"{command} {long} has no help"
        assert option.help.startswith(MEANS.get(long, "")), f"{command} {long} means something else elsewhere"


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - SERVING))
def test_every_command_answers_as_json_and_csv_alike(command: str) -> None:
    flags = {option.opts[0]: option for name, option in OPTIONS if name == command}
    assert {"--json", "--csv", "--out", "--quiet"} <= set(flags)
    assert flags["--json"].is_flag
    assert flags["--csv"].is_flag


@pytest.mark.parametrize("command", COMMANDS)
def test_the_model_is_the_last_argument_and_optional_by_one_rule(command: str) -> None:
    names = [argument.name for argument in ARGUMENTS[command]]
    if "model" in names:
        model = ARGUMENTS[command][-1]
        assert model.name == "model"
        assert (model.default, model.required, model.metavar) == (".", False, "MODEL")
    else:
        assert command in {
            *("demo", "doctor", "expect", "explain", "new"),  # of no model
            "diff",  # of two
            "update",  # of a model and any number of files
            *(
                "facts",
                "narratives",
                "read",
                "trade",
                "world",
            ),  # of documents; what is written into is named by --into
        }


def test_without_a_name_the_folder_you_stand_in_is_asked_if_it_is_a_model(
    ask: Ask, two_routes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two_routes)
    assert ask("flow").exit_code == 0
    monkeypatch.chdir(tmp_path)
    for words in (("flow",), ("incident", "--lose", "A", "--days", "5"), ("theses",), ("why", "facts:F1")):
        said = ask(*words)
        assert said.exit_code == 3
        assert "K0101" in said.stderr


def test_an_option_that_may_be_repeated_takes_commas_too_and_says_so() -> None:
    several = [(command, option) for command, option in OPTIONS if getattr(option, "multiple", False)]
    assert len(several) > 15
    for command, option in several:
        assert option.metavar is None or "," in option.metavar, f"{command} {option.opts[0]}"
    words = list(one_each(["--deny", "1,2", "--deny=3, 4", "--x", "5,6"], {"--deny"}))
    assert words == [*("--deny", "1", "--deny", "2", "--deny", "3", "--deny", "4"), "--x", "5,6"]


def test_a_value_that_is_missing_is_missed(ask: Ask, two_routes: Path) -> None:
    said = ask("flow", two_routes, "--deny")
    assert said.exit_code == 2
    assert "requires an argument" in said.stderr
    assert renewed("review", ["x", "--model"])[0] == ["x"]


def test_commas_and_repetition_ask_the_same(ask: Ask, two_routes: Path) -> None:
    repeated = ask("flow", two_routes, "--deny", "RUS", "--deny", "CHN", "--json")
    assert repeated.exit_code == 0
    assert ask("flow", two_routes, "--deny", "CHN,RUS", "--json").stdout == repeated.stdout
    assert ask("flow", two_routes, "--deny=CHN, RUS", "--json").stdout == repeated.stdout


RETIRED_WORDS = [(command, old, new) for command, words in RETIRED.items() for old, new in words.items()]


@pytest.mark.parametrize(("command", "old", "new"), RETIRED_WORDS)
def test_a_word_of_the_last_release_is_taken_and_named(command: str, old: str, new: str) -> None:
    assert new == LAST or new in {word for name, option in OPTIONS for word in option.opts if name == command}
    for form in ([old, "x", "y"], [f"{old}=x", "y"]):
        told, (note,) = renewed(command, form)
        assert told in ((["y", "x"],) if new == LAST else ([new, "x", "y"], [f"{new}=x", "y"]))
        assert old in note
        assert "the last argument" in note if new == LAST else new in note


def test_an_old_word_asks_what_it_asked(ask: Ask, two_routes: Path) -> None:
    old, new = (ask("leverage", two_routes, word, "RUS", "--json") for word in ("--party", "--partner"))
    assert old.stdout == new.stdout
    assert "--party is now --partner; the old word goes with release 0.3" in old.stderr
    assert "--party" not in new.stderr
    assert "--party" not in ask("leverage", two_routes, "--party", "RUS", "-q").stderr
    assert ask("leverage", two_routes, "--", "--party").exit_code == 2, "after -- nothing is a word"


@pytest.mark.slow
def test_read_answers_as_every_command_does(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Oil exports reached 70.5 million tonnes in 2025.", encoding="utf-8")
    rows = ask("read", "a.txt", "--csv").stdout
    assert rows.splitlines()[0].startswith("schema_version,id,doc")
    old = ask("read", "a.txt", "--csv", "claims.csv")
    assert "--csv FILE is now --csv --out FILE" in old.stderr
    assert Path("claims.csv").read_text("utf-8") == rows
    kept = ask("read", "a.txt", "--jsonl", "claims.jsonl")
    assert (kept.exit_code, kept.stdout) == (0, "wrote claims.jsonl\n")
    assert ask("facts", "claims.jsonl", "--all").exit_code == 0
    assert '"claims": [' in ask("read", "a.txt", "--json").stdout


ROOT = Path(__file__).parents[2]
SHOWN = [
    (file.name, found[1], found[0])
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for found in re.finditer(r"kopir ([a-z]+)[^`#\n|]*", file.read_text(encoding="utf-8"))
    if found[1] in COMMANDS
]


def test_command_lines_of_the_documentation_have_todays_words() -> None:
    assert len(SHOWN) > 50
    for file, command, line in SHOWN:
        known = {word for option in COMMANDS[command].params for word in getattr(option, "opts", ())}
        assert set(re.findall(r"(?<=[ \[])--[a-z-]+", line.split("  ")[0])) <= known, f"{file}: {line}"
