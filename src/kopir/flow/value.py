"""The value function ``V(z, D, h)``: what the shippers earn at best, and the flow that earns it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kopir.flow.apportionment import Following, apportions, shares_left
from kopir.flow.formulation import Bounds, Formulation, Refused, Situation, StockWorth
from kopir.flow.program import Basis, Optimum, Program
from kopir.flow.steps import Steps, single_steps
from kopir.flow.triggers import best_flow
from kopir.model.network.network import Floats, Kind, Network


@dataclass(frozen=True)
class Flow:
    """An optimal flow.

    ``value`` is million USD over all periods; ``use`` (periods x activities; Mt) what each activity moved;
    ``stock`` (periods x stores; Mt) what was held at the end of each period; ``price`` (balances; USD/t) the
    shadow price of each node and cargo in the first period. Values are compared, not flows or prices: both
    may be one of several optima.
    """

    network: Network
    value: float
    use: Floats
    stock: Floats
    price: Floats

    @cached_property
    def total(self) -> Floats:
        """Mt moved by each activity over all periods (shape: activities)."""
        total: Floats = self.use.sum(axis=0)
        return total

    def produced(self, owner: str, goods: frozenset[str] | None = None) -> float:
        """Return Mt supplied by ``owner``: of ``goods``, whose tonnes may be added, or of all."""
        return self._sum(Kind.SUPPLY, owner, goods)

    def sold(self, owner: str, goods: frozenset[str] | None = None) -> float:
        """Return Mt sold by ``owner``, of ``goods`` or of all."""
        return self._sum(Kind.SALE, owner, goods)

    def unmet(self, owner: str, goods: frozenset[str] | None = None) -> float:
        """Return Mt of need of ``owner`` that stayed unserved, of ``goods`` or of all."""
        return self._sum(Kind.UNMET, owner, goods)

    def _sum(self, kind: Kind, owner: str, goods: frozenset[str] | None) -> float:
        network = self.network
        chosen = network.of_kind(kind) & network.owned_by(owner) & network.carrying(goods)
        return float(self.total[chosen].sum())


_WITHIN = 1e-6
"""Mt by which an optimum has to stay within a bound that is relaxed, so that it did not hold it."""

_OVER = 1e-9
"""Mt by which an optimum may pass a bound that is tightened; the solver's own tolerance is more."""


@dataclass(frozen=True)
class Answered:
    """A flow with the bounds under which it was found optimal, and where it lies in them (rows, then columns).

    ``shared`` tells whether the shares of shippers bound it too; without ``bounds`` it stands for nothing else.
    """

    flow: Flow
    bounds: Bounds | None
    place: Floats
    shared: bool = False

    def stands(self, now: Bounds) -> bool:
        """Return whether the flow is optimal within other bounds too, for none that changed holds it.

        It is feasible where it keeps the bounds that are tightened, and the prices that certify it count none of
        the bounds that are relaxed where it lay strictly within these.
        """
        if self.bounds is None:
            return False
        old, rows = self.bounds, len(self.bounds.row_lower)
        return (
            _kept(self.place[:rows], -1.0, old.row_lower, now.row_lower)
            and _kept(self.place[:rows], 1.0, old.row_upper, now.row_upper)
            and _kept(self.place[rows:], -1.0, old.lower, now.lower)
            and _kept(self.place[rows:], 1.0, old.upper, now.upper)
        )


def _kept(place: Floats, side: float, old: Floats, new: Floats) -> bool:
    changed = (old != new).nonzero()[0]
    before, after = side * old[changed], side * new[changed]
    most = np.where(after < before, after + _OVER, before - _WITHIN)
    return not (side * place[changed] > most).any()


Starts = dict[tuple[Hashable, tuple[int, int]], Basis]
"""Where questions ended, by question and shape of the programme."""


class ValueFunction:
    """``V`` of one network, solved again and again from the last basis.

    ``steps`` are the calibrated rising costs, or ``None`` for the costs of the tables; ``lengths`` (periods)
    are in years. Limits that are cut are shared pro rata where the network says so and one period is asked.
    ``worth`` is what goods left in stores are worth, which ``value`` then includes; without it a
    run ends with at least the stock of the model. ``following`` brings the formulation of an equal value
    function, so that it is not written again. Every question is one situation, or one for each period.
    """

    def __init__(
        self,
        network: Network,
        steps: Steps | None = None,
        lengths: Floats | None = None,
        worth: StockWorth | None = None,
        following: Following | None = None,
    ) -> None:
        self._network = network
        years = np.ones(1) if lengths is None else lengths
        steps = single_steps(network) if steps is None else steps
        self._following = following or Following(Formulation(network, steps, years, worth))
        self._formulation = self._following.formulation
        self._program: Program | None = None
        self._bounds: Bounds | None = None
        self._shared: Program | None = None
        self._shared_bounds: Bounds | None = None
        self.solves = 0

    @property
    def formulation(self) -> Formulation:
        """Rows, columns and the maps back."""
        return self._formulation

    def situation(
        self,
        capacity: Floats,
        open_share: Floats | None = None,
        plan: Floats | None = None,
        reach: float = np.inf,
        held: Floats | None = None,
        stock: Floats | None = None,
        refused: Refused | None = None,
    ) -> Situation:
        """Return a situation; what is left out is wholly open, with nothing built and re-routing allowed."""
        network = self._network
        return Situation(
            capacity=capacity,
            open_share=np.ones(len(network.assets)) if open_share is None else open_share,
            plan=np.zeros(len(network.gains.options)) if plan is None else plan,
            reach=reach,
            held=held,
            stock=stock,
            refused=refused,
        )

    def solve(self, situation: Situation | Sequence[Situation]) -> Flow:
        """Return the optimal flow; raises :class:`kopir.core.errors.ModelError` when there is none."""
        if not len(self._network.triggers):
            return self._untriggered(situation)
        if not isinstance(situation, Situation):
            return best_flow(self._network, self._formulation.lengths, situation, self._untriggered)
        lengths = self._formulation.lengths  # one situation stays one: limits that are cut are shared
        return best_flow(self._network, lengths, [situation], lambda decided: self._untriggered(decided[0]))

    def _untriggered(self, situation: Situation | Sequence[Situation]) -> Flow:
        return self._flow(self._moved_to(situation).solve())

    def _flow(self, optimum: Optimum) -> Flow:
        return Flow(
            network=self._network,
            value=-optimum.objective,
            use=self._formulation.activity_flows(optimum.columns),
            stock=self._formulation.held_stocks(optimum.columns),
            price=optimum.row_duals[: self._network.balances],
        )

    def solve_after(self, situation: Situation, before: Answered | None) -> Answered:
        """Return the optimal flow of a situation; where that of ``before`` stands it is not solved again.

        Raises as :meth:`solve` does.
        """
        if len(self._network.triggers):
            return Answered(self.solve(situation), None, np.zeros(0))
        shared = apportions(self._network, situation)
        bounds = (self._following if shared else self._formulation).bounds(situation)
        if before is not None and before.shared == shared and before.stands(bounds):
            return before
        program = self._shared_within(bounds) if shared else self._within(bounds)
        optimum = program.solve()
        place = np.concatenate([program.programme.matrix @ optimum.columns, optimum.columns])
        return Answered(self._flow(optimum), bounds, place, shared=shared)

    def value_from(self, situation: Situation, starts: Starts, question: Hashable) -> float:
        """Return the value alone, solved from where ``question`` ended when a network of this shape was asked it.

        The value does not depend on the start. The first end is kept in ``starts``. Raises as :meth:`solve` does.
        """
        if len(self._network.triggers):
            return self.value(situation)
        program = self._moved_to(situation)
        place = (question, program.programme.matrix.shape)
        if place in starts:
            program.start_from(starts[place])
        value = -program.solve_value()
        if place not in starts:
            starts[place] = program.basis()
        return value

    def value_begun(self, situation: Situation, starts: Starts) -> float:
        """Return the value alone; what is solved first begins where the first of a network of this shape ended.

        All else goes on from the last basis, which lies nearer. Raises as :meth:`solve` does.
        """
        if len(self._network.triggers):
            return self.value(situation)
        before = (self._program, self._shared)
        program = self._moved_to(situation)
        place = ("first", program.programme.matrix.shape)
        if program not in before and place in starts:
            program.start_from(starts[place])
        value = -program.solve_value()
        if place not in starts:
            starts[place] = program.basis()
        return value

    def value(self, situation: Situation | Sequence[Situation]) -> float:
        """Return only the value (million USD); raises as :meth:`solve` does."""
        if len(self._network.triggers):
            return self.solve(situation).value
        return -self._moved_to(situation).solve_value()

    def _moved_to(self, situation: Situation | Sequence[Situation]) -> Program:
        if isinstance(situation, Situation):
            left = shares_left(self._network, situation)
            if np.isfinite(left).any():
                return self._shared_within(self._following.bounds(situation, left))
        return self._within(self._formulation.bounds(situation))

    def _within(self, bounds: Bounds) -> Program:
        self.solves += 1
        before, self._bounds = self._bounds, bounds
        if self._program is None or before is None:
            self._program = Program(self._formulation.programme(bounds))
        else:
            _send_changes(self._program, before, bounds)
        return self._program

    def _shared_within(self, bounds: Bounds) -> Program:
        """Return the programme in which limits that are cut are shared pro rata: only its bounds change."""
        self.solves += 1
        before, self._shared_bounds = self._shared_bounds, bounds
        if self._shared is None or before is None:
            self._shared = Program(self._following.programme(bounds))
        else:
            _send_changes(self._shared, before, bounds)
        return self._shared


def _send_changes(program: Program, before: Bounds, now: Bounds) -> None:
    rows = np.flatnonzero((now.row_lower != before.row_lower) | (now.row_upper != before.row_upper))
    columns = np.flatnonzero((now.lower != before.lower) | (now.upper != before.upper))
    program.set_row_bounds(rows.astype(np.int32), now.row_lower[rows], now.row_upper[rows])
    program.set_column_bounds(columns.astype(np.int32), now.lower[columns], now.upper[columns])
