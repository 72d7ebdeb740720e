"""Results by id: the same numbers as the tables they stand in, with their intervals."""

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.strategy.portfolio.measured import measured
from tests.folders import routes_model

ROUTES = [
    {"id": "WEST", "capacity": "30 [20..40]", "netback": 300, "jurisdictions": ["AZ"]},
    {"id": "EAST", "capacity": 30, "netback": 400, "jurisdictions": ["CN"]},
]


@pytest.fixture
def model(tmp_path):
    return open_model(routes_model(tmp_path / "m", ROUTES, supply=30))


@pytest.mark.slow
def test_a_leverage_has_the_interval_of_its_draws(model):
    found = measured(model, ["leverage:CN:leverage_musd", "leverage:AZ:leverage_musd"], seed=1)
    value, low, high = found["leverage:CN:leverage_musd"]
    assert value == pytest.approx(30 * 100)
    assert low is not None
    assert high is not None
    assert 3000 - 1e-6 <= low <= value <= high <= 3000 + 10 * 300
    assert high > 3000 + 1
    assert found["leverage:AZ:leverage_musd"][0] == pytest.approx(0)
    assert measured(model, ["leverage:CN:leverage_usd"], seed=1) == {
        "leverage:CN:leverage_usd": (value, low, high)
    }


def test_ids_that_no_result_has_are_named_together(model):
    with pytest.raises(InputError) as caught:
        measured(model, ["leverage:CN:leverage_eur", "leverage:XX:leverage_musd", "weather:CN:rain"])
    assert [(fault.code, fault.value) for fault in caught.value.faults] == [
        ("K0701", "leverage:CN:leverage_eur"),
        ("K0701", "leverage:XX:leverage_musd"),
        ("K0701", "weather:CN:rain"),
    ]
    assert "leverage:CN:leverage_musd" in caught.value.faults[0].mend


@pytest.mark.slow
def test_results_of_the_bundled_model_stand_within_their_intervals():
    names = ["leverage:imports:RUS:all:short", "portfolio:RUS:oil_export:oil_transit:share"]
    for value, low, high in measured(open_model("kazakhstan"), names).values():
        assert low is not None
        assert high is not None
        assert low <= value <= high
