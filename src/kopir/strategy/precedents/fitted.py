"""Parameters of the mechanisms, fitted on the disruptions kept for fitting.

The sum over disruptions of the mean relative error of their responses, each at most 1, is made least by going
through the parameters in turn, each over a grid (coordinate descent), until none moves. Of values whose sum is
within a hundredth of the whole of the best, the one nearest to the naive value is taken: what the record cannot
tell from naive stays naive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kopir.strategy.precedents.mechanisms import NAIVE, Parameters, central
from kopir.strategy.precedents.record import Record

SHARES = tuple(round(float(value), 2) for value in np.arange(0, 1.001, 0.05))
GRIDS: Mapping[str, Sequence[float]] = {
    **dict.fromkeys(NAIVE, SHARES),
    **dict.fromkeys(("lasting", "building"), (0.0, 3.0, 7.0, 14.0, 30.0, 60.0, 120.0, 240.0, 480.0)),
    "response": tuple(round(float(value), 2) for value in np.arange(0, 1.001, 0.02)),
}
"""Values tried of each parameter: shares, days, and a power."""

LIKE_BEST = 0.01
"""Share of the sum of errors within which a value is as good as the best."""
ROUNDS = 20


@dataclass(frozen=True)
class Fit:
    """The fitted parameters, the ends within a tenth of the sum, and how many disruptions speak of each."""

    parameters: Parameters
    low: Parameters
    high: Parameters
    events: Mapping[str, int]


def fit(record: Record) -> Fit:
    """Return the parameters that the disruptions of split ``fit`` bear out."""
    found = dict(NAIVE)
    for _ in range(ROUNDS):
        before = dict(found)
        for name, grid in GRIDS.items():
            sums = [_errors(record, {**found, name: value}) for value in grid]
            good = [value for value, one in zip(grid, sums, strict=True) if one <= min(sums) * (1 + LIKE_BEST)]
            found[name] = min((abs(value - NAIVE[name]), value) for value in good)[1]
        if found == before:
            break
    ends = {name: _within(record, found, name) for name in GRIDS}
    low, high = ({name: pair[at] for name, pair in ends.items()} for at in (0, 1))
    return Fit(found, low, high, {name: _speaking(record, found, name) for name in GRIDS})


def _within(record: Record, found: Parameters, name: str) -> tuple[float, float]:
    sums = {value: _errors(record, {**found, name: value}) for value in GRIDS[name]}
    good = [value for value, one in sums.items() if one <= min(sums.values()) * 1.1]
    return min(good), max(good)


def _speaking(record: Record, found: Parameters, name: str) -> int:
    """Return how many disruptions have a response that the parameter changes."""
    ends = GRIDS[name][0], GRIDS[name][-1]
    return sum(
        any(
            _told(record, code, at, {**found, name: ends[0]}) != _told(record, code, at, {**found, name: ends[1]})
            for at in range(len(record.responses[code]))
        )
        for code, one in record.precedents.items()
        if one.split == "fit"
    )


def _told(record: Record, code: str, at: int, parameters: Parameters) -> str:
    return repr(central(record.precedents[code], record.responses[code][at], parameters))


def _errors(record: Record, parameters: Parameters) -> float:
    total = 0.0
    for code, one in record.precedents.items():
        if one.split != "fit":
            continue
        values = [(central(one, response, parameters), response.after) for response in record.responses[code]]
        errors = [min(1.0, abs(value - seen) / abs(seen)) for value, seen in values if seen and value == value]
        total += sum(errors) / len(errors) if errors else 0.0
    return total
