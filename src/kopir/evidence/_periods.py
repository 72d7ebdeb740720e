"""Periods: points, halves, quarters, runs of months, open and relative spans, in any order of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kopir.evidence._calendar import compact, full_year, looks_like_year, month_before, month_code, months_ending
from kopir.evidence._lexicon import Hit, Lexicon, Token
from kopir.evidence._money import CURRENCY_SIGNS
from kopir.evidence._numbers import NumberReader

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
    spelled: bool = False
    whole: set[int] = field(default_factory=set)


class PeriodReader:
    """Reads the periods of one sentence."""

    def __init__(self, tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], lexicon: Lexicon) -> None:
        self.tokens, self.lexicon = tokens, lexicon
        self.words = hits["periods"]
        self.numerals = hits["numerals"]
        self.units = hits["units"]
        self.changes = hits["changes"]
        self.numbers = NumberReader(tokens, hits["numerals"], lexicon)
        self.used: set[int] = set()

    def read(self, date: str | None) -> list[PeriodMention]:
        """Return the periods from left to right; ``date`` resolves relative ones."""
        out = []
        i = 0
        while i < len(self.tokens):
            likely = self.tokens[i].kind in ("num", "code") or i in self.words or i in self.numerals
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
            elif self.tokens[j].text in FILLERS or (self.tokens[j].text, self._word_before(bag)) == (
                "and",
                "between",
            ):
                j, gap = j + 1, gap + 1
            else:
                break
        return bag if self._dated(bag) else None

    def _word_before(self, bag: _Bag) -> str:
        return self.tokens[bag.first - 1].text if bag.first else ""

    def _part(self, bag: _Bag, j: int) -> int:
        token = self.tokens[j]
        if token.kind != "sign" and (short := compact(self.tokens, j)) is not None:
            bag.years.extend([] if short.year is None else [short.year])
            bag.months.extend(short.months or ())
            bag.words.add("short")
            return short.tokens
        if token.kind == "num":
            return self._figure(bag, j)
        if not bag.years and (spelled := self._spelled_year(j)) is not None:
            bag.years.append(spelled[0])
            return spelled[1] - j
        hit = self.words.get(j)
        if hit is not None and hit.row["kind"] in PARTS:
            if not self._capital_month(hit):
                return 0
            self._word(bag, hit)
            return hit.last - hit.first
        number = self.numerals.get(j)
        if number is not None and number.row["kind"] in ("unit", "ten") and self._counts_ahead(number.last):
            bag.numbers.append(int(float(number.row["value"])))
            bag.spelled = True
            return number.last - number.first
        return 0

    def _spelled_year(self, j: int) -> tuple[int, int] | None:
        """Read a year in words before the word for year: екі мың жиырма төртінші жыл, две тысячи двадцатый год."""
        if j not in self.numerals:
            return None
        number = self.numbers.at(j)
        if number is None or not number.words or not SPELLED_FROM <= number.value <= SPELLED_TO:
            return None
        value, last = int(number.value), number.last
        place = self.numerals.get(last)
        if place is not None and place.row["kind"] == "ordinal":
            value, last = value + int(place.row["value"]), place.last
        named = self.words.get(last)
        return (value, last) if named is not None and named.row["kind"] == "year_word" else None

    def _capital_month(self, hit: Hit) -> bool:
        """Take words like "may", "march", "ocak" and "aralık" for months only with a capital or beside a date."""
        token = self.tokens[hit.first]
        if hit.row["kind"] != "month" or token.capital or token.text not in DOUBTFUL_MONTHS:
            return True
        if self.lexicon.language != "tr":
            return False
        near = [self.words.get(n) for n in (hit.first - 2, hit.first + 1, hit.first + 2)]
        return any(h is not None and h.row["kind"] in ("month", "months_word", "year_word") for h in near)

    def _figure(self, bag: _Bag, j: int) -> int:
        text = self.tokens[j].text
        if self._measured(j):
            return 0
        if bag.years and self._second_year(bag, j):
            bag.years.append(full_year(text) if len(text) == 4 else bag.years[0] // 100 * 100 + int(text))
            return 1
        if looks_like_year(text):
            if bag.years:
                return 0
            bag.years.append(int(text))
            return 1
        if text.isdigit() and int(text) <= 31 and self._counts_ahead(j + 1):
            if self._is_place(j):
                bag.ordinal = int(text)
                bag.words.add("ordinal")
            else:
                (bag.days if self._month_near(j) else bag.numbers).append(int(text))
            return 1
        return 0

    def _is_place(self, j: int) -> bool:
        """Tell the third quarter ("3-м квартале", "3 квартал", "3. çeyrek") from three of them."""
        n = j + 1 + (j + 1 < len(self.tokens) and self.tokens[j + 1].text in (".", "-"))
        hit = self.words.get(n)
        if hit is None or hit.row["kind"] not in ("quarter_word", "half_word"):
            return False
        return self.tokens[n].text not in ("квартала", "кварталов", "quarters")

    def _second_year(self, bag: _Bag, j: int) -> bool:
        """Tell the year that ends a span: 2019-2023, 2023/24, с 2019 по 2023, from May 2019 to June 2023."""
        text, joint = self.tokens[j].text, self.tokens[j - 1].text
        if len(bag.years) > 1 or not text.isdigit():
            return False
        if len(text) == 2 and joint in "-/":
            glued = (
                self.tokens[j - 1].start == self.tokens[j - 2].end
                and self.tokens[j].start == self.tokens[j - 1].end
            )
            return glued and int(text) > bag.years[0] % 100
        if not looks_like_year(text) or int(text) <= bag.years[0]:
            return False
        if joint in "-/" or len(bag.months) == 2:
            return True
        if (self._word_before(bag), joint) in YEAR_SPANS:
            return True
        ends = self.tokens[j - 1].suffix or self.tokens[j - 1].text
        return self.lexicon.language in ("tr", "kk") and self.lexicon.case_of(ends) == "abl"

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
                    or ((held := self.words.get(j)) is not None and held.row["kind"] in PARTS)
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
            if kind == "months_word" and self.tokens[hit.first].text in ONE_MONTH:
                bag.words.add("one_month")

    def _dated(self, bag: _Bag) -> bool:
        w = bag.words
        return bool(
            bag.years
            or bag.months
            or bag.quarter
            or bag.half
            or bag.span_years
            or w
            & {"ytd", "last_year", "this_year", "next_year", "previous_month", "previous_year", "quarter_word"}
            or (w & {"half_word"} and bag.ordinal)
            or ("months_word" in w and (bag.numbers or w & {"recent", "last", "this"}))
            or ("year_word" in w and (w & {"last", "this", "next", "recent"} or bag.numbers))
        )

    # ── meaning ──────────────────────────────────────────────────────────────────────────────────

    def _meaning(self, bag: _Bag, date: str | None) -> PeriodMention | None:
        now = int(date[:4]) if date else None
        role = self._role(bag, now)
        for before in ("previous_month", "previous_year"):
            if before in bag.words:
                return PeriodMention(bag.first, bag.last, None, before)
        if "ytd" in bag.words:
            return self._to_date(bag, date)
        span = bag.span_years
        if (
            span is None
            and bag.numbers
            and "year_word" in bag.words
            and not bag.years
            and not (bag.words & {"months_word", "half_word", "quarter_word", "last_year", "this_year"})
        ):
            span = bag.numbers[0]
        if span is not None:
            return PeriodMention(bag.first, bag.last, f"{span}y_to_doc", role, relative=True)
        if "one_month" in bag.words and not bag.numbers and not bag.months and bag.words & {"last", "this"}:
            return self._near_month(bag, date, role)
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

    def _to_date(self, bag: _Bag, date: str | None) -> PeriodMention | None:
        """Read "so far this year" as the months of the document's year up to its own."""
        if date is None or len(date) < 7:
            return None
        year, months = int(date[:4]), (1, int(date[5:7]))
        return PeriodMention(bag.first, bag.last, month_code(year, months), "at", year, months, True)

    def _near_month(self, bag: _Bag, date: str | None, role: str) -> PeriodMention | None:
        if date is None or len(date) < 7:
            return None
        year, month = int(date[:4]), int(date[5:7])
        if "last" in bag.words:
            year, month = month_before(year, month)
        text = month_code(year, (month, month))
        return PeriodMention(bag.first, bag.last, text, role, year, (month, month), True)

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
        if "quarter_word" in bag.words and bag.numbers and not bag.ordinal and bag.numbers[0] <= 4:
            return 1, 3 * bag.numbers[0]
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
        if len(bag.years) > 1 and bag.years[1] > year:
            if months is not None and len(bag.months) > 1:
                return f"{year}-{months[0]:02d}/{bag.years[1]}-{months[1]:02d}"
            return f"{year}/{bag.years[1]}"
        if role == "since" and len(bag.months) < 2:
            return f"{year}/" if not months else f"{year}-{months[0]:02d}/"
        if months is None:
            return str(year)
        if len(bag.months) == 1 and bag.numbers and "months_word" in bag.words:
            return months_ending(year, bag.months[0], bag.numbers[0])
        if bag.days and months[0] == months[1]:
            dates = [f"{year}-{months[0]:02d}-{day:02d}" for day in bag.days[:2]]
            return "/".join(dates)
        return month_code(year, months)

    # ── role ─────────────────────────────────────────────────────────────────────────────────────

    def _role(self, bag: _Bag, now: int | None) -> str:
        """Tell what a period does: dates a figure, opens or ends a span, or is what a change is compared with."""
        span = len(bag.years) > 1 or len(bag.months) > 1
        late = self.lexicon.settings["verb_side"] == "after"
        after = self._kind_at(bag.last)
        if after == "since_after":
            return "at" if span else "since"
        if after == "by_after":
            return "at" if span else "by"
        if "compare" in bag.words or (self._compared_after(bag) if late else self._compared_before(bag)):
            return "compare"
        lead = self._lead(bag)
        kind = lead.row["kind"] if lead is not None else ""
        word = self._word_before(bag)
        if word in AGAINST and self._turns(bag):
            return "compare"
        if word == "к" and self._past(bag, now):
            return "compare"
        if kind in ("since", "by"):
            return "at" if span else kind
        return "at"

    def _kind_at(self, j: int) -> str:
        hit = self.words.get(j)
        return hit.row["kind"] if hit is not None else ""

    def _lead(self, bag: _Bag) -> Hit | None:
        """Return the word of time that ends right before a period."""
        for n in range(max(0, bag.first - 3), bag.first):
            hit = self.words.get(n)
            if hit is not None and hit.last >= bag.first:
                return hit
        return None

    def _turns(self, bag: _Bag) -> bool:
        """Tell a rise or fall before a period that is no date ("up 4% from 2023", "4% on 2023")."""
        return not bag.days and any(
            h.row["effect"] in ("rise", "fall") and h.first < bag.first for h in self.changes.values()
        )

    def _past(self, bag: _Bag, now: int | None) -> bool:
        """Tell "к 2023 году", said later, from a deadline."""
        if bag.years:
            return now is not None and bag.years[0] < now
        return bool(bag.words & {"last", "last_year"}) or (bool(bag.months) and self._turns(bag))

    def _compared_before(self, bag: _Bag) -> bool:
        """Look a few words back, within the clause, for "than in", "compared with the same period of"."""
        for n in range(bag.first - 1, max(-1, bag.first - 8), -1):
            if n in self.used:
                return False
            if self._kind_at(n) == "compare":
                return True
            token = self.tokens[n]
            if token.text in ",;()" or token.kind == "num" or token.text == "%":
                return False
        return False

    def _compared_after(self, bag: _Bag) -> bool:
        """Look a few words ahead for "göre", "салыстырғанда" in languages that put them behind."""
        for n in range(bag.last, min(len(self.tokens), bag.last + 5)):
            if self._kind_at(n) == "compare":
                return True
            if self.tokens[n].kind != "word" or self._kind_at(n) in ("month", "last_year", "this_year", "earlier"):
                return False
            if n in self.changes:
                return False
        return False


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
        "ytd",
    ]
)
COUNTABLE = frozenset({"month", "months_word", "year_word", "recent", "half_word", "quarter_word"})
FILLERS = frozenset(
    [
        "to",
        "through",
        "ended",
        "ending",
        "по",
        "-",
        "/",
        ".",
        "of",
        "the",
        "in",
        "'",
        "в",
        "за",
        "-го",
        "м",
        "и",
        "ден",
    ]
)
SPELLED_FROM, SPELLED_TO = 1900, 2100
YEAR_SPANS = frozenset({("from", "to"), ("between", "and"), ("с", "по"), ("со", "по"), ("между", "и")})
AGAINST = frozenset({"from", "on", "over"})
DOUBTFUL_MONTHS = frozenset({"may", "march", "ocak", "ekim", "aralik"})
ONE_MONTH = frozenset(
    {"month", "месяц", "месяце", "месяца", "ay", "ayda", "ayın", "ай", "айда", "айдың", "айдағы"}
)
