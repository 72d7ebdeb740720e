"""Roles swapped by function: who relies on the focal state, for what, and what closing it takes from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from kopir.flow.value import Flow
from kopir.model.grounds.cited import Cells, Numbers
from kopir.model.network.clauses import Denial
from kopir.model.network.goods import goods_of
from kopir.model.network.network import Kind
from kopir.model.ties.functions import FunctionBook
from kopir.strategy.layers.closable import ClosableResult, crossing
from kopir.strategy.portfolio.portfolio_numbers import Row, cited_rows
from kopir.strategy.value.behind import cells_of_loss
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.ties import TieTable, tie_table
from kopir.strategy.value.valuation import NOBODY, Span

SCHEMA: Mapping[str, Any] = {
    **dict.fromkeys(("function", "partner", "goods"), pl.String),
    **dict.fromkeys(("bought_mt", "bought_after_mt", "sent_mt", "sent_after_mt"), pl.Float64),
}
_INCOME: Mapping[str, Any] = {"function": pl.String, "partner": pl.String, "income_musd": pl.Float64}
_MOVED = 1e-6


@dataclass(frozen=True)
class SwapResult:
    """Who depends on the focal state.

    ``ties``: partners' own reliance as ``shares.csv`` states it (direction ``on_focal``). ``network``: function,
    partner, goods, Mt a year that it buys from the focal state or sends across it, before and after the focal
    state closes what it can of that function alone. ``income``: function, partner and the income (fees and
    profits booked to it, million USD a year) that it then loses. What buyers can buy elsewhere lies outside the
    model: a volume is what they would have to replace, not what they lose. ``inputs`` gives the cells behind each
    function of both.
    """

    horizon: str
    ties: TieTable
    network: pl.DataFrame
    income: pl.DataFrame
    inputs: Mapping[str, Cells]
    crossing: ClosableResult

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers by id.

        ``swap:PARTNER:FUNCTION:MEASURE:COLUMN`` for ties, ``swap:network:FUNCTION:PARTNER:GOODS:COLUMN`` and
        ``swap:income:FUNCTION:PARTNER:income_musd`` for the network, ``swap:crossing:LAYER:PARTNER:COLUMN`` for
        goods only accounted for.
        """

        def of_tie(row: Row, column: str) -> Cells:
            return self.ties.inputs[row["partner"], row["function"], row["measure"], column]

        def of_network(row: Row, _: str) -> Cells:
            return self.inputs[row["function"]]

        def of_crossing(row: Row, _: str) -> Cells:
            return self.crossing.inputs[row["layer"], row["partner"], "transit"]

        ties = cited_rows(self.ties.table, ("partner", "function", "measure"), of_tie, verb="swap")
        keys = ("function", "partner")
        network = cited_rows(self.network, (*keys, "goods"), of_network, "network", verb="swap")
        income = cited_rows(self.income, keys, of_network, "income", verb="swap")
        across = cited_rows(self.crossing.table, ("layer", "partner"), of_crossing, "crossing", verb="swap")
        return dict([*ties, *network, *income, *across])

    def as_record(self) -> dict[str, object]:
        """Return the tables as lists of rows."""
        return {
            "horizon": self.horizon,
            "ties": self.ties.table.to_dicts(),
            "network": self.network.to_dicts(),
            "income": self.income.to_dicts(),
            "crossing": self.crossing.table.to_dicts(),
            "gaps": [fault.as_record() for fault in self.ties.gap_faults()],
        }


def swap(setup: Setup, book: FunctionBook, *, span: Span = "short") -> SwapResult:
    """Return who relies on the focal state; its own clauses stand under the code ``model.home``."""
    home = setup.model.settings.model.home
    valuation = setup.valuation(span)
    before = valuation.flow(NOBODY)
    rows: list[tuple[object, ...]] = []
    lost: list[tuple[object, ...]] = []
    inputs: dict[str, Cells] = {}
    served = setup.clauses.functions_of(home) if home in setup.clauses.members else ()
    for function in served:
        denial = Denial(frozenset([home]), function=function)
        after = valuation.flow(denial)
        inputs[function] = cells_of_loss(setup, before, after, denial)
        rows += [(function, *row) for row in _volumes(setup, before, after)]
        lost += [(function, *row) for row in _income_lost(setup, before, after)]
    horizon = span if isinstance(span, str) else f"months {span.first}-{span.last}"
    network = pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("function", "partner", "goods")
    income = pl.DataFrame(lost, schema=_INCOME, orient="row").sort("function", "partner")
    return SwapResult(horizon, tie_table(book, "on_focal"), network, income, inputs, crossing(setup.model))


def _volumes(setup: Setup, before: Flow, after: Flow) -> list[tuple[object, ...]]:
    """Return partner, goods, and Mt bought and sent before and after, where any of it is lost."""
    first, then = _moved(setup, before), _moved(setup, after)
    found: list[tuple[object, ...]] = []
    for partner, goods in sorted({(partner, goods) for partner, goods, _ in (*first, *then)}):
        was, left = (
            [flow.get((partner, goods, way), 0.0) for way in ("bought", "sent")] for flow in (first, then)
        )
        if any(old - new > _MOVED for old, new in zip(was, left, strict=True)):
            found.append((partner, goods, was[0], left[0], was[1], left[1]))
    return found


def _moved(setup: Setup, flow: Flow) -> dict[tuple[str, str, str], float]:
    """Return Mt by jurisdiction, goods and way: bought from the focal state, or sent across it."""
    network, focal = setup.network, setup.focal_state
    named = {
        (owner, commodity): one.key
        for owner in {cargo.owner for cargo in network.cargoes}
        for one in goods_of(network, owner)
        for commodity in one.commodities
    }
    found: dict[tuple[str, str, str], float] = {}
    for row in setup.model.table("markets").filter(pl.col("kind") != "domestic").iter_rows(named=True):
        if row["owner"] == focal and (not row["buyer"] or row["buyer"] == focal):
            continue
        index = network.asset_index.get(("market", row["market"]))
        sold = (network.activities.asset == index) & (network.activities.kind == Kind.SALE)
        who, way = (row["buyer"], "bought") if row["owner"] == focal else (row["owner"], "sent")
        goods = named.get((row["owner"], row["commodity"]), row["commodity"])
        key = (who, goods, way)
        found[key] = math.fsum((found.get(key, 0.0), float(flow.total[sold].sum())))
    return found


def _income_lost(setup: Setup, before: Flow, after: Flow) -> list[tuple[object, ...]]:
    """Return by jurisdiction the fees and profits that it no longer gets, where it loses any."""
    first, then = _income(setup, before), _income(setup, after)
    lost = {partner: first.get(partner, 0.0) - then.get(partner, 0.0) for partner in first.keys() | then.keys()}
    return [(partner, amount) for partner, amount in sorted(lost.items()) if amount > _MOVED]


def _income(setup: Setup, flow: Flow) -> dict[str, float]:
    found: dict[str, float] = {}
    for (jurisdiction, account), amount in setup.ledger.book(flow.total).items():
        if jurisdiction not in {setup.focal_state, "-"} and account in {"budget", "firms"}:
            found[jurisdiction] = math.fsum((found.get(jurisdiction, 0.0), amount))
    return found
