"""Which cells of the model each number of the corridors rests on, by the id of the number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kopir.model.clauses import read_clauses
from kopir.model.corridors import Corridor, Rate, corridors_between, read_limits, read_rates
from kopir.model.model import Model
from kopir.model.quantities import CellRef
from kopir.strategy.corridors.corridor_market import Conditions
from kopir.strategy.corridors.corridors import CorridorsResult
from kopir.strategy.corridors.shippers import read_shippers

_OF_TIME = frozenset({"time_day", "time_day_low", "time_day_high", "spread_day", "paper_day"})
_OF_PRICE = frozenset({"price_usd", "price_usd_low", "price_usd_high"})
_OF_WAY = frozenset({"generalised_usd", "generalised_usd_low", "generalised_usd_high"})
_OF_CHOICE = ("share", "volume_teu", "usual_teu")


def corridor_inputs(
    model: Model, conditions: Conditions, result: CorridorsResult
) -> dict[str, tuple[CellRef, ...]]:
    """Return the cells behind ``corridor:NAME:column`` and ``transit:JURISDICTION:column``.

    A share rests on every corridor of the market, on its limits, on the record and on how shippers choose; the
    loss by a refusal also on the clauses of the jurisdiction.
    """
    shippers = read_shippers(model, result.origin, result.destination)
    ways = corridors_between(model, result.origin, result.destination, conditions.opened)
    rates = read_rates(model, conditions.period, {rate for one in ways for rate in one.rates})
    choosing = set(shippers.cells.values())
    every = {cell for one in ways for cell in (*_times(one), *_prices(one, rates))} | choosing
    every |= {cell for limit in read_limits(model, conditions.period, conditions.opened) for cell in limit.cells}
    lines = model.table("corridor_records")["line"].to_list()
    every |= {CellRef("corridor_records", line, "volume") for line in lines} & set(model.quantities)
    found: dict[str, tuple[CellRef, ...]] = {}
    for one in ways:
        time, price = set(_times(one)), set(_prices(one, rates))
        groups = ((_OF_TIME, time), (_OF_PRICE, price), (_OF_WAY, time | price | choosing), (_OF_CHOICE, every))
        for columns, cells in groups:
            found |= {f"corridor:{one.name}:{column}": tuple(sorted(cells)) for column in columns}
        found[f"corridor:{one.name}"] = tuple(sorted(time | price | choosing))
    for state in result.states["jurisdiction"].to_list():
        behind = tuple(sorted(every | _clauses(model, state)))
        found |= {f"transit:{state}:{name}": behind for name in result.states.columns if name != "jurisdiction"}
    return found


def _times(corridor: Corridor) -> Iterator[CellRef]:
    return (cell for stage in corridor.stages for cell in stage.cells if cell.column != "cost")


def _prices(corridor: Corridor, rates: Mapping[str, Rate]) -> Iterator[CellRef]:
    yield from (rates[name].cell for name in corridor.rates)
    yield from (cell for stage in corridor.stages for cell in stage.cells if cell.column == "cost")


def _clauses(model: Model, state: str) -> set[CellRef]:
    clauses = read_clauses(model, accounting=True).clauses
    lines = [clause.line for clause in clauses if state in clause.parties and clause.function == "freight_transit"]
    return {CellRef("denial", line, column) for line in lines for column in ("effectiveness_low", "legal_basis")}
