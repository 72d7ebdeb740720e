"""Leverage with intervals: what the draws say of each figure, of its assumptions, and of who stands above whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from kopir.flow.value import Starts
from kopir.strategy.refusal.leverage import LeverageResult, losses_of
from kopir.strategy.refusal.responses import values_of
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import IntervalResult, calibration_range, intervals
from kopir.strategy.value.valuation import Span

SURE = 0.95
"""Share of the draws in which one loss must be the larger to stand above another."""

_TIED = 1e-6  # million USD a year; losses nearer than this are the same


def with_intervals(result: LeverageResult, *, span: Span, draws: int, seed: int) -> LeverageResult:
    """Return the result with its intervals over ``draws`` (see :func:`with_drawn`) and its calibration range.

    Raises as :func:`kopir.strategy.value.uncertainty.intervals` does.
    """
    setup, partners = result.setup, result.table["partner"].to_list()
    starts: Starts = {}

    def ask(one: Setup) -> pl.DataFrame:
        return losses_of(one, partners, span=span, severity=result.severity)

    def again(one: Setup) -> pl.DataFrame:
        return values_of(one.valuation(span), partners, result.severity, starts)

    drawn = with_drawn(result, intervals(setup, ask, "partner", draws=draws, seed=seed, again=again))
    return replace(drawn, calibration=_calibrations(setup, result, span, draws=max(2, 3 * draws // 10), seed=seed))


def with_drawn(result: LeverageResult, drawn: IntervalResult) -> LeverageResult:
    """Return the result with ``intervals`` and what these say in ``table``.

    The table gets ``leverage_musd_low``, ``leverage_musd_high``, ``income_musd_low``, ``income_musd_high``
    (million USD a year), ``assumed_share`` and ``assumed_error`` (of the variance of the leverage), and
    ``rank_low`` and ``rank_high``, between which places the draws leave a partner.
    """
    columns = {
        "leverage_musd": {
            "leverage_musd_low": "low",
            "leverage_musd_high": "high",
            "assumed_share": "assumed_share",
            "assumed_error": "assumed_error",
        },
        "income_musd": {"income_musd_low": "low", "income_musd_high": "high"},
    }
    table = result.table
    for measure, named in columns.items():
        own = drawn.table.filter(measure=measure).select(
            "partner", **{column: pl.col(source) for column, source in named.items()}
        )
        table = table.join(own, on="partner", how="left", maintain_order="left")
    places = rank_ranges(drawn, "partner", "leverage_musd")
    table = table.join(places, on="partner", how="left", maintain_order="left")
    return replace(result, table=table, intervals=drawn)


def _calibrations(
    setup: Setup, result: LeverageResult, span: Span, *, draws: int, seed: int
) -> IntervalResult | None:
    if setup.calibration is None:
        return None
    partners = result.table["partner"].to_list()
    starts: Starts = {}

    def ask(drawn: Setup) -> pl.DataFrame:
        return values_of(drawn.valuation(span), partners, result.severity, starts)

    return calibration_range(setup, ask, "partner", draws=draws, seed=seed)


def rank_ranges(drawn: IntervalResult, key: str, measure: str) -> pl.DataFrame:
    """Return ``rank_low`` and ``rank_high`` of each ``key``: the places that the draws leave to its ``measure``.

    One stands above another where it is larger in at least 95 per cent of the draws; a place that is one number
    is certain in this sense, and two whose places overlap are not ranked.
    """
    names = sorted(drawn.answers[0][key].to_list())
    values = np.array(
        [answer.sort(key)[measure].fill_null(0.0).to_numpy() for answer in drawn.answers], dtype=np.float64
    )
    above = (values[:, :, None] > values[:, None, :] + _TIED).mean(axis=0) >= SURE
    return pl.DataFrame(
        {key: names, "rank_low": 1 + above.sum(axis=0), "rank_high": len(names) - above.sum(axis=1)},
        schema_overrides={"rank_low": pl.Int64, "rank_high": pl.Int64},
    )
