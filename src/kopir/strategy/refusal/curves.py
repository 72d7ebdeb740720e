"""Curves over severity and duration: how fast a refusal hurts, and how much of one is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kopir.flow.value import Flow
from kopir.model.network.clauses import Denial
from kopir.model.network.goods import Goods, columns_of, goods_of
from kopir.model.network.network import Floats
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Months

SEVERITIES = (0.1, 0.3, 1.0)
DURATIONS = (1, 3, 6, 12, 24, 36)
MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class CurveResult:
    """Losses over the whole duration, not a year.

    ``table`` has one row for each ``party``, ``severity`` and ``months``: ``stranded_mt`` (Mt neither produced nor
    received in those months; a column for each of ``goods`` where these are several, ``stranded_coal_mt``),
    ``loss_musd`` (million USD, with calibrated terms) and ``recorded_musd`` (at recorded costs).
    """

    table: pl.DataFrame
    goods: tuple[Goods, ...]


def curves(
    setup: Setup,
    *,
    parties: Sequence[str] | None = None,
    severities: Sequence[float] = SEVERITIES,
    durations: Sequence[int] = DURATIONS,
) -> CurveResult:
    """Return the loss of each refusal for every severity and duration (months).

    Losses are summed month by month, each with the capacity that other routes have reached by then: what a
    route can carry later makes up for nothing that was lost before.
    """
    players = tuple(parties or setup.model.settings.players)
    denials = {
        (party, severity): Denial(frozenset([party]), severity) for party in players for severity in severities
    }
    goods = goods_of(setup.network, setup.focal_state)
    months = range(1, max(durations) + 1)
    valuations = [setup.valuation(Months(month, month)) for month in months]
    function = setup.value_function()
    rows = []
    for key, denial in denials.items():
        lost, after = np.zeros(len(goods) + 2), None
        for month, valuation in zip(months, valuations, strict=True):
            after = function.solve_after(valuation.situation(denial), after)
            lost += _lost(setup, goods, valuation.flow(NOBODY), after.flow) / MONTHS_PER_YEAR
            if month in durations:
                rows.append((*key, month, *map(float, lost)))
    schema = {"party": pl.String, "severity": pl.Float64, "months": pl.Int64}
    schema |= dict.fromkeys((*columns_of(goods, "stranded"), "loss_musd", "recorded_musd"), pl.Float64)
    table = pl.DataFrame(rows, schema=schema, orient="row").sort("party", "severity", "months")
    return CurveResult(table, goods)


def _lost(setup: Setup, goods: Sequence[Goods], before: Flow, after: Flow) -> Floats:
    """Return Mt of each goods not supplied, loss of value and loss at recorded costs, each at its yearly rate."""
    owner, cost = setup.focal_state, setup.network.activities.cost
    return np.array(
        [
            *(before.produced(owner, one.commodities) - after.produced(owner, one.commodities) for one in goods),
            before.value - after.value,
            cost @ after.total - cost @ before.total,
        ]
    )
