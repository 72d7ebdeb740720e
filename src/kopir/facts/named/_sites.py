"""Sites: the ports, passes and plants that a clause names, so that a total is never taken for one of them.

A site that a book holds is known by its letters, however a language writes it; one that it does not hold by the
word beside its name («порт Поти», "the port of Chittagong", «Alat limanı»).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kopir.core.codes import codes
from kopir.evidence import transliterated
from kopir.facts.named._naming import plain_letters

UNKNOWN = "?"
"""Stands for a site that is named and of which nothing is held."""
_NAME = r"[«\"“]?(?P<name>[A-ZÇĞİÖŞÜА-ЯЁӘҒҚҢӨҰҮІ][\w’'-]{2,})"
_HEADS = (
    rf"\b(?i:port|harbou?r|pass|checkpoint|border (?:post|crossing)|terminal|airport) (?i:of|at) {_NAME}",
    rf"(?<![.!?] ){_NAME}(?: (?i:sea|land|dry|container))? (?:port|pass|crossing|checkpoint|terminal|harbou?r)\b",
    rf"\b(?i:порт\w*|КПП|перевал\w*|погранпереход\w*|переход\w*|терминал\w*|морск\w+ порт\w*) {_NAME}",
    rf"\b{_NAME}(?:\s+(?i:деңіз|теңіз|сауда|халықаралық|deniz|konteyner))?\s+(?i:порт[ыі]|асуы?|(?:өткізу )?бекет"
    r"|liman[ıi]|geçidi|sınır kapısı|терминалы)",
    r"\b(?P<name>[А-ЯЁ]\w+(?:ский|ской|ского|ском|ская))\s+(?i:порт|перевал|терминал)",
)
_HEAD = tuple(re.compile(one) for one in _HEADS)
_GENERIC = re.compile(
    r"\b(?:the|this|its) (?:port|pass|crossing|terminal)\b|\bпорта?\b|\bперевала?\b|\blimanın|\bпорттың\b",
    re.IGNORECASE,
)
"""A site told of without its name: the one that the sentence before names."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHORTEST = 4
_CONSONANTS = 4
_SOUNDS = (
    ("dzh", "j"),
    ("giu", "ju"),
    ("gio", "jo"),
    ("tch", "x"),
    ("zh", "j"),
    ("sh", "s"),
    ("ch", "x"),
    ("c", "k"),
    ("kh", "h"),
    ("gh", "g"),
    ("ya", "a"),
    ("yu", "u"),
    ("q", "k"),
    ("w", "v"),
    ("y", "i"),
)


def sites_in(clause: str, before: str, held: Iterable[str]) -> frozenset[str]:
    """Return the codes of ``held`` sites that a clause spells; :data:`UNKNOWN` for one that is held by no code.

    Where the clause names none but speaks of one («the port»), those of the sentence ``before``.
    """
    told = _told(clause, held)
    return told or (_told(before, held) if _GENERIC.search(clause) else frozenset())


def _told(text: str, held: Iterable[str]) -> frozenset[str]:
    known = frozenset(one for one in held if spelt_in(one, text))
    if known:
        return known
    names = (match["name"] for head in _HEAD for match in head.finditer(text))
    return frozenset({UNKNOWN}) if any(not _is_state(name) for name in names) else frozenset()


def _is_state(name: str) -> bool:
    """Tell whether a name is that of a state or what is a state's («Georgian ports»)."""
    stem = plain_letters(name)[:_SHORTEST]
    return any(
        plain_letters(each).startswith(stem) for entry in codes("states").values() for each in entry.names.values()
    )


@lru_cache(maxsize=8192)
def spelt_in(code: str, text: str) -> bool:
    """Tell whether a text writes the letters of a code that no table names («Poti limanı» of ``POTI``)."""
    sound = _sound(code)
    stem = sound[: max(_SHORTEST, len(sound) - 1)]
    bones = _bones(sound)
    words = (_sound(word) for word in _WORD.findall(text) if word[0].isupper())
    return len(stem) >= _SHORTEST and any(
        word.startswith(stem) or (len(bones) >= _CONSONANTS and _bones(word).startswith(bones)) for word in words
    )


@lru_cache(maxsize=8192)
def _sound(word: str) -> str:
    """Return a word as it sounds, in few Latin letters: Turkmenbashy, Türkmenbaşı and Туркменбаши are one."""
    latin = re.sub(r"[^a-z]", "", transliterated(plain_letters(word)).casefold())
    for letters, sound in _SOUNDS:
        latin = latin.replace(letters, sound)
    return re.sub(r"(.)\1", r"\1", latin)


def _bones(sound: str) -> str:
    return re.sub(r"[aeiou]", "", sound)
