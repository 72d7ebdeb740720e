from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import InputError
from kopir.strategy.value.closed_forms import (
    QuantityFunction,
    VarietyFunction,
    autarky_loss,
    quantity_loss,
    real_income_loss,
    variety_loss,
)
from tests.miniatures import miniature

SHARES = st.floats(0.0, 0.99)
SIGMAS = st.floats(1.05, 50)


def test_variety_miniature():
    entry = miniature("M4")
    shares = entry["input"]["shares"]
    for sigma in entry["input"]["sigma"]:
        for names, loss in entry["expected"]["loss"][f"sigma={sigma}"].items():
            lost = sum(shares[name] for name in names.split("+"))
            assert variety_loss(lost, sigma, entry["input"]["E"]) == pytest.approx(loss, abs=1e-6)
    form = entry["expected"]["real_income_index_form"]["P_sigma5"]
    assert real_income_loss(shares["P"], 5) == pytest.approx(form, abs=1e-6)


def test_variety_function_of_several_partners():
    entry = miniature("M4")
    function = VarietyFunction("imports", entry["input"]["E"], entry["input"]["shares"], sigma=3)
    expected = entry["expected"]["loss"]["sigma=3"]
    assert function.loss(frozenset({"P", "Q"}), 1.0) == pytest.approx(expected["P+Q"], abs=1e-5)
    assert function.loss(frozenset({"X"}), 1.0) == 0
    assert function.touched_by(frozenset({"Z", "X"}))
    assert not function.touched_by(frozenset({"X"}))
    assert VarietyFunction("imports", 10, {"P": 0.7, "Q": 0.3}, 3, cap=25).loss(frozenset("PQ"), 1.0) == 25


def test_quantity_miniature():
    entry = miniature("M5")
    cost_share, sigma, fall = np.array(entry["input"]["cases"]).T
    assert quantity_loss(cost_share, fall, sigma) == pytest.approx(np.array(entry["expected"]["loss"]), abs=1e-8)


def test_quantity_function_scales_with_output_and_severity():
    function = QuantityFunction("gas", 1000.0, 0.04, {"P": 0.2}, sigma=0.04)
    assert function.loss(frozenset({"P"}), 0.5) == pytest.approx(1000 * quantity_loss(0.04, 0.1, 0.04))
    assert function.touched_by(frozenset({"P"}))


def test_published_losses():
    # Arkolakis, Costinot and Rodriguez-Clare (2012): United States, lambda 0.93, 1.4 and 0.7 per cent.
    assert autarky_loss(0.93, [-5, -10]) * 100 == pytest.approx([1.44, 0.72], abs=0.005)
    # Bachmann et al. (2022): energy at 4 per cent of cost, elasticity 0.04, 10 per cent less: about 1.5 per cent.
    assert quantity_loss(0.04, 0.1, 0.04) * 100 == pytest.approx(1.57, abs=0.005)


@given(SHARES, SIGMAS)
def test_index_form_is_the_autarky_loss(share, sigma):
    assert real_income_loss(share, sigma) == pytest.approx(float(autarky_loss(1 - share, 1 - sigma)), abs=1e-12)


@given(st.floats(0.001, 1), st.floats(0, 20))
def test_small_shocks_cost_their_share(cost_share, sigma):
    """Hulten (1978): the first-order loss is the cost share times the fall, whatever the elasticity."""
    sigma = max(sigma, 0.05)
    fall = 1e-7
    assert quantity_loss(cost_share, fall, sigma) == pytest.approx(cost_share * fall, rel=1e-4)


@given(st.floats(0.001, 1), st.floats(0.001, 0.999))
def test_limits_in_sigma(cost_share, fall):
    assert quantity_loss(cost_share, fall, 0) == pytest.approx(fall)
    assert quantity_loss(cost_share, fall, 1e-9) == pytest.approx(fall, rel=1e-5)
    cobb_douglas = 1 - (1 - fall) ** cost_share
    assert quantity_loss(cost_share, fall, 1) == pytest.approx(cobb_douglas, rel=1e-12)
    assert quantity_loss(cost_share, fall, [1 - 1e-9, 1 + 1e-9]) == pytest.approx(cobb_douglas, rel=1e-6)


@given(st.floats(0, 1), st.floats(0, 1), st.lists(st.floats(0, 20), min_size=2, max_size=2))
def test_quantity_loss_falls_with_sigma(cost_share, fall, sigmas):
    low, high = sorted(sigmas)
    stiff, pliant = quantity_loss(cost_share, fall, [low, high])
    assert 0 <= pliant <= stiff + 1e-12
    assert stiff <= fall + 1e-12


@given(SHARES, st.lists(SIGMAS, min_size=2, max_size=2))
def test_variety_loss_falls_with_sigma(share, sigmas):
    low, high = sorted(sigmas)
    assert variety_loss(share, high) <= variety_loss(share, low) * (1 + 1e-12)


@given(SHARES, SHARES, SIGMAS)
def test_variety_losses_add_up_to_more_together(first, second, sigma):
    total = min(first + second, 0.995)
    apart = variety_loss(first * total / max(first + second, 1e-300), sigma) + variety_loss(
        second * total / max(first + second, 1e-300), sigma
    )
    assert variety_loss(total, sigma, cap=1e300) >= min(apart, 1e300) * (1 - 1e-9)


def test_whole_loss_of_an_input_or_market():
    assert quantity_loss(0.3, 1.0, [0, 0.5, 1]) == pytest.approx([1, 1, 1])
    assert quantity_loss([1.0, 0.3, 0.3], [1.0, 1.0, 0.5], 2.3e-313) == pytest.approx([1, 1, 0.5])
    assert quantity_loss(0.3, 1.0, 2) == pytest.approx(1 - 0.7**2)
    assert quantity_loss([0.0, 1.0], [1.0, 0.4], 0.5) == pytest.approx([0, 0.4])
    assert variety_loss(1.0, 3) == np.inf
    assert variety_loss(1.0, 3, 10, cap=7) == 7
    assert variety_loss(1.0, 3, 0) == 0
    assert real_income_loss(1.0, 3) == 1


def test_arrays_broadcast():
    assert variety_loss(np.array([[0.1], [0.2]]), np.array([2.0, 3.0, 5.0])).shape == (2, 3)
    assert quantity_loss(0.04, np.array([[0.1], [0.2]]), np.array([0.0, 1.0, 5.0])).shape == (2, 3)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: variety_loss(0.5, 1), "K0504"),
        (lambda: variety_loss(0.5, [3, 0.5, -1]), "K0504"),
        (lambda: variety_loss(0.5, float("nan")), "K0504"),
        (lambda: variety_loss(1.2, 3), "K0305"),
        (lambda: variety_loss(0.2, 3, -1), "K0304"),
        (lambda: real_income_loss(-0.1, 3), "K0305"),
        (lambda: quantity_loss(0.5, 0.5, -0.1), "K0504"),
        (lambda: quantity_loss(1.5, 0.5, 1), "K0305"),
        (lambda: quantity_loss(0.5, float("nan"), 1), "K0305"),
        (lambda: autarky_loss(0.93, 5), "K0504"),
        (lambda: autarky_loss(1.93, -5), "K0305"),
        (lambda: VarietyFunction("f", 1, {"P": 0.7, "Q": 0.7}, 3).loss(frozenset("PQ"), 1.0), "K0305"),
    ],
)
def test_bad_arguments_are_named(call, code):
    with pytest.raises(InputError) as caught:
        call()
    assert {fault.code for fault in caught.value.faults} == {code}
    assert all(fault.value for fault in caught.value.faults)
