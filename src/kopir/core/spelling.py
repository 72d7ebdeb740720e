"""Suggestions for a word that is not among the known ones."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_WORD = 80
MOST_WORDS = 5_000


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return ``did you mean "x"? or use <otherwise>``, or only ``use <otherwise>`` when nothing is near.

    No suggestion is sought for a word longer than ``LONGEST_WORD`` or among more than ``MOST_WORDS``: the search
    takes time in proportion to both, and the words may be hostile.
    """
    near = nearest(word, known)
    return f'did you mean "{near}"? or use {otherwise}' if near is not None else f"use {otherwise}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is nearest to ``word``, first of all one in other letter case, or ``None``."""
    words = sorted(known)
    alike = next((one for one in words if one.casefold() == word.casefold()), None)
    if alike is not None:
        return alike
    if len(word) > LONGEST_WORD or len(words) > MOST_WORDS:
        return None
    return next(iter(get_close_matches(word, words, n=1, cutoff=0.6)), None)
