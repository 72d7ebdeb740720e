"""What the numbers of a brief rest on: cells of the model behind each, their facts, sources and assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain

import polars as pl

from kopir.model.contents.facts import Fact
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.grounds.cited import Cells
from kopir.model.grounds.provenance import asset_cells
from kopir.report.content import CitedFact, Number, Rest, Source, Unit
from kopir.report.facts import fact_in_words
from kopir.report.messages import Messages
from kopir.report.results import Results
from kopir.strategy.refusal.moves import TOGETHER

MOSTLY = 0.5
COUNT = "1"
"""Unit of numbers that count draws, cells or partners."""

_TONNES = ("Mt", "%")
_BOOKING = frozenset({"state_take", "foreign_share"})
_WEIGHED = frozenset(
    {
        ("baseline_flows", "value"),
        ("capacity_groups", "firm"),
        ("capacity_groups", "nameplate"),
        ("carries", "firm"),
        ("carries", "nameplate"),
        ("supplies", "amount"),
    }
)
"""Cells whose tonnes say how much of a volume is assumed: what was seen, and what could flow instead."""


class Grounds:
    """The cells behind each number of a brief.

    A *ground* is a set of cells that several numbers share: ``leverage:RUS`` for everything that a refusal of
    RUS does, ``baseline`` for the recorded flows, ``model`` for the whole model.
    """

    def __init__(self, results: Results) -> None:
        self._results = results
        self._model = results.setup.model
        self._cells: Mapping[str, Cells] = dict(sorted(_all_grounds(results).items()))

    def cells(self, ground: str) -> Cells:
        """Return the cells of a ground."""
        return self._cells[ground]

    def has(self, ground: str) -> bool:
        """Return whether there is such a ground."""
        return ground in self._cells

    def number(
        self,
        id: str,
        value: float | None,
        unit: Unit,
        ground: str,
        interval: tuple[float | None, float | None] = (None, None),
        assumed_share: float | None = None,
    ) -> Number:
        """Return a number that knows what it rests on.

        ``assumed_share`` is the share of it that rests on assumed figures where this is known; elsewhere it
        is, for tonnes, the share by weight of the ground's assumed flows, supplies and capacities, for other
        quantities the share by number of its assumed cells, and for counts nothing.
        """
        if assumed_share is None:
            assumed_share = self._share(unit, ground)
        rest = _rest(assumed_share)
        return Number(id, value, unit, ground, *interval, rest=rest)

    def facts(self, ground: str) -> tuple[str, ...]:
        """Return the facts that a ground rests on, with the facts that these are derived from, sorted."""
        return tuple(sorted(self._reach(self._cells[ground])))

    def assumptions(self, ground: str) -> tuple[Quantity, ...]:
        """Return the assumed quantities of a ground, in order of table, line and column."""
        return tuple(quantity for quantity in self._quantities(ground) if quantity.grade == "assumed")

    def counts(self, ground: str) -> tuple[int, int]:
        """Return how many quantities a ground has, and how many of them are assumed."""
        quantities = list(self._quantities(ground))
        return len(quantities), sum(quantity.grade == "assumed" for quantity in quantities)

    def cited(self, codes: Iterable[str], say: Messages) -> tuple[CitedFact, ...]:
        """Return facts in the words of a language with their sources, sorted by code."""
        return tuple(
            CitedFact(
                code,
                fact_in_words(self._model, self._model.facts[code], say),
                self._sources_of(self._model.facts[code]),
            )
            for code in sorted(set(codes))
        )

    def _share(self, unit: Unit, ground: str) -> float:
        if unit == COUNT:
            return 0.0
        return self._by_weight[ground] if unit.startswith(_TONNES) else self._by_number[ground]

    def builds_on(self, ground: str) -> str:
        """Return the ground that this one takes in whole, or nothing."""
        base = f"leverage:{self._results.worst}"
        return base if ground.startswith("moves:") else ""

    def booked_share(self, ground: str) -> float:
        """Return the share by number of assumed cells among those that book a loss to its bearers."""
        cells = [one for one in self._quantities(ground) if one.ref.column in _BOOKING]
        return sum(one.grade == "assumed" for one in cells) / len(cells) if cells else 0.0

    @cached_property
    def _by_number(self) -> Mapping[str, float]:
        shares = {ground: self.counts(ground) for ground in self._cells}
        return {ground: assumed / count if count else 0.0 for ground, (count, assumed) in shares.items()}

    @cached_property
    def _by_weight(self) -> Mapping[str, float]:
        shares = {}
        for ground in self._cells:
            tonnes = [one for one in self._quantities(ground) if (one.ref.table, one.ref.column) in _WEIGHED]
            assumed = sum(abs(one.value) for one in tonnes if one.grade == "assumed")
            whole = sum(abs(one.value) for one in tonnes)
            shares[ground] = assumed / whole if whole else self._by_number[ground]
        return shares

    @cached_property
    def _sources(self) -> Mapping[str, Source]:
        return {
            row["source"]: Source(row["source"], row["title"], row["date"], row["url"])
            for row in self._model.folder.tables["sources"].records()
        }

    def _sources_of(self, fact: Fact) -> tuple[Source, ...]:
        return tuple(self._sources[code] for code in fact.sources if code in self._sources)

    def _quantities(self, ground: str) -> Iterable[Quantity]:
        return (self._model.quantities[ref] for ref in self._cells[ground] if ref in self._model.quantities)

    def _reach(self, cells: Cells) -> set[str]:
        frontier = list(chain.from_iterable(_facts_of_cell(self._model, ref) for ref in cells))
        reached: set[str] = set()
        while frontier:
            code = frontier.pop()
            if code in self._model.facts and code not in reached:
                reached.add(code)
                frontier += self._model.facts[code].inputs
        return reached


def _all_grounds(results: Results) -> dict[str, Cells]:
    setup, model = results.setup, results.setup.model
    numbers = results.leverage.numbers
    found: dict[str, Cells] = {
        f"leverage:{partner}": numbers[f"leverage:{partner}"].cells
        for partner in results.leverage.table["partner"]
    }
    found["model"] = tuple(sorted(chain.from_iterable(found.values()))) or _baseline_cells(model, ())
    found["model"] = tuple(
        sorted(set(found["model"]) | set(_baseline_cells(model, (model.settings.model.base_year,))))
    )
    year = model.settings.model.base_year
    found["baseline"] = _baseline_cells(model, (year,)) or found["model"]
    found["history"] = _baseline_cells(model, (year - 2, year - 1, year)) or found["baseline"]
    found[f"reverse:{results.reverse.home}"] = _reverse_cells(results)
    latest = {row["function"]: row["year"] for row in results.trend.table.sort("year").iter_rows(named=True)}
    found |= {f"ties:{function}": results.trend.inputs[function, year] for function, year in latest.items()}
    found["ties:verdict"] = results.trend.verdict.cells
    if results.moves is not None:
        worst = found[f"leverage:{results.worst}"]
        options = setup.network.gains.options
        for option in options:
            found[f"moves:{option}"] = tuple(sorted({*worst, *_option_cells(model, option)}))
        every = {ref for option in options for ref in found[f"moves:{option}"]}
        found[f"moves:{TOGETHER}"] = tuple(sorted(every))
    for row in results.quotas.table.iter_rows(named=True):
        lines = model.table("capacity_groups").filter(pl.col("group") == row["group"])["line"].to_list()
        found[f"quota:{row['group']}"] = _cells_of(model, "capacity_groups", lines)
    return found


def _baseline_cells(model: Model, years: Sequence[int]) -> Cells:
    rows = model.table("baseline_flows").filter(pl.col("period").is_in([str(year) for year in years]))
    found = _cells_of(model, "baseline_flows", rows["line"].to_list())
    return tuple(ref for ref in found if ref.column == "value")


def _reverse_cells(results: Results) -> Cells:
    setup, model = results.setup, results.setup.model
    home = (
        setup.clauses.controlled_by(results.reverse.home)
        if results.reverse.home in setup.clauses.members
        else frozenset()
    )
    markets = {("market", market) for market in model.table("markets")["market"].to_list()}
    cells = {ref for asset in home | markets for ref in asset_cells(model, asset)}
    return tuple(sorted(cells))


def _option_cells(model: Model, option: str) -> Cells:
    own = model.table("options").filter(pl.col("option") == option)["line"].to_list()
    gains = model.table("option_gains").filter(pl.col("option") == option)["line"].to_list()
    return (*_cells_of(model, "options", own), *_cells_of(model, "option_gains", gains))


def _cells_of(model: Model, table: str, lines: Sequence[int]) -> Cells:
    wanted = set(lines)
    return tuple(ref for ref in sorted(model.quantities) if ref.table == table and ref.line in wanted)


def _facts_of_cell(model: Model, ref: CellRef) -> Iterable[str]:
    quantity = model.quantities.get(ref)
    if quantity is not None:
        return () if quantity.fact is None else (quantity.fact,)
    table = model.folder.tables[ref.table]
    row = table.cells.row(by_predicate=pl.col("line") == ref.line, named=True)
    return str(row.get("facts", "")).split()


def _rest(share: float) -> Rest:
    if share <= 0:
        return "recorded"
    return "mostly_assumed" if share >= MOSTLY else "partly_assumed"
