"""What a flow passes on, beside the linear system that says the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.flow import sharing
from kopir.flow.sharing import passed_on

MOVES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(0.0, 0.9)), max_size=10)


def system(begin: np.ndarray, end: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the matrix whose solution is what is passed on."""
    matrix = np.eye(6)
    np.subtract.at(matrix, (end, begin), weight)
    return matrix


@given(MOVES, st.lists(st.floats(-5, 5), min_size=6, max_size=6))
def test_what_goes_on_in_order_is_the_solution_of_the_system(
    moves: list[tuple[int, int, float]], known: list[float]
) -> None:
    onward = [(first, last, weight) for first, last, weight in moves if first < last]
    begin, end = (np.array([one[part] for one in onward], dtype=np.int64) for part in range(2))
    weight, first = np.array([one[2] for one in onward]), np.array(known)
    found = passed_on(begin, end, weight, first)
    assert found == pytest.approx(np.linalg.solve(system(begin, end, weight), first))
    both = passed_on(begin, end, np.stack([weight, weight / 2], axis=1), np.stack([first, 2 * first], axis=1))
    assert both[:, 0] == pytest.approx(found)
    assert both[:, 1] == pytest.approx(2 * np.linalg.solve(system(begin, end, weight / 2), first))


def test_by_hand() -> None:
    """0 hands a half to 1 and a quarter to 2; 1 hands all that it has to 2."""
    begin, end, weight = np.array([1, 0, 0]), np.array([2, 1, 2]), np.array([1.0, 0.5, 0.25])
    assert passed_on(begin, end, weight, np.array([8.0, 1.0, 0.0])).tolist() == [8.0, 5.0, 7.0]


@pytest.mark.parametrize("most", [0, 400])
@pytest.mark.parametrize("cases", [0, 1])
def test_a_circle_is_solved_and_what_nothing_enters_is_nothing(
    cases: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1 and 2 hand each other a half of what they have; 3 and 4 all of nothing."""
    monkeypatch.setattr(sharing, "_DENSE", most)
    begin, end = np.array([0, 1, 2, 3, 4]), np.array([1, 2, 1, 4, 3])
    weight, known = np.array([1.0, 0.5, 0.5, 1.0, 1.0]), np.array([3.0, 0, 0, 0, 0])
    if cases:
        weight, known = weight[:, None], known[:, None]
    found = passed_on(begin, end, weight, known)
    assert found.ravel().tolist() == pytest.approx([3, 4, 2, 0, 0])


def test_only_circles_need_a_factorisation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sharing, "_solved")
    count = 30_000  # a recursion would not come through
    chain = passed_on(np.arange(count - 1), np.arange(1, count), np.ones(count - 1), np.eye(1, count)[0])
    assert (chain == 1).all()


def test_the_order_of_moves_is_worked_out_once() -> None:
    sharing._in_order.cache_clear()
    begin, end = np.array([0, 1]), np.array([1, 2])
    for weight in (0.5, 0.25, 1.0):
        found = passed_on(begin, end, np.array([weight, 1.0]), np.array([8.0, 0.0, 0.0]))
        assert found.tolist() == [8.0, 8 * weight, 8 * weight]
    assert sharing._in_order.cache_info().misses == 1
