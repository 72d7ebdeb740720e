"""Names of states, groups and routes in a sentence, whatever their endings: nobody else is answered about."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from kopir.core.codes import KINDS, codes
from kopir.evidence import transliterated

_SHORTEST = 4
_ENDING = 2
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PARTIES = tuple(kind for kind in KINDS if kind in {"states", "groups", "routes"})


def named_in(text: str) -> frozenset[str]:
    """Return the codes of the states, groups and routes that ``text`` names, by the stems of their names.

    A stem is a name without its last two letters and no shorter than four; of a name of several words all must
    stand in a row. Abbreviations must stand as they are.
    """
    words = _WORD.findall(text)
    plain = [_plain(word) for word in words]
    found: set[str] = {code for word in words for code in _short().get(word, ())}
    for at, word in enumerate(plain):
        for size in range(_SHORTEST, len(word) + 1):
            for code, rest in _stems().get(word[:size], ()):
                after = plain[at + 1 : at + 1 + len(rest)]
                if len(after) == len(rest) and all(
                    one.startswith(stem) for one, stem in zip(after, rest, strict=True)
                ):
                    found.add(code)
    return frozenset(found)


@lru_cache(maxsize=4096)
def spelt_in(code: str, text: str) -> bool:
    """Tell whether a text writes the letters of a code that no table names («Poti limanı» of ``POTI``)."""
    stem = _latin(code)[: max(_SHORTEST, len(_latin(code)) - 1)]
    capitals = (word for word in _WORD.findall(text) if word[0].isupper())
    return len(stem) >= _SHORTEST and any(_latin(word).startswith(stem) for word in capitals)


@cache
def _latin(word: str) -> str:
    return re.sub(r"[^a-z]", "", transliterated(_plain(word)).casefold())


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.replace("ı", "i").replace("İ", "i").casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter) or letter == "\u0306")


@cache
def _stems() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    found: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for kind in _PARTIES:
        for code, entry in codes(kind).items():
            for name in entry.names.values():
                stems = [_stem(_plain(word)) for word in _WORD.findall(name)]
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
                if len(_stem(_plain(name))) < _SHORTEST:
                    found.setdefault(name, set()).add(code)
    return {name: tuple(sorted(held)) for name, held in found.items()}


def _stem(word: str) -> str:
    return word[: max(_SHORTEST, len(word) - _ENDING)]
