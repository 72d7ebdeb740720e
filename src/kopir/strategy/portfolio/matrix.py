"""The partner-by-function matrix: what each partner takes through each function, and through all together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kopir.flow.value import Starts
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats
from kopir.strategy.portfolio.portfolio import bundling_gain
from kopir.strategy.value.closed_forms import FunctionLoss
from kopir.strategy.value.valuation import NOBODY, Valuation


@dataclass(frozen=True)
class MatrixResult:
    """Losses by partner and function; million USD a year.

    ``losses`` (partners x functions) is ``M[p, f]``, the loss when p denies only what serves f. Tables:

    - ``table``: partner, function, loss.
    - ``partners``: partner, leverage (all functions at once), by_function (the sum of its row), bundling_gain
      (leverage - by_function).

    Both are sorted by their keys. Entries of a row are not shares of the leverage and must not be added up to it.
    """

    names: tuple[str, ...]
    functions: tuple[str, ...]
    losses: Floats
    severity: float
    table: pl.DataFrame
    partners: pl.DataFrame


def partner_function_matrix(
    valuation: Valuation,
    partners: Iterable[str],
    *,
    severity: float = 1.0,
    plan: Iterable[str] = (),
    losses: Sequence[FunctionLoss] = (),
    starts: Starts | None = None,
) -> MatrixResult:
    """Return ``M[p, f] = V(nobody) - V(only the f-assets of p denied)`` and each partner's bundling gain.

    Without a plan, ``starts`` is kept from one draw to the next, so that the first solve begins where that of
    another draw ended.

    Functions are those of the clauses of ``partners`` and of ``losses``, which lie outside the network. Source:
    Clayton, Maggiori and Schreger (2026), A Framework for Geoeconomics, on joint threats. Raises
    :class:`kopir.core.errors.InputError` for an unknown partner.
    """
    names, chosen = tuple(sorted(set(partners))), tuple(plan)
    clauses = valuation.clauses
    served = {name: set(clauses.functions_of(name)) for name in names}
    functions = sorted(set[str]().union(*served.values(), (function.function for function in losses)))

    def value(denial: Denial) -> float:
        return valuation.value(denial, chosen) if starts is None else valuation.value_begun(denial, starts)

    undisturbed = valuation.value(NOBODY, chosen)
    matrix, totals = np.zeros((len(names), len(functions))), np.zeros(len(names))
    for row, name in enumerate(names):
        outside = {
            function: sum(
                block.loss(clauses.expand([name]), severity) for block in losses if block.function == function
            )
            for function in functions
        }
        for column, function in enumerate(functions):
            if function in served[name]:
                denial = Denial(frozenset({name}), severity, function)
                matrix[row, column] = undisturbed - value(denial)
            matrix[row, column] += outside[function]
        denial = Denial(frozenset({name}), severity)
        totals[row] = undisturbed - value(denial) + sum(outside.values())
    return _result(names, tuple(functions), matrix, totals, severity)


def _result(
    names: tuple[str, ...], functions: tuple[str, ...], losses: Floats, totals: Floats, severity: float
) -> MatrixResult:
    return MatrixResult(
        names=names,
        functions=functions,
        losses=losses,
        severity=severity,
        table=pl.DataFrame(
            {
                "partner": np.repeat(names, len(functions)),
                "function": np.tile(functions, len(names)),
                "loss": losses.ravel(),
            },
            schema={"partner": pl.String, "function": pl.String, "loss": pl.Float64},
        ),
        partners=pl.DataFrame(
            {
                "partner": names,
                "leverage": totals,
                "by_function": losses.sum(axis=1),
                "bundling_gain": bundling_gain(losses, totals),
            },
            schema_overrides={"partner": pl.String},
        ),
    )
