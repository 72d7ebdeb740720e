"""The questions of this room: what opens, and for whom; what changed since the base year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kopir.strategy.value.question import DENY, HORIZON, WITH, Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.model.grounds.cited import Numbers
    from kopir.model.network.capacity import Horizon
    from kopir.strategy.outlook.changed import ChangedResult
    from kopir.strategy.outlook.openings import OpeningsResult


def options(
    asked: Asked, names: Sequence[str] = (), *, horizon: Horizon = "medium", deny: Sequence[str] = ()
) -> Answer[OpeningsResult]:
    """Return what each of the options ``names`` (all unless named) changes if it alone opens, and for whom.

    What it does to residual loss is told when ``deny`` refuse together (the player who alone takes most unless
    named) and under the outages on record. Raises :class:`kopir.core.errors.InputError` for an unknown option,
    and as :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.outlook.openings import openings

    result = openings(asked.model, lambda: asked.setup, names, horizon=horizon, deny=deny)
    told: dict[str, OptionValue] = {"options": tuple(sorted(names)), "deny": tuple(sorted(deny))}
    return asked.answer("options", result, result.table, horizon=horizon, status="optimal", options=told)


def _numbers(asked: Asked, id: str, horizon: Horizon) -> Numbers:
    from kopir.strategy.outlook.openings import option_numbers

    return option_numbers(asked.model)


OPTIONS = Question(
    options,
    names={
        "en": "What opens, and for whom",
        "ru": "Что откроется и для кого",
        "kk": "Не ашылады және кім үшін",
        "tr": "Ne açılır ve kimin için",
    },
    options={
        "names": WITH,
        "deny": DENY,
        "horizon": Option(
            "--horizon",
            "short: months 1-12 after the decision, medium: 13-36, long: after.",
            "text",
            choices=("short", "medium", "long"),
        ),
    },
    ids=("option",),
    numbers=_numbers,
)


def changed(asked: Asked, *, horizon: Horizon = "short") -> Answer[ChangedResult]:
    """Return what changed since the base year, and leverage of each player before and after.

    Raises as :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.outlook.changed import changed_since

    result = changed_since(asked.setup, horizon=horizon)
    return asked.answer("changed", result, result.table, horizon=horizon, status="optimal")


CHANGED = Question(
    changed,
    names={
        "en": "What changed since the base year",
        "ru": "Что изменилось после базового года",
        "kk": "Базалық жылдан кейін не өзгерді",
        "tr": "Temel yıldan beri ne değişti",
    },
    options={"horizon": HORIZON},
)
