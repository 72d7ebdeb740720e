"""Periods: points, halves, quarters, runs of months, open and relative spans, in any order of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kopir.evidence.figures._calendar import (
    compact,
    full_year,
    looks_like_year,
    month_code,
    months_ending,
)
from kopir.evidence.figures._money import CURRENCY_SIGNS
from kopir.evidence.figures._numbers import NumberReader
from kopir.evidence.figures._period_ends import (
    beside,
    day_told,
    days_of,
    ends_year,
    is_near,
    near_to,
    span_to,
    week_to,
    year_to,
)
from kopir.evidence.figures._period_parts import (
    COUNTABLE,
    DOUBTFUL_MONTHS,
    ENDS_YEARS,
    FILLERS,
    LEADING_YEARS,
    PARTS,
    TELLING,
    PeriodParts,
    told_of_month,
)
from kopir.evidence.figures._period_roles import RoleReader
from kopir.evidence.words._lexicon import Hit, Lexicon, Token

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
    last_day: int | None = None

    def in_year(self, year: int) -> str:
        """Write months, and days where the text names them, as the period code of a year."""
        if self.months is None or self.day is None:
            return str(year) if self.months is None else month_code(year, self.months)
        begins = year - int(self.last_day is not None and self.months[0] > self.months[1])
        end = "" if self.last_day is None else f"/{year}-{self.months[1]:02d}-{self.last_day:02d}"
        return f"{begins}-{self.months[0]:02d}-{self.day:02d}{end}"


class PeriodReader:
    """Reads the periods of one sentence."""

    def __init__(self, tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], lexicon: Lexicon) -> None:
        self.tokens, self.lexicon = tokens, lexicon
        self.words = hits["periods"]
        self.numerals = hits["numerals"]
        self.units = hits["units"]
        self.numbers = NumberReader(tokens, hits["numerals"], lexicon)
        self.used: set[int] = set()
        self.roles = RoleReader(tokens, hits, lexicon, self.used)

    def read(self, date: str | None) -> list[PeriodMention]:
        """Return the periods from left to right; ``date`` resolves relative ones."""
        out = []
        i = 0
        while i < len(self.tokens):
            if self.roles.says_yearly(i):
                i = self.words[i].last
                continue
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

    def _bag(self, i: int) -> PeriodParts | None:
        """Gather the run of period words and figures that begins at ``i``."""
        bag = PeriodParts(i, i)
        j, gap = i, 0
        while j < len(self.tokens) and gap <= GAP:
            step = self._part(bag, j)
            if step:
                j += step
                bag.last, gap = j, 0
            elif bag.last == bag.first:
                return None
            elif (bag.days or bag.months) and not bag.years and self._year_behind_comma(j):
                j += 1
            elif self.tokens[j].text in FILLERS or (self.tokens[j].text, self._word_before(bag)) == (
                "and",
                "between",
            ):
                j, gap = j + 1, gap + 1
            else:
                break
        return bag if self._dated(bag) else None

    def _year_behind_comma(self, j: int) -> bool:
        """Tell the comma of "August 31, 1987" and of "August, 1987"."""
        tokens = self.tokens
        month = (hit := self.words.get(j - 1)) is not None and hit.row["kind"] == "month"
        held = tokens[j].text == "," and (tokens[j - 1].kind == "num" or month) and j + 1 < len(tokens)
        return held and looks_like_year(tokens[j + 1].text) and not self._measured(j + 1)

    def _word_before(self, bag: PeriodParts) -> str:
        return self.tokens[bag.first - 1].text if bag.first else ""

    def _part(self, bag: PeriodParts, j: int) -> int:
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
        if number is not None and number.row["kind"] == "unit" and self._day_behind(bag, j, number.last):
            bag.days.append(int(float(number.row["value"])))
            return number.last - number.first
        if number is not None and number.row["kind"] in ("unit", "ten") and self._counts_ahead(number.last):
            bag.numbers.append(int(float(number.row["value"])))
            bag.spelled = True
            return number.last - number.first
        return 0

    def _day_behind(self, bag: PeriodParts, j: int, last: int) -> bool:
        """Tell the day of "week ended April three", of nothing that follows; so only English writes it."""
        hit, free = self.words.get(j - 1), last not in self.units and last not in self.numerals
        named = hit is not None and hit.row["kind"] == "month" and not bag.days and self.lexicon.language == "en"
        return named and free and (last >= len(self.tokens) or self.tokens[last].text not in "%-")

    def _spelled_year(self, j: int) -> tuple[int, int] | None:
        """Read a year in words before the word for year: екі мың жиырма төртінші жыл, две тысячи двадцатый год."""
        if j not in self.numbers.numerals:
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

    def _figure(self, bag: PeriodParts, j: int) -> int:
        text = self.tokens[j].text
        if self._measured(j):
            return 0
        if bag.years and self._second_year(bag, j):
            bag.years.append(full_year(text) if len(text) == 4 else bag.years[0] // 100 * 100 + int(text))
            return 1
        if looks_like_year(text):
            if bag.years or (int(text) < SPELLED_FROM and not self._year_word_near(j)):
                return 0
            bag.years.append(int(text))
            return 1
        if text.isdigit() and (int(text) <= 31 or self._days_of(j)) and self._counts_ahead(j + 1):
            if self._days_of(j):
                bag.numbers.append(int(text))
            elif self._is_place(j):
                bag.ordinal = int(text)
                bag.words.add("ordinal")
            else:
                (bag.days if self._month_near(j) else bag.numbers).append(int(text))
            return 1
        return 0

    def _year_word_near(self, j: int) -> bool:
        """Tell a year before 1900: beside a month or the word for year, or behind "in" with no noun behind it."""
        comma = 2 * (j > 2 and self.tokens[j - 1].text == ",")
        near = [self.words.get(n) for n in (*range(j - 1 - comma, j), j + 1)]
        if any(hit is not None and hit.row["kind"] in ("year_word", "month") for hit in near):
            return True
        led = j > 0 and self.tokens[j - 1].text in LEADING_YEARS
        return led and (j + 1 == len(self.tokens) or self.tokens[j + 1].text in ENDS_YEARS)

    def _is_place(self, j: int) -> bool:
        """Tell the third quarter ("3-м квартале", "3 квартал", "3. çeyrek") from three of them."""
        n = j + 1 + (j + 1 < len(self.tokens) and self.tokens[j + 1].text in (".", "-"))
        hit = self.words.get(n)
        if hit is None or hit.row["kind"] not in ("quarter_word", "half_word"):
            return False
        return self.tokens[n].text not in ("квартала", "кварталов", "quarters")

    def _days_of(self, j: int) -> bool:
        """Tell a number of days ("first 10 days of March") from the day of a month."""
        hit = self.words.get(j + 1)
        return hit is not None and hit.row["kind"] == "days_word"

    def _second_year(self, bag: PeriodParts, j: int) -> bool:
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
        if j + 1 >= len(self.tokens) or (self.tokens[j].suffix and self.lexicon.cases):
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

    def _word(self, bag: PeriodParts, hit: Hit) -> None:
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
        elif kind == "weekday":
            bag.weekday = int(value)
        else:
            bag.words.add(kind)
            if kind == "months_word":
                bag.words |= told_of_month(self.tokens[hit.first].text)

    def _dated(self, bag: PeriodParts) -> bool:
        w = bag.words
        return bool(
            bag.years
            or bag.months
            or bag.quarter
            or bag.half
            or bag.span_years
            or bag.weekday
            or w & TELLING
            or w & {"quarter_word"}
            or (w & {"half_word"} and bag.ordinal)
            or (bag.month_of_year and "year_word" in w)
            or ("months_word" in w and (bag.numbers or w & {"recent", "last", "this"}))
            or ("year_word" in w and (w & {"last", "this", "next", "recent"} or bag.numbers))
        )

    # ── meaning ──────────────────────────────────────────────────────────────────────────────────

    def _meaning(self, bag: PeriodParts, date: str | None) -> PeriodMention | None:
        now = int(date[:4]) if date else None
        role = self.roles.of(bag, now)
        for before in ("previous_month", "previous_quarter", "previous_year"):
            if before in bag.words:
                return PeriodMention(bag.first, bag.last, None, before)
        if is_near(bag) or bag.words & {"ytd", "so_far", "today", "yesterday", "days_word"} or bag.weekday:
            told = self._from_date(bag, date, role)
            if told is not None or not (bag.months or bag.years):
                return told
        span = bag.span_years if bag.span_years is not None else self._span(bag)
        if span is not None:
            return PeriodMention(bag.first, bag.last, f"{span}y_to_doc", role, relative=True)
        year, relative = self._year(bag, now)
        months = self._months(bag)
        if year is None and bag.months:
            year = beside(bag, date)
        if (now is None and year is None and bag.words & {"this_year", "next_year"}) or self._undated(bag, now):
            spoken = "next_year" if bag.words & {"next_year", "next"} else "this_year"
            return PeriodMention(bag.first, bag.last, spoken, role, relative=True)
        if year is None and months is None:
            if bag.words & {"last_year"} or ({"last", "year_word"} <= bag.words):
                return PeriodMention(bag.first, bag.last, "last_year", role, relative=True)
            return None
        closed = year_to(self.tokens, bag, date) or week_to(self.tokens, bag, year, date)
        if closed is not None:
            year = months = None
        text = closed or self._code(bag, year, months, role)
        day, last_day = (None, None) if closed else days_of(bag)
        found = PeriodMention(bag.first, bag.last, text, role, year, months, relative, day, last_day)
        return found if last_day is None or year is None else _spanning(found, year)

    def _undated(self, bag: PeriodParts, now: int | None) -> bool:
        """Tell "this year", "next year" of a document without a date."""
        return now is None and not bag.years and "year_word" in bag.words and bool(bag.words & {"this", "next"})

    def _span(self, bag: PeriodParts) -> int | None:
        """Return the years of a span up to the document ("за 15 лет", "over five years"), not of one to come."""
        w = bag.words
        if not bag.numbers or "year_word" not in w or bag.years:
            return None
        if w & {"months_word", "half_word", "quarter_word", "last_year", "this_year", "next", "ordinal"}:
            return None
        late = self.lexicon.settings["verb_side"] == "after"
        words = {t.text for t in self.tokens[max(0, bag.first - 2) : bag.last + 1]}
        inside = late and any(
            self.lexicon.case_of(t.suffix or t.text) == "loc" for t in self.tokens[bag.last - 1 : bag.last]
        )
        return bag.numbers[0] if w & {"recent", "last"} or words & DURING or inside else None

    def _from_date(self, bag: PeriodParts, date: str | None, role: str) -> PeriodMention | None:
        """Read what is told from the document: "on Monday", "last quarter", "so far this year", spans of days."""
        if (days := span_to(self.tokens, bag, date)) is not None:
            return PeriodMention(bag.first, bag.last, days, "at", int(days[:4]))
        if date is None or bag.months or bag.years:
            return None
        if is_near(bag):
            near = near_to(bag, date)
            ends = (bag.first, bag.last)
            return None if near is None else PeriodMention(*ends, month_code(*near), role, *near, relative=True)
        year = int(date[:4])
        if bag.words & {"ytd", "so_far"} and len(date) >= len("2024-06"):
            months = (1, int(date[5:7]))
            told = f"{year}/" if "so_far" in bag.words else month_code(year, months)
            return PeriodMention(bag.first, bag.last, told, "at", year, months, True)
        dated = [hit.row["kind"] for n in (1, 2) if (hit := self.words.get(bag.last + n)) is not None]
        spoken = bag.words & {"today", "yesterday"} or (bag.weekday and "month" not in dated)
        text = day_told(bag, date) if spoken and len(date) >= len("2024-06-01") else None
        return PeriodMention(bag.first, bag.last, text, self.roles.of_day(bag), relative=True) if text else None

    def _year(self, bag: PeriodParts, now: int | None) -> tuple[int | None, bool]:
        if bag.years:
            return bag.years[0], False
        if now is None:
            return None, True
        w = bag.words
        yearly = "year_word" in w
        if "last_year" in w or (yearly and "last" in w):
            return now - 1, True
        if "this_year" in w or (
            yearly and ("this" in w or (bag.ordinal and "half_word" in w) or bag.month_of_year)
        ):
            return now, True
        if "next_year" in w or (yearly and "next" in w):
            return now + 1, True
        if yearly and bag.numbers:
            return now, True
        return None, True

    def _months(self, bag: PeriodParts) -> tuple[int, int] | None:
        if bag.months:
            return bag.months[0], bag.months[-1]
        if "quarter_word" in bag.words and bag.numbers and not bag.ordinal and bag.numbers[0] <= 4:
            return 1, 3 * bag.numbers[0]
        if bag.quarter or (bag.ordinal and "quarter_word" in bag.words) or ends_year(bag):
            quarter = bag.quarter or bag.ordinal or 4
            return 3 * quarter - 2, 3 * quarter
        if bag.half or (bag.ordinal and "half_word" in bag.words):
            half = bag.half or bag.ordinal or 1
            return (1, 6) if half == 1 else (7, 12)
        if bag.month_of_year and bag.ordinal is not None:
            return bag.ordinal, bag.ordinal
        if "months_word" in bag.words and bag.numbers and "recent" not in bag.words:
            return (1, min(bag.numbers[0], 12))
        return None

    def _code(self, bag: PeriodParts, year: int | None, months: tuple[int, int] | None, role: str) -> str | None:
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
        days = len(bag.days)
        if (days == len(bag.months) == 2 and months[0] < months[1]) or (days and months[0] == months[1]):
            return "/".join(f"{year}-{m:02d}-{d:02d}" for m, d in zip(months, bag.days[:2], strict=False))
        return month_code(year, months)


DURING = frozenset(
    [
        "за",
        "течение",
        "протяжении",
        "последних",
        "in",
        "over",
        "during",
        "within",
        "for",
        "içinde",
        "boyunca",
        "ішінде",
        "бойы",
    ]
)
SPELLED_FROM, SPELLED_TO = 1900, 2100
YEAR_SPANS = frozenset(
    {
        ("from", "to"),
        ("from", "through"),
        ("from", "until"),
        ("between", "and"),
        ("с", "по"),
        ("со", "по"),
        ("между", "и"),
    }
)


def _spanning(found: PeriodMention, year: int) -> PeriodMention:
    """Return a span of days of a year; "between July 1 last year and January 31" ends in the year after."""
    ahead = found.relative and found.months is not None and found.months[0] > found.months[1]
    return replace(found, text=found.in_year(year + int(ahead)))
