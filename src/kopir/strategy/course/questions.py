"""The questions of this room: dated scenarios, incidents, past events, and what these say about parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kopir.strategy.value.question import DRAWS, Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.model.grounds.cited import Numbers
    from kopir.model.network.capacity import Horizon
    from kopir.model.network.scenario import Prices
    from kopir.strategy.course.fitting import FitResult
    from kopir.strategy.course.hindcast import HindcastResult
    from kopir.strategy.course.incident import IncidentResult
    from kopir.strategy.course.stress import StressResult


def stress(asked: Asked, scenario: Path | str, *, foresight: bool = False, draws: int = 0) -> Answer[StressResult]:
    """Return the course of a dated scenario: a file, or a name in the model's ``scenarios`` folder.

    A scenario of the past meets the clauses of its time. Each step is decided without knowledge of the next
    unless ``foresight``; ``draws`` with the project's
    seed say how sure the figures are. Raises :class:`kopir.core.errors.InputError` with every fault of the
    scenario, and as :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.model.network.scenario import read_scenario
    from kopir.strategy.course.course_intervals import course_intervals
    from kopir.strategy.course.stress import stress as followed
    from kopir.strategy.value.setup import at_time_of

    given = read_scenario(Path(scenario), asked.model)
    setup = at_time_of(asked.setup, given.steps[0].first)
    result = followed(setup, given, foresight=foresight)
    if draws:
        ranges = course_intervals(setup, given, result, draws=draws, seed=asked.seed)
        result = replace(result, intervals=ranges)
    options: dict[str, OptionValue] = {"scenario": result.scenario, "foresight": foresight, "draws": draws}
    return asked.answer("stress", result, result.table, horizon="scenario", status="optimal", options=options)


def _stress_numbers(asked: Asked, id: str, horizon: Horizon) -> Numbers:
    return stress(asked, ":".join(id.split(":")[1:-1])).numbers


STRESS = Question(
    stress,
    names={
        "en": "Course of a dated scenario",
        "ru": "Ход сценария по датам",
        "kk": "Күндері белгіленген сценарийдің барысы",
        "tr": "Tarihli bir senaryonun seyri",
    },
    options={
        "scenario": Option(
            "--scenario", "A scenario file, or a name in the model's scenarios folder.", "path", metavar="FILE"
        ),
        "foresight": Option("--foresight", "Know every shock and its end from the first day.", "flag"),
        "draws": DRAWS,
    },
    ids=("stress",),
    numbers=_stress_numbers,
)


def incident(
    asked: Asked,
    lose: Sequence[str],
    days: int,
    *,
    start: date | None = None,
    draws: int | None = None,
    prices: Prices = "dated",
) -> Answer[IncidentResult]:
    """Return the card of losing assets (codes, or ``GROUP:COUNT``) for some days.

    ``start`` is the first day, 1 January after the base year unless given; intervals come from ``draws``
    with the project's seed; ``prices`` are those of the months or of the base year. Raises
    :class:`kopir.core.errors.InputError` for an unknown asset or a month without a price, and as
    :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.course.incident import DRAWS as USUAL
    from kopir.strategy.course.incident import incident as card

    first = start or date(asked.model.settings.model.base_year + 1, 1, 1)
    count = USUAL if draws is None else draws
    result = card(asked.setup, lose, days, start=first, draws=count, seed=asked.seed, prices=prices)
    options: dict[str, OptionValue] = {"lose": tuple(lose), "days": days, "draws": count, "from": str(first)}
    options["prices"] = prices
    table = result.intervals.table
    return asked.answer("incident", result, table, horizon="days", status="optimal", options=options)


def _incident_numbers(asked: Asked, id: str, horizon: Horizon) -> Numbers:
    """Return the numbers of ``incident:ASSETS:DAYS:measure``."""
    subject = id.split(":")[1:-1]
    if not subject or not subject[-1].isdecimal():
        return {}
    return incident(asked, ":".join(subject[:-1]).split("+"), int(subject[-1]), draws=0).numbers


INCIDENT = Question(
    incident,
    names={
        "en": "Assets lost for some days",
        "ru": "Утрата объектов на несколько дней",
        "kk": "Нысандардан бірнеше күнге айырылу",
        "tr": "Tesislerin birkaç günlüğüne kaybı",
    },
    options={
        "lose": Option(
            "--lose", "An asset lost, or so many members of a group.", metavar="ASSET[:COUNT]", of="assets"
        ),
        "days": Option("--days", "Days until it is repaired.", "whole", low=1, high=730),
        "start": Option("--from", "First day; after the base year unless given.", "date", metavar="DATE"),
        "draws": Option("--draws", "Draws behind the intervals.", "whole", low=0, high=500),
        "prices": Option(
            "--base-prices", "Count losses at base-year prices, not at those of the months.", "flag", gives="base"
        ),
    },
    ids=("incident",),
    numbers=_incident_numbers,
)


def hindcast(asked: Asked, *, draws: int = 0) -> Answer[HindcastResult]:
    """Return recorded events replayed, predicted beside observed; ``draws`` say how sure the predictions are.

    Raises :class:`kopir.core.errors.InputError` for a faulty scenario of an event, and as
    :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.course.hindcast import hindcast as replayed

    result = replayed(asked.model, draws=draws, seed=asked.seed)
    return asked.answer("hindcast", result, result.table, horizon="scenario", status="optimal")


HINDCAST = Question(
    hindcast,
    names={
        "en": "Past events, predicted and seen",
        "ru": "Прошлые события: предсказано и наблюдалось",
        "kk": "Өткен оқиғалар: болжанғаны және байқалғаны",
        "tr": "Geçmiş olaylar: öngörülen ve gözlenen",
    },
    options={"draws": DRAWS},
    ids=("hindcast",),
)


def fit(asked: Asked) -> Answer[FitResult]:
    """Return what recorded events of split ``fit`` say about the parameters of fitted.csv.

    Raises as :func:`hindcast` does.
    """
    from kopir.strategy.course.fitting import fit_parameters

    result = fit_parameters(asked.model)
    return asked.answer("fit", result, result.table, horizon="scenario", status="optimal")


FIT = Question(
    fit,
    names={
        "en": "Parameters fitted on past events",
        "ru": "Параметры, подобранные по прошлым событиям",
        "kk": "Өткен оқиғалар бойынша таңдалған параметрлер",
        "tr": "Geçmiş olaylara uydurulan parametreler",
    },
    command="hindcast",
)
