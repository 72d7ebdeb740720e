"""Years in worlds: each world has its own inputs within their intervals, calibration and rates, and many years.

A world is worked out by itself from the seed and its number, so that it does not matter where or after what.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
import polars as pl

from kopir.core.errors import ModelError
from kopir.flow.formulation import Situation
from kopir.flow.outages import HOW, Settled
from kopir.flow.simplex.many import ManySituations
from kopir.model.network.network import Floats, Ints
from kopir.strategy.outages.chances import Chances, Year, years_drawn
from kopir.strategy.outages.every import MANY
from kopir.strategy.value.setup import Setup, prepare_at
from kopir.strategy.value.uncertainty import drawn_inputs
from kopir.strategy.value.valuation import NOBODY, Span

MOST_YEARS = 100
"""Years in a world at most: a few thousand years already have a hundred worlds."""

SCHEMA: dict[str, pl.DataType] = {
    "sample": pl.Int64(),
    "world": pl.Int32(),
    "loss_musd": pl.Float64(),
    "days": pl.Float64(),
    "events": pl.List(pl.String()),
    "parts_musd": pl.List(pl.Float64()),
    "certified": pl.String(),
}


@dataclass(frozen=True)
class Sampling:
    """What is drawn: so many years, from a seed, with capacities over a span."""

    samples: int
    seed: int
    span: Span

    @property
    def years(self) -> int:
        """Number of years in a world."""
        return min(max(self.samples // 100, 1), MOST_YEARS)

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return -(-self.samples // self.years)

    def years_of(self, world: int) -> int:
        """Return the number of years in a world: the last one may have fewer."""
        return min(self.years, self.samples - world * self.years)

    def seed_of(self, world: int) -> int:
        """Return the seed of a world."""
        return int(np.random.SeedSequence([self.seed, world]).generate_state(1, np.uint64)[0])


def world_years(setup: Setup, found: Chances, sampling: Sampling, world: int) -> pl.DataFrame:
    """Return the years of a world (a row each), none where its inputs cannot be calibrated to the recorded flows.

    ``loss_musd`` is against the same year without outages; ``days`` is how long anything was out; ``parts_musd``
    divides the loss of a time among the outages of that time in equal parts, in the order of ``events``.
    """
    seed = sampling.seed_of(world)
    try:
        [draw] = drawn_inputs(setup, 1, seed)
        drawn = prepare_at(setup, *draw)
    except ModelError:
        return pl.DataFrame(schema=SCHEMA)
    years = years_drawn(found, np.random.default_rng([seed, 7]), sampling.years_of(world))
    valuation = drawn.valuation(sampling.span)
    usual = valuation.situation(NOBODY)
    stretches = [(place, long, on) for place, one in enumerate(years) for long, on in one.stretches(found)]
    shares = [_left(found, years[place], on) for place, _, on in stretches]
    settled, which = _values(
        ManySituations(valuation.formulation, usual, compiled=sampling.samples >= MANY), usual, shares
    )
    losses = settled.value[0] - settled.value[which]
    return _table(world, world * sampling.years, years, found, stretches, losses, settled.how[which])


def as_parquet(years: pl.DataFrame) -> bytes:
    """Return the bytes of a file of years."""
    buffer = BytesIO()
    years.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def _left(chances: Chances, year: Year, on: Ints) -> Floats:
    """Return the share of each asset that outages of one time leave (assets)."""
    each = np.where(chances.closes[year.event[on]] > 0, year.left[on][:, None], 1.0)
    left: Floats = each.prod(axis=0)
    return left


def _values(many: ManySituations, usual: Situation, shares: list[Floats]) -> tuple[Settled, Ints]:
    """Return the values of different shares, nothing lost first, and the place of each among them."""
    places: dict[bytes, int] = {np.ones_like(usual.open_share).tobytes(): 0}
    which = [places.setdefault(share.tobytes(), len(places)) for share in shares]
    different = [np.frombuffer(key) for key in places]
    situations = [replace(usual, open_share=usual.open_share * share) for share in different]
    return many.values(situations), np.array(which, dtype=np.int64)


def _table(
    world: int,
    first: int,
    years: list[Year],
    chances: Chances,
    stretches: list[tuple[int, float, Ints]],
    losses: Floats,
    how: Ints,
) -> pl.DataFrame:
    parts = [np.zeros(len(year.event)) for year in years]
    days, ways = np.zeros(len(years)), [set[int]() for _ in years]
    for (place, long, on), loss, way in zip(stretches, losses.tolist(), how.tolist(), strict=True):
        parts[place][on] += loss * long / len(on)
        days[place] += 365 * long
        ways[place].add(way)
    rows = [
        (
            first + place,
            world,
            float(parts[place].sum()),
            float(days[place]),
            [chances.events[event] for event in year.event.tolist()],
            parts[place].tolist(),
            HOW[max(ways[place])] if ways[place] else "nothing happens",
        )
        for place, year in enumerate(years)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
