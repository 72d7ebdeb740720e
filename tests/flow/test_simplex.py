"""The compiled dual simplex: equal to HiGHS, to its own lines uncompiled, silent without a certificate."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kopir.core.errors import InfeasibleError
from kopir.core.sparse import Sparse
from kopir.flow.outages import HOW
from kopir.flow.program import LinearProgramme, Program
from kopir.flow.simplex.arrays import Changes
from kopir.flow.simplex.dual import DualSimplex
from tests.flow.simplex_values import settled


def programme(rng, rows, columns):
    """A bounded programme with degenerate costs, free rows and equalities, and a point that satisfies it."""
    matrix = rng.integers(-2, 3, (rows, columns)) * (rng.random((rows, columns)) < 0.5)
    within = rng.integers(0, 4, columns).astype(float)
    activity = matrix @ within
    kind = rng.integers(0, 3, rows)
    return LinearProgramme(
        cost=rng.integers(-3, 4, columns).astype(float),
        matrix=Sparse.of_dense(matrix.astype(float)),
        row_lower=np.where(kind == 1, -np.inf, activity),
        row_upper=np.where(kind == 2, np.inf, activity),
        lower=np.zeros(columns),
        upper=np.full(columns, 4.0),
    )


def least(lp, lower, upper):
    rows = np.vstack([lp.matrix.toarray(), -lp.matrix.toarray()])
    ends = np.concatenate([lp.row_upper, -lp.row_lower])
    finite = np.isfinite(ends)
    bounds = np.stack([lower, upper], axis=1)
    found = linprog(
        lp.cost, rows[finite] if finite.any() else None, ends[finite] if finite.any() else None, bounds=bounds
    )
    return found.fun if found.status == 0 else None


def solved(lp):
    program = Program(lp)
    program.solve()
    return program


@pytest.mark.slow
@given(seed=st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_changed_bounds_give_the_least_cost_or_no_certificate(seed):
    rng = np.random.default_rng(seed)
    lp = programme(rng, int(rng.integers(1, 7)), int(rng.integers(1, 9)))
    columns = len(lp.cost)
    many = 6
    each = [rng.choice(columns, rng.integers(0, columns + 1), replace=False) for _ in range(many)]
    variable = np.concatenate(each).astype(np.int32)
    high = rng.integers(0, 5, len(variable)).astype(float)
    low = np.minimum(rng.integers(0, 2, len(variable)).astype(float), high)
    start = np.concatenate([[0], np.cumsum([len(one) for one in each])])
    simplex = DualSimplex(solved(lp))
    found = simplex.solve(Changes(start, variable, low, high), keeping=True)
    again = simplex.solve(Changes(start, variable, low, high), found.record)
    for which in range(many):
        lower, upper = lp.lower.copy(), lp.upper.copy()
        own = slice(start[which], start[which + 1])
        lower[variable[own]], upper[variable[own]] = low[own], high[own]
        truth = least(lp, lower, upper)
        if truth is None:
            assert np.isnan(found.values[which])
        else:
            assert found.values[which] == pytest.approx(truth, abs=1e-8)
            assert again.values[which] == pytest.approx(truth, abs=1e-8)
            assert again.steps[which] == 0


@pytest.mark.slow
def test_rows_may_change_too():
    lp = LinearProgramme(
        cost=np.array([-3.0, -1.0]),
        matrix=Sparse.of_dense(np.array([[1.0, 1.0]])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([10.0]),
        lower=np.zeros(2),
        upper=np.array([6.0, 9.0]),
    )
    simplex = DualSimplex(solved(lp))
    row = simplex.logicals(np.array([0])).astype(np.int32)
    changes = Changes(np.array([0, 0, 1, 2]), np.repeat(row, 2), np.array([-7.0, 0.0]), np.array([np.inf, 0.0]))
    assert simplex.solve(changes).values.tolist() == [-22.0, -19.0, 0.0]


@pytest.mark.slow
def test_vertices_that_are_kept_outgrow_their_first_room():
    rng = np.random.default_rng(3)
    lp = programme(rng, 6, 8)
    simplex = DualSimplex(solved(lp))
    many = 3000
    changes = Changes(
        np.arange(many + 1),
        (np.arange(many) % 8).astype(np.int32),
        np.zeros(many),
        rng.integers(0, 5, many).astype(float),
    )
    kept = simplex.solve(changes, keeping=True)
    certified = np.isfinite(kept.values)
    assert certified.sum() > many / 2
    assert len(set(kept.record[certified].tolist())) == certified.sum()
    again = simplex.solve(changes, kept.record)
    assert again.values[certified] == pytest.approx(kept.values[certified], abs=1e-9)


@pytest.mark.slow
def test_sets_of_assets_have_the_values_of_highs():
    ways = set()
    for seed in range(40):
        compiled, how = settled(seed, many=True)
        plain, _ = settled(seed, many=False)
        assert compiled == pytest.approx(plain, rel=1e-9, abs=1e-7)
        ways |= {HOW[one] for one in how}
    assert {"structure", "lattice", "simplex"} <= ways


@pytest.mark.slow
def test_uncompiled_lines_give_the_same_bits():
    runs = [
        subprocess.run(
            [sys.executable, "-m", "tests.flow.simplex_values"],
            env=os.environ | {"NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for off in ("0", "1")
    ]
    assert runs[0] == runs[1]
    assert "simplex" in runs[0]


@pytest.mark.slow
def test_what_has_no_optimum_is_not_certified_and_is_told_by_highs():
    lp = LinearProgramme(
        cost=np.array([1.0]),
        matrix=Sparse.of_dense(np.array([[1.0]])),
        row_lower=np.array([2.0]),
        row_upper=np.array([np.inf]),
        lower=np.zeros(1),
        upper=np.array([5.0]),
    )
    program = solved(lp)
    nothing = Changes(np.array([0, 1]), np.zeros(1, dtype=np.int32), np.zeros(1), np.ones(1))
    assert np.isnan(DualSimplex(program).solve(nothing).values).all()
    program.set_column_bounds(np.zeros(1, dtype=np.int32), np.zeros(1), np.ones(1))
    with pytest.raises(InfeasibleError):
        program.solve()


def test_numba_is_imported_only_where_it_is_used():
    code = "import sys, kopir.strategy.outages.outages, kopir.flow.outages; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
