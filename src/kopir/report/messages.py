"""Texts of the brief in four languages: tables of messages, with plurals and numbers in the manner of each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel import Locale

from kopir.core.codes import Language
from kopir.report.content import Cell, Prose

_IMPORTING = "importing."
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Messages:
    """The messages of one language, by dotted key. A message with plural forms has one key for each form."""

    language: Language
    texts: Mapping[str, str]

    def text(self, key: str, **words: str) -> str:
        """Return a message with words in its slots; raises ``KeyError`` for an unknown key or a missing word."""
        return _SLOT.sub(lambda slot: words[slot[1]], self.texts[key])

    def unit(self, unit: str) -> str:
        """Return a unit in words; the unit itself where the language has none for it."""
        return self.texts.get(f"unit.{unit}", unit)

    def prose(self, key: str, **cells: Cell) -> Prose:
        """Return a message with words and numbers in its slots."""
        parts: list[Cell] = []
        for index, part in enumerate(_SLOT.split(self.texts[key])):
            cell = cells[part] if index % 2 else part
            if cell != "":
                parts.append(cell)
        return Prose(tuple(parts))

    def plural(self, key: str, count: int, **words: str) -> str:
        """Return the form of a message for ``count``, which stands in its slot ``count``."""
        form = Locale(self.language).plural_form(count)
        chosen = f"{key}.{form}" if f"{key}.{form}" in self.texts else f"{key}.other"
        return self.text(chosen, count=str(count), **words)


@cache
def messages(language: Language, *, importing: bool = False) -> Messages:
    """Return the messages of ``language``, where all is ``importing`` those that speak of buying abroad."""
    texts = read_texts("kopir.report", language)
    if importing:
        texts |= {key.removeprefix(_IMPORTING): said for key, said in texts.items() if key.startswith(_IMPORTING)}
    return Messages(language, texts)


def read_texts(package: str, language: Language) -> dict[str, str]:
    """Return the texts of a package in ``language``, by dotted key, as its folder ``texts`` has them."""
    text = files(package).joinpath(f"texts/{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def slots(text: str) -> frozenset[str]:
    """Return the names of the slots of a message."""
    return frozenset(_SLOT.findall(text))


def _flat(table: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", str(value).strip()))
    return found
