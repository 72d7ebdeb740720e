"""The second method for least squares: the solver's answer where it has one, and one where it walks in circles."""

from __future__ import annotations

import numpy as np
import pytest

from kopir.core.errors import LimitReached, ModelError
from kopir.core.sparse import Sparse
from kopir.flow import calibration
from kopir.flow.calibration import calibrate
from kopir.flow.least_squares import least_point
from kopir.flow.program import LinearProgramme, Program
from tests.flow.random_networks import random_network, random_record


def programme(cost, rows, lower, upper, least, most, square) -> LinearProgramme:
    arrays = [np.array(one, dtype=np.float64) for one in (lower, upper, least, most)]
    return LinearProgramme(
        np.array(cost, dtype=np.float64), Sparse.of_dense(np.array(rows, dtype=np.float64)), *arrays,
        square=np.array(square, dtype=np.float64),
    )  # fmt: skip


def test_by_hand() -> None:
    # x + y = 2 with squares 1 and 3: x = 1.5, y = 0.5; with x at most 1: x = y = 1
    inf = np.inf
    free = programme([0, 0], [[1, 1]], [2], [2], [-inf, -inf], [inf, inf], [1, 3])
    assert least_point(free) == pytest.approx([1.5, 0.5])
    bound = programme([0, 0], [[1, 1]], [2], [2], [-inf, -inf], [1, inf], [1, 3])
    assert least_point(bound) == pytest.approx([1, 1])
    # nothing holds it: the centre -cost / square
    alone = programme([-4, 3], [[1, 1]], [-9], [9], [-inf, -inf], [inf, inf], [2, 3])
    assert least_point(alone) == pytest.approx([2, -1])


def test_rows_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(ModelError, match="K0404"):
        least_point(programme([0], [[1], [1]], [2, -np.inf], [np.inf, 1], [-9], [9], [1]))


def asked(seed: int, monkeypatch: pytest.MonkeyPatch) -> list[LinearProgramme]:
    found: list[LinearProgramme] = []
    own = calibration._least

    def noted(programme: LinearProgramme):
        found.append(programme)
        return own(programme)

    monkeypatch.setattr(calibration, "_least", noted)
    network = random_network(seed, contracts=False, stores=False)
    calibrate(network, random_record(network, seed))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_both_methods_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (programme,) = asked(seed, monkeypatch)
    assert least_point(programme) == pytest.approx(Program(programme).solve().columns, abs=1e-5, rel=1e-6)


def test_where_the_solver_walks_in_circles_the_other_method_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    (programme,) = asked(613, monkeypatch)
    with pytest.raises(LimitReached, match="limit of steps"):
        Program(programme).solve()
