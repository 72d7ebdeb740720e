"""The persistent programme of a component gives what fresh ones give, whatever was asked before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from kopir.facts.settled._bounds import TOLERANCE
from kopir.facts.settled._linear import Linear


@given(st.integers(0, 10_000))
def test_costs_and_rows_that_change_give_what_a_fresh_programme_gives(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    rows, columns = int(drawn.integers(1, 8)), int(drawn.integers(1, 5))
    matrix = drawn.choice([-1.0, -0.5, 0.0, 1.0, 2.0], size=(rows, columns))
    right = drawn.choice([-1e9, -3.0, 0.0, 2.0, 5e8], size=rows)
    equal = drawn.choice([-1.0, 0.0, 1.0], size=(int(drawn.integers(0, 2)), columns))
    one = Linear(csr_matrix(matrix), right, csr_matrix(equal), TOLERANCE)
    for _ in range(6):
        held = drawn.random(rows) < 0.7
        cost = drawn.choice([-1.0, 0.0, 1.0], size=columns)
        found = one.solve(cost, held)
        fresh = linprog(
            cost,
            A_ub=matrix[held] if held.any() else None,
            b_ub=right[held] + TOLERANCE if held.any() else None,
            A_eq=equal if len(equal) else None,
            b_eq=np.zeros(len(equal)) if len(equal) else None,
            method="highs",
        )
        if fresh.status == 0:
            assert found is not None
            assert cost @ found == pytest.approx(fresh.fun, rel=1e-7, abs=1e-6)
        elif fresh.status == 3:
            assert found is not None
            assert np.isinf(found).all()
        elif fresh.status == 2:
            assert found is None
