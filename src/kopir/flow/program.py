"""A linear or convex quadratic programme over HiGHS: the only place that knows the solver.

The programme is passed once as arrays; after that only changed bounds, costs and right-hand sides are sent,
and the dual simplex starts from the last basis. Every return status is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from kopir.core.errors import Fault, InfeasibleError, LimitReached, ModelError, UnboundedError
from kopir.core.sparse import Sparse

Floats = NDArray[np.float64]
Basis = highspy.HighsBasis
"""Which columns and rows are basic: where a solve may start from."""

Standing = NDArray[np.int64]

_RIDGE = 1e-7
"""What HiGHS adds to every square to keep its steps stable; it is taken off what is passed."""

_OK = highspy.HighsStatus.kOk
_WARNING = highspy.HighsStatus.kWarning


@dataclass(frozen=True)
class LinearProgramme:
    """``min cost @ x + square @ x**2 / 2`` with ``row_lower <= matrix @ x <= row_upper``, ``lower <= x <= upper``.

    ``matrix`` is rows x columns in compressed columns; ``integral`` says which columns are whole numbers, none
    unless given; ``row_name`` names a row, and is only asked when an infeasibility has to be explained.
    ``square`` (columns; at least 0) is left out of a linear programme; where all of it is positive there is
    one optimum and no more.
    """

    cost: Floats
    matrix: Sparse
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    row_name: Callable[[int], str] = "row {}".format
    integral: NDArray[np.bool_] | None = None
    square: Floats | None = None

    @property
    def is_linear(self) -> bool:
        """Whether neither squares nor whole numbers are asked for."""
        return self.integral is None and self.square is None


@dataclass(frozen=True)
class Optimum:
    """An optimal solution: objective, column values, row duals and simplex iterations.

    A linear programme gives a basic one; duals of a programme with integral columns mean nothing.
    """

    objective: float
    columns: Floats
    row_duals: Floats
    iterations: int


class Program:
    """One persistent HiGHS model, solved again and again from the last basis.

    ``time_limit`` is in seconds for each solve; ``threads`` is always one, so that equal input gives equal bytes.
    Programmes that are solved from a ``near`` basis leave out the weights of steepest edges (Dantzig's rule):
    working them out costs more than the few steps that they save.
    """

    def __init__(self, programme: LinearProgramme, *, time_limit: float | None = None, near: bool = False) -> None:
        self._programme = programme
        self._highs = highspy.Highs()
        options: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "threads": 1,
            # Told to use the simplex method, HiGHS would leave integrality and squares out.
            "solver": "simplex" if programme.is_linear else "choose",
            "presolve": "off",
            "random_seed": 0,
            "qp_iteration_limit": 20_000,
            "qp_regularization_value": _RIDGE,
        }
        if near:
            options["simplex_dual_edge_weight_strategy"] = 0
        if time_limit is not None:
            options["time_limit"] = time_limit
        for name, value in options.items():
            self._check(self._highs.setOptionValue(name, value), f"option {name}")
        self._check(_pass(self._highs, programme), "passing the model")
        if programme.square is not None:
            self._check(_pass_squares(self._highs, programme.square), "passing the squares")

    @property
    def programme(self) -> LinearProgramme:
        """The programme as it was passed, before any change."""
        return self._programme

    def set_row_bounds(self, rows: NDArray[np.int32], lower: Floats, upper: Floats) -> None:
        """Change the bounds of some rows (arrays of equal length)."""
        if len(rows):
            self._check(self._highs.changeRowsBounds(len(rows), rows, lower, upper), "changing rows")

    def set_column_bounds(self, columns: NDArray[np.int32], lower: Floats, upper: Floats) -> None:
        """Change the bounds of some columns (arrays of equal length)."""
        if len(columns):
            self._check(self._highs.changeColsBounds(len(columns), columns, lower, upper), "changing columns")

    def set_costs(self, columns: NDArray[np.int32], cost: Floats) -> None:
        """Change the cost of some columns (arrays of equal length)."""
        if len(columns):
            self._check(self._highs.changeColsCost(len(columns), columns, cost), "changing costs")

    def forget_basis(self) -> None:
        """Start the next solve from no basis, so that its vertex does not depend on earlier ones."""
        self._check(self._highs.clearSolver(), "clearing the solver")

    def basis(self) -> Basis:
        """Return the basis of the last solve."""
        basis: Basis = self._highs.getBasis()
        return basis

    def standing(self) -> tuple[Standing, Standing]:
        """Return where columns and rows stand in the last basis: at the lower end -1, basic 0, at the upper 1."""
        basis = self._highs.getBasis()
        upper, basic = int(highspy.HighsBasisStatus.kUpper), int(highspy.HighsBasisStatus.kBasic)
        columns, rows = (
            np.array([int(one) for one in part], dtype=np.int64) for part in (basis.col_status, basis.row_status)
        )
        of_columns, of_rows = (np.where(one == basic, 0, np.where(one == upper, 1, -1)) for one in (columns, rows))
        return of_columns, of_rows

    def start_from(self, basis: Basis) -> None:
        """Start the next solve from a basis of this programme."""
        self._check(self._highs.setBasis(basis), "starting from a basis")

    def solve(self) -> Optimum:
        """Solve and return the optimum.

        Raises :class:`InfeasibleError` with the rows of an irreducible infeasible subset,
        :class:`UnboundedError`, :class:`LimitReached`, or :class:`ModelError` when the solver fails.
        """
        objective = self.solve_value()
        solution = self._highs.getSolution()
        return Optimum(
            objective=objective,
            columns=np.array(solution.col_value, dtype=np.float64),
            row_duals=np.array(solution.row_dual, dtype=np.float64),
            iterations=int(self._highs.getInfo().simplex_iteration_count),
        )

    def solve_value(self) -> float:
        """Solve and return only the objective; raises as :meth:`solve` does."""
        if not self.is_feasible():
            raise InfeasibleError(self._explain_infeasibility())
        return float(self._highs.getInfo().objective_function_value)

    def is_feasible(self) -> bool:
        """Solve and return whether anything satisfies the rows; raises as :meth:`solve` does otherwise."""
        run = self._highs.run()
        status = self._highs.getModelStatus()
        done = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty}
        if status in done and run == _OK:
            return True
        if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            return False
        if status == highspy.HighsModelStatus.kUnbounded:
            mend = "bound the capacity, depth or amount of a profitable activity"
            raise UnboundedError(Fault("K0402", "the value can grow without end", mend))
        if status in {highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kIterationLimit}:
            timed = status == highspy.HighsModelStatus.kTimeLimit
            mend = "raise the time limit" if timed else "state costs that lie nearer together, or fewer digits"
            raise LimitReached(
                Fault("K0403", f"the solver stopped at a limit of {'time' if timed else 'steps'}", mend),
                incumbent=float(self._highs.getInfo().objective_function_value),
                gap=float("nan"),
            )
        name = self._highs.modelStatusToString(status)
        raise ModelError(Fault("K0404", f"the solver stopped with {name}", "run `kopir doctor`", value=str(run)))

    def _explain_infeasibility(self) -> list[Fault]:
        self._highs.setOptionValue("iis_strategy", int(highspy.IisStrategy.kIisStrategyIrreducible))
        status, iis = self._highs.getIis()
        self._check(status, "finding the infeasible subset")
        names = [self._programme.row_name(row) for row in iis.row_index_]
        names += [f"column {column}" for column in iis.col_index_]
        why = "these cannot all hold: " + ", ".join(names or ["the programme as a whole"])
        return [Fault("K0401", why, "relax one of them")]

    def _check(self, status: highspy.HighsStatus, doing: str) -> None:
        if status not in {_OK, _WARNING}:
            why = f"the solver refused {doing}"
            raise ModelError(Fault("K0404", why, "run `kopir doctor`", value=str(status)))


def solver_version() -> str:
    """Return the version of HiGHS in use."""
    return str(highspy.Highs().version())


def _pass(highs: highspy.Highs, programme: LinearProgramme) -> highspy.HighsStatus:
    matrix = programme.matrix
    rows, columns = matrix.shape
    status: highspy.HighsStatus = highs.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        programme.cost,
        programme.lower,
        programme.upper,
        programme.row_lower,
        programme.row_upper,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.zeros(columns, dtype=np.int32) if programme.integral is None else programme.integral.astype(np.int32),
    )
    return status


def _pass_squares(highs: highspy.Highs, square: Floats) -> highspy.HighsStatus:
    count = len(square)
    starts = np.arange(count + 1, dtype=np.int32)
    triangular = int(highspy.HessianFormat.kTriangular)
    status: highspy.HighsStatus = highs.passHessian(
        count, count, triangular, starts, starts[:-1], np.maximum(square - _RIDGE, 0.0)
    )
    return status
