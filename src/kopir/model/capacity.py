"""Usable capacity over time: what nameplate, firm use, ramp and lag leave in a month and over a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kopir.core.settings import Horizons

Horizon = Literal["short", "medium", "long"]
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

    def over(self, horizon: Horizon, months: Horizons) -> NDArray[np.float64]:
        """Return the capacity of a horizon: its monthly mean, or all that is usable in the long run."""
        if horizon == "long":
            return self.usable
        first, last = months.short if horizon == "short" else months.medium
        return self.mean(first, last)
