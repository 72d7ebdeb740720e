"""Monthly prices of a dated scenario: what sales bring in each step beside the mean of the base year.

Shippers and operators decide at the prices of the base year: they do not speculate on the month. Losses are
counted at the prices of the months in which the oil would have been sold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from statistics import fmean

import numpy as np

from kopir.core.errors import Fault, InputError
from kopir.core.periods import Period
from kopir.model.contents.model import Model
from kopir.model.network.network import Floats, Kind
from kopir.model.network.scenario import Scenario, days_of
from kopir.strategy.value.setup import Setup

MEND = 'add the month to series.csv, or write prices = "base" ([scenario]; --base-prices) for base-year prices'


def price_factors(setup: Setup, scenario: Scenario) -> Floats:
    """Return the price of each step beside the mean of the base year (steps x activities; 1 for what is no sale).

    A step that spans months is the mean over its days. Raises :class:`InputError` naming every month for which
    a series that a market follows has no value.
    """
    network = setup.network
    factors = np.ones((len(scenario.steps), len(network.activities)))
    if scenario.prices == "base":
        return factors
    followed = _followed(setup.model)
    faults: list[Fault] = []
    for series in sorted(set(followed.values())):
        months = _months(setup.model, series)
        base = _base_months(setup.model)
        counts = [Counter(day.isoformat()[:7] for day in days_of(step)) for step in scenario.steps]
        missing = sorted({month for count in counts for month in count}.union(base) - months.keys())
        faults += [_missing(series, month) for month in missing]
        if missing:
            continue
        mean = fmean(months[month] for month in base)
        course = [_mean(count, months, step) / mean for count, step in zip(counts, scenario.steps, strict=True)]
        markets = [
            network.asset_index.get(("market", market), -1) for market, of in followed.items() if of == series
        ]
        sales = network.of_kind(Kind.SALE) & np.isin(network.activities.asset, markets)
        factors[:, sales] = np.array(course)[:, None]
    if faults:
        raise InputError(faults)
    return factors


def months_without_price(setup: Setup, scenario: Scenario) -> tuple[str, ...]:
    """Return the months (YYYY-MM, sorted) for which a series that a market follows has no value, if they count."""
    if scenario.prices == "base":
        return ()
    asked = {month for step in scenario.steps for month in (day.isoformat()[:7] for day in days_of(step))}
    asked |= set(_base_months(setup.model))
    series = set(_followed(setup.model).values())
    return tuple(sorted({month for one in series for month in asked - _months(setup.model, one).keys()}))


def mean_factor(factors: Floats, use: Floats) -> Floats:
    """Return the price factor of each activity over all steps, weighted by its use (steps x activities)."""
    total = use.sum(axis=0)
    weighted = (factors * use).sum(axis=0)
    mean: Floats = np.divide(weighted, total, out=factors.mean(axis=0), where=total > 0)
    return mean


def _base_months(model: Model) -> list[str]:
    return [f"{model.settings.model.base_year}-{month:02}" for month in range(1, 13)]


def _followed(model: Model) -> Mapping[str, str]:
    rows = model.table("markets").select("market", "series").iter_rows()
    return {market: series for market, series in rows if series}


def _months(model: Model, series: str) -> Mapping[str, float]:
    return dict(model.table("series").filter(series=series).select("period", "value").iter_rows())


def _mean(count: Mapping[str, int], months: Mapping[str, float], step: Period) -> float:
    return sum(days * months[month] for month, days in count.items()) / step.days


def _missing(series: str, month: str) -> Fault:
    return Fault("K0804", f"no price of {series} for {month}", MEND, "series.csv", column="period", value=month)
