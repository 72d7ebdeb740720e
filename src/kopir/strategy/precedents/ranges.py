"""How far the mechanisms are off: ranges that hold a stated share of what is seen.

The rules give a range over the ends of severity and days; what is seen lies outside it more often than not,
because a rule is not the world. How far outside is measured on the disruptions looked at, each predicted by
parameters that were fitted without it. With m the larger of the value before and the one predicted, c the
predicted change as a share of m, and e how far the value seen lies outside the ends, as a share of m, a miss is

``e / (STEADY + c)``,

so that a large change is told less exactly than a small one. The scale of a mechanism is its mean miss, drawn
towards that of all as if ``PRIOR`` more disruptions of all kinds had been seen. The range reaches beyond the ends
by as many scales as the share of disruptions asks that is to be held: the conformal quantile of Romano, Patterson
and Candes (2019, equation 8), each disruption with one voice (Dunn, Wasserman and Ramdas 2023, section 3.2).
Lengths of the period asked about were tried as a second ground of the scale and told nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from kopir.strategy.precedents.fitted import Trials, least, without
from kopir.strategy.precedents.mechanisms import Parameters, Prediction, predict
from kopir.strategy.precedents.record import Record

LEVEL = 0.8
"""Share of disruptions whose responses a range is to hold."""
STEADY = 0.5
"""What a miss of a change of nothing counts, beside one of a change of all."""
PRIOR = 3.0
"""Disruptions of all kinds that stand beside those of a mechanism."""
LARGEST = 1.0
"""A miss counts at most so much in a scale."""
STORED = "spread.json"
"""Where the spread of the record that comes with kopir lies, beside its tables."""
_KEPT = ("level", "all", "scales", "reach", "disruptions")


@dataclass(frozen=True, slots=True)
class Miss:
    """How far a response lay outside the ends of its prediction, the disruption left out of fitting."""

    precedent: str
    response: str
    mechanism: str
    size: float
    weight: float


@dataclass(frozen=True)
class Spread:
    """Scales of misses: that of all, those by mechanism, how many of them a range reaches, on so many disruptions.

    ``held`` says of each response looked at whether the range, made of the other disruptions, holds it.
    ``reach`` is infinite where there are too few disruptions to say anything.
    """

    level: float
    all: float
    scales: Mapping[str, float]
    reach: float
    disruptions: int
    held: Mapping[str, bool]

    def half(self, mechanism: str, before: float, value: float) -> float:
        """Return how far beyond the ends a prediction's range reaches, in its unit."""
        size = max(abs(before), abs(value))
        change = abs(value - before) / size if size else 0.0
        return self.reach * self.scales.get(mechanism, self.all) * (STEADY + change) * size

    def widened(self, said: Prediction, before: float) -> Prediction:
        """Return a prediction whose range holds what is seen in the share of disruptions of ``level``.

        Nothing that the record measures falls below nought.
        """
        half = self.half(said.mechanism, before, said.value)
        return replace(said, low=max(0.0, said.low - half), high=said.high + half)


@cache
def bundled_spread() -> Spread:
    """Return the spread of the record that comes with kopir as it was worked out from its rows."""
    text = files("kopir.strategy.precedents").joinpath("record", STORED).read_text(encoding="utf-8")
    return Spread(**json.loads(text), held={})


def as_text(found: Spread) -> str:
    """Return what is kept of a spread as JSON."""
    kept = {name: getattr(found, name) for name in _KEPT}
    return json.dumps(kept, indent=1, sort_keys=True) + "\n"


def spread(record: Record, parameters: Parameters | None = None, level: float = LEVEL) -> Spread:
    """Return how far the mechanisms are off on the disruptions of a record that have been looked at."""
    found = misses(record, parameters)
    codes = sorted({one.precedent for one in found})
    held: dict[str, bool] = {}
    for code in codes:
        others = [one for one in found if one.precedent != code]
        whole, scales = _scales(others)
        reach = _quantile(others, whole, scales, level)
        held |= {
            one.response: one.size <= reach * scales.get(one.mechanism, whole) + 1e-12
            for one in found
            if one.precedent == code
        }
    whole, scales = _scales(found)
    return Spread(level, whole, scales, _quantile(found, whole, scales, level), len(codes), held)


def misses(record: Record, parameters: Parameters | None = None) -> tuple[Miss, ...]:
    """Return the misses of a record; ``parameters`` are those of all disruptions where they are known."""
    trials = Trials(record)
    fitted = least(trials) if parameters is None else parameters
    found: list[Miss] = []
    for code, one in record.precedents.items():
        if not one.seen:
            continue
        left_out = without(trials, fitted, code)
        told = [(each, predict(one, each, left_out)) for each in record.responses[code]]
        reached = [(each, said) for each, said in told if isinstance(said, Prediction)]
        found += [
            Miss(code, each.code, said.mechanism, _size(said, each.before, each.after), 1 / len(reached))
            for each, said in reached
        ]
    return tuple(found)


def _size(said: Prediction, before: float, seen: float) -> float:
    whole = max(abs(before), abs(said.value))
    if not whole:
        return 0.0
    outside = max(said.low - seen, seen - said.high, 0.0)
    return outside / whole / (STEADY + abs(said.value - before) / whole)


def _scales(found: Sequence[Miss]) -> tuple[float, dict[str, float]]:
    """Return the mean miss of all, and of each mechanism drawn towards it."""
    whole = sum(one.weight for one in found)
    mean = sum(one.weight * min(one.size, LARGEST) for one in found) / whole if whole else 0.0
    scales = {}
    for name in sorted({one.mechanism for one in found}):
        own = [one for one in found if one.mechanism == name]
        total = sum(one.weight * min(one.size, LARGEST) for one in own)
        scales[name] = (total + PRIOR * mean) / (sum(one.weight for one in own) + PRIOR)
    return mean, scales


def _quantile(found: Sequence[Miss], whole: float, scales: Mapping[str, float], level: float) -> float:
    """Return the least number of scales that holds ``level`` of disruptions; one not seen counts as a miss."""
    if not whole:
        return 0.0 if len({one.precedent for one in found}) > level / (1 - level) else float("inf")
    needed = level * (sum(one.weight for one in found) + 1)
    upto = 0.0
    for size, weight in sorted((one.size / scales.get(one.mechanism, whole), one.weight) for one in found):
        upto += weight
        if upto >= needed - 1e-9:
            return size
    return float("inf")
