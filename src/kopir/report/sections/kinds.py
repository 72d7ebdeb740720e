"""Goods whose tonnes are not added: each kind is told by itself, in words for what is sold or what is bought."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from kopir.model.network.goods import Goods
from kopir.report.content import Prose
from kopir.report.messages import messages
from kopir.report.sections.trades import goods_name, listed, plain_goods
from kopir.report.telling import Telling, begun


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of goods of the focal state; its ``telling`` speaks of buying where it is bought.

    ``title`` names it where there are several kinds, and is blank where there is no other.
    """

    goods: Goods
    telling: Telling
    title: str

    def key(self, key: str) -> str:
        """Return the key of a table or figure of these goods alone."""
        return f"{key}_{self.goods.code}" if self.goods.code else key

    def of(self, text: str) -> str:
        """Return a text with the name of the goods before it, as a sentence of its own."""
        return f"{self.head} {text}" if self.title else text

    @property
    def head(self) -> str:
        """The name of the goods as it begins a sentence, with its full stop."""
        return f"{begun(self.title, self.telling.messages.language)}."

    def id(self, *parts: str) -> str:
        """Return the id of a number whose last part is a column; the goods stand before that."""
        *stem, column = parts
        return ":".join((*stem, *filter(None, (self.goods.code,)), column))


def kinds(telling: Telling) -> tuple[Kind, ...]:
    """Return the kinds of goods of the focal state, one where tonnes of all may be added."""
    found = telling.results.leverage.goods
    if len(found) == 1:
        return (Kind(found[0], telling, ""),)
    language = telling.messages.language
    return tuple(
        Kind(
            one,
            replace(telling, messages=messages(language, importing=_bought(telling, one))),
            _title(telling, one),
        )
        for one in found
    )


def drawn(telling: Telling) -> Kind:
    """Return the kind that a map with widths in Mt can draw: the one of which most is traded abroad."""
    results = telling.results
    return max(kinds(telling), key=lambda one: results.traded_mt(one.goods))


def routes_of(kind: Kind) -> pl.DataFrame:
    """Return what links carry of these goods before and after the worst refusal, whoever owns them."""
    results = kind.telling.results
    routes = results.leverage.routes.filter((pl.col("denier") == results.worst) & (pl.col("asset_type") == "link"))
    shown = kind.goods.commodities or _most_carried(kind.telling, routes)
    return routes.filter(pl.col("commodity").is_in(list(shown)))


def _most_carried(telling: Telling, routes: pl.DataFrame) -> frozenset[str]:
    """Return the goods that a state without own goods is crossed by most, in tonnes on any one link."""
    if routes.is_empty():
        return frozenset()
    first = routes.sort("before_mt", "commodity", "owner", descending=[True, False, False]).row(0, named=True)
    told = telling.results.setup.network.goods(first["owner"])
    return next((one for one in told if first["commodity"] in one), frozenset({first["commodity"]}))


def titled(prose: Prose, kind: Kind) -> Prose:
    """Return a sentence with the name of the goods before it."""
    return Prose((f"{kind.head} ", *prose.parts)) if kind.title else prose


def drawn_only(telling: Telling) -> str:
    """Return the sentence that says which goods a map draws, where there are others; else nothing."""
    kind = drawn(telling)
    if not kind.title:
        return ""
    plain = [plain_goods(telling, commodity) for commodity in sorted(kind.goods.commodities)]
    words = listed(telling, [goods_name(telling, one) for one in dict.fromkeys(plain)])
    return f" {telling.messages.text('map.only', goods=words)}"


def _bought(telling: Telling, goods: Goods) -> bool:
    markets = telling.results.setup.model.table("markets").filter(
        (pl.col("owner") == telling.results.setup.focal_state) & pl.col("commodity").is_in(list(goods.commodities))
    )
    return (
        bool(markets.height)
        and set(markets["kind"]) <= {"import", "domestic"}
        and "import" in set(markets["kind"])
    )


def _title(telling: Telling, goods: Goods) -> str:
    return listed(telling, dict.fromkeys(telling.name(commodity) for commodity in sorted(goods.commodities)))
