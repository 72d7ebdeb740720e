"""Parameters of the mechanisms, fitted on the disruptions that have been looked at.

A parameter is the mean of the values of a grid, each weighted by how well it tells the disruptions that speak of
it (the Gibbs posterior of Bissiri, Holmes and Walker 2016, equation 4):

``weight(v) = exp(-RATE * (sum over disruptions of error(v) + NAIVE_VOICE * |v - drawn to| / width of the grid))``

with ``error`` the mean relative error of a disruption's responses, each at most 1. A parameter of which few
disruptions speak therefore stays near its naive value, and none jumps because one disruption is left out. They are
gone through in turn until none moves (iterated conditional means); each is rounded to its grid.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kopir.strategy.precedents.mechanisms import NAIVE, Floats, Parameters, central, over, parameters_of
from kopir.strategy.precedents.record import Record

SHARES = tuple(round(float(value), 2) for value in np.arange(0, 1.001, 0.02))
GRIDS: Mapping[str, Sequence[float]] = {
    **dict.fromkeys(NAIVE, SHARES),
    "lasting": (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0),
}
"""Values tried of each parameter: shares, shares of a length, and a power."""

RATE = 4.0
"""An error larger by 1 / RATE divides a weight by e; the mean error of the rules is of that size."""
NAIVE_VOICE = 3.0
"""Disruptions that speak for the value to which a parameter is drawn."""
DRAWN_TO: Parameters = {**NAIVE, "taken": 0.5}
"""Values to which parameters are drawn: the naive ones; the middle where two naive forecasts are both tenable."""
ROUNDS = 20
MIDDLE = (1 / 6, 5 / 6)
"""Shares of the weights at which the printed ends of a parameter lie."""


@dataclass(frozen=True)
class Fit:
    """Parameters by name, the middle two thirds of their weights, how many disruptions speak of each."""

    parameters: Parameters
    low: Parameters
    high: Parameters
    events: Mapping[str, int]


class Trials:
    """Errors of the seen disruptions of a record under any parameters, each worked out once."""

    def __init__(self, record: Record) -> None:
        """Take the disruptions of ``record`` that have been looked at."""
        self._record = record
        self._told: dict[tuple[object, ...], Floats] = {}
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

    def errors(self, parameters: Parameters, name: str, codes: Collection[str]) -> Floats:
        """Return the sum over disruptions of the mean error of their responses, for each value of a grid."""
        total: Floats = np.sum([self._errors(code, parameters, name) for code in codes], axis=0)
        return total

    def _errors(self, code: str, parameters: Parameters, name: str) -> Floats:
        key = (code, name, *(parameters[one] for one in self._names[code] if one != name))
        if key not in self._told:
            self._told[key] = self._means(code, parameters, name)
        return self._told[key]

    def _means(self, code: str, parameters: Parameters, name: str) -> Floats:
        one, grid = self._record.precedents[code], np.array(GRIDS[name])
        reached = [each for each in self._record.responses[code] if each.after]
        values = [(over(one, each, parameters, name, grid), each.after) for each in reached]
        errors = [np.minimum(1.0, np.abs(told - seen) / abs(seen)) for told, seen in values]
        known = [error for error in errors if not np.isnan(error).any()]
        return np.mean(known, axis=0) if known else np.zeros(len(grid))

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
            found[name] = _mean(trials, found, name, codes)
        if found == before:
            break
    return found


def _weights(trials: Trials, found: Parameters, name: str, codes: Collection[str]) -> Floats:
    """Return the weight of each value of a parameter's grid; they add up to one."""
    grid = GRIDS[name]
    away = np.abs(np.arange(len(grid)) - grid.index(DRAWN_TO[name])) / (len(grid) - 1)
    worse = trials.errors(found, name, codes) + NAIVE_VOICE * away
    weights = np.exp(-RATE * (worse - worse.min()))
    shares: Floats = weights / weights.sum()
    return shares


def _mean(trials: Trials, found: Parameters, name: str, codes: Collection[str]) -> float:
    """Return the weighted mean of a grid, rounded to it; the naive value where nothing speaks of it."""
    if not codes:
        return NAIVE[name]
    places = np.arange(len(GRIDS[name]))
    return GRIDS[name][round(float(places @ _weights(trials, found, name, codes)))]


def _within(trials: Trials, found: Parameters, name: str) -> tuple[float, float]:
    upto = np.cumsum(_weights(trials, found, name, trials.speaking(name)))
    low, high = (int(np.searchsorted(upto, share)) for share in MIDDLE)
    return GRIDS[name][low], GRIDS[name][min(high, len(upto) - 1)]


def _speaking(trials: Trials, found: Parameters, name: str) -> int:
    """Return how many disruptions have a response that the parameter changes."""
    ends = [{**found, name: GRIDS[name][at]} for at in (0, -1)]
    return sum(trials.told(code, ends[0]) != trials.told(code, ends[1]) for code in trials.speaking(name))
