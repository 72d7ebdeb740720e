"""Intervals: everything uncertain is drawn together, and the question asked anew for each draw.

How much of an interval the assumptions make is told by asking some draws again with all that is assumed at its
central value: what then varies is what sources leave open, and what the full draw adds to it is assumed (closed
and total effect of two groups of inputs, Saltelli et al. 2008, Global Sensitivity Analysis, chapter 4).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from kopir.core.draws import places
from kopir.core.errors import ModelError
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.grounds.cited import CitedNumber, Numbers
from kopir.model.grounds.provenance import row_id
from kopir.model.network.network import Floats
from kopir.strategy.value.setup import Setup, prepare_at

Ask = Callable[[Setup], pl.DataFrame]

Draw = tuple[Mapping[CellRef, float], float, Floats | None]
"""Values of uncertain cells, the place of clauses in their intervals, and the lean of the calibration."""

DRAWS = 40
SHOWN = 20
"""Draws behind the intervals that a single table prints; a brief makes :data:`DRAWS`."""

AGAIN = 0.4
"""Share of the draws that are asked again without what is assumed."""

_LEANS, _ASKED_AGAIN, _OTHERS, _JOINT = range(1, 5)
"""Parts of a seed: calibrations, draws that are asked again, all others, and draws that are never asked again."""

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
    and ``most``, ``assumed_share`` (of the variance, what would remain if all that sources say were known
    exactly: the total effect of assumed inputs, 0 to 1; null where nothing varies or it was not asked) and
    ``assumed_error``, its standard error. ``first`` counts in how many draws each key stood in the first row.
    ``inputs`` counts the uncertain figures that were drawn, ``assumed`` those of them that no source states,
    ``refused`` the draws that could not be calibrated to the recorded flows; they are left out. ``answers`` are
    the tables of the others.
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
    ask: Ask,
    key: str | Sequence[str],
    *,
    draws: int = DRAWS,
    seed: int = 0,
    again: Ask | None = None,
) -> IntervalResult:
    """Return how far the uncertain inputs move each figure of the table that ``ask`` gives.

    The table has a row for each ``key``. Of measures that ``again`` gives too, it says how much of the variance
    is assumed.
    Inputs are drawn by Latin hypercube (McKay, Beckman & Conover 1979), all at once: half of the draws lie
    uniformly between the low end and the central value of an interval, half between that and the high end.
    Cells that name the same fact move together: they are one uncertain figure.
    Each draw is calibrated afresh, and to another of the calibrations that explain the recorded flows about as
    well; denial clauses move together between the ends of their effectiveness. Both count as assumed.
    ``seed`` makes the draws repeatable. Raises :class:`ModelError` when no draw can be calibrated.
    """
    figures = _figures(setup, TABLES)
    points = drawn_inputs(setup, draws, seed)
    without = [] if again is None else [_without_assumed(setup, point) for point in points[: _asked_again(draws)]]
    sourced = {} if again is None else _answers(setup, without, again)[0]
    return _over(setup, points, ask, key, seed=seed, figures=figures, sourced=sourced)


def calibration_range(
    setup: Setup,
    ask: Ask,
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
    return _over(setup, points, ask, key, seed=seed, figures=[], sourced={})


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
    ask: Ask,
    key: str | Sequence[str],
    *,
    seed: int,
    figures: Sequence[Sequence[Quantity]],
    sourced: Mapping[int, pl.DataFrame],
) -> IntervalResult:
    frames, failure = _answers(setup, points, ask)
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
        table=_ranges(frames, keys).join(_effects(frames, sourced, keys), on=[*keys, "measure"], how="left"),
        first=_firsts(list(frames.values()), keys),
        answers=tuple(frames.values()),
    )


def _answers(setup: Setup, points: Sequence[Draw], ask: Ask) -> tuple[dict[int, pl.DataFrame], ModelError | None]:
    """Return the tables of the draws that can be calibrated, by place, and the last failure of the others."""
    frames: dict[int, pl.DataFrame] = {}
    failure: ModelError | None = None
    for index, point in enumerate(points):
        try:
            frames[index] = ask(prepare_at(setup, *point))
        except ModelError as error:
            failure = error
    return frames, failure


def _asked_again(draws: int) -> int:
    return min(draws, max(3, round(AGAIN * draws)))


def _without_assumed(setup: Setup, point: Draw) -> Draw:
    """Return a draw with all that is assumed at its central value: figures, clauses and calibration."""
    values, _, _ = point
    quantities = setup.model.quantities
    return {ref: value for ref, value in values.items() if quantities[ref].grade != "assumed"}, MIDDLE, None


def drawn_inputs(setup: Setup, draws: int, seed: int, *, tables: Collection[str] = TABLES) -> list[Draw]:
    """Return joint draws of the uncertain quantities of ``tables``, of effectiveness and of calibration.

    They are drawn as :func:`intervals` says; ``seed`` makes them repeatable, and so that neither the order of
    rows nor another row moves the draws of a figure. The draws that are asked again fill the ranges by
    themselves, and so do the others.
    """
    figures = _figures(setup, tables)
    again = _asked_again(draws)
    names = _names(setup, figures)
    points = np.vstack(
        [places(names, count, seed, part) for part, count in ((_ASKED_AGAIN, again), (_OTHERS, draws - again))]
    )
    leans = _leans(setup, draws, seed)
    return [(_values(figures, point), float(point[-1]), lean) for point, lean in zip(points, leans, strict=True)]


def figure_ranks(setup: Setup, seeds: Sequence[int]) -> tuple[list[str], Floats]:
    """Return a name for each uncertain figure, and where in its interval each of many single draws put it.

    ``drawn_inputs(setup, 1, seed)`` has the place (0 to 1; seeds x figures) of its seed. A name is that of the
    fact behind the figure, or its cell; clauses come last.
    """
    figures = _figures(setup, TABLES)
    told = [figure[0].fact or str(figure[0].ref) for figure in figures]
    names = _names(setup, figures)
    ranks = np.array([places(names, 1, seed, _ASKED_AGAIN)[0] for seed in seeds])
    return [*told, names[-1]], ranks.reshape(len(seeds), len(names))


@dataclass(frozen=True)
class JointDraws:
    """Draws of everything uncertain, and which place in its interval each figure took.

    ``figures`` are the quantities that rest on one fact, together. ``points`` (draws x figures + 1; 0 to 1) has
    their places, in the last column that of the effectiveness of clauses.
    """

    figures: tuple[tuple[Quantity, ...], ...]
    points: Floats
    draws: tuple[Draw, ...]


def joint_draws(setup: Setup, draws: int, seed: int, *, tables: Collection[str] = TABLES) -> JointDraws:
    """Return draws as :func:`drawn_inputs` makes them, all of them independent, with where each figure lies."""
    figures = _figures(setup, tables)
    points = places(_names(setup, figures), draws, seed, _JOINT)
    leans = _leans(setup, draws, seed)
    made = [(_values(figures, point), float(point[-1]), lean) for point, lean in zip(points, leans, strict=True)]
    return JointDraws(tuple(tuple(one) for one in figures), points, tuple(made))


def _is_assumed(figure: Sequence[Quantity]) -> bool:
    return figure[0].grade == "assumed"


def _leans(setup: Setup, draws: int, seed: int) -> Sequence[Floats | None]:
    """Return for each draw from where its corrections count (activities; -1 to 1): other than 0 on used routes."""
    if setup.calibration is None:
        return [None] * draws
    routes = np.flatnonzero(np.isfinite(setup.baseline.elasticity) & (setup.calibration.use > 0))
    leans = np.zeros((draws, len(setup.calibration.use)))
    names = setup.network.names
    leans[:, routes] = 2 * places([names[route] for route in routes.tolist()], draws, seed, _LEANS) - 1
    return list(leans)


def _figures(setup: Setup, tables: Collection[str]) -> list[list[Quantity]]:
    """Return the uncertain quantities of ``tables``, those that rest on one fact together."""
    figures: dict[str | CellRef, list[Quantity]] = {}
    for quantity in setup.model.uncertain():
        if _counts(quantity, tables):
            figures.setdefault(quantity.fact or quantity.ref, []).append(quantity)
    return list(figures.values())


def _names(setup: Setup, figures: Sequence[Sequence[Quantity]]) -> list[str]:
    """Return what each figure is drawn by: its fact, or else its row and column; clauses come last."""
    tables = setup.model.folder.tables
    named = [one.fact or f"{row_id(tables[one.ref.table], one.ref.line)}:{one.ref.column}" for one, *_ in figures]
    return [*named, "effectiveness of clauses"]


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


def _ranges(frames: Mapping[int, pl.DataFrame], keys: Sequence[str]) -> pl.DataFrame:
    """Return the ranges of each measure."""
    first = next(iter(frames.values()))
    rows = []
    for (*names, measure), own in _long(frames, keys).group_by(*keys, "measure", maintain_order=True):
        values = own["value"].to_numpy()
        low, high = np.quantile(values, QUANTILES)
        rows.append((*names, measure, low, high, values.min(), values.max()))
    schema: dict[str, Any] = {**{key: first.schema[key] for key in keys}, "measure": pl.String}
    schema |= dict.fromkeys(("low", "high", "least", "most"), pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _long(frames: Mapping[int, pl.DataFrame], keys: Sequence[str]) -> pl.DataFrame:
    """Return a row for each draw, key and measure of the tables, blanks left out."""
    first = next(iter(frames.values()))
    measures = [name for name, dtype in first.schema.items() if dtype == pl.Float64]
    told = [frame.select(*keys, *measures).with_columns(draw=pl.lit(index)) for index, frame in frames.items()]
    long = pl.concat(told).unpivot(on=measures, index=[*keys, "draw"], variable_name="measure", value_name="value")
    return long.drop_nulls("value").sort(*keys, "measure", "draw")


def _effects(
    frames: Mapping[int, pl.DataFrame], sourced: Mapping[int, pl.DataFrame], keys: Sequence[str]
) -> pl.DataFrame:
    """Return what part of the variance of each measure is assumed, of those that were asked again."""
    first = next(iter(frames.values()))
    schema: dict[str, Any] = {**{key: first.schema[key] for key in keys}, "measure": pl.String}
    schema |= dict.fromkeys(("assumed_share", "assumed_error"), pl.Float64)
    if not sourced:
        return pl.DataFrame(schema=schema)
    both = _long(frames, keys).join(_long(sourced, keys), on=[*keys, "measure", "draw"], suffix="_sourced")
    rows = [
        (*names, *_assumed_part(own["value"].to_numpy(), own["value_sourced"].to_numpy()))
        for names, own in both.group_by(*keys, "measure", maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _assumed_part(whole: Floats, sourced: Floats) -> tuple[float | None, float | None]:
    """Return the total effect of assumed inputs and its standard error, from draws with and without them.

    What the full draw adds to the one without is the effect of what is assumed, interactions with it included;
    its variance is set against the sum of both. The error is that of a ratio of two variances of so many draws
    (delta method), or what leaving one draw out says (jackknife) where that is more. ``None`` where nothing varies
    or fewer than three draws are known.
    """
    count = len(whole)
    if count < 3 or whole.std() <= _FLAT * max(1.0, float(np.abs(whole).max())):
        return None, None
    share = _part(whole, sourced)
    without = np.array([_part(np.delete(whole, one), np.delete(sourced, one)) for one in range(count)])
    jackknife = float(np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2)))
    return share, max(share * (1 - share) * float(np.sqrt(4 / (count - 1))), jackknife)


def _part(whole: Floats, sourced: Floats) -> float:
    added, open_ = float((whole - sourced).var(ddof=1)), float(sourced.var(ddof=1))
    return added / (added + open_) if added + open_ > 0 else 0.0


def _firsts(frames: Sequence[pl.DataFrame], keys: Sequence[str]) -> pl.DataFrame:
    firsts = pl.concat([frame.select(keys).head(1) for frame in frames])
    return (
        firsts.group_by(keys).agg(draws=pl.len()).sort("draws", *keys, descending=[True, *(False for _ in keys)])
    )
