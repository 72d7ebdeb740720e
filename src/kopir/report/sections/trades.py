"""What a state sells, buys or is crossed by, in plain words, and what is left of each when somebody refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl
from babel.lists import format_list

from kopir.report.telling import Telling

Way = Literal["sells", "buys", "crosses"]
WAYS: tuple[Way, ...] = ("sells", "buys", "crosses")
_FLOWS = 1e-6
_OIL = frozenset({"crude", "oil"})


@dataclass(frozen=True)
class Trade:
    """Goods of one name (:func:`plain_goods`) that the focal state sells or buys, or that others send across it.

    ``before_mt`` is what passes undisturbed and ``after_mt`` what still does when ``partner`` refuses, the one
    whose refusal holds back most, both Mt a year; ``partner`` is blank where none holds back any.
    """

    way: Way
    goods: str
    partner: str
    before_mt: float
    after_mt: float

    @property
    def lost_mt(self) -> float:
        """Mt a year that the refusal holds back."""
        return self.before_mt - self.after_mt


def trades(telling: Telling) -> tuple[Trade, ...]:
    """Return what is sold, then what is bought, each from the largest down.

    What others send across the state is told only where it sells and buys nothing itself.
    """
    results = telling.results
    model, focal = results.setup.model, results.setup.focal_state
    kinds = dict(model.table("markets").select("market", "kind").iter_rows())
    sold = results.leverage.routes.filter(pl.col("asset_type") == "market")
    found: dict[tuple[Way, str], dict[str, tuple[float, float]]] = {}
    for row in sold.iter_rows(named=True):
        kind = kinds[row["asset"]]
        if row["owner"] != focal:
            way: Way = "crosses"
        elif kind == "domestic":
            continue
        else:
            way = "buys" if kind == "import" else "sells"
        of = found.setdefault((way, plain_goods(telling, row["commodity"])), {})
        before, after = of.get(row["denier"], (0.0, 0.0))
        of[row["denier"]] = (before + row["before_mt"], after + row["after_mt"])
    told = [_worst(way, goods, of) for (way, goods), of in sorted(found.items())]
    own = [one for one in told if one.before_mt > _FLOWS and one.way != "crosses"]
    chosen = own or [one for one in told if one.before_mt > _FLOWS]
    return tuple(sorted(chosen, key=lambda one: (WAYS.index(one.way), -one.before_mt, one.goods)))


def plain_goods(telling: Telling, commodity: str) -> str:
    """Return a code for what people call a commodity: ``oil`` for whatever is counted in barrels, else its own."""
    code = commodity.lower()
    if code in _OIL or _in_barrels(telling, commodity):
        return "oil"
    return code if f"goods.{code}" in telling.messages.texts else commodity


def goods_name(telling: Telling, goods: str) -> str:
    """Return the word for goods as the sentences of a language want it."""
    say = telling.messages
    if f"goods.{goods}" in say.texts:
        return say.text(f"goods.{goods}")
    return say.text("goods.unnamed", name=telling.name(goods))


def listed(telling: Telling, words: Iterable[str]) -> str:
    """Return words joined as the language joins them: ``coal and copper``."""
    return format_list(list(words), locale=telling.messages.language)


def _in_barrels(telling: Telling, commodity: str) -> bool:
    rows = telling.results.setup.model.table("commodities").filter(pl.col("commodity") == commodity)
    return bool(rows.height) and bool(str(rows["barrels_per_tonne"][0] or ""))


def _worst(way: Way, goods: str, by_denier: dict[str, tuple[float, float]]) -> Trade:
    before = max(before for before, _ in by_denier.values())
    partner, (_, after) = min(by_denier.items(), key=lambda one: (one[1][1] - one[1][0], one[0]))
    if before - after <= max(_FLOWS, 5e-4 * before):
        return Trade(way, goods, "", before, before)
    return Trade(way, goods, partner, before, after)
