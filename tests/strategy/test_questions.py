"""The list of questions, and what every face needs to know of each."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
import typer

import kopir
from kopir.cli.application import application
from kopir.core.codes import LANGUAGES
from kopir.project import Project
from kopir.strategy.questions import Questions, question_of, questions
from tests.folders import routes_model

LISTED = questions()
COMMANDS = typer.main.get_command(application).commands  # type: ignore[attr-defined]
COMPOSED = {("corridors", "conditions")}
"""Parameters that a command puts together from several options of its own."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    routes = [
        {"id": "A", "capacity": 50, "netback": 400, "jurisdictions": ["RUS"]},
        {"id": "B", "capacity": 20, "netback": 300, "jurisdictions": ["CHN"]},
    ]
    return kopir.open(routes_model(tmp_path / "two", routes, supply=60))


def test_every_question_is_registered_under_its_own_name() -> None:
    assert len(LISTED) >= 18
    assert {name: one.name for name, one in vars(Questions).items() if one in LISTED} == {
        one.name: one.name for one in LISTED
    }


@pytest.mark.parametrize("question", LISTED, ids=lambda one: one.name)
def test_a_question_says_what_every_face_needs(question: object) -> None:
    assert set(question.names) == set(LANGUAGES)
    assert len(set(question.names.values())) == len(LANGUAGES), "a name in each language"
    assert question.about.startswith("Return ")
    assert set(question.options) <= set(question.defaults)
    command = COMMANDS[question.command or question.name]
    helps = {word: option.help for option in command.params for word in option.opts if hasattr(option, "help")}
    for name in question.defaults:
        if (question.name, name) not in COMPOSED:
            option = question.options[name]
            assert helps.get(option.word) == option.help, (
                f"{question.name}: {name} is given otherwise to a command"
            )


def test_names_are_each_questions_own() -> None:
    for language in LANGUAGES:
        assert len({one.names[language] for one in LISTED}) == len(LISTED)


def test_a_question_is_a_method_of_a_project(project: Project) -> None:
    for question in LISTED:
        method = getattr(project, question.name)
        assert method.__doc__ == question.ask.__doc__
        assert list(inspect.signature(method).parameters) == list(question.defaults)
    assert project.flow(denied=["RUS"]).result.value_musd == pytest.approx(6_000)
    assert project.prospects(["Russia"]).result.denied == project.prospects(denied=["RUS"]).result.denied
    with pytest.raises(TypeError, match="too many positional arguments"):
        project.flow(["RUS"])
    assert Questions.flow.ask(project).result.value_musd == pytest.approx(23_000)


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("leverage:RUS:leverage_musd", "leverage"),
        ("leverage:imports:RUS:all:short", "imports"),
        ("transit:RUS:volume_teu", "corridors"),
        ("option:A", "options"),
    ],
)
def test_an_id_leads_to_the_question_with_the_longest_beginning(id: str, name: str) -> None:
    found = question_of(id)
    assert found is not None
    assert found.name == name


def test_an_id_of_no_question_leads_nowhere() -> None:
    assert question_of("leverages:RUS") is None
    assert question_of("moves:A") is None


def test_why_reads_the_numbers_that_a_question_gives(project: Project) -> None:
    for name, number in list(project.leverage().numbers.items())[:5]:
        assert project.why(name).value == number.value


def test_the_help_of_a_command_is_what_its_question_says() -> None:
    assert {one.command or one.name for one in LISTED} <= set(COMMANDS)
    assert COMMANDS["flow"].help.startswith("Show the optimal flow when denied jurisdictions refuse")
