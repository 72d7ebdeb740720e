"""Sets of options told as bitmasks: which a budget buys, values where more never hurts, and the mean of the worst.

Nothing here knows what is asked about: values come from functions of a mask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from kopir.model.network.network import Floats, Ints


def values_over_masks(
    value: Callable[[int], float], masks: Ints, options: int, *, growing: bool, slack: float
) -> Floats:
    """Return ``value`` of each of ``masks`` (sets of ``options`` bits).

    Where values are ``growing`` (no further option ever lowers them), two sets with the same value give it to
    all between them; otherwise every mask is asked. Values are then right to within ``slack``.
    """
    if not growing:
        return np.array([value(int(mask)) for mask in masks])
    value = cache(value)
    found = np.full(1 << options, np.nan)
    wanted = np.zeros(1 << options, dtype=np.bool_)
    wanted[masks] = True
    every, whole = np.arange(1 << options), (1 << options) - 1
    # Options that matter by themselves part first: sets that differ in the others then share their value sooner.
    alone = {
        1 << bit: value(whole) - value(whole & ~(1 << bit)) + value(1 << bit) - value(0) for bit in range(options)
    }
    first = sorted(alone, key=lambda bit: (-alone[bit], bit))
    cubes = [(0, whole)]
    while cubes:
        low, high = cubes.pop()
        inside = (every & low == low) & (every & ~high == 0) & wanted & np.isnan(found)
        if not inside.any():
            continue
        least = value(low)
        if low == high or value(high) - least <= slack:
            found[inside] = least
            continue
        bit = next(one for one in first if high & ~low & one)
        cubes += [(low, high & ~bit), (low | bit, high)]
    chosen: Floats = found[masks]
    return chosen


def cvar(losses: Floats, weights: Floats, level: float) -> float:
    """Return ``min over eta of eta + E[(L - eta)+] / (1 - level)``.

    Rockafellar & Uryasev 2000, Journal of Risk 2(3), equation 4.
    ``weights`` are probabilities of ``losses``; the minimum lies at a loss.
    """
    if not 0 <= level < 1:
        raise ValueError("a level of CVaR lies from 0 to below 1")
    order = np.argsort(losses, kind="stable")
    ordered, mass = losses[order], weights[order]
    above = np.concatenate([np.cumsum((mass * ordered)[::-1])[::-1], [0.0]])
    left = np.concatenate([np.cumsum(mass[::-1])[::-1], [0.0]])
    whole = ordered + (above[:-1] - ordered * left[:-1]) / (1 - level)
    return float(whole.min())


def affordable(capital: Sequence[float], budget: float) -> Ints:
    """Return the masks whose options together need no more than ``budget``, in the unit of ``capital``."""
    masks = np.arange(1 << len(capital))
    need = sum(((masks >> place & 1) * one for place, one in enumerate(capital)), np.zeros(len(masks)))
    return masks[need <= budget * (1 + 1e-12)]
