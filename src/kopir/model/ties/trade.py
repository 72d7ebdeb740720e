"""Trade of the focal state by year, partner and product group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from kopir.core.errors import UnitError
from kopir.core.units import conversion_factor
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.network.clauses import read_clauses
from kopir.model.ties.functions import Estimate, read_functions

ALL = "all"
"""Code of the sector that stands for all goods together."""
FUNCTION = "imports"
"""Code of the function that the imports of all goods serve."""

TradeFlow = Literal["import", "export"]
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class TradeBook:
    """What ``trade.csv`` says, in million USD a year.

    ``values`` is keyed by flow, sector, partner (blank for all partners) and year; ``members`` gives the
    members of each union of the model.
    """

    values: Mapping[_Key, Quantity]
    members: Mapping[str, frozenset[str]]

    def whole(self, flow: TradeFlow, sector: str, year: str) -> Quantity | None:
        """Return the trade with all partners together, ``None`` where no row states it."""
        return self.values.get((flow, sector, "", year))

    def parts(self, flow: TradeFlow, sector: str, year: str, parties: Iterable[str]) -> tuple[Quantity, ...]:
        """Return the quantities that add up to the trade with ``parties`` and all their members, each once.

        A union that has a row of its own stands for its members; otherwise the rows of its members are taken.
        """
        named = set(parties)
        found: list[Quantity] = []
        covered: set[str] = set()
        wanted = named.union(*(self.members.get(name, frozenset()) for name in named))
        for name in sorted(wanted, key=lambda code: (-len(self.members.get(code, ())), code)):
            own = self.values.get((flow, sector, name, year))
            if own is not None and name not in covered:
                found.append(own)
                covered |= {name, *self.members.get(name, ())}
        return tuple(found)

    @cached_property
    def _stated(self) -> Mapping[tuple[str, str], frozenset[str]]:
        years: dict[tuple[str, str], set[str]] = {}
        for flow, sector, _, year in self.values:
            years.setdefault((flow, sector), set()).add(year)
        return {key: frozenset(found) for key, found in years.items()}

    def years(self, flow: TradeFlow, sector: str, party: str = "") -> tuple[str, ...]:
        """Return the years for which trade with ``party`` (all partners together when blank) is stated, sorted."""
        years = self._stated.get((flow, sector), ())
        if party:
            return tuple(sorted(year for year in years if self.parts(flow, sector, year, [party])))
        return tuple(sorted(year for year in years if self.whole(flow, sector, year) is not None))

    def gaps(self, flow: TradeFlow, sector: str, party: str = "") -> tuple[str, ...]:
        """Return the years missing between the first and the last of :meth:`years`; nothing fills them."""
        years = [int(year) for year in self.years(flow, sector, party)]
        return tuple(
            str(year) for year in range(min(years, default=0), max(years, default=-1)) if year not in years
        )


def read_trade(model: Model) -> TradeBook:
    """Return the trade of a model; rows not valid as of its date are left out.

    Imports of all goods in a year on which ``trade.csv`` is silent are taken from the values and wholes that
    ``shares.csv`` gives for the function ``imports``.
    """
    values: dict[_Key, Quantity] = {}
    for row in model.table("trade").iter_rows(named=True):
        key = (row["flow"], row["sector"], row["partner"] or "", row["year"])
        values[key] = model.quantities[CellRef("trade", row["line"], "value")]
    told = {year for flow, sector, _, year in values if (flow, sector) == ("import", ALL)}
    functions = read_functions(model)
    for tie in functions.of(FUNCTION) if FUNCTION in functions.functions else ():
        if str(tie.year) in told or _factor(tie.unit) is None:
            continue
        for partner, estimate in ((tie.partner, tie.value), ("", tie.whole)):
            if estimate is not None:
                own = _quantity(model, estimate, tie.unit)
                values.setdefault(("import", ALL, partner, str(tie.year)), own)
    return TradeBook(values, read_clauses(model).members)


def _quantity(model: Model, estimate: Estimate, unit: str) -> Quantity:
    factor = _factor(unit) or 1.0
    ends = {name: getattr(estimate, name) * factor for name in ("value", "low", "high")}
    return replace(model.quantities[estimate.cells[0]], unit="million USD/yr", **ends)


def _factor(unit: str) -> float | None:
    """Return the million dollars in one ``unit``, ``None`` where it is no money."""
    try:
        return conversion_factor(unit, "million USD")
    except UnitError:
        return None
