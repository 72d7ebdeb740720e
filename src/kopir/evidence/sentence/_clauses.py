"""Parts of a sentence: clauses, and within a clause the stretch of text that belongs to one figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._indicators import WEAK, telling
from kopir.evidence.sentence._sentence import Sentence

STOPS = ",();-"
GERUNDS = ("arak", "erek", "ып", "іп")
"""Endings of verbs behind which another predicate begins."""
BEHIND = frozenset({"ise"})
"""Words of contrast behind what they set apart: "Peru ise 5 ton sattı"."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens ``first`` to ``last`` (exclusive) of a sentence, with the figures and telling cues they hold."""

    first: int
    last: int
    figures: tuple[Quantity, ...]
    cues: tuple[int, ...]

    def holds(self, i: int) -> bool:
        """Tell whether token ``i`` stands in the clause."""
        return self.first <= i < self.last

    def place_of(self, quantity: Quantity) -> int | None:
        """Return which of the clause's figures stands where this one does."""
        return next((n for n, q in enumerate(self.figures) if q.first == quantity.first), None)


def clauses(sentence: Sentence) -> list[Clause]:
    """Cut a sentence at semicolons, colons, contrasts, relative words, and where a new figure has its own cue."""
    figures = [q for q in sentence.quantities if q.unit is not None or q.scaled]
    cues = [h.first for h in telling(sentence) if h.row["cue"] not in WEAK - {"project", "cost"}]
    edges = [0, *_edges(sentence, figures, cues), len(sentence.tokens)]
    return [
        Clause(
            first,
            last,
            tuple(q for q in figures if first <= q.first < last),
            tuple(i for i in cues if first <= i < last),
        )
        for first, last in pairwise(edges)
        if last > first
    ]


def _edges(sentence: Sentence, figures: Sequence[Quantity], cues: Sequence[int]) -> list[int]:
    out: list[int] = []
    start = 0
    for i in range(1, len(sentence.tokens)):
        if sentence.brackets[i] and sentence.tokens[i].text != ";":
            continue
        if _breaks(sentence, i) or _opens(sentence, i, start, figures, cues):
            out.append(i)
            start = i
    return out


def _breaks(sentence: Sentence, i: int) -> bool:
    """Tell whether token ``i`` begins a clause by itself."""
    text, before = sentence.tokens[i].text, sentence.tokens[i - 1].text
    if text in ";:":
        return True
    role = sentence.role_at(i)
    if text in BEHIND:
        return False
    if role == "contrast":
        return before == "," or len(text) > 2
    if role == "clause":
        return True
    return before == "," and role == "and" and any(q.first >= i for q in sentence.quantities)


def _opens(sentence: Sentence, i: int, start: int, figures: Sequence[Quantity], cues: Sequence[int]) -> bool:
    """Tell whether a comma or "and" parts a figure with its own cue from the one before."""
    if sentence.tokens[i].text != "," and sentence.role_at(i) != "and":
        return False
    if not any(start <= q.first and q.last <= i for q in figures):
        return False
    following = next((q for q in figures if q.first >= i), None)
    if following is None:
        return False
    limit = following.first
    if sentence.lexicon.settings["verb_side"] == "after":
        later = next((q.first for q in figures if q.first >= following.last), len(sentence.tokens))
        return any(i < c < limit for c in cues) and any(start <= c < i for c in cues) and later > limit
    return any(i < c < limit for c in cues)


def own_stretch(sentence: Sentence, clause: Clause, quantity: Quantity) -> tuple[int, int]:
    """Tokens of a clause that belong to one of its figures: from the edge after the figure before to its own."""
    place = clause.place_of(quantity) or 0
    first = clause.first
    if place > 0:
        first = _edge(sentence, clause.figures[place - 1].last, quantity.first)
    last = clause.last
    if place + 1 < len(clause.figures):
        last = _edge(sentence, quantity.last, clause.figures[place + 1].first)
    return first, max(last, quantity.last)


def _edge(sentence: Sentence, low: int, high: int) -> int:
    """Return the first stop or "and" between two figures; the end of the first where they touch.

    A verb that goes on belongs to the figure before it, where verbs stand last: "yüzde 5 artarak 7 ton oldu".
    """
    for i in range(low, high):
        text = sentence.tokens[i].text
        if text == ")":
            return i + 1
        if text in STOPS or sentence.role_at(i) in ("and", "part"):
            return i
    if sentence.lexicon.settings["verb_side"] == "after":
        return next((i + 1 for i in range(low, high) if sentence.tokens[i].text.endswith(GERUNDS)), low)
    return low
