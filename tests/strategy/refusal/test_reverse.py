"""Roles swapped: what others lose when the focal state closes its own assets."""

import pytest

from kopir.model.folder.opening import open_model
from kopir.strategy.refusal.reverse import reverse
from kopir.strategy.value.setup import prepare
from tests.folders import routes_model


def sold(path, *jurisdictions):
    """Volumes before and after, of 30 Mt by one route that ``jurisdictions`` can each close."""
    route = {"id": "A", "capacity": 50, "netback": 400, "jurisdictions": jurisdictions}
    model = open_model(routes_model(path / "model", [route], supply=30))
    return reverse(prepare(model)).volumes.select("before_mt", "after_mt").row(0)


def test_what_the_focal_state_closes_is_lost_to_the_buyer(tmp_path):
    assert sold(tmp_path, "RUS", "HOME") == (pytest.approx(30), pytest.approx(0))


def test_a_model_without_own_bottlenecks_closes_nothing(tmp_path):
    assert sold(tmp_path, "RUS") == (pytest.approx(30), pytest.approx(30))
