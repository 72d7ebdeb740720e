"""Periods told by their ends: the first days of a month, a span of days, the year that ends in a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as date_type
from datetime import timedelta
from itertools import pairwise

from kopir.evidence.figures._period_parts import PeriodParts
from kopir.evidence.words._lexicon import Token

WEEKS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "2": 2, "3": 3, "4": 4, "6": 6, "8": 8}
"""Numbers of weeks that a report is of."""
CLOSING = frozenset({"ended", "ending"})
DECEMBER = 12
MOST_DAYS = 366
QUARTER = 3
"""Months of a quarter."""


def days_of(bag: PeriodParts) -> tuple[int | None, int | None]:
    """Return first and last day of a period that begins, and perhaps ends, with a day."""
    months = bag.months
    if len(months) == 1 and "days_word" in bag.words and bag.ordinal == 1 and bag.numbers:
        return 1, bag.numbers[0]
    ends = len(bag.days) == len(months) == 2 and len(bag.years) < 2
    return bag.days[0] if bag.days else None, bag.days[1] if ends else None


def beside(bag: PeriodParts, date: str | None) -> int | None:
    """Return the year of "next January", "last May": the first such month after or before the document's."""
    if date is None or len(date) < len("2024-06") or not bag.words & {"next", "last"}:
        return None
    year, now, month = int(date[:4]), int(date[5:7]), bag.months[0]
    return year + int(month <= now) if "next" in bag.words else year - int(month >= now)


def year_to(tokens: Sequence[Token], bag: PeriodParts, date: str | None) -> str | None:
    """Read "the year ending June 30" as the two years that it lies in; the calendar year by its own name."""
    words = [t.text for t in tokens[bag.first : bag.last]]
    said = {*words, *(["ended"] if ("year", "to") in pairwise(words) else [])}
    if not (said & CLOSING and "year_word" in bag.words and len(bag.months) == 1):
        return None
    month, year = bag.months[0], bag.years[0] if bag.years else None
    if year is None:
        if date is None or len(date) < len("2024-06"):
            return None
        now = int(date[5:7])
        year = int(date[:4]) + (int(month < now) if "ending" in said else -int(month > now))
    return str(year) if month == DECEMBER else f"{year - 1}/{year}"


def week_to(tokens: Sequence[Token], bag: PeriodParts, year: int | None, date: str | None) -> str | None:
    """Read "the week ended March 13" as the seven days that end with it; the year is the document's, or before.

    "The four weeks ended March 13" are as many weeks.
    """
    said = [t.text for t in tokens[max(0, bag.first - 3) : bag.last]]
    count = int("week" in said[:4])
    if "weeks" in said[1:4]:
        count = WEEKS.get(said[said.index("weeks") - 1], 0)
    if not count or not CLOSING & set(said) or len(bag.months) != 1 or len(bag.days) != 1:
        return None
    if year is None:
        if date is None or len(date) < len("2024-06"):
            return None
        year = int(date[:4]) - int(bag.months[0] > int(date[5:7]) + 1)
    try:
        last = date_type(year, bag.months[0], bag.days[0])
    except ValueError:
        return None
    return f"{(last - timedelta(days=7 * count - 1)).isoformat()}/{last.isoformat()}"


def day_told(bag: PeriodParts, date: str) -> str | None:
    """Return the day of "today", "yesterday" or "on Monday": of a day of the week the last, or "next" the next."""
    now = date_type.fromisoformat(date[:10])
    if bag.weekday is None:
        return (now - timedelta(days=int("yesterday" in bag.words))).isoformat()
    back = (now.isoweekday() - bag.weekday) % 7
    if "next" in bag.words:
        return (now + timedelta(days=7 - back)).isoformat()
    return (now - timedelta(days=back or 7 * int("last" in bag.words))).isoformat()


def ends_year(bag: PeriodParts) -> bool:
    """Tell "the last quarter of 2023"."""
    return bool(bag.years) and {"quarter_word", "last"} <= bag.words and not bag.numbers


def is_near(bag: PeriodParts) -> bool:
    """Tell "last month", "this quarter", which are told from the document."""
    alone = not (bag.numbers or bag.months or bag.years or bag.quarter or bag.ordinal)
    named = "one_month" in bag.words or (
        "quarter_word" in bag.words and not bag.words & {"year_word", "last_year"}
    )
    return alone and named and bool(bag.words & {"last", "this"})


def near_to(bag: PeriodParts, date: str | None) -> tuple[int, tuple[int, int]] | None:
    """Return year and months of the last or this month or quarter, from the date of a document."""
    if date is None or len(date) < len("2024-06"):
        return None
    year, month = int(date[:4]), int(date[5:7])
    length = 1 if "one_month" in bag.words else QUARTER
    first = (month - 1) // length * length + 1 - (length if "last" in bag.words else 0)
    if first < 1:
        year, first = year - 1, first + DECEMBER
    return year, (first, first + length - 1)


def span_to(tokens: Sequence[Token], bag: PeriodParts, date: str | None) -> str | None:
    """Read a span of days told by its number: "the first 78 days of the year", "the eight days ending Sunday"."""
    count = bag.numbers[0] if bag.numbers else 0
    if "days_word" not in bag.words or not 0 < count <= MOST_DAYS or bag.months or date is None:
        return None
    if bag.ordinal == 1 and ("year_word" in bag.words or bag.years):
        first = date_type(bag.years[0] if bag.years else int(date[:4]), 1, 1)
        return f"{first.isoformat()}/{(first + timedelta(days=count - 1)).isoformat()}"
    if bag.weekday is None or not CLOSING & {t.text for t in tokens[bag.first : bag.last]}:
        return None
    last = date_type.fromisoformat(day_told(bag, date) or date[:10])
    return f"{(last - timedelta(days=count - 1)).isoformat()}/{last.isoformat()}"
