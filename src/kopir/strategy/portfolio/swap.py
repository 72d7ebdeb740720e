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
from kopir.model.network.network import Kind
from kopir.model.ties.functions import FunctionBook
from kopir.strategy.layers.closable import ClosableResult, crossing
from kopir.strategy.portfolio.portfolio_numbers import Row, cited_rows
from kopir.strategy.value.behind import cells_of_loss
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.ties import TieTable, tie_table
from kopir.strategy.value.valuation import NOBODY, Span

SCHEMA: Mapping[str, Any] = {
    "function": pl.String,
    "partner": pl.String,
    **dict.fromkeys(("bought_mt", "bought_after_mt", "sent_mt", "sent_after_mt", "income_musd"), pl.Float64),
}
_MOVED = 1e-6


@dataclass(frozen=True)
class SwapResult:
    """Who depends on the focal state.

    ``ties``: partners' own reliance as ``shares.csv`` states it (direction ``on_focal``). ``network``: function,
    partner, Mt a year that it buys from the focal state or sends across it, before and after the focal state
    closes what it can of that function alone, and the income (fees and profits booked to it, million USD a
    year) that it loses. What buyers can buy elsewhere lies outside the model: a volume is what they would have
    to replace, not what they lose. ``inputs`` gives the cells behind each function of ``network``.
    """

    horizon: str
    ties: TieTable
    network: pl.DataFrame
    inputs: Mapping[str, Cells]
    crossing: ClosableResult

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers by id.

        ``swap:PARTNER:FUNCTION:MEASURE:COLUMN`` for ties, ``swap:network:FUNCTION:PARTNER:COLUMN`` for the
        network, ``swap:crossing:LAYER:PARTNER:COLUMN`` for goods only accounted for.
        """

        def of_tie(row: Row, column: str) -> Cells:
            return self.ties.inputs[row["partner"], row["function"], row["measure"], column]

        def of_network(row: Row, _: str) -> Cells:
            return self.inputs[row["function"]]

        def of_crossing(row: Row, _: str) -> Cells:
            return self.crossing.inputs[row["layer"], row["partner"], "transit"]

        ties = cited_rows(self.ties.table, ("partner", "function", "measure"), of_tie, verb="swap")
        network = cited_rows(self.network, ("function", "partner"), of_network, "network", verb="swap")
        across = cited_rows(self.crossing.table, ("layer", "partner"), of_crossing, "crossing", verb="swap")
        return dict([*ties, *network, *across])

    def as_record(self) -> dict[str, object]:
        """Return the tables as lists of rows."""
        return {
            "horizon": self.horizon,
            "ties": self.ties.table.to_dicts(),
            "network": self.network.to_dicts(),
            "crossing": self.crossing.table.to_dicts(),
            "gaps": [fault.as_record() for fault in self.ties.gap_faults()],
        }


def swap(setup: Setup, book: FunctionBook, *, span: Span = "short") -> SwapResult:
    """Return who relies on the focal state; its own clauses stand under the code ``model.home``."""
    home = setup.model.settings.model.home
    valuation = setup.valuation(span)
    before = valuation.flow(NOBODY)
    rows: list[dict[str, object]] = []
    inputs: dict[str, Cells] = {}
    served = setup.clauses.functions_of(home) if home in setup.clauses.members else ()
    for function in served:
        denial = Denial(frozenset([home]), function=function)
        after = valuation.flow(denial)
        inputs[function] = cells_of_loss(setup, before, after, denial)
        rows += [{"function": function, **row} for row in _rows(setup, before, after)]
    horizon = span if isinstance(span, str) else f"months {span.first}-{span.last}"
    table = pl.DataFrame(rows, schema=SCHEMA).sort("function", "partner")
    return SwapResult(horizon, tie_table(book, "on_focal"), table, inputs, crossing(setup.model))


def _rows(setup: Setup, before: Flow, after: Flow) -> list[dict[str, object]]:
    first, then = _by_partner(setup, before), _by_partner(setup, after)
    found: list[dict[str, object]] = []
    for partner in sorted(first.keys() | then.keys()):
        was, left = first.get(partner, {}), then.get(partner, {})
        lost = {name: was.get(name, 0.0) - left.get(name, 0.0) for name in ("bought", "sent", "income")}
        if max(lost.values()) > _MOVED:
            volumes = {
                column: amounts.get(name, 0.0)
                for name in ("bought", "sent")
                for column, amounts in ((f"{name}_mt", was), (f"{name}_after_mt", left))
            }
            found.append({"partner": partner, **volumes, "income_musd": lost["income"]})
    return found


def _by_partner(setup: Setup, flow: Flow) -> dict[str, dict[str, float]]:
    """Return Mt bought from the focal state, Mt sent across it and income, by jurisdiction."""
    found: dict[str, dict[str, float]] = {}

    def add(partner: str, name: str, amount: float) -> None:
        own = found.setdefault(partner, {})
        own[name] = math.fsum((own.get(name, 0.0), amount))

    network, focal = setup.network, setup.focal_state
    for row in setup.model.table("markets").filter(pl.col("kind") != "domestic").iter_rows(named=True):
        index = network.asset_index.get(("market", row["market"]))
        sold = float(
            flow.total[(network.activities.asset == index) & (network.activities.kind == Kind.SALE)].sum()
        )
        if row["owner"] != focal:
            add(row["owner"], "sent", sold)
        elif row["buyer"] and row["buyer"] != focal:
            add(row["buyer"], "bought", sold)
    for (jurisdiction, account), amount in setup.ledger.book(flow.total).items():
        if jurisdiction not in {focal, "-"} and account in {"budget", "firms"}:
            add(jurisdiction, "income", amount)
    return found
