"""Usable capacity over time: what nameplate, firm use, ramp and lag leave in a month and over a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kopir.core.folders.settings import Horizons

Horizon = Literal["short", "medium", "long"]
Months = float | NDArray[np.float64]
HORIZONS: tuple[Horizon, ...] = ("short", "medium", "long")


@dataclass(frozen=True)
class Capacity:
    """Capacities of many assets, one entry each (shape: assets; Mt/yr, ramp Mt/yr/month, lag months)."""

    usable: NDArray[np.float64]
    firm: NDArray[np.float64]
    ramp: NDArray[np.float64]
    lag: NDArray[np.float64]

    def at_month(self, month: int) -> NDArray[np.float64]:
        """Return ``min(usable, firm + ramp * max(0, month - lag))``, ``month`` counted from 1."""
        grown: NDArray[np.float64] = self.firm + self.ramp * np.maximum(0.0, month - self.lag)
        return np.minimum(self.usable, grown)

    def mean(self, first: int, last: int) -> NDArray[np.float64]:
        """Return the mean over the months ``first`` to ``last``, both included."""
        months = [self.at_month(month) for month in range(first, last + 1)]
        total: NDArray[np.float64] = np.sum(months, axis=0)
        return total / len(months)

    def between(self, begin: Months, end: Months) -> NDArray[np.float64]:
        """Return the mean of ``min(usable, firm + ramp * max(0, t - lag))`` over ``begin`` to ``end`` months.

        ``begin`` and ``end`` are one time for all or one for each asset. Time ``t`` since the shock runs on
        within a month, so that the means of parts add up to that of the whole. Before the shock (``t`` below
        0) only firm capacity counts. Raises ``ValueError`` when an ``end`` is not after its ``begin``.
        """
        if not np.all(np.asarray(end) > begin):
            raise ValueError(f"months from {begin} to {end}: the end is not after the begin")
        grown = (self._grown(end) - self._grown(begin)) / (end - begin)
        mean: NDArray[np.float64] = np.where(np.isinf(self.firm), self.usable, grown)
        return mean

    def _grown(self, month: Months) -> NDArray[np.float64]:
        """Return the integral of capacity from 0 to ``month`` (Mt/yr times months)."""
        room = np.where(np.isinf(self.usable), np.inf, self.usable - np.where(np.isinf(self.firm), 0.0, self.firm))
        rising = np.maximum(0.0, month - self.lag)
        with np.errstate(divide="ignore", invalid="ignore"):
            until = np.where(self.ramp > 0, room / self.ramp, np.inf)
        capped = np.maximum(0.0, rising - until)
        firm = np.where(np.isinf(self.firm), 0.0, self.firm)
        area: NDArray[np.float64] = firm * month + self.ramp * (rising**2 - capped**2) / 2
        return area

    def over(self, horizon: Horizon, months: Horizons) -> NDArray[np.float64]:
        """Return the capacity of a horizon: its monthly mean, or all that is usable in the long run."""
        if horizon == "long":
            return self.usable
        first, last = months.short if horizon == "short" else months.medium
        return self.mean(first, last)
