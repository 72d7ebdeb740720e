"""The nested logit within capacities: solved by hand, and what must hold whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import ModelError
from kopir.strategy.corridors.route_choice import Choice, constants, solve, with_constants


def plain(cost, scale, demand=100.0, taken=None, capacity=()):
    """Routes that are each a nest of their own: the plain logit."""
    each = np.arange(len(cost))
    rows = np.zeros((0, len(cost))) if taken is None else np.array(taken, dtype=float)
    return Choice(
        np.array(cost, dtype=float), each, each, (scale,) * 3, demand, rows, np.array(capacity, dtype=float)
    )


def test_two_routes_and_a_limit_by_hand():
    # Wholly open: 1/(1+exp(-1)) of 100; at most 60 on the first: 60/40 = exp(0.005 (200 - u)).
    free = solve(plain([1000, 1200], 0.005))
    assert free.volume[0] == pytest.approx(100 / (1 + np.exp(-1)))
    full = solve(plain([1000, 1200], 0.005, taken=[[1, 0]], capacity=[60]))
    assert full.volume == pytest.approx([60, 40], abs=1e-6)
    assert full.price[0] == pytest.approx(200 - np.log(1.5) / 0.005, abs=1e-4)
    assert full.cost > free.cost


def test_two_routes_of_a_nest_count_for_less_than_two():
    # Scale 0.002 within the nest, 0.001 above: exp(-0.001 W) with W = 1000 - ln(2)/0.002 is sqrt(2) exp(-1).
    choice = Choice(
        np.full(3, 1000.0),
        np.arange(3),
        np.array([0, 0, 1]),
        (0.001, 0.002, 0.002),
        1.0,
        np.zeros((0, 3)),
        np.zeros(0),
    )
    land = np.sqrt(2) / (1 + np.sqrt(2))
    assert solve(choice).volume == pytest.approx([land / 2, land / 2, 1 - land])


def test_constants_make_the_record_an_equilibrium_even_where_a_limit_binds():
    choice = plain([1000, 1200, 900], 0.004, taken=[[1, 0, 0]], capacity=[30])
    added = constants(choice, np.array([30.0, 10.0, np.nan]))
    again = solve(with_constants(choice, added))
    assert again.volume == pytest.approx([30, 10, 60], abs=1e-5)


def test_a_demand_without_room_is_refused():
    with pytest.raises(ModelError, match="K0401"):
        solve(plain([1000, 1200], 0.005, taken=[[1, 1]], capacity=[60]))


@st.composite
def choices(draw):
    count = draw(st.integers(2, 6))
    cost = draw(st.lists(st.floats(500, 20_000), min_size=count, max_size=count))
    route = np.unique(draw(st.lists(st.integers(0, count), min_size=count, max_size=count)), return_inverse=True)[
        1
    ]
    routes = int(route.max()) + 1
    nest = np.unique(draw(st.lists(st.integers(0, 2), min_size=routes, max_size=routes)), return_inverse=True)[1]
    scale = draw(st.floats(1e-5, 1e-3))
    ratios = draw(st.floats(0.1, 1)), draw(st.floats(0.1, 1))
    limits = draw(st.integers(0, 3))
    taken = np.array(draw(st.lists(st.booleans(), min_size=limits * count, max_size=limits * count)), dtype=float)
    taken = taken.reshape(limits, count)
    taken[:, 0] = 0  # one way is free of limits, so there is room
    capacity = np.array(draw(st.lists(st.floats(1, 900), min_size=limits, max_size=limits)))
    scales = (scale, scale / ratios[0], scale / ratios[0] / ratios[1])
    return Choice(np.array(cost), route, nest, scales, 1000.0, taken, capacity)


@given(choices())
def test_all_is_shipped_and_no_limit_is_passed(choice):
    found = solve(choice)
    assert found.volume.sum() == pytest.approx(1000)
    assert (found.volume >= 0).all()
    use = choice.taken @ found.volume
    assert (use <= choice.capacity + 1e-5).all()
    assert found.price[use < choice.capacity - 1e-3] == pytest.approx(0)


def test_of_two_limits_on_the_same_way_the_narrower_has_the_price():
    choice = Choice(
        cost=np.array([853.0, 500.0]),
        route=np.array([0, 0]),
        nest=np.array([0]),
        scales=(0.000891762722191004,) * 3,
        demand=1000.0,
        taken=np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 1.0]]),
        capacity=np.array([1.0, 504.0, 503.0]),
    )
    found = solve(choice)
    assert found.volume == pytest.approx([497, 503])
    assert found.price[:2] == pytest.approx(0)
    assert found.price[2] > 0


@given(choices(), st.floats(1, 5000))
@pytest.mark.slow
def test_a_higher_cost_never_raises_the_own_volume(choice, more):
    dearer = Choice(
        choice.cost + more * (np.arange(len(choice.cost)) == 0),
        choice.route,
        choice.nest,
        choice.scales,
        choice.demand,
        choice.taken,
        choice.capacity,
    )
    before, after = solve(choice), solve(dearer)
    assert after.volume[0] <= before.volume[0] + 1e-4
    assert after.cost >= before.cost - 1e-3


@given(choices())
def test_shares_are_the_slope_of_the_expected_cost(choice):
    _, share, slopes = choice.expected(choice.cost)
    step = 0.05
    for index in range(len(choice.cost)):
        move = step * (np.arange(len(choice.cost)) == index)
        above, below = choice.expected(choice.cost + move), choice.expected(choice.cost - move)
        assert (above[0] - below[0]) / (2 * step) == pytest.approx(share[index], abs=1e-6)
        assert (above[1] - below[1]) / (2 * step) == pytest.approx(slopes[:, index], abs=1e-6)
