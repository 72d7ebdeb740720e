"""The questions of this room: what each refusal costs, and what partners can take together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kopir.strategy.value.question import HORIZON, INTERVALS, PARTNER, SEVERITY, Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.model.network.capacity import Horizon
    from kopir.strategy.refusal.coalitions import CoalitionResult, SampledShapley
    from kopir.strategy.refusal.leverage import LeverageResult


def leverage(
    asked: Asked,
    *,
    horizon: Horizon = "short",
    severity: float = 1.0,
    parties: Sequence[str] = (),
    draws: int | None = None,
) -> Answer[LeverageResult]:
    """Return sensitivity and leverage of each of ``parties`` (the model's players unless named).

    Intervals, ranks and the part that assumptions have in them come from ``draws`` (20 unless given, 0 for none)
    with the project's seed. Shapley values stand beside them where the model has at most 12 players, since
    the four figures are read together. Raises as :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.refusal.coalitions import MOST_PLAYERS
    from kopir.strategy.refusal.leverage import leverage as of_each
    from kopir.strategy.refusal.leverage import with_shapley
    from kopir.strategy.refusal.ranked import with_intervals
    from kopir.strategy.value.uncertainty import SHOWN

    named, count = tuple(parties) or None, SHOWN if draws is None else draws
    result = of_each(asked.setup, span=horizon, severity=severity, parties=named)
    if count:
        result = with_intervals(result, span=horizon, draws=count, seed=asked.seed)
    if len(asked.model.settings.players) <= MOST_PLAYERS:
        game = coalitions(asked, horizon=horizon, severity=severity, draws=0)
        result = with_shapley(result, game.result.shares)
    options: dict[str, OptionValue] = {"parties": tuple(parties), "severity": severity, "draws": count}
    return asked.answer("leverage", result, result.table, horizon=horizon, status="optimal", options=options)


LEVERAGE = Question(
    leverage,
    names={
        "en": "What each refusal costs",
        "ru": "Чего стоит отказ каждого партнёра",
        "kk": "Әр серіктестің бас тартуының құны",
        "tr": "Her ortağın reddinin maliyeti",
    },
    options={"horizon": HORIZON, "severity": SEVERITY, "parties": PARTNER, "draws": INTERVALS},
    ids=("leverage",),
)


def coalitions(
    asked: Asked,
    *,
    horizon: Horizon = "short",
    severity: float = 1.0,
    players: Sequence[str] = (),
    draws: int | None = None,
) -> Answer[CoalitionResult]:
    """Return what every coalition of ``players`` (the model's unless named) can take, with Shapley values.

    Intervals of these come from ``draws`` (20 unless given, 0 for none) with the project's seed.
    Raises as :func:`kopir.strategy.institutions.questions.flow` does, and
    :class:`kopir.core.errors.InputError` when more than 12 players touch something:
    :func:`sampled_coalitions` then estimates.
    """
    from kopir.strategy.refusal.coalitions import coalition_intervals
    from kopir.strategy.refusal.coalitions import coalitions as of_all
    from kopir.strategy.value.uncertainty import SHOWN

    named, count = tuple(players) or asked.model.settings.players, SHOWN if draws is None else draws
    result = of_all(asked.setup.valuation(horizon), named, severity=severity, setup=asked.setup)
    if count:
        drawn = coalition_intervals(
            asked.setup, named, span=horizon, severity=severity, draws=count, seed=asked.seed
        )
        result = replace(result, intervals=drawn)
    options: dict[str, OptionValue] = {"players": named, "severity": severity, "draws": count}
    return asked.answer("coalitions", result, result.shares, horizon=horizon, status="optimal", options=options)


COALITIONS = Question(
    coalitions,
    names={
        "en": "What partners can take together",
        "ru": "Что партнёры могут отнять вместе",
        "kk": "Серіктестер бірге не тартып ала алады",
        "tr": "Ortakların birlikte alabilecekleri",
    },
    options={"horizon": HORIZON, "severity": SEVERITY, "players": PARTNER, "draws": INTERVALS},
    ids=("coalitions",),
)


def sampled_coalitions(
    asked: Asked,
    samples: int,
    *,
    horizon: Horizon = "short",
    severity: float = 1.0,
    players: Sequence[str] = (),
) -> Answer[SampledShapley]:
    """Return Shapley values estimated from ``samples`` random orders, drawn with the project's seed.

    Raises as :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.refusal.coalitions import sampled_shapley

    named = tuple(players) or asked.model.settings.players
    valuation = asked.setup.valuation(horizon)
    result = sampled_shapley(
        valuation, named, samples=samples, seed=asked.seed, severity=severity, setup=asked.setup
    )
    options: dict[str, OptionValue] = {"players": named, "severity": severity, "samples": samples}
    return asked.answer("coalitions", result, result.shares, horizon=horizon, status="optimal", options=options)


SAMPLED_COALITIONS = Question(
    sampled_coalitions,
    names={
        "en": "What partners can take together, estimated from random orders",
        "ru": "Что партнёры могут отнять вместе, оценка по случайным порядкам",
        "kk": "Серіктестер бірге не тартып ала алады, кездейсоқ реттер бойынша баға",
        "tr": "Ortakların birlikte alabilecekleri, rastgele sıralardan kestirim",
    },
    options={
        "samples": Option(
            "--samples",
            "Estimate from so many random orders, without intervals; exact unless given.",
            "whole",
            low=2,
        ),
        "horizon": HORIZON,
        "severity": SEVERITY,
        "players": PARTNER,
    },
    command="coalitions",
)
