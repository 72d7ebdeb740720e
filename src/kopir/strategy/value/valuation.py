"""``V(z, D, h)`` asked by name: jurisdictions, options and horizons instead of arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from kopir.core.errors import Fault, InputError
from kopir.core.folders.settings import Horizons
from kopir.core.spelling import did_you_mean
from kopir.flow.apportionment import Following, shipped
from kopir.flow.formulation import Formulation, Refused, Situation
from kopir.flow.steps import Steps
from kopir.flow.value import Flow, Starts, ValueFunction
from kopir.model.network.capacity import Horizon
from kopir.model.network.clauses import ClauseBook, Denial
from kopir.model.network.network import Floats, Network

NOBODY = Denial()


@dataclass(frozen=True, slots=True)
class Months:
    """The months after a shock over which capacity is averaged, both included."""

    first: int
    last: int


Span = Horizon | Months


@dataclass(frozen=True)
class Shares:
    """What a denial leaves of each asset (shape: assets): of its ``capacity``, and of its usual ``use``."""

    capacity: Floats
    use: Floats

    @property
    def all(self) -> Floats:
        """Both, one below the other (2 x assets)."""
        both: Floats = np.stack([self.capacity, self.use])
        return both


@dataclass(frozen=True)
class Usual:
    """Undisturbed flows of a network over a span, by plan, and what each supply takes of each limit in them.

    They do not depend on who asks first.
    """

    flows: dict[tuple[str, ...], Flow] = field(default_factory=dict)
    origins: dict[tuple[str, ...], Floats] = field(default_factory=dict)


class Valuation:
    """The value function of one network under denial clauses.

    ``steps`` are the calibrated rising costs, or ``None`` for the costs of the tables. Values are million USD
    a year, flows Mt a year. ``usual`` is shared with others of the same network and span, ``following`` with
    others of the same network and steps. Every method raises :class:`kopir.core.errors.ModelError` when there is
    no optimum and :class:`InputError` for an unknown party or option.
    """

    def __init__(
        self,
        network: Network,
        clauses: ClauseBook,
        *,
        steps: Steps | None = None,
        span: Span = "short",
        horizons: Horizons | None = None,
        usual: Usual | None = None,
        following: Following | None = None,
    ) -> None:
        self.network = network
        self.clauses = clauses
        self.span = span
        self._steps = steps
        remembered = Usual() if usual is None else usual
        self._usual, self._origins = remembered.flows, remembered.origins
        self._usual_before = len(self._usual)
        self._function = ValueFunction(network, steps, following=following)
        self._capacity, self._reach = _capacity(network, span, horizons or Horizons())
        self._values: dict[tuple[Denial, tuple[str, ...]], float] = {}
        self._today: dict[tuple[str, ...], Floats] = {}

    @property
    def capacity(self) -> Floats:
        """Capacity of each limit over the span, before any closure (limits; Mt/yr)."""
        return self._capacity

    @property
    def formulation(self) -> Formulation:
        """The programme behind the values: rows, columns and the maps back."""
        return self._function.formulation

    @property
    def solves(self) -> int:
        """Number of programmes solved so far."""
        return self._function.solves + len(self._usual) - self._usual_before

    def flow(self, denial: Denial = NOBODY, plan: Iterable[str] = (), *, held: Floats | None = None) -> Flow:
        """Return the optimal flow; ``held`` (activities; Mt/yr) forbids any use above what a refusal leaves of it.

        Held flows already suffer from the clauses in force, which therefore do not shrink them again.
        """
        chosen = tuple(sorted(plan))
        if held is None and denial == NOBODY:
            return self.usual(chosen)
        if held is not None:
            held = held * self.shares(denial, chosen).use[self.network.activities.asset]
        return self._function.solve(self.situation(denial, chosen, held))

    def usual(self, plan: Iterable[str] = ()) -> Flow:
        """Return the undisturbed flow with ``plan`` built: what each asset carries when nobody refuses.

        It does not depend on what was asked before, also where several flows are worth the same.
        """
        chosen = tuple(sorted(plan))
        if chosen not in self._usual:
            self._usual[chosen] = ValueFunction(self.network, self._steps).solve(self.situation(NOBODY, chosen))
        return self._usual[chosen]

    def value(self, denial: Denial = NOBODY, plan: Iterable[str] = ()) -> float:
        """Return ``V(z, D, h)``; asked again, the same question is not solved again."""
        key = (denial, tuple(sorted(plan)))
        if key not in self._values:
            undisturbed = denial == NOBODY
            self._values[key] = (
                self.usual(key[1]).value if undisturbed else self._function.value(self.situation(*key))
            )
        return self._values[key]

    def worth(self, situation: Situation) -> float:
        """Return the value in a situation, for example one of :meth:`situation` with assets lost beside."""
        return self._function.value(situation)

    def value_from(self, denial: Denial, starts: Starts) -> float:
        """Return ``V(0, D, h)``, solved from where another draw of this model ended."""
        return self._function.value_from(self.situation(denial), starts, denial)

    def value_begun(self, denial: Denial, starts: Starts) -> float:
        """Return ``V(0, D, h)``; the first that is asked is solved from where the first of another draw ended."""
        return self._function.value_begun(self.situation(denial), starts)

    def leverage(self, denial: Denial, plan: Iterable[str] = ()) -> float:
        """Return ``L(D) = V(z, nobody) - V(z, D)``."""
        chosen = tuple(plan)
        return self.value(NOBODY, chosen) - self.value(denial, chosen)

    def plan_cost(self, plan: Iterable[str]) -> float:
        """Return the annual cost of the options of ``plan``."""
        return float(self._plan(tuple(plan)) @ self.network.gains.annual_cost)

    def residual_loss(self, denial: Denial, plan: Iterable[str] = ()) -> float:
        """Return ``R(z, D) = V(0, nobody) - [V(z, D) - cost of z]``."""
        chosen = tuple(plan)
        return self.value() - (self.value(denial, chosen) - self.plan_cost(chosen))

    def shares(self, denial: Denial, plan: Iterable[str] = ()) -> Shares:
        """Return what a denial leaves of each asset with ``plan`` built.

        A share of the capacity of an asset that has no limit is a share of what it carries.
        """
        chosen = tuple(plan)
        closure = self.clauses.closure(denial, chosen)
        capacity, use = (self.network.open_shares(left) for left in (closure.capacity, closure.use))
        if chosen not in self._today:
            self._today[chosen] = self.network.open_shares(self.clauses.closure(NOBODY, chosen).capacity)
        today = self._today[chosen]
        further = np.flatnonzero(self.network.unlimited & (capacity < today))
        use[further] *= capacity[further] / today[further]
        capacity[further] = today[further]
        return Shares(capacity, use)

    def situation(self, denial: Denial, plan: Iterable[str] = (), held: Floats | None = None) -> Situation:
        """Return the situation of a denial with ``plan`` built, in which at most ``held`` may be used."""
        chosen = tuple(sorted(plan))
        return self.situation_left(self.shares(denial, chosen), chosen, held, refusing=denial != NOBODY)

    def situation_left(
        self, left: Shares, plan: Iterable[str] = (), held: Floats | None = None, *, refusing: bool = True
    ) -> Situation:
        """Return the situation in which so much is left of each asset, by whoever is ``refusing`` if anybody."""
        chosen = tuple(sorted(plan))
        refused = None
        if refusing and (left.all < 1).any():
            partly = ((left.all > 0) & (left.all < 1)).any()
            refused = (
                Refused(left.use, self._carried(chosen), self._shipped(chosen))
                if partly
                else Refused(left.use, np.zeros(len(self.network.activities)))
            )
        return self._function.situation(
            self._capacity, left.capacity, self._plan(chosen), self._reach, held, refused=refused
        )

    def _carried(self, plan: tuple[str, ...]) -> Floats:
        """Return what a refusal is a share of (activities; Mt/yr): use today or, where it is more, with the plan.

        Building elsewhere does not make an asset count for less than it carries today.
        """
        carried: Floats = np.maximum(self.usual().total, self.usual(plan).total)
        return carried

    def _shipped(self, plan: tuple[str, ...]) -> Floats | None:
        """Return the same by limit and supply (limits x supplies; Mt/yr) where some limit is shared pro rata."""
        if not self.network.limits.shared.any():
            return None
        if plan not in self._origins:
            today, then = (shipped(self.network, self.usual(built).total) for built in ((), plan))
            self._origins[plan] = np.maximum(today, then)
        return self._origins[plan]

    def _plan(self, plan: tuple[str, ...]) -> Floats:
        options: Mapping[str, int] = {name: index for index, name in enumerate(self.network.gains.options)}
        chosen = np.zeros(len(options))
        for name in plan:
            if name not in options:
                mend = did_you_mean(name, options, "an option of options.csv that changes what is optimised")
                raise InputError(Fault("K0505", f"unknown option {name!r}", mend, value=name))
            chosen[options[name]] = 1.0
        return chosen


def _capacity(network: Network, span: Span, horizons: Horizons) -> tuple[Floats, float]:
    capacity = network.limits.capacity
    if isinstance(span, Months):
        return capacity.mean(span.first, span.last), float(span.last)
    reach = {"short": horizons.short[1], "medium": horizons.medium[1], "long": np.inf}[span]
    return capacity.over(span, horizons), float(reach)
