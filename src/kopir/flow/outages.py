"""``V`` with assets lost, for very many sets: each certified, few solved.

Losing assets only takes room away. Two facts then settle most sets without a solve:

- sets that stop the same activities are one programme (:mod:`kopir.flow.dead_ends`);
- an optimum that uses nothing of what a further loss stops stays feasible, and nothing can be worth more: the
  value stays. Any part of the set with a certified value may lend its optimum.

The rest is solved by the dual simplex from the optimal basis of a part: where there are ``many`` sets by the
compiled one (:mod:`kopir.flow.simplex`), whose every value is certified by its own primal and dual ends, and by
HiGHS where there are few or no such certificate. A set that is not certified is never anybody's part: every part
is settled before the sets that hold it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from kopir.flow.apportionment import apportions
from kopir.flow.dead_ends import Flags, Stops, Words, packed, stops_of, unknown_stops
from kopir.flow.formulation import Formulation, Situation
from kopir.flow.kept_parts import kept_parts, part_of
from kopir.flow.program import Basis, Program
from kopir.flow.simplex.dropped_paths import DroppedPaths
from kopir.flow.value import ValueFunction
from kopir.model.network.network import Floats, Ints

if TYPE_CHECKING:
    from kopir.flow.simplex.closings import Closings

HOW = ("structure", "lattice", "simplex", "solved")
"""How a value is certified.

By a settled programme that is the same, an optimum left whole, a solve with a certificate of its own, or HiGHS.
"""

_STRUCTURE, _LATTICE, _SIMPLEX, _SOLVED = range(4)

UNUSED = 1e-9
"""Mt a year at which a use counts as none: far below the solver's own slack."""


@dataclass(frozen=True)
class Settled:
    """Values of sets (million USD a year) and how each is certified (indices of :data:`HOW`)."""

    value: Floats
    how: Ints


@dataclass
class _Known:
    """Everything solved so far: values, what each optimum uses (words), and where it stands; and sets by bits.

    Where it stands is a basis of HiGHS or a record of the compiled simplex (-1: none).
    """

    value: list[float] = field(default_factory=list)
    used: list[Words] = field(default_factory=list)
    basis: list[Basis | None] = field(default_factory=list)
    record: list[int] = field(default_factory=list)
    by_bits: dict[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Level:
    """Sets of one size in lexicographic order: what they stop, and which solve certifies each."""

    size: int
    words: Words
    solve: Ints


class Outages:
    """``V`` of one situation with any assets lost; million USD a year.

    Where using one asset can close another (triggers), or a cut is shared among goods by their use, nothing is
    known without solving: each set is a solve. ``many`` sets are worth the compiled simplex, which takes half a
    second to load and, once on a machine, some ten to compile.
    Raises :class:`ValueError` for several periods, and :class:`kopir.core.errors.ModelError` when the situation
    itself has no optimum.
    """

    def __init__(self, formulation: Formulation, situation: Situation, *, many: bool = False) -> None:
        self._formulation = formulation
        self._situation = situation
        self._bounds = formulation.bounds(situation)
        network = formulation.network
        unknown = len(network.triggers) > 0 or apportions(network, situation)
        self._by_state = ValueFunction(network, formulation.steps) if unknown else None
        self._stops: Stops = unknown_stops(formulation) if unknown else stops_of(formulation, situation)
        self._kept = kept_parts(formulation, self._bounds, self._stops)
        self._program = Program(part_of(formulation.programme(self._bounds), self._kept), near=True)
        self._lower, self._upper = (end[self._kept.columns] for end in (self._bounds.lower, self._bounds.upper))
        self._moved: tuple[int, ...] = ()
        self._known = _Known()
        self.solves = 0
        self._undisturbed = self._solve(self._stops.base[0], (), None, part=True)
        self._known.by_bits[self._stops.base[0].tobytes()] = self._undisturbed
        self._closings = self._compiled() if many and not unknown else None

    def _compiled(self) -> Closings:
        from kopir.flow.simplex.closings import Closings  # numba takes half a second to import

        return Closings(self._formulation, self._bounds, self._stops, self._kept, self._program, UNUSED)

    @property
    def assets(self) -> int:
        """Number of assets that can be lost."""
        return len(self._formulation.network.assets)

    @property
    def undisturbed(self) -> float:
        """``V`` with nothing lost."""
        return self._known.value[self._undisturbed]

    @property
    def digest(self) -> str:
        """SHA-256 of everything that the values follow from: programme, assets and what each of them stops."""
        programme, stops = self._formulation.programme(self._bounds), self._stops
        matrix = programme.matrix
        places = (part.astype(np.int32) for part in (matrix.indices, matrix.indptr))
        parts = (programme.cost, matrix.data, *places, *vars(self._bounds).values())
        found = hashlib.sha256(repr(self._formulation.network.assets).encode())
        for part in (*parts, stops.base, stops.own):
            found.update(np.ascontiguousarray(part).tobytes())
        return found.hexdigest()

    @property
    def only_loses(self) -> bool:
        """Whether a further loss never gains: no duty is waived with an asset, and none closes another."""
        return self._by_state is None and not any(self._stops.moved)

    @property
    def undisturbed_solve(self) -> int:
        """The solve with nothing lost, from which :meth:`settle_grown` goes up."""
        return self._undisturbed

    def dropped_paths(self) -> DroppedPaths | None:
        """Return what bounds losses without solving; none where nothing does, or few sets are asked."""
        stops = self._stops
        if self._closings is None or any(stops.moved):
            return None
        paths = DroppedPaths(self._formulation, self._bounds, stops.stopped(stops.own))
        return paths if paths.usable else None

    def value_of(self, solve: int) -> float:
        """Return the value of a solve (million USD a year)."""
        return self._known.value[solve]

    def used_by(self, solve: int) -> Ints:
        """Return the assets whose loss the optimum of a solve would feel."""
        return np.flatnonzero((self._stops.own & self._known.used[solve]).any(axis=1))

    def columns_of(self, solve: int) -> Floats | None:
        """Return the optimum of a solve by the compiled simplex (columns; Mt), none of another one."""
        record = self._known.record[solve]
        if self._closings is None or (record < 0 and solve != self._undisturbed):
            return None
        columns = np.zeros(len(self._bounds.upper))
        columns[self._kept.columns] = self._closings.columns(record)
        return columns

    def settle_grown(
        self, sets: Sequence[tuple[int, ...]], parents: Sequence[int], *, lasting: bool
    ) -> tuple[Ints, Ints]:
        """Settle sets of one size, each from the solve of a part; return the solve of each, and how.

        ``lasting`` keeps what sets that hold these need.
        """
        members = np.array(sets, dtype=np.int64).reshape(len(sets), -1)
        words = np.bitwise_or.reduce(self._stops.own[members], axis=1) | self._stops.base
        parts = np.array(parents, dtype=np.int64)[:, None]
        return self._settle(self._closed(words), list(sets), parts, lasting=lasting)

    def nothing(self) -> Level:
        """Return the level of the empty set, from which :meth:`settle` goes up."""
        return Level(0, self._stops.base, np.array([self._undisturbed]))

    def values(self, sets: Sequence[Sequence[int]]) -> Settled:
        """Return the values of any sets of assets, each settled by itself, in their order."""
        words = np.array([self._closed_of(members) for members in sets]).reshape(len(sets), -1)
        parts = np.full((len(sets), 1), self._undisturbed)
        solve, how = self._settle(words, [tuple(members) for members in sets], parts, lasting=False)
        return Settled(np.array([self._known.value[one] for one in solve]), how)

    def settle(self, below: Sequence[Level], first: int, last: int, *, lasting: bool) -> tuple[Level, Settled]:
        """Settle the sets ``first`` to ``last`` (not included) of the size above ``below[-1]``.

        ``below`` are all smaller levels, whole. ``lasting`` keeps what sets that hold these need.
        """
        level = below[-1]
        size = level.size + 1
        members = members_between(self.assets, size, first, last)
        if not lasting:
            self._program.forget_basis()  # so that values do not depend on what was settled before this stretch
        ranks = parts_of(members, self.assets)
        words = self._words(level, members, ranks)
        parts = level.solve[ranks]
        solve, how = self._settle(words, [tuple(row) for row in members.tolist()], parts, lasting=lasting)
        values = np.array([self._known.value[one] for one in solve])
        return Level(size, words, solve), Settled(values, how)

    def recall(self, below: Sequence[Level], first: int, last: int, settled: Settled) -> None:
        """Take the values of a stretch of sets that were settled by an earlier run, as :meth:`settle` would."""
        level = below[-1]
        members = members_between(self.assets, level.size + 1, first, last)
        words = self._words(level, members, parts_of(members, self.assets))
        known = self._known
        for bits, value in zip(_bytes(words), settled.value.tolist(), strict=True):
            if bits not in known.by_bits:
                known.by_bits[bits] = self._keep(value, None, None)

    def _words(self, below: Level, members: Ints, ranks: Ints) -> Words:
        """Return what sets stop, from what their parts (``ranks``, sets x parts) of the level below stop."""
        if below.size == 0:
            return self._closed(self._stops.own[members[:, 0]] | self._stops.base)
        words = below.words[ranks[:, 0]]
        for column in ranks.T[1:]:
            words = words | below.words[column]
        return self._closed(words)

    def _closed_of(self, members: Sequence[int]) -> Words:
        words = self._stops.base
        for asset in members:
            words = words | self._stops.own[asset]
        closed: Words = self._stops.closed(words)[0]
        return closed

    def _closed(self, words: Words) -> Words:
        """Return the closure of each of many sets, each different one worked out once."""
        different, place = np.unique(words.view([("", words.dtype)] * words.shape[1]), return_inverse=True)
        whole = different.view(words.dtype).reshape(-1, words.shape[1])
        closed: Words = self._stops.closed(whole)[place.reshape(-1)]
        return closed

    def _settle(
        self, words: Words, members: Sequence[tuple[int, ...]], parts: Ints, *, lasting: bool
    ) -> tuple[Ints, Ints]:
        """Return for each set which solve certifies it, and how; ``parts`` (sets x parts) are solves of parts."""
        known, bits = self._known, _bytes(words)
        solve = np.array([known.by_bits.get(one, -1) for one in bits], dtype=np.int64)
        how = np.full(len(bits), _STRUCTURE)
        open_sets = np.flatnonzero(solve < 0)
        lender = self._lenders(words[open_sets], parts[open_sets])
        for place, lent in zip(open_sets.tolist(), lender.tolist(), strict=True):
            if lent >= 0 and bits[place] not in known.by_bits:
                known.by_bits[bits[place]] = lent
                how[place] = _LATTICE
        left = [place for place in open_sets.tolist() if bits[place] not in known.by_bits]
        left = list({bits[place]: place for place in reversed(left)}.values())[::-1]
        if self._closings is not None and left:
            self._certify(
                self._closings, words[left], parts[left], [bits[place] for place in left], lasting=lasting
            )
        for place in left:
            how[place] = _SIMPLEX if bits[place] in known.by_bits else _SOLVED
            if how[place] == _SOLVED:
                known.by_bits[bits[place]] = self._solve(
                    words[place], members[place], self._start(parts[place]), part=lasting
                )
        solve[open_sets] = [known.by_bits[bits[place]] for place in open_sets.tolist()]
        return solve, how

    def _certify(self, closings: Closings, words: Words, parts: Ints, bits: list[bytes], *, lasting: bool) -> None:
        """Solve sets by the compiled simplex, each from the part worth least; keep those that are certified."""
        known = self._known
        records, values = np.array(known.record, dtype=np.int32)[parts], np.array(known.value)[parts]
        nearest = np.where(records < 0, np.inf, values).argmin(axis=1)
        closed = closings.solve(words, records[np.arange(len(records)), nearest], keeping=lasting)
        for place in np.flatnonzero(np.isfinite(closed.values)).tolist():
            used = closed.used[place] if lasting else None
            value, record = float(closed.values[place]), int(closed.record[place])
            known.by_bits[bits[place]] = self._keep(value, used, None, record)

    def _lenders(self, words: Words, parts: Ints) -> Ints:
        """Return a solve whose optimum each set leaves whole, -1 where none of its parts has one."""
        used = np.array(self._known.used)
        lender = np.full(len(words), -1)
        for column in parts.T:
            free = ~(words & used[column]).any(axis=1)
            lender = np.where((lender < 0) & free, column, lender)
        return lender

    def _start(self, parts: Ints) -> Basis | None:
        """Return the basis of the part worth least, which is nearest."""
        nearest = min(parts.tolist(), key=self._known.value.__getitem__)
        start: Basis | None = self._known.basis[nearest]
        return start

    def _solve(self, words: Words, members: tuple[int, ...], start: Basis | None, *, part: bool) -> int:
        self.solves += 1
        if self._by_state is not None:
            return self._keep(self._by_state.value(self._without(members)), None, None)
        self._move_to(self._stops.stopped(words), members)
        if start is not None:
            self._program.start_from(start)
        if not part:
            return self._keep(-self._program.solve_value(), None, None)
        optimum = self._program.solve()
        columns = np.zeros(len(self._bounds.upper))
        columns[self._kept.columns] = optimum.columns
        return self._keep(-optimum.objective, self._uses(columns), self._program.basis())

    def _without(self, members: tuple[int, ...]) -> Situation:
        open_share = self._situation.open_share.copy()
        open_share[list(members)] = 0.0
        return replace(self._situation, open_share=open_share)

    def _keep(self, value: float, used: Words | None, basis: Basis | None, record: int = -1) -> int:
        known = self._known
        known.value.append(value)
        known.used.append(~np.zeros_like(self._stops.base[0]) if used is None else used)
        known.basis.append(basis)
        known.record.append(record)
        return len(known.value) - 1

    def _uses(self, columns: Floats) -> Words:
        """Return the bits that an optimum uses, with those of which nothing is known without solving."""
        formulation, moved = self._formulation, [one for one in self._stops.moved if one]
        used: Flags = np.zeros(self._stops.activities + len(moved), dtype=np.bool_)
        used[formulation.activity[columns[: formulation.step_columns] > UNUSED]] = True
        stores = len(formulation.network.stores.row)
        handled = columns[formulation.step_columns :][: 2 * stores].reshape(2, stores).max(axis=0) > UNUSED
        extra = [asset for asset, one in enumerate(self._stops.moved) if one]
        for place, asset in enumerate(extra):
            of_asset = formulation.network.stores.asset == asset
            used[self._stops.activities + place] = bool(handled[of_asset].any())
        words: Words = packed(used) | self._stops.always
        return words

    def _move_to(self, stopped: Flags, members: tuple[int, ...]) -> None:
        """Send the solver what differs from the last set."""
        formulation, bounds = self._formulation, self._bounds
        upper = bounds.upper.copy()
        upper[: formulation.step_columns][stopped[formulation.activity]] = 0.0
        moved = tuple(asset for asset in members if self._stops.moved[asset])
        lower = bounds.lower
        if moved or self._moved:
            lower = lower.copy()
            self._move_rows(moved)
            for asset in moved:
                columns = self._stops.moved[asset].columns
                lower[columns] = upper[columns] = 0.0
        lower, upper = lower[self._kept.columns], upper[self._kept.columns]
        changed = np.flatnonzero((upper != self._upper) | (lower != self._lower))
        self._program.set_column_bounds(changed.astype(np.int32), lower[changed], upper[changed])
        self._lower, self._upper, self._moved = lower, upper, moved

    def _move_rows(self, moved: tuple[int, ...]) -> None:
        before = {row for asset in self._moved for row in self._stops.moved[asset].rows.tolist()}
        now = {row for asset in moved for row in self._stops.moved[asset].rows.tolist()}
        for rows, lost in ((sorted(before - now), False), (sorted(now - before), True)):
            places = np.array(rows, dtype=np.int64)
            lower, upper = self._bounds.row_lower[places], self._bounds.row_upper[places]
            if lost:
                # An infinite end stays where it is: a duty has no upper one.
                lower, upper = (np.where(np.isinf(end), end, 0.0) for end in (lower, upper))
            self._program.set_row_bounds(self._kept.row_places[places].astype(np.int32), lower, upper)


def sets_of(assets: int, size: int) -> int:
    """Return the number of sets of ``size`` assets."""
    return comb(assets, size)


def rank(members: Ints, assets: int) -> Ints:
    """Return the place of each set (sets x size, each sorted) in the lexicographic order of sets of its size."""
    size = members.shape[1]
    place = np.full(len(members), comb(assets, size) - 1)
    for column in range(size):
        later = np.array([comb(assets - 1 - one, size - column) for one in range(assets)])
        place -= later[members[:, column]]
    return place


def parts_of(members: Ints, assets: int) -> Ints:
    """Return the ranks of the sets that lack one member, by the member that they lack (sets x size)."""
    size = members.shape[1]
    return np.stack([rank(np.delete(members, out, axis=1), assets) for out in range(size)], axis=1)


def members_between(assets: int, size: int, first: int, last: int) -> Ints:
    """Return the sets ``first`` to ``last`` (not included) of ``size`` assets in lexicographic order."""
    taken = _from(assets, size, first)
    rows = [next(taken) for _ in range(min(last, comb(assets, size)) - first)]
    return np.array(rows, dtype=np.int64).reshape(len(rows), size)


def _from(assets: int, size: int, first: int) -> Iterator[tuple[int, ...]]:
    """Yield sets in lexicographic order from the set of rank ``first``."""
    if size == 0:
        yield ()
        return
    for leader in range(assets):
        under = comb(assets - 1 - leader, size - 1)
        if first >= under:
            first -= under
            continue
        if first == 0:
            rest = combinations(range(leader + 1, assets), size - 1)
            yield from ((leader, *one) for one in rest)
            continue
        for one in _from(assets - 1 - leader, size - 1, first):
            yield (leader, *(leader + 1 + member for member in one))
        first = 0


def _bytes(words: Words) -> list[bytes]:
    whole = np.ascontiguousarray(words)
    found: list[bytes] = whole.view(f"V{whole.dtype.itemsize * whole.shape[1]}").ravel().tolist()
    return found
