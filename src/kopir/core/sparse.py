"""Sparse matrices that take nothing to load: compressed columns, and the few operations that programmes need.

SciPy's arrays take a quarter of a second of every command to import, and most of the time of building a small
programme to construct. :meth:`Sparse.scipy` hands over where its factorisations are wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sparse:
    """A matrix by compressed columns: rows ascend within a column, and none stands twice.

    ``indptr`` (columns + 1) is where each column begins in ``indices``, the rows of its entries, and ``data``.
    """

    shape: tuple[int, int]
    indptr: Ints
    indices: Ints
    data: Floats

    @classmethod
    def of(cls, rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int]) -> Self:
        """Return the matrix with these entries; those of one place are added up."""
        height, width = shape
        place = columns * np.int64(height) + rows
        order = np.argsort(place, kind="stable")
        place, values = place[order], values[order].astype(np.float64)
        first = np.ones(len(place), dtype=np.bool_)
        np.not_equal(place[1:], place[:-1], out=first[1:])
        if not first.all():
            begins = np.flatnonzero(first)
            place, values = place[begins], np.add.reduceat(values, begins)
        column, row = np.divmod(place, np.int64(max(height, 1)))
        return cls(shape, _begins(column, width), row, values)

    @classmethod
    def nothing(cls, shape: tuple[int, int]) -> Self:
        """Return the matrix without entries."""
        return cls(shape, np.zeros(shape[1] + 1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))

    @classmethod
    def identity(cls, size: int) -> Self:
        """Return the matrix with ones on its diagonal."""
        return cls((size, size), np.arange(size + 1), np.arange(size), np.ones(size))

    @classmethod
    def of_dense(cls, matrix: NDArray[np.float64]) -> Self:
        """Return the entries of ``matrix`` that are not zero."""
        rows, columns = np.nonzero(matrix)
        return cls.of(rows, columns, matrix[rows, columns], (matrix.shape[0], matrix.shape[1]))

    @property
    def nnz(self) -> int:
        """Number of entries."""
        return len(self.data)

    @cached_property
    def T(self) -> Sparse:
        """The matrix with rows and columns exchanged."""
        order = np.argsort(self.indices, kind="stable")
        begins = _begins(self.indices[order], self.shape[0])
        return Sparse((self.shape[1], self.shape[0]), begins, self._columns[order], self.data[order])

    @cached_property
    def _columns(self) -> Ints:
        return np.repeat(np.arange(self.shape[1]), np.diff(self.indptr))

    @property
    def entries(self) -> tuple[Ints, Ints, Floats]:
        """Row, column and value of each entry, row after row."""
        rows = self.T
        return rows._columns, rows.indices, rows.data

    def row(self, number: int) -> tuple[Ints, Floats]:
        """Return columns and values of the entries of a row."""
        return self.T.column(number)

    def column(self, number: int) -> tuple[Ints, Floats]:
        """Return rows and values of the entries of a column."""
        part = slice(self.indptr[number], self.indptr[number + 1])
        return self.indices[part], self.data[part]

    def at_columns(self, columns: Ints) -> Sparse:
        """Return the matrix of some columns, in the order in which they are named."""
        counts = np.diff(self.indptr)[columns]
        begins = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        taken = np.arange(begins[-1]) + np.repeat(self.indptr[columns] - begins[:-1], counts)
        return Sparse((self.shape[0], len(columns)), begins, self.indices[taken], self.data[taken])

    def at_rows(self, rows: Ints) -> Sparse:
        """Return the matrix of some rows, in the order in which they are named."""
        return self.T.at_columns(rows).T

    def __neg__(self) -> Sparse:
        return Sparse(self.shape, self.indptr, self.indices, -self.data)

    def __matmul__(self, other: Floats) -> Floats:
        """Return the product with a dense vector (columns) or matrix (columns x anything)."""
        rows, columns, values = self.entries
        if other.ndim == 1:
            return np.asarray(np.bincount(rows, values * other[columns], self.shape[0]), dtype=np.float64)
        found = np.zeros((self.shape[0], other.shape[1]))
        for place in range(other.shape[1]):
            found[:, place] = np.bincount(rows, values * other[columns, place], self.shape[0])
        return found

    def toarray(self) -> Floats:
        """Return the matrix with its zeros."""
        whole = np.zeros(self.shape)
        whole[self.indices, self._columns] = self.data
        return whole

    def scipy(self) -> csc_array:
        """Return the matrix as one of SciPy's."""
        from scipy.sparse import csc_array  # takes a quarter of a second to load

        return csc_array((self.data, self.indices, self.indptr), shape=self.shape)


def beside(parts: Sequence[Sparse]) -> Sparse:
    """Return matrices of equal height side by side."""
    ends = [0, *accumulate(part.nnz for part in parts)]
    begins = [part.indptr[:-1] + first for part, first in zip(parts, ends[:-1], strict=True)]
    return Sparse(
        (parts[0].shape[0], sum(part.shape[1] for part in parts)),
        np.concatenate([*begins, np.array([ends[-1]], dtype=np.int64)]),
        np.concatenate([part.indices for part in parts]),
        np.concatenate([part.data for part in parts]),
    )


def below(parts: Sequence[Sparse]) -> Sparse:
    """Return matrices of equal width one below the other."""
    return beside([part.T for part in parts]).T


def _begins(places: Ints, count: int) -> Ints:
    """Return where each of ``count`` places begins among sorted ones."""
    begins: Ints = np.concatenate([
        np.zeros(1, dtype=np.int64), np.cumsum(np.bincount(places, minlength=count))
    ])  # fmt: skip
    return begins
