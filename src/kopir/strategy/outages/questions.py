"""The questions of this room: losses of assets, one batch, every set, and the worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kopir.strategy.value.question import (
    DENY,
    HORIZON,
    INTERVALS,
    PARTNER,
    SEVERITY,
    TIME_LIMIT,
    Asked,
    Option,
    Question,
)

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.model.grounds.cited import Numbers
    from kopir.model.network.capacity import Horizon
    from kopir.strategy.outages.every import Measure
    from kopir.strategy.outages.losses import LossesResult
    from kopir.strategy.outages.outages import OutagesResult, WorstResult
    from kopir.strategy.outages.sampled import SampledResult
    from kopir.strategy.outages.together import RefusalResult

MEASURE = Option(
    "--measure",
    "value: million USD a year of all shippers; tonnes: Mt a year of the focal state that cannot be sold.",
    "text",
    choices=("value", "tonnes"),
)


def losses(
    asked: Asked,
    losing: Sequence[str | Sequence[str]] = (),
    denials: Sequence[str | Sequence[str]] = (),
    *,
    horizon: Horizon = "short",
    severity: float = 1.0,
    plan: Sequence[str] = (),
    samples: int | None = None,
) -> Answer[LossesResult]:
    """Return the loss of every denial with every set of lost assets, a row each; or of years drawn at random.

    A set is a list of codes, or one text with ``+`` between them (``"A+B"``). Assets are lost wholly, ``severity``
    is that of the denials. ``samples`` takes the place of both: so many years of recorded outages, drawn with the
    project's seed as by :func:`sampled_losses`. Raises :class:`kopir.core.errors.InputError` for an unknown asset,
    jurisdiction or option, for samples beside named shocks, and as
    :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.outages.losses import losses as of_all
    from kopir.strategy.outages.losses import losses_of_samples

    if samples is not None:
        drawn = losses_of_samples(asked.setup, samples, losing, denials, plan, span=horizon, seed=asked.seed)
        shown: dict[str, OptionValue] = {"samples": samples}
        return asked.answer("losses", drawn, drawn.table, horizon=horizon, status="optimal", options=shown)

    lost, denied = ([_codes(one) for one in given] for given in (losing, denials))
    result = of_all(asked.setup, lost, denied, span=horizon, severity=severity, plan=plan)
    options: dict[str, OptionValue] = {
        "losing": tuple("+".join(codes) for codes in lost),
        "denials": tuple("+".join(codes) for codes in denied),
        "severity": severity,
        "plan": tuple(sorted(plan)),
    }
    return asked.answer("losses", result, result.table, horizon=horizon, status="optimal", options=options)


def _codes(given: str | Sequence[str]) -> list[str]:
    return [code.strip() for code in given.split("+") if code.strip()] if isinstance(given, str) else list(given)


LOSSES = Question(
    losses,
    names={
        "en": "Losses of many shocks at once",
        "ru": "Потери от многих потрясений сразу",
        "kk": "Бірден көп күйзелістің шығындары",
        "tr": "Birçok sarsıntının kayıpları bir arada",
    },
    options={
        "losing": Option(
            "--lose", "An asset lost; + joins those lost together.", metavar="ASSET+ASSET", of="assets"
        ),
        "denials": Option(
            "--deny", "Who refuses; + joins those that do so together.", metavar="CODE+CODE", of="partners"
        ),
        "horizon": HORIZON,
        "severity": SEVERITY,
        "plan": Option("--with", "An option that is built, opened or signed.", metavar="OPTION", of="options"),
        "samples": Option(
            "--samples", "Instead of named shocks: years drawn from recorded outages.", "whole", low=2
        ),
    },
)


def refusal(
    asked: Asked,
    *,
    parties: Sequence[str] = (),
    lost: Sequence[str] = (),
    severity: float = 1.0,
    months: int | None = None,
    horizon: Horizon = "short",
    draws: int | None = None,
) -> Answer[RefusalResult]:
    """Return what changes when ``parties`` refuse together and assets are ``lost``: flows, losses, who gains.

    ``severity`` is that of both. ``months`` count from the first after the refusal and take the place of
    ``horizon``; losses are yearly rates over them. Intervals come from ``draws`` (20 unless given, 0 for none)
    with the project's seed, as those of :func:`kopir.strategy.refusal.questions.leverage` do. Raises
    :class:`kopir.core.errors.InputError` for an unknown party or asset.
    """
    from kopir.strategy.outages.together import refusal as of_all
    from kopir.strategy.outages.together import span_of, with_intervals
    from kopir.strategy.value.uncertainty import SHOWN

    span, count = span_of(asked.setup, horizon, months), SHOWN if draws is None else draws
    result = of_all(asked.setup, parties, lost, span=span, severity=severity)
    if count:
        result = with_intervals(result, span=span, draws=count, seed=asked.seed)
    options: dict[str, OptionValue] = {
        "parties": result.parties,
        "lost": result.lost,
        "severity": severity,
        "draws": count,
    }
    return asked.answer("refusal", result, result.table, horizon=result.horizon, status="optimal", options=options)


def _refusal_numbers(asked: Asked, id: str, horizon: Horizon) -> Numbers:
    """Return the numbers of the refusal that ``id`` names: jurisdictions and assets joined by ``+``."""
    named = [code for code in id.split(":")[1].split("+") if code]
    parties = [code for code in named if code in asked.setup.clauses.members]
    lost = [code for code in named if code not in parties]
    return refusal(asked, parties=parties, lost=lost, horizon=horizon, draws=0).numbers


REFUSAL = Question(
    refusal,
    names={
        "en": "What changes when some refuse together",
        "ru": "Что изменит совместный отказ",
        "kk": "Бірлесіп бас тарту нені өзгертеді",
        "tr": "Birlikte reddetmek neyi değiştirir",
    },
    options={
        "parties": DENY,
        "lost": Option("--lose", "An asset that is lost.", metavar="ASSET", of="assets"),
        "severity": SEVERITY,
        "months": Option("--months", "Months that it lasts, instead of a horizon.", "whole", low=1, high=600),
        "horizon": HORIZON,
        "draws": INTERVALS,
    },
    ids=("refusal",),
    numbers=_refusal_numbers,
)


def outages(
    asked: Asked,
    *,
    assets: int = 2,
    horizon: Horizon = "short",
    measure: Measure = "value",
    share: float | None = None,
    store: Path | None = None,
) -> Answer[OutagesResult]:
    """Return the exact loss of every set of at most ``assets`` lost assets, ranked.

    Beside it: sets worse than any split of them, the assets that matter most, and the fewest that take a
    ``share``. ``store`` is a folder where every set is written as Parquet and where a stopped run goes on.
    Raises :class:`kopir.core.errors.InputError` for more assets than there are, or sets than can be held, and as
    :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.outages.outages import outages as of_all

    result = of_all(asked.setup, assets, span=horizon, measure=measure, share=share, folder=store)
    options: dict[str, OptionValue] = {"assets": assets, "measure": measure, "share": share}
    return asked.answer("outages", result, result.table, horizon=horizon, status="optimal", options=options)


OUTAGES = Question(
    outages,
    names={
        "en": "Losses of every set of assets",
        "ru": "Потери при утрате любых объектов",
        "kk": "Кез келген нысандардан айырылу шығындары",
        "tr": "Her tesis kümesinin kaybı",
    },
    options={
        "assets": Option("--assets", "Assets lost at most; three take some seconds.", "whole", low=1),
        "horizon": HORIZON,
        "measure": MEASURE,
        "share": Option("--share", "A share for which the fewest assets are told.", "number", low=0, high=1),
        "store": Option("--store", "Write every set there as Parquet; go on where a run stopped.", "path"),
    },
)


def sampled_losses(
    asked: Asked,
    samples: int,
    *,
    horizon: Horizon = "short",
    store: Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
) -> Answer[SampledResult]:
    """Return how much recorded outages take in years drawn at random, and what drives it.

    The project's seed is used. ``store`` is a folder where every year is written as Parquet and where a stopped
    run goes on; ``workers`` work on this machine, or those of the Dask ``scheduler`` at an address: no byte
    depends on it. Raises :class:`kopir.core.errors.InputError` for a record without outages and numbers out of
    range, and as :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.outages.sampled import sampled_losses as of_all

    result = of_all(
        asked.setup, samples, seed=asked.seed, span=horizon, folder=store, workers=workers, scheduler=scheduler
    )
    options: dict[str, OptionValue] = {"samples": samples}
    return asked.answer("stress", result, result.table, horizon=horizon, status="optimal", options=options)


SAMPLED_LOSSES = Question(
    sampled_losses,
    names={
        "en": "Losses of years drawn at random",
        "ru": "Потери в случайно взятые годы",
        "kk": "Кездейсоқ алынған жылдардағы шығындар",
        "tr": "Rastgele çekilen yılların kayıpları",
    },
    options={
        "samples": Option(
            "--samples",
            "Instead of a scenario: years drawn from recorded outages and uncertain inputs.",
            "whole",
            low=2,
        ),
        "horizon": HORIZON,
        "store": Option(
            "--store", "With --samples: write every year there as Parquet; go on where a run stopped.", "path"
        ),
        "workers": Option(
            "--workers", "With --samples: processes that work on this machine (Dask).", "whole", low=1
        ),
        "scheduler": Option(
            "--scheduler", "With --samples: work on the Dask cluster at ADDRESS.", "text", metavar="ADDRESS"
        ),
    },
    command="stress",
)


def worst(
    asked: Asked,
    *,
    k: int = 2,
    partners: bool = False,
    horizon: Horizon = "short",
    severity: float = 1.0,
    parties: Sequence[str] = (),
    measure: Measure = "value",
    time_limit: float | None = None,
) -> Answer[WorstResult]:
    """Return the worst sets of at most ``k`` lost assets, or of ``partners`` that refuse, with every tie.

    ``severity`` and ``parties`` (the model's players unless named) are those of refusals, ``measure`` that of
    lost assets. After ``time_limit`` seconds the worst of the sets tried are told with what none can exceed.
    Raises :class:`kopir.core.errors.InputError` for more than there are and an unknown party.
    """
    from kopir.strategy.outages.outages import worst_assets
    from kopir.strategy.outages.partners import worst_partners

    if partners or parties:
        result = worst_partners(
            asked.setup, k, span=horizon, severity=severity, parties=parties, time_limit=time_limit
        )
    else:
        result = worst_assets(asked.setup, k, span=horizon, measure=measure, time_limit=time_limit)
    options: dict[str, OptionValue] = {"k": k, "of": result.of, "measure": measure}
    if result.of == "partners":
        options |= {"severity": severity, "parties": tuple(parties)}
    if time_limit is not None:
        options["time_limit"] = time_limit
    status = "optimal" if result.stopped_after is None else "time limit"
    answer = asked.answer("worst", result, result.table, horizon=horizon, status=status, options=options)
    return replace(answer, run=replace(answer.run, gap=result.gap))


WORST = Question(
    worst,
    names={
        "en": "The worst that can be lost",
        "ru": "Худшее, что можно потерять",
        "kk": "Айырылуға болатын ең жаманы",
        "tr": "Kaybedilebilecek en kötüsü",
    },
    options={
        "k": Option("--k", "How many may be lost, or refuse, at most.", "whole", low=1),
        "partners": Option("--refusing", "Partners that refuse, not assets that are lost.", "flag"),
        "horizon": HORIZON,
        "severity": SEVERITY,
        "parties": PARTNER,
        "measure": MEASURE,
        "time_limit": TIME_LIMIT,
    },
)
