"""Partner by function: what each partner takes through each function, its interval, and the cells it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kopir.flow.value import Starts
from kopir.model.grounds.cited import Cells
from kopir.model.network.capacity import Horizon
from kopir.model.network.clauses import Denial
from kopir.strategy.portfolio.matrix import MatrixResult, partner_function_matrix
from kopir.strategy.trade.function_losses import OutsideLoss
from kopir.strategy.value.behind import cells_of_loss
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import intervals
from kopir.strategy.value.valuation import NOBODY, Valuation

SCHEMA = {
    "partner": pl.String,
    "function": pl.String,
    **dict.fromkeys(("leverage_musd", "leverage_musd_low", "leverage_musd_high"), pl.Float64),
}
ROUNDING = 1e-6
"""Losses smaller than this (million USD a year) are rounding of the solver."""
_Key = tuple[str, str]


@dataclass(frozen=True)
class Exposure:
    """``M[p, f]`` with what it rests on; million USD a year.

    ``table``: partner, function, ``leverage_musd`` (null where only a floor is known, which then stands as its low
    end), its ends (null where not computed: losses in the network need draws). A pair in which the partner closes
    nothing and has no share is absent. ``inputs`` gives the cells behind each pair.
    """

    matrix: MatrixResult
    table: pl.DataFrame
    inputs: Mapping[_Key, Cells]


def exposure(
    setup: Setup,
    partners: Sequence[str],
    *,
    losses: Sequence[OutsideLoss] = (),
    span: Horizon = "short",
    severity: float = 1.0,
    draws: int = 0,
    seed: int = 0,
    valuation: Valuation | None = None,
) -> Exposure:
    """Return what each of ``partners`` takes through each function: those of the network, and ``losses`` beside.

    ``draws`` joint draws of the uncertain inputs (as :func:`kopir.strategy.value.uncertainty.intervals` draws
    them) give network losses their ends. ``valuation`` is that of ``span`` where there is one already: what it is
    asked here it knows. Raises :class:`kopir.core.errors.InputError` for an unknown partner.
    """
    valuation = valuation or setup.valuation(span)
    matrix = partner_function_matrix(valuation, partners, severity=severity, losses=losses)
    drawn = _drawn(setup, matrix, span, draws, seed)
    rows: list[tuple[str, str, float | None, float | None, float | None]] = []
    inputs: dict[_Key, Cells] = {}
    for row, partner in enumerate(matrix.names):
        parties = setup.clauses.expand([partner])
        for column, function in enumerate(matrix.functions):
            loss: float | None = without_rounding(float(matrix.losses[row, column]))
            ends = drawn.get((partner, function), {})
            low, high = (ends.get(name) for name in ("low", "high"))
            outside = [one for one in losses if one.function == function and partner in one.partners]
            if function in setup.clauses.functions_of(partner):
                denial = Denial(frozenset([partner]), severity, function)
                cells = cells_of_loss(setup, valuation.flow(NOBODY), valuation.flow(denial), denial)
            elif outside:
                whole = [one.interval(parties, severity) for one in outside]
                loss, low, high = (
                    _sum(getattr(one, name) for one in whole) for name in ("central", "low", "high")
                )
                cells = tuple(sorted({ref for one in outside for ref in one.cells(parties)}))
            else:
                continue
            if not cells:  # its clauses are in force already: there is nothing left to refuse
                continue
            rows.append((partner, function, loss, low, high))
            inputs[partner, function] = cells
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("function", "partner")
    return Exposure(matrix, table, inputs)


def _sum(amounts: Iterable[float | None]) -> float | None:
    known = list(amounts)
    return None if None in known else math.fsum(one for one in known if one is not None)


def without_rounding(loss: float) -> float:
    """Return a loss (million USD a year), or zero where it is too small to tell from rounding of the solver."""
    return loss if abs(loss) > ROUNDING else 0.0


def _drawn(
    setup: Setup, central: MatrixResult, span: Horizon, draws: int, seed: int
) -> Mapping[_Key, Mapping[str, float | None]]:
    """Return what draws say of network losses: their ends."""
    if not draws:
        return {}

    starts: Starts = {}

    def ask(drawn: Setup) -> pl.DataFrame:
        valuation = drawn.valuation(span)
        return partner_function_matrix(valuation, central.names, severity=central.severity, starts=starts).table

    found = intervals(setup, ask, ("partner", "function"), draws=draws, seed=seed).table
    return {(row["partner"], row["function"]): row for row in found.iter_rows(named=True)}
