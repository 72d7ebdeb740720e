"""The questions of this room: partners by function, and who relies on the focal state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.strategy.value.question import HORIZON, INTERVALS, SEVERITY, Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.model.grounds.cited import Numbers
    from kopir.model.network.capacity import Horizon
    from kopir.strategy.portfolio.result import PortfolioResult
    from kopir.strategy.portfolio.swap import SwapResult


def portfolio(
    asked: Asked,
    *,
    horizon: Horizon = "short",
    severity: float = 1.0,
    draws: int | None = None,
    by_year: bool = False,
) -> Answer[PortfolioResult]:
    """Return partner by function: ties, shares, losses, how concentrated each function is and how that moved.

    ``draws`` of all uncertain inputs (20 unless given, 0 for none) give network losses an interval, without
    which functions are not ranked; ``by_year`` solves every year with recorded flows. Raises as
    :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.strategy.portfolio.vectors import portfolio as of_all
    from kopir.strategy.value.uncertainty import SHOWN

    count = SHOWN if draws is None else draws
    result = of_all(asked.setup, span=horizon, severity=severity, draws=count, seed=asked.seed, by_year=by_year)
    options: dict[str, OptionValue] = {"severity": severity, "draws": count}
    return asked.answer("portfolio", result, result.table, horizon=horizon, status="optimal", options=options)


def _numbers(asked: Asked, id: str, horizon: Horizon) -> Numbers:
    return portfolio(asked, horizon=horizon, by_year=id.startswith("portfolio:vectors:")).numbers


PORTFOLIO = Question(
    portfolio,
    names={
        "en": "Partners by function",
        "ru": "Партнёры по функциям",
        "kk": "Функциялар бойынша серіктестер",
        "tr": "İşlevlere göre ortaklar",
    },
    options={
        "horizon": HORIZON,
        "severity": SEVERITY,
        "draws": INTERVALS,
        "by_year": Option("--by-year", "Concentration of each function in each year.", "flag"),
    },
    ids=("portfolio",),
    numbers=_numbers,
)


def swap(asked: Asked, *, horizon: Horizon = "short") -> Answer[SwapResult]:
    """Return the portfolio with roles swapped: who relies on the focal state, and for what.

    Raises as :func:`kopir.strategy.institutions.questions.flow` does.
    """
    from kopir.model.ties.functions import read_functions
    from kopir.strategy.portfolio.swap import swap as swapped

    result = swapped(asked.setup, read_functions(asked.model), span=horizon)
    return asked.answer("swap", result, result.ties.table, horizon=horizon, status="optimal")


SWAP = Question(
    swap,
    names={
        "en": "Who relies on the focal state",
        "ru": "Кто зависит от рассматриваемого государства",
        "kk": "Қаралып отырған мемлекетке кім тәуелді",
        "tr": "İncelenen devlete kim bağımlı",
    },
    options={"horizon": HORIZON},
    ids=("swap",),
    command="portfolio",
)
