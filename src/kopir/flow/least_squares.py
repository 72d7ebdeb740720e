"""The one least point of the squares that a calibration minimises, by two methods beside the solver's.

*Corrections* of costs follow from prices and rents, so that these alone have to be found: the least point of a sum
of squares, each of which counts on one side of a kink or on both. Newton's method finds it in a few steps, for
between the kinks the sum is one quadratic form (Qi & Sun 1993, A nonsmooth version of Newton's method, Math.
Program. 58; for bounds Hintermüller, Ito & Kunisch 2002, The primal-dual active set strategy, SIAM J. Optim.
13(3)).

Where neither that nor the solver settles, a finite method answers: least distance programming by non-negative
least squares (Lawson & Hanson 1974, Solving Least Squares Problems, chapter 23), an active-set method with no step
length and no regularisation, slower than both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kopir.core.errors import Fault, ModelError
from kopir.core.sparse import Ints, Sparse, below
from kopir.flow.program import Floats, LinearProgramme

Flags = NDArray[np.bool_]

MOST_ROWS = 1_000
"""Rows up to which a dense system of prices is solved; larger ones are left to the solver."""

_SMALL = 60
_STEPS = 200
_WHOLE = 12
"""Steps that are gone whole; later ones only as far as the sum falls, for whole steps may go in circles."""

_SETTLED = 1e-12
"""Change of a price, relative to the largest, that is rounding."""

_PULL = 1e-9
"""What may be left of the slope at the least point, relative to the terms that make it up."""

_FEASIBLE = 1e-7
"""Violation of a row or bound, relative to its size, that rounding explains."""

_NOTHING = 1e-12
_ROUNDING = 1e-11


@dataclass(frozen=True, eq=False)
class _Squares:
    """Find ``y``, at least 0 where ``signed``, with the least ``weight @ gap**2 / 2 + ridge @ y**2 / 2``.

    ``gap = asked - matrix @ y - lean`` is the correction less its lean. It counts where ``exact``, and elsewhere
    where ``asked - matrix @ y`` is more than ``base``. Where ``full`` and positive, scarcity of weight ``scarce``
    takes part of it.
    """

    matrix: Sparse
    asked: Floats
    lean: Floats
    base: Floats
    weight: Floats
    scarce: Floats
    ridge: Floats
    exact: Flags
    full: Flags
    signed: Flags

    @property
    def _shared(self) -> Floats:
        return self.weight * self.scarce / (self.weight + self.scarce)

    def counted(self, gap: Floats) -> Floats:
        """Return the weight with which each gap counts (shape: rows)."""
        within = np.where(self.full & (gap > 0), self._shared, self.weight)
        return np.where(self.exact | (gap + self.lean > self.base), within, 0.0)

    @cached_property
    def _entries(self) -> tuple[Ints, Ints, Floats]:
        return self.matrix.entries

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints, Floats]:
        """Row, place in the square matrix and product of every two entries of a row."""
        rows, columns, values = self._entries
        own = np.bincount(rows, minlength=len(self.asked))[rows]
        first = np.repeat(np.arange(len(rows)), own)
        begins = np.searchsorted(rows, rows)
        second = np.arange(len(first)) - np.repeat(np.cumsum(own) - own, own) + np.repeat(begins, own)
        return rows[first], columns[first] * len(self.ridge) + columns[second], values[first] * values[second]

    def gap(self, y: Floats) -> Floats:
        """Return the gaps at ``y`` (shape: rows)."""
        rows, columns, values = self._entries
        return self.asked - self.lean - np.bincount(rows, values * y[columns], len(self.asked))

    def pull(self, counted: Floats, gap: Floats, y: Floats) -> Floats:
        """Return how much the sum falls for each price that rises by one (shape: prices)."""
        rows, columns, values = self._entries
        return np.bincount(columns, values * (counted * gap)[rows], len(y)) - self.ridge * y

    def bends(self, counted: Floats) -> Floats:
        """Return the second derivatives (prices x prices)."""
        rows, places, products = self._pairs
        count = len(self.ridge)
        bend: Floats = np.bincount(places, counted[rows] * products, count * count).astype(np.float64)
        bend[:: count + 1] += self.ridge
        return bend.reshape(count, count)

    def least(self) -> Floats | None:
        """Return the least point, or ``None`` where the steps do not settle on one."""
        y, held = np.zeros(len(self.ridge)), self.signed.copy()
        counted, settled = self.counted(self.gap(y)), False
        for step in range(_STEPS):
            begun = np.where(held, 0.0, y)
            new = self._stepped(begun, counted, held)
            if step >= _WHOLE:
                new = begun + self._share(begun, new) * (new - begun)
            gap = self.gap(new)
            pull, now = self.pull(counted, gap, new), self.counted(gap)
            loose = self.signed & np.where(held, pull <= _PULL, new < 0)
            still = np.abs(new - y).max(initial=0.0) <= _SETTLED * max(1.0, float(np.abs(new).max(initial=0.0)))
            same = bool((loose == held).all() and ((now == counted).all() or still))
            if same and settled:  # twice the same form: the second step took what rounding left of the first
                return new
            if step < _WHOLE or (now == counted).all() or still:
                held = loose
            y, counted, settled = new, now, same
        return None

    def _share(self, y: Floats, new: Floats) -> float:
        """Return the share of the way to ``new`` (0 to 1) where the sum is least: its slope rises on the way."""
        move, gap = new - y, self.gap(y)
        further = self.gap(new) - gap

        def slope(share: float) -> float:
            at = gap + share * further
            return float(-self.pull(self.counted(at), at, y + share * move) @ move)

        if slope(1.0) <= 0 or slope(0.0) >= 0:
            return 1.0
        bends = np.concatenate([self.base - self.lean, np.zeros(len(gap))]) - np.tile(gap, 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            places = bends / np.tile(further, 2)
        low, high = 0.0, 1.0
        within = np.sort(places[(places > low) & (places < high)])
        first, last = 0, len(within)
        while first < last:
            middle = (first + last) // 2
            if slope(float(within[middle])) <= 0:
                low, first = float(within[middle]), middle + 1
            else:
                high, last = float(within[middle]), middle
        begins, ends = slope(low), slope(high)
        return low - begins * (high - low) / (ends - begins)

    def _stepped(self, y: Floats, counted: Floats, held: Flags) -> Floats:
        """Return the least point of one quadratic form, from ``y``, with the prices ``held`` at 0."""
        pull, bend = self.pull(counted, self.gap(y), y), self.bends(counted)
        joined = np.count_nonzero(bend, axis=1) > 1
        tied, alone = np.flatnonzero(~held & joined), np.flatnonzero(~held & ~joined)
        new = y.copy()
        new[tied] += _solved(bend[np.ix_(tied, tied)], pull[tied])
        new[alone] += pull[alone] / bend[alone, alone]
        return new


def _solved(matrix: Floats, right: Floats) -> Floats:
    """Return ``x`` with ``matrix @ x == right``, of a symmetric positive definite matrix, half by half.

    In parts so small the linear algebra starts no threads, which would take longer than the work.
    """
    half = len(right) // 2
    if len(right) <= _SMALL:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    across = right if right.ndim == 2 else right[:, None]
    first = _solved(matrix[:half, :half], np.hstack([matrix[:half, half:], across[:half]]))
    to_last, alone = first[:, : len(right) - half], first[:, len(right) - half :]
    below = matrix[half:, :half]
    last = _solved(matrix[half:, half:] - below @ to_last, across[half:] - below @ alone)
    return np.vstack([alone - to_last @ last, last]).reshape(right.shape)


def least_corrections(programme: LinearProgramme) -> Floats | None:
    """Return the columns of the optimum of a programme of corrections, or ``None`` where this method has none.

    ``programme`` has a column for the correction of each row first, one for its scarcity last, each with a one in
    its row, and between them prices, and rents that are at least 0; each row is an equality or has no upper end.
    There is no answer where a row without upper end leans below 0, for its square has a corner then, and none for
    more than :data:`MOST_ROWS` rows.
    """
    assert programme.square is not None
    rows, columns = programme.matrix.shape
    if rows > MOST_ROWS:
        return None
    own, between, last = slice(0, rows), slice(rows, columns - rows), slice(columns - rows, columns)
    weight, exact = programme.square[own], np.isfinite(programme.row_upper)
    lean = -programme.cost[own] / weight
    if (lean[~exact] < 0).any():
        return None
    squares = _Squares(
        matrix=programme.matrix.at_columns(np.arange(rows, columns - rows)),
        asked=programme.row_lower,
        lean=lean,
        base=np.where(exact, 0.0, lean),
        weight=weight,
        scarce=programme.square[last],
        ridge=programme.square[between],
        exact=exact,
        full=programme.upper[last] > 0,
        signed=programme.lower[between] == 0,
    )
    y = squares.least()
    if y is None:
        return None
    gap = squares.gap(y)
    taken = squares.full & (gap > 0)
    scarcity = np.where(taken, weight / (weight + squares.scarce) * gap, 0.0)
    correction = np.where(exact, gap + lean - scarcity, np.maximum(squares.base, gap + lean))
    return np.concatenate([correction, y, scarcity])


def least_point(programme: LinearProgramme) -> Floats:
    """Return the columns (shape: columns) of the optimum of a programme whose ``square`` is positive throughout.

    Raises :class:`ModelError` (K0404) where no point within rows and bounds was found.
    """
    assert programme.square is not None
    root = np.sqrt(programme.square)
    centre = -programme.cost / programme.square
    rows, ends = _inequalities(programme)
    # With z = root (x - centre) the programme is: least |z| with (rows / root) z >= ends - rows centre.
    moved = rows.toarray() / root
    asked = ends - rows @ centre
    size = np.linalg.norm(moved, axis=1)
    size[size == 0] = 1.0
    nearest = _nearest_to_nothing(moved / size[:, None], asked / size)
    point: Floats = centre + nearest / root
    if (ends - rows @ point > _FEASIBLE * np.maximum(1.0, np.abs(ends))).any():
        raise _nowhere()
    return point


def _nearest_to_nothing(rows: Floats, ends: Floats) -> Floats:
    """Return the least ``z`` with ``rows @ z >= ends``, rows of length 1 (shape: columns).

    Least squares say which rows hold it up; these are then corrected one by one until nothing is violated and
    no row pulls, which mends what rounding left.
    """
    far = max(1.0, float(np.abs(ends).max(initial=0.0)))
    from scipy.optimize import nnls  # takes long to load, and few calibrations come here

    system = np.vstack([rows.T, ends[None, :] / far])
    target = np.zeros(len(system))
    target[-1] = 1.0
    weights, _ = nnls(system, target, maxiter=30 * system.shape[1])
    held: list[int] = list(
        map(int, np.flatnonzero(weights > _NOTHING * max(1.0, float(weights.max(initial=0.0)))))
    )
    for _ in range(30 * len(rows)):
        z: Floats = np.zeros(rows.shape[1])
        if held:
            z = np.asarray(np.linalg.lstsq(rows[held], ends[held], rcond=None)[0], dtype=np.float64)
        push = np.linalg.lstsq(rows[held].T, z, rcond=None)[0] if held else np.zeros(0)
        if held and push.min() < -_ROUNDING * max(1.0, float(np.abs(push).max())):
            held.pop(int(push.argmin()))
            continue
        missed = ends - rows @ z
        missed[held] = 0.0
        worst = int(missed.argmax())
        if missed[worst] <= _ROUNDING * far:
            return z
        held.append(worst)
    raise _nowhere()


def _nowhere() -> ModelError:
    why = "no least point was found within rows and bounds by either method"
    return ModelError(Fault("K0404", why, "run `kopir doctor`"))


def _inequalities(programme: LinearProgramme) -> tuple[Sparse, Floats]:
    """Return all finite rows and bounds as ``rows @ x >= ends``."""
    whole = programme.matrix
    each = Sparse.identity(whole.shape[1])
    parts, ends = [], []
    for matrix, lower, upper in (
        (whole, programme.row_lower, programme.row_upper),
        (each, programme.lower, programme.upper),
    ):
        low, high = np.flatnonzero(np.isfinite(lower)), np.flatnonzero(np.isfinite(upper))
        parts += [matrix.at_rows(low), -matrix.at_rows(high)]
        ends += [lower[low], -upper[high]]
    return below(parts), np.concatenate(ends)
