"""The portfolio as a result: what it says, and by which ids and on which cells each of its numbers rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

import polars as pl

from kopir.core.errors import Fault
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells, CitedNumber, Numbers, exactly, union
from kopir.model.network.capacity import Horizon
from kopir.strategy.layers.closable import ClosableResult
from kopir.strategy.portfolio.exposure import Exposure
from kopir.strategy.portfolio.portfolio_numbers import Row, cited_rows, unit_of
from kopir.strategy.portfolio.portfolio_trend import TrendResult
from kopir.strategy.portfolio.vector_years import VectorYears
from kopir.strategy.refusal.coalitions import coalition_cells
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.ties import TieTable

_OF_VOTES = frozenset({"unga_distance", "stability"})
_OF_GAME = frozenset({"shapley_musd", "weight"})
_OF_INCOMES = frozenset({"loss_per_cent", "own_cost_per_cent", "points", "cost_ratio", "relative_ratio"})
_OF_LOSS = frozenset({"effective_by_loss", "worst_musd"})
_GAME_MEASURES = frozenset({"effective_vectors", "autonomy", "breaking_number", "breaking_musd"})


@dataclass(frozen=True)
class Measures:
    """The portfolio in single measures; each says one thing and none is a score.

    ``effective_vectors`` is ``1 / sum w^2`` of the Shapley shares, ``effective_partners`` that of the sums of
    losses over functions; ``specialisation`` (nats) and ``normalised_specialisation`` (0 to 1) are of the losses,
    with ``overlap`` 1 less the latter; ``autonomy`` is the share of what all can take that no single partner can;
    ``breaking_number`` the least number of partners that together take ``breaking_musd`` (million USD a year).
    ``None`` where it cannot be computed: no loss, one function, or too many players.
    """

    effective_vectors: float | None
    effective_partners: float | None
    specialisation: float | None
    normalised_specialisation: float | None
    overlap: float | None
    autonomy: float | None
    breaking_number: int | None
    breaking_musd: float | None


@dataclass(frozen=True)
class PortfolioResult:
    """Partners and functions of the focal state; losses in million USD a year of the horizon named.

    - ``table``: the ties (see :class:`kopir.strategy.value.ties.TieTable`) with ``leverage_musd`` and its ends
      beside the function's own measure; pairs with a loss and no tie have a row too. No number stands where none
      can be computed from something sourced.
    - ``functions``: function, kind, partners, what shares say in the latest year (see
      :class:`kopir.strategy.portfolio.portfolio_trend.TrendResult`), ``effective_by_loss`` (effective number of
      partners by loss), the worst partner and its loss.
    - ``partners``: partner, functions it serves, ``leverage_musd`` (all of the network at once),
      ``by_function_musd`` (sum over its functions), ``bundling_musd`` (their difference), ``shapley_musd`` and its
      ``weight``, ``own_income_musd`` (what refusing costs it), both against gross national incomes where these are
      known (``loss_per_cent``, ``own_cost_per_cent``, ``points``, ``cost_ratio``, ``relative_ratio``), distance of
      votes and stability.
    - ``pairs``: first, second, the functions both serve, ``interaction_musd`` (positive: they back each other up).
    - ``ranking``: two functions of a partner next to each other by loss, and whether their order *holds* over
      the intervals, stays *open*, or is *refused* because a loss has no interval.
    - ``measures``: over the losses of the network at central values, which no assumed elasticity enters.
    - ``closable``: goods that are only accounted for, in their own units.
    - ``vector_years``: measures of the network in each year with recorded flows, where they were asked for.
    - ``trend``: by function and year. ``gaps`` names series with years missing in their middle.
    """

    horizon: Horizon
    severity: float
    baseline_year: int
    table: pl.DataFrame
    functions: pl.DataFrame
    partners: pl.DataFrame
    pairs: pl.DataFrame
    ranking: pl.DataFrame
    trend: TrendResult
    measures: Measures
    ties: TieTable
    exposure: Exposure
    alignment: Mapping[tuple[str, str], Cells]
    closable: ClosableResult
    setup: Setup = field(repr=False, compare=False)
    vector_years: VectorYears | None = None

    def as_record(self) -> dict[str, object]:
        """Return the tables as lists of rows, the measures and the verdict."""
        names = ("table", "functions", "partners", "pairs", "ranking")
        return {
            "horizon": self.horizon,
            "severity": self.severity,
            "baseline_year": self.baseline_year,
            **{name: getattr(self, name).to_dicts() for name in names},
            "closable": self.closable.table.to_dicts(),
            "years": self.trend.table.to_dicts(),
            "vector_years": None if self.vector_years is None else self.vector_years.table.to_dicts(),
            "measures": asdict(self.measures),
            "verdict": self.trend.verdict.as_record(),
            "gaps": [fault.as_record() for fault in self.gaps],
        }

    @property
    def gaps(self) -> tuple[Fault, ...]:
        """Series with years missing in their middle, each with its mend."""
        return self.ties.gap_faults()

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers by id.

        ``portfolio:PARTNER:FUNCTION:MEASURE:COLUMN`` (``-`` for no measure),
        ``portfolio:function:FUNCTION:COLUMN``, ``portfolio:year:FUNCTION:YEAR:COLUMN``,
        ``portfolio:partner:PARTNER:COLUMN``, ``portfolio:pair:A:B:COLUMN``,
        ``portfolio:rank:PARTNER:FUNCTION:COLUMN``, ``portfolio:measure:NAME``,
        ``portfolio:closable:LAYER:PARTNER:GOODS:COLUMN``,
        ``portfolio:vectors:YEAR:COLUMN`` and ``portfolio:verdict:NAME``.
        """
        grounds = _Grounds(self)
        found: dict[str, CitedNumber] = dict(
            [
                *cited_rows(self.table, ("partner", "function", "measure"), grounds.of_tie),
                *cited_rows(self.functions, ("function",), grounds.of_function, "function"),
                *cited_rows(self.trend.table, ("function", "year"), grounds.of_year, "year"),
                *cited_rows(self.partners, ("partner",), grounds.of_partner, "partner"),
                *cited_rows(self.pairs, ("first", "second"), lambda *_: grounds.game, "pair"),
                *cited_rows(self.closable.table, ("layer", "partner", "goods"), grounds.of_layer, "closable"),
                *cited_rows(self.ranking, ("partner", "first"), grounds.of_rank, "rank"),
            ]
        )
        for name, value in asdict(self.measures).items():
            if value is not None:
                cells = grounds.game if name in _GAME_MEASURES else grounds.losses
                found[f"portfolio:measure:{name}"] = exactly(cells, float(value), unit_of(name))
        if self.vector_years is not None:
            found |= dict(cited_rows(self.vector_years.table, ("year",), grounds.of_vectors, "vectors"))
        verdict = self.trend.verdict
        for name, bounds in (("before", verdict.before), ("after", verdict.after)):
            if bounds is not None:
                for end, value in asdict(bounds).items():
                    found[f"portfolio:verdict:{name}_{end}"] = exactly(verdict.cells, value, "1")
        return found


class _Grounds:
    """Cells behind the numbers of one portfolio."""

    def __init__(self, result: PortfolioResult) -> None:
        setup = result.setup
        self._result = result
        self.losses = union(result.exposure.inputs.values())
        self.game = union((coalition_cells(setup, setup.model.settings.players), self.losses))
        rows = setup.model.table("jurisdictions").select("jurisdiction", "line").iter_rows()
        gni = {name: CellRef("jurisdictions", line, "gni") for name, line in rows}
        self._incomes = {name: ref for name, ref in gni.items() if ref in setup.model.quantities}
        self._own_income = self._incomes.get(setup.focal_state)

    def of_tie(self, row: Row, column: str) -> Cells:
        if column.startswith("leverage"):
            return self._result.exposure.inputs[row["partner"], row["function"]]
        return self._result.ties.inputs[row["partner"], row["function"], row["measure"], column]

    def of_function(self, row: Row, column: str) -> Cells:
        if column in _OF_LOSS:
            inputs = self._result.exposure.inputs
            return union(cells for (_, function), cells in inputs.items() if function == row["function"])
        return self._result.trend.inputs[row["function"], row["year"]]

    def of_year(self, row: Row, _: str) -> Cells:
        return self._result.trend.inputs[row["function"], row["year"]]

    def of_partner(self, row: Row, column: str) -> Cells:
        if column in _OF_VOTES:
            return self._result.alignment[row["partner"], column]
        if column in _OF_GAME:
            return self.game
        inputs = self._result.exposure.inputs
        own = union(cells for (partner, _), cells in inputs.items() if partner == row["partner"])
        if column in _OF_INCOMES and self._own_income is not None:
            return tuple(sorted({*own, self._own_income, self._incomes[row["partner"]]}))
        return own

    def of_layer(self, row: Row, _: str) -> Cells:
        return self._result.closable.inputs[row["layer"], row["partner"], row["goods"]]

    def of_vectors(self, row: Row, _: str) -> Cells:
        assert self._result.vector_years is not None
        return self._result.vector_years.inputs[row["year"]]

    def of_rank(self, row: Row, column: str) -> Cells:
        return self._result.exposure.inputs[row["partner"], row[column.removesuffix("_musd")]]
