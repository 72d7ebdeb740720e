"""Every number of the portfolio by an id, with its unit and the cells it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from kopir.model.quantities import CellRef
from kopir.strategy.portfolio.swap import SwapResult
from kopir.strategy.portfolio.vectors import PortfolioResult
from kopir.strategy.refusal.inputs import coalition_cells
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.ties import Cells

_USD = "million USD/yr"
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("first_usd", "second_usd", "breaking_usd"), _USD),
    **dict.fromkeys(("leverage_low", "leverage_high"), _USD),
    **dict.fromkeys(("since",), "year"),
    **dict.fromkeys(("specialisation",), "nat"),
    **dict.fromkeys(("loss_per_cent", "own_cost_per_cent", "points"), "pct"),
}
_OF_VOTES = frozenset({"unga_distance", "stability"})
_OF_GAME = frozenset({"shapley_usd", "weight"})
_OF_INCOMES = frozenset({"loss_per_cent", "own_cost_per_cent", "points", "cost_ratio", "relative_ratio"})
_OF_LOSS = frozenset({"effective_by_loss", "worst_usd"})
_GAME_MEASURES = frozenset({"effective_vectors", "autonomy", "breaking_number", "breaking_usd"})

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CitedNumber:
    """A number in ``unit`` and the cells it rests on."""

    value: float
    unit: str
    cells: Cells


def portfolio_numbers(setup: Setup, result: PortfolioResult) -> dict[str, CitedNumber]:
    """Return the numbers of a portfolio by id.

    ``portfolio:PARTNER:FUNCTION:MEASURE:COLUMN`` (``-`` for no measure), ``portfolio:function:FUNCTION:COLUMN``,
    ``portfolio:year:FUNCTION:YEAR:COLUMN``, ``portfolio:partner:PARTNER:COLUMN``, ``portfolio:pair:A:B:COLUMN``,
    ``portfolio:rank:PARTNER:FUNCTION:COLUMN``, ``portfolio:measure:NAME``, ``portfolio:network:NAME`` (measures of
    the network alone), ``portfolio:closable:LAYER:PARTNER:GOODS:COLUMN``,
    ``portfolio:vectors:YEAR:COLUMN`` and ``portfolio:verdict:NAME``.
    """
    grounds = _Grounds(setup, result)
    found = dict(
        [
            *_numbers(result.table, ("partner", "function", "measure"), grounds.of_tie),
            *_numbers(result.functions, ("function",), grounds.of_function, "function"),
            *_numbers(result.trend.table, ("function", "year"), grounds.of_year, "year"),
            *_numbers(result.partners, ("partner",), grounds.of_partner, "partner"),
            *_numbers(result.pairs, ("first", "second"), lambda *_: grounds.game, "pair"),
            *_numbers(result.closable.table, ("layer", "partner", "goods"), grounds.of_layer, "closable"),
            *_numbers(result.ranking, ("partner", "first"), grounds.of_rank, "rank"),
        ]
    )
    for group, measures in (("measure", result.measures), ("network", result.network_measures)):
        for name, value in asdict(measures).items():
            if value is not None:
                cells = grounds.game if name in _GAME_MEASURES else grounds.losses
                found[f"portfolio:{group}:{name}"] = CitedNumber(float(value), _unit(name, {}), cells)
    if result.vector_years is not None:
        found |= dict(_numbers(result.vector_years.table, ("year",), grounds.of_vectors, "vectors"))
    verdict = result.trend.verdict
    for name, bounds in (("before", verdict.before), ("after", verdict.after)):
        if bounds is not None:
            for end, value in asdict(bounds).items():
                found[f"portfolio:verdict:{name}_{end}"] = CitedNumber(value, "1", verdict.cells)
    return found


def swap_numbers(result: SwapResult) -> dict[str, CitedNumber]:
    """Return the numbers of swapped roles by id.

    ``swap:PARTNER:FUNCTION:MEASURE:COLUMN`` for ties, ``swap:network:FUNCTION:PARTNER:COLUMN`` for the network,
    ``swap:crossing:LAYER:PARTNER:COLUMN`` for goods only accounted for.
    """

    def of_tie(row: _Row, column: str) -> Cells:
        return result.ties.inputs[row["partner"], row["function"], row["measure"], column]

    def of_network(row: _Row, _: str) -> Cells:
        return result.inputs[row["function"]]

    def of_crossing(row: _Row, _: str) -> Cells:
        return result.crossing.inputs[row["layer"], row["partner"], "transit"]

    ties = _numbers(result.ties.table, ("partner", "function", "measure"), of_tie, verb="swap")
    network = _numbers(result.network, ("function", "partner"), of_network, "network", verb="swap")
    across = _numbers(result.crossing.table, ("layer", "partner"), of_crossing, "crossing", verb="swap")
    return dict([*ties, *network, *across])


def _numbers(
    table: pl.DataFrame,
    keys: Iterable[str],
    cells: Callable[[_Row, str], Cells],
    group: str = "",
    verb: str = "portfolio",
) -> Iterator[tuple[str, CitedNumber]]:
    columns = [name for name, dtype in table.schema.items() if dtype == pl.Float64]
    head = ":".join(part for part in (verb, group) if part)
    for row in table.iter_rows(named=True):
        name = ":".join((head, *(str(row[key] or "-") for key in keys)))
        for column in columns:
            if row[column] is not None:
                yield f"{name}:{column}", CitedNumber(row[column], _unit(column, row), cells(row, column))


def _unit(column: str, row: _Row) -> str:
    if column in _UNITS:
        return _UNITS[column]
    if column.endswith("_usd"):
        return _USD
    if column.endswith("_mt"):
        return "Mt/yr"
    return str(row["unit"]) if column.startswith(("value", "volume", "first_value", "closable_volume")) else "1"


class _Grounds:
    """Cells behind the numbers of one portfolio."""

    def __init__(self, setup: Setup, result: PortfolioResult) -> None:
        self._result = result
        self.losses = _union(result.exposure.inputs.values())
        self.game = _union((coalition_cells(setup, setup.model.settings.players), self.losses))
        rows = setup.model.table("jurisdictions").select("jurisdiction", "line").iter_rows()
        gni = {name: CellRef("jurisdictions", line, "gni") for name, line in rows}
        self._incomes = {name: ref for name, ref in gni.items() if ref in setup.model.quantities}
        self._own_income = self._incomes.get(setup.focal_state)

    def of_tie(self, row: _Row, column: str) -> Cells:
        if column.startswith("leverage") or column == "assumed_share":
            return self._result.exposure.inputs[row["partner"], row["function"]]
        return self._result.ties.inputs[row["partner"], row["function"], row["measure"], column]

    def of_function(self, row: _Row, column: str) -> Cells:
        if column in _OF_LOSS:
            inputs = self._result.exposure.inputs
            return _union(cells for (_, function), cells in inputs.items() if function == row["function"])
        return self._result.trend.inputs[row["function"], row["year"]]

    def of_year(self, row: _Row, _: str) -> Cells:
        return self._result.trend.inputs[row["function"], row["year"]]

    def of_partner(self, row: _Row, column: str) -> Cells:
        if column in _OF_VOTES:
            return self._result.alignment[row["partner"], column]
        if column in _OF_GAME:
            return self.game
        inputs = self._result.exposure.inputs
        own = _union(cells for (partner, _), cells in inputs.items() if partner == row["partner"])
        if column in _OF_INCOMES and self._own_income is not None:
            return tuple(sorted({*own, self._own_income, self._incomes[row["partner"]]}))
        return own

    def of_layer(self, row: _Row, _: str) -> Cells:
        return self._result.closable.inputs[row["layer"], row["partner"], row["goods"]]

    def of_vectors(self, row: _Row, _: str) -> Cells:
        assert self._result.vector_years is not None
        return self._result.vector_years.inputs[row["year"]]

    def of_rank(self, row: _Row, column: str) -> Cells:
        return self._result.exposure.inputs[row["partner"], row[column.removesuffix("_usd")]]


def _union(many: Iterable[Cells]) -> Cells:
    return tuple(sorted({ref for cells in many for ref in cells}))
