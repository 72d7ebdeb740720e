"""Sets of lost assets as changed bounds of one programme, many at a time, and what each optimum then uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kopir.flow.dead_ends import Flags, Stops, Words, packed, unpacked
from kopir.flow.formulation import Bounds, Formulation
from kopir.flow.kept_parts import KeptParts
from kopir.flow.program import Program
from kopir.flow.simplex.arrays import Changes, Places
from kopir.flow.simplex.dual import DualSimplex
from kopir.model.network.network import Floats, Ints

_TOGETHER = 1024
"""Sets that are handed over at a time, which bounds the memory of their flags."""


@dataclass(frozen=True)
class Closed:
    """Values of sets (million USD a year; NaN where not certified), records kept (-1: none), and bits used."""

    values: Floats
    record: Places
    used: Words


class Closings:
    """The programme of a situation, solved with many sets of assets lost.

    ``program`` holds the parts ``kept`` of the programme, solved with nothing lost. A use of at most ``unused``
    (Mt a year) is none.
    """

    def __init__(
        self,
        formulation: Formulation,
        bounds: Bounds,
        stops: Stops,
        kept: KeptParts,
        program: Program,
        unused: float,
    ) -> None:
        self._stops = stops
        self._simplex = DualSimplex(program, unused)
        self._bits, self._variables, self._lower, self._upper = _table(
            formulation, bounds, stops, kept, self._simplex
        )
        self._users = _users(formulation, stops, kept)
        self._width = stops.activities + sum(map(bool, stops.moved))

    def solve(self, words: Words, start: Places, *, keeping: bool) -> Closed:
        """Solve each set (words), from the record of a set within it (``start``; -1: from nothing lost)."""
        parts = [
            self._some(words[first : first + _TOGETHER], start[first : first + _TOGETHER], keeping)
            for first in range(0, len(words), _TOGETHER)
        ]
        return Closed(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in ("values", "record", "used"))
        )

    def columns(self, record: int) -> Floats:
        """Return the vertex of a record (columns kept; -1: with nothing lost)."""
        return self._simplex.columns(record)

    def _some(self, words: Words, start: Places, keeping: bool) -> Closed:
        stopped, entry = np.nonzero(unpacked(words, self._width)[:, self._bits])
        begin = np.concatenate([[0], np.cumsum(np.bincount(stopped, minlength=len(words)))])
        changes = Changes(begin, self._variables[entry], self._lower[entry], self._upper[entry])
        batch = self._simplex.solve(changes, start, keeping=keeping)
        used = np.zeros((len(words) if keeping else 0, words.shape[1]), dtype=words.dtype)
        if keeping:
            flags: Flags = np.zeros((len(words), self._width), dtype=np.bool_)
            columns, bits = self._users
            which, at = np.nonzero(batch.used[:, columns])
            flags[which, bits[at]] = True
            used = packed(flags) | self._stops.always
        return Closed(-batch.values, batch.record, used)


def _table(
    formulation: Formulation, bounds: Bounds, stops: Stops, kept: KeptParts, simplex: DualSimplex
) -> tuple[Ints, Places, Floats, Floats]:
    """Return every bound that a loss can move: the bit that moves it, the variable, and both new bounds."""
    of_steps = kept.columns[kept.columns < formulation.step_columns]
    bits, none = [formulation.activity[of_steps]], np.zeros(len(of_steps))
    variables, lower, upper = [np.arange(len(of_steps))], [none], [none]
    bit = stops.activities
    for moved in stops.moved:
        if not moved:
            continue
        columns = np.searchsorted(kept.columns, moved.columns)
        rows = simplex.logicals(kept.row_places[moved.rows])
        # An infinite end stays where it is: a duty has no upper one. A logical is minus its row.
        low, high = (-end[moved.rows] for end in (bounds.row_upper, bounds.row_lower))
        variables += [columns, rows]
        lower += [np.zeros(len(columns)), np.where(np.isinf(low), low, 0.0)]
        upper += [np.zeros(len(columns)), np.where(np.isinf(high), high, 0.0)]
        bits.append(np.full(len(columns) + len(rows), bit))
        bit += 1
    whole = np.concatenate(variables).astype(np.int32)
    return np.concatenate(bits), whole, np.concatenate(lower), np.concatenate(upper)


def _users(formulation: Formulation, stops: Stops, kept: KeptParts) -> tuple[Ints, Ints]:
    """Return pairs of a kept column and the bit that it uses when it moves: of an activity, or of a store."""
    steps = int(np.searchsorted(kept.columns, formulation.step_columns))
    columns, bits = [np.arange(steps)], [formulation.activity[kept.columns[:steps]]]
    stores = formulation.network.stores.asset
    bit = stops.activities
    for asset, moved in enumerate(stops.moved):
        if moved:
            own = np.flatnonzero(np.tile(stores == asset, 2)) + formulation.step_columns
            columns.append(np.searchsorted(kept.columns, own))
            bits.append(np.full(len(own), bit))
            bit += 1
    return np.concatenate(columns), np.concatenate(bits)
