"""Values of days or months gathered into facts of months, half-years and years."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Row = dict[str, str]
"""A row of facts.csv, columns left out are blank."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a figure measures: the columns of facts.csv but for period and value.

    ``code`` begins the ids of its facts. ``how`` says what a longer period holds: the ``mean`` of rates and counts
    a day, weighted by days, the ``sum`` of amounts, or the ``last`` of stocks. ``scale`` turns the figure of the
    file into ``unit``.
    """

    code: str
    indicator: str
    subject: str
    unit: str
    how: Literal["mean", "sum", "last"]
    partners: str = ""
    route: str = ""
    commodity: str = ""
    perimeter: str = ""
    scale: float = 1.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a file: its series, first and last day, and value in the unit of the file."""

    series: Series
    first: date
    last: date
    value: float


def gathered(figures: Iterable[Figure], place: str) -> list[Row]:
    """Return the facts of figures: months, and half-years and years that the file covers to the last day.

    A month of which the file has some days only is a fact of those days. ``place`` says where the figures stand.
    """
    days: dict[Series, dict[date, float]] = defaultdict(dict)
    months: dict[Series, dict[date, float]] = defaultdict(dict)
    rows: list[Row] = []
    for one in figures:
        value = one.value * one.series.scale
        if one.first == one.last:
            held = days[one.series]
            held[one.first] = held.get(one.first, 0.0) + value
        elif _is_month(one.first, one.last):
            held = months[one.series]
            held[one.first] = held.get(one.first, 0.0) + value
        else:
            rows.append(_row(one.series, one.first, one.last, value, place))
    for series, by_day in days.items():
        for first, part in _by_month(by_day).items():
            whole = len(part) == monthrange(first.year, first.month)[1]
            value = _joined(series, [(value, 1) for _, value in sorted(part.items())])
            if whole:
                months[series][first] = value
            else:
                rows.append(_row(series, min(part), max(part), value, place))
    for series, by_month in months.items():
        rows += [_row(series, first, _last(first), value, place) for first, value in sorted(by_month.items())]
        rows += _longer(series, by_month, place)
    once = {row["fact"]: row for row in reversed(rows)}  # what a file says of a year stands before its months
    return [once[fact] for fact in sorted(once)]


def _longer(series: Series, by_month: Mapping[date, float], place: str) -> Iterator[Row]:
    for year in sorted({first.year for first in by_month}):
        for begin, length in ((1, 6), (7, 6), (1, 12)):
            part = [date(year, begin + at, 1) for at in range(length)]
            if all(first in by_month for first in part):
                weighed = [(by_month[first], monthrange(first.year, first.month)[1]) for first in part]
                yield _row(series, part[0], _last(part[-1]), _joined(series, weighed), place)


def _joined(series: Series, weighed: list[tuple[float, int]]) -> float:
    if series.how == "sum":
        return sum(value for value, _ in weighed)
    if series.how == "last":
        return weighed[-1][0]
    return sum(value * days for value, days in weighed) / sum(days for _, days in weighed)


def _by_month(by_day: Mapping[date, float]) -> Mapping[date, dict[date, float]]:
    found: dict[date, dict[date, float]] = defaultdict(dict)
    for day, value in by_day.items():
        found[day.replace(day=1)][day] = value
    return found


def _row(series: Series, first: date, last: date, value: float, place: str) -> Row:
    period = _period(first, last)
    return {
        "fact": f"{series.code}_{period.replace('/', '_')}",
        "indicator": series.indicator,
        "kind": "level",
        "subject": series.subject,
        "partners": series.partners,
        "route": series.route,
        "commodity": series.commodity,
        "perimeter": series.perimeter,
        "period": period,
        "modality": "actual",
        "value": f"{value:.9g}",
        "unit": series.unit,
        "place": place,
        "note": series.note,
    }


def _period(first: date, last: date) -> str:
    if (first.month, first.day, last.month, last.day, last.year) == (1, 1, 12, 31, first.year):
        return str(first.year)
    if _is_month(first, last):
        return f"{first:%Y-%m}"
    if first.day == 1 and first.month in {1, 7} and last == _last(date(first.year, first.month + 5, 1)):
        return f"{first.year}-H{1 if first.month == 1 else 2}"
    return f"{first.isoformat()}/{last.isoformat()}"


def _is_month(first: date, last: date) -> bool:
    return first.day == 1 and last == _last(first)


def _last(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def month(text: str) -> tuple[date, date] | None:
    """Return first and last day of a month written ``2026-01`` or ``202601``, or of a year ``2026``."""
    digits = text.strip().replace("-", "")
    try:
        if len(digits) == 4:
            return date(int(digits), 1, 1), date(int(digits), 12, 31)
        first = date(int(digits[:4]), int(digits[4:6]), 1)
    except ValueError:
        return None
    return (first, _last(first)) if len(digits) == 6 else None
