"""Periods as sources write them: a year, month or day, a half-year, a quarter, or a range of these."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

DAYS_PER_YEAR = 365.25

_POINT = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|([HQ])(\d)))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    @property
    def years(self) -> float:
        """Length in years; calendar years count exactly 1 each, other spans 365.25 days a year."""
        whole = _span(self.first.year, 1, self.last.year, 12)
        return float(self.last.year - self.first.year + 1) if self == whole else self.days / DAYS_PER_YEAR

    @property
    def is_calendar_year(self) -> bool:
        """Whether the period is 1 January to 31 December of one year."""
        return self == _span(self.first.year, 1, self.first.year, 12)


@lru_cache(maxsize=32_768)
def parse_period(text: str) -> Period | None:
    """Return the period that ``text`` states, or ``None`` when it states none.

    Understood: ``2025``, ``2025-06``, ``2025-06-30``, ``2025-H1``, ``2025-Q3`` and ``from/to`` of these.
    Open ranges (``2005/``) and durations (``15y_to_doc``) have no last day or first day and give ``None``.
    """
    start, slash, end = text.partition("/")
    first, last = _point(start), _point(end) if slash else None
    if first is None or (slash and last is None):
        return None
    period = Period(first.first, last.last if last is not None else first.last)
    return period if period.first <= period.last else None


def _point(text: str) -> Period | None:
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    year, month, day, letter, part = match.groups()
    try:
        if letter is not None:
            length = 6 if letter == "H" else 3
            start = (int(part) - 1) * length + 1
            return _span(int(year), start, int(year), start + length - 1)
        if day is not None:
            moment = date(int(year), int(month), int(day))
            return Period(moment, moment)
        if month is not None:
            return _span(int(year), int(month), int(year), int(month))
        return _span(int(year), 1, int(year), 12)
    except ValueError:
        return None


def _span(from_year: int, from_month: int, to_year: int, to_month: int) -> Period:
    last = date(to_year, to_month, 1) + timedelta(days=monthrange(to_year, to_month)[1] - 1)
    return Period(date(from_year, from_month, 1), last)
