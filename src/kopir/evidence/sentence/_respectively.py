"""Figures listed in the order of names or years: "to A and B came to 5 and 3 bn respectively"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._mentions import Mention


def year_in_order(sentence: Sentence, quantity: Quantity) -> str | None:
    """Return the year of a figure by its place in a list said to be in the order of the years before it."""
    place = place_in_order(sentence, quantity)
    if place is None:
        return None
    years = years_in_order(sentence, place[1])
    return years[place[0]] if years else None


def place_in_order(sentence: Sentence, quantity: Quantity) -> tuple[int, int] | None:
    """Return which figure of how many in a list with "respectively" this one is."""
    if not any(h.row["role"] == "respectively" for h in sentence.hits["particles"].values()):
        return None
    figures = sentence.figures
    here = next((n for n, q in enumerate(figures) if q.first == quantity.first), None)
    if here is None:
        return None
    low = high = here
    while low > 0 and _tied(sentence, figures[low - 1], figures[low]):
        low -= 1
    while high + 1 < len(figures) and _tied(sentence, figures[high], figures[high + 1]):
        high += 1
    return (here - low, high - low + 1) if high > low else None


def _tied(sentence: Sentence, left: Quantity, right: Quantity) -> bool:
    """Tell two figures of one list: nothing but a comma, "and" and small words of time or place between them."""
    first = min(right.first, right.compared[0]) if right.compared else right.first
    between = range(left.last, first)
    joined = any(_joins(sentence, i) for i in between)
    return joined and all(_joins(sentence, i) or i in sentence.hits["particles"] for i in between)


def _joins(sentence: Sentence, i: int) -> bool:
    return sentence.tokens[i].text == "," or sentence.role_at(i) == "and"


def lists_of_names(sentence: Sentence) -> list[list[str]]:
    """Return the lists of names that stand side by side, with only commas and "and" between them."""
    acting = [m for m in sentence.mentions if m.kind in ("state", "group", "firm", "name") and not m.speaker]
    out: list[list[str]] = [[m.code] for m in acting[:1]]
    for left, right in pairwise(acting):
        if _beside(sentence, left, right):
            out[-1].append(right.code)
        else:
            out.append([right.code])
    return out


def _beside(sentence: Sentence, left: Mention, right: Mention) -> bool:
    between = range(left.last, right.first)
    joined = any(_joins(sentence, i) for i in between)
    return joined and all(_joins(sentence, i) or i in sentence.hits["particles"] for i in between)


def years_in_order(sentence: Sentence, many: int) -> Sequence[str]:
    """Return the years listed before the figures, where there are as many of them."""
    first = sentence.figures[0].first
    told = [p for p in sentence.periods if p.last <= first and p.year is not None and p.role == "at"]
    return [str(p.year) for p in told] if len(told) == many else ()
