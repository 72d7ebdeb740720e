"""Numbers with their intervals as people read them."""

from __future__ import annotations

from kopir.report.forms.grids import figure
from kopir.report.forms.ranges import ends


def ranged(value: float | None, low: float | None, high: float | None) -> str:
    """Return a number for people with its interval, no finer than this is wide.

    An interval wider than the number itself leaves nothing of the number: it is then told alone.
    """
    found = ends(value, low, high)
    if found is None:
        return figure(value)
    told = f"{_rounded(found.low)} to {_rounded(found.high)}"
    return f"about {told}" if found.wider else f"{figure(value)} [{told}]"


def _rounded(value: float) -> str:
    return f"{value:,.10g}"


def assumed(share: float | None, error: float | None) -> str | None:
    """Return what part of an interval is assumed, in per cent to the nearest ten, with its standard error."""
    if share is None or error is None:
        return None
    told = f"{10 * round(10 * share)}"
    return f"{told} ± {max(10, 10 * round(10 * error))}"
