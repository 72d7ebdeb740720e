"""Curves over severity and duration: how fast a refusal hurts, and how much of one is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kopir.flow.value import Flow
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Months

SEVERITIES = (0.1, 0.3, 1.0)
DURATIONS = (1, 3, 6, 12, 24, 36)
MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class CurveResult:
    """Losses over the whole duration, not a year.

    ``table`` has one row for each ``party``, ``severity`` and ``months``: ``stranded_mt`` (Mt not produced in
    those months), ``loss_musd`` (million USD, with calibrated terms) and ``recorded_musd`` (at recorded costs).
    """

    table: pl.DataFrame


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
    lost = {key: np.zeros(3) for key in denials}
    rows = []
    for month in range(1, max(durations) + 1):
        valuation = setup.valuation(Months(month, month))
        before = valuation.flow(NOBODY)
        for key, denial in denials.items():
            lost[key] += _lost(setup, before, valuation.flow(denial)) / MONTHS_PER_YEAR
        if month in durations:
            rows += [(*key, month, *map(float, lost[key])) for key in denials]
    schema = {"party": pl.String, "severity": pl.Float64, "months": pl.Int64}
    schema |= dict.fromkeys(("stranded_mt", "loss_musd", "recorded_musd"), pl.Float64)
    return CurveResult(pl.DataFrame(rows, schema=schema, orient="row").sort("party", "severity", "months"))


def _lost(setup: Setup, before: Flow, after: Flow) -> Floats:
    """Return Mt not produced, loss of value and loss at recorded costs, each at its yearly rate."""
    owner, cost = setup.focal_state, setup.network.activities.cost
    return np.array(
        [
            before.produced(owner) - after.produced(owner),
            before.value - after.value,
            cost @ after.total - cost @ before.total,
        ]
    )
