"""The value of knowing before choosing: perfect information, whole and in part.

Nothing here knows what is chosen or what is known: losses are numbers of draws by choices.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.polynomial import legendre

from kopir.model.network.network import Floats, Ints

DEGREE = 3
FOLDS = 5
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]
NINETY = 1.6448536269514722
"""Standard errors from the middle to either end of a 90 % interval by the normal law."""


@dataclass(frozen=True)
class Worth:
    """What knowing is worth in the unit of the losses, its 90 % interval, and how often it changes the choice.

    ``chance`` is the probability of so much where it is worth nothing.
    """

    value: float
    low: float
    high: float
    changes: float
    chance: float


def of_everything(losses: Floats) -> Worth:
    """Return ``min over a of E L(a) - E min over a of L(a)`` (``losses``: draws x choices).

    Raiffa & Schlaifer (1961), Applied Statistical Decision Theory, section 4.5.
    """
    now = int(losses.mean(axis=0).argmin())
    return _worth(losses[:, now] - losses.min(axis=1), losses.argmin(axis=1) != now)


def of_one(losses: Floats, known: Floats, *, seed: int = 0) -> Worth:
    """Return what it is worth to know one input (``known``: draws, 0 to 1) before choosing.

    ``E[L(a) | input]`` is a cubic fitted to four fifths of the draws; the choice it makes is judged on the last
    fifth, each in turn, against the choice that is best over all draws. So nothing is gained by chance, and the
    estimate errs downwards where draws are few. After Strong, Oakley & Brennan (2014), Medical Decision
    Making 34(3), equations 5 and 9, with the fit judged out of sample.
    """
    saved, other = np.zeros(len(losses)), np.zeros(len(losses), dtype=np.bool_)
    now = int(losses.mean(axis=0).argmin())
    fold = np.random.default_rng(seed).permutation(len(losses)) % FOLDS
    basis = _basis(known)
    for part in range(FOLDS):
        fitted, judged = fold != part, fold == part
        then = _fit(basis[fitted], losses[fitted], basis[judged]).argmin(axis=1)
        saved[judged] = losses[judged, now] - losses[judged][np.arange(len(then)), then]
        other[judged] = then != now
    return _worth(saved, other)


def likely_first(values: Floats, known: Floats) -> Ints:
    """Return which column of ``values`` (draws x columns) is largest on average where ``known`` is what it is."""
    basis = _basis(known)
    first: Ints = _fit(basis, values, basis).argmax(axis=1)
    return first


def _basis(known: Floats) -> Floats:
    return np.asarray(legendre.legvander(2 * known - 1, DEGREE), dtype=np.float64)


def _fit(basis: Floats, values: Floats, at: Floats) -> Floats:
    fitted: Floats = at @ np.linalg.lstsq(basis, values, rcond=None)[0]
    return fitted


def stand_out(chances: Floats, rate: float = 0.1) -> Bools:
    """Return which of many finds are more than chance makes of so many, at most ``rate`` of them wrongly.

    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57(1), section 3.
    """
    order = np.argsort(chances, kind="stable")
    below = np.flatnonzero(chances[order] <= rate * np.arange(1, len(chances) + 1) / max(1, len(chances)))
    out = np.zeros(len(chances), dtype=np.bool_)
    out[order[: below[-1] + 1 if below.size else 0]] = True
    return out


def _worth(saved: Floats, other: Bools) -> Worth:
    value = float(saved.mean())
    error = float(saved.std(ddof=1)) / sqrt(len(saved)) if len(saved) > 1 else 0.0
    chance = erfc(value / error / sqrt(2)) / 2 if error > 0 else float(value <= 0)
    low, high = (max(0.0, value + side * NINETY * error) for side in (-1, 1))
    return Worth(max(0.0, value), low, high, float(other.mean()), chance)
