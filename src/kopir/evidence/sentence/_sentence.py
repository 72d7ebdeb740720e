"""One sentence, read once: tokens, table hits, periods, mentions, quantities."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any, TypeVar

import regex

from kopir.evidence.figures._money import settle_money
from kopir.evidence.figures._periods import PeriodMention, PeriodReader
from kopir.evidence.figures._quantities import QuantityReader
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.words._firms import NONE, Firms
from kopir.evidence.words._lexicon import Hit, Lexicon, Token, tokenize
from kopir.evidence.words._mentions import Mention, MentionReader
from kopir.evidence.words._phrases import settle_cues, settle_goods

Told = TypeVar("Told")
FORMER = {"RUS": ("SUN", "1991-12-26"), "SRB": ("YUG", "1992-04-27"), "CZE": ("CSK", "1993-01-01")}
"""States that were not there before a day, and the state whose capital theirs then was."""
_BOILER = regex.compile(r"^\s*(?:\[?\d+\]|\d+\.)\s|https?://|isbn|doi:|//")
_QUOTE = regex.compile(r'"([^"\n]{2,60})"')
_DIGIT = regex.compile(r"\d")
_EDGE = frozenset(";:()")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document; ``start`` and ``end`` are character offsets.

    ``paragraph`` is the number of its block, one more for each block and two for a table between; ``block`` is the
    kind of that block: paragraph, item, heading or note; ``firms`` are those that the document names.
    """

    text: str
    view: str
    start: int
    end: int
    paragraph: int
    lexicon: Lexicon
    date: str | None
    block: str = "paragraph"
    firms: Firms = NONE

    @cached_property
    def tokens(self) -> list[Token]:
        """Words, figures and signs."""
        return tokenize(self.text, self.view, self.start, self.end, self.lexicon)

    @cached_property
    def hits(self) -> Mapping[str, Mapping[int, Hit]]:
        """Rows of the language tables, by table and first token."""
        found = self.lexicon.hits(self.tokens)
        settle_money(found, self.tokens, genitive_after=self.lexicon.language == "ru")
        settle_goods(found, self.tokens)
        settle_cues(found, self.tokens)
        shares = [cue for cue in found["cues"].values() if cue.row["cue"] == "share"]
        within = {n for cue in shares for n in range(cue.first + 1, cue.last)}
        for n in within & set(found["changes"]):  # "made up 40 percent" is no rise
            if found["changes"][n].last - n == 1:
                del found["changes"][n]
        return found

    @cached_property
    def _periods(self) -> tuple[list[PeriodMention], frozenset[int]]:
        reader = PeriodReader(self.tokens, self.hits, self.lexicon)
        return reader.read(self.date), frozenset(reader.used)

    @property
    def periods(self) -> list[PeriodMention]:
        """Periods from left to right."""
        return self._periods[0]

    @cached_property
    def mentions(self) -> list[Mention]:
        """Actors from left to right."""
        found = MentionReader(self.tokens, self.hits, self.lexicon, self.firms).read()
        return [_of_its_time(m, self.date) for m in found] if self.date else found

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Figures from left to right, without dates, references and titles."""
        if not self.lexicon.candidate.search(self.view, self.start, self.end) or self.is_reference:
            return []
        return QuantityReader(self.tokens, self.hits, self.lexicon, self._blocked()).read()

    @cached_property
    def remembered(self) -> dict[tuple[object, ...], Any]:
        """What was found out about figures of the sentence and is asked for again."""
        return {}

    @property
    def has_digit(self) -> bool:
        """Tell whether any figure is written in digits."""
        return _DIGIT.search(self.view, self.start, self.end) is not None

    @property
    def is_reference(self) -> bool:
        """Tell whether the sentence is a footnote or an entry of a list of sources."""
        return _BOILER.search(self.view[self.start : self.end]) is not None

    def _blocked(self) -> frozenset[int]:
        """Tokens that no quantity may begin at: dates, codes, clock times, titles in quotes."""
        out = set(self._periods[1])
        tokens = self.tokens
        for i, token in enumerate(tokens):
            if token.kind != "num":
                continue
            before = tokens[i - 1] if i else None
            after = tokens[i + 1] if i + 1 < len(tokens) else None
            if before is not None and (
                before.text in "№#§"
                or (before.text in ":/" and before.end == token.start)
                or before.kind == "code"
            ):
                out.add(i)
            if after is not None and after.text in ":/" and after.start == token.end:
                out.add(i)
            if before is not None and before.text == "-" and before.end == token.start and i > 1:
                held = tokens[i - 2]
                if held.kind in ("word", "code") and held.end == before.start:
                    out.add(i)
        out |= self._titles()
        times = (h for h in self.hits["periods"].values() if h.row["kind"] in ("compare", "earlier"))
        return frozenset(out | {i for h in times for i in range(h.first, h.last)})

    def _titles(self) -> set[int]:
        """Tokens of short quoted names that begin with a capital and hold no cue of an indicator."""
        out: set[int] = set()
        for found in _QUOTE.finditer(self.view, self.start, self.end):
            inside = [i for i, t in enumerate(self.tokens) if found.start() < t.start < found.end()]
            if not inside or len(inside) > 7:
                continue
            first = self.tokens[inside[0]]
            counts = inside[0] in self.hits["numerals"]
            if (first.capital and not counts) or first.text in ("%",):
                out.update(inside)
        return out

    @cached_property
    def figures(self) -> list[Quantity]:
        """Figures that have a unit or wait for one."""
        return [q for q in self.quantities if q.unit is not None or q.scaled]

    def role_at(self, i: int) -> str | None:
        """Role of the particle at token ``i``."""
        hit = self.hits["particles"].get(i)
        return None if hit is None else hit.row["role"]

    def edge(self, quantity: Quantity) -> int:
        """Where the part of the sentence that belongs to a figure ends: next comma, bracket, "and", contrast."""
        for i in range(quantity.last, len(self.tokens)):
            if self.tokens[i].text in ",;():" or self.role_at(i) in ("and", "contrast"):
                if self._joins_names(i):
                    continue
                return i
        return len(self.tokens)

    def _joins_names(self, i: int) -> bool:
        """Tell whether the "and" or comma at ``i`` stands between two names."""
        names = self.hits["actors"]
        return i + 1 in names and any(hit.last == i for hit in names.values())

    def _set_apart(self, n: int) -> int:
        """Return where a contrast begins: behind its word, or before what stands before "ise"."""
        if self.tokens[n].text != "ise":
            return n + 1
        return next((i + 1 for i in range(n - 1, -1, -1) if self.tokens[i].text in ",;"), 0)

    def turn(self, i: int) -> int:
        """Where the part of the sentence that holds token ``i`` begins: after the last contrast or semicolon."""
        place = bisect_left(self._turns, (i,))
        return self._turns[place - 1][1] if place else 0

    @cached_property
    def _turns(self) -> list[tuple[int, int]]:
        """Tokens that begin another part of the sentence, each with where that part begins."""
        out = []
        for n in range(1, len(self.tokens)):
            hit, comma = self.hits["particles"].get(n), self.tokens[n - 1].text == ","
            role = hit.row["role"] if hit is not None else None
            added = hit is not None and role == "and" and hit.last - n > 1 and comma
            if self.tokens[n].text == ";" or added:
                out.append((n, n + 1))
            elif role == "contrast" and (comma or len(self.tokens[n].text) > 2):
                out.append((n, self._set_apart(n)))
        return out

    @cached_property
    def brackets(self) -> list[int]:
        """Number of the bracket that each token stands in; 0 outside."""
        out, depth, number = [], 0, 0
        for token in self.tokens:
            if token.text == "(":
                depth, number = 1, number + 1
            out.append(number if depth else 0)
            if token.text == ")":
                depth = 0
        return out

    def owns(self, quantity: Quantity, i: int) -> bool:
        """Tell whether what stands at token ``i`` after a figure can still belong to it."""
        later = any(q.first > quantity.first for q in self.figures)
        return i < self.edge(quantity) or not (later and any(q.first > i for q in self.figures))

    def distance(self, a: int, b: int) -> float:
        """Distance in tokens between two places; commas and clause edges weigh more."""
        low, high = (a, b) if a <= b else (b, a)
        cost = float(high - low)
        for token in self.tokens[low:high]:
            if token.text == ",":
                cost += 3
            elif token.text in _EDGE:
                cost += 6
        return cost

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Character offsets of tokens ``first`` to ``last`` (exclusive)."""
        return self.tokens[first].start, self.tokens[last - 1].end


def _of_its_time(m: Mention, date: str) -> Mention:
    """Give a capital or an adjective of a later state to the one that was there on the day of the document."""
    code, until = FORMER.get(m.code, ("", ""))
    return replace(m, code=code) if date < until and m.kind == "state" else m


def once(tell: Callable[[Sentence], Told]) -> Callable[[Sentence], Told]:
    """Ask ``tell`` once of each sentence, for all of its figures; nobody may change what it returns."""

    @wraps(tell)
    def told(sentence: Sentence) -> Told:
        key = (tell.__module__, tell.__qualname__)
        if key not in sentence.remembered:
            sentence.remembered[key] = tell(sentence)
        found: Told = sentence.remembered[key]
        return found

    return told


def clause(sentence: Sentence, i: int) -> tuple[int, int]:
    """Tokens from the last to the next strong break around token ``i``."""
    tokens: Sequence[Token] = sentence.tokens
    first = i
    while first > 0 and tokens[first - 1].text not in ";":
        first -= 1
    last = i
    while last < len(tokens) and tokens[last].text not in ";":
        last += 1
    return first, last
