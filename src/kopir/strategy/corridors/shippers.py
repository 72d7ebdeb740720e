"""What shippers of containers weigh: freight, days, their spread, and the worth of the goods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from kopir.core.errors import Fault, InputError
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.ties.corridors import Corridor, Range, Rate

DAYS_PER_YEAR = 365.0


@dataclass(frozen=True, slots=True)
class Shippers:
    """A market of shippers, as a row of route_choice.csv states it.

    ``demand`` is in TEU/yr, ``cargo_value`` in USD/FEU; ``interest`` and ``depreciation`` are shares of it a
    year; ``reliability`` is in days of travel for a day of half spread; ``scale`` in FEU/USD. ``cells`` are the
    cells behind it, by column.
    """

    name: str
    origin: str
    destination: str
    base_period: str
    sea_rate: str
    demand: Range
    cargo_value: Range
    interest: Range
    depreciation: Range
    reliability: Range
    scale: Range
    route_ratio: Range
    variant_ratio: Range
    cells: Mapping[str, CellRef]

    @property
    def scales(self) -> tuple[float, float, float]:
        """Scales between nests, routes and variants (FEU/USD)."""
        between_routes = self.scale.value / self.route_ratio.value
        return self.scale.value, between_routes, between_routes / self.variant_ratio.value

    def day(self, value: float) -> Range:
        """Return what a day costs goods worth ``value`` (USD/FEU): capital tied up and worth lost."""
        yearly = self.interest + self.depreciation
        per_day = value / DAYS_PER_YEAR
        return Range(yearly.value * per_day, yearly.low * per_day, yearly.high * per_day)

    def felt_days(self, corridor: Corridor, reliability: float | None = None) -> float:
        """Return the days of ``corridor`` with its spread weighed in."""
        weight = self.reliability.value if reliability is None else reliability
        return corridor.time.value + weight * corridor.spread

    def generalised(self, corridor: Corridor, rates: Mapping[str, Rate], value: float) -> Range | None:
        """Return price plus the cost of time and of its spread (USD/FEU), ``None`` where the price is unknown.

        The interval joins those of price, value of time and weight of the spread.
        """
        price = corridor.price(rates)
        if price is None:
            return None
        day, weight = self.day(value), self.reliability
        return Range(
            price.value + day.value * self.felt_days(corridor),
            price.low + day.low * self.felt_days(corridor, weight.low),
            price.high + day.high * self.felt_days(corridor, weight.high),
        )


def read_shippers(model: Model, origin: str | None = None, destination: str | None = None) -> Shippers:
    """Return the market between two places, or the first market of the model.

    Where no market lies between the places the first one tells how its shippers value time; its demand and
    record then say nothing about the pair. Raises :class:`InputError` when the model states no market.
    """
    rows = list(model.table("route_choice").sort("choice").iter_rows(named=True))
    if not rows:
        mend = "add a row to route_choice.csv: value of time, demand, scale of the choice"
        raise InputError(
            Fault("K0903", "the model does not say how shippers value time", mend, "route_choice.csv")
        )
    row = next((one for one in rows if (one["from_node"], one["to_node"]) == (origin, destination)), rows[0])
    named = [part.name for part in fields(Shippers) if part.name in row and part.type == "Range"]
    cells = {name: CellRef("route_choice", row["line"], name) for name in named}
    numbers = {name: model.quantities[cell] for name, cell in cells.items()}
    return Shippers(
        name=row["choice"],
        origin=row["from_node"],
        destination=row["to_node"],
        base_period=row["base_period"],
        sea_rate=row["sea_rate"],
        cells=cells,
        **{name: Range(one.value, one.low, one.high) for name, one in numbers.items()},
    )
