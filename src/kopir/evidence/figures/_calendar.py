"""Codes of periods, and the short forms in which reports write them: 1H24, Q3'24, 9M2024, FY2024, 1П2024."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as date_type
from datetime import timedelta
from typing import NamedTuple

import regex

from kopir.evidence.words._lexicon import Token

_NUMBER_FIRST = regex.compile(r"(?P<n>\d{1,2})(?P<k>q|h|m|п|м|кв|мес|ç)'?(?P<y>\d{4}|\d{2})?")
_LETTER_FIRST = regex.compile(r"(?P<k>q|h|ç)(?P<n>\d)'?(?P<y>\d{4}|\d{2})?")
_FISCAL = regex.compile(r"(?P<k>fy)(?P<n>)'?(?P<y>\d{4}|\d{2})")
_LENGTHS = {"q": 3, "кв": 3, "ç": 3, "h": 6, "п": 6}
LONGEST_RUN = 5


class Compact(NamedTuple):
    """A short form over ``tokens`` tokens: its months (``None`` for a whole year) and its year, if written."""

    tokens: int
    months: tuple[int, int] | None
    year: int | None


def compact(tokens: Sequence[Token], i: int) -> Compact | None:
    """Read a short form at token ``i``; one of months needs a year."""
    text, last = "", i
    while last < min(len(tokens), i + LONGEST_RUN) and (last == i or tokens[last].start == tokens[last - 1].end):
        if tokens[last].kind == "sign" and tokens[last].text != "'":
            break
        text += tokens[last].text
        last += 1
    found = _NUMBER_FIRST.fullmatch(text) or _LETTER_FIRST.fullmatch(text) or _FISCAL.fullmatch(text)
    if found is None:
        return None
    year = full_year(found["y"]) if found["y"] else None
    if year is None and (after := _year_after(tokens, last)) is not None:
        year, last = after
    if found["k"] == "fy":
        return Compact(last - i, None, year)
    number = int(found["n"])
    if found["k"] in ("m", "м", "мес"):
        return Compact(last - i, (1, number), year) if year is not None and 1 <= number <= 12 else None
    length = _LENGTHS[found["k"]]
    if not 1 <= number <= 12 // length:
        return None
    return Compact(last - i, (length * (number - 1) + 1, length * number), year)


def _year_after(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    if i < len(tokens) and tokens[i].text == "'":
        i += 1
        if i < len(tokens) and len(tokens[i].text) == 2 and tokens[i].text.isdigit():
            return full_year(tokens[i].text), i + 1
        return None
    if i < len(tokens) and looks_like_year(tokens[i].text):
        return int(tokens[i].text), i + 1
    return None


def full_year(text: str) -> int:
    """Return the year of four or two digits; two digits stand for 1970 to 2069."""
    year = int(text)
    return year if year > 99 else year + (1900 if year >= 70 else 2000)


_YEAR_LIKE = regex.compile(r"1[5-9]\d\d|20\d\d|21\d\d")


def looks_like_year(text: str) -> bool:
    """Tell whether a figure could be a year."""
    return _YEAR_LIKE.fullmatch(text) is not None


def month_code(year: int, months: tuple[int, int]) -> str:
    """Write a run of months as a period code; one that passes the end of a year ends in ``year``."""
    first, last = months
    if first == last:
        return f"{year}-{first:02d}"
    return f"{year - int(first > last)}-{first:02d}/{year}-{last:02d}"


def months_ending(year: int, month: int, count: int) -> str:
    """Write the ``count`` months that end with ``month`` of ``year``."""
    first_year, first = year, month - count + 1
    while first < 1:
        first_year, first = first_year - 1, first + 12
    return f"{first_year}-{first:02d}/{year}-{month:02d}"


def quarter_before(year: int, month: int) -> tuple[int, tuple[int, int]]:
    """Return year and months of the quarter before the one that ``month`` lies in."""
    first = (month - 1) // 3 * 3 - 2
    return (year, (first, first + 2)) if first > 0 else (year - 1, (10, 12))


def month_before(year: int, month: int) -> tuple[int, int]:
    """Return year and month of the month before."""
    return (year, month - 1) if month > 1 else (year - 1, 12)


def week_before(code: str | None) -> str | None:
    """Return the seven days before a period of seven days; None for any other period."""
    first, _, last = (code or "").partition("/")
    if len(first) != len(last) or len(first) != len("2024-06-01"):
        return None
    begins, ends = date_type.fromisoformat(first), date_type.fromisoformat(last)
    if ends - begins != timedelta(days=6):
        return None
    return f"{(begins - timedelta(days=7)).isoformat()}/{(begins - timedelta(days=1)).isoformat()}"
