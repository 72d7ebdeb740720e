"""Errors beside those of two naive forecasts, by any ground: medians, means, and what chance does to their ratio.

One disruption has one voice: each of its n rows weighs 1/n. A median over a few dozen disruptions moves by a third
when others are drawn, so the mean of errors, each at most 1, stands beside it, and the ratio to the better naive
forecast has a range over disruptions drawn anew (Efron 1979).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

import polars as pl

ALL = "all"
ERRORS = ("error", "error_no_change", "error_proportional")
LARGEST = 1.0
"""An error counts at most so much in a mean."""
DRAWS = 500
SEED = 0
MIDDLE = (0.1, 0.9)
"""Ends of the range of a ratio, as shares of the draws."""
_MEANS = ("mean", "mean_no_change", "mean_proportional", "mean_ratio")
_SHARES = ("signs", "told", "inside", "signs_told")


def by_ground(table: pl.DataFrame, ground: str, order: Collection[str] = ()) -> pl.DataFrame:
    """Return medians, means and shares for each value of a column, in ``order`` or by name, and of all (``all``).

    ``ratio`` is the median error beside that of the better naive forecast, ``mean_ratio`` the same of means.
    ``told`` and ``signs_told`` are the share of rows in which a direction is predicted, and of it right.
    """
    held = set(table[ground].to_list())
    names = [*(one for one in order or sorted(held) if one in held), ALL] if held else []
    rows = [_row(ground, name, table if name == ALL else table.filter(pl.col(ground) == name)) for name in names]
    counts = dict.fromkeys(("responses", "precedents"), pl.Int64)
    numbers = dict.fromkeys((*ERRORS, "ratio", *_MEANS, *_SHARES), pl.Float64)
    return pl.DataFrame(rows, schema={ground: pl.String, **counts, **numbers}, orient="row")


def _row(ground: str, name: str, part: pl.DataFrame) -> tuple[object, ...]:
    weights = part["weight"].to_list()
    medians = [weighted_median(part[column].to_list(), weights) for column in ERRORS]
    means = [_mean(part[column].to_list(), weights) for column in ERRORS]
    whole = sum(weights)
    shares = [part.filter(column)["weight"].sum() / whole for column in ("sign", "told", "within")]
    right = part.filter(pl.col("sign") & pl.col("told"))["weight"].sum() / whole
    told = right / shares[1] if shares[1] else None
    counts = (part.height, part["precedent"].n_unique())
    return (name, *counts, *medians, to_better(medians), *means, to_better(means), *shares, told)


def to_better(errors: Sequence[float | None]) -> float | None:
    """Return the first error beside the least of the others; ``None`` where that is nought or unknown."""
    naive = [one for one in errors[1:] if one is not None]
    best = min(naive) if naive else None
    return errors[0] / best if errors[0] is not None and best else None


def ratio_range(table: pl.DataFrame) -> tuple[float, float] | None:
    """Return between which values the ratio of medians lies in 80 of 100 draws of as many disruptions."""
    groups = [
        list(zip(*(part[name].to_list() for name in (*ERRORS, "weight")), strict=True)) for part in _each(table)
    ]
    draw, ratios = random.Random(SEED), []
    for _ in range(DRAWS if groups else 0):
        rows = [row for group in draw.choices(groups, k=len(groups)) for row in group]
        ratios.append(
            to_better([weighted_median([row[at] for row in rows], [row[3] for row in rows]) for at in range(3)])
        )
    known = sorted(one for one in ratios if one is not None)
    return (known[int(MIDDLE[0] * len(known))], known[int(MIDDLE[1] * len(known))]) if known else None


def _each(table: pl.DataFrame) -> list[pl.DataFrame]:
    return table.partition_by("precedent", maintain_order=True) if not table.is_empty() else []


def weighted_median(values: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """Return the least value at or below which half of the weight lies; ``None`` where there is no value."""
    held = sorted((value, weight) for value, weight in zip(values, weights, strict=True) if value is not None)
    half = sum(weight for _, weight in held) / 2
    upto = 0.0
    for value, weight in held:
        upto += weight
        if upto >= half - 1e-12:
            return value
    return None


def _mean(values: Sequence[float | None], weights: Sequence[float]) -> float | None:
    held = [
        (min(LARGEST, value), weight) for value, weight in zip(values, weights, strict=True) if value is not None
    ]
    whole = sum(weight for _, weight in held)
    return sum(value * weight for value, weight in held) / whole if whole else None
