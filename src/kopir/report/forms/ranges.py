"""The ends of an interval as people read them: no finer than it is wide."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ends:
    """Ends of an interval, rounded; where it is ``wider`` than its number it leaves nothing of the number."""

    low: float
    high: float
    wider: bool


def ends(value: float | None, low: float | None, high: float | None) -> Ends | None:
    """Return the ends to show beside ``value``, ``None`` where there is no interval of any width."""
    if value is None or low is None or high is None or not math.isfinite(high - low):
        return None
    width = high - low
    if width <= 1e-6 * max(1.0, abs(value)):
        return None
    if width > abs(value):
        least = max(abs(low), abs(high)) / 20  # beside the other end it is nothing
        first, last = (0.0 if abs(end) < least else _coarse(end) for end in (low, high))
        return Ends(first, last, wider=True)
    step = 10.0 ** math.floor(math.log10(width / 3))
    return Ends(round(low / step) * step, round(high / step) * step, wider=False)


def _coarse(value: float) -> float:
    """Return a number to one significant figure, two where the first is a 1."""
    step = 10.0 ** math.floor(math.log10(abs(value)))
    return round(value / step) * step if abs(value) >= 2 * step else round(10 * value / step) * step / 10
