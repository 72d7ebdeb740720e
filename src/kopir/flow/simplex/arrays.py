"""The arrays that the compiled steps work on. Rows are in the order of the factor, so that nothing is permuted.

Variables are the columns, then one logical of each row: ``matrix @ x + logical = 0``, a logical within minus the
bounds of its row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Lists(NamedTuple):
    """A sparse matrix as lists: entries ``start[k]`` to ``start[k + 1]`` are those of line ``k``."""

    start: Places
    place: Places
    entry: Floats


class Programme(NamedTuple):
    """Columns and rows of a matrix, costs of columns, bounds of all variables; ``scale`` is that of the value."""

    columns: Lists
    rows: Lists
    cost: Floats
    lower: Floats
    upper: Floats


class Factor(NamedTuple):
    """``B = L @ U`` of a first basis: strict triangles by column and by row, and the diagonal of ``U``."""

    low_columns: Lists
    low_rows: Lists
    up_columns: Lists
    up_rows: Lists
    pivot: Floats


class Point(NamedTuple):
    """A basis and its vertex: values and reduced costs of variables, who is basic where, where each is (-1)."""

    x: Floats
    d: Floats
    head: Places
    place: Places


class Etas(NamedTuple):
    """Exchanges since the first basis: entering columns, the place and the pivot of each; how many (1)."""

    columns: Lists
    place: Places
    pivot: Floats
    made: Places


class Work(NamedTuple):
    """Room for one solve: a row and a column of the basis, the pivot row, and the candidates to enter."""

    rho: Floats
    column: Floats
    shift: Floats
    alpha: Floats
    touched: Places
    candidate: Places
    ratio: Floats
    excess: Floats


class Changes(NamedTuple):
    """New bounds of many programmes: entries ``start[k]`` to ``start[k + 1]`` are those of programme ``k``."""

    start: NDArray[np.int64]
    variable: Places
    lower: Floats
    upper: Floats


class Kept(NamedTuple):
    """Vertices that later programmes start from, as what differs from the first one, one record after the other.

    Record ``k`` begins at ``start[0, k]`` of ``whole`` and ``start[1, k]`` of ``real``; ``filled`` (1) are there.
    A record is: numbers of variables, places, exchanges and entries; then the variables, the places and who is
    basic there, and the exchanges (places, ends of their entries, places of entries); ``real`` has the values and
    reduced costs of the variables, the pivots, and the entries.
    """

    start: NDArray[np.int64]
    whole: Places
    real: Floats
    filled: NDArray[np.int64]


class Machine(NamedTuple):
    """Everything of one family of programmes: as it is now and as it was first, and room for one solve."""

    programme: Programme
    first: Programme
    factor: Factor
    base: Point
    point: Point
    etas: Etas
    work: Work


class Task(NamedTuple):
    """Many programmes and what is found of each.

    ``start`` is the record that each starts from (-1: the first basis), ``record`` its own (-1: not kept);
    ``values`` are least costs, NaN where not certified; ``used`` (programmes x columns) is which columns each
    optimum moves by more than ``unused``, and without columns nothing is kept; ``steps`` are exchanges; ``prices``
    (programmes x variables, or x 0) gets reduced costs.
    """

    changes: Changes
    start: Places
    record: Places
    values: Floats
    used: Flags
    unused: float
    steps: Places
    prices: Floats
