"""Which cells of the model each number of the corridors rests on, by the id of the number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.cited import Cells, CitedNumber, Numbers, table_numbers, union
from kopir.model.network.clauses import read_clauses
from kopir.model.ties.corridors import Corridor, Rate, corridors_between, read_limits, read_rates
from kopir.strategy.corridors.corridor_market import Conditions
from kopir.strategy.corridors.shippers import read_shippers

_OF_TIME = frozenset({"time_day", "time_day_low", "time_day_high", "spread_day", "paper_day"})
_OF_PRICE = frozenset({"price_usd", "price_usd_low", "price_usd_high"})
_OF_WAY = frozenset({"generalised_usd", "generalised_usd_low", "generalised_usd_high"})
_OF_CHOICE = ("share", "volume_teu", "usual_teu")


def corridor_numbers(
    model: Model, conditions: Conditions, where: tuple[str, str], corridors: pl.DataFrame, states: pl.DataFrame
) -> Numbers:
    """Return the numbers ``corridor:NAME:column``, ``corridor:NAME`` and ``transit:JURISDICTION:column``.

    A share rests on every corridor of the market, on its limits, on the record and on how shippers choose; the
    loss by a refusal also on the clauses of the jurisdiction.
    """
    shippers = read_shippers(model, *where)
    ways = {one.name: one for one in corridors_between(model, *where, conditions.opened)}
    rates = read_rates(model, conditions.period, {rate for one in ways.values() for rate in one.rates})
    choosing = set(shippers.cells.values())
    every = {cell for one in ways.values() for cell in (*_times(one), *_prices(one, rates))} | choosing
    every |= {cell for limit in read_limits(model, conditions.period, conditions.opened) for cell in limit.cells}
    lines = model.table("corridor_records")["line"].to_list()
    every |= {CellRef("corridor_records", line, "volume") for line in lines} & set(model.quantities)
    behind = {name: _behind(one, rates, choosing, every) for name, one in ways.items()}
    refused = {state: union((every, _clauses(model, state))) for state in states["jurisdiction"]}
    found = dict(table_numbers("corridor", corridors, "corridor", lambda name, column: behind[name].get(column)))
    found |= {f"corridor:{name}": CitedNumber(columns["generalised_usd"]) for name, columns in behind.items()}
    return found | dict(table_numbers("transit", states, "jurisdiction", lambda state, _: refused[state]))


def _behind(
    corridor: Corridor, rates: Mapping[str, Rate], choosing: set[CellRef], every: set[CellRef]
) -> Mapping[str, Cells]:
    """Return the cells behind each column of a corridor."""
    time, price = set(_times(corridor)), set(_prices(corridor, rates))
    groups = ((_OF_TIME, time), (_OF_PRICE, price), (_OF_WAY, time | price | choosing), (_OF_CHOICE, every))
    return {column: tuple(sorted(cells)) for columns, cells in groups for column in columns}


def _times(corridor: Corridor) -> Iterator[CellRef]:
    return (cell for stage in corridor.stages for cell in stage.cells if cell.column != "cost")


def _prices(corridor: Corridor, rates: Mapping[str, Rate]) -> Iterator[CellRef]:
    yield from (rates[name].cell for name in corridor.rates)
    yield from (cell for stage in corridor.stages for cell in stage.cells if cell.column == "cost")


def _clauses(model: Model, state: str) -> set[CellRef]:
    clauses = read_clauses(model, accounting=True).clauses
    lines = [clause.line for clause in clauses if state in clause.parties and clause.function == "freight_transit"]
    return {CellRef("denial", line, column) for line in lines for column in ("effectiveness_low", "legal_basis")}
