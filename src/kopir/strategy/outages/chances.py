"""Years drawn at random: which recorded outages come again, how strongly, and when in the year.

No intention enters: a rate is that of outages on record, whatever caused them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kopir.model.network.network import Floats, Ints
from kopir.strategy.value.record import Record, recorded_outages
from kopir.strategy.value.setup import Setup


@dataclass(frozen=True)
class Chances:
    """What can come again: for each event on record the assets that it closes (events x assets), shares, length.

    ``low`` and ``high`` (events) bound the share that is lost, ``years`` (events) is how long it lasted.
    """

    record: Record
    events: tuple[str, ...]
    closes: Ints
    low: Floats
    high: Floats
    years: Floats

    def rates(self, rng: np.random.Generator) -> Floats:
        """Return a rate of each event (a year), drawn from what one sighting in the record says of it.

        After one sighting in T years a Poisson rate is exponential with mean 1 / T (a Bayesian bootstrap of the
        record; Rubin 1981, Annals of Statistics 9(1)).
        """
        rates: Floats = rng.exponential(1 / self.record.years, len(self.events))
        return rates


@dataclass(frozen=True)
class Year:
    """Outages of a year that was drawn: which event each is, the share it leaves, when it begins (0 to 1)."""

    event: Ints
    left: Floats
    start: Floats

    def stretches(self, chances: Chances) -> Iterator[tuple[float, Ints]]:
        """Yield how long (years) which outages last together; what runs beyond the year comes at its beginning."""
        length = np.minimum(chances.years[self.event], 1.0)
        ends = np.concatenate([self.start, (self.start + length) % 1.0, [0.0, 1.0]])
        cuts = np.unique(ends)
        for first, last in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            since = ((first + last) / 2 - self.start) % 1.0
            on = np.flatnonzero(since < length)
            if on.size:
                yield last - first, on


def chances(setup: Setup) -> Chances:
    """Return what the record of a model says can come again; raises as :func:`recorded_outages` does."""
    record = recorded_outages(setup)
    rows = {row["event"]: row for row in setup.model.table("events").iter_rows(named=True)}
    ends = [[rows[one.event][end] or 0.0 for end in ("severity_low", "severity_high")] for one in record.outages]
    low, high = np.array(ends).T
    return Chances(
        record=record,
        events=tuple(one.event for one in record.outages),
        closes=np.array([one.open_share < 1 for one in record.outages]).astype(np.int64),
        low=low,
        high=high,
        years=np.array([one.years for one in record.outages]),
    )


def years_drawn(chances: Chances, rng: np.random.Generator, count: int) -> list[Year]:
    """Return years at rates that are drawn once for all of them."""
    rates = chances.rates(rng)
    found = []
    for events in rng.poisson(rates, (count, len(rates))):
        event = np.repeat(np.arange(len(rates)), events)
        lost = rng.uniform(chances.low[event], chances.high[event])
        found.append(Year(event, 1 - lost, rng.random(len(event))))
    return found
