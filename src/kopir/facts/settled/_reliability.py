"""How far a source is believed: noise and lasting bias, shrunk to the prior of its class.

The noise of a source is the standard deviation of its log errors beyond rounding; its posterior is taken on a
grid, with a log-normal prior around the noise of its class, and its mean square counts, so that a source of which
little is known is not taken for a quiet one. A lasting bias is zero with the class's probability
and normal otherwise (spike and slab), so that a few residuals of one sign move nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OUTLIERS = 0.06
"""Prior share of claims that are wrong rather than noisy."""
OUTLIER_DENSITY = 0.2
"""Density of the log error of a wrong claim: uniform over five units of the logarithm."""
_GRID = np.geomspace(5e-4, 0.3, 28)
_SPREAD = 0.6


@dataclass(frozen=True, slots=True)
class Reliability:
    """Prior of a class of sources: ``noise`` and ``bias`` in logs, ``biased`` the share with a lasting bias."""

    noise: float
    bias: float
    biased: float


@cache
def class_priors() -> Mapping[str, Reliability]:
    """Return the prior of every class of source."""
    text = files("kopir.facts").joinpath("data/reliability.csv").read_text(encoding="utf-8")
    return {
        row["class"]: Reliability(float(row["noise"]), float(row["bias"]), float(row["biased"]))
        for row in csv.DictReader(text.splitlines())
    }


def prior_of(name: str) -> Reliability:
    """Return the prior of a class, that of ``unknown`` for a class of no table."""
    priors = class_priors()
    return priors.get(name, priors["unknown"])


@dataclass(frozen=True)
class SourceStates:
    """What is held of each source, shape ``(sources,)``: noise, bias and the prior it was shrunk to."""

    noise: Floats
    bias: Floats
    prior: tuple[Reliability, ...]

    @classmethod
    def prior_only(cls, classes: list[str]) -> SourceStates:
        """Return sources of whom nothing is known but their class."""
        priors = tuple(prior_of(name) for name in classes)
        return cls(np.array([prior.noise for prior in priors]), np.zeros(len(priors)), priors)


def learned(
    states: SourceStates, source: Ints, residual: Floats, rounding: Floats, others: Floats
) -> SourceStates:
    """Return the sources after seeing ``residual`` = log claim − log fact as the other claims give it.

    ``rounding`` and ``others`` are the variances of the rounding of the claim and of the fact without it.
    """
    count = len(states.noise)
    noise = _noise(states, source, residual - states.bias[source], rounding + others, count)
    weight = _inlier(residual - states.bias[source], noise[source] ** 2 + rounding + others)
    bias = _bias(states, source, residual, weight / (noise[source] ** 2 + rounding + others), count)
    return SourceStates(noise, bias, states.prior)


def _noise(states: SourceStates, source: Ints, residual: Floats, variance: Floats, count: int) -> Floats:
    centre = np.log([prior.noise for prior in states.prior])
    score = np.empty((len(_GRID), count))
    for row, noise in enumerate(_GRID):
        total = noise**2 + variance
        density = (1 - OUTLIERS) * np.exp(-0.5 * residual**2 / total) / np.sqrt(2 * np.pi * total)
        score[row] = np.bincount(source, np.log(density + OUTLIERS * OUTLIER_DENSITY), count)
        score[row] -= 0.5 * ((np.log(noise) - centre) / _SPREAD) ** 2
    mass = np.exp(score - score.max(axis=0))
    return np.asarray(np.sqrt((mass * _GRID[:, None] ** 2).sum(axis=0) / mass.sum(axis=0)))


def _inlier(residual: Floats, variance: Floats) -> Floats:
    density = (1 - OUTLIERS) * np.exp(-0.5 * residual**2 / variance) / np.sqrt(2 * np.pi * variance)
    return np.asarray(density / (density + OUTLIERS * OUTLIER_DENSITY))


def _bias(states: SourceStates, source: Ints, residual: Floats, weight: Floats, count: int) -> Floats:
    precision = np.bincount(source, weight, count)
    seen = precision > 0
    mean = np.divide(np.bincount(source, weight * residual, count), precision, where=seen, out=np.zeros(count))
    slab = np.array([prior.bias for prior in states.prior]) ** 2
    share = np.array([prior.biased for prior in states.prior])
    noise = np.divide(1.0, precision, where=seen, out=np.full(count, np.inf))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        odds = share / (1 - share) * np.sqrt(noise / (noise + slab))
        odds *= np.exp(np.minimum(0.5 * mean**2 * (1 / noise - 1 / (noise + slab)), 500.0))
        believed = seen & (odds > 1)
    return np.where(believed, mean * slab / (slab + np.where(seen, noise, 1.0)), 0.0)
