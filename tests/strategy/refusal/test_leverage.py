"""Leverage of a small calibrated model, by hand where a hand can."""

from __future__ import annotations

import polars as pl
import pytest

from kopir.core.errors import InputError
from kopir.model.network.clauses import Denial
from kopir.strategy.refusal.curves import curves
from kopir.strategy.refusal.dependence import dependence
from kopir.strategy.refusal.leverage import LeverageResult, leverage, leverage_intervals
from kopir.strategy.refusal.moves import TOGETHER, moves
from kopir.strategy.refusal.quota import quotas
from kopir.strategy.refusal.reverse import reverse
from kopir.strategy.refusal.skill import skill
from kopir.strategy.value.control import crossing, under_control
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY


def row(result: LeverageResult, partner: str) -> dict[str, float]:
    return result.table.filter(partner=partner).row(0, named=True)


def test_volumes_by_hand(setup: Setup) -> None:
    west = row(leverage(setup, span="short"), "RUS")
    assert west["sensitivity_mt"] == pytest.approx(38)
    # EAST: min(12, 6 + 0.5 max(0, t - 3)); RAIL: min(6, 3 + 0.5 max(0, t - 1)); means over months 1 to 12
    east = sum(min(12, 6 + 0.5 * max(0, t - 3)) for t in range(1, 13)) / 12
    rail = sum(min(6, 3 + 0.5 * max(0, t - 1)) for t in range(1, 13)) / 12
    assert west["rerouted_mt"] == pytest.approx(east - 5 + rail - 2)
    assert west["stranded_mt"] == pytest.approx(38 - west["rerouted_mt"])


def test_denial_by_nobody_costs_nothing(setup: Setup) -> None:
    valuation = setup.valuation("short")
    assert valuation.leverage(NOBODY) == 0
    assert leverage(setup, severity=0.0).table["leverage_musd"].to_list() == pytest.approx([0, 0, 0])


def test_party_without_a_clause_of_its_own_has_no_leverage(setup: Setup) -> None:
    assert row(leverage(setup), "TUR")["leverage_musd"] == pytest.approx(0)
    both = Denial(frozenset(["TUR", "CHN"]))
    alone = Denial(frozenset(["CHN"]))
    valuation = setup.valuation("short")
    assert valuation.leverage(both) > valuation.leverage(alone) > 0


def test_booked_losses_add_up(setup: Setup) -> None:
    west = row(leverage(setup), "RUS")
    assert west["income_musd"] == pytest.approx(west["budget_musd"] + west["firms_musd"] + west["consumers_musd"])
    # what the focal state and its foreign shareholders lose as shippers is the recorded loss; the 5 USD/t that
    # its own carrier no longer earns comes on top
    shippers = west["income_musd"] + west["foreign_musd"] - 5 * 38
    assert shippers == pytest.approx(west["recorded_musd"])
    assert west["partners_musd"] == pytest.approx(20 * 38)
    assert west["own_income_musd"] == pytest.approx(20 * 38)


def test_price_feedback_is_an_interval_and_unknown_stays_blank(setup: Setup) -> None:
    result = leverage(setup)
    west, east, rail = (row(result, partner) for partner in ("RUS", "CHN", "TUR"))
    price = (38 * 450 + 5 * 440 + 2 * 420 + 8 * 300 - 25 * 0) / 53
    effect = west["stranded_mt"] / 4500 * price * 240
    assert west["own_price_musd_low"] == pytest.approx(effect / 0.5)
    assert west["own_price_musd_high"] == pytest.approx(effect / 0.2)
    assert east["own_price_musd_high"] <= 0
    assert rail["own_price_musd_low"] is None


def test_deferral_discounts_and_drops_the_expired_foreign_share(setup: Setup) -> None:
    west = row(leverage(setup), "RUS")
    network, use = setup.network, setup.calibration.use  # type: ignore[union-attr]
    total = float(-(network.activities.cost @ use) + 40 * 53)  # shippers' revenue less transport, before lifting
    rent = total / 53 - 40
    kept = 1 - 0.5 * 0.4
    assert west["deferral_musd"] == pytest.approx(west["stranded_mt"] * rent * kept / 1.1**10)


def test_control_follows_the_oil(setup: Setup) -> None:
    result = leverage(setup)
    moved = result.control.filter(denier="RUS", controller="CHN").row(0, named=True)
    assert moved["before_mt"] == pytest.approx(5)
    assert moved["after_mt"] > moved["before_mt"]
    use = setup.calibration.use  # type: ignore[union-attr]
    assert under_control(setup.network, setup.clauses, use, "RUS", "KAZ") == pytest.approx(38)
    assert under_control(setup.network, setup.clauses, use, "TUR", "KAZ") == 0
    assert crossing(setup.model, setup.network, use, ["TUR", "CHN"], "KAZ") == pytest.approx(7)


def test_union_acts_with_its_members(setup: Setup) -> None:
    result = leverage(setup, parties=["UNION", "RUS"])
    assert row(result, "UNION")["leverage_musd"] == pytest.approx(row(result, "RUS")["leverage_musd"])


def test_unknown_party_is_named(setup: Setup) -> None:
    with pytest.raises(InputError, match='did you mean "RUS"'):
        leverage(setup, parties=["RUZ"])


def test_long_horizon_lets_more_oil_out(setup: Setup) -> None:
    stranded = [row(leverage(setup, span=span), "RUS")["stranded_mt"] for span in ("short", "medium", "long")]
    assert stranded[0] > stranded[1] > stranded[2] > 0


def test_curves_rise_with_severity_and_duration(setup: Setup) -> None:
    table = curves(setup, parties=["RUS"]).table
    by_severity = table.filter(months=12)["loss_musd"].to_list()
    assert by_severity == sorted(by_severity)
    by_months = table.filter(severity=1.0)["loss_musd"].to_list()
    assert by_months == sorted(by_months)
    for part in table.partition_by("severity"):
        for column in ("stranded_mt", "loss_musd"):
            assert part[column].to_list() == sorted(part[column].to_list())
    # EAST min(12, 6 + 0.5 max(0, t - 3)) and RAIL min(6, 3 + 0.5 max(0, t - 1)) take what they can in month t
    by_hand = sum(45 - min(12, 6 + 0.5 * max(0, t - 3)) - min(6, 3 + 0.5 * max(0, t - 1)) for t in range(1, 13))
    year = table.filter((pl.col("severity") == 1) & (pl.col("months") == 12))["stranded_mt"][0]
    assert year == pytest.approx(by_hand / 12)


def test_dependence_moves_only_inside_the_remainder(setup: Setup) -> None:
    result = dependence(setup, ["RUS", "CHN", "TUR"]).table
    assert result.drop("goods").filter(state="RUS").row(0)[1:5] == pytest.approx((38, 38, 38, 45))
    china = result.filter(state="CHN").row(0, named=True)
    # EAST 5 [4..6] and RAIL 2 [1..3] keep their sum of 7
    assert (china["low_mt"], china["central_mt"], china["high_mt"]) == pytest.approx((4, 5, 6))
    assert (china["remainder"], china["remainder_mt"]) == ("rest", pytest.approx(7))


def test_swapped_roles_name_buyers_and_carriers(setup: Setup) -> None:
    result = reverse(setup)
    assert result.volumes.filter(market="SEA").row(0, named=True)["before_mt"] == pytest.approx(38)
    assert result.volumes["after_mt"].to_list() == pytest.approx([0, 0, 0])
    money = dict(result.money.select("jurisdiction", "loss_musd").iter_rows())
    assert money["RUS"] == pytest.approx(20 * 38)
    assert money["KAZ"] > 0  # foreign shareholders in its field


def test_moves_count_lead_times_and_cost(setup: Setup) -> None:
    short = moves(setup, span="short").table
    assert short.filter(option="MORE_EAST")["residual_after_musd"][0] == pytest.approx(
        short["residual_before_musd"][0] + 100
    )
    medium = {line["option"]: line for line in moves(setup, span="medium").table.iter_rows(named=True)}
    east = medium["MORE_EAST"]
    assert east["residual_after_musd"] < east["residual_before_musd"]
    assert east["undisturbed_gain_musd"] == pytest.approx(-100)
    gained = east["residual_before_musd"] - east["residual_after_musd"]
    assert east["break_even_probability"] == pytest.approx(100 / (gained + 100))
    assert medium["LATE"]["break_even_probability"] is None
    assert medium[TOGETHER]["annual_cost_musd"] == pytest.approx(110)


def test_quota_excess(setup: Setup) -> None:
    table = quotas(setup, setup.valuation("short").flow()).table
    assert table.row(0) == ("QUOTA", pytest.approx(50), pytest.approx(53), pytest.approx(3))


def test_skill_is_told_supplies_only(setup: Setup) -> None:
    result = skill(setup.model)
    assert result is not None
    assert result.table["route"].to_list() == ["WEST", "rest"]
    observed = result.table["observed"].to_list()
    assert observed == pytest.approx([38, 7])
    assert result.error_no_change == pytest.approx(2)
    assert result.error_proportional == pytest.approx((abs(34 * 45 / 41 - 38) + abs(7 * 45 / 41 - 7)) / 2)
    assert result.table["predicted"].sum() == pytest.approx(45)


@pytest.mark.slow
def test_intervals_hold_the_centre_and_repeat(setup: Setup) -> None:
    first = leverage_intervals(setup, draws=30, seed=3)
    again = leverage_intervals(setup, draws=30, seed=3)
    assert first.table.equals(again.table)
    assert first.refused == 0
    low, high = first.table.filter(partner="RUS", measure="leverage_musd").select("least", "most").row(0)
    assert low < row(leverage(setup), "RUS")["leverage_musd"] < high
