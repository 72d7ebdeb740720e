"""The one least point of a diagonal quadratic programme by a finite method, for where the solver walks in circles.

Least distance programming by non-negative least squares (Lawson & Hanson 1974, Solving Least Squares Problems,
chapter 23): an active-set method with no step length and no regularisation, slower than HiGHS on what both solve.
"""

from __future__ import annotations

import numpy as np

from kopir.core.errors import Fault, ModelError
from kopir.core.sparse import Sparse, below
from kopir.flow.program import Floats, LinearProgramme

_FEASIBLE = 1e-7
"""Violation of a row or bound, relative to its size, that rounding explains."""

_NOTHING = 1e-12
_ROUNDING = 1e-11


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
