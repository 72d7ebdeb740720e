"""The voice of a sentence: who praises, hopes, warns, denies, told by a word of it (``facts/data/voices.csv``)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

ORDER = ("denies", "warns", "hopes", "praises")
FAVOURABLE, ADVERSE = frozenset({"praises", "hopes", "plans", "expects"}), frozenset({"warns", "denies"})


def voice_of(sentence: str, language: str) -> tuple[str, str]:
    """Return the voice of a sentence and the words that tell it; ``asserts`` and blank where none does.

    Where words of several voices stand, a denial tells before a warning, that before a hope, that before praise.
    """
    for voice in ORDER:
        found = _patterns().get((language, voice))
        match = found.search(sentence) if found is not None else None
        if match is not None:
            return voice, match[0]
    return "asserts", ""


def are_opposite(one: str, other: str) -> bool:
    """Tell whether one voice speaks for what the other speaks against."""
    return (one in FAVOURABLE and other in ADVERSE) or (other in FAVOURABLE and one in ADVERSE)


@cache
def _patterns() -> Mapping[tuple[str, str], re.Pattern[str]]:
    text = files("kopir.facts").joinpath("data/voices.csv").read_text(encoding="utf-8")
    stems: dict[tuple[str, str], list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        stems.setdefault((row["language"], row["voice"]), []).append(_pattern(row["stem"]))
    return {
        key: re.compile(rf"\b(?:{'|'.join(sorted(words, key=len, reverse=True))})", re.IGNORECASE)
        for key, words in stems.items()
    }


def _pattern(stem: str) -> str:
    """Return the pattern of a stem with any ending; after «=» the word must end where the stem does."""
    return rf"{re.escape(stem[1:])}\b" if stem.startswith("=") else rf"{re.escape(stem)}\w*"
