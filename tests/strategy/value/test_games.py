from __future__ import annotations

from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kopir.core.errors import InputError
from kopir.strategy.value.games import (
    breaking_number,
    coalition_sizes,
    game_values,
    interactions,
    mask_of,
    members,
    shapley_value,
    worst_coalitions,
)


def voting_game(weights: list[float], quota: float) -> np.ndarray:
    masks = np.arange(1 << len(weights))
    total = sum(np.where(masks >> bit & 1, weight, 0) for bit, weight in enumerate(weights))
    return (total >= quota).astype(float)


@st.composite
def games(draw, most: int = 5):
    players = draw(st.integers(1, most))
    value = st.floats(-1e6, 1e6)
    game = draw(arrays(np.float64, 1 << players, elements=value))
    game[0] = 0
    return game


def test_glove_game():
    """One left glove, two right ones: a pair is worth 1 (Shapley and Shubik 1969)."""
    players = ("left", "right1", "right2")
    values = {frozenset(): 0.0}
    for size in (1, 2, 3):
        for coalition in combinations(players, size):
            values[frozenset(coalition)] = float("left" in coalition and len(coalition) > 1)
    assert shapley_value(game_values(players, values)) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_airport_game():
    """Each pays its share of the runway parts it needs (Littlechild and Owen 1973)."""
    runway = [8, 11, 13, 18]
    masks = range(1 << len(runway))
    cost = [max([runway[bit] for bit in range(4) if mask >> bit & 1], default=0) for mask in masks]
    assert shapley_value(cost) == pytest.approx([2, 3, 4, 9])


def test_council_of_the_european_economic_community_in_1958():
    """France, Germany, Italy 4 votes, Belgium, Netherlands 2, Luxembourg 1, quota 12: Luxembourg is a dummy."""
    power = shapley_value(voting_game([4, 4, 4, 2, 2, 1], 12))
    assert power == pytest.approx([14 / 60, 14 / 60, 14 / 60, 9 / 60, 9 / 60, 0], abs=1e-15)


def test_security_council_of_the_united_nations():
    """Five vetoes and nine of fifteen votes: 421/2145 for a permanent seat, 4/2145 for another."""
    power = shapley_value(voting_game([7] * 5 + [1] * 10, 39))
    assert power[:5] == pytest.approx([421 / 2145] * 5)
    assert power[5:] == pytest.approx([4 / 2145] * 10)


@given(games())
def test_value_is_the_mean_over_orders_of_arrival(game):
    players = len(game).bit_length() - 1
    gains = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        mask = 0
        for player in order:
            gains[player] += game[mask | 1 << player] - game[mask]
            mask |= 1 << player
    assert shapley_value(game) == pytest.approx(gains / len(orders), abs=1e-6)


@given(games())
def test_value_is_efficient(game):
    assert shapley_value(game).sum() == pytest.approx(game[-1] - game[0], abs=1e-6)


@given(games(4))
def test_dummy_gets_what_it_brings_alone(game):
    with_dummy = np.concatenate([game, game + 3.0])
    power = shapley_value(with_dummy)
    assert power[-1] == pytest.approx(3.0, abs=1e-6)
    assert power[:-1] == pytest.approx(shapley_value(game), abs=1e-6)


@given(games(), st.data())
def test_renaming_players_permutes_the_value(game, data):
    players = len(game).bit_length() - 1
    order = data.draw(st.permutations(range(players)))
    renamed = np.array(
        [game[sum(1 << order[bit] for bit in range(players) if mask >> bit & 1)] for mask in range(len(game))]
    )
    assert shapley_value(renamed) == pytest.approx(shapley_value(game)[list(order)], abs=1e-6)
    assert interactions(renamed) == pytest.approx(interactions(game)[np.ix_(order, order)], abs=1e-6)


@given(games(), st.floats(-5, 5))
def test_value_is_linear(game, factor):
    assert shapley_value(factor * game) == pytest.approx(factor * shapley_value(game), abs=1e-5)


def test_interaction_of_series_and_parallel():
    parallel = [0.0, 0.0, 0.0, 5.0]
    series = [0.0, 5.0, 5.0, 5.0]
    assert interactions(parallel).tolist() == [[0, 5], [5, 0]]
    assert interactions(series).tolist() == [[0, -5], [-5, 0]]


def test_worst_coalitions_report_ties_without_spare_members():
    #        -  a  b  ab c  ac bc abc
    game = [0, 3, 3, 4, 1, 9, 2, 9]
    worst = worst_coalitions(game)
    assert [masks.tolist() for masks in worst] == [[1, 2], [5], [5]]


@given(games())
def test_worst_value_never_falls_with_k(game):
    worst = [game[masks[0]] for masks in worst_coalitions(game)]
    scale = 1e-9 * max(1.0, float(np.abs(game).max()))
    assert all(later >= earlier - 2 * scale for earlier, later in pairwise(worst))
    assert worst[-1] == pytest.approx(game.max(), abs=2 * scale)


def test_breaking_number():
    game = voting_game([4, 4, 4, 2, 2, 1], 12)
    assert breaking_number(game, 1) == 3
    assert breaking_number(game, 0) == 0
    assert breaking_number(game, 1.5) is None


def test_masks_and_names():
    players = ("a", "b", "c")
    assert [members(mask, players) for mask in (0, 5, 7)] == [(), ("a", "c"), ("a", "b", "c")]
    assert mask_of(["c", "a", "stranger"], players) == 5
    assert coalition_sizes(3).tolist() == [0, 1, 1, 2, 1, 2, 2, 3]


@pytest.mark.parametrize("values", [[], [0, 1, 2], [[0, 1]], [0, float("nan")]])
def test_what_is_no_game_is_refused(values):
    with pytest.raises(InputError, match="K0505"):
        shapley_value(values)


def test_missing_coalitions_are_named():
    with pytest.raises(InputError) as caught:
        game_values(("a", "b"), {frozenset(): 0.0, frozenset("a"): 1.0})
    assert [fault.value for fault in caught.value.faults] == ["a+b", "b"]
