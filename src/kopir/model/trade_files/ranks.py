"""Ranks that intervals allow: one is above another only where its lowest figure exceeds the other's highest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

OFF = 0.1
"""Part by which a figure of trade may be off unless another is named: an assumption, for sources state none."""


def rank_intervals(low: Sequence[float], high: Sequence[float]) -> list[tuple[int, int]]:
    """Return the best and worst rank (1 is largest) of each figure, which lies from ``low`` to ``high``.

    Figures vary apart from each other. The worst less the best is the number of others that it may tie with.
    """
    lows, highs = np.sort(np.asarray(low)), np.sort(np.asarray(high))
    above = len(lows) - np.searchsorted(lows, high, side="right")
    below = np.searchsorted(highs, low, side="left")
    return [(1 + int(over), len(lows) - int(under)) for over, under in zip(above, below, strict=True)]


def ranked_within(off: float, figure: str, name: str) -> tuple[pl.Expr, pl.Expr]:
    """Return ``NAME_best`` and ``NAME_worst`` of a column of figures, each of which may be off by a part."""

    def end(index: int) -> Callable[[pl.Series], pl.Series]:
        def ranks(figures: pl.Series) -> pl.Series:
            found = rank_intervals((figures * (1 - off)).to_list(), (figures * (1 + off)).to_list())
            return pl.Series([one[index] for one in found], dtype=pl.Int64)

        return ranks

    best, worst = (pl.col(figure).map_batches(end(index), return_dtype=pl.Int64) for index in (0, 1))
    return best.alias(f"{name}_best"), worst.alias(f"{name}_worst")
