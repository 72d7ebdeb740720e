"""Names of states, groups and routes in a sentence, whatever their endings: nobody else is answered about."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kopir.core.codes import KINDS, codes

_SHORTEST = 4
_ENDING = 2
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PARTIES = tuple(kind for kind in KINDS if kind in {"states", "groups", "routes"})


def named_in(text: str) -> frozenset[str]:
    """Return the codes of the states, groups and routes that ``text`` names, by the stems of their names.

    A stem is a name without its last two letters and no shorter than four, and the longest that fits counts
    («Turkmenistan» names no Türkiye); of a name of several words all must stand in a row. Abbreviations must
    stand as they are.
    """
    words = _WORD.findall(text)
    plain = [plain_letters(word) for word in words]
    found: set[str] = {code for word in words for code in _short().get(word, ())}
    for at, word in enumerate(plain):
        for size in range(len(word), _SHORTEST - 1, -1):
            meant = {code for code, rest in _stems().get(word[:size], ()) if _goes_on(plain[at + 1 :], rest)}
            found |= meant
            if meant:
                break
    return frozenset(found)


def _goes_on(after: list[str], rest: tuple[str, ...]) -> bool:
    """Tell whether the words behind the first word of a name are its other words."""
    return len(after) >= len(rest) and all(one.startswith(stem) for one, stem in zip(after, rest, strict=False))


def plain_letters(word: str) -> str:
    """Return a word in small letters without marks; «й» stays itself."""
    folded = unicodedata.normalize("NFKD", word.replace("ı", "i").replace("İ", "i").casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter) or letter == "\u0306")


@cache
def _stems() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    found: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for kind in _PARTIES:
        for code, entry in codes(kind).items():
            for name in entry.names.values():
                stems = [_stem(plain_letters(word)) for word in _WORD.findall(name)]
                if stems and len(stems[0]) >= _SHORTEST:
                    found.setdefault(stems[0], set()).add((code, tuple(stems[1:])))
    return {stem: tuple(sorted(names)) for stem, names in found.items()}


@cache
def _short() -> dict[str, tuple[str, ...]]:
    """Return abbreviations and short names as they stand, with their codes."""
    found: dict[str, set[str]] = {}
    for kind in _PARTIES:
        for code, entry in codes(kind).items():
            found.setdefault(code, set()).add(code)
            for name in entry.names.values():
                if len(_stem(plain_letters(name))) < _SHORTEST:
                    found.setdefault(name, set()).add(code)
    return {name: tuple(sorted(held)) for name, held in found.items()}


def _stem(word: str) -> str:
    return word[: max(_SHORTEST, len(word) - _ENDING)]
