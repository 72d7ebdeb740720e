"""Trade of the focal state by year, partner and product group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kopir.model.clauses import read_clauses
from kopir.model.model import Model
from kopir.model.quantities import CellRef, Quantity

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

    def years(self, flow: TradeFlow, sector: str, party: str = "") -> tuple[str, ...]:
        """Return the years for which trade with ``party`` (all partners together when blank) is stated, sorted."""
        years = {year for own_flow, own_sector, _, year in self.values if (own_flow, own_sector) == (flow, sector)}
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
    """Return the trade of a model; rows not valid as of its date are left out."""
    values: dict[_Key, Quantity] = {}
    for row in model.table("trade").iter_rows(named=True):
        key = (row["flow"], row["sector"], row["partner"] or "", row["year"])
        values[key] = model.quantities[CellRef("trade", row["line"], "value")]
    return TradeBook(values, read_clauses(model).members)
