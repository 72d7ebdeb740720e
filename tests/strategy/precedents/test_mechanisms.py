"""Each rule on a disruption small enough to work out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.periods import Period
from kopir.strategy.precedents.mechanisms import (
    NAIVE,
    Prediction,
    central,
    mechanism,
    out_of,
    over,
    predict,
    proportional,
)
from kopir.strategy.precedents.record import Precedent, Response

JUNE = Period(date(2030, 6, 1), date(2030, 6, 30))
STRIKE = Precedent(
    code="STRIKE",
    start=date(2030, 6, 1),
    start_by=date(2030, 6, 1),
    end=date(2030, 6, 15),
    end_by=date(2030, 6, 15),
    what="port of Somewhere (strike)",
    cause="closed",
    low=0.4,
    high=0.8,
    gradual=False,
    split="fit",
    sources=("A", "B"),
)
FLOW = Response(
    code="STRIKE_1",
    indicator="cargo",
    part="hit",
    before=100.0,
    after=70.0,
    unit="kt",
    after_period=JUNE,
    share=None,
    lost=None,
    others=None,
    room=None,
    spare=None,
    store_days=None,
    arrivals=None,
    sources=("A", "B"),
)


def test_half_a_month_at_middle_severity() -> None:
    assert out_of(STRIKE, FLOW, 0.0) == 0.5
    assert central(STRIKE, FLOW, NAIVE) == pytest.approx(100 * (1 - 0.6 * 0.5))
    assert central(STRIKE, FLOW, {**NAIVE, "felt": 0.5}) == pytest.approx(100 * (1 - 0.3 * 0.5))


def test_the_range_joins_the_ends_of_severity_and_days() -> None:
    one = replace(STRIKE, end_by=date(2030, 6, 30))
    said = predict(one, FLOW, NAIVE)
    assert isinstance(said, Prediction)
    assert (said.low, said.high) == (pytest.approx(100 * (1 - 0.8)), pytest.approx(100 * (1 - 0.4 * 0.5)))


def test_a_loss_that_lasts_after_the_last_day() -> None:
    after = replace(FLOW, after_period=Period(date(2030, 6, 25), date(2030, 6, 25)))
    assert mechanism(STRIKE, after) == "after reopening"
    assert central(STRIKE, after, NAIVE) == 100.0
    lasting = {**NAIVE, "lasting": 2 / 3}  # of fifteen days: ten
    assert central(STRIKE, after, lasting) == pytest.approx(100 * (1 - 0.6 * 2.718281828**-1))
    assert central(replace(STRIKE, cause="water"), after, lasting) == 100.0


def test_capacity_that_comes_back_in_equal_parts_is_half_lost() -> None:
    gradual = replace(STRIKE, gradual=True)
    whole = replace(FLOW, after_period=Period(date(2030, 6, 1), date(2030, 6, 15)))
    assert out_of(gradual, whole, 0.0) == pytest.approx(8 / 15)


def test_a_part_of_the_whole_with_stores_and_with_spare_ways() -> None:
    part = replace(FLOW, part="total", share=0.5)
    assert central(STRIKE, part, NAIVE) == pytest.approx(100 * (1 - 0.5 * 0.6 * 0.5))
    stored = replace(part, store_days=9.0)
    assert central(STRIKE, stored, NAIVE) == pytest.approx(100 * (1 - 0.5 * 0.6 * 6 / 30))
    spare = replace(part, spare=0.5)
    assert central(STRIKE, spare, {**NAIVE, "used": 0.4}) == pytest.approx(100 * (1 - 0.5 * 0.6 * 0.5 * 0.8))
    assert central(replace(STRIKE, cause="law"), replace(part, spare=1.0), NAIVE) == 100.0
    assert proportional(replace(STRIKE, cause="law"), replace(part, spare=1.0)) == pytest.approx(85)


def test_shares_move_in_proportion_to_use_and_no_further_than_there_is_room() -> None:
    other = replace(FLOW, part="other", before=30.0, lost=100.0, others=60.0)
    assert central(STRIKE, other, NAIVE) == pytest.approx(30 + 100 * 0.6 * 0.5 * 0.5)
    assert central(STRIKE, replace(other, room=5.0), NAIVE) == 35.0


def test_a_queue_grows_with_arrivals_until_the_last_day() -> None:
    queue = replace(FLOW, part="queue", before=2.0, arrivals=10.0)
    assert central(STRIKE, queue, NAIVE) == pytest.approx(2 + 10 * 0.6 * 15)


def test_a_price_rises_with_the_share_of_its_market_that_is_gone() -> None:
    price = replace(FLOW, part="price", share=0.5)
    assert central(STRIKE, price, {**NAIVE, "response": 1.0}) == pytest.approx(100 / (1 - 0.5 * 0.6 * 0.5))
    assert proportional(STRIKE, price) == pytest.approx(100 / (1 - 0.5 * 0.6 * 0.5))


def test_one_parameter_over_its_grid_is_what_each_value_gives() -> None:
    grid = np.array([0.0, 0.25, 1.0])
    for part, name in (("hit", "felt"), ("hit", "lasting"), ("total", "found"), ("other", "taken")):
        row = replace(FLOW, part=part, share=0.5, lost=100.0, others=60.0)  # type: ignore[arg-type]
        told = over(STRIKE, row, NAIVE, name, grid)
        assert told.tolist() == [pytest.approx(central(STRIKE, row, {**NAIVE, name: value})) for value in grid]
    assert np.isnan(over(STRIKE, replace(FLOW, part="total"), NAIVE, "found", grid)).all()


def test_low_water_is_felt_as_it_is_measured() -> None:
    assert central(replace(STRIKE, cause="water"), FLOW, {**NAIVE, "felt": 0.5}) == pytest.approx(70)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"part": "total"}, "share"),
        ({"part": "other", "lost": 3.0}, "others"),
        ({"part": "queue"}, "arrivals"),
        ({"part": "price"}, "share"),
    ],
)
def test_what_was_not_known_ahead_is_named(change: dict[str, object], why: str) -> None:
    assert predict(STRIKE, replace(FLOW, **change), NAIVE) == f"not known ahead: {why}"  # type: ignore[arg-type]
    assert "how much" in str(predict(replace(STRIKE, low=None, high=None), FLOW, NAIVE))


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 480))
def test_nothing_goes_by_a_closed_thing_below_none_or_above_before(
    low: float, felt: float, share: float, lasting: float
) -> None:
    one = replace(STRIKE, low=low, high=1.0)
    parameters = {**NAIVE, "felt": felt, "lasting": lasting}
    for response in (FLOW, replace(FLOW, part="total", share=share)):
        assert -1e-9 <= central(one, response, parameters) <= 100 + 1e-9
