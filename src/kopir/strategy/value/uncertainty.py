"""Intervals: everything uncertain is drawn together, and the question asked anew for each draw.

Draws come in pairs that share all that sources say and differ in what is assumed, so that they also tell how
much of an interval the assumptions make: pick-freeze with two groups of inputs (Saltelli et al. 2010, Computer
Physics Communications 181(2), table 2, line f, after Jansen 1999).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from kopir.core.errors import ModelError
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.grounds.cited import CitedNumber, Numbers
from kopir.model.network.network import Floats
from kopir.strategy.value.setup import Setup, prepare_at

Draw = tuple[Mapping[CellRef, float], float, Floats | None]
"""Values of uncertain cells, the place of clauses in their intervals, and the lean of the calibration."""

DRAWS = 40
SHOWN = 20
"""Draws behind the intervals that a single table prints; a brief makes :data:`DRAWS`."""

MIDDLE = 0.5
_FLAT = 1e-9  # standard deviations smaller than this, relative to a figure, are rounding
QUANTILES = (0.05, 0.95)
OBSERVED = frozenset({("supplies", "amount"), ("baseline_flows", "value")})
"""Quantities of the base year that every draw keeps: they are seen, and calibration conditions on them."""

TABLES = frozenset(
    {"baseline_flows", "capacity_groups", "carries", "charges", "conversions", "markets", "supplies"}
)


@dataclass(frozen=True)
class IntervalResult:
    """Ranges of the figures of a table over draws.

    ``table`` has the table's keys, ``measure``, ``low`` and ``high`` (5 and 95 per cent of the draws), ``least``
    and ``most``, ``assumed_share`` (of the variance of the draws, what would remain if all that sources say were
    known exactly: the total effect of assumed inputs, 0 to 1; null where nothing varies) and ``assumed_error``,
    its standard error. ``first`` counts in how many draws each key stood in the first row. ``inputs`` counts
    the uncertain figures that were drawn, ``assumed`` those of them that no source states, ``refused`` the draws
    that could not be calibrated to the recorded flows; they are left out. ``answers`` are the tables of the
    others.
    """

    seed: int
    draws: int
    refused: int
    inputs: int
    assumed: int
    table: pl.DataFrame
    first: pl.DataFrame
    answers: tuple[pl.DataFrame, ...] = field(repr=False, compare=False, default=())

    @property
    def made(self) -> int:
        """Draws that count."""
        return self.draws - self.refused

    def as_record(self) -> dict[str, object]:
        """Return the ranges as plain values."""
        own = {name: getattr(self, name) for name in ("seed", "draws", "refused", "inputs", "assumed")}
        return own | {"table": self.table.to_dicts(), "first": self.first.to_dicts()}


def intervals(
    setup: Setup,
    ask: Callable[[Setup], pl.DataFrame],
    key: str | Sequence[str],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> IntervalResult:
    """Return how far the uncertain inputs move each figure of the table that ``ask`` gives.

    The table has a row for each ``key``.
    Inputs are drawn by Latin hypercube (McKay, Beckman & Conover 1979), all at once: half of the draws lie
    uniformly between the low end and the central value of an interval, half between that and the high end.
    Cells that name the same fact move together: they are one uncertain figure.
    Each draw is calibrated afresh, and to another of the calibrations that explain the recorded flows about as
    well; denial clauses move together between the ends of their effectiveness. Both count as assumed.
    ``seed`` makes the draws repeatable. Raises :class:`ModelError` when no draw can be calibrated.
    """
    points = drawn_inputs(setup, draws, seed)
    figures = _figures(setup, TABLES)
    return _over(setup, points, ask, key, seed=seed, figures=figures, paired=True)


def calibration_range(
    setup: Setup,
    ask: Callable[[Setup], pl.DataFrame],
    key: str | Sequence[str],
    *,
    draws: int = 16,
    seed: int = 0,
) -> IntervalResult:
    """Return how far the calibration alone moves each figure: all inputs at their central values.

    Each draw explains the recorded flows too, with corrections about as large as the least ones. Raises as
    :func:`intervals` does.
    """
    points: list[Draw] = [({}, MIDDLE, lean) for lean in _leans(setup, draws, seed)]
    return _over(setup, points, ask, key, seed=seed, figures=[], paired=False)


def with_ends(numbers: Numbers, stem: str, drawn: IntervalResult | None, key: str) -> dict[str, CitedNumber]:
    """Return ``numbers`` (ids ``stem:KEY:COLUMN``) with the ends that draws give them, where any were made."""
    found = dict(numbers)
    if drawn is not None:
        for row in drawn.table.iter_rows(named=True):
            name = f"{stem}:{row[key]}:{row['measure']}"
            if name in found:
                found[name] = replace(found[name], low=row["low"], high=row["high"])
    return found


def _over(
    setup: Setup,
    points: Sequence[Draw],
    ask: Callable[[Setup], pl.DataFrame],
    key: str | Sequence[str],
    *,
    seed: int,
    figures: Sequence[Sequence[Quantity]],
    paired: bool,
) -> IntervalResult:
    frames: dict[int, pl.DataFrame] = {}
    failure: ModelError | None = None
    for index, point in enumerate(points):
        try:
            frames[index] = ask(prepare_at(setup, *point))
        except ModelError as error:
            failure = error
    if not frames:
        assert failure is not None
        raise failure
    keys = [key] if isinstance(key, str) else list(key)
    return IntervalResult(
        seed=seed,
        draws=len(points),
        refused=len(points) - len(frames),
        inputs=len(figures),
        assumed=sum(_is_assumed(figure) for figure in figures),
        table=_ranges(frames, keys, (len(points) + 1) // 2 if paired else len(points)),
        first=_firsts(list(frames.values()), keys),
        answers=tuple(frames.values()),
    )


def drawn_inputs(setup: Setup, draws: int, seed: int, *, tables: Collection[str] = TABLES) -> list[Draw]:
    """Return joint draws of the uncertain quantities of ``tables``, of effectiveness and of calibration.

    They are drawn as :func:`intervals` says; ``seed`` makes them repeatable. Draws of the second half share all
    that is not assumed with those of the first, one by one.
    """
    figures = _figures(setup, tables)
    first, again = (draws + 1) // 2, draws // 2
    points = hypercube(np.random.default_rng(seed), first, len(figures) + 1)
    paired = points[:again].copy()
    anew = np.array([*(_is_assumed(figure) for figure in figures), True])
    paired[:, anew] = hypercube(np.random.default_rng([seed, 2]), again, int(anew.sum()))
    leans = _leans(setup, draws, seed)
    return [
        (_values(figures, point), float(point[-1]), lean)
        for point, lean in zip(np.vstack([points, paired]), leans, strict=True)
    ]


def figure_ranks(setup: Setup, seeds: Sequence[int]) -> tuple[list[str], Floats]:
    """Return a name for each uncertain figure, and where in its interval each of many single draws put it.

    ``drawn_inputs(setup, 1, seed)`` has the place (0 to 1; seeds x figures) of its seed. A name is that of the
    fact behind the figure, or its cell; clauses come last.
    """
    figures = _figures(setup, TABLES)
    names = [figure[0].fact or str(figure[0].ref) for figure in figures]
    places = [hypercube(np.random.default_rng(seed), 1, len(figures) + 1)[0] for seed in seeds]
    return [*names, "effectiveness of clauses"], np.array(places).reshape(len(seeds), len(figures) + 1)


def hypercube(rng: np.random.Generator, points: int, inputs: int) -> Floats:
    """Return points of a Latin hypercube (points x inputs; 0 to 1): each input has one in each of equal parts.

    Source: McKay, Beckman and Conover (1979), Technometrics 21(2).
    """
    parts = rng.permuted(np.tile(np.arange(points), (inputs, 1)), axis=1).T
    drawn: Floats = (parts + rng.random((points, inputs))) / max(points, 1)
    return drawn


def _is_assumed(figure: Sequence[Quantity]) -> bool:
    return figure[0].grade == "assumed"


def _leans(setup: Setup, draws: int, seed: int) -> Sequence[Floats | None]:
    """Return for each draw from where its corrections count (activities; -1 to 1): other than 0 on used routes."""
    if setup.calibration is None:
        return [None] * draws
    routes = np.flatnonzero(np.isfinite(setup.baseline.elasticity) & (setup.calibration.use > 0))
    leans = np.zeros((draws, len(setup.calibration.use)))
    if routes.size:
        points = hypercube(np.random.default_rng([seed, 1]), draws, routes.size)
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


def _ranges(frames: Mapping[int, pl.DataFrame], keys: Sequence[str], half: int) -> pl.DataFrame:
    """Return the ranges of each measure; draw ``half + n`` shares with draw ``n`` all that is not assumed."""
    first = next(iter(frames.values()))
    measures = [name for name, dtype in first.schema.items() if dtype == pl.Float64]
    long = pl.concat(
        [frame.select(*keys, *measures).with_columns(draw=pl.lit(index)) for index, frame in frames.items()]
    )
    long = long.unpivot(on=measures, index=[*keys, "draw"], variable_name="measure").drop_nulls("value")
    rows = []
    for (*names, _), own in long.sort(*keys, "measure", "draw").group_by(*keys, "measure", maintain_order=True):
        values = own["value"].to_numpy()
        low, high = np.quantile(values, QUANTILES)
        at = dict(own.select("draw", "value").iter_rows())
        pairs = np.array([(value, at[draw + half]) for draw, value in at.items() if draw + half in at])
        rows.append((*names, own["measure"][0], low, high, values.min(), values.max(), *_total_effect(pairs)))
    ends = ("low", "high", "least", "most", "assumed_share", "assumed_error")
    schema: dict[str, Any] = {**{key: first.schema[key] for key in keys}, "measure": pl.String}
    schema |= dict.fromkeys(ends, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _total_effect(pairs: Floats) -> tuple[float | None, float | None]:
    """Return the total effect of what differs within ``pairs`` (pairs x 2) and its jackknife standard error.

    It is ``sum (f(A) - f(A_B))^2 / 2N`` over the variance (Jansen 1999; Saltelli et al. 2010, table 2, line f).
    ``None`` where nothing varies or fewer than three pairs are known.
    """
    count = len(pairs)
    if count < 3 or pairs.std() <= _FLAT * max(1.0, float(np.abs(pairs).max())):
        return None, None
    without = np.array([_effect(np.delete(pairs, one, axis=0)) for one in range(count)])
    error = np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2))
    return float(np.clip(_effect(pairs), 0.0, 1.0)), float(error)


def _effect(pairs: Floats) -> float:
    variance = float(pairs.var(ddof=1))
    return float(np.mean((pairs[:, 0] - pairs[:, 1]) ** 2) / 2 / variance) if variance > 0 else 0.0


def _firsts(frames: Sequence[pl.DataFrame], keys: Sequence[str]) -> pl.DataFrame:
    firsts = pl.concat([frame.select(keys).head(1) for frame in frames])
    return (
        firsts.group_by(keys).agg(draws=pl.len()).sort("draws", *keys, descending=[True, *(False for _ in keys)])
    )
