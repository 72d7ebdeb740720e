"""A model as it stood on a day: facts published by then, rows that held, the newest base year then known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.tables import Table
from kopir.model.contents.facts import Fact
from kopir.model.contents.model import LeftOut, Model
from kopir.model.contents.publication import Publications, read_publications
from kopir.model.contents.quantities import CellRef, Quantity

DISPENSABLE = frozenset(
    {
        "baseline_flows",
        "corridor_limits",
        "corridor_records",
        "deals",
        "equipment",
        "freight_rates",
        "obligations",
        "option_gains",
        "options",
        "partner_exports",
        "route_choice",
        "sectors",
        "shares",
        "targets",
        "trade",
        "transfers",
        "world_markets",
    }
)
"""Tables of which a model opened as of a day does without the rows that were not known then.

Of ``baseline_flows`` these are volumes of routes, and flows of years other than the base year.
"""


def as_it_stood(model: Model, day: date) -> Model:
    """Return ``model`` as it stood on ``day``.

    The base year is the newest one, up to that of kopir.toml, of whose recorded flows all were known; supplies
    and own use are then those of that year. A cell whose fact was not published takes what stood for the fact
    (``vintages.csv``); a row of a :data:`DISPENSABLE` table without that is left out, with the rows that name
    it, and so is a clause of an agreement of which nobody had written. Raises :class:`InputError` (K0313) with
    every other cell that rests on a fact published later.
    """
    publications = read_publications(model.facts, model.folder.tables["sources"], model.folder.tables["vintages"])
    facts = publications.on(day)
    unknown = {
        ref: one.fact for ref, one in model.quantities.items() if one.fact is not None and one.fact not in facts
    }
    known = {
        ref: _restated(one, model.facts, facts) for ref, one in model.quantities.items() if ref not in unknown
    }
    year = _base_year(model, unknown)
    restated = bool(unknown) or any(known[ref] is not one for ref, one in model.quantities.items())
    then = at_year(replace(model, facts=facts, quantities=known, as_of=day, restated=restated), year)
    holding = {name: set(then.table(name)["line"].to_list()) for name in {ref.table for ref in unknown}}
    flows = then.table("baseline_flows").filter(pl.col("asset_type") != "route")
    recorded = set(flows.filter(period=str(year))["line"].to_list())
    missing = {
        ref: fact
        for ref, fact in sorted(unknown.items())
        if ref not in then.quantities and ref.line in holding[ref.table]
    }
    faults = [
        _unpublished(ref, fact, publications)
        for ref, fact in missing.items()
        if ref.table not in DISPENSABLE or (ref.table == "baseline_flows" and ref.line in recorded)
    ]
    if faults:
        raise InputError(faults)
    return _without(then, missing, publications)


def at_year(model: Model, year: int) -> Model:
    """Return ``model`` with another base year: the supplies and own use are those recorded for ``year``.

    They have no width, for the flows that they have to carry are not drawn either. Capacities, costs and
    prices stay what they are.
    """
    settings = model.settings
    if year == settings.model.base_year:
        return model
    changed = settings.model_copy(update={"model": settings.model.model_copy(update={"base_year": year})})
    rows = model.folder.tables["baseline_flows"].typed.filter(period=str(year)).iter_rows(named=True)
    recorded = {(row["asset_type"], row["asset"]): row["line"] for row in rows}
    quantities = dict(model.quantities)
    for table, asset_type, column in (("supplies", "supply", "amount"), ("markets", "market", "depth")):
        for row in model.folder.tables[table].typed.iter_rows(named=True):
            line = recorded.get((asset_type, row[asset_type]))
            seen = None if line is None else model.quantities.get(CellRef("baseline_flows", line, "value"))
            if seen is not None and (table == "supplies" or row["kind"] == "domestic"):
                ref = CellRef(table, row["line"], column)
                quantities[ref] = replace(seen, ref=ref, low=seen.value, high=seen.value)
    return replace(model, folder=replace(model.folder, settings=changed), quantities=quantities)


def left_out_by_table(left: Iterable[LeftOut]) -> dict[str, int]:
    """Return how many rows of each table were left out, by table."""
    return dict(sorted(Counter(one.table for one in left).items()))


def _base_year(model: Model, unknown: Mapping[CellRef, str]) -> int:
    """Return the newest recorded year of which every row was known; where none was, the year that lacks least."""
    newest = model.settings.model.base_year
    flows = model.folder.tables["baseline_flows"].typed.filter(pl.col("asset_type") != "route")
    rows = flows.select("line", "period").rows()
    lines = {ref.line for ref in unknown if ref.table == "baseline_flows"}
    lacking: Counter[int] = Counter()
    for line, period in rows:
        if period.isdecimal() and int(period) <= newest:
            lacking[int(period)] += line in lines
    return min(lacking, key=lambda year: (lacking[year], -year), default=newest)


def _restated(quantity: Quantity, before: Mapping[str, Fact], after: Mapping[str, Fact]) -> Quantity:
    """Return a quantity on what its fact said then; the interval keeps its proportion unless the fact has one."""
    if quantity.fact is None or after[quantity.fact] is before[quantity.fact]:
        return quantity
    old, new = before[quantity.fact], after[quantity.fact]
    factor = quantity.value / old.value if old.value else 1.0
    value, low, high = (end * factor for end in (new.value, new.low, new.high))
    if low == high and quantity.value:
        low, high = (end * value / quantity.value for end in (quantity.low, quantity.high))
    return replace(quantity, value=value, low=min(low, high, value), high=max(low, high, value), grade=new.grade)


def _unpublished(ref: CellRef, fact: str, publications: Publications) -> Fault:
    why = f"{fact} was not published before {publications.known_since(fact)}"
    mend = "ask as of a later day, or say in vintages.csv which fact stood for it"
    return Fault("K0313", why, mend, f"{ref.table}.csv", ref.line, ref.column, fact)


def _without(model: Model, missing: Mapping[CellRef, str], publications: Publications) -> Model:
    """Return the model without the rows of ``missing`` and the rows that name them."""
    left = {
        (ref.table, ref.line): LeftOut(ref.table, ref.line, fact, publications.known_since(fact))
        for ref, fact in sorted(missing.items())
    }
    for row in model.table("obligations").iter_rows(named=True):
        if row["facts"] and not any(fact in model.facts for fact in row["facts"]):
            since, fact = min((publications.known_since(fact), fact) for fact in row["facts"])
            left["obligations", row["line"]] = LeftOut("obligations", row["line"], fact, since)
    frontier = list(left.values())
    while frontier:
        gone = frontier.pop()
        for name in sorted(DISPENSABLE):
            for line in _naming(model.folder.tables[name], gone, model.folder.tables[gone.table]):
                if (name, line) not in left:
                    left[name, line] = LeftOut(name, line, gone.fact, gone.since)
                    frontier.append(left[name, line])
    kept = {ref: one for ref, one in model.quantities.items() if (ref.table, ref.line) not in left}
    ordered = tuple(left[place] for place in sorted(left))
    return replace(model, quantities=kept, left_out=ordered)


def _naming(table: Table, gone: LeftOut, of: Table) -> list[int]:
    """Return the lines of ``table`` that name the row that is gone by its only key."""
    if len(of.schema.key) != 1:
        return []
    key = of.schema.key[0]
    code = of.typed.filter(line=gone.line)[key].item()
    columns = [column.name for column in table.schema.columns if column.refers_to == f"{of.schema.name}.{key}"]
    rows = table.typed.iter_rows(named=True)
    return [row["line"] for row in rows if any(row[name] == code for name in columns)]
