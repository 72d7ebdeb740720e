"""The questions of this room: what to build or sign within a budget, and which disputed figure matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kopir.strategy.value.question import HORIZON, PARTNER, SEVERITY, TIME_LIMIT, Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.model.network.capacity import Horizon
    from kopir.strategy.plans.disputed import DisputedResult
    from kopir.strategy.plans.plan import Events, PlanResult
    from kopir.strategy.plans.residual import Rule


def plan(
    asked: Asked,
    *,
    budget: float | None = None,
    against: int = 2,
    assets: int = 1,
    horizon: Horizon = "medium",
    severity: float = 1.0,
    parties: Sequence[str] = (),
    events: Events = "recorded",
    time_limit: float | None = None,
) -> Answer[PlanResult]:
    """Return the options that together lower residual loss most within a ``budget``, by four rules side by side.

    The budget is capital in USD, no limit unless given. The rules: the worst refusal of at most ``against`` of
    ``parties`` (the model's players unless named), the worst loss of at most ``assets`` assets (0: not asked), and
    mean and CVaR over years of recorded outages (left out with ``events="none"``). After ``time_limit`` seconds
    the search ends with the best plans found, and says what is proven of them. Raises
    :class:`kopir.core.errors.InputError` for a budget that buys nothing, a negative cost, no option with an effect
    and an unknown party, and as :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.plans.plan import plan as best

    musd = None if budget is None else budget / 1e6
    result = best(
        asked.setup,
        budget_musd=musd,
        against=against,
        assets=assets,
        span=horizon,
        severity=severity,
        parties=parties,
        seed=asked.seed,
        time_limit=time_limit,
        events=events,
    )
    options: dict[str, OptionValue] = {
        "budget": budget,
        "against": against,
        "assets": assets,
        "severity": severity,
        "parties": tuple(parties),
    }
    if events != "recorded":
        options["events"] = events
    if time_limit is not None:
        options["time_limit"] = time_limit
    status = "optimal" if result.stopped_after is None else "time limit"
    answer = asked.answer("plan", result, result.table, horizon=horizon, status=status, options=options)
    return replace(answer, run=replace(answer.run, gap=result.gap))


PLAN = Question(
    plan,
    names={
        "en": "What to build or sign within a budget",
        "ru": "Что строить и подписывать в пределах бюджета",
        "kk": "Бюджет шегінде не салу, неге қол қою керек",
        "tr": "Bütçe içinde ne yapılmalı, ne imzalanmalı",
    },
    options={
        "budget": Option("--budget", "Capital that may be spent, in USD (3e9); no limit unless given.", "number"),
        "against": Option("--against", "Partners that may refuse together, at most.", "whole", low=1),
        "assets": Option(
            "--assets", "Assets that may be lost together, at most; 0 for none.", "whole", low=0, high=3
        ),
        "horizon": HORIZON,
        "severity": SEVERITY,
        "parties": PARTNER,
        "events": Option(
            "--events",
            "recorded: outages on record give a mean and a CVaR beside the worst; none: without them.",
            "text",
            choices=("recorded", "none"),
        ),
        "time_limit": TIME_LIMIT,
    },
)


def disputed(
    asked: Asked,
    *,
    rule: Rule = "worst",
    against: int = 2,
    budget: float | None = None,
    horizon: Horizon = "medium",
    severity: float = 1.0,
    parties: Sequence[str] = (),
    draws: int = 100,
) -> Answer[DisputedResult]:
    """Return what it is worth to settle each uncertain figure before a plan is chosen, most first.

    Plans are judged by the ``worst`` refusal of at most ``against`` of ``parties``, or by the ``mean`` over
    recorded outages, within a ``budget`` in USD. Raises :class:`kopir.core.errors.InputError` as :func:`plan`
    does, and for too few draws.
    """
    from kopir.strategy.plans.disputed import disputed as settling

    result = settling(
        asked.setup,
        rule=rule,
        against=against,
        span=horizon,
        severity=severity,
        parties=parties,
        budget_musd=None if budget is None else budget / 1e6,
        draws=draws,
        seed=asked.seed,
    )
    options: dict[str, OptionValue] = {
        "rule": rule,
        "against": against,
        "budget": budget,
        "severity": severity,
        "parties": tuple(parties),
        "draws": draws,
    }
    return asked.answer("disputed", result, result.table, horizon=horizon, status="optimal", options=options)


DISPUTED = Question(
    disputed,
    names={
        "en": "Which disputed figure matters",
        "ru": "Какая спорная цифра что-то решает",
        "kk": "Қай даулы сан шешімді өзгертеді",
        "tr": "Hangi tartışmalı rakam kararı değiştirir",
    },
    options={
        "rule": Option(
            "--rule",
            "worst: the worst refusal decides; mean: outages on record do.",
            "text",
            choices=("worst", "mean"),
        ),
        "against": PLAN.options["against"],
        "budget": PLAN.options["budget"],
        "horizon": HORIZON,
        "severity": SEVERITY,
        "parties": PARTNER,
        "draws": Option("--draws", "Draws of the uncertain inputs.", "whole", low=1, high=5000),
    },
    ids=("disputed",),
)
