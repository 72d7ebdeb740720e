"""Recorded outages: how often, how much and how long assets were out, from events.csv.

A rate is that of outages in the record, whatever caused them. It is nobody's probability of refusing: intentions
have no rate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from kopir.core.errors import Fault, InputError
from kopir.model.network.network import Floats
from kopir.strategy.value.setup import Setup

DAYS = 365.25


@dataclass(frozen=True)
class Outage:
    """A recorded event: which share it left of each asset (assets), and for how many years in all."""

    event: str
    open_share: Floats
    years: float


@dataclass(frozen=True)
class Record:
    """Outages of the network on record over ``years``; ``left_out`` are events that are none of it.

    They hit nothing of the network, or lasted more than a year: that is a state of things, which the model's base
    year already knows.
    """

    outages: tuple[Outage, ...]
    years: float
    left_out: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Outages a year."""
        return len(self.outages) / self.years

    @property
    def rate_interval(self) -> tuple[float, float]:
        """The 90 % interval of the rate if outages are a Poisson process (Garwood 1936, Biometrika 28)."""
        from scipy.stats import chi2  # takes a quarter of a second, which few questions need

        count = len(self.outages)
        low = chi2.ppf(0.05, 2 * count) / 2 if count else 0.0
        return float(low) / self.years, float(chi2.ppf(0.95, 2 * count + 2)) / 2 / self.years


def recorded_outages(setup: Setup) -> Record:
    """Return the outages of events.csv that close something of the network, at the middle of their severity.

    They stand in the order of their codes, so that years drawn from them do not hang on the order of rows. A code
    of a place stands for its links. The record runs from the first event's start to the last day that any
    event names. Raises :class:`InputError` where no event closes anything.
    """
    rows = list(setup.model.table("events").sort("event").iter_rows(named=True))
    days = [_day(row[name]) for row in rows for name in ("start", "end") if row[name] is not None]
    found, left_out = [], []
    for row in rows:
        low, high = row["severity_low"] or 0.0, row["severity_high"] or 0.0
        share = np.ones(len(setup.network.assets))
        share[_places(setup, row["assets"] or ())] = 1 - (low + high) / 2
        end = max(days) if row["end"] is None else _day(row["end"])
        years = ((end - _day(row["start"])).days + 1) / DAYS
        if (share < 1).any() and years <= 1:
            found.append(Outage(row["event"], share, years))
        else:
            left_out.append(row["event"])
    if not found:
        mend = "record events whose assets the network has; kopir plan --events none plans without a record"
        raise InputError(Fault("K0505", "no recorded event closes anything of the network", mend, "events.csv"))
    return Record(tuple(found), ((max(days) - min(days)).days + 1) / DAYS, tuple(left_out))


def years_at_random(record: Record, loss: Floats, *, draws: int, seed: int) -> Floats:
    """Return losses of years drawn from the record (draws), with ``loss`` (outages) of each for a whole year.

    The number of outages in a year is Poisson at the recorded rate, each one of those recorded, all equally
    likely.
    """
    rng = np.random.default_rng(seed)
    length = np.array([one.years for one in record.outages])
    counts = rng.poisson(record.rate, draws)
    which = rng.integers(len(record.outages), size=int(counts.sum()))
    lost = np.zeros(draws)
    np.add.at(lost, np.repeat(np.arange(draws), counts), (loss * length)[which])
    return lost


def _places(setup: Setup, codes: Iterable[str]) -> list[int]:
    wanted = set(codes)
    links = setup.model.table("links")
    ends = {row["link"]: {row["from_node"], row["to_node"]} for row in links.iter_rows(named=True)}
    return [
        index
        for index, (kind, code) in enumerate(setup.network.assets)
        if code in wanted or (kind == "link" and ends.get(code, set()) & wanted)
    ]


def _day(given: date | str) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)
