"""``V`` in very many situations near one: by the compiled dual simplex where it certifies, else by HiGHS.

Where using one asset closes another, or a cut is shared among goods by their use, it is not one programme with
other bounds: those situations are solved one by one, which is slow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kopir.flow.apportionment import apportions
from kopir.flow.formulation import Bounds, Formulation, Situation
from kopir.flow.outages import HOW, UNUSED, Settled
from kopir.flow.program import Program
from kopir.flow.value import ValueFunction
from kopir.model.network.network import Floats, Ints

if TYPE_CHECKING:
    from kopir.flow.simplex.arrays import Changes, Flags, Places

_SIMPLEX, _SOLVED = HOW.index("simplex"), HOW.index("solved")


@dataclass(frozen=True)
class Lent:
    """Settled situations with what they lend to narrower ones.

    ``record`` is the vertex that others may start from (situations; -1: none), ``moves`` which columns of the
    formulation move (situations x columns). Without a certificate all count as moving, and nothing is lent.
    """

    settled: Settled
    record: Places
    moves: Flags


class ManySituations:
    """Values (million USD over the periods of ``formulation``) of situations, each started from that of ``near``.

    Where ``compiled`` is false HiGHS solves all. What is asked together gives the same bits whatever was asked
    before. Every method raises :class:`kopir.core.errors.ModelError` when there is no optimum.
    """

    def __init__(
        self, formulation: Formulation, near: Situation | Sequence[Situation], *, compiled: bool = True
    ) -> None:
        self._formulation = formulation
        self._first = formulation.bounds(near)
        self._program = Program(formulation.programme(self._first))
        self._program.solve_value()
        self._simplex = None
        if compiled and not len(formulation.network.triggers):
            from kopir.flow.simplex.dual import DualSimplex  # numba takes half a second to import

            self._simplex = DualSimplex(self._program, UNUSED)
            self._logicals = self._simplex.logicals(np.arange(len(self._first.row_lower))).astype(np.int32)

    def values(self, situations: Sequence[Situation | Sequence[Situation]]) -> Settled:
        """Return the value of each situation (or one for each period), and how it is certified."""
        values, how = np.full(len(situations), np.nan), np.full(len(situations), _SIMPLEX)
        quick = [place for place, one in enumerate(situations) if self._simplex and not self._shared(one)]
        if self._simplex and quick:
            bounds = [self._formulation.bounds(situations[place]) for place in quick]
            values[quick] = -self._simplex.solve(self._changes(bounds)).values
        slow = np.flatnonzero(np.isnan(values))
        how[slow] = _SOLVED
        values[slow] = self._one_by_one([situations[place] for place in slow.tolist()])
        return Settled(values, how)

    def lending(self, situations: Sequence[Situation], start: Places) -> Lent:
        """Return values with what they lend; ``start`` is the record of a wider situation for each (-1: none).

        Raises :class:`ValueError` where the compiled simplex is not at hand or a cut is shared among goods.
        """
        if self._simplex is None or any(map(self._shared, situations)):
            raise ValueError("nothing is lent where situations are solved one by one")
        bounds = [self._formulation.bounds(situation) for situation in situations]
        batch = self._simplex.solve(self._changes(bounds), start, keeping=True)
        slow = np.flatnonzero(np.isnan(batch.values))
        values, how, moves = -batch.values, np.full(len(situations), _SIMPLEX), batch.used.copy()
        values[slow] = self._one_by_one([situations[place] for place in slow.tolist()])
        how[slow], moves[slow] = _SOLVED, True
        return Lent(Settled(values, how), batch.record, moves)

    def _one_by_one(self, situations: Sequence[Situation | Sequence[Situation]]) -> list[float]:
        formulation = self._formulation
        function = ValueFunction(formulation.network, formulation.steps, formulation.lengths, formulation.worth)
        return [function.value(situation) for situation in situations]

    def _shared(self, asked: Situation | Sequence[Situation]) -> bool:
        return isinstance(asked, Situation) and apportions(self._formulation.network, asked)

    def _changes(self, all_bounds: Sequence[Bounds]) -> Changes:
        from kopir.flow.simplex.arrays import Changes

        each = [self._changed(bounds) for bounds in all_bounds]
        start = np.concatenate([[0], np.cumsum([len(variables) for variables, _, _ in each])])
        variables, lower, upper = (np.concatenate([one[part] for one in each]) for part in range(3))
        return Changes(start, variables.astype(np.int32), lower, upper)

    def _changed(self, now: Bounds) -> tuple[Ints, Floats, Floats]:
        """Return the variables whose bounds differ from the first, and these; a logical is minus its row."""
        first = self._first
        columns = np.flatnonzero((now.lower != first.lower) | (now.upper != first.upper))
        rows = np.flatnonzero((now.row_lower != first.row_lower) | (now.row_upper != first.row_upper))
        lower = np.concatenate([now.lower[columns], -now.row_upper[rows]])
        upper = np.concatenate([now.upper[columns], -now.row_lower[rows]])
        return np.concatenate([columns, self._logicals[rows]]), lower, upper
