"""Newton's method for the least corrections: by hand, against the other methods, and where it has no answer."""

from __future__ import annotations

import numpy as np
import pytest

from kopir.core.sparse import Sparse
from kopir.flow import calibration
from kopir.flow.calibration import calibrate
from kopir.flow.least_squares import _solved, least_corrections, least_point
from kopir.flow.program import LinearProgramme
from tests.flow.random_networks import random_network, random_record

RIDGE = 1e-9


def programme(asked, used, between, weight, lean, scarce_at=(), signed=()) -> LinearProgramme:
    """Corrections of ``asked`` rows, with ``between`` (rows x prices and rents) beside them."""
    count, prices = np.shape(between)
    used, free = np.array(used), np.full(prices, np.inf)
    matrix = np.hstack([np.eye(count), np.array(between, dtype=float), np.eye(count)])
    full = np.isin(np.arange(count), list(scarce_at))
    return LinearProgramme(
        cost=np.concatenate([-np.array(weight) * np.array(lean, dtype=float), np.zeros(prices + count)]),
        matrix=Sparse.of_dense(matrix),
        row_lower=np.array(asked, dtype=float),
        row_upper=np.where(used, np.array(asked, dtype=float), np.inf),
        lower=np.concatenate([
            np.where(used, -np.inf, 0.0),
            np.where(np.isin(np.arange(prices), list(signed)), 0.0, -free),
            np.zeros(count),
        ]),
        upper=np.concatenate([np.full(count, np.inf), free, np.where(full, np.inf, 0.0)]),
        square=np.concatenate([np.array(weight, dtype=float), np.full(prices, RIDGE), np.full(count, 1.0)]),
    )  # fmt: skip


def test_two_routes_to_one_price_share_what_is_to_be_explained_by_their_weights() -> None:
    # 60 c^2 + 5 d^2 with c - d = 20: c = 20 x 5 / 65, d = -20 x 60 / 65
    asked = programme([20, 0], [True, True], [[-1], [-1]], [60, 5], [0, 0])
    assert least_corrections(asked)[:2] == pytest.approx([20 * 5 / 65, -20 * 60 / 65])


def test_a_route_that_is_not_used_is_only_made_dearer() -> None:
    # the price follows the used route wholly; the other must be 3 dearer then, or counts nothing where it is dear
    near = programme([7, 10], [True, False], [[-1], [-1]], [1e6, 1], [0, 0])
    assert least_corrections(near)[:2] == pytest.approx([0, 3], abs=1e-4)
    far = programme([7, 1], [True, False], [[-1], [-1]], [1, 1], [0, 0])
    assert least_corrections(far)[:3] == pytest.approx([0, 0, -7], abs=1e-6)


def test_a_rent_is_at_least_nothing_and_scarcity_takes_its_part() -> None:
    # a rent could explain the first row only by being negative, so the correction does
    assert least_corrections(programme([-4], [True], [[1]], [1], [0], signed=[0])) == pytest.approx(
        [-4, 0, 0], abs=1e-6
    )
    assert least_corrections(programme([4], [True], [[1]], [1], [0], signed=[0])) == pytest.approx(
        [0, 4, 0], abs=1e-6
    )
    # weights 3 of the correction and 1 of the scarcity: of 8 the scarcity takes 6
    assert least_corrections(programme([8], [True], [[0]], [3], [0], scarce_at=[0])) == pytest.approx([2, 0, 6])
    assert least_corrections(programme([-8], [True], [[0]], [3], [0], scarce_at=[0])) == pytest.approx([-8, 0, 0])


@pytest.mark.parametrize("seed", range(8))
def test_the_methods_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[LinearProgramme] = []
    own = calibration._least
    monkeypatch.setattr(calibration, "_least", lambda one: found.append(one) or own(one))
    network = random_network(seed, contracts=False, stores=False)
    central = calibrate(network, random_record(network, seed))
    lean = np.where(central.use > 0, np.random.default_rng(seed).uniform(-3, 3, len(central.use)), 0.0)
    calibrate(network, random_record(network, seed), lean)
    for one in found:
        columns = least_corrections(one)
        assert columns == pytest.approx(least_point(one), abs=1e-6, rel=1e-7)
        assert (one.matrix @ columns >= one.row_lower - 1e-9 * np.maximum(1, np.abs(one.row_lower))).all()


def test_it_says_where_it_has_no_answer() -> None:
    corner = programme([7, 10], [True, False], [[-1], [-1]], [1, 1], [0, -2])
    assert least_corrections(corner) is None
    assert calibration._least(corner) == pytest.approx(least_point(corner), abs=1e-5)


def test_halves_of_a_system_solve_the_whole() -> None:
    rng = np.random.default_rng(3)
    root = rng.standard_normal((150, 150))
    matrix, right = root @ root.T + np.eye(150), rng.standard_normal(150)
    assert matrix @ _solved(matrix, right) == pytest.approx(right, abs=1e-9)
