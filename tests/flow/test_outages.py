"""Every set of lost assets, settled by structure, by an optimum that it leaves whole, or by a solve."""

from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np
import pytest

from kopir.flow.outages import HOW, Level, Outages, members_between, rank
from kopir.flow.value import ValueFunction
from tests.flow import oracle
from tests.flow.random_networks import random_network
from tests.flow.test_triggers import triggered


def asked(network, **parts):
    function = ValueFunction(network)
    return function.formulation, function.situation(network.limits.capacity.usable, **parts)


def every_set(outages, most, step=10**6):
    """Members, values and ways of all sets of at most ``most`` assets, the last size in stretches."""
    levels, found = [outages.nothing()], []
    for size in range(1, most + 1):
        parts = [
            outages.settle(levels, first, first + step, lasting=size < most)
            for first in range(0, comb(outages.assets, size), step if size == most else 10**9)
        ]
        words, solve = (
            np.concatenate([getattr(level, name) for level, _ in parts]) for name in ("words", "solve")
        )
        levels.append(Level(size, words, solve))
        values = np.concatenate([settled.value for _, settled in parts])
        ways = np.concatenate([settled.how for _, settled in parts])
        found += zip(combinations(range(outages.assets), size), values, ways, strict=True)
    return found


def solved_alone(network, situation, members):
    share = situation.open_share.copy()
    share[list(members)] = 0.0
    return ValueFunction(network).value(replace(situation, open_share=share))


def agrees(seeds, most, *, sample=None, many=False):
    ways = set()
    for seed in seeds:
        network = random_network(seed)
        formulation, situation = asked(network)
        function = ValueFunction(network)
        found = every_set(Outages(formulation, situation, many=many), most)
        if sample is not None:
            chosen = np.random.default_rng(seed).choice(len(found), min(sample, len(found)), replace=False)
            found = [found[place] for place in chosen]
        for members, value, way in found:
            share = situation.open_share.copy()
            share[list(members)] = 0.0
            truth = function.value(replace(situation, open_share=share))
            assert value == pytest.approx(truth, rel=1e-9, abs=1e-7), (seed, members)
            ways.add(HOW[way])
    assert {"structure", "lattice", "simplex" if many else "solved"} <= ways
    assert many or "simplex" not in ways


def test_all_pairs_of_small_networks_equal_their_own_solves():
    agrees(range(3), 2, sample=300)


@pytest.mark.slow
def test_pairs_of_two_hundred_networks_equal_their_own_solves():
    agrees(range(200), 2, sample=150, many=True)


@pytest.mark.slow
def test_triples_of_small_networks_equal_their_own_solves():
    agrees(range(1000, 1012), 3, sample=400, many=True)


def test_single_losses_equal_an_independent_programme():
    for seed in range(3):
        network = random_network(seed)
        formulation, situation = asked(network)
        for members, value, _ in every_set(Outages(formulation, situation), 1):
            share = np.ones(len(network.assets))
            share[list(members)] = 0.0
            question = oracle.Question(situation.capacity, share, np.zeros(2))
            assert value == pytest.approx(oracle.value(network, question), rel=1e-7, abs=1e-6)


def test_a_situation_that_is_partly_closed_already():
    network = random_network(5)
    share = np.ones(len(network.assets))
    share[::4], share[1::7] = 0.5, 0.0
    formulation, situation = asked(network, open_share=share)
    for members, value, _ in every_set(Outages(formulation, situation), 2)[::7]:
        assert value == pytest.approx(solved_alone(network, situation, members), rel=1e-9, abs=1e-7)


def test_any_sets_may_be_asked_for():
    network = random_network(3)
    formulation, situation = asked(network)
    sets = [(), (0,), (4, 1), (1, 4), (0, 1, 2, 3, 4)]
    found = Outages(formulation, situation).values(sets)
    truth = [solved_alone(network, situation, members) for members in sets]
    assert found.value == pytest.approx(truth, rel=1e-9)
    assert found.value[2] == found.value[3]
    assert HOW[found.how[3]] == "structure"


@pytest.mark.parametrize("many", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_stretches_give_the_same_bits_whatever_ran_before(many):
    network = random_network(7)
    formulation, situation = asked(network)
    whole = every_set(Outages(formulation, situation, many=many), 2, step=100)

    again = Outages(formulation, situation, many=many)
    levels = [again.nothing()]
    levels.append(again.settle(levels, 0, again.assets, lasting=True)[0])
    pairs = [row for row in whole if len(row[0]) == 2]
    half = Outages(formulation, situation, many=many)
    settled = type(half.values([()]))
    again.recall(levels, 0, 200, settled(np.array([row[1] for row in pairs[:200]]), np.zeros(200, dtype=np.int64)))
    _, rest = again.settle(levels, 200, 300, lasting=False)
    assert rest.value.tolist() == [row[1] for row in pairs[200:300]]
    assert rest.how.tolist() == [row[2] for row in pairs[200:300]]


def test_order_of_sets():
    assert members_between(6, 3, 4, 9).tolist() == [list(one) for one in combinations(range(6), 3)][4:9]
    every = members_between(9, 4, 0, 10**6)
    assert rank(every, 9).tolist() == list(range(comb(9, 4)))
    assert members_between(5, 1, 2, 99).tolist() == [[2], [3], [4]]


def test_a_duty_that_is_waived_can_make_a_loss_worth_something():
    gains = 0
    for seed in range(40):
        network = random_network(seed)
        formulation, situation = asked(network)
        outages = Outages(formulation, situation)
        values = [value for _, value, _ in every_set(outages, 1)]
        gains += max(values) > outages.undisturbed + 1e-6
    assert gains  # otherwise the case that a loss is no loss is not tried


def test_where_using_one_asset_closes_another_each_set_is_solved():
    network, capacity = triggered(4, 2)
    function = ValueFunction(network)
    outages = Outages(function.formulation, function.situation(capacity))
    for members, value, how in every_set(outages, 1):
        share = np.ones(len(network.assets))
        share[list(members)] = 0.0
        assert value == pytest.approx(function.value(function.situation(capacity, share)), rel=1e-9)
        assert HOW[how] == "solved"


def test_several_periods_are_refused():
    network = random_network(0)
    function = ValueFunction(network, lengths=np.ones(2))
    with pytest.raises(ValueError, match="one period"):
        Outages(function.formulation, function.situation(network.limits.capacity.usable))
