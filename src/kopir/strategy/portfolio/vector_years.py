"""The vectors of the network year by year: the same measures with the flows that each year recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kopir.core.errors import ModelError
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells
from kopir.model.network.baseline import recorded_years
from kopir.model.network.capacity import Horizon
from kopir.strategy.portfolio.matrix import partner_function_matrix
from kopir.strategy.portfolio.portfolio import autonomy, effective_number, normalised_specialisation
from kopir.strategy.refusal.coalitions import MOST_PLAYERS, coalition_cells, coalitions
from kopir.strategy.value.setup import Setup, prepare_year

SCHEMA: Mapping[str, Any] = {
    "year": pl.Int64,
    **dict.fromkeys(
        (
            "effective_vectors",
            "normalised_specialisation",
            "autonomy",
            "everyone_musd",
            "worst_musd",
            "worst_share",
        ),
        pl.Float64,
    ),
    "worst": pl.String,
}


@dataclass(frozen=True)
class VectorYears:
    """Measures of the network by year, with the flows recorded in it and the prices and costs of the base year.

    ``table``: year, effective number of vectors, specialisation of losses, autonomy (see
    :class:`kopir.strategy.portfolio.result.Measures`), the loss when all players refuse, the worst partner alone
    with its loss and that loss over the one of all (``worst_share``). ``left_out`` names years whose records
    cannot be calibrated, and why. ``inputs`` gives the cells by year.
    """

    table: pl.DataFrame
    left_out: tuple[tuple[int, str], ...]
    inputs: Mapping[int, Cells]


def vector_years(
    setup: Setup, players: Sequence[str], *, span: Horizon = "short", severity: float = 1.0
) -> VectorYears:
    """Return the measures for each year whose supplies are recorded; none for more than 12 players."""
    rows: list[dict[str, object]] = []
    left_out: list[tuple[int, str]] = []
    inputs: dict[int, Cells] = {}
    for year in sorted(recorded_years(setup.model)) if len(players) <= MOST_PLAYERS else ():
        try:
            rows.append({"year": year} | _row(prepare_year(setup.model, year), players, span, severity))
        except ModelError as error:
            left_out.append((year, error.faults[0].why))
            continue
        inputs[year] = _cells(setup, players, year)
    return VectorYears(pl.DataFrame(rows, schema=SCHEMA), tuple(left_out), inputs)


def _row(setup: Setup, players: Sequence[str], span: Horizon, severity: float) -> dict[str, object]:
    valuation = setup.valuation(span)
    game = coalitions(valuation, players, severity=severity)
    matrix = partner_function_matrix(valuation, players, severity=severity).losses
    weights = game.shares["weight"].drop_nulls().clip(0).to_list()
    everyone = float(game.game[-1])
    worst, worst_musd = (
        game.shares.sort("leverage_musd", "player", descending=[True, False])
        .select("player", "leverage_musd")
        .row(0)
    )
    return {
        "effective_vectors": float(effective_number(weights)) if weights else None,
        "normalised_specialisation": _known(normalised_specialisation(np.maximum(matrix, 0.0))),
        "autonomy": _known(autonomy(worst_musd, everyone)),
        "everyone_musd": everyone,
        "worst_musd": worst_musd,
        "worst_share": worst_musd / everyone if everyone > 0 else None,
        "worst": worst,
    }


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _cells(setup: Setup, players: Sequence[str], year: int) -> Cells:
    flows = setup.model.table("baseline_flows").filter(pl.col("period") == str(year))["line"].to_list()
    recorded = {CellRef("baseline_flows", line, "value") for line in flows}
    others = {ref for ref in coalition_cells(setup, players) if ref.table != "baseline_flows"}
    return tuple(sorted(others | (recorded & set(setup.model.quantities))))
