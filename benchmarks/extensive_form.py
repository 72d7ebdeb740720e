"""The plan of the least worst refusal as one mixed-integer programme: its extensive form.

One copy of the flow for each refusal, the options as 0/1 columns that widen the capacities of every copy, and the
worst loss above the loss of every copy. The flows of a copy are chosen by the programme itself, so that no duals
are needed (Zeng & Zhao 2013, Operations Research Letters 41(5), equation 4, with recourse always complete).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from kopir.core.sparse import Sparse
from kopir.flow.formulation import Bounds
from kopir.flow.program import LinearProgramme
from kopir.model.network.network import Floats
from kopir.strategy.plans.menu import Menu

_NONE = 1e-12


@dataclass(frozen=True)
class Planned:
    """The options taken, the worst residual loss (million USD a year), and the bound below which none can lie."""

    plan: tuple[str, ...]
    worst: float
    bound: float


def by_extensive_form(menu: Menu) -> Planned:
    """Return the best plan of a menu, by HiGHS at its own settings, one thread.

    Refusals that leave the same open are one copy. Raises :class:`ValueError` where what a refusal leaves is no
    linear function of the plan: where it leaves a share of what assets usually carry; and for priced obligations.
    """
    return solved(menu, extensive_form(menu))


def solved(menu: Menu, form: LinearProgramme) -> Planned:
    """Return the optimum of the extensive form of a menu."""
    highs = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 1e-9}.items():
        assert highs.setOptionValue(name, value) == highspy.HighsStatus.kOk
    assert form.integral is not None
    rows, columns = form.matrix.shape
    passed = highs.passModel(
        columns, rows, form.matrix.nnz, int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), 0.0,
        form.cost, form.lower, form.upper, form.row_lower, form.row_upper, form.matrix.indptr.astype(np.int32),
        form.matrix.indices.astype(np.int32), form.matrix.data, form.integral.astype(np.int32),
    )  # fmt: skip
    assert passed in {highspy.HighsStatus.kOk, highspy.HighsStatus.kWarning}
    assert highs.run() == highspy.HighsStatus.kOk
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    taken = np.array(highs.getSolution().col_value)[: len(menu.names)] > 0.5
    plan = tuple(name for name, one in zip(menu.names, taken, strict=True) if one)
    info = highs.getInfo()
    return Planned(plan, float(info.objective_function_value), float(info.mip_dual_bound))


def extensive_form(menu: Menu) -> LinearProgramme:
    """Return the programme: columns are options, the worst loss, then a copy of the flow for each refusal.

    Raises as :func:`by_extensive_form` does.
    """
    options, valuation = len(menu.names), menu.valuation
    if menu.dues.priced:
        raise ValueError("obligations make plans dearer by more than a sum over options")
    copies = {valuation.situation(one).key(): _Copy.of(menu, attack) for attack, one in enumerate(menu.denials)}
    parts = list(copies.values())
    own = [sparse.block_diag([one.flow for one in parts]), sparse.vstack([one.options for one in parts])]
    heights = [one.flow.shape[0] for one in parts]
    worst = np.zeros((sum(heights), 1))
    worst[np.cumsum(heights) - 1] = 1.0
    budget = sparse.csr_array(np.array([menu.capital]))
    matrix = sparse.block_array(
        [[own[1], sparse.csr_array(worst), own[0]], [budget, sparse.csr_array((1, 1)), None]], format="csc"
    )
    flows = matrix.shape[1] - options - 1
    together = [np.concatenate([getattr(one, part) for one in parts]) for part in Bounds.__annotations__]
    return LinearProgramme(
        cost=np.concatenate([np.zeros(options), [1.0], np.zeros(flows)]),
        matrix=as_programme(matrix),
        row_lower=np.concatenate([together[0], [-np.inf]]),
        row_upper=np.concatenate([together[1], [menu.budget]]),
        lower=np.concatenate([np.zeros(options), [-np.inf], together[2]]),
        upper=np.concatenate([np.ones(options), [np.inf], together[3]]),
        integral=np.arange(matrix.shape[1]) < options,
    )


def as_programme(matrix: sparse.sparray) -> Sparse:
    """Return a matrix of SciPy as programmes take it."""
    entries = sparse.coo_array(matrix)
    row, column = (part.astype(np.int64) for part in entries.coords)
    return Sparse.of(row, column, entries.data.astype(np.float64), entries.shape)


@dataclass(frozen=True)
class _Copy:
    """The flow under one refusal: its rows over flow columns and over options, the last row that of the loss.

    Bounds that the plan widens are rows: ``flow - sum of gains x options <= bound without``.
    """

    flow: sparse.csr_array
    options: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, menu: Menu, attack: int) -> _Copy:
        valuation, denial = menu.valuation, menu.denials[attack]
        left = valuation.shares(denial)
        if ((left.use > 0) & (left.use < 1)).any():
            raise ValueError("a refusal leaves a share of what assets usually carry, which a plan moves")
        formulation = valuation.formulation
        bare = formulation.bounds(valuation.situation(denial))
        each = [formulation.bounds(valuation.situation(denial, (name,))) for name in menu.names]
        rows, columns = _gains(bare, each)
        _refuse_unlike(bare, (rows, columns), formulation.bounds(valuation.situation(denial, menu.names)))
        programme = formulation.programme(bare)
        widened = np.flatnonzero(columns.any(axis=1))
        picked = sparse.csr_array(
            (np.ones(len(widened)), (np.arange(len(widened)), widened)), shape=(len(widened), len(bare.upper))
        )
        upper = bare.upper.copy()
        upper[widened] = np.inf
        return cls(
            flow=sparse.csr_array(
                sparse.vstack([programme.matrix.scipy(), picked, sparse.csr_array(-programme.cost[None, :])])
            ),
            options=sparse.csr_array(np.vstack([-rows, -columns[widened], -np.array([menu.annual])])),
            # worst - annual cost of the plan + value of the flow >= value today
            row_lower=np.concatenate([bare.row_lower, np.full(len(widened), -np.inf), [menu.whole]]),
            row_upper=np.concatenate([bare.row_upper, bare.upper[widened], [np.inf]]),
            lower=bare.lower,
            upper=upper,
        )


def _gains(bare: Bounds, each: Sequence[Bounds]) -> tuple[Floats, Floats]:
    """Return what each option adds to the upper ends of rows and of columns (ends x options; Mt/yr)."""
    rows, columns = (
        np.stack([_added(getattr(bare, end), getattr(one, end)) for one in each], axis=1)
        for end in ("row_upper", "upper")
    )
    return rows, columns


def _added(before: Floats, after: Floats) -> Floats:
    finite = np.isfinite(before) & np.isfinite(after)
    added = np.subtract(after, before, out=np.zeros_like(before), where=finite)
    return np.where(np.abs(added) > _NONE, added, 0.0)


def _refuse_unlike(bare: Bounds, gains: tuple[Floats, Floats], together: Bounds) -> None:
    """Refuse options whose gains do not add up."""
    for end, added in zip(("row_upper", "upper"), gains, strict=True):
        np.testing.assert_allclose(getattr(bare, end) + added.sum(axis=1), getattr(together, end), atol=1e-9)
    np.testing.assert_array_equal(bare.row_lower, together.row_lower)
