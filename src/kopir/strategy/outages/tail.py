"""What a sample of losses says: mean, quantiles and the mean of the worst, each with how sure it is.

Years of one world share their inputs, so that standard errors are those of means of worlds (Cochran 1977, Sampling
Techniques, 3rd ed., equation 9A.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kopir.model.network.network import Floats, Ints

Z = 1.96
"""Half-width of a 95 % interval in standard errors."""


@dataclass(frozen=True)
class Told:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def mean_of(values: Floats, world: Ints) -> Told:
    """Return the mean of ``values`` (samples) that are drawn in worlds (samples), with its interval."""
    value = float(values.mean())
    which, place = np.unique(world, return_inverse=True)
    if len(which) < 2:
        return Told(value, float("nan"), float("nan"))
    # The residual of a world is summed, not averaged: the last world may have fewer years.
    off = np.bincount(place, weights=values - value)
    error = float(np.sqrt((off**2).sum() * len(which) / (len(which) - 1)) / len(values))
    return Told(value, value - Z * error, value + Z * error)


def cvar_of(losses: Floats, world: Ints, level: float) -> Told:
    """Return CVaR, ``min over eta of eta + E[(L - eta)+] / (1 - level)``, with its interval.

    Rockafellar and Uryasev (2000), Journal of Risk 2(3), equation 4: the least eta is the quantile; the interval
    is that of the mean at this eta, to which the sum is flat there.
    """
    eta = value_at_risk(losses, level)
    return mean_of(eta + np.maximum(losses - eta, 0.0) / (1 - level), world)


def value_at_risk(losses: Floats, level: float) -> float:
    """Return the least loss that is not exceeded in a share ``level`` of the sample."""
    ordered = np.sort(losses)
    return float(ordered[max(0, int(np.ceil(level * len(losses) - 1e-9)) - 1)])


def in_tail(losses: Floats, level: float) -> Floats:
    """Return the weight of each sample in CVaR (samples, sum 1): those beyond the quantile, of it a part."""
    eta = value_at_risk(losses, level)
    beyond, at = losses > eta, losses == eta
    weight = np.where(beyond, 1.0, 0.0)
    weight[at] = max((1 - level) * len(losses) - beyond.sum(), 0.0) / at.sum()
    shares: Floats = weight / ((1 - level) * len(losses))
    return shares
