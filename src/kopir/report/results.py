"""Everything a brief reports, computed once from a model made ready, whatever language it is then told in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kopir.core.errors import InputError, ModelError
from kopir.flow.value import Flow
from kopir.model.network.capacity import Horizon
from kopir.model.network.goods import Goods, columns_of
from kopir.model.ties.functions import read_functions
from kopir.strategy.portfolio.portfolio_trend import TrendResult, trend
from kopir.strategy.portfolio.result import PortfolioResult
from kopir.strategy.portfolio.vectors import portfolio
from kopir.strategy.refusal.coalitions import CoalitionResult, coalitions
from kopir.strategy.refusal.curves import CurveResult, curves
from kopir.strategy.refusal.dependence import DependenceResult, dependence
from kopir.strategy.refusal.leverage import LeverageResult, leverage, leverage_intervals
from kopir.strategy.refusal.moves import MovesResult, moves
from kopir.strategy.refusal.quota import QuotaResult, quotas
from kopir.strategy.refusal.ranked import with_drawn
from kopir.strategy.refusal.reverse import ReverseResult, reverse
from kopir.strategy.refusal.skill import SkillResult, skill
from kopir.strategy.value.control import territories
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import DRAWS, IntervalResult
from kopir.strategy.value.valuation import NOBODY

_NINETY = 1.645
"""Standard errors either side of an estimate that hold it 90 of 100 times (normal distribution)."""


@dataclass(frozen=True)
class Results:
    """Results of every question that a brief answers, all from one setup.

    ``dependence`` and ``skill`` are ``None`` for a model without the recorded flows they need, ``moves`` for
    one without options, ``coalitions`` where too many players touch something to value every coalition.
    """

    setup: Setup
    horizon: Horizon
    seed: int
    undisturbed: Flow
    leverage: LeverageResult
    intervals: IntervalResult
    curves: CurveResult
    reverse: ReverseResult
    trend: TrendResult
    quotas: QuotaResult
    coalitions: CoalitionResult | None
    dependence: DependenceResult | None
    skill: SkillResult | None
    moves: MovesResult | None
    portfolio: PortfolioResult

    @cached_property
    def worst(self) -> str:
        """The player with the largest leverage."""
        worst: str = self.leverage.table["partner"][0]
        return worst

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """Players whose refusal costs anything, strands or moves goods or has a share in a coalition's loss."""
        table = self.leverage.table
        tonnes = columns_of(self.leverage.goods, "sensitivity", "stranded")
        touched = pl.max_horizontal(pl.col(*tonnes, "leverage_musd").abs()) > 1e-6
        found = table.filter(touched)["partner"].to_list()
        held = self.leverage.control.filter(pl.col("before_mt") > 1e-6)["controller"].to_list()
        shares = [] if self.coalitions is None else _with_share(self.coalitions)
        named = {*found, *held, *shares}
        return tuple(partner for partner in table["partner"].to_list() if partner in named)

    def traded_mt(self, goods: Goods) -> float:
        """Return Mt a year of ``goods`` that the focal state sells abroad or buys there, undisturbed."""
        markets = self.setup.model.table("markets")
        home = markets.filter(pl.col("kind") == "domestic")["market"].to_list()
        sold = self.leverage.routes.filter(
            (pl.col("asset_type") == "market")
            & (pl.col("owner") == self.setup.focal_state)
            & pl.col("commodity").is_in(list(goods.commodities))
            & ~pl.col("asset").is_in(home)
            & (pl.col("denier") == self.worst)
        )
        return float(sold["before_mt"].sum())

    def row(self, partner: str) -> dict[str, float | None]:
        """Return the row of the leverage table of ``partner``."""
        return self.leverage.table.row(by_predicate=pl.col("partner") == partner, named=True)

    def interval(self, partner: str, measure: str) -> tuple[float | None, float | None]:
        """Return the interval of a measure of ``partner``, ``(None, None)`` where none was computed."""
        rows = self.intervals.table.filter((pl.col("partner") == partner) & (pl.col("measure") == measure))
        return (rows["low"][0], rows["high"][0]) if rows.height else (None, None)

    def assumed_ends(self, partner: str) -> tuple[float | None, float | None]:
        """Return the ends (0 to 1) of the assumed share of the variance of leverage that hold 90 of 100 times."""
        share, error = (self.row(partner)[name] for name in ("assumed_share", "assumed_error"))
        if share is None or error is None:
            return None, None
        return max(0.0, share - _NINETY * error), min(1.0, share + _NINETY * error)

    def controlled(self, denier: str, controller: str, when: str, goods: Goods) -> float:
        """Return Mt of ``goods`` under control of ``controller``, ``before`` or ``after`` ``denier`` refuses."""
        rows = self.leverage.control.filter(denier=denier, controller=controller, goods=goods.name)
        return float(rows[f"{when}_mt"][0])


def compute(setup: Setup, *, seed: int, horizon: Horizon = "short", draws: int = DRAWS) -> Results:
    """Return all results of a brief.

    Raises :class:`kopir.core.errors.ModelError` where the model has no optimum.
    """
    valuation = setup.valuation(horizon)
    undisturbed = valuation.flow(NOBODY)
    drawn = leverage_intervals(setup, span=horizon, draws=draws, seed=seed)
    return Results(
        setup=setup,
        horizon=horizon,
        seed=seed,
        undisturbed=undisturbed,
        leverage=with_drawn(leverage(setup, span=horizon), drawn),
        intervals=drawn,
        curves=curves(setup),
        reverse=reverse(setup, span=horizon),
        trend=trend(read_functions(setup.model)),
        quotas=quotas(setup, undisturbed),
        coalitions=_coalitions(setup, horizon),
        dependence=dependence(setup, _territories(setup)) if setup.calibration is not None else None,
        skill=_skill(setup),
        moves=moves(setup, span="medium") if setup.network.gains.options else None,
        portfolio=portfolio(setup, span=horizon),
    )


def _coalitions(setup: Setup, horizon: Horizon) -> CoalitionResult | None:
    try:
        return coalitions(setup.valuation(horizon), setup.model.settings.players)
    except InputError:  # more players touch something than can be valued exactly
        return None


def _skill(setup: Setup) -> SkillResult | None:
    try:
        return skill(setup.model)
    except ModelError:  # an earlier year cannot be calibrated; the brief says that there is no test
        return None


def _territories(setup: Setup) -> list[str]:
    """Return the players that are states with places or links of the network on their territory."""
    states = setup.model.table("jurisdictions").filter(pl.col("kind") == "state")["jurisdiction"].to_list()
    network = setup.network
    crossed = [
        state
        for link, named in territories(setup.model).items()
        if ("link", link) in network.asset_index
        for state in named
    ]
    nodes = setup.model.table("nodes").filter(pl.col("node").is_in(network.nodes))
    places = {*nodes["territory"].to_list(), *crossed} & set(states)
    return [player for player in setup.model.settings.players if player in places]


def _with_share(result: CoalitionResult) -> list[str]:
    return result.shares.filter(pl.col("shapley_musd") > 1e-6)["player"].to_list()
