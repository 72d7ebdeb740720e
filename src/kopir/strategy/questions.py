"""The list of all questions; what can be asked anywhere is made from it.

A question is registered by one line here: then :class:`kopir.project.Project` has it as a method, the command
line as a command, and ``kopir why`` finds its numbers.
"""

from __future__ import annotations

from kopir.strategy.corridors.questions import CORRIDOR_RECORD, CORRIDORS
from kopir.strategy.course.questions import FIT, HINDCAST, INCIDENT, STRESS
from kopir.strategy.institutions.questions import ARMS, FLOW, OBLIGATIONS, PROSPECTS
from kopir.strategy.layers.questions import LAYERS
from kopir.strategy.outages.questions import LOSSES, OUTAGES, REFUSAL, SAMPLED_LOSSES, WORST
from kopir.strategy.outlook.questions import CHANGED, OPTIONS
from kopir.strategy.plans.questions import DISPUTED, PLAN
from kopir.strategy.portfolio.questions import PORTFOLIO, SWAP
from kopir.strategy.refusal.questions import COALITIONS, LEVERAGE, SAMPLED_COALITIONS
from kopir.strategy.trade.questions import IMPORTS
from kopir.strategy.value.question import Question


class Questions:
    """What a model can be asked; asked of an object, each is a method that returns an answer."""

    arms = ARMS
    changed = CHANGED
    coalitions = COALITIONS
    corridor_record = CORRIDOR_RECORD
    corridors = CORRIDORS
    disputed = DISPUTED
    fit = FIT
    flow = FLOW
    hindcast = HINDCAST
    imports = IMPORTS
    incident = INCIDENT
    layers = LAYERS
    leverage = LEVERAGE
    losses = LOSSES
    obligations = OBLIGATIONS
    options = OPTIONS
    outages = OUTAGES
    plan = PLAN
    portfolio = PORTFOLIO
    prospects = PROSPECTS
    refusal = REFUSAL
    sampled_coalitions = SAMPLED_COALITIONS
    sampled_losses = SAMPLED_LOSSES
    stress = STRESS
    swap = SWAP
    worst = WORST


def questions() -> tuple[Question[..., object], ...]:
    """Return all questions, by name."""
    return tuple(one for one in vars(Questions).values() if isinstance(one, Question))


def question_of(id: str) -> Question[..., object] | None:
    """Return the question whose numbers have ids like ``id``, the one with the longest beginning in common."""
    found = [
        (len(start), index)
        for index, one in enumerate(questions())
        for start in one.ids
        if id == start or id.startswith(f"{start}:")
    ]
    return questions()[max(found)[1]] if found else None
