"""Numbers in figures and in words, with scales; one grammar for all languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from kopir.evidence.words._lexicon import Hit, Lexicon, Token

LONGEST = 18
"""Characters of the longest figure that is read; longer ones are account numbers, or mistakes."""
RANKS = MappingProxyType({"hundred": 3, "ten": 2, "unit": 1, "dozen": 1})
PLACES = frozenset({"third", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "quarter"})
"""English words that are a part or a place in an order."""
BESIDE_QUARTER = frozenset({"earlier", "ago", "later", "before", "when", "that"})
"""Words behind a quarter of a year."""
BEHIND_PARTS = frozenset(
    {
        "of",
        "to",
        "from",
        "in",
        "since",
        "by",
        "and",
        "or",
        "at",
        "over",
        "on",
        "this",
        "last",
        "more",
        "less",
        "as",
    }
    | {
        "higher",
        "lower",
        "fewer",
        "above",
        "below",
        "during",
        "between",
        "after",
        "before",
        "compared",
        "for",
        "the",
    }
    | {
        "is",
        "are",
        "was",
        "were",
        "came",
        "went",
        "goes",
        "year-on-year",
        "next",
        "than",
        "within",
        "against",
        "through",
    }
    | {
        "its",
        "their",
        "stake",
        "share",
        "interest",
        "cheaper",
        "smaller",
        "larger",
        "bigger",
        "with",
        "while",
        "but",
    }
)
"""Words behind a part, which is no place in an order then."""
PARTS = MappingProxyType({"tenths": 0.1, "hundredths": 0.01, "thousandths": 0.001})


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


NOUGHTS = (",000", ".000")
"""Thousands whatever the language's mark: nobody writes a figure to three decimals that are nought."""


def figure(text: str, settings: Mapping[str, str]) -> float | None:
    """Read a figure with the decimal and group marks of a language; ``None`` where it is no number.

    A mark that is followed by exactly three digits, repeats, or is the language's group mark parts
    thousands; any other single mark is the decimal mark. Figures of more than ``LONGEST`` digits and groups of
    uneven length (``12,34,567``) are no numbers.
    """
    text = text.replace(" ", "").replace("'", "")
    if len(text) > LONGEST:
        return None
    marks = [c for c in text if c in ".,"]
    if not marks:
        return float(text)
    decimal, group = settings["decimal"], settings["group"]
    if len(set(marks)) == 2:
        mark = marks[-1]
        if marks.count(mark) > 1:
            return None
        other = "," if mark == "." else "."
        whole = text.split(mark)[0].split(other)
        if len(whole[0]) > 3 or any(len(part) != 3 for part in whole[1:]):
            return None
        return float(text.replace(other, "").replace(mark, "."))
    mark = marks[0]
    threes = all(len(part) == 3 for part in text.split(mark)[1:])
    if len(marks) > 1:
        return float(text.replace(mark, "")) if threes and len(text.split(mark)[0]) <= 3 else None
    thousands = (mark == group and mark != decimal) or text.endswith(NOUGHTS)
    if thousands and threes and text[0] != "0":
        return float(text.replace(mark, ""))
    return float(text.replace(mark, "."))


class NumberReader:
    """Reads numbers from the tokens of one sentence."""

    def __init__(self, tokens: Sequence[Token], numerals: Mapping[int, Hit], lexicon: Lexicon) -> None:
        self.tokens = tokens
        plain = {i: hit for i, hit in numerals.items() if not _grouping(hit)}
        self.numerals = _joined(tokens, plain) if lexicon.settings["joins_numerals"] else plain
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
            more = self._single(number.last, following=True)
            if more is None or more.scale >= number.scale or more.share:
                break
            if not more.scaled and (more.value >= 1000 or not self._goes_on(number, more)):
                break
            number = replace(
                more, first=number.first, value=number.value + more.value, scaled=True, words=number.words
            )
        return number

    def _goes_on(self, number: Number, more: Number) -> bool:
        """Tell a rest below a thousand that goes on with a figure: "5 bin 20", in Turkish "64 milyon 179"."""
        return number.scale <= 1e3 or (number.words and more.words) or bool(self.settings["joins_numerals"])

    def _single(self, i: int, *, following: bool = False) -> Number | None:
        if i >= len(self.tokens):
            return None
        token = self.tokens[i]
        if token.kind == "num":
            value = None if self._is_ordinal(token) or self._is_broken(i) else figure(token.text, self.settings)
            return None if value is None else self._scaled(i, i + 1, value, words=False)
        return self._words(i, following=following)

    def _is_ordinal(self, token: Token) -> bool:
        """Tell "5th", "2-й", "3'üncü", "5-ші": a place in an order is no amount."""
        return bool(token.suffix) and token.suffix in self.settings["ordinal_endings"].split()

    def _is_broken(self, i: int) -> bool:
        """Tell a figure that is part of something unread: ``64·8``, ``0_5``, text with its direction turned."""
        if i == 0 or self.tokens[i - 1].end != self.tokens[i].start:
            return False
        mark = self.tokens[i - 1].text
        return mark in TURNS or (mark in "·_'^~\\&=" and i > 1 and self.tokens[i - 2].kind == "num")

    def _words(self, i: int, *, following: bool) -> Number | None:
        hit = self.numerals.get(i)
        if hit is None:
            return None
        kind = hit.row["kind"]
        if kind in ("half", "share"):
            if self._in_order(hit):
                return None
            value = float(hit.row["value"])
            return Number(i, hit.last, value, kind == "half", True, kind == "share", hit.tail, 1.0)
        if kind == "scale" and not self._hundred(hit):
            alone = following or self._stands_alone(hit)
            return self._scaled(i, i, 1.0, words=True) if alone else None
        if kind not in RANKS and not self._hundred(hit):
            return None
        if self._hundred(hit) and i and self.tokens[i - 1].text in VAGUE:
            return None
        total, j = self._group(i)
        total, j = self._decimals(total, j)
        return self._scaled(i, j, total, words=True) if j > i else None

    def _in_order(self, hit: Hit) -> bool:
        """Tell "a third month", "a fifth country" from a third of something: a noun stands right behind."""
        if self.tokens[hit.last - 1].text not in PLACES or hit.last >= len(self.tokens):
            return False
        if self.tokens[hit.last - 1].text == "quarter":
            return self.tokens[hit.last].text in BESIDE_QUARTER
        behind, next_ = self.tokens[hit.last], self.tokens[hit.last + 1 : hit.last + 2]
        if behind.text == "year" and next_ and next_[0].text in ("on", "-", "over"):
            return False
        return self.tokens[hit.first].text == "a" and behind.kind == "word" and behind.text not in BEHIND_PARTS

    def _hundred(self, hit: Hit) -> bool:
        return hit.row["kind"] == "scale" and float(hit.row["value"]) == 100

    def _stands_alone(self, hit: Hit) -> bool:
        """Tell a scale word that means one of its kind ("a million tonnes", "bin ton") from one without a number.

        Abbreviations and plurals, and whatever stands in brackets as the unit of a table, need a number.
        """
        before = self.tokens[hit.first - 1].text if hit.first else ""
        rule = self.settings["lone_scale"]
        if rule == "article":
            return before == "a" and (hit.first < 2 or self.tokens[hit.first - 2].text not in VAGUE)
        word = self.tokens[hit.first].text
        if word not in rule.split() or before in BARRED or before in VAGUE:
            return False
        after = self.tokens[hit.last].text if hit.last < len(self.tokens) else ""
        return after not in ("", ")", ",", ".", ":", ";")

    def _group(self, i: int) -> tuple[float, int]:
        """Add the words of a number below a thousand: two hundred and forty-four."""
        total, j, rank = 0.0, i, 4
        while (step := self.numerals.get(j)) is not None:
            if self._hundred(step):
                if rank <= 3 and not 1 <= total < 10:
                    break
                total, rank = max(total, 1.0) * 100, 3
            elif RANKS.get(step.row["kind"], 9) < rank:
                total += float(step.row["value"])
                rank = RANKS[step.row["kind"]]
            else:
                break
            j = step.last
            ahead = self.numerals.get(j + 1)
            if j < len(self.tokens) and self.tokens[j].text in ("-", "and") and ahead is not None:
                low = RANKS.get(ahead.row["kind"], 9) < rank
                if low and (self.tokens[j].text == "-" or (rank == 3 and self._hundred(step))):
                    j += 1
        return total, j

    def _decimals(self, total: float, j: int) -> tuple[float, int]:
        """Read what follows a spoken decimal mark: one point two, две целых пять десятых, бір бүтін оннан екі."""
        mark = self.numerals.get(j)
        if mark is None or mark.row["kind"] not in ("point", "whole"):
            return total, j
        k = mark.last
        if mark.row["kind"] == "whole":
            k += k < len(self.tokens) and self.tokens[k].text == "и"
            lead = self.numerals.get(k)
            size = PARTS.get(lead.row["kind"], 0.0) if lead is not None else 0.0
            value, end = self._group(lead.last if lead is not None and size else k)
            tail = self.numerals.get(end)
            if not size and tail is not None and tail.row["kind"] in PARTS:
                size, end = PARTS[tail.row["kind"]], tail.last
            elif not size and k < end:
                size = 0.1 if value < 10 else 0.01
            return (total + value * size, end) if size and end > k else (total, j)
        digits = ""
        while (step := self.numerals.get(k)) is not None and step.row["kind"] in ("unit", "ten"):
            digits += str(int(float(step.row["value"])))
            if step.row["kind"] == "ten":
                value, k = self._group(k)
                digits = str(int(value))
                break
            k = step.last
        return (total + float(f"0.{digits}"), k) if digits else (total, j)

    def after_hyphen(self, j: int) -> int:
        """Step over a hyphen that ties a word to the figure before it: a 2-million-tonne cargo."""
        if 0 < j < len(self.tokens) - 1 and self.tokens[j].text == "-":
            tied = (
                self.tokens[j].start == self.tokens[j - 1].end and self.tokens[j].end == self.tokens[j + 1].start
            )
            return j + 1 if tied and self.tokens[j + 1].kind == "word" else j
        return j

    def _scaled(self, first: int, j: int, value: float, *, words: bool) -> Number:
        """Apply halves and scale words that follow: 2 and a half million; 3 bin 700."""
        scale, scaled = 1.0, False
        suffix = self.tokens[j - 1].suffix if j > first else ""
        if words and j > first and not suffix and (held := self.numerals.get(j - 1)) is not None:
            suffix = held.tail
        half = self.numerals.get(self.after_hyphen(j))
        if half is not None and half.row["kind"] == "plus_half":
            value, j = value + 0.5, half.last
        while (hit := self.numerals.get(self.after_hyphen(j))) is not None and hit.row["kind"] == "scale":
            if scaled and float(hit.row["value"]) < scale:
                break
            k = hit.first
            if j > first and len(self.tokens[k].text) == 1 and self.tokens[k].start != self.tokens[j - 1].end:
                break
            scale *= float(hit.row["value"])
            scaled, suffix = True, hit.tail or self.tokens[k].suffix
            j = hit.last
            if j < len(self.tokens) and self.tokens[j].text == "." and self._abbreviated(j):
                j += 1
        half = self.numerals.get(j)
        if scaled and half is not None and half.row["kind"] == "plus_half":
            value, j = value + 0.5, half.last
        if value * scale > GREATEST:
            return Number(first, first, 0.0)
        return Number(first, j, value * scale, scaled, words, False, suffix, scale)

    def _abbreviated(self, j: int) -> bool:
        """Tell whether a full stop at ``j`` belongs to the scale word before it (``тыс.``)."""
        return len(self.tokens[j - 1].text) <= 4 and self.tokens[j].start == self.tokens[j - 1].end


def _grouping(hit: Hit) -> bool:
    """Tell the Turkish word of so many together, which is no number: "ikili" is bilateral, "üçlü" of three."""
    return hit.row["kind"] in RANKS and hit.tail[:2] in GROUPING and hit.tail[2:3] != "k"


def _joined(tokens: Sequence[Token], numerals: Mapping[int, Hit]) -> Mapping[int, Hit]:
    """Add numerals that are written as one word ("beşyüzelli", "doksanaltı"), read part by part."""
    out = dict(numerals)
    for i, token in enumerate(tokens):
        if token.kind != "word" or i in out or len(token.text) < SHORTEST_JOINED:
            continue
        value = _value_of_parts(token.text)
        if value is not None:
            row = {"pattern": token.text, "value": str(value), "kind": "unit"}
            out[i] = Hit("numerals", i, i + 1, row, token.suffix)
    return out


def _value_of_parts(word: str) -> float | None:
    """Return the value of joined Turkish numerals below a million; ``None`` where a part is none."""
    total, group = 0.0, 0.0
    while word:
        part = next((p for p in _TURKISH_PARTS if word.startswith(p)), None)
        if part is None:
            return None
        value = _TURKISH_PARTS[part]
        word = word[len(part) :]
        if value == 1000:
            total, group = max(group, 1.0) * 1000, 0.0
        elif value == 100:
            group = max(group, 1.0) * 100
        else:
            group += value
    return total + group


GROUPING = frozenset({"li", "lu", "lü"})
SHORTEST_JOINED = 5
_TURKISH_PARTS = MappingProxyType(
    {
        "altmiş": 60,
        "yetmiş": 70,
        "seksen": 80,
        "doksan": 90,
        "sifir": 0,
        "sekiz": 8,
        "dokuz": 9,
        "yirmi": 20,
        "dört": 4,
        "alti": 6,
        "yedi": 7,
        "otuz": 30,
        "kirk": 40,
        "elli": 50,
        "bir": 1,
        "iki": 2,
        "beş": 5,
        "yüz": 100,
        "bin": 1000,
        "üç": 3,
        "on": 10,
    }
)
"""Numerals of Turkish as the view folds them, the longer before those that begin them."""
GREATEST = 1e17
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f\u200e")
BARRED = frozenset({"(", "[", ",", ":", "-", "/"})
VAGUE = frozenset(["few", "several", "many", "несколько", "пару", "пара", "сотни", "десятки", "birkaç", "бірнеше"])
