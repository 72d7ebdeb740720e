from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from kopir.core.errors import InputError
from kopir.strategy.portfolio.portfolio import (
    asymmetry,
    autonomy,
    bundling_gain,
    concentration,
    effective_number,
    effective_number_by_entropy,
    effective_partners_per_function,
    normalised_specialisation,
    specialisation,
    tilt,
)
from kopir.strategy.value.games import (
    breaking_number,
    game_values,
    interactions,
    members,
    shapley_value,
    worst_coalitions,
)
from tests.miniatures import miniature

LOSSES = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, max_side=5),
    elements=st.floats(0, 1e3).map(lambda x: round(x, 3)),
)


def test_portfolio_of_parallel_routes():
    expected = miniature("M1")["expected"]
    players = ("AZ", "CN", "RU")
    leverage = {frozenset(name.split("+")) - {"none"}: value for name, value in expected["leverage"].items()}
    game = game_values(players, leverage)
    shares = shapley_value(game)
    assert dict(zip(players, shares, strict=True)) == pytest.approx(expected["shapley"], abs=1e-4)
    assert concentration(shares) == pytest.approx(expected["hhi_of_shapley"], abs=1e-6)
    assert effective_number(shares) == pytest.approx(expected["effective_number_of_vectors_hhi"], abs=1e-6)
    by_entropy = expected["effective_number_of_vectors_entropy"]
    assert effective_number_by_entropy(shares) == pytest.approx(by_entropy, abs=1e-6)
    for (k, (names, value)), masks in zip(expected["worst_case"].items(), worst_coalitions(game), strict=True):
        assert ["+".join(members(int(mask), players)) for mask in masks] == [names], k
        assert game[masks[0]] == value
    pairs = interactions(game)
    for names, value in expected["interaction"].items():
        first, second = (players.index(name) for name in names.split("|"))
        assert pairs[first, second] == value
    assert [breaking_number(game, level) for level in (1, 18500, 18501, 26101)] == [1, 1, 2, 3]
    assert autonomy(18500, 27800) == pytest.approx(1 - expected["leverage_share_RU"], abs=1e-6)


@pytest.mark.parametrize("case", ["diagonal", "uniform", "kz_like"])
def test_partner_function_miniature(case):
    entry = miniature("M10")
    losses, expected = np.array(entry["input"][case], dtype=float), entry["expected"][case]
    assert specialisation(losses) == pytest.approx(expected["mutual_information_nats"], abs=1e-6)
    assert normalised_specialisation(losses) == pytest.approx(expected["normalised"], abs=1e-6)
    per_function = effective_partners_per_function(losses)
    assert per_function == pytest.approx(np.array(expected["effective_partners_per_function"]), abs=1e-6)
    overall = effective_number(losses.sum(axis=1))
    assert overall == pytest.approx(expected["effective_partners_overall"], abs=1e-6)


def test_asymmetry_miniature():
    entry = miniature("M12")
    focal, partner = entry["input"]["S"], entry["input"]["P"]
    found = asymmetry(focal["loss_if_P_denies"], focal["gni"], partner["own_loss_if_it_denies"], partner["gni"])
    expected = entry["expected"]
    assert found.loss_per_cent == pytest.approx(expected["loss_pct_S"])
    assert found.own_cost_per_cent == pytest.approx(expected["own_cost_pct_P"])
    assert found.points == pytest.approx(expected["asymmetry_pct_points"])
    assert found.cost_ratio == pytest.approx(expected["cost_ratio"])
    assert found.relative_ratio == pytest.approx(expected["relative_ratio"])


def test_denying_for_free_has_no_ratio():
    found = asymmetry(10, 100, 0, 1000)
    assert (found.cost_ratio, found.relative_ratio, found.points) == (None, None, 10)


def test_hand_values():
    assert concentration([30, 30, 20, 20]) == pytest.approx(0.26)  # 2600 points, the textbook case
    assert effective_number([1, 1, 1, 1]) == pytest.approx(4)
    assert effective_number([5, 0, 0]) == pytest.approx(1)
    assert effective_number_by_entropy([1, 1]) == pytest.approx(2)
    assert tilt([0.5, 0.3, 0.2], [1, 1, 1]) == pytest.approx(1 / 6)
    assert tilt([2, 2], [5, 5]) == 0
    assert bundling_gain([[2, 1], [3, 3]], [7.2, 3]).tolist() == pytest.approx([4.2, -3])


def test_nothing_to_measure_is_nan():
    assert math.isnan(concentration([0, 0]))
    assert math.isnan(specialisation([[0, 0]]))
    assert math.isnan(normalised_specialisation([[0.0], [0.0]]))
    assert math.isnan(autonomy(0, 0))
    assert np.isnan(effective_partners_per_function([[1, 0], [1, 0]])).tolist() == [False, True]


def test_a_single_partner_is_not_specialised():
    assert specialisation([[3, 4, 5]]) == pytest.approx(0, abs=1e-12)
    assert normalised_specialisation([[3, 4, 5]]) == 0


@given(LOSSES, st.floats(0.01, 100))
def test_specialisation_is_bounded_and_free_of_units(losses, factor):
    if losses.sum() == 0:
        assert math.isnan(specialisation(losses))
        return
    found = specialisation(losses)
    assert 0 <= found <= math.log(min(losses.shape)) + 1e-9
    assert specialisation(losses * factor) == pytest.approx(found, abs=1e-9)
    assert specialisation(losses.T) == pytest.approx(found, abs=1e-9)
    assert 0 <= normalised_specialisation(losses) <= 1 + 1e-6


@given(arrays(np.float64, st.integers(1, 8), elements=st.floats(0.01, 1e3)))
def test_effective_numbers_lie_between_one_and_all(weights):
    by_square, by_entropy = effective_number(weights), effective_number_by_entropy(weights)
    assert 1 - 1e-9 <= by_square <= by_entropy + 1e-9
    assert by_entropy <= len(weights) + 1e-9


@pytest.mark.parametrize(
    "call",
    [
        lambda: concentration([1, -1]),
        lambda: effective_number([1, float("nan")]),
        lambda: specialisation([[1, -2]]),
        lambda: tilt([1, 1], [1, -1]),
        lambda: asymmetry(1, 0, 1, 1),
        lambda: asymmetry(1, 1, 1, -1),
    ],
)
def test_bad_arguments_are_named(call):
    with pytest.raises(InputError, match="K0304"):
        call()
