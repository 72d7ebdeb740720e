"""What changed since the base year: rows that came or went, facts beside the base, and the figures they move."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

from kopir.core.runs import Changed
from kopir.model.contents.since import changed_rows, facts_since
from kopir.model.network.capacity import Horizon
from kopir.model.network.goods import Goods, goods_of
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.since import at_base, moves


@dataclass(frozen=True)
class ChangedResult:
    """What changed since the base year.

    ``rows`` came or went by the day; ``moves`` says what flows and refusals they move. ``table`` has for each
    player ``leverage_base_musd`` as the rows at the end of the base year leave it, ``leverage_musd`` as those of
    the day do (million USD a year) and the Mt a year hit, ``hit_base_mt`` and ``hit_mt``, for each of ``goods``
    where these are several (``hit_base_coal_mt``). ``facts`` are those about later times on which no number
    rests, with the fact of the ``base`` year that each continues.
    """

    rows: tuple[Changed, ...]
    moves: tuple[str, ...]
    table: pl.DataFrame
    facts: pl.DataFrame
    goods: tuple[Goods, ...] = ()

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values."""
        return {
            "rows": [asdict(one) for one in self.rows],
            "moves": list(self.moves),
            "figures": self.table.to_dicts(),
            "facts": self.facts.to_dicts(),
        }


def changed_since(setup: Setup, *, horizon: Horizon) -> ChangedResult:
    """Return what changed between the end of the base year and the day of the model.

    Raises :class:`kopir.core.errors.ModelError` where either has no optimum.
    """
    rows = changed_rows(setup.model)
    after = _figures(setup, horizon)
    before = _figures(at_base(setup, rows), horizon) if rows else after
    goods = goods_of(setup.network, setup.focal_state)
    hits = [(one.column("hit_base"), one.column("hit")) for one in goods]
    names = {"leverage_musd": "leverage_base_musd", **{now: then for then, now in hits}}
    table = after.join(before.rename(names), on="partner", how="left", maintain_order="left")
    columns = ("partner", "leverage_base_musd", "leverage_musd", *(column for pair in hits for column in pair))
    return ChangedResult(rows, moves(setup, rows), table.select(columns), facts_since(setup.model), goods)


def _figures(setup: Setup, horizon: Horizon) -> pl.DataFrame:
    found = leverage(setup, span=horizon)
    hits = {one.column("hit"): one.column("sensitivity") for one in found.goods}
    return found.table.select("partner", "leverage_musd", **hits)
