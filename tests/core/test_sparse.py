"""Sparse matrices beside dense ones, and beside SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from kopir.core.sparse import Sparse, below, beside

SIZES = st.tuples(st.integers(0, 6), st.integers(0, 6))


@st.composite
def matrices(draw: st.DrawFn, shape: tuple[int, int] | None = None) -> tuple[Sparse, np.ndarray]:
    """Draw a matrix from entries, places said twice among them, and what it is with its zeros."""
    height, width = draw(SIZES) if shape is None else shape
    places = st.tuples(st.integers(0, height - 1), st.integers(0, width - 1), st.integers(-3, 3))
    entries = draw(st.lists(places, max_size=12)) if height and width else []
    dense = np.zeros((height, width))
    for row, column, value in entries:
        dense[row, column] += value
    rows, columns, values = (np.array([one[part] for one in entries], dtype=np.int64) for part in range(3))
    return Sparse.of(rows, columns, values.astype(np.float64), (height, width)), dense


@given(matrices())
def test_entries_of_one_place_are_added_and_all_else_is_zero(pair: tuple[Sparse, np.ndarray]) -> None:
    matrix, dense = pair
    assert (matrix.toarray() == dense).all()
    assert (matrix.T.toarray() == dense.T).all()
    assert (matrix.T.T.toarray() == dense).all()
    assert ((-matrix).toarray() == -dense).all()
    assert (Sparse.of_dense(dense).toarray() == dense).all()
    assert (matrix.scipy().toarray() == dense).all()


@given(matrices())
def test_columns_are_compressed_as_scipy_compresses_them(pair: tuple[Sparse, np.ndarray]) -> None:
    matrix, dense = pair
    rows, columns, values = matrix.entries
    same = sparse.csc_array((values, (rows, columns)), shape=dense.shape)
    assert matrix.indptr.tolist() == same.indptr.tolist()
    assert matrix.indices.tolist() == same.indices.tolist()
    assert matrix.data.tolist() == same.data.tolist()
    assert matrix.nnz == same.nnz


@given(matrices(), st.data())
def test_rows_and_columns_are_taken_in_the_order_named(
    pair: tuple[Sparse, np.ndarray], data: st.DataObject
) -> None:
    matrix, dense = pair
    for size, taken, told in (
        (dense.shape[0], matrix.at_rows, lambda places: dense[places]),
        (dense.shape[1], matrix.at_columns, lambda places: dense[:, places]),
    ):
        places = data.draw(st.lists(st.integers(0, size - 1), max_size=5)) if size else []
        which = np.array(places, dtype=np.int64)
        assert (taken(which).toarray() == told(which)).all()


@given(SIZES, st.data())
def test_products_and_stacks_are_those_of_dense_matrices(shape: tuple[int, int], data: st.DataObject) -> None:
    (one, dense), (other, more) = (data.draw(matrices(shape)) for _ in range(2))
    vector = np.arange(1.0, shape[1] + 1)
    assert one @ vector == pytest.approx(dense @ vector)
    assert one @ np.stack([vector, -vector], axis=1) == pytest.approx(dense @ np.stack([vector, -vector], axis=1))
    assert (beside([one, other]).toarray() == np.hstack([dense, more])).all()
    assert (below([one, other]).toarray() == np.vstack([dense, more])).all()


def test_rows_and_columns_by_hand() -> None:
    matrix = Sparse.of_dense(np.array([[0.0, 2.0], [5.0, 3.0]]))
    assert [part.tolist() for part in matrix.row(1)] == [[0, 1], [5.0, 3.0]]
    assert [part.tolist() for part in matrix.column(1)] == [[0, 1], [2.0, 3.0]]
    assert Sparse.identity(3).toarray().tolist() == np.eye(3).tolist()
    assert Sparse.nothing((2, 3)).toarray().tolist() == [[0, 0, 0], [0, 0, 0]]
