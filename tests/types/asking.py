"""The types of questions survive on the way from their rooms to the library face."""

from __future__ import annotations

from typing import assert_type

import kopir
from kopir.model.grounds.answers import Answer
from kopir.project import Project
from kopir.strategy.questions import Questions
from kopir.strategy.refusal.coalitions import CoalitionResult
from kopir.strategy.refusal.leverage import LeverageResult
from kopir.strategy.value.flows import FlowResult
from kopir.strategy.value.question import Question


def asked(project: Project) -> None:
    """Ask with the right words, and with wrong ones that a checker must see."""
    assert_type(kopir.open("starter"), Project)
    assert_type(project.leverage(horizon="medium", parties=["AAA"]), Answer[LeverageResult])
    assert_type(project.coalitions().result, CoalitionResult)
    project.leverage(horizon="never")  # type: ignore[arg-type]
    project.flow(deny=["AAA"])  # type: ignore[call-arg]
    project.incident(["A"])  # type: ignore[call-arg]


def listed() -> None:
    """See a question as an object where it is not asked of anything."""
    question: Question[..., FlowResult] = Questions.flow
    assert_type(question.name, str)
