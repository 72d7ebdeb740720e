"""The record of the corridors: the scale of the choice fitted on some periods, volumes predicted in others.

A prediction takes the volumes of the period a year before as given and lets freight, time and limits change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.model.ties.corridors import Range
from kopir.strategy.corridors.corridor_market import (
    Conditions,
    Market,
    build_market,
    outcome,
    recorded_delay,
    recorded_volumes,
    route_constants,
)
from kopir.strategy.corridors.shippers import Shippers, read_shippers

_WIDEST = (-6.0, -3.0)
"""Powers of ten between which the scale (FEU/USD) is looked for."""


@dataclass(frozen=True)
class CorridorRecord:
    """Volumes of routes (TEU over the period) predicted from the year before, beside what was seen.

    ``table`` has a row for each record that can be predicted: ``no_change`` repeats the year before, ``trend``
    its change (null where the year before that is not recorded); ``low`` and ``high`` are predictions at the ends
    of the recorded scale; shares are those among the routes predicted for the period; errors are relative.
    ``fitted_scale`` (FEU/USD) reproduces the rows of split ``fit``; medians are over those of split ``score``.
    """

    scale: float
    fitted_scale: float | None
    fitted_on: tuple[str, ...]
    table: pl.DataFrame
    unpredicted: pl.DataFrame
    rows_scored: int
    median_error: float | None
    median_no_change: float | None
    median_trend: float | None
    signs_right: int

    @property
    def misses(self) -> tuple[str, ...]:
        """Rows that the forecast of no change meets better."""
        worse = self.table.filter(pl.col("error") > pl.col("error_no_change"))
        return tuple(
            f"{row['route']} {row['period']}: predicted {row['predicted']:.0f}, seen {row['observed']:.0f}"
            for row in worse.iter_rows(named=True)
        )


def corridor_record(model: Model) -> CorridorRecord:
    """Return the record of the first market of the model.

    The fit uses rows of split ``fit`` alone; predictions use the fitted scale, or that of route_choice.csv where
    there is no row to fit on. Raises :class:`InputError` when the model states no market.
    """
    shippers = read_shippers(model)
    records = list(model.table("corridor_records").sort("period", "route").iter_rows(named=True))
    fit_rows = [row for row in records if row["split"] == "fit"]
    fitted = _fit(model, shippers, fit_rows) if fit_rows else None
    scale = shippers.scale.value if fitted is None else fitted
    rows: list[dict[str, object]] = []
    left: list[tuple[str, str, str]] = []
    for row in records:
        try:
            rows.append(_row(model, shippers, scale, row))
        except _NoPrediction as reason:
            left.append((row["route"], row["period"], str(reason)))
    table = _with_shares(pl.DataFrame(rows, schema=_SCHEMA))
    scored = table.filter(split="score")
    compared = scored.filter(pl.col("trend").is_not_null())
    return CorridorRecord(
        scale=shippers.scale.value,
        fitted_scale=fitted,
        fitted_on=tuple(f"{row['route']} {row['period']}" for row in fit_rows),
        table=table,
        unpredicted=pl.DataFrame(left, schema=dict.fromkeys(("route", "period", "why"), pl.String), orient="row"),
        rows_scored=scored.height,
        median_error=_median(scored["error"]),
        median_no_change=_median(scored["error_no_change"]),
        median_trend=_median(compared["error_trend"]),
        signs_right=int(scored["sign"].sum()),
    )


class _NoPrediction(Exception):
    """Why a record is not predicted."""


_SCHEMA = {
    "route": pl.String,
    "period": pl.String,
    "split": pl.String,
    "before": pl.Float64,
    "observed": pl.Float64,
    "predicted": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "no_change": pl.Float64,
    "trend": pl.Float64,
    "days_changed": pl.Float64,
    "error": pl.Float64,
    "error_no_change": pl.Float64,
    "error_trend": pl.Float64,
    "sign": pl.Boolean,
}


def _row(model: Model, shippers: Shippers, scale: float, row: Mapping[str, Any]) -> dict[str, object]:
    route, period, observed = row["route"], row["period"], row["volume"]
    earlier, still_earlier = _year_before(period), _year_before(_year_before(period))
    before = _volume(model, route, earlier)
    if before is None:
        raise _NoPrediction(f"no record of {earlier}")
    whole = recorded_volumes(model, period)[route] / observed
    values = [
        _predict(model, shippers, one, route, period) / whole
        for one in (scale, shippers.scale.low, shippers.scale.high)
    ]
    past = _volume(model, route, still_earlier)
    trend = None if past is None else max(0.0, 2 * before - past)
    return {
        "route": route,
        "period": period,
        "split": row["split"],
        "before": before,
        "observed": observed,
        "predicted": values[0],
        "low": min(values),
        "high": max(values),
        "no_change": before,
        "trend": trend,
        "days_changed": recorded_delay(model, earlier, period).get(route),
        "error": abs(values[0] - observed) / observed,
        "error_no_change": abs(before - observed) / observed,
        "error_trend": None if trend is None else abs(trend - observed) / observed,
        "sign": (values[0] > before) == (observed > before),
    }


def _predict(model: Model, shippers: Shippers, scale: float, route: str, period: str) -> float:
    """Return the volume of a route (TEU a year) with the constants of the year before."""
    earlier = _year_before(period)
    choosing = replace(shippers, scale=Range(scale, scale, scale), base_period=earlier)
    where = (shippers.origin, shippers.destination)
    recorded = recorded_volumes(model, earlier)
    try:
        markets = [build_market(model, choosing, where, Conditions(when)) for when in (earlier, period)]
    except InputError as error:
        raise _NoPrediction("; ".join(fault.why for fault in error.faults)) from None
    before, after = (_recorded_only(market, recorded) for market in markets)
    found = outcome(replace(after, added=route_constants(before, recorded)))
    return found.of_route(after.corridors, route)


def _recorded_only(market: Market, recorded: Mapping[str, float]) -> Market:
    """Return the market without routes of which nothing is recorded, but for those that pay the sea rate."""
    sea = market.shippers.sea_rate
    known = [one.route in recorded or sea in one.rates for one in market.corridors]
    return replace(market, left=np.where(known, market.left, 0.0))


def _fit(model: Model, shippers: Shippers, rows: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the scale at which the logs of predicted over observed volumes of ``rows`` sum to zero."""
    from scipy.optimize import brentq  # takes long to load, and few questions fit the scale

    def miss(power: float) -> float:
        return math.fsum(
            math.log(_predict(model, shippers, 10**power, row["route"], row["period"]))
            - math.log(recorded_volumes(model, row["period"])[row["route"]])
            for row in rows
        )

    if miss(_WIDEST[0]) * miss(_WIDEST[1]) > 0:
        return None
    return float(10 ** brentq(miss, *_WIDEST, xtol=1e-10))


def _volume(model: Model, route: str, period: str) -> float | None:
    found = model.table("corridor_records").filter(route=route, period=period)["volume"].to_list()
    return found[0] if found else None


def _year_before(period: str) -> str:
    return f"{int(period[:4]) - 1}{period[4:]}"


def _with_shares(table: pl.DataFrame) -> pl.DataFrame:
    shares = [
        (pl.col(name) / pl.col(name).sum().over("period")).alias(f"{name}_share")
        for name in ("observed", "predicted", "no_change")
    ]
    return table.with_columns(shares)


def _median(values: pl.Series) -> float | None:
    found = values.median()
    return float(found) if isinstance(found, float) else None
