"""Tonnes by goods: tonnes of different goods are not added, so each kind of goods has a column of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kopir.model.network.network import Network


@dataclass(frozen=True, slots=True)
class Goods:
    """Commodities whose tonnes may be added.

    ``code`` names them in columns and ids; it is blank where the state has no others, for then nothing else
    could be meant.
    """

    code: str
    commodities: frozenset[str]

    @property
    def name(self) -> str:
        """The commodities, parted by blanks."""
        return " ".join(sorted(self.commodities))

    @property
    def key(self) -> str:
        """The commodities as one word, for ids."""
        return "_".join(sorted(self.commodities))

    def of(self, text: str) -> str:
        """Return a text with the goods named before it, where there are others."""
        return f"{self.name}: {text}" if self.code else text

    def column(self, measure: str) -> str:
        """Return the column of a measure in Mt of these goods: ``stranded_mt``, or ``stranded_coal_mt``."""
        return f"{measure}_{self.code}_mt" if self.code else f"{measure}_mt"


def goods_of(network: Network, owner: str) -> tuple[Goods, ...]:
    """Return the goods of ``owner``, those that conversions join as one; one of nothing if it has none."""
    kinds = network.goods(owner)
    if len(kinds) < 2:
        return (Goods("", kinds[0] if kinds else frozenset()),)
    return tuple(Goods("_".join(sorted(kind)), kind) for kind in kinds)


def columns_of(goods: Sequence[Goods], *measures: str) -> tuple[str, ...]:
    """Return the columns of ``measures``, those of each goods together."""
    return tuple(one.column(measure) for one in goods for measure in measures)
