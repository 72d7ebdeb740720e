"""Many situations near one: partial closures, plans and several periods, equal to a solve of each."""

import numpy as np
import pytest

from kopir.flow.outages import HOW
from kopir.flow.simplex.many import ManySituations
from kopir.flow.value import ValueFunction
from tests.flow.random_networks import random_network
from tests.flow.test_triggers import triggered


def shares(rng, assets):
    """Some assets closed, some in part."""
    share = np.ones(assets)
    hit = rng.choice(assets, min(assets, 4), replace=False)
    share[hit] = rng.choice([0.0, 0.0, 0.3, 0.9], len(hit))
    return share


@pytest.mark.slow
@pytest.mark.parametrize("periods", [1, 3])
def test_values_are_those_of_single_solves(periods):
    ways = set()
    for seed in range(25):
        network = random_network(seed, stores=periods == 1)  # stock locked away in one month only may fit nowhere
        rng = np.random.default_rng(seed)
        function = ValueFunction(network, lengths=np.full(periods, 1 / periods))
        capacity = network.limits.capacity.usable
        usual = function.situation(capacity)
        asked = [
            [function.situation(capacity, shares(rng, len(network.assets))) for _ in range(periods)]
            for _ in range(12)
        ]
        if periods == 1:
            asked = [one for [one] in asked]
        near = usual if periods == 1 else [usual] * periods
        found = ManySituations(function.formulation, near).values(asked)
        for one, value in zip(asked, found.value, strict=True):
            assert value == pytest.approx(function.value(one), rel=1e-9, abs=1e-7), seed
        ways |= set(found.how.tolist())
    assert HOW.index("simplex") in ways


@pytest.mark.slow
def test_what_is_asked_together_has_the_same_bits_whatever_came_before():
    network = random_network(4)
    function = ValueFunction(network)
    rng = np.random.default_rng(0)
    capacity = network.limits.capacity.usable
    asked = [function.situation(capacity, shares(rng, len(network.assets))) for _ in range(30)]
    many = ManySituations(function.formulation, function.situation(capacity))
    many.values(asked[20:])
    again = ManySituations(function.formulation, function.situation(capacity))
    assert many.values(asked[:20]).value.tolist() == again.values(asked[:20]).value.tolist()


def test_without_the_compiled_simplex_each_is_solved():
    network = random_network(4)
    function = ValueFunction(network)
    usual = function.situation(network.limits.capacity.usable)
    found = ManySituations(function.formulation, usual, compiled=False).values([usual])
    assert found.value[0] == pytest.approx(function.value(usual), rel=1e-12)
    assert HOW[found.how[0]] == "solved"


def test_where_using_one_asset_closes_another_each_is_solved():
    network, capacity = triggered(4, 2)
    function = ValueFunction(network)
    usual = function.situation(capacity)
    found = ManySituations(function.formulation, usual).values([usual])
    assert found.value[0] == pytest.approx(function.value(usual), rel=1e-9)
    assert HOW[found.how[0]] == "solved"
