"""Calibration: the recorded flow becomes the one optimum, and stays it under noise."""

from __future__ import annotations

from dataclasses import replace
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
from kopir.model.network.network import Kind, Network
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
    # smallest absolute correction keeps the middle route: 400 - 20 = 380 = 340 + 40
    assert by_asset["link", "R"] == pytest.approx(20)
    assert by_asset["link", "C"] == pytest.approx(0)
    assert by_asset["link", "T"] == pytest.approx(-40)


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
