"""Skill of the calibration: routes of the base year predicted from earlier years, beside naive forecasts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from kopir.core.errors import ModelError
from kopir.flow.calibration import Calibration, calibrate, with_seen_capacity
from kopir.flow.value import ValueFunction
from kopir.model.contents.as_of import at_year
from kopir.model.contents.model import Model
from kopir.model.network.assembly import build_network
from kopir.model.network.baseline import Baseline, read_baseline, recorded_years
from kopir.model.network.network import Floats, Kind, Network
from kopir.strategy.value.setup import as_recorded

FACTORS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Multiples of the recorded elasticities among which the earlier years choose."""


@dataclass(frozen=True)
class SkillResult:
    """Predicted routes of ``year`` beside what was seen and two naive forecasts (Mt).

    ``table`` has ``route`` (a recorded asset marked as scored, or the sum of its block), ``observed``,
    ``predicted``, ``no_change`` (as the year before) and ``proportional`` (the year before, scaled by exports).
    ``factor`` multiplied all elasticities; it was chosen on ``fitted_on`` alone, whose error for each candidate
    stands in ``fit``; where these do not differ, the recorded elasticities stand. Errors are means of absolute
    errors over the routes. What the predictions are told of the year is its supplies and its own use.
    """

    year: int
    fitted_on: tuple[int, int]
    factor: float
    fit: tuple[tuple[float, float], ...]
    table: pl.DataFrame
    error_predicted: float
    error_no_change: float
    error_proportional: float


def skill(model: Model) -> SkillResult | None:
    """Return the skill on the base year, or ``None`` when the two years before it are not recorded.

    Nothing either for a state of several goods: errors in tonnes of different goods have no mean.

    The elasticity factor is fitted by calibrating on the year two before and predicting the year before;
    the year scored takes no part in it.
    """
    year = model.settings.model.base_year
    several = len(build_network(model).goods(model.focal_state)) > 1
    if several or not {year - 1, year - 2} <= recorded_years(model):
        return None
    fitted = [(_fit_error(model, year - 1, factor), factor) for factor in FACTORS]
    usable = [pair for pair in fitted if np.isfinite(pair[0])]
    factor = min(usable, key=lambda pair: (round(pair[0], 6), abs(np.log(pair[1]))))[1] if usable else 1.0
    table = _predict(model, year, factor)
    errors = {name: float((table[name] - table["observed"]).abs().mean() or 0.0) for name in table.columns[2:]}  # type: ignore[arg-type]
    return SkillResult(
        year=year,
        fitted_on=(year - 2, year - 1),
        factor=factor,
        fit=tuple((candidate, error) for error, candidate in fitted),
        table=table,
        error_predicted=errors["predicted"],
        error_no_change=errors["no_change"],
        error_proportional=errors["proportional"],
    )


def _fit_error(model: Model, year: int, factor: float) -> float:
    try:
        table = _predict(model, year, factor)
    except ModelError:
        return float("inf")
    return float((table["predicted"] - table["observed"]).abs().mean() or 0.0)  # type: ignore[arg-type]


def _predict(model: Model, year: int, factor: float) -> pl.DataFrame:
    before_network, before = _year(model, year - 1)
    flexible = replace(before, elasticity=before.elasticity * factor)
    calibration = calibrate(with_seen_capacity(before_network, before.use), flexible)
    network, baseline = _year(model, year)
    predicted = _respond(network, calibration)
    routes = _routes(model, baseline, before)
    exported = _exported(model, baseline) / _exported(model, before)
    rows = []
    for route, activities in routes.items():
        earlier = float(before.use[activities].sum())
        rows.append(
            {
                "route": route,
                "observed": float(baseline.use[activities].sum()),
                "predicted": float(predicted[activities].sum()),
                "no_change": earlier,
                "proportional": earlier * exported,
            }
        )
    return pl.DataFrame(rows).sort("observed", "route", descending=[True, False])


def _year(model: Model, year: int) -> tuple[Network, Baseline]:
    """Return the network with the supplies and own use of ``year``, and its recorded flows."""
    then = at_year(model, year)
    network = build_network(then)
    return as_recorded(then, network), read_baseline(then, network, year)


def _respond(network: Network, calibration: Calibration) -> Floats:
    function = ValueFunction(network, calibration.steps)
    return function.solve(function.situation(network.limits.capacity.usable)).total


def _routes(model: Model, baseline: Baseline, before: Baseline) -> dict[str, list[int]]:
    """Return the activities of each scored route that both years record: one asset, or a whole block."""
    network = build_network(model)
    routes: dict[str, list[int]] = {}
    for row in baseline.rows.filter("scored").iter_rows(named=True):
        index = network.asset_index.get((row["asset_type"], row["asset"]))
        for activity in np.flatnonzero(network.activities.asset == index):
            cargo = network.cargoes[network.activities.cargo[activity]]
            recorded = np.isfinite(before.use[activity]) and np.isfinite(baseline.use[activity])
            if recorded and cargo.owner == row["owner"] and row["commodity"] in {None, cargo.commodity}:
                routes.setdefault(row["block"] or row["asset"], []).append(int(activity))
    return routes


def _exported(model: Model, baseline: Baseline) -> float:
    """Return everything recorded as supplied by the focal state less what its own market took."""
    network = build_network(model)
    own = network.owned_by(model.focal_state) & np.isfinite(baseline.use)
    home = {row["market"] for row in model.table("markets").iter_rows(named=True) if row["kind"] == "domestic"}
    domestic = np.array([kind == "market" and asset in home for kind, asset in network.assets])
    supplied = baseline.use[own & network.of_kind(Kind.SUPPLY)].sum()
    kept = baseline.use[own & network.of_kind(Kind.SALE) & domestic[network.activities.asset]].sum()
    return float(supplied - kept)
