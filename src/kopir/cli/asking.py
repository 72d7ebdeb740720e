"""A command made from a question: options are the question's, the answer is shown by a function or as a table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kopir.cli.options import Delivery, Subject, Tongue
from kopir.cli.output import Grid, Reply, Stages, deliver

if TYPE_CHECKING:
    from kopir.core.codes import Language
    from kopir.model.grounds.answers import Answer
    from kopir.project import Project
    from kopir.strategy.value.question import Option, Question

ENGLISH = Tongue()
_TYPES: Mapping[str, Any] = {
    "codes": list[str],
    "wholes": list[int],
    "text": str,
    "path": Path,
    "number": float,
    "whole": int,
    "flag": bool,
    "date": datetime,
}


@dataclass(frozen=True)
class Told:
    """An answer to be shown: of which project, in which language, and what was given beyond the defaults."""

    question: Question[..., Any]
    project: Project
    answer: Answer[Any]
    language: Language
    given: Mapping[str, object]


def command_of(
    question: Question[..., Any], show: Callable[[Told], Reply] | None = None, *, speaks: bool = True
) -> Callable[..., None]:
    """Return the command that asks ``question`` and shows its answer, as a table where no ``show`` is given.

    It takes a language where what it shows ``speaks`` one.
    """

    def command(subject: Subject, delivery: Delivery, tongue: Tongue = ENGLISH, **given: object) -> None:
        def ask(stages: Stages) -> Reply:
            with stages.stage("reading"):
                project = subject.open()
            chosen = _chosen(question, given)
            with stages.stage("solving"):
                answer = question.asked_of(project, **chosen)
            return (show or as_table)(Told(question, project, answer, tongue.lang, chosen))

        deliver(delivery, ask, folder=subject.model)

    groups = {"subject": Subject, **({"tongue": Tongue} if speaks else {}), "delivery": Delivery}
    hints = {name: _typed(one, question.defaults[name]) for name, one in question.options.items()} | groups
    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter(name, kind, default=_default(question, name), annotation=hint)
        for name, hint in hints.items()
    ]
    command.__name__ = question.name
    command.__doc__ = question.about.replace("Return ", "Show ", 1).replace("``", "")
    command.__annotations__ = {**hints, "return": None}
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return command


def as_table(told: Told) -> Reply:
    """Return the main table of an answer under the name of its question."""
    names = list(told.answer.numbers)
    title = f"{told.question.names[told.language]}: {told.answer.run.model}"
    return Reply(
        record=told.answer.as_record(),
        main=Grid.of(told.answer.table),
        parts=(Grid.of(told.answer.table, title),),
        run=told.answer.run,
        notes=(f"what a figure rests on: kopir why {names[0]} MODEL",) if names else (),
    )


def _typed(option: Option, default: object) -> object:
    """Return the annotation by which the command line understands ``option``."""
    base = _TYPES[option.kind]
    if option.choices:
        base = Literal[option.choices]
    several = option.kind in {"codes", "wholes"}
    metavar = f"{option.metavar},..." if several and option.metavar else option.metavar
    more: dict[str, Any] = {"metavar": metavar} if metavar else {}
    if option.kind in {"number", "whole", "wholes"}:
        more |= {"min": option.low, "max": option.high}
    if option.kind == "date":
        more["formats"] = ["%Y-%m-%d"]
    required = default is inspect.Parameter.empty or option.kind == "flag"
    return Annotated[base if required else base | None, typer.Option(option.word, help=option.help, **more)]


def _default(question: Question[..., Any], name: str) -> object:
    if name not in question.options:
        return inspect.Parameter.empty
    option, default = question.options[name], question.defaults[name]
    if option.kind == "flag":
        return False
    return None if option.kind in {"codes", "wholes"} and default == () else default


def _chosen(question: Question[..., Any], given: Mapping[str, object]) -> dict[str, object]:
    """Return what was given, in the form in which the question takes it; what was left out stays out."""
    found: dict[str, object] = {}
    for name, value in given.items():
        option = question.options[name]
        if option.kind == "flag":
            if value:
                found[name] = option.gives
        elif value is not None:
            found[name] = value.date() if isinstance(value, datetime) else value
    return found
