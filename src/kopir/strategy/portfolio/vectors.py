"""The portfolio of partners and functions: ties, losses, concentration, overlap and what may be ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import polars as pl

from kopir.model.network.capacity import Horizon
from kopir.model.network.network import Floats
from kopir.model.ties.functions import FunctionBook, read_functions
from kopir.strategy.layers.closable import closable
from kopir.strategy.portfolio.alignment import alignment
from kopir.strategy.portfolio.exposure import ROUNDING, Exposure, exposure, without_rounding
from kopir.strategy.portfolio.matrix import MatrixResult, partner_function_matrix
from kopir.strategy.portfolio.portfolio import (
    asymmetry,
    autonomy,
    effective_number,
    effective_partners_per_function,
    normalised_specialisation,
    specialisation,
)
from kopir.strategy.portfolio.portfolio_trend import TrendResult, trend
from kopir.strategy.portfolio.result import Measures, PortfolioResult
from kopir.strategy.portfolio.vector_years import vector_years
from kopir.strategy.refusal.coalitions import MOST_PLAYERS, CoalitionResult, coalitions
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.trade.function_losses import outside_losses
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.ties import SCHEMA as TIES
from kopir.strategy.value.ties import tie_table

BREAKING = 0.5
"""Share of what all players can take together that counts as breaking."""

_LOSSES = ("leverage_musd", "leverage_musd_low", "leverage_musd_high")
_FUNCTIONS: Mapping[str, Any] = {
    "function": pl.String,
    "kind": pl.String,
    "partners": pl.Int64,
    "effective_by_loss": pl.Float64,
    "worst": pl.String,
    "worst_musd": pl.Float64,
}
_RANKING: Mapping[str, Any] = {
    **dict.fromkeys(("partner", "first", "second"), pl.String),
    **dict.fromkeys(("first_musd", "second_musd"), pl.Float64),
    "verdict": pl.String,
}


def portfolio(
    setup: Setup,
    *,
    span: Horizon = "short",
    severity: float = 1.0,
    draws: int = 0,
    seed: int = 0,
    by_year: bool = False,
) -> PortfolioResult:
    """Return the portfolio of the model's players and of every partner that ``shares.csv`` names.

    Losses of the network and losses in closed form are never added: the middle of an interval as wide as theirs
    is no number. What partners take at once, their Shapley values and all measures are those of the network.
    ``draws`` give network losses an interval, without which functions are not ranked; ``by_year`` solves every
    year with recorded flows. Raises
    :class:`kopir.core.errors.ModelError` where the model has no optimum.
    """
    book = read_functions(setup.model)
    players = setup.model.settings.players
    losses = outside_losses(setup.model, book, setup.clauses, span, severity)
    partners = sorted({*players, *(partner for loss in losses for partner in loss.partners)})
    valuation = setup.valuation(span)
    exposed = exposure(
        setup,
        partners,
        losses=losses,
        span=span,
        severity=severity,
        draws=draws,
        seed=seed,
        valuation=valuation,
    )
    network = partner_function_matrix(valuation, partners, severity=severity)
    game = coalitions(valuation, players, severity=severity) if len(players) <= MOST_PLAYERS else None
    ties, moved = tie_table(book), trend(book)
    table = _cells(ties.table, exposed.table, book)
    votes, vote_cells = alignment(setup.model, {*players, *table["partner"].to_list()})
    return PortfolioResult(
        horizon=span,
        severity=severity,
        baseline_year=setup.baseline.year,
        table=table,
        functions=_functions(book, table, exposed, moved),
        partners=_partners(setup, table, network, game, votes, span, severity),
        pairs=_pairs(table, game),
        ranking=_ranking(exposed.table),
        trend=moved,
        measures=_measures(network.losses, game),
        ties=ties,
        exposure=exposed,
        alignment=vote_cells,
        closable=closable(setup.model),
        setup=setup,
        vector_years=vector_years(setup, players, span=span, severity=severity) if by_year else None,
    )


def _cells(ties: pl.DataFrame, losses: pl.DataFrame, book: FunctionBook) -> pl.DataFrame:
    """Put each loss beside the partner's tie in the function's own measure, else its first, else apart."""
    own = {name: function.measure or "" for name, function in book.functions.items()}
    measures: dict[tuple[str, str], list[str]] = {}
    for function, partner, measure in ties.select("function", "partner", "measure").iter_rows():
        measures.setdefault((function, partner), []).append(measure)
    beside = []
    for partner, function in losses.select("partner", "function").iter_rows():
        known = measures.get((function, partner), [])
        beside.append(own.get(function, "") if own.get(function, "") in known or not known else known[0])
    measured = losses.with_columns(measure=pl.Series(beside, dtype=pl.String))
    joined = ties.join(measured, on=["function", "partner", "measure"], how="full", coalesce=True)
    return joined.select(*TIES, *_LOSSES).sort("function", "partner", "measure")


def _positive(losses: Floats) -> Floats:
    positive: Floats = np.where(losses > ROUNDING, losses, 0.0)
    return positive


def _functions(book: FunctionBook, table: pl.DataFrame, exposed: Exposure, moved: TrendResult) -> pl.DataFrame:
    matrix, names = _positive(exposed.matrix.losses), exposed.matrix.functions
    effective = effective_partners_per_function(matrix) if matrix.size else np.zeros(0)
    rows = []
    for name, function in book.functions.items():
        by_loss, worst, worst_musd = None, None, None
        if name in names and matrix[:, names.index(name)].any():
            column = matrix[:, names.index(name)]
            by_loss, worst_musd = float(effective[names.index(name)]), float(column.max())
            worst = exposed.matrix.names[int(column.argmax())]
        serving = set(_serving(table).filter(function=name)["partner"].to_list())
        served = len(serving - book.regions)
        rows.append((name, function.kind, served, by_loss, worst, worst_musd))
    latest = moved.table.sort("year").unique("function", keep="last").drop("partners")
    frame = pl.DataFrame(rows, schema=_FUNCTIONS, orient="row")
    return frame.join(latest, on="function", how="left").sort("function")


def _partners(
    setup: Setup,
    table: pl.DataFrame,
    network: MatrixResult,
    game: CoalitionResult | None,
    votes: pl.DataFrame,
    span: Horizon,
    severity: float,
) -> pl.DataFrame:
    served = _serving(table).group_by("partner").agg(functions=pl.col("function").n_unique().cast(pl.Int64))
    losses = network.partners.with_columns(
        pl.col("leverage", "by_function", "bundling_gain").map_elements(without_rounding, return_dtype=pl.Float64)
    )
    names = {"leverage": "leverage_musd", "by_function": "by_function_musd", "bundling_gain": "bundling_musd"}
    totals = losses.rename(names)
    own = leverage(setup, span=span, severity=severity).table.select("partner", "own_income_musd")
    found = served.join(totals, on="partner", how="full", coalesce=True).join(own, on="partner", how="left")
    if game is not None:
        shares = game.shares.select(pl.col("player").alias("partner"), "shapley_musd", "weight")
        found = found.join(shares, on="partner", how="left")
    found = found.join(_against_income(setup, found), on="partner", how="left").join(
        votes, on="partner", how="left"
    )
    return found.with_columns(pl.col("functions").fill_null(0)).sort(
        "leverage_musd", "partner", descending=[True, False], nulls_last=True
    )


def _against_income(setup: Setup, partners: pl.DataFrame) -> pl.DataFrame:
    """Return what refusing costs both sides against their incomes, where the model states these."""
    income = dict(setup.model.table("jurisdictions").select("jurisdiction", "gni").iter_rows())
    names = ("loss_per_cent", "own_cost_per_cent", "points", "cost_ratio", "relative_ratio")
    rows = []
    for partner, loss, own in partners.select("partner", "leverage_musd", "own_income_musd").iter_rows():
        mine, theirs = income.get(setup.focal_state), income.get(partner)
        if None not in {loss, own} and mine and theirs:
            found = asymmetry(loss, mine, own, theirs)
            rows.append((partner, *(getattr(found, name) for name in names)))
    schema: dict[str, Any] = {"partner": pl.String, **dict.fromkeys(names, pl.Float64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _pairs(table: pl.DataFrame, game: CoalitionResult | None) -> pl.DataFrame:
    """Return the functions that two partners both serve, and how a joint refusal differs from two single ones."""
    serves: dict[str, set[str]] = {}
    for partner, function in _serving(table).select("partner", "function").iter_rows():
        serves.setdefault(partner, set()).add(function)
    together: dict[tuple[str, str], float] = {}
    if game is not None:
        together = {(first, second): value for first, second, value in game.pairs.iter_rows()}
    rows = []
    for first, second in combinations(sorted(serves), 2):
        shared = sorted(serves[first] & serves[second])
        if shared or (first, second) in together:
            rows.append((first, second, len(shared), shared, together.get((first, second))))
    schema: dict[str, Any] = {"first": pl.String, "second": pl.String, "shared": pl.Int64}
    schema |= {"functions": pl.List(pl.String), "interaction_musd": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _serving(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows in which a partner does serve the function: a share above zero, a loss, or words alone."""
    shared = pl.col("share").fill_null(pl.when(pl.col("leverage_musd").is_null()).then(1.0).otherwise(0.0)) > 0
    return table.filter(shared | (pl.col("leverage_musd").fill_null(0.0) > ROUNDING))


def _ranking(losses: pl.DataFrame) -> pl.DataFrame:
    """Return neighbours in the order of a partner's losses by function, and whether the order may be told."""
    rows = []
    felt = losses.filter(pl.col("leverage_musd") > ROUNDING)  # a floor is no loss and takes no place
    for partner in sorted(set(felt["partner"].to_list())):
        ordered = (
            felt.filter(partner=partner)
            .sort("leverage_musd", "function", descending=[True, False])
            .rows(named=True)
        )
        for first, second in pairwise(ordered):
            losses_here = first["leverage_musd"], second["leverage_musd"]
            rows.append((partner, first["function"], second["function"], *losses_here, _order(first, second)))
    return pl.DataFrame(rows, schema=_RANKING, orient="row")


def _order(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    if first["leverage_musd_low"] is None or second["leverage_musd_high"] is None:
        return "refused"
    return "holds" if first["leverage_musd_low"] > second["leverage_musd_high"] else "open"


def _measures(losses: Floats, game: CoalitionResult | None) -> Measures:
    matrix = _positive(losses)
    weights: Sequence[float] = [] if game is None else game.shares["weight"].drop_nulls().clip(0).to_list()
    everyone = 0.0 if game is None else float(game.game[-1])
    alone = 0.0 if game is None or game.worst.is_empty() else float(game.worst["leverage_musd"][0])
    normalised = _number(normalised_specialisation(matrix))
    breaking = BREAKING * everyone if everyone > 0 else None
    return Measures(
        effective_vectors=_number(float(effective_number(weights))) if weights else None,
        effective_partners=_number(float(effective_number(matrix.sum(axis=1)))),
        specialisation=_number(specialisation(matrix)),
        normalised_specialisation=normalised,
        overlap=None if normalised is None else 1 - normalised,
        autonomy=_number(autonomy(alone, everyone)),
        breaking_number=None if game is None or breaking is None else game.breaking_number(breaking),
        breaking_musd=breaking,
    )


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None
