"""Places of draws, dealt by name: neither the order of rows nor what else is drawn moves the draws of a figure.

Uniform numbers are those of SplitMix64 (Steele, Lea and Flood 2014, Fast splittable pseudorandom number
generators): output ``k`` of a stream is a mix of its start plus ``k`` odd steps. The stream of a
figure starts at a hash of its name and the seed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIXES = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_LAST = np.uint64(31)
_UNIT = 2.0**-53
_SPARE = np.uint64(11)


def places(names: Sequence[str], draws: int, *seed: int) -> Floats:
    """Return a Latin hypercube (draws x names; 0 to 1): of each figure one draw lies in each of equal parts.

    The column of a name depends on it, ``draws`` and ``seed`` alone; of equal names the second and later ones
    have columns of their own. Source of the hypercube: McKay, Beckman and Conover (1979), Technometrics 21(2).
    """
    own = [_start(name, seed) for name in _apart(names)]
    starts = np.array(own, dtype=np.uint64).reshape(1, len(own))
    parts = uniform(starts, draws, 0).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    points: Floats = (parts + uniform(starts, draws, draws)) / max(draws, 1)
    return points


def uniform(starts: NDArray[np.uint64], count: int, skipped: int) -> Floats:
    """Return ``count`` numbers (0 to 1) of each stream after the first ``skipped`` (count x streams)."""
    steps = np.arange(skipped + 1, skipped + count + 1, dtype=np.uint64).reshape(count, 1)
    mixed = starts + steps * _STEP
    for shift, factor in _MIXES:
        mixed = (mixed ^ (mixed >> shift)) * factor
    found: Floats = ((mixed ^ (mixed >> _LAST)) >> _SPARE) * _UNIT
    return found


def _apart(names: Sequence[str]) -> Iterator[str]:
    met: Counter[str] = Counter()
    for name in names:
        met[name] += 1
        yield name if met[name] == 1 else f"{name}#{met[name]}"


def _start(name: str, seed: Sequence[int]) -> int:
    text = "\0".join([*map(str, seed), name])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
