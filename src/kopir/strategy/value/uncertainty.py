"""Intervals: everything uncertain is drawn together, and the question asked anew for each draw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import qmc

from kopir.core.errors import ModelError
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.network.network import Floats
from kopir.strategy.value.setup import Setup, prepare_at

Draw = tuple[Mapping[CellRef, float], float, Floats | None]
"""Values of uncertain cells, the place of clauses in their intervals, and the lean of the calibration."""

DRAWS = 40
MIDDLE = 0.5
QUANTILES = (0.05, 0.95)
OBSERVED = frozenset({("supplies", "amount"), ("baseline_flows", "value")})
"""Quantities of the base year that every draw keeps: they are seen, and calibration conditions on them."""

TABLES = frozenset(
    {"baseline_flows", "capacity_groups", "carries", "charges", "conversions", "markets", "supplies"}
)


@dataclass(frozen=True)
class IntervalResult:
    """Ranges of the figures of a table over draws.

    ``table`` has the table's key, ``measure``, ``low`` and ``high`` (5 and 95 per cent of the draws), ``least``
    and ``most``; ``first`` counts in how many draws each key stood in the first row. ``inputs`` counts
    the uncertain figures that were drawn, ``refused`` the draws that could not be calibrated to the recorded
    flows; they are left out.
    """

    seed: int
    draws: int
    refused: int
    inputs: int
    table: pl.DataFrame
    first: pl.DataFrame


def intervals(
    setup: Setup, ask: Callable[[Setup], pl.DataFrame], key: str, *, draws: int = DRAWS, seed: int = 0
) -> IntervalResult:
    """Return how far the uncertain inputs move each figure of the table that ``ask`` gives.

    The table has a row for each ``key``.
    Inputs are drawn by Latin hypercube (McKay, Beckman & Conover 1979), all at once: half of the draws lie
    uniformly between the low end and the central value of an interval, half between that and the high end.
    Cells that name the same fact move together: they are one uncertain figure.
    Each draw is calibrated afresh, and to another of the calibrations that explain the recorded flows about as
    well; denial clauses move together between the ends of their effectiveness. ``seed`` makes the draws
    repeatable. Raises :class:`ModelError` when no draw can be calibrated.
    """
    points = drawn_inputs(setup, draws, seed)
    return _over(setup, points, ask, key, seed=seed, inputs=len(_figures(setup, TABLES)))


def calibration_range(
    setup: Setup, ask: Callable[[Setup], pl.DataFrame], key: str, *, draws: int = 16, seed: int = 0
) -> IntervalResult:
    """Return how far the calibration alone moves each figure: all inputs at their central values.

    Each draw explains the recorded flows too, with corrections about as large as the least ones. Raises as
    :func:`intervals` does.
    """
    points: list[Draw] = [({}, MIDDLE, lean) for lean in _leans(setup, draws, seed)]
    return _over(setup, points, ask, key, seed=seed, inputs=0)


def _over(
    setup: Setup,
    points: Sequence[Draw],
    ask: Callable[[Setup], pl.DataFrame],
    key: str,
    *,
    seed: int,
    inputs: int,
) -> IntervalResult:
    frames: list[pl.DataFrame] = []
    failure: ModelError | None = None
    for point in points:
        try:
            frames.append(ask(prepare_at(setup, *point)))
        except ModelError as error:
            failure = error
    if not frames:
        assert failure is not None
        raise failure
    return IntervalResult(
        seed=seed,
        draws=len(points),
        refused=len(points) - len(frames),
        inputs=inputs,
        table=_ranges(frames, key),
        first=_firsts(frames, key),
    )


def drawn_inputs(setup: Setup, draws: int, seed: int, *, tables: Collection[str] = TABLES) -> list[Draw]:
    """Return joint draws of the uncertain quantities of ``tables``, of effectiveness and of calibration.

    They are drawn as :func:`intervals` says; ``seed`` makes them repeatable.
    """
    figures = _figures(setup, tables)
    points = qmc.LatinHypercube(d=len(figures) + 1, rng=np.random.default_rng(seed)).random(draws)
    leans = _leans(setup, draws, seed)
    return [(_values(figures, point), float(point[-1]), lean) for point, lean in zip(points, leans, strict=True)]


def _leans(setup: Setup, draws: int, seed: int) -> Sequence[Floats | None]:
    """Return for each draw from where its corrections count (activities; -1 to 1): other than 0 on used routes."""
    if setup.calibration is None:
        return [None] * draws
    routes = np.flatnonzero(np.isfinite(setup.baseline.elasticity) & (setup.calibration.use > 0))
    leans = np.zeros((draws, len(setup.calibration.use)))
    if routes.size:
        points = qmc.LatinHypercube(d=routes.size, rng=np.random.default_rng([seed, 1])).random(draws)
        leans[:, routes] = 2 * points - 1
    return list(leans)


def _figures(setup: Setup, tables: Collection[str]) -> list[list[Quantity]]:
    """Return the uncertain quantities of ``tables``, those that rest on one fact together."""
    figures: dict[str | CellRef, list[Quantity]] = {}
    for quantity in setup.model.uncertain():
        if _counts(quantity, tables):
            figures.setdefault(quantity.fact or quantity.ref, []).append(quantity)
    return list(figures.values())


def _counts(quantity: Quantity, tables: Collection[str]) -> bool:
    ref = quantity.ref
    return ref.table in tables and (ref.table, ref.column) not in OBSERVED


def _values(
    figures: Sequence[Sequence[Quantity]], point: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> Mapping[CellRef, float]:
    return {
        quantity.ref: _drawn(quantity, float(share))
        for figure, share in zip(figures, point[:-1], strict=True)
        for quantity in figure
    }


def _drawn(quantity: Quantity, share: float) -> float:
    if share < 0.5:
        return quantity.low + 2 * share * (quantity.value - quantity.low)
    return quantity.value + (2 * share - 1) * (quantity.high - quantity.value)


def _ranges(frames: Sequence[pl.DataFrame], key: str) -> pl.DataFrame:
    measures = [name for name, dtype in frames[0].schema.items() if dtype == pl.Float64]
    long = pl.concat(frames).unpivot(on=measures, index=key, variable_name="measure").drop_nulls("value")
    low, high = QUANTILES
    return (
        long.group_by(key, "measure")
        .agg(
            low=pl.col("value").quantile(low, "linear"),
            high=pl.col("value").quantile(high, "linear"),
            least=pl.col("value").min(),
            most=pl.col("value").max(),
        )
        .sort(key, "measure")
    )


def _firsts(frames: Sequence[pl.DataFrame], key: str) -> pl.DataFrame:
    firsts = [frame[key][0] for frame in frames]
    return (
        pl.DataFrame({key: firsts}).group_by(key).agg(draws=pl.len()).sort("draws", key, descending=[True, False])
    )
