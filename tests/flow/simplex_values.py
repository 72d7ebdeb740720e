"""``python -m tests.flow.simplex_values``: values of sets of lost assets by the compiled simplex, bit by bit.

With ``NUMBA_DISABLE_JIT=1`` the same lines run uncompiled.
"""

import sys

import numpy as np

from kopir.flow.outages import HOW, Outages
from kopir.flow.value import ValueFunction
from tests.flow.random_networks import random_network


def settled(seed: int, many: bool):
    """Return values and ways of all single losses and of the first 40 pairs."""
    network = random_network(seed)
    function = ValueFunction(network)
    outages = Outages(function.formulation, function.situation(network.limits.capacity.usable), many=many)
    level, ones = outages.settle([outages.nothing()], 0, outages.assets, lasting=True)
    _, twos = outages.settle([outages.nothing(), level], 0, 40, lasting=False)
    return np.concatenate([ones.value, twos.value]), np.concatenate([ones.how, twos.how])


if __name__ == "__main__":
    for seed in range(2):
        values, ways = settled(seed, many=True)
        for value, way in zip(values.tolist(), ways, strict=True):
            sys.stdout.write(f"{value.hex()} {HOW[way]}\n")
