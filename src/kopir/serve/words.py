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
    r"^(rerouted|sensitivity|stranded|before|after|produced|shut_in|moved|unmet|stock|hit_base|hit(?!_base)|base)"
    r"_(.+)(_mt(?:_low|_high)?)$"
)
"""Columns of a state with several goods name them: ``stranded_coal_mt``."""
_UNTOLD = frozenset({"", "1", "see unit", "year"})
"""Units that a heading does not tell: none, and what the number says by itself."""
_TELLING = frozenset({"days", "feu", "full_day", "months"})
"""Columns whose names are their units."""
_UNITS = ("_musd", "_mt", "_pct", "_usd", "_teu", "_day")
"""Ends of columns that state a unit."""
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

    def value(self, word: str, *, rates: bool = True) -> str:
        """Return what a word of the results' own is called; a measure has the unit of its heading."""
        return self.messages.texts.get(f"value.{word}") or self.heading(word, rates=rates)

    def joined(self, codes: Iterable[str]) -> str:
        """Return the names of several codes in a row."""
        return ", ".join(self.name(code) for code in codes)

    def heading(self, column: str, *, rates: bool = True) -> str:
        """Return what the column of a result is called, with its unit; a year's unless ``rates`` are none."""
        of_goods = _OF_GOODS.match(column)
        if of_goods is not None and self._knows(of_goods[1], of_goods[3]):
            plain = column.replace(f"_{of_goods[2]}_", "_", 1)
            return f"{self._goods(of_goods[2])}: {self.heading(plain, rates=rates)}"
        stem, end = _stem(column)
        whole = column.removesuffix(f"_{end}")
        known = (f"column.{column}", f"column.{whole}", f"word.{stem}", f"column.{stem}", f"value.{column}")
        told = [next((self.messages.texts[key] for key in known if key in self.messages.texts), _plain(stem))]
        if end and f"column.{column}" not in self.messages.texts:
            told.append(self.text(f"end.{end}"))
        unit = unit_of_column(column)
        if unit not in _UNTOLD and column not in _TELLING:
            told.append(self.messages.unit(unit if rates else unit.removesuffix("/yr")))
        return ", ".join(told)

    def _knows(self, stem: str, unit: str) -> bool:
        return f"column.{stem}{unit}" in self.messages.texts or f"word.{stem}" in self.messages.texts

    def label(self, option: str) -> str:
        """Return what an option of a question is called on a form."""
        return self.messages.texts.get(f"label.{option}") or self.heading(option)

    def help(self, question: str, option: str, english: str) -> str:
        """Return what an option of a question does; as its code says it in ``english`` where no text does."""
        texts = self.messages.texts
        return texts.get(f"option.{question}.{option}") or texts.get(f"option.{option}", english)

    def about(self, question: str, english: str) -> str:
        """Return what a question asks; as its code says it in ``english`` where no text does."""
        return self.messages.texts.get(f"about.{question}", english)

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

    def reaching(self, value: float | None, low: float | None, high: float | None) -> tuple[str, str]:
        """Return a number and the interval behind it; where that leaves open gain or loss it stands alone."""
        interval = self.interval(value, low, high)
        found = ends(value, low, high)
        if found is not None and found.wider and found.low < 0 < found.high:
            return interval, ""
        return self.number(value), interval

    def ranged(self, value: float | None, low: float | None, high: float | None) -> str:
        """Return a number with the interval behind it, as one text."""
        number, interval = self.reaching(value, low, high)
        return f"{number} [{interval}]" if interval else number

    def days(self, first: date, last: date) -> str:
        """Return a day, or the first and the last of several, in the manner of the language."""
        told = [format_date(day, "long", self.language) for day in (first, last)]
        return told[0] if first == last else " – ".join(told)

    def end(self, value: float) -> str:
        """Return the end of an interval, which is rounded already."""
        exponent = Decimal(f"{value:.10g}").normalize().as_tuple().exponent
        return rounded(value, max(0, -int(exponent)), self.language)


def _plain(stem: str) -> str:
    return stem.replace("_", " ")


def _stem(column: str) -> tuple[str, str]:
    """Return the name of a column without its unit, and which end of an interval it holds, blank for neither."""
    stem, found = column, ""
    for _ in range(2):  # ``price_usd_low`` and ``low_musd``
        stem = next((stem.removesuffix(unit) for unit in _UNITS if stem.endswith(unit)), stem)
        for end in ("low", "high"):
            if not found and stem.endswith(f"_{end}"):
                stem, found = stem.removesuffix(f"_{end}"), end
    return stem, found


def languages() -> tuple[tuple[Language, str], ...]:
    """Return the languages with what each calls itself."""
    return tuple((one, (Locale(one).get_language_name(one) or one).capitalize()) for one in LANGUAGES)


def words_of(model: Model, language: Language) -> Words:
    """Return the words of a language about a model."""
    return Words(model, texts_of(language))


@cache
def texts_of(language: Language) -> Messages:
    """Return the texts of the pages, beside those of the brief."""
    own = ("kopir.serve.pages", "kopir.serve")
    found = dict(messages(language).texts)
    for package in own:
        found |= read_texts(package, language)
    return Messages(language, found)
