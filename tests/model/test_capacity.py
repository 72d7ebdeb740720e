from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.folders.settings import Horizons
from kopir.model.network.capacity import Capacity


def capacity(usable: float, firm: float, ramp: float, lag: float) -> Capacity:
    return Capacity(*(np.array([value], dtype=float) for value in (usable, firm, ramp, lag)))


def test_ramp_after_a_lag():
    """Firm 10, usable 20, one more a month after two months: 10, 10, 11, ... and 20 from month 12 on."""
    asset = capacity(20, 10, 1, 2)
    assert [float(asset.at_month(month)[0]) for month in range(1, 15)] == [10, 10, *range(11, 21), 20, 20]
    assert asset.over("short", Horizons()) == pytest.approx([175 / 12])
    assert asset.over("short", Horizons()).round(2).tolist() == [14.58]
    assert asset.over("medium", Horizons()).tolist() == [20]
    assert asset.over("long", Horizons()).tolist() == [20]


def test_mean_over_some_months():
    asset = capacity(20, 10, 1, 2)
    assert asset.mean(3, 5).tolist() == [12]
    assert asset.mean(12, 12).tolist() == [20]


def test_horizons_can_be_moved():
    asset = capacity(20, 10, 1, 2)
    assert asset.over("short", Horizons(short=(1, 2))).tolist() == [10]


@pytest.mark.parametrize(("firm", "ramp"), [(20, 0), (0, 0), (20, 5)])
def test_without_a_gap_or_a_ramp_capacity_stands_still(firm, ramp):
    assert capacity(20, firm, ramp, 0).over("short", Horizons()).tolist() == [firm]


@given(st.floats(0, 100), st.floats(0, 1), st.floats(0, 10), st.floats(0, 24), st.integers(1, 48))
def test_capacity_grows_and_stays_within_its_ends(usable, part, ramp, lag, month):
    asset = capacity(usable, part * usable, ramp, lag)
    now, later = float(asset.at_month(month)[0]), float(asset.at_month(month + 1)[0])
    assert part * usable <= now <= later <= usable


def test_unlimited_assets_stay_unlimited():
    assert capacity(np.inf, np.inf, 0, 0).over("short", Horizons()).tolist() == [np.inf]


def test_means_between_moments_add_up() -> None:
    """Firm 10 to usable 20 by 1 a month after 2: 20 + 10 * 15 over the first year, 20 from then on."""
    capacity = Capacity(
        usable=np.array([20.0, np.inf]),
        firm=np.array([10.0, np.inf]),
        ramp=np.array([1.0, 0.0]),
        lag=np.array([2.0, 0.0]),
    )
    assert capacity.between(0, 12) == pytest.approx([170 / 12, np.inf])
    assert capacity.between(12, 13) == pytest.approx([20, np.inf])
    parts = 5.5 * capacity.between(0, 5.5)[0] + 14.5 * capacity.between(5.5, 20)[0]
    assert parts == pytest.approx(20 * capacity.between(0, 20)[0])
    with pytest.raises(ValueError, match="not after"):
        capacity.between(3, 3)
