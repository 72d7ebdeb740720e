"""The value of knowing: the normal two-action case in closed form, nested draws, and what tells nothing."""

from math import erf, exp, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.draws import places as hypercube
from kopir.strategy.plans.information import likely_first, of_everything, of_one, stand_out


def normal(share):
    """Places in (0, 1) as standard normal numbers, by bisection of the error function."""
    low, high = np.full(share.shape, -8.0), np.full(share.shape, 8.0)
    cumulative = np.vectorize(lambda x: (1 + erf(x / sqrt(2))) / 2)
    for _ in range(60):
        middle = (low + high) / 2
        below = cumulative(middle) < share
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return low


def linear_loss(mean, spread):
    """Unit normal linear loss: E max(0, -X) for X normal with that mean and spread, if not taken when negative."""
    at = abs(mean) / spread
    density, tail = exp(-(at**2) / 2) / sqrt(2 * pi), (1 - erf(at / sqrt(2))) / 2
    return spread * (density - at * tail)


@pytest.mark.parametrize(("mean", "parts"), [(0.0, (1.0, 2.0)), (0.5, (2.0, 1.0)), (-1.0, (1.5, 0.5))])
def test_two_actions_of_a_normal_gain_are_the_closed_form(mean, parts):
    """Raiffa & Schlaifer (1961), 5.4: to know a part of spread s of such a gain is worth s N(|mean|/s)."""
    places = hypercube("ab", 6000, 5)
    gain = mean + normal(places) @ np.array(parts)
    losses = np.stack([np.zeros(len(gain)), -gain], axis=1)
    for column, spread in enumerate(parts):
        found = of_one(losses, places[:, column])
        assert found.value == pytest.approx(linear_loss(mean, spread), abs=0.06)
        assert found.low - 0.02 <= linear_loss(mean, spread) <= found.high + 0.02
    assert of_everything(losses).value == pytest.approx(
        linear_loss(mean, sqrt(sum(p * p for p in parts))), abs=0.03
    )


def test_nested_draws_agree():
    """Three choices, a product of two inputs: the inner mean over the second is exact, the outer is averaged."""

    def losses(x, y):
        return np.stack([np.full_like(x, 1.0), 2 * x * y + 0.4, 1.6 - x + 0 * y], axis=1)

    places = hypercube("ab", 4000, 3)
    outer = (np.arange(20_000) + 0.5) / 20_000
    inner = np.stack([np.full_like(outer, 1.0), outer + 0.4, 1.6 - outer], axis=1)
    nested = inner.mean(axis=0).min() - inner.min(axis=1).mean()
    assert of_one(losses(*places.T), places[:, 0]).value == pytest.approx(nested, abs=0.01)


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_no_part_is_worth_more_than_the_whole(seed, choices):
    rng = np.random.default_rng(seed)
    losses = rng.normal(size=(200, choices))
    told = of_one(losses, rng.random(200))
    assert told.low <= told.value <= told.high
    assert told.value <= of_everything(losses).value + 1e-9
    assert 0 <= told.changes <= 1


def test_of_many_that_tell_nothing_hardly_one_stands_out():
    rng = np.random.default_rng(8)
    losses = rng.normal(size=(200, 4))
    found = [of_one(losses, rng.random(200)) for _ in range(300)]
    assert np.mean([one.value for one in found]) < 0.15 * of_everything(losses).value
    assert stand_out(np.array([one.chance for one in found])).sum() <= 3


def test_what_stands_out_by_hand():
    """Of four, at one tenth: 0.01 <= 0.025, 0.04 <= 0.05, 0.2 > 0.075, 0.9 > 0.1."""
    assert stand_out(np.array([0.9, 0.04, 0.2, 0.01])).tolist() == [False, True, False, True]
    assert stand_out(np.array([])).tolist() == []


def test_a_choice_without_an_alternative_gains_nothing():
    losses = np.random.default_rng(0).normal(size=(50, 1))
    assert of_everything(losses).high == 0
    assert of_one(losses, np.linspace(0, 1, 50)).high == 0


def test_scale_of_losses_is_scale_of_worth():
    places = hypercube("a", 300, 1)
    losses = np.stack([np.zeros(300), places[:, 0] - 0.6], axis=1)
    once, thrice = of_one(losses, places[:, 0]), of_one(3 * losses + 7, places[:, 0])
    assert thrice.value == pytest.approx(3 * once.value)
    assert thrice.changes == once.changes


def test_who_is_first_on_average_follows_what_is_known():
    places = np.linspace(0, 1, 400)
    values = np.stack([places, np.full(400, 0.5)], axis=1) + np.random.default_rng(2).normal(0, 0.05, (400, 2))
    first = likely_first(values, places)
    assert set(first[places < 0.4]) == {1}
    assert set(first[places > 0.6]) == {0}
