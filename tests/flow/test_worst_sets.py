"""The worst sets by branching are those of trying every set, with every tie; bounds are never below a loss."""

from itertools import combinations

import numpy as np
import pytest

from kopir.flow.outages import Outages
from kopir.flow.simplex import worst_sets
from kopir.flow.simplex.worst_sets import Branching
from kopir.flow.value import ValueFunction
from tests.flow.random_networks import random_network


def opened(seed):
    network = random_network(seed, contracts=False, stores=False)
    function = ValueFunction(network)
    return Outages(function.formulation, function.situation(network.limits.capacity.usable), many=True)


def every_loss(outages, most):
    sets = [one for size in range(most + 1) for one in combinations(range(outages.assets), size)]
    values = outages.undisturbed - outages.values(sets).value
    return dict(zip(sets, values.tolist(), strict=True))


@pytest.mark.slow
def test_the_worst_sets_are_those_of_brute_force_with_every_tie():
    tried = ties = 0
    for seed in range(20):
        outages = opened(seed)
        paths = outages.dropped_paths()
        if paths is None:
            continue
        slack = 1e-9 * max(1.0, abs(outages.undisturbed))
        losses, branching = every_loss(opened(seed), 3), Branching(outages, paths, slack, 3)
        for most in (1, 2, 3):
            peak = max(loss for one, loss in losses.items() if 0 < len(one) <= most)
            truth = [
                one
                for one, loss in losses.items()
                if 0 < len(one) <= most
                and loss >= peak - slack
                and all(loss > losses[tuple(m for m in one if m != out)] + slack for out in one)
            ]
            found = branching.worst(most)
            assert list(found.sets) == truth, (seed, most)
            assert found.losses == pytest.approx([losses[one] for one in truth], rel=1e-9, abs=1e-7)
            tried, ties = tried + 1, ties + (len(truth) > 1)
    assert tried >= 30
    assert ties


@pytest.mark.slow
def test_no_loss_exceeds_what_the_paths_through_assets_earn():
    for seed in range(20):
        outages = opened(seed)
        paths = outages.dropped_paths()
        if paths is None:
            continue
        dropped = paths.of(outages.columns_of(outages.undisturbed_solve))
        losses = every_loss(opened(seed), 2)
        for more in (0, 1):
            most = dropped.most(more)
            for one, loss in losses.items():
                if len(one) == more + 1:
                    assert loss <= most[list(one)].min() + 1e-6, (seed, one)


def test_without_many_sets_nothing_bounds_a_loss():
    network = random_network(1)
    function = ValueFunction(network)
    usual = function.situation(network.limits.capacity.usable)
    assert Outages(function.formulation, usual).dropped_paths() is None
    assert np.isfinite(Outages(function.formulation, usual).undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 3])
def test_a_search_that_ends_early_has_a_bound_that_nothing_exceeds(monkeypatch, after):
    """Few sets at once and a clock that ends after so many looks: the worst found, and no set above the bound."""
    monkeypatch.setattr(worst_sets, "_AT_ONCE", 3)
    ended_early = 0
    for seed in range(5):
        outages = opened(seed)
        paths = outages.dropped_paths()
        if paths is None:
            continue
        slack = 1e-9 * max(1.0, abs(outages.undisturbed))
        losses, looks = every_loss(opened(seed), 3), []
        found = Branching(
            outages, paths, slack, 3, lambda looks=looks: len(looks) >= after or looks.append(1)
        ).worst(3)
        peak = max(loss for one, loss in losses.items() if one)
        assert max(found.losses) <= peak + 1e-7 <= found.bound + 2e-7 * max(1.0, peak)
        ended_early += found.bound > max(found.losses)
    assert ended_early
