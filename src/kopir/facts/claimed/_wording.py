"""Intervals from wording: what a figure says when its comparator and its last digit are taken at their word.

=========== ===================================================================================
comparator  interval
=========== ===================================================================================
eq          half a unit of the last written digit to both sides («28 bn» is 27.5 to 28.5 bn)
approx      7 % to both sides, and no less than ``eq``
almost      0.90 to 1.00 of the figure
gt, ge      the figure and more; 1.15 of it is a soft upper edge
lt, le, upto  zero to the figure; 0.85 of it is a soft lower edge
range       as given
=========== ===================================================================================

Hard edges bound what can be true (:mod:`kopir.facts.settled._bounds`); soft edges only weigh in the estimate. A
fall (negative figure) is worded by its size, so its interval is the mirror image.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

APPROXIMATELY = 0.07
ALMOST = 0.90
SOFT_ABOVE = 1.15
SOFT_BELOW = 0.85
COMPARATORS = ("almost", "approx", "eq", "ge", "gt", "le", "lt", "range", "upto")

_NUMBER = re.compile(r"\d+(?:[\s.,'’]\d+)*")


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds in the unit of the figure: ``low``/``high`` hold for certain, ``soft_low``/``soft_high`` as a rule.

    Open ends are infinite.
    """

    low: float
    high: float
    soft_low: float
    soft_high: float

    @property
    def centre(self) -> float:
        """Middle of the soft interval."""
        return (self.soft_low + self.soft_high) / 2

    def mirrored(self) -> Interval:
        """Return the interval of the negative figure."""
        return Interval(-self.high, -self.low, -self.soft_high, -self.soft_low)


def worded_interval(
    comparator: str, value: float | None, lo: float | None, hi: float | None, text: str = ""
) -> Interval | None:
    """Return the interval that a figure states, ``None`` when it states none.

    ``value``, ``lo`` and ``hi`` are in base units, ``text`` is the figure as written: its last digit tells the
    precision. Without digits in it, or when none fits ``value``, the significant digits of ``value`` tell it.
    """
    if comparator == "range":
        if lo is None or hi is None or lo > hi:
            return None
        return Interval(lo, hi, lo, hi)
    if value is None or not math.isfinite(value):
        return None
    if value < 0:
        return _of_size(comparator, -value, written_step(text, -value)).mirrored()
    return _of_size(comparator, value, written_step(text, value))


def _of_size(comparator: str, value: float, step: float) -> Interval:
    half = step / 2
    match comparator:
        case "approx":
            slack = max(half, APPROXIMATELY * value)
            return Interval(value - slack, value + slack, value - slack, value + slack)
        case "almost":
            return Interval(ALMOST * value, value, ALMOST * value, value)
        case "gt" | "ge":
            return Interval(value, math.inf, value, SOFT_ABOVE * value)
        case "lt" | "le" | "upto":
            return Interval(0.0, value, SOFT_BELOW * value, value)
        case _:
            low = max(value - half, 0.0)
            return Interval(low, value + half, low, value + half)


def written_step(text: str, value: float) -> float:
    """Return the unit of the last written digit of ``value`` (not negative), in base units.

    «1,9 bn» gives 1e8, «3 538» gives 1, «$17.2bn» gives 1e8. A figure in words has the precision of its
    significant digits («five million»: 1e6); one that decimals do not end (a third) has a tenth of itself.
    """
    if value == 0:
        return 0.0
    for match in _NUMBER.finditer(text):
        step = _step_of(match[0], value)
        if step is not None:
            return step
    return significant_step(value)


def significant_step(value: float) -> float:
    """Return the unit of the last significant digit of ``value`` (a tenth of it beyond seven digits)."""
    digits = f"{abs(value):.6e}"
    mantissa, exponent = digits.split("e")
    kept = mantissa.rstrip("0").rstrip(".")
    decimals = len(kept.partition(".")[2])
    if (decimals >= 6 and abs(float(digits) - abs(value)) > 1e-9 * abs(value)) or _recurring(mantissa):
        return abs(value) / 10
    return float(f"1e{int(exponent) - decimals}")


def _recurring(mantissa: str) -> bool:
    return len(set(mantissa[2:-1])) == 1 and mantissa[2] in "36"


def _step_of(token: str, value: float) -> float | None:
    """Return the step of one written number when it is ``value`` in some power of ten, else ``None``."""
    for reading, decimals in _readings(token):
        if reading <= 0:
            continue
        exponent = round(math.log10(value / reading))
        if abs(reading * 10.0**exponent / value - 1) < 1e-6:
            return float(f"1e{exponent - decimals}")
    return None


def _readings(token: str) -> list[tuple[float, int]]:
    """Return the numbers that a token may be, with how many decimals each has."""
    bare = re.sub(r"[\s'’]", "", token)
    points = [at for at, sign in enumerate(bare) if sign in ".,"]
    if not points:
        return [(float(bare), 0)]
    whole = re.sub(r"[.,]", "", bare)
    after = len(bare) - points[-1] - 1
    decimal = (float(f"{whole[: len(whole) - after]}.{whole[len(whole) - after :]}"), after)
    grouped = (float(whole), 0)
    marks = {bare[at] for at in points}
    if len(points) > 1 and len(marks) == 1:
        return [grouped]
    return [grouped, decimal] if after == 3 and len(points) == 1 else [decimal]
