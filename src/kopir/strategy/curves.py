"""Curves over severity and duration: how fast a refusal hurts, and how much of one is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kopir.model.clauses import Denial
from kopir.strategy.setup import Setup
from kopir.strategy.valuation import NOBODY, Months

SEVERITIES = (0.1, 0.3, 1.0)
DURATIONS = (1, 3, 6, 12, 24, 36)


@dataclass(frozen=True)
class CurveResult:
    """Losses over the whole duration, not a year.

    ``table`` has one row for each ``party``, ``severity`` and ``months``: ``stranded_mt`` (Mt not produced in
    those months), ``loss_usd`` (million USD, with calibrated terms) and ``recorded_usd`` (at recorded costs).
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

    Capacity is the mean over the months of the duration, so other routes have had that long to open.
    """
    owner = setup.focal_state
    cost = setup.network.activities.cost
    rows = []
    for months in durations:
        valuation = setup.valuation(Months(1, months))
        before = valuation.flow(NOBODY)
        years = months / 12
        for party in parties or setup.model.settings.players:
            for severity in severities:
                after = valuation.flow(Denial(frozenset([party]), severity))
                rows.append(
                    {
                        "party": party,
                        "severity": severity,
                        "months": months,
                        "stranded_mt": years * (before.produced(owner) - after.produced(owner)),
                        "loss_usd": years * (before.value - after.value),
                        "recorded_usd": years * float(cost @ after.total - cost @ before.total),
                    }
                )
    return CurveResult(pl.DataFrame(rows).sort("party", "severity", "months"))
