"""Printing numbers: two or three significant figures, in the manner of a language, with interval and sign."""

from __future__ import annotations

import math
from functools import lru_cache

from babel.numbers import format_decimal

from kopir.core.codes import Language
from kopir.report.content import Number, Rest, Unit

UNKNOWN = "–"
"""Printed for a number that is not known; zero would be a claim."""

MINUS = "\N{MINUS SIGN}"
MARK = "◊"
SIGNS: dict[Rest, str] = {"recorded": "", "partly_assumed": "", "mostly_assumed": MARK}
"""Printed after a number that rests mostly on assumptions; how far a number does stands in its note."""

_FIGURES: dict[Unit, int] = {"Mt": 3, "Mt/yr": 3, "1": 3}
_NOTHING = 1e-6


def printed(number: Number, language: Language) -> str:
    """Return a number as it is printed, without unit: ``41 (38–52)◊``.

    Where the interval spans nought only its ends are printed: its middle would name a gain or a loss that is not
    known.
    """
    if number.value is None or _spans_nought(number):
        return _ends(number, language)
    decimals = _decimals(number)
    text = rounded(number.value, decimals, language)
    if number.low is not None and number.high is not None and number.high - number.low > _NOTHING:
        low, high = (rounded(end, decimals, language) for end in (number.low, number.high))
        if low != high:
            text += f" ({low}…{high})" if number.low < 0 else f" ({low}–{high})"
    return text + SIGNS[number.rest]


def _spans_nought(number: Number) -> bool:
    """Return whether the interval reaches both ways from nought by more than a twentieth of the longer way."""
    if number.low is None or number.high is None:
        return False
    return number.low < 0 < number.high and min(-number.low, number.high) > max(-number.low, number.high) / 20


def _ends(number: Number, language: Language) -> str:
    """Return a number known only by its ends: ``120…340``."""
    if number.low is None or number.high is None:
        return UNKNOWN
    decimals = min(
        significant(end, 2) for end in (number.low, number.high) if abs(end) > _NOTHING or end == number.high
    )
    ends = [rounded(end, min(decimals, 2), language) for end in (number.low, number.high)]
    return ("…".join(ends) if ends[0] != ends[1] else ends[0]) + SIGNS[number.rest]


@lru_cache(maxsize=20_000)
def rounded(value: float, decimals: int, language: Language) -> str:
    """Return ``value`` at ``decimals`` decimal places (negative: tens, hundreds) as the language writes it."""
    shown = round(value, decimals) + 0.0
    pattern = "#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    return format_decimal(shown, format=pattern, locale=language).replace("-", MINUS)


def significant(value: float, figures: int = 3) -> int:
    """Return the decimal places that leave ``figures`` significant figures of ``value``."""
    if abs(value) < _NOTHING:
        return 0
    return figures - 1 - math.floor(math.log10(abs(value)))


def _decimals(number: Number) -> int:
    """Return decimal places: two figures of the interval's width where there is one, else of the value.

    A width of two figures is the convention of the Particle Data Group (2024, Review of Particle Physics,
    section 5.3), with no more figures than the value deserves without an interval.
    """
    assert number.value is not None
    own = min(significant(number.value, _FIGURES.get(number.unit, 2)), 1 if abs(number.value) >= 1 else 2)
    if number.unit == "1" and number.value == round(number.value):
        own = 0
    if number.low is None or number.high is None or number.high - number.low <= _NOTHING:
        return own
    width = significant(number.high - number.low, 2)
    return min(width, 2) if abs(number.value) < _NOTHING else max(min(own, width), -9)
