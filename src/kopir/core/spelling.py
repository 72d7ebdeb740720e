"""Suggestions for a word that is not among the known ones."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return ``did you mean "x"? or use <otherwise>``, or only ``use <otherwise>`` when nothing is near."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"? or use {otherwise}' if near else f"use {otherwise}"
