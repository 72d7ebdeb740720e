"""``V(z, D, h)`` asked by name: jurisdictions, options and horizons instead of arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from kopir.core.errors import Fault, InputError
from kopir.core.settings import Horizons
from kopir.core.spelling import did_you_mean
from kopir.flow.formulation import Situation
from kopir.flow.steps import Steps
from kopir.flow.value import Flow, ValueFunction
from kopir.model.capacity import Horizon
from kopir.model.clauses import ClauseBook, Denial
from kopir.model.network import Floats, Network

NOBODY = Denial()


@dataclass(frozen=True, slots=True)
class Months:
    """The months after a shock over which capacity is averaged, both included."""

    first: int
    last: int


Span = Horizon | Months


class Valuation:
    """The value function of one network under denial clauses.

    ``steps`` are the calibrated rising costs, or ``None`` for the costs of the tables. Values are million USD
    a year, flows Mt a year. Every method raises :class:`kopir.core.errors.ModelError` when there is no
    optimum and :class:`InputError` for an unknown party or option.
    """

    def __init__(
        self,
        network: Network,
        clauses: ClauseBook,
        *,
        steps: Steps | None = None,
        span: Span = "short",
        horizons: Horizons | None = None,
    ) -> None:
        self.network = network
        self.clauses = clauses
        self.span = span
        self._function = ValueFunction(network, steps)
        self._capacity, self._reach = _capacity(network, span, horizons or Horizons())
        self._values: dict[tuple[Denial, tuple[str, ...]], float] = {}

    @property
    def capacity(self) -> Floats:
        """Capacity of each limit over the span, before any closure (limits; Mt/yr)."""
        return self._capacity

    @property
    def solves(self) -> int:
        """Number of programmes solved so far."""
        return self._function.solves

    def flow(self, denial: Denial = NOBODY, plan: Iterable[str] = (), *, held: Floats | None = None) -> Flow:
        """Return the optimal flow; ``held`` (activities; Mt/yr) forbids any use above what closure leaves of it.

        Held flows already suffer from the clauses in force, which therefore do not shrink them again.
        """
        chosen = tuple(sorted(plan))
        if held is not None:
            today = self.open_share(NOBODY, chosen)[self.network.activities.asset]
            held = np.divide(held, today, out=np.zeros_like(held), where=today > 0)
        return self._function.solve(self._situation(denial, chosen, held))

    def value(self, denial: Denial = NOBODY, plan: Iterable[str] = ()) -> float:
        """Return ``V(z, D, h)``; asked again, the same question is not solved again."""
        key = (denial, tuple(sorted(plan)))
        if key not in self._values:
            self._values[key] = self._function.value(self._situation(*key, None))
        return self._values[key]

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

    def open_share(self, denial: Denial, plan: Iterable[str] = ()) -> Floats:
        """Return the share of each asset that a denial leaves open (shape: assets) with ``plan`` built."""
        return self.network.open_shares(self.clauses.availability(denial, plan))

    def _situation(self, denial: Denial, plan: tuple[str, ...], held: Floats | None) -> Situation:
        return self._function.situation(
            self._capacity, self.open_share(denial, plan), self._plan(plan), self._reach, held
        )

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
