"""Roles swapped: who depends on the focal state, and for what."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kopir.flow.value import Flow
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Kind
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Span


@dataclass(frozen=True)
class ReverseResult:
    """What others lose when the focal state closes what it can close alone, after their best response.

    ``volumes`` has Mt a year that each ``buyer`` takes, or each ``owner`` sends through, before and after;
    ``money`` the income lost (million USD a year) by jurisdiction and account. Buyers' own substitutes lie
    outside the model: a volume is what they have to replace, not what they lose.
    """

    horizon: str
    home: str
    volumes: pl.DataFrame
    money: pl.DataFrame


def reverse(setup: Setup, *, span: Span = "short") -> ReverseResult:
    """Return who depends on the focal state; its own clauses stand under the code ``model.home``.

    A model whose jurisdictions do not hold that code has no own bottlenecks: nothing then closes.
    """
    home = setup.model.settings.model.home
    valuation = setup.valuation(span)
    before = valuation.flow(NOBODY)
    after = valuation.flow(Denial(frozenset({home} & set(setup.clauses.members))))
    return ReverseResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        home=home,
        volumes=_volumes(setup, before, after),
        money=_money(setup, before, after),
    )


def _volumes(setup: Setup, before: Flow, after: Flow) -> pl.DataFrame:
    network = setup.network
    rows = []
    for row in setup.model.table("markets").iter_rows(named=True):
        index = network.asset_index["market", row["market"]]
        chosen = (network.activities.asset == index) & (network.activities.kind == Kind.SALE)
        if row["kind"] != "domestic" and chosen.any():
            rows.append(
                {
                    "market": row["market"],
                    "buyer": row["buyer"] or "",
                    "owner": row["owner"],
                    "kind": row["kind"],
                    "before_mt": float(before.total[chosen].sum()),
                    "after_mt": float(after.total[chosen].sum()),
                }
            )
    names = ("market", "buyer", "owner", "kind")
    schema = {**dict.fromkeys(names, pl.String), "before_mt": pl.Float64, "after_mt": pl.Float64}
    return pl.DataFrame(rows, schema=schema).sort("before_mt", "market", descending=[True, False])


def _money(setup: Setup, before: Flow, after: Flow) -> pl.DataFrame:
    first, then = setup.ledger.book(before.total), setup.ledger.book(after.total)
    rows = [
        {"jurisdiction": key[0], "account": key[1], "loss_musd": first.get(key, 0.0) - then.get(key, 0.0)}
        for key in sorted({*first, *then})
        if key[0] != setup.focal_state or key[1] == "foreign"
    ]
    schema = {"jurisdiction": pl.String, "account": pl.String, "loss_musd": pl.Float64}
    return pl.DataFrame(rows, schema=schema).sort("loss_musd", "jurisdiction", descending=[True, False])
