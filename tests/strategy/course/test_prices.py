"""Monthly prices: losses counted in the months in which the oil would have been sold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.strategy.course.prices import price_factors
from kopir.strategy.course.stress import stress
from tests.strategy.course.test_stress import both_out, scenario
from tests.strategy.terminal import B, terminal

OIL = {"commodity": "crude", "owner": "KAZ"}
BY_HAND = 0.63 * 350 + 0.07 * 100


def priced(path, *, march=124, left_out=()):
    months = {f"2025-{month:02}": march if month == 3 else 100 for month in range(1, 13)}
    return terminal(
        path,
        markets=[
            {
                "market": "SEA",
                "node": "SEA",
                "price": 390,
                "differential": 10,
                "series": "OIL",
                "depth": 1000,
                **OIL,
            }
            | B,
            {"market": "BORDER", "node": "BORDER", "price": 300, "depth": 1000, **OIL, **B},
        ],
        series=[
            {"series": "OIL", "period": month, "value": value, "unit": "USD/bbl"}
            for month, value in months.items()
            if month not in left_out
        ],
    )


def test_oil_lost_in_march_is_lost_at_the_price_of_march(tmp_path):
    """0.7 Mt are not sold at sea; the benchmark of 390 stands 124/102 times its mean."""
    found = stress(priced(tmp_path), scenario(*both_out(1, 10)))
    assert found.loss_musd == pytest.approx(BY_HAND + 0.7 * 390 * (124 / 102 - 1))
    assert found.losses_musd["income_musd"] == pytest.approx(found.loss_musd)
    assert found.table["loss_musd"].sum() == pytest.approx(found.loss_musd)


def test_base_prices_leave_the_months_out(tmp_path):
    at_base = replace(scenario(*both_out(1, 10)), prices="base")
    assert stress(priced(tmp_path, left_out=("2025-03",)), at_base).loss_musd == pytest.approx(BY_HAND)


def test_a_market_without_series_keeps_its_price(tmp_path):
    assert stress(terminal(tmp_path), scenario(*both_out(1, 10))).loss_musd == pytest.approx(BY_HAND)


def test_a_step_of_two_months_is_their_mean_by_days(tmp_path):
    """Of the week from 29 March three days cost 124 and four days 100."""
    setup = priced(tmp_path)
    factors = price_factors(setup, scenario(blocks=[("day", 28), ("week", 1)]))
    sale = setup.network.asset_index["market", "SEA"] == setup.network.activities.asset
    assert factors[:, sale].ravel() == pytest.approx([124 / 102] * 28 + [(3 * 124 + 4 * 100) / 7 / 102])
    assert (factors[:, ~sale] == 1).all()


@pytest.mark.parametrize("month", ["2025-03", "2025-11"])
def test_a_month_without_a_price_is_named_and_not_filled(tmp_path, month):
    """A month of the scenario, and a month of the base year that the mean needs."""
    with pytest.raises(InputError) as raised:
        stress(priced(tmp_path, left_out=(month,)), scenario(*both_out(1, 10)))
    (fault,) = raised.value.faults
    assert (fault.code, fault.file, fault.value) == ("K0804", "series.csv", month)
    assert "add the month" in fault.mend


def test_accounts_at_other_prices_add_up_to_the_value(setup):
    """Charges that are a share of the price move with it: whatever sales bring more, somebody books."""
    use, ledger = setup.calibration.use, setup.ledger
    factor = 1 + 0.25 * (ledger.benchmark > 0)
    gained = sum(ledger.at_prices(factor).book(use).values()) - sum(ledger.book(use).values())
    assert gained == pytest.approx(0.25 * float(ledger.benchmark @ use), rel=1e-9)


def test_the_base_year_of_the_bundled_model_has_its_mean():
    model = open_model("kazakhstan")
    months = model.table("series").filter(series="BRENT")
    base = [value for period, value in months.select("period", "value").iter_rows() if period[:4] == "2025"]
    assert len(base) == 12
    assert sum(base) / 12 == pytest.approx(model.facts["D0001"].value)
