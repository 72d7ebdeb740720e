"""Numbers with their intervals as people read them."""

from __future__ import annotations

import math

from kopir.report.forms.grids import figure


def ranged(value: float | None, low: float | None, high: float | None) -> str:
    """Return a number for people with its interval, no finer than this is wide.

    An interval wider than the number itself leaves nothing of the number: it is then told alone.
    """
    if value is None or low is None or high is None or not math.isfinite(high - low):
        return figure(value)
    width = high - low
    if width <= 1e-6 * max(1.0, abs(value)):
        return figure(value)
    if width > abs(value):
        least = max(abs(low), abs(high)) / 20  # beside the other end it is nothing
        first, last = (0.0 if abs(end) < least else _coarse(end) for end in (low, high))
        return f"about {_rounded(first)} to {_rounded(last)}"
    step = 10.0 ** math.floor(math.log10(width / 3))
    return f"{figure(value)} [{_rounded(round(low / step) * step)} to {_rounded(round(high / step) * step)}]"


def _coarse(value: float) -> float:
    """Return a number to one significant figure, two where the first is a 1."""
    step = 10.0 ** math.floor(math.log10(abs(value)))
    return round(value / step) * step if abs(value) >= 2 * step else round(10 * value / step) * step / 10


def _rounded(value: float) -> str:
    return f"{value:,.10g}"


def assumed(share: float | None, error: float | None = None) -> str | None:
    """Return what part of an interval is assumed, in per cent to the nearest ten, with its standard error."""
    if share is None:
        return None
    told = f"{10 * round(10 * share)}"
    return told if error is None else f"{told} ± {max(10, 10 * round(10 * error))}"
