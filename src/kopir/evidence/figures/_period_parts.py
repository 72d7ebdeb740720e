"""The parts of one period as they are met in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class PeriodParts:
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
    weekday: int | None = None

    @property
    def month_of_year(self) -> bool:
        """Tell a month by its place in the year: "yılın ilk ayında", "жылдың бірінші айында"."""
        return {"single_month", "ordinal"} <= self.words and not self.numbers and not self.months


def told_of_month(word: str) -> frozenset[str]:
    """Tell what the word for month says: one month, one of those of a year."""
    told = {"one_month"} if word in ONE_MONTH else set()
    single = word.startswith(("ay", "ай")) and not word.startswith(("aylar", "айлар", "aylik", "айлық"))
    return frozenset(told | ({"single_month"} if single else set()))


ONE_MONTH = frozenset(
    {"month", "месяц", "месяце", "месяца", "ay", "ayda", "ayın", "ай", "айда", "айдың", "айдағы"}
)


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
        "previous_quarter",
        "previous_year",
        "ytd",
        "so_far",
        "today",
        "yesterday",
        "days_word",
        "weekday",
    ]
)
COUNTABLE = frozenset({"month", "months_word", "year_word", "recent", "half_word", "quarter_word", "days_word"})
TELLING = frozenset(
    {
        "ytd",
        "so_far",
        "today",
        "yesterday",
        "last_year",
        "this_year",
        "next_year",
        "previous_month",
        "previous_quarter",
        "previous_year",
    }
)
"""Words that tell a period by themselves."""
DOUBTFUL_MONTHS = frozenset({"may", "march", "ocak", "ekim", "aralik"})
"""Months that are words of their own."""
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
"""Words that may stand inside a period."""
LEADING_YEARS = frozenset({"in", "since", "during", "until"})
ENDS_YEARS = frozenset(
    {".", ",", ";", ":", ")", "to", "in", "and", "was", "were", "it", "by", "from", "as", "the"}
)
"""Words and signs before and behind a year of long ago, which is no amount of something."""
