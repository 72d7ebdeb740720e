"""Numbers in figures and in words, with scales; one grammar for all languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from kopir.evidence._lexicon import Hit, Lexicon, Token


@dataclass(frozen=True, slots=True)
class Number:
    """A number read at tokens ``first`` to ``last`` (exclusive).

    ``scaled`` tells that a scale word (thousand, million ...) was read; ``words`` that no digit was.
    ``share`` marks a fraction word (a third), whose value is in percent.
    """

    first: int
    last: int
    value: float
    scaled: bool = False
    words: bool = False
    share: bool = False
    suffix: str = ""
    scale: float = 1.0


def figure(text: str, settings: Mapping[str, str]) -> float | None:
    """Read a figure with the decimal and group marks of a language; ``None`` where it is no number.

    A mark that is followed by exactly three digits, repeats, or is the language's group mark parts
    thousands; any other single mark is the decimal mark.
    """
    text = text.replace(" ", "")
    marks = [c for c in text if c in ".,"]
    if not marks:
        return float(text)
    decimal, group = settings["decimal"], settings["group"]
    if len(set(marks)) == 2:
        mark = marks[-1]
        if marks.count(mark) > 1:
            return None
        other = "," if mark == "." else "."
        return float(text.replace(other, "").replace(mark, "."))
    mark = marks[0]
    threes = all(len(part) == 3 for part in text.split(mark)[1:])
    if len(marks) > 1:
        return float(text.replace(mark, "")) if threes and len(text.split(mark)[0]) <= 3 else None
    if mark == group and threes and mark != decimal and text[0] != "0":
        return float(text.replace(mark, ""))
    return float(text.replace(mark, "."))


_YEAR_LIKE = regex.compile(r"1[5-9]\d\d|20\d\d|21\d\d")


def looks_like_year(text: str) -> bool:
    """Tell whether a figure could be a year."""
    return _YEAR_LIKE.fullmatch(text) is not None


class NumberReader:
    """Reads numbers from the tokens of one sentence."""

    def __init__(self, tokens: Sequence[Token], numerals: Mapping[int, Hit], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.numerals = numerals
        self.settings = lexicon.settings

    def at(self, i: int) -> Number | None:
        """Read the longest number that begins at token ``i``."""
        number = self._single(i)
        if number is None or not number.scaled:
            return number
        return self._added(number)

    def _added(self, number: Number) -> Number:
        """Add smaller scaled parts: 5 billion 400 million."""
        while number.last < len(self.tokens):
            more = self._single(number.last)
            if more is None or more.scale >= number.scale or more.share:
                break
            if not more.scaled and (more.value >= 1000 or number.scale > 1e3):
                break
            number = Number(
                number.first,
                more.last,
                number.value + more.value,
                True,
                number.words,
                False,
                more.suffix,
                more.scale,
            )
        return number

    def _single(self, i: int) -> Number | None:
        if i >= len(self.tokens):
            return None
        token = self.tokens[i]
        if token.kind == "num":
            value = figure(token.text, self.settings)
            return None if value is None else self._scaled(i, i + 1, value, words=False)
        return self._words(i)

    def _words(self, i: int) -> Number | None:
        hit = self.numerals.get(i)
        if hit is None:
            return None
        kind = hit.row["kind"]
        if kind in ("half", "share"):
            value = float(hit.row["value"])
            return Number(i, hit.last, value, kind == "half", True, kind == "share", hit.tail, 1.0)
        if kind == "scale":
            return self._scaled(i, i, 1.0, words=True)
        if kind == "plus_half":
            return None
        total, j = 0.0, i
        rank = 4
        ranks = {"hundred": 3, "ten": 2, "unit": 1, "dozen": 1}
        while (step := self.numerals.get(j)) is not None and ranks.get(step.row["kind"], 9) < rank:
            total += float(step.row["value"])
            rank = ranks[step.row["kind"]]
            j = step.last
            if j < len(self.tokens) and self.tokens[j].text == "-":
                nxt = self.numerals.get(j + 1)
                if nxt is not None and ranks.get(nxt.row["kind"], 9) < rank:
                    j += 1
        return self._scaled(i, j, total, words=True)

    def _scaled(self, first: int, j: int, value: float, *, words: bool) -> Number:
        """Apply halves and scale words that follow: 2 and a half million; 3 bin 700."""
        scale, scaled = 1.0, False
        suffix = self.tokens[j - 1].suffix if j > first else ""
        half = self.numerals.get(j)
        if half is not None and half.row["kind"] == "plus_half":
            value, j = value + 0.5, half.last
        while (hit := self.numerals.get(j)) is not None and hit.row["kind"] == "scale":
            if scaled and float(hit.row["value"]) < scale:
                break
            if j > first and len(self.tokens[j].text) == 1 and self.tokens[j].start != self.tokens[j - 1].end:
                break
            scale *= float(hit.row["value"])
            scaled, suffix = True, hit.tail or self.tokens[j].suffix
            j = hit.last
            if j < len(self.tokens) and self.tokens[j].text == "." and self._abbreviated(j):
                j += 1
        return Number(first, j, value * scale, scaled, words, False, suffix, scale)

    def _abbreviated(self, j: int) -> bool:
        """Tell whether a full stop at ``j`` belongs to the scale word before it (``тыс.``)."""
        return len(self.tokens[j - 1].text) <= 4 and self.tokens[j].start == self.tokens[j - 1].end
