"""Who stands behind a figure inside its sentence: "according to customs" is statistics, whoever prints it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import polars as pl

_AFTER = re.compile(
    r"\b(?:according to|(?:data|figures|statistics) (?:of|from|by)|reported by|estimated by"
    r"|(?:по|согласно) (?:данным|сведениям|информации|оценкам?|статистике)|как сообщил\w*)"
    r"\s+((?:[\w'’-]+\s*){1,5})",
    re.IGNORECASE,
)
"""Words after which the speaker stands."""
_BEFORE = re.compile(
    r"((?:[\w'’-]+\s+){1,4})(?:verilerine göre|rakamlarına göre|деректері бойынша|мәліметі бойынша|мәліметінше)\b",
    re.IGNORECASE,
)
"""Words before which the speaker stands."""
_WORD = re.compile(r"[^\W\d_]+")


def speaker_class(sentence: str) -> str | None:
    """Return the class of the speaker whom a sentence names for its figures, ``None`` without one."""
    for match in (*_AFTER.finditer(sentence), *_BEFORE.finditer(sentence)):
        for word in _WORD.findall(match[1]):
            for stem, kind in _stems():
                if word.casefold().startswith(stem):
                    return kind
    return None


def spoken_classes(claims: pl.DataFrame) -> list[str]:
    """Return for each claim the class of who stands behind it: its speaker, else its source."""
    return [
        speaker_class(sentence or "") or kind for sentence, kind in claims.select("sentence", "class").iter_rows()
    ]


@cache
def _stems() -> Sequence[tuple[str, str]]:
    text = files("kopir.facts").joinpath("data/speakers.csv").read_text(encoding="utf-8")
    return [(row["stem"], row["class"]) for row in csv.DictReader(text.splitlines())]
