"""What every section needs to tell results: names, words of a language, and numbers that know their grounds."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kopir.core.codes import Language
from kopir.model.contents.model import Model
from kopir.model.contents.names import name_of
from kopir.model.contents.quantities import Quantity
from kopir.model.grounds.provenance import row_id
from kopir.report.content import Number, Unit
from kopir.report.grounds import Grounds
from kopir.report.messages import Messages
from kopir.report.results import Results

_UNITS: dict[str, Unit] = {
    "_mt": "Mt/yr",
    "_musd": "million USD/yr",
    "_low": "million USD/yr",
    "_high": "million USD/yr",
}
_ACRONYM = 3
_VOWELS = frozenset("AEIOUY")
_KINDS = frozenset({"group", "link", "supply", "market", "conversion", "route", "store", "node"})
"""Words of a row's key that say of what kind its asset is."""
BOOKED = frozenset({"budget_musd", "firms_musd", "foreign_musd", "income_musd"})
"""Losses that state take and shareholdings book to their bearers."""


@dataclass(frozen=True)
class Telling:
    """Results, told in the words of ``messages``."""

    results: Results
    grounds: Grounds
    messages: Messages

    def name(self, code: str) -> str:
        """Return the name of a place, partner, option or commodity; where it has none, words and no code.

        A link without a name is called by its ends, anything else by the words of its code.
        """
        return told_name(self.results.setup.model, self.messages, code)

    def rate(self, quantity: Quantity) -> str:
        """Return in words what an assumed rate is: ``price, Rotterdam``."""
        model, ref = self.results.setup.model, quantity.ref
        place = row_id(model.folder.tables[ref.table], ref.line).partition(":")[2].split(",")[0]
        key = f"rate.{ref.table}_{ref.column}"
        chosen = key if key in self.messages.texts else "rate.unnamed"
        return self.messages.text(chosen, place=self.name(place))

    @property
    def focal(self) -> str:
        """Name of the focal state."""
        return self.name(self.results.setup.focal_state)

    @property
    def frame(self) -> str:
        """What every loss is stated for: horizon, severity and base period."""
        return self.messages.text("frame", horizon=self.horizon(self.results.horizon), year=str(self.base_year))

    @property
    def base_year(self) -> int:
        """The year that losses are measured against."""
        return self.results.leverage.baseline_year

    def horizon(self, name: str) -> str:
        """Return a horizon in words, with its months."""
        months = self.results.setup.model.settings.horizons
        first, last = {"short": months.short, "medium": months.medium}.get(name, (months.medium[1] + 1, 0))
        return self.messages.text(f"horizon.{name}", first=str(first), last=str(last))

    def measure(self, partner: str, column: str, scale: float = 1.0, unit: Unit | None = None) -> Number:
        """Return a measure of the leverage table with its interval; ``scale`` and ``unit`` convert it."""
        value = self.results.row(partner)[column]
        low, high = self.results.interval(partner, column)
        suffix = "" if unit is None else "_pct"
        assumed = self.results.row(partner)["assumed_share"] if column.endswith("_musd") else None
        if column in BOOKED and assumed is not None:
            assumed = max(assumed, self.grounds.booked_share(f"leverage:{partner}"))
        return self.grounds.number(
            f"leverage:{partner}:{column}{suffix}",
            None if value is None else value * scale,
            unit or next(unit for end, unit in _UNITS.items() if column.endswith(end)),
            f"leverage:{partner}",
            (None if low is None else low * scale, None if high is None else high * scale),
            assumed,
        )

    def quantity(self, quantity: Quantity, ground: str) -> Number:
        """Return a figure of the model folder with its interval, under the id of its cell."""
        ends = (quantity.low, quantity.high) if quantity.is_uncertain else (None, None)
        assumed = 1.0 if quantity.grade == "assumed" else 0.0
        return self.grounds.number(str(quantity.ref), quantity.value, quantity.unit, ground, ends, assumed)


def told_name(model: Model, messages: Messages, code: str) -> str:
    """Return the name of a code of ``model`` in the language of ``messages``, as :meth:`Telling.name` gives it."""
    language = messages.language
    if f"code.{code}" in messages.texts:
        return messages.text(f"code.{code}")
    named = name_of(model, code, language)
    if named != code:
        return named
    own = messages.texts.get(f"kind.{code.lower()}") or _of_goods(messages, code)
    if own is not None:
        return own
    links = model.table("links").filter(pl.col("link") == code)
    ends = [str(links[end][0]) for end in ("from_node", "to_node")] if links.height else []
    return "–".join(_spoken(end, name_of(model, end, language)) for end in ends) or _spoken(code, named)


def quantity_name(model: Model, quantity: Quantity, messages: Messages) -> str:
    """Return in words what a quantity of the folder is: ``Caspian pipeline, crude: cost``."""
    ref = quantity.ref
    place = row_id(model.folder.tables[ref.table], ref.line).partition(":")[2].split(",")
    codes = [code for code in place if code and code not in _KINDS and not code.isdigit()]
    names = ", ".join(dict.fromkeys(told_name(model, messages, code) for code in codes))
    own = messages.texts.get(f"cell.{ref.table}_{ref.column}")
    what = own or messages.texts.get(f"cell.{ref.column}", ref.column.replace("_", " "))
    return f"{names}: {what}" if names else what


def begun(words: str, language: Language) -> str:
    """Return words as they begin a sentence: Turkish writes İ for i."""
    first = "İ" if language == "tr" and words.startswith("i") else words[:1].upper()
    return first + words[1:]


def _of_goods(messages: Messages, code: str) -> str | None:
    """Return in words a function that is named for its goods, ``coal_export``; ``None`` for any other."""
    goods, _, way = code.rpartition("_")
    if f"goods.{goods}" not in messages.texts or f"function.{way}" not in messages.texts:
        return None
    return messages.text(f"function.{way}", goods=messages.text(f"goods.{goods}"))


def _spoken(code: str, named: str) -> str:
    """Return a name, or the words of a code that has none: ``TAVAN_TOLGOI`` is Tavan Tolgoi, ``CPC`` stays."""
    if named != code:
        return named
    if not code.isupper():
        return code.replace("_", " ")
    return " ".join(
        part if len(part) <= _ACRONYM and not set(part) & _VOWELS else part.capitalize()
        for part in code.split("_")
    )
