"""Periods: points, halves, quarters, runs of months, open and relative spans, in any order of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kopir.evidence._lexicon import Hit, Lexicon, Token
from kopir.evidence._money import CURRENCY_SIGNS
from kopir.evidence._numbers import looks_like_year

GAP = 2


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period met at tokens ``first`` to ``last`` (exclusive).

    ``text`` is the period code; ``None`` where it needs a year that only the context can give, which is
    then described by ``months`` (first, last). ``role`` is ``at``, ``since``, ``by`` or ``compare``.
    """

    first: int
    last: int
    text: str | None
    role: str
    year: int | None = None
    months: tuple[int, int] | None = None
    relative: bool = False
    day: int | None = None


@dataclass(slots=True)
class _Bag:
    """The parts of one period, in whatever order the language puts them."""

    first: int
    last: int
    years: list[int] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    count: int | None = None
    quarter: int | None = None
    half: int | None = None
    ordinal: int | None = None
    words: set[str] = field(default_factory=set)
    numbers: list[int] = field(default_factory=list)
    span_years: int | None = None


class PeriodReader:
    """Reads the periods of one sentence."""

    def __init__(self, tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], lexicon: Lexicon) -> None:
        self.tokens, self.lexicon = tokens, lexicon
        self.words = hits["periods"]
        self.numerals = hits["numerals"]
        self.units = hits["units"]
        self.used: set[int] = set()

    def read(self, date: str | None) -> list[PeriodMention]:
        """Return the periods from left to right; ``date`` resolves relative ones."""
        out = []
        i = 0
        while i < len(self.tokens):
            likely = self.tokens[i].kind == "num" or i in self.words or i in self.numerals
            bag = self._bag(i) if likely else None
            if bag is None:
                i += 1
                continue
            mention = self._meaning(bag, date)
            if mention is not None:
                out.append(mention)
                self.used.update(range(mention.first, mention.last))
            i = max(bag.last, i + 1)
        return out

    def _bag(self, i: int) -> _Bag | None:
        """Gather the run of period words and figures that begins at ``i``."""
        bag = _Bag(i, i)
        j, gap = i, 0
        while j < len(self.tokens) and gap <= GAP:
            step = self._part(bag, j)
            if step:
                j += step
                bag.last, gap = j, 0
            elif bag.last == bag.first:
                return None
            elif self.tokens[j].text in FILLERS:
                j, gap = j + 1, gap + 1
            else:
                break
        return bag if self._dated(bag) else None

    def _part(self, bag: _Bag, j: int) -> int:
        token = self.tokens[j]
        if token.kind == "num":
            return self._figure(bag, j)
        hit = self.words.get(j)
        if hit is not None and hit.row["kind"] in PARTS:
            if not self._capital_month(hit):
                return 0
            self._word(bag, hit)
            return hit.last - hit.first
        number = self.numerals.get(j)
        if number is not None and number.row["kind"] in ("unit", "ten") and self._counts_ahead(number.last):
            bag.numbers.append(int(float(number.row["value"])))
            return number.last - number.first
        return 0

    def _capital_month(self, hit: Hit) -> bool:
        """Take words like "may" and "mart" for months in English and Turkish only with a capital."""
        return (
            hit.row["kind"] != "month"
            or self.lexicon.language not in ("en", "tr")
            or (self.tokens[hit.first].capital)
        )

    def _figure(self, bag: _Bag, j: int) -> int:
        text = self.tokens[j].text
        if self._measured(j):
            return 0
        if looks_like_year(text):
            if bag.years and self.tokens[j - 1].text != "-":
                return 0
            bag.years.append(int(text))
            return 1
        if text.isdigit() and int(text) <= 31 and self._counts_ahead(j + 1):
            (bag.days if self._month_near(j) else bag.numbers).append(int(text))
            return 1
        return 0

    def _measured(self, j: int) -> bool:
        """Tell a figure that money, a scale or a unit claims: ``$1943 million`` and ``2019 млн`` are no years."""
        if j and (self.tokens[j - 1].text in CURRENCY_SIGNS or self._code_before(j)):
            return True
        if j + 1 >= len(self.tokens):
            return False
        after = self.tokens[j + 1]
        if after.text in CURRENCY_SIGNS or after.text == "%":
            return j + 2 >= len(self.tokens) or self.tokens[j + 2].kind != "num"
        number, unit = self.numerals.get(j + 1), self.units.get(j + 1)
        scaled = number is not None and number.row["kind"] in ("scale", "plus_half")
        measured = unit is not None and unit.row["kind"] != "time"
        return (scaled or measured) and (len(after.text) > 1 or after.start == self.tokens[j].end)

    def _code_before(self, j: int) -> bool:
        unit = self.units.get(j - 1)
        return unit is not None and unit.row["kind"] == "money" and self.tokens[j - 1].upper

    def _month_near(self, j: int) -> bool:
        for n in (j + 1, j - 1, j + 2, j + 3):
            hit = self.words.get(n)
            if hit is not None and hit.row["kind"] == "month":
                return n != j + 3 or self.tokens[j + 1].text == "-"
        return False

    def _counts_ahead(self, j: int) -> bool:
        for n in (j, j + 1, j + 2):
            hit = self.words.get(n)
            if hit is not None and hit.row["kind"] in COUNTABLE:
                return (
                    n == j
                    or hit.row["kind"] == "month"
                    or self.tokens[j].text in FILLERS | {"-"}
                    or (self.words.get(j) is not None)
                )
        hit = self.words.get(j - 2)
        return hit is not None and hit.row["kind"] == "month"

    def _word(self, bag: _Bag, hit: Hit) -> None:
        kind, value = hit.row["kind"], hit.row["value"]
        if kind == "month":
            bag.months.append(int(value))
        elif kind == "ordinal":
            bag.ordinal = int(value)
            bag.words.add("ordinal")
        elif kind == "quarter":
            bag.quarter = int(value)
        elif kind == "half":
            bag.half = int(value)
        elif kind == "years":
            bag.span_years = int(value)
        else:
            bag.words.add(kind)

    def _dated(self, bag: _Bag) -> bool:
        w = bag.words
        return bool(
            bag.years
            or bag.months
            or bag.quarter
            or bag.half
            or bag.span_years
            or w & {"last_year", "this_year", "next_year", "previous_month", "previous_year", "quarter_word"}
            or (w & {"half_word"} and bag.ordinal)
            or ("months_word" in w and (bag.numbers or "recent" in w))
            or ("year_word" in w and (w & {"last", "this", "next", "recent"} or bag.numbers))
        )

    # ── meaning ──────────────────────────────────────────────────────────────────────────────────

    def _meaning(self, bag: _Bag, date: str | None) -> PeriodMention | None:
        role = self._role(bag)
        now = int(date[:4]) if date else None
        for before in ("previous_month", "previous_year"):
            if before in bag.words:
                return PeriodMention(bag.first, bag.last, None, before)
        span = bag.span_years
        if (
            span is None
            and bag.numbers
            and "year_word" in bag.words
            and not bag.years
            and not (bag.words & {"months_word", "half_word", "quarter_word"})
        ):
            span = bag.numbers[0]
        if span is not None:
            return PeriodMention(bag.first, bag.last, f"{span}y_to_doc", role, relative=True)
        year, relative = self._year(bag, now)
        months = self._months(bag)
        if year is None and months is None:
            if bag.words & {"last_year"} or ({"last", "year_word"} <= bag.words):
                return PeriodMention(bag.first, bag.last, "last_year", role, relative=True)
            return None
        text = self._code(bag, year, months, role)
        return PeriodMention(
            bag.first, bag.last, text, role, year, months, relative, bag.days[0] if bag.days else None
        )

    def _year(self, bag: _Bag, now: int | None) -> tuple[int | None, bool]:
        if bag.years:
            return bag.years[0], False
        if now is None:
            return None, True
        w = bag.words
        yearly = "year_word" in w
        if "last_year" in w or (yearly and "last" in w):
            return now - 1, True
        if "this_year" in w or (yearly and ("this" in w or (bag.ordinal and "half_word" in w))):
            return now, True
        if "next_year" in w or (yearly and "next" in w):
            return now + 1, True
        if yearly and bag.numbers:
            return now, True
        return None, True

    def _months(self, bag: _Bag) -> tuple[int, int] | None:
        if bag.months:
            return bag.months[0], bag.months[-1]
        if bag.quarter or (bag.ordinal and "quarter_word" in bag.words):
            quarter = bag.quarter or bag.ordinal or 1
            return 3 * quarter - 2, 3 * quarter
        if bag.half or (bag.ordinal and "half_word" in bag.words):
            half = bag.half or bag.ordinal or 1
            return (1, 6) if half == 1 else (7, 12)
        if "months_word" in bag.words and bag.numbers and "recent" not in bag.words:
            return (1, min(bag.numbers[0], 12))
        return None

    def _code(self, bag: _Bag, year: int | None, months: tuple[int, int] | None, role: str) -> str | None:
        if year is None:
            return None
        if role == "since":
            return f"{year}/" if not months else f"{year}-{months[0]:02d}/"
        if len(bag.years) > 1 and bag.years[1] > year:
            return f"{year}/{bag.years[1]}"
        if months is None:
            return str(year)
        if bag.days and months[0] == months[1]:
            dates = [f"{year}-{months[0]:02d}-{day:02d}" for day in bag.days[:2]]
            return "/".join(dates)
        return month_code(year, months)

    def _role(self, bag: _Bag) -> str:
        before = self.words.get(bag.first - 1)
        if before is None and bag.first > 1:
            before = next(
                (
                    h
                    for h in (self.words.get(bag.first - 2), self.words.get(bag.first - 3))
                    if h and h.last >= bag.first
                ),
                None,
            )
        after = self.words.get(bag.last)
        if after is not None and after.row["kind"] == "since_after":
            return "since"
        if after is not None and after.row["kind"] == "by_after":
            return "by"
        if after is not None and after.row["kind"] == "compare" and self.lexicon.settings["verb_side"] == "after":
            return "compare"
        if "compare" in bag.words:
            return "compare"
        if before is None:
            return self._compared(bag)
        kind = before.row["kind"]
        late = self.lexicon.settings["verb_side"] == "after"
        if kind == "compare" and late:
            return "at"
        return kind if kind in ("since", "by", "compare") else self._compared(bag)

    def _compared(self, bag: _Bag) -> str:
        """Look a few words back for "than in", "compared with the same period of"."""
        if self.lexicon.settings["verb_side"] == "after":
            return "at"
        for n in range(max(0, bag.first - 5), bag.first):
            hit = self.words.get(n)
            if hit is not None and hit.row["kind"] == "compare":
                return "compare"
            if self.tokens[n].text == "," and n > bag.first - 2:
                return "at"
        return "at"


def month_code(year: int, months: tuple[int, int]) -> str:
    """Write a run of months as a period code."""
    first, last = months
    if first == last:
        return f"{year}-{first:02d}"
    return f"{year}-{first:02d}/{year}-{last:02d}"


PARTS = frozenset(
    [
        "month",
        "year_word",
        "quarter_word",
        "half_word",
        "months_word",
        "ordinal",
        "quarter",
        "half",
        "last",
        "this",
        "next",
        "recent",
        "years",
        "last_year",
        "this_year",
        "next_year",
        "previous_month",
        "previous_year",
    ]
)
COUNTABLE = frozenset({"month", "months_word", "year_word", "recent", "half_word", "quarter_word"})
FILLERS = frozenset({"to", "по", "-", "of", "the", "in", "'", "в", "за", "-го", "м", "и", "ден"})
