"""Parameters of the mechanisms, fitted on the disruptions that have been looked at.

The sum over disruptions of the mean relative error of their responses, each at most 1, is made least by going
through the parameters in turn, each over a grid (coordinate descent), until none moves. A parameter is chosen by
the disruptions that speak of it alone. Of values that are worse than the best by no more than one standard error
of the difference over those disruptions, the one nearest to the naive value is taken (Breiman, Friedman, Olshen
and Stone 1984, section 3.4.3): what the record cannot tell from naive stays naive.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kopir.strategy.precedents.mechanisms import NAIVE, Parameters, central, parameters_of
from kopir.strategy.precedents.record import Record

Floats = NDArray[np.float64]

SHARES = tuple(round(float(value), 2) for value in np.arange(0, 1.001, 0.05))
GRIDS: Mapping[str, Sequence[float]] = {
    **dict.fromkeys(NAIVE, SHARES),
    "lasting": (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0),
    "building": (0.0, 3.0, 7.0, 14.0, 30.0, 60.0, 120.0, 240.0, 480.0),
    "response": tuple(round(float(value), 2) for value in np.arange(0, 1.001, 0.02)),
}
"""Values tried of each parameter: shares, shares of a length, days, and a power."""

ROUNDS = 20
FEW = 2
"""Disruptions below which a parameter stays naive."""
ROUNDING = 1e-12


@dataclass(frozen=True)
class Fit:
    """Parameters by name, the values within a standard error, and how many disruptions speak of each."""

    parameters: Parameters
    low: Parameters
    high: Parameters
    events: Mapping[str, int]


class Trials:
    """Errors of the seen disruptions of a record under any parameters, each worked out once."""

    def __init__(self, record: Record) -> None:
        """Take the disruptions of ``record`` that have been looked at."""
        self._record = record
        self._told: dict[tuple[object, ...], float] = {}
        self._names = {
            code: tuple(sorted({name for each in record.responses[code] for name in parameters_of(one, each)}))
            for code, one in record.precedents.items()
            if one.seen and record.responses[code]
        }

    def speaking(self, name: str) -> tuple[str, ...]:
        """Return the disruptions with a response that the parameter may move."""
        return tuple(code for code, names in self._names.items() if name in names)

    def names(self, code: str) -> tuple[str, ...]:
        """Return the parameters that may move a response of a disruption."""
        return self._names.get(code, ())

    def errors(self, parameters: Parameters, codes: Collection[str]) -> Floats:
        """Return the mean relative error of the responses of each disruption, each at most 1."""
        return np.array([self._error(code, parameters) for code in codes])

    def _error(self, code: str, parameters: Parameters) -> float:
        key = (code, *(parameters[name] for name in self._names[code]))
        if key not in self._told:
            self._told[key] = self._mean(code, parameters)
        return self._told[key]

    def _mean(self, code: str, parameters: Parameters) -> float:
        one = self._record.precedents[code]
        values = [(central(one, each, parameters), each.after) for each in self._record.responses[code]]
        errors = [min(1.0, abs(value - seen) / abs(seen)) for value, seen in values if seen and value == value]
        return sum(errors) / len(errors) if errors else 0.0

    def told(self, code: str, parameters: Parameters) -> tuple[str, ...]:
        """Return what the rules give for each response of a disruption."""
        one = self._record.precedents[code]
        return tuple(repr(central(one, each, parameters)) for each in self._record.responses[code])


def fit(record: Record) -> Fit:
    """Return the parameters that the disruptions looked at bear out."""
    trials = Trials(record)
    found = least(trials)
    ends = {name: _within(trials, found, name) for name in GRIDS}
    low, high = ({name: pair[at] for name, pair in ends.items()} for at in (0, 1))
    return Fit(found, low, high, {name: _speaking(trials, found, name) for name in GRIDS})


def least(trials: Trials) -> Parameters:
    """Return the parameters of least error on all disruptions looked at."""
    return _descended(dict(NAIVE), trials, {name: trials.speaking(name) for name in GRIDS})


def without(trials: Trials, found: Parameters, code: str) -> Parameters:
    """Return the parameters with those that a disruption speaks of fitted again on the others."""
    own = trials.names(code)
    speaking = {name: tuple(one for one in trials.speaking(name) if one != code) for name in GRIDS if name in own}
    return _descended({**found, **{name: NAIVE[name] for name in own}}, trials, speaking)


def _descended(found: dict[str, float], trials: Trials, speaking: Mapping[str, Collection[str]]) -> Parameters:
    for _ in range(ROUNDS):
        before = dict(found)
        for name, codes in speaking.items():
            good = _as_good(trials, found, name, codes)
            found[name] = min((abs(value - NAIVE[name]), value) for value in good)[1]
        if found == before:
            break
    return found


def _as_good(trials: Trials, found: Parameters, name: str, codes: Collection[str]) -> list[float]:
    """Return the values of a parameter that are worse than the best by at most one standard error."""
    grid = GRIDS[name]
    errors = [trials.errors({**found, name: value}, codes) for value in grid]
    best = min(errors, key=lambda one: float(one.sum()))
    return [value for value, one in zip(grid, errors, strict=True) if _like(one - best)]


def _like(worse: Floats) -> bool:
    """Whether differences over disruptions add up to no more than one standard error of their sum.

    One disruption has no standard error and tells nothing.
    """
    count = len(worse)
    if count < FEW:
        return True
    return bool(worse.sum() <= worse.std(ddof=1) * np.sqrt(count) + ROUNDING)


def _within(trials: Trials, found: Parameters, name: str) -> tuple[float, float]:
    good = _as_good(trials, found, name, trials.speaking(name))
    return min(good), max(good)


def _speaking(trials: Trials, found: Parameters, name: str) -> int:
    """Return how many disruptions have a response that the parameter changes."""
    ends = [{**found, name: GRIDS[name][at]} for at in (0, -1)]
    return sum(trials.told(code, ends[0]) != trials.told(code, ends[1]) for code in trials.speaking(name))
