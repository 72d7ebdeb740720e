"""Search over sets of options beside brute force: least worst case, growing values, CVaR."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.strategy.outages.deadline import Deadline
from kopir.strategy.plans.generation import ListedPlans, least_worst
from kopir.strategy.plans.search import affordable, cvar, values_over_masks

SLACK = 1e-9


@pytest.mark.parametrize("seed", range(200))
def test_the_least_worst_case_is_that_of_brute_force(seed):
    rng = np.random.default_rng(seed)
    options, attacks = int(rng.integers(1, 7)), int(rng.integers(1, 9))
    cost = rng.integers(0, 20, options).astype(float)
    values = rng.integers(0, 40, (1 << options, attacks)).astype(float)  # whole numbers, so that there are ties
    capital, budget = rng.integers(0, 5, options).astype(float), float(rng.integers(0, 12))
    masks = affordable(capital.tolist(), budget)
    forbidden = set(rng.integers(1, 1 << options, 2).tolist())
    total = lambda mask: sum(one for place, one in enumerate(cost) if mask >> place & 1)  # noqa: E731
    master = ListedPlans(
        masks,
        np.array([total(mask) for mask in masks.tolist()]),
        lambda attack: values[masks, attack],
        slack=SLACK,
        pool={},
        allowed=lambda mask: mask not in forbidden,
    )
    found = least_worst(master, lambda mask: judged(total(mask), values[mask]), slack=SLACK)
    truth = {mask: total(mask) - values[mask].min() for mask in masks.tolist() if mask not in forbidden}
    least = min(truth.values())
    assert found is not None
    assert found.proven
    assert found.worst == pytest.approx(least)
    assert truth[found.plan] == pytest.approx(least)
    assert found.plan.bit_count() == min(
        mask.bit_count() for mask, worst in truth.items() if worst <= least + SLACK
    )
    assert set(found.attacks) == set(np.flatnonzero(values[found.plan] <= values[found.plan].min() + SLACK))
    lower, upper = zip(*found.rounds, strict=True)
    assert list(lower) == sorted(lower)
    assert list(upper) == sorted(upper, reverse=True)


def judged(cost, kept):
    """What the worst attack leaves of a plan as loss, and the attacks that do."""
    return cost - kept.min(), np.flatnonzero(kept <= kept.min() + SLACK).tolist()


def test_nothing_allowed_is_no_plan():
    master = ListedPlans(
        np.arange(2), np.zeros(2), lambda _: np.zeros(2), slack=SLACK, pool={}, allowed=lambda _: False
    )
    assert least_worst(master, lambda _: (0.0, [0]), slack=SLACK) is None


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("judgements", [1, 2, 3])
def test_time_that_is_up_leaves_the_best_found_and_a_bound(seed, judgements):
    """The clock stops after so many plans were judged: what is told lies above the optimum, the bound below."""
    rng = np.random.default_rng([seed, judgements])
    cost, values = rng.integers(0, 20, 64).astype(float), rng.integers(0, 40, (64, 8)).astype(float)
    asked = []

    def judge(mask):
        asked.append(mask)
        return judged(cost[mask], values[mask])

    class Clock(Deadline):
        @property
        def passed(self):
            return len(asked) >= judgements

    master = ListedPlans(np.arange(64), cost, lambda attack: values[:, attack], slack=SLACK, pool={})
    found = least_worst(master, judge, slack=SLACK, deadline=Clock())
    least = (cost - values.min(axis=1)).min()
    assert len(asked) <= judgements
    assert found.bound <= least <= found.worst
    assert found.worst == min(judged(cost[mask], values[mask])[0] for mask in asked)
    assert found.proven == (found.worst <= found.bound)


@pytest.mark.parametrize("seed", range(20))
def test_growing_values_are_filled_from_fewer_questions(seed):
    rng = np.random.default_rng(seed)
    options = 8
    useful = rng.choice(options, 3, replace=False)
    asked = []

    def value(mask):
        asked.append(mask)
        return float(sum(2.0**place for place in useful if mask >> place & 1) > 3) * 5 + (mask >> useful[0] & 1)

    masks = affordable(rng.uniform(0, 1, options).tolist(), 3.0)
    found = values_over_masks(value, masks, options, growing=True, slack=SLACK)
    fewer = len(asked)
    assert fewer == len(set(asked))
    assert found.tolist() == values_over_masks(value, masks, options, growing=False, slack=SLACK).tolist()
    assert fewer < (1 << options) / 3


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.sampled_from([0.0, 0.5, 0.9, 0.95]))
def test_cvar_is_the_mean_of_the_worst_share_by_sorting(losses, level):
    values, mass = np.array(losses), np.full(len(losses), 1 / len(losses))
    left, total = 1 - level, 0.0
    for loss in sorted(losses, reverse=True):
        part = min(left, 1 / len(losses))
        total, left = total + part * loss, left - part
    assert cvar(values, mass, level) == pytest.approx(total / (1 - level), rel=1e-9, abs=1e-6)


def test_cvar_by_hand():
    """Ninety years without loss and ten with 60: the worst tenth is 60, the worst fifth 30."""
    losses, weights = np.array([0.0, 60.0]), np.array([0.9, 0.1])
    assert cvar(losses, weights, 0.9) == pytest.approx(60)
    assert cvar(losses, weights, 0.8) == pytest.approx(30)
    with pytest.raises(ValueError, match="level"):
        cvar(losses, weights, 1.0)
