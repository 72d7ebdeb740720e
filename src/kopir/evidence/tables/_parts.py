"""Parts of a year as heads write them, alike in all languages: Q1, 1Q2024, II кв., 1. çeyrek, H1, 9M, 2024-02."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

_NUMBER = r"(?P<number>[1-4]|i{1,3}|iv|ı{1,3}|ıv)"
_QUARTER = r"(?:quarter|qtr|кв(?:артал\p{L}*)?|çeyre[kğ]\p{L}*|тоқсан\p{L}*)"
_HALF = r"(?:half(?:[ -]year)?|полугоди\p{L}*|п/г|yar[ıi]y[ıi]l\p{L}*|жартыжылды\p{L}*|жарты жылды\p{L}*)"
_MONTHS = r"(?:m|months|мес(?:яц\p{L}*)?|aylık|ay|ай\p{L}*)"
_YEAR = r"(?:[ ,'-]*(?P<year>(?:19|20)\d\d))?"
_END = r"(?![\p{L}\p{N}])"
_START = r"(?<![\p{L}\p{N}])"
_SHAPES = tuple(
    (kind, regex.compile(_START + shape + _YEAR + _END, regex.I))
    for kind, shape in (
        ("quarter", r"q ?(?P<number>[1-4])"),
        ("quarter", r"(?P<number>[1-4])[ -]?q"),
        ("quarter", _NUMBER + rf"(?:st|nd|rd|th|-?[йяе]|-?ші|-?шы|\.)? ?{_QUARTER}\.?"),
        ("half", r"h ?(?P<number>[12])"),
        ("half", r"(?P<number>[12])[ -]?h"),
        ("half", _NUMBER + rf"(?:st|nd|-?[йяе]|-?ші|\.)? ?{_HALF}"),
        ("months", rf"(?P<number>1[0-2]|[2-9]) ?{_MONTHS}\.?"),
    )
)
_MONTHS_OF_YEAR = tuple(
    regex.compile(_START + shape + r"(?![-./]?[\p{L}\p{N}])")
    for shape in (
        r"(?P<year>(?:19|20)\d\d)[-./](?P<number>0[1-9]|1[0-2])",
        r"(?P<number>0[1-9]|1[0-2])[-./](?P<year>(?:19|20)\d\d)",
    )
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "ı": 1, "ıı": 2, "ııı": 3, "ıv": 4}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a year at characters ``start`` to ``end`` of a phrase: first and last month, a year if told."""

    start: int
    end: int
    months: tuple[int, int]
    year: int | None


def parts_of(view: str) -> Iterator[Part]:
    """Walk the parts of years in a folded phrase."""
    for shape in _MONTHS_OF_YEAR:
        for found in shape.finditer(view):
            if view[max(0, found.start() - 1) : found.start()] not in ("-", ".", "/"):
                yield Part(found.start(), found.end(), (int(found["number"]),) * 2, int(found["year"]))
    for kind, shape in _SHAPES:
        for found in shape.finditer(view):
            number = int(_ROMAN.get(found["number"].lower(), 0) or found["number"])
            months = {
                "quarter": (3 * number - 2, 3 * number),
                "half": (6 * number - 5, 6 * number),
                "months": (1, number),
            }[kind]
            if months[1] <= 12:
                yield Part(found.start(), found.end(), months, int(found["year"]) if found["year"] else None)
