"""Lists: told off against each other ("by 4 % and 11 % respectively"), and labelled by periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._sentence import Sentence, once

LEAST = 2
JOINTS = frozenset({",", "and", "и", "%", "to", "from", "in", "for"})
"""Tokens that part the members of a list, and prepositions said again."""


class Placed(Protocol):
    """Anything at tokens ``first`` to ``last`` (exclusive) of a sentence."""

    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


T = TypeVar("T", bound=Placed)


def own_of_list(sentence: Sentence, quantity: Quantity, items: Sequence[T]) -> list[T]:
    """Leave out of ``items`` those that "respectively" gives to the other figures of a list."""
    figures = _figures(sentence, quantity) if pairs(sentence) else []
    if len(figures) < LEAST:
        return list(items)
    place = next(n for n, q in enumerate(figures) if q.first == quantity.first)
    run = next((r for r in _runs(sentence, items) if len(r) == len(figures)), None)
    return list(items) if run is None else [m for m in items if m not in run or m is run[place]]


@once
def pairs(sentence: Sentence) -> bool:
    """Tell a sentence that says "respectively"."""
    return any(hit.row["role"] == "respectively" for hit in sentence.hits["particles"].values())


def _figures(sentence: Sentence, quantity: Quantity) -> Sequence[Quantity]:
    """Return the list of figures of one unit that a figure stands in."""
    alike = [q for q in sentence.figures if q.unit_kind == quantity.unit_kind]
    return next((r for r in _runs(sentence, alike) if any(q.first == quantity.first for q in r)), ())


def _runs(sentence: Sentence, items: Sequence[T]) -> list[list[T]]:
    """Part what stands in a sentence into lists: members with only commas and "and" between them."""
    out: list[list[T]] = []
    for item in sorted(items, key=lambda item: item.first):
        between = [t.text for t in sentence.tokens[out[-1][-1].last : item.first]] if out else ["."]
        if between and JOINTS.issuperset(between):
            out[-1].append(item)
        else:
            out.append([item])
    return out


def label_of(sentence: Sentence, quantity: Quantity) -> PeriodMention | None:
    """Return the period that labels a figure of a list: "2014 год – 5 млн рублей  2015 год – 7 млн рублей"."""
    first = quantity.first
    if first < 2 or sentence.tokens[first - 1].text not in "-:":
        return None
    period = next((p for p in sentence.periods if p.last == first - 1 and p.role == "at"), None)
    before = next((q for q in reversed(sentence.figures) if q.last <= first), None)
    if period is None or (before is not None and not labels(sentence, before, period, quantity)):
        return None
    return period if before is not None or any(q.first >= quantity.last for q in sentence.figures) else None


def labels(sentence: Sentence, before: Quantity, period: PeriodMention, quantity: Quantity) -> bool:
    """Tell a period that labels the figure behind it, a comma behind the one before (", in 2016 - 5 mln")."""
    parted = (
        any(t.text in ",;" for t in sentence.tokens[before.last : period.first]) or before.last == period.first
    )
    between = sentence.tokens[period.last : quantity.first]
    return parted and all(t.kind == "sign" and t.text not in ",;" for t in between)
