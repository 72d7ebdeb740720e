"""Copies: claims that repeat another, so that ten reprints count once.

Two kinds. A claim repeats another when both name the same origin (the speaker quoted, else the source) and say
the same of the same thing. A source copies another when, of what both have a figure for, it says the same far
more often than two independent sources would who round alike and err each in its own way (after Dong,
Berti-Équille and Srivastava 2009, *Integrating conflicting data: the role of source dependence*, section 3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.facts.settled._system import System

COPIED = 0.9
"""How often a copier says the same as its original."""
EVIDENCE = math.log(1000.0)
"""Log odds from which a source is held to copy another."""
DAYS = 31
"""A reprint appears within this many days of its original."""

CROWD = 200
"""Facts that more claims than this speak of tell nothing of who copies whom: everybody meets there."""


@dataclass(frozen=True)
class Copies:
    """``original`` is, for each observation, the observation it repeats, or itself; shape ``(observations,)``.

    ``pairs`` are (copier, original) sources, by number.
    """

    original: NDArray[np.int64]
    pairs: tuple[tuple[int, int], ...]

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which observations are first-hand."""
        return np.asarray(self.original == np.arange(len(self.original)))


def find_copies(
    system: System, claims: pl.DataFrame, source: NDArray[np.int64], noise: NDArray[np.float64]
) -> Copies:
    """Return which observations repeat another.

    ``source`` numbers the source of each observation, ``noise`` is the log noise expected of each source.
    """
    seen = system.observations
    picked = claims[seen.claim].select("id", "published", "comparator", "value", "lo", "hi", "doc", "attribution")
    frame = picked.with_columns(
        pl.Series("row", np.arange(len(seen.claim))),
        pl.Series("source", source),
        pl.Series("fact", seen.fact),
        pl.Series("against", seen.base),
        pl.Series("rounding", (np.maximum(seen.soft_high, 0) - seen.soft_low)),
    ).sort("published", "id", nulls_last=True)
    repeats = _repeats(frame)
    first = frame.filter(~pl.col("row").is_in(repeats["row"].implode()))
    pairs, between = _copying_sources(first, noise)
    original = np.arange(len(seen.claim))
    original[between["row"].to_numpy()] = between["original"].to_numpy()
    original[repeats["row"].to_numpy()] = repeats["original"].to_numpy()
    return Copies(original[original], pairs)


_SAME = ("fact", "against", "comparator", "value", "lo", "hi")


def _repeats(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows that say what an earlier row of the same origin says, with that row."""
    origin = frame.with_columns(
        pl.coalesce(pl.col("attribution"), pl.format("source {}", pl.col("source"))).alias("origin")
    )
    return (
        origin.with_columns(pl.col("row").first().over("origin", *_SAME).alias("original"))
        .filter(pl.col("row") != pl.col("original"))
        .select("row", "original")
    )


def _copying_sources(
    frame: pl.DataFrame, noise: NDArray[np.float64]
) -> tuple[tuple[tuple[int, int], ...], pl.DataFrame]:
    """Return pairs of sources of which one copies the other, and the rows copied."""
    both = _met(frame, noise)
    scored = (
        both.group_by("source", "source_2")
        .agg(pl.col("odds").sum(), pl.col("later").sum())
        .filter(pl.col("odds") > EVIDENCE)
        .sort("source", "odds", "source_2", descending=[False, True, False])
    )
    chosen: dict[int, int] = {}
    for copier, original, _, later in scored.iter_rows():
        weaker = (later or 0, noise[copier], copier) > (-(later or 0), noise[original], original)
        if weaker and copier not in chosen and original not in chosen:
            chosen[copier] = original
    pairs = tuple(sorted(chosen.items()))
    table = pl.DataFrame(pairs, schema={"source": pl.Int64, "source_2": pl.Int64}, orient="row")
    rows = (
        both.filter("same")
        .join(table, on=["source", "source_2"])
        .sort("row", "row_2")
        .unique("row", keep="first", maintain_order=True)
        .select("row", pl.col("row_2").alias("original"))
    )
    return pairs, rows


def _met(frame: pl.DataFrame, noise: NDArray[np.float64]) -> pl.DataFrame:
    """Return every two rows of different sources on one fact, with the log odds that the first copies the second.

    ``same`` tells rows that say the same, the first no earlier than the second and within ``DAYS`` of it.
    """
    one = frame.filter(pl.len().over("fact", "against") <= CROWD)
    one = one.select("row", "source", "published", *_SAME, "rounding")
    both = one.join(one, on=["fact", "against"], suffix="_2").filter(pl.col("source") != pl.col("source_2"))
    spread = np.hypot(noise[both["source"].to_numpy()], noise[both["source_2"].to_numpy()])
    later = pl.col("published").str.to_date(strict=False) - pl.col("published_2").str.to_date(strict=False)
    both = both.with_columns(later.dt.total_days().alias("later"), pl.Series("spread", spread, pl.Float64))
    timely = pl.col("later").is_null() | pl.col("later").is_between(0, DAYS)
    equal = [pl.col(name).eq_missing(pl.col(f"{name}_2")) for name in ("value", "lo", "hi", "comparator")]
    # By chance two sources agree when both errors fall into one rounding interval.
    size = pl.col("value").abs().clip(lower_bound=1e-300)
    chance = pl.col("rounding") / size / (pl.col("spread") * math.sqrt(2 * math.pi))
    chance = chance.clip(0.02, 0.7).fill_nan(0.3).fill_null(0.3)
    both = both.with_columns((pl.all_horizontal(equal) & timely).alias("same"))
    told = pl.when("same").then((COPIED / chance).log()).otherwise(((1 - COPIED) / (1 - chance)).log())
    return both.with_columns(told.alias("odds"))
