"""Calibration: the recorded flow becomes the one optimum, and stays it under noise."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kopir.core.errors import ModelError
from kopir.flow.calibration import calibrate
from kopir.flow.steps import Steps
from kopir.flow.value import ValueFunction
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.baseline import Baseline, read_baseline
from kopir.model.network.capacity import Capacity
from kopir.model.network.network import Activities, Kind, Limits, Network
from tests.flow.random_networks import random_network, random_record
from tests.folders import routes_model

ROUTES = [
    {"id": "R", "jurisdictions": ["RU"], "capacity": 60, "netback": 400},
    {"id": "C", "jurisdictions": ["CN"], "capacity": 20, "netback": 380},
    {"id": "T", "jurisdictions": ["AZ"], "capacity": 5, "netback": 340},
]


def recorded(path: Path, flows: dict[str, float], elasticity: str = "2 [1..4]") -> tuple[Network, Baseline]:
    rows = [
        {
            "asset_type": "link",
            "asset": link,
            "owner": "KAZ",
            "period": 2025,
            "value": value,
            "elasticity": elasticity,
            "basis": "test",
        }
        for link, value in flows.items()
    ]
    model = open_model(routes_model(path, ROUTES, supply=70, extra={"baseline_flows": rows}))
    network = build_network(model)
    return network, read_baseline(model, network, 2025)


def test_recorded_flow_is_the_optimum_and_the_gap_is_the_forgone_value(tmp_path: Path) -> None:
    network, baseline = recorded(tmp_path, {"R": 55, "C": 12, "T": 3})
    calibration = calibrate(network, baseline)
    flows = calibration.use[network.of_kind(Kind.FLOW)]
    assert sorted(flows) == pytest.approx([3, 12, 55])
    # by hand: best is 60 x 400 + 10 x 380 = 27,800; recorded is 55 x 400 + 12 x 380 + 3 x 340 = 27,580
    assert calibration.gap == pytest.approx(220)


def test_corrections_put_used_routes_at_par(tmp_path: Path) -> None:
    network, baseline = recorded(tmp_path, {"R": 55, "C": 12, "T": 3})
    calibration = calibrate(network, baseline)
    by_asset = {network.assets[network.activities.asset[i]]: c for i, c in enumerate(calibration.correction)}
    # least squares by tonne puts all at the mean netback: (55 x 400 + 12 x 380 + 3 x 340) / 70 = 394
    assert by_asset["link", "R"] == pytest.approx(6, abs=1e-2)
    assert by_asset["link", "C"] == pytest.approx(-14, abs=1e-2)
    assert by_asset["link", "T"] == pytest.approx(-54, abs=1e-2)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_noise_on_every_cost_moves_nothing(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    network, baseline = recorded(tmp_path_factory.mktemp("m"), {"R": 55, "C": 12, "T": 3})
    calibration = calibrate(network, baseline)
    noise = np.random.default_rng(seed).uniform(-1e-4, 1e-4, len(calibration.steps.cost))
    function = ValueFunction(network, replace(calibration.steps, cost=calibration.steps.cost + noise))
    flow = function.solve(function.situation(network.limits.capacity.usable))
    assert flow.total == pytest.approx(calibration.use, abs=1e-6)


def test_costs_rise_with_use_and_never_fall_below_the_recorded_cost(tmp_path: Path) -> None:
    network, baseline = recorded(tmp_path, {"R": 55, "C": 12, "T": 3})
    calibration = calibrate(network, baseline)
    steps = calibration.steps
    for activity in np.flatnonzero(network.of_kind(Kind.FLOW)):
        cost = steps.cost[steps.activity == activity]
        assert (np.diff(cost) >= 0).all()
        floor = network.activities.cost[activity] + min(0.0, calibration.correction[activity]) - 0.06
        assert cost.min() >= floor


def test_small_route_has_small_but_positive_leverage(tmp_path: Path) -> None:
    network, baseline = recorded(tmp_path, {"R": 55, "C": 12, "T": 3})
    function = ValueFunction(network, calibrate(network, baseline).steps)
    usable = network.limits.capacity.usable
    whole = function.value(function.situation(usable))
    lost = {
        route: whole - function.value(function.situation(usable, network.open_shares({("link", route): 0.0})))
        for route in "RCT"
    }
    assert 0 < lost["T"] < 0.05 * lost["R"]


def test_record_above_capacity_is_refused_by_name(tmp_path: Path) -> None:
    network, baseline = recorded(tmp_path, {"R": 45, "C": 12, "T": 13})
    with pytest.raises(ModelError, match=r"K0405 link T .*13 Mt recorded, at most 5"):
        calibrate(network, baseline)


def test_route_without_elasticity_is_named_when_it_leaves_a_choice(tmp_path: Path) -> None:
    routes = [dict(route, netback=380) for route in ROUTES]
    rows = [{"asset_type": "link", "asset": "R", "owner": "KAZ", "period": 2025, "value": 40, "basis": "test"}]
    model = open_model(routes_model(tmp_path, routes, supply=50, extra={"baseline_flows": rows}))
    network = build_network(model)
    with pytest.raises(ModelError, match="K0407"):
        calibrate(network, read_baseline(model, network, 2025))


def test_step_widths_follow_the_bound() -> None:
    steps = Steps(np.array([0, 0, 0]), np.array([0.0, 2.0, 5.0]), np.array([2.0, 5.0, np.inf]), np.zeros(3))
    assert steps.upper(np.array([4.0])).tolist() == [2.0, 2.0, 0.0]
    assert steps.upper(np.array([np.inf])).tolist() == [2.0, 3.0, np.inf]


def test_tied_corrections_have_one_answer(tmp_path: Path) -> None:
    """Two routes with the same ends, 60 Mt at 490 and 5 Mt at 470: any split of the 20 explains the flows.

    By hand: 60 c^2 + 5 d^2 is least with c - d = 20 at c = 20 x 5 / 65 and d = -20 x 60 / 65.
    """
    routes = [
        {"id": "BIG", "jurisdictions": ["RU"], "capacity": 100, "netback": 490},
        {"id": "SMALL", "jurisdictions": ["AZ"], "capacity": 50, "netback": 470},
    ]
    rows = [
        {"asset_type": "link", "asset": link, "owner": "KAZ", "period": 2025, "value": value, "elasticity": 5}
        | {"basis": "made up"}
        for link, value in (("BIG", 60), ("SMALL", 5))
    ]
    model = open_model(routes_model(tmp_path, routes, supply=65, extra={"baseline_flows": rows}))
    network = build_network(model)
    baseline = read_baseline(model, network, 2025)
    big, small = (
        np.flatnonzero(network.activities.asset == network.asset_index["link", link])[0]
        for link in ("BIG", "SMALL")
    )
    found = calibrate(network, baseline).correction
    assert found[big] == pytest.approx(20 * 5 / 65, abs=1e-3)
    assert found[small] == pytest.approx(-20 * 60 / 65, abs=1e-2)
    lean = np.zeros(len(network.activities))
    lean[big] = 4.0
    other = calibrate(network, baseline, lean).correction
    assert other[big] - other[small] == pytest.approx(20, abs=1e-2)
    assert other[big] == pytest.approx((60 * 4 + 5 * 20) / 65, abs=1e-2)


def test_unrecorded_ways_of_equal_cost_have_one_answer(tmp_path: Path) -> None:
    """Two ways without a record at the same netback: the order of the rows does not choose between them."""
    routes = [dict(ROUTES[0], netback=380), dict(ROUTES[1]), dict(ROUTES[2], netback=380, capacity=20)]
    rows = [
        {"asset_type": "link", "asset": "R", "owner": "KAZ", "period": 2025, "value": 40, "elasticity": 2}
        | {"basis": "made up"}
    ]
    model = open_model(routes_model(tmp_path, routes, supply=50, extra={"baseline_flows": rows}))
    network = build_network(model)
    baseline = read_baseline(model, network, 2025)
    first = calibrate(network, baseline).use
    for seed in range(5):
        order, other = shuffled(network, baseline, seed)
        assert calibrate(*other).use == pytest.approx(first[order], abs=1e-9)


def shuffled(network: Network, baseline: Baseline, seed: int) -> tuple[np.ndarray, tuple[Network, Baseline]]:
    """Return another order of activities, and the same network and record in it, limits shuffled as well."""
    rng = np.random.default_rng(seed)
    order, rows = rng.permutation(len(network.activities)), rng.permutation(len(network.limits.asset))
    columns = {field.name: getattr(network.activities, field.name)[order] for field in fields(network.activities)}
    capacity = network.limits.capacity
    limits = Limits(
        asset=network.limits.asset[rows],
        share=network.limits.share.at_rows(rows).at_columns(order),
        capacity=Capacity(*(getattr(capacity, field.name)[rows] for field in fields(capacity))),
    )
    gains = network.gains
    other = replace(
        network,
        activities=Activities(**columns),
        limits=limits,
        needs=replace(network.needs, share=network.needs.share.at_columns(order)),
        gains=replace(gains, amount=gains.amount[:, order], limit=gains.limit[:, rows]),
        restart=network.restart[order],
    )
    return order, (other, replace(baseline, use=baseline.use[order], elasticity=baseline.elasticity[order]))


def assert_unique(seed: int) -> None:
    network = random_network(seed, contracts=False, stores=False)
    baseline = random_record(network, seed)
    order, other = shuffled(network, baseline, seed)
    one, two = calibrate(network, baseline), calibrate(*other)
    assert two.use == pytest.approx(one.use[order], abs=1e-6)
    assert two.correction == pytest.approx(one.correction[order], abs=1e-6, rel=1e-6)
    shares = np.ones(len(network.assets))
    shares[:3] = (0.0, 0.4, 0.0)
    values = []
    for asked, found in ((network, one), (other[0], two)):
        function = ValueFunction(asked, found.steps)
        values.append(function.value(function.situation(asked.limits.capacity.usable, shares)))
    assert values[0] == pytest.approx(values[1], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("first", range(0, 30, 10))
def test_the_order_of_columns_and_rows_changes_nothing(first: int) -> None:
    for seed in range(first, first + 10):
        assert_unique(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(30, 300, 45))
def test_the_order_of_columns_and_rows_changes_nothing_on_300_networks(first: int) -> None:
    for seed in range(first, first + 45):
        assert_unique(seed)
