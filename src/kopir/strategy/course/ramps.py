"""What builds up from step to step: capacity of routes that are wanted, and output that was shut in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kopir.core.periods import Period
from kopir.model.network.capacity import Capacity
from kopir.model.network.network import Floats, Network
from kopir.model.network.scenario import DAYS_PER_MONTH

_SEEN = 1e-7
"""Mt below which a supply counts as fully used, or a limit as reached."""


@dataclass(frozen=True)
class Clocks:
    """From which day the ramp of each limit counts (limits; ordinal days, infinite until it is wanted)."""

    since: Floats

    @classmethod
    def stopped(cls, network: Network) -> Clocks:
        """Return clocks of which none runs."""
        return cls(np.full(len(network.limits.asset), np.inf))

    @classmethod
    def all_from(cls, network: Network, day: date | None) -> Clocks:
        """Return clocks that all run from ``day``, or none where there is none."""
        return cls(np.full(len(network.limits.asset), np.inf if day is None else float(day.toordinal())))

    def capacity(self, capacity: Capacity, step: Period) -> Floats:
        """Return the mean capacity of a step (limits; Mt/yr): firm before the clock runs, growing after."""
        begin = step.first.toordinal() - np.where(np.isfinite(self.since), self.since, step.first.toordinal())
        begin = np.where(np.isfinite(self.since), begin, -float(step.days))
        return capacity.between(begin / DAYS_PER_MONTH, (begin + step.days) / DAYS_PER_MONTH)

    def started(self, reached: NDArray[np.bool_], day: date) -> Clocks:
        """Return the clocks with those of the limits ``reached`` running from ``day`` unless they run already."""
        begun = reached & np.isinf(self.since)
        return Clocks(np.where(begun, float(day.toordinal()), self.since))


def reached(load: Floats, limit: Floats) -> NDArray[np.bool_]:
    """Return which limits (Mt) a load (Mt) uses up."""
    full: NDArray[np.bool_] = np.isfinite(limit) & (load >= limit - _SEEN)
    return full


@dataclass(frozen=True)
class Restart:
    """How much each supply can yield again after it was shut in.

    Output comes back along a straight line that leads from nothing to all in ``days`` (activities; 0: at once).
    ``rate`` (activities; Mt/yr) is what it can yield when the step begins; ``whole`` is all it yields.
    """

    days: Floats
    whole: Floats
    rate: Floats

    @classmethod
    def at_rest(cls, network: Network) -> Restart:
        """Return the state of supplies of which none was shut in."""
        return cls(network.restart, network.activities.amount, network.activities.amount)

    def bound(self, days: int) -> Floats:
        """Return the mean that can be yielded over a step of so many days (activities; Mt/yr)."""
        slow = (self.days > 0) & (self.rate < self.whole)
        bound = np.full(len(self.rate), np.inf)
        whole, rate = self.whole[slow], self.rate[slow]
        growth = whole / self.days[slow]
        short = np.minimum(days, (whole - rate) / growth)
        bound[slow] = (rate * short + growth * short**2 / 2 + whole * (days - short)) / days
        return bound

    def after(self, use: Floats, days: int, length: float) -> Restart:
        """Return the state after a step in which ``use`` (activities; Mt) was yielded in ``length`` years.

        A supply that was held back only by its restart goes on rising; one that yielded less starts from there.
        """
        open_end = np.minimum(self.bound(days), self.whole)
        with np.errstate(divide="ignore", invalid="ignore"):
            risen = np.where(self.days > 0, self.rate + self.whole / self.days * days, self.whole)
        risen = np.minimum(risen, self.whole)
        held_back = use < open_end * length - _SEEN
        rate = np.where((self.days > 0) & held_back, use / length, risen)
        return Restart(self.days, self.whole, rate)
