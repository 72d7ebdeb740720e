"""Counted things that no table names: "40,000 seamstresses", "42 federal universities"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kopir.evidence.figures._calendar import looks_like_year
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.words._lexicon import Hit, Token

FEWEST = 11
"""Smaller numbers of nouns that no table names are left alone."""
WORDS = 2
"""Most words between a number and the noun that it counts."""
SHORTEST = 5
SINGULAR = ("ss", "us", "is", "ous", "'s")
"""Endings in s of words that are no plurals."""

NAMED = frozenset(
    [
        "page",
        "pages",
        "chapter",
        "room",
        "line",
        "no",
        "number",
        "section",
        "article",
        "figure",
        "table",
        "flight",
        "route",
        "item",
        "step",
        "part",
        "volume",
        "act",
        "paragraph",
        "channel",
        "unit",
        "bus",
        "gate",
        "exit",
        "rule",
        "title",
        "form",
        "lot",
        "day",
        "week",
        "grade",
        "class",
        "level",
        "stage",
        "phase",
        "model",
        "type",
        "version",
        "edition",
        "file",
        "box",
        "appendix",
        "annex",
        "clause",
        "verse",
        "track",
        "scene",
        "episode",
        "season",
        "round",
        "area",
        "zone",
        "block",
    ]
)
"""Nouns that a number behind them names: on "page 30" nothing is counted."""


def counted(tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], found: Quantity, j: int) -> Quantity:
    """Return a whole figure from eleven up with the English plural behind it as its unit, if there is one."""
    value = found.value
    if found.unit is not None or value is None or value < FEWEST or value != int(value):
        return found
    written = tokens[found.first]
    if written.kind == "num" and not found.scaled and looks_like_year(written.text):
        return found
    if found.first and tokens[found.first - 1].text in NAMED:
        return found
    for n in range(j, min(j + WORDS + 1, len(tokens))):
        token = tokens[n]
        if token.kind != "word" or token.capital or any(n in hits[table] for table in TABLES):
            return found
        if token.text.endswith("s") and len(token.text) >= SHORTEST and not token.text.endswith(SINGULAR):
            noun = singular(token.text)
            return replace(found, last=n + 1, unit=noun, unit_kind=noun)
    return found


TABLES = ("particles", "comparators", "changes", "periods", "numerals", "speech", "references", "units", "rates")
"""Tables whose words are no nouns that are counted, nor stand before one."""


def singular(noun: str) -> str:
    """Return the singular of a regular English noun."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith(SINGULAR) else noun
