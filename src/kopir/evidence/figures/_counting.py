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


def numbered(
    tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], found: Sequence[Quantity], *, late: bool
) -> list[Quantity]:
    """Give bare figures the noun whose number they tell: "the number of visitors rose 9 % to 49 million".

    ``late`` marks languages whose nouns stand before the word for number ("turist sayısı 49 milyona çıktı").
    """
    number = _counted_before if late else _numbered
    return [number(tokens, hits, q) if q.unit is None else q for q in found]


def _counted_before(tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], found: Quantity) -> Quantity:
    """Give a bare figure the counted noun that stands right before the word for number."""
    n = _word_for_number(tokens, found, NUMBERS_BEHIND)
    unit = next((h for h in hits["units"].values() if h.last == n and h.row["kind"] == "count"), None)
    return found if unit is None else replace(found, unit=unit.row["unit"], unit_kind=unit.row["unit"])


def _numbered(tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], found: Quantity) -> Quantity:
    n = _word_for_number(tokens, found, NUMBERS)
    if n is None or found.words or not _told(tokens, hits, found):
        return found
    first = n + 2 if n + 1 < found.first and tokens[n + 1].text == "of" else n + 1
    noun = _noun(tokens, hits, range(first, min(first + WORDS + 1, found.first)))
    return found if noun is None else replace(found, unit=noun, unit_kind=noun)


def _word_for_number(tokens: Sequence[Token], found: Quantity, starts: tuple[str, ...]) -> int | None:
    """Return where the word for number stands before a bare whole figure, ``None`` where none does."""
    value = found.value
    if value is None or value < FEWEST or value != int(value):
        return None
    if not found.scaled and looks_like_year(tokens[found.first].text):
        return None
    for n in range(found.first - 1, max(-1, found.first - 1 - TO_HEAD), -1):
        if tokens[n].text in ";()":
            return None
        if tokens[n].text.startswith(starts):
            return n
    return None


def _told(tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], found: Quantity) -> bool:
    """Tell a figure that something is, has come to or lies above, from one that stands for something else."""
    if found.compared is not None and found.compared[1] <= found.first:
        return True
    reached = any(h.last == found.first and h.row["effect"] == "reach" for h in hits["changes"].values())
    return reached or (found.first > 0 and tokens[found.first - 1].text in LINKS)


def _noun(tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], places: Sequence[int]) -> str | None:
    for n in places:
        hit = hits["units"].get(n)
        if hit is not None and hit.row["kind"] == "count":
            return hit.row["unit"]
        word = tokens[n].text
        english = word.isascii() and word.endswith("s") and len(word) >= SHORTEST and not word.endswith(SINGULAR)
        if english and not tokens[n].capital and not any(n in hits[table] for table in TABLES):
            return singular(word)
    return None


NUMBERS = ("number", "числ", "количеств")
"""Beginnings of words for how many there are."""
NUMBERS_BEHIND = ("sayisi", "adedi", "саны", "санын")
"""Beginnings of words for how many there are, in languages that put the noun before them."""
LINKS = frozenset({"to", "at", "-", "exceeded", "до", "превысило", "превышает"})
TO_HEAD = 16
"""Tokens back from a figure to the word "number" at most."""
TABLES = ("particles", "comparators", "changes", "periods", "numerals", "speech", "references", "units", "rates")
"""Tables whose words are no nouns that are counted, nor stand before one."""


def singular(noun: str) -> str:
    """Return the singular of a regular English noun."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith(SINGULAR) else noun
