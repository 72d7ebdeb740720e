"""One persistent linear programme over HiGHS: passed once, then only costs and the bounds of rows change."""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

Floats = NDArray[np.float64]

_STATUS = highspy.HighsModelStatus
_SETTLED = (_STATUS.kOptimal, _STATUS.kUnbounded, _STATUS.kInfeasible, _STATUS.kUnboundedOrInfeasible)
_OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "solver": "simplex",
    "presolve": "off",
    "random_seed": 0,
}


def cheapest(
    cost: Floats, matrix: csr_matrix, right: Floats, equal: csr_matrix, tolerance: float
) -> Floats | None:
    """Return the cheapest point with ``matrix @ x <= right``, ``equal @ x = 0`` and ``x >= 0``, asked once.

    ``None`` when there is none. ``tolerance`` is that of feasibility, primal and dual.
    """
    highs = _made(cost, matrix, right, equal, tolerance, {**_OPTIONS, "solver": "choose", "presolve": "on"})
    highs.run()
    if highs.getModelStatus() != _STATUS.kOptimal:
        return None
    return np.asarray(highs.getSolution().col_value)


def _made(
    cost: Floats,
    matrix: csr_matrix,
    right: Floats,
    equal: csr_matrix,
    tolerance: float,
    options: dict[str, bool | int | str],
) -> highspy.Highs:
    rows, columns = matrix.shape[0] + equal.shape[0], matrix.shape[1]
    highs = highspy.Highs()
    for name, value in options.items():
        highs.setOptionValue(name, value)
    for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        highs.setOptionValue(name, tolerance)
    whole = vstack([matrix, equal], format="csr")
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = cost
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.full(columns, highspy.kHighsInf)
    lp.row_lower_ = np.r_[np.full(len(right), -highspy.kHighsInf), np.zeros(equal.shape[0])]
    lp.row_upper_ = np.r_[right, np.zeros(equal.shape[0])]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = columns, rows
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = whole.indptr, whole.indices, whole.data
    highs.passModel(lp)
    return highs


class Linear:
    """``min cost @ x`` with ``matrix @ x <= right``, ``equal @ x = 0`` and ``x >= 0``, for many costs.

    ``tolerance`` is that of feasibility, primal and dual, and how far a row may be overstepped.
    """

    def __init__(self, matrix: csr_matrix, right: Floats, equal: csr_matrix, tolerance: float) -> None:
        self._free = right + tolerance
        self._held = np.ones(len(right), dtype=np.bool_)
        self._cost = np.zeros(matrix.shape[1])
        self._highs = _made(self._cost, matrix, self._free, equal, tolerance, _OPTIONS)

    def solve(self, cost: Floats, held: NDArray[np.bool_]) -> Floats | None:
        """Return the cheapest point (columns) while the rows ``held`` hold, ``None`` when there is none.

        Without a cheapest point all entries are infinite.
        """
        changed = np.flatnonzero(held != self._held).astype(np.int32)
        if len(changed):
            upper = np.where(held[changed], self._free[changed], highspy.kHighsInf)
            self._highs.changeRowsBounds(len(changed), changed, np.full(len(changed), -highspy.kHighsInf), upper)
            self._held = held.copy()
        moved = np.flatnonzero(cost != self._cost).astype(np.int32)
        if len(moved):
            self._highs.changeColsCost(len(moved), moved, cost[moved])
            self._cost = cost.copy()
        status = self._run()
        if status == _STATUS.kOptimal:
            return np.asarray(self._highs.getSolution().col_value)
        if status == _STATUS.kUnbounded:
            return np.full(len(cost), np.inf)
        if status == _STATUS.kUnboundedOrInfeasible and cost.any():
            return None if self.solve(np.zeros(len(cost)), held) is None else np.full(len(cost), np.inf)
        return None

    def _run(self) -> object:
        """Solve from the last basis and, where that fails numerically, from nothing with presolve."""
        self._highs.run()
        if self._highs.getModelStatus() not in _SETTLED:
            self._highs.clearSolver()
            self._highs.setOptionValue("presolve", "on")
            self._highs.run()
            self._highs.setOptionValue("presolve", "off")
        return self._highs.getModelStatus()
