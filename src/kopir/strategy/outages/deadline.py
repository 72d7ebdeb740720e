"""A limit of time for a search that can tell what it has found so far."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from kopir.core.errors import Fault, InputError


class TimeIsUp(Exception):
    """A limit of time ended a search; whoever catches it tells the best found and its bound."""


@dataclass(frozen=True)
class Deadline:
    """So many ``seconds`` of the clock from now on; no limit unless given. Steps in hand are finished.

    Raises :class:`InputError` for less than nothing.
    """

    seconds: float | None = None
    _start: float = field(default_factory=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        if self.seconds is not None and not self.seconds >= 0:
            mend = "give seconds, 0 or more; leave it out for the proven optimum"
            why = "a limit of time below nothing"
            raise InputError(Fault("K0505", why, mend, column="--time-limit", value=f"{self.seconds:g}"))

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return self.seconds is not None and time.monotonic() - self._start >= self.seconds

    def check(self) -> None:
        """Raise :class:`TimeIsUp` when the time is up."""
        if self.passed:
            raise TimeIsUp
