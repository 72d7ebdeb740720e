"""Everything a question needs, prepared once: network, calibration, clauses and the rates that book flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from kopir.flow.booking import Ledger, build_ledger
from kopir.flow.calibration import Calibration, calibrate, under_closure, with_seen_capacity
from kopir.model.assembly import build_network
from kopir.model.baseline import Baseline, read_baseline
from kopir.model.clauses import ClauseBook, Denial, read_clauses
from kopir.model.model import Model
from kopir.model.network import Network
from kopir.model.quantities import CellRef
from kopir.strategy.valuation import Span, Valuation


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

    def valuation(self, span: Span) -> Valuation:
        """Return the value function of a horizon or of some months after a shock."""
        return Valuation(
            self.network,
            self.clauses,
            steps=None if self.calibration is None else self.calibration.steps,
            span=span,
            horizons=self.model.settings.horizons,
        )


def prepare(model: Model) -> Setup:
    """Return the setup at central values.

    Raises :class:`kopir.core.errors.ModelError` where the recorded flows cannot be calibrated.
    """
    network = build_network(model)
    baseline = read_baseline(model, network, model.settings.model.base_year)
    clauses = read_clauses(model)
    recorded = np.isfinite(baseline.use).any()
    return Setup(
        model=model,
        network=network,
        baseline=baseline,
        clauses=clauses,
        ledger=build_ledger(model, network),
        calibration=calibrate(as_it_stands(network, clauses), baseline) if recorded else None,
    )


def prepare_at(setup: Setup, values: Mapping[CellRef, float], effectiveness: float) -> Setup:
    """Return the setup with some quantities replaced and every clause at one point of its interval.

    A capacity drawn below the recorded load is lifted to it: that the flow was seen is evidence that the
    capacity was there.
    """
    model = setup.model
    network = build_network(model, values)
    baseline = read_baseline(model, network, setup.baseline.year, values)
    clauses = read_clauses(model, effectiveness)
    if setup.calibration is not None:
        network = with_seen_capacity(network, setup.calibration.use)
    return replace(
        setup,
        network=network,
        baseline=baseline,
        clauses=clauses,
        ledger=build_ledger(model, network, values),
        calibration=None if setup.calibration is None else calibrate(as_it_stands(network, clauses), baseline),
    )


def as_it_stands(network: Network, clauses: ClauseBook) -> Network:
    """Return the network as the clauses in force leave it."""
    return under_closure(network, network.open_shares(clauses.availability(Denial())))
