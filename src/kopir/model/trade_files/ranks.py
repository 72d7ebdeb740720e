"""Ranks that intervals allow: one is above another only where its lowest figure exceeds the other's highest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def rank_intervals(low: Sequence[float], high: Sequence[float]) -> list[tuple[int, int]]:
    """Return the best and worst rank (1 is largest) of each figure, which lies from ``low`` to ``high``.

    Figures vary apart from each other. The worst less the best is the number of others that it may tie with.
    """
    lows, highs = np.sort(np.asarray(low)), np.sort(np.asarray(high))
    above = len(lows) - np.searchsorted(lows, high, side="right")
    below = np.searchsorted(highs, low, side="left")
    return [(1 + int(over), len(lows) - int(under)) for over, under in zip(above, below, strict=True)]


def off_by(value: float, part: float) -> tuple[float, float]:
    """Return the ends of a figure that may be off by a ``part`` of itself."""
    return value * (1 - part), value * (1 + part)
