"""The words of a page: texts in four languages, names of codes, and numbers in the manner of a language."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date

from kopir.core.codes import LANGUAGES, Language
from kopir.core.units import unit_of_column
from kopir.model.contents.model import Model
from kopir.report.forms.ranges import ends
from kopir.report.messages import Messages, messages, read_texts
from kopir.report.numbers import UNKNOWN, rounded
from kopir.report.telling import told_name

_LEAST = 5e-7
"""Size below which a number is printed as 0."""
_OF_GOODS = re.compile(
    r"^(rerouted|sensitivity|stranded|before|after|produced|shut_in|moved|unmet|stock|base)_(.+)(_mt(?:_low|_high)?)$"
)
"""Columns of a state with several goods name them: ``stranded_coal_mt``."""
_FAR = 100
_NEAR = 10


@dataclass(frozen=True)
class Words:
    """Words in one language about one model."""

    model: Model
    messages: Messages
    _names: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def language(self) -> Language:
        """The language."""
        return self.messages.language

    def text(self, key: str, **words: str) -> str:
        """Return a text with words in its slots."""
        return self.messages.text(key, **words)

    def name(self, code: str) -> str:
        """Return the name of a code."""
        if code not in self._names:
            self._names[code] = told_name(self.model, self.messages, code)
        return self._names[code]

    def value(self, word: str) -> str:
        """Return what a word of the results' own is called."""
        return self.messages.texts.get(f"value.{word}") or self.heading(word)

    def joined(self, codes: Iterable[str]) -> str:
        """Return the names of several codes in a row."""
        return ", ".join(self.name(code) for code in codes)

    def heading(self, column: str) -> str:
        """Return what the column of a result is called, with its unit."""
        for end in ("", "_low", "_high"):
            stem = column.removesuffix(end) if end else column
            key = f"column.{stem}"
            if key in self.messages.texts and column.endswith(end):
                told = self.messages.texts[key]
                return f"{told}, {self.text(f'end.{end[1:]}')}" if end else told
        of_goods = _OF_GOODS.match(column)
        if of_goods is not None and f"column.{of_goods[1]}{of_goods[3]}" in self.messages.texts:
            return f"{self._goods(of_goods[2])}: {self.heading(column.replace(f'_{of_goods[2]}_', '_', 1))}"
        unit = unit_of_column(column)
        words = column
        for end in ("_musd", "_mt", "_pct", "_usd"):
            words = words.removesuffix(end)
        words = words.replace("_", " ")
        return f"{words}, {self.messages.unit(unit)}" if unit and unit not in {"1", "see unit"} else words

    def _goods(self, code: str) -> str:
        """Return the names of the commodities whose codes, joined by ``_``, name goods in a column."""
        known = set(self.model.table("commodities")["commodity"])
        found, rest = [], code.split("_")
        while rest:
            size = next((size for size in range(len(rest), 1, -1) if "_".join(rest[:size]) in known), 1)
            found.append("_".join(rest[:size]))
            rest = rest[size:]
        return self.joined(found)

    def number(self, value: float | None) -> str:
        """Return a number: about three significant figures, in the manner of the language; a dash for unknown."""
        if value is None or not math.isfinite(value):
            return UNKNOWN
        size = abs(value)
        decimals = 0 if size >= _FAR else 1 if size >= _NEAR else 2
        if _LEAST <= size < 1:
            decimals = 2 - math.floor(math.log10(size))
        elif size < _LEAST:
            decimals = 0
        return rounded(value, decimals, self.language)

    def interval(self, value: float | None, low: float | None, high: float | None) -> str:
        """Return an interval as it stands behind its number, blank where there is none."""
        found = ends(value, low, high)
        if found is None:
            return ""
        first, last = (self.end(one) for one in (found.low, found.high))
        return f"{first} … {last}" if found.low < 0 else f"{first}–{last}"

    def days(self, first: date, last: date) -> str:
        """Return a day, or the first and the last of several, in the manner of the language."""
        told = [format_date(day, "long", self.language) for day in (first, last)]
        return told[0] if first == last else " – ".join(told)

    def end(self, value: float) -> str:
        """Return the end of an interval, which is rounded already."""
        exponent = Decimal(f"{value:.10g}").normalize().as_tuple().exponent
        return rounded(value, max(0, -int(exponent)), self.language)


def languages() -> tuple[tuple[Language, str], ...]:
    """Return the languages with what each calls itself."""
    return tuple((one, (Locale(one).get_language_name(one) or one).capitalize()) for one in LANGUAGES)


def words_of(model: Model, language: Language) -> Words:
    """Return the words of a language about a model."""
    return Words(model, texts_of(language))


@cache
def texts_of(language: Language) -> Messages:
    """Return the texts of the pages, beside those of the brief."""
    return Messages(language, {**messages(language).texts, **read_texts("kopir.serve", language)})
