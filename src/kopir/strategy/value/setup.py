"""Everything a question needs, prepared once: network, calibration, clauses and the rates that book flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from kopir.flow.apportionment import Following
from kopir.flow.booking import Ledger, build_ledger
from kopir.flow.calibration import Calibration, calibrate, under_closure, with_seen_capacity
from kopir.flow.formulation import Formulation
from kopir.flow.steps import single_steps
from kopir.flow.value import Flow, ValueFunction
from kopir.model.contents.as_of import at_year
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.network.assembly import build_network
from kopir.model.network.baseline import Baseline, read_baseline
from kopir.model.network.clauses import ClauseBook, Denial, read_clauses
from kopir.model.network.network import Floats, Network
from kopir.strategy.value.valuation import Span, Usual, Valuation


@dataclass(frozen=True)
class Setup:
    """A model made ready to be asked.

    ``calibration`` is ``None`` for a model without recorded flows of its base year: routes then carry their
    recorded costs only, and every result says so.
    """

    model: Model
    network: Network
    baseline: Baseline
    clauses: ClauseBook
    ledger: Ledger
    calibration: Calibration | None

    @property
    def focal_state(self) -> str:
        """Code of the state whose exposure is measured."""
        return self.model.focal_state

    @cached_property
    def recorded_clauses(self) -> ClauseBook:
        """The clauses at the end of the base year, whose flows are recorded."""
        return read_clauses(self.model.undated)

    @cached_property
    def usual_day(self) -> Flow:
        """The optimal flow at firm capacity when nobody refuses (Mt/yr): a day before anything happens."""
        function = ValueFunction(self.network, None if self.calibration is None else self.calibration.steps)
        today = self.network.open_shares(self.clauses.availability(Denial()))
        return function.solve(function.situation(self.network.limits.capacity.firm, today))

    def valuation(self, span: Span) -> Valuation:
        """Return the value function of a horizon or of some months after a shock."""
        return Valuation(
            self.network,
            self.clauses,
            steps=None if self.calibration is None else self.calibration.steps,
            span=span,
            horizons=self.model.settings.horizons,
            following=self._following,
            usual=self._usual_flows.setdefault(span, Usual()),
        )

    def value_function(self) -> ValueFunction:
        """Return a value function of a year, for situations of :meth:`valuation` of several spans in turn."""
        steps = None if self.calibration is None else self.calibration.steps
        return ValueFunction(self.network, steps, following=self._following)

    @cached_property
    def _following(self) -> Following:
        """The programme of a year, written once."""
        steps = single_steps(self.network) if self.calibration is None else self.calibration.steps
        return Following(Formulation(self.network, steps, np.ones(1)))

    @cached_property
    def _usual_flows(self) -> dict[Span, Usual]:
        """Undisturbed flows that were asked for, by span."""
        return {}


def prepare(model: Model) -> Setup:
    """Return the setup at central values.

    Where a model as of a day has other numbers than as written, a capacity is lifted to the recorded load, as in
    :func:`prepare_at`.
    Raises :class:`kopir.core.errors.ModelError` where the recorded flows cannot be calibrated.
    """
    return _prepare(model, lift=model.restated)


def prepare_year(model: Model, year: int, replaced: Mapping[CellRef, float] | None = None) -> Setup:
    """Return the setup on the flows recorded for ``year``, with its supplies and own use.

    ``replaced`` takes the place of the central value of the quantities that it names. Raises
    :class:`kopir.core.errors.ModelError` where the flows of the year cannot be calibrated.
    """
    return _prepare(at_year(model, year), replaced, lift=True)


def _prepare(model: Model, values: Mapping[CellRef, float] | None = None, *, lift: bool) -> Setup:
    network = build_network(model, values)
    baseline = read_baseline(model, network, model.settings.model.base_year, values)
    if lift:
        network = with_seen_capacity(network, baseline.use)
    recorded = np.isfinite(baseline.use).any()
    calibration = calibrate(as_recorded(model, network), baseline) if recorded else None
    return Setup(
        model=model,
        network=network,
        baseline=baseline,
        clauses=read_clauses(model),
        ledger=build_ledger(model, network, values),
        calibration=calibration,
    )


def prepare_at(
    setup: Setup, values: Mapping[CellRef, float], effectiveness: float, lean: Floats | None = None
) -> Setup:
    """Return the setup with some quantities replaced and every clause at one point of its interval.

    ``lean`` (activities; -1 to 1) leads to another calibration that explains the recorded flows about as well:
    it is the correction from which differences count, in units of the size of the least correction.
    A capacity drawn below the recorded load is lifted to it: that the flow was seen is evidence that the
    capacity was there.
    """
    model, clauses = setup.model, setup.clauses.at(effectiveness)
    network, baseline, ledger = setup.network, setup.baseline, setup.ledger
    if values:
        network = build_network(model, values)
        baseline = read_baseline(model, network, setup.baseline.year, values)
        ledger = build_ledger(model, network, values)
    if setup.calibration is not None:
        network = with_seen_capacity(network, setup.calibration.use)
    calibration = None
    if setup.calibration is not None:
        size = setup.calibration.size(np.isfinite(setup.baseline.elasticity))
        reference = None if lean is None else lean * size
        dated = clauses if model.as_of is None else setup.recorded_clauses.at(effectiveness)
        calibration = calibrate(as_it_stands(network, dated), baseline, reference)
    return replace(
        setup,
        network=network,
        baseline=baseline,
        clauses=clauses,
        ledger=ledger,
        calibration=calibration,
    )


def as_recorded(model: Model, network: Network) -> Network:
    """Return the network as the clauses left it at the end of the base year, whose flows are recorded."""
    return as_it_stands(network, read_clauses(model.undated))


def at_time_of(setup: Setup, day: date) -> Setup:
    """Return the setup with the clauses of ``day``, where that is before the day the model is asked as of.

    What ended since must not bind what happened before. A day of the base year or earlier has the clauses at the
    end of the base year, under which its flows are recorded.
    """
    if setup.model.as_of is None or day >= setup.model.as_of:
        return setup
    then = None if day.year <= setup.model.settings.model.base_year else day
    model = replace(setup.model, as_of=then)
    return replace(setup, model=model, clauses=read_clauses(model))


def as_it_stands(network: Network, clauses: ClauseBook) -> Network:
    """Return the network as the clauses in force leave it."""
    return under_closure(network, network.open_shares(clauses.availability(Denial())))
