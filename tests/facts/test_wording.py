"""Intervals from wording, against figures worked by hand and the intervals annotated in the gold twins."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.facts import worded_interval
from kopir.facts.claimed._wording import significant_step, written_step
from tests.facts.shared import SHARED, needs_shared


@pytest.mark.parametrize(
    ("text", "value", "step"),
    [
        ("28 млрд долларов", 28e9, 1e9),
        ("5 миллиардов долларов", 5e9, 1e9),
        ("17,2 млрд долларов", 17.2e9, 1e8),
        ("$9.60 billion", 9.6e9, 1e7),
        ("3538 турецких фирм", 3538.0, 1.0),
        ("1 768 км", 1_768_000.0, 1e3),
        ("800.000 tondan", 800_000.0, 1.0),
        ("1,234.5 tonnes", 1234.5, 0.1),
        ("полмиллиона", 5e5, 1e5),
        ("5 milyar 400 milyon dolara", 5.4e9, 1e8),
        ("dört katına", 4.0, 1.0),
    ],
)
def test_the_last_written_digit_is_the_precision(text, value, step):
    assert written_step(text, value) == pytest.approx(step)


def test_a_fraction_that_decimals_do_not_end_is_known_to_a_tenth():
    assert significant_step(33.3333) == pytest.approx(3.33333)


@pytest.mark.parametrize(
    ("comparator", "low", "high"),
    [
        ("eq", 27.5, 28.5),
        ("approx", 28 * 0.93, 28 * 1.07),
        ("almost", 25.2, 28),
        ("gt", 28, math.inf),
        ("ge", 28, math.inf),
        ("lt", 0, 28),
        ("upto", 0, 28),
    ],
)
def test_comparators(comparator, low, high):
    interval = worded_interval(comparator, 28.0, None, None, "28")
    assert (interval.low, interval.high) == pytest.approx((low, high))


def test_a_fall_is_worded_by_its_size():
    interval = worded_interval("gt", -26.0, None, None, "26 %")
    assert (interval.low, interval.high) == (-math.inf, -26.0)


def test_a_range_is_taken_as_given_and_a_reversed_one_not_at_all():
    assert worded_interval("range", None, 2.0, 3.0).centre == 2.5
    assert worded_interval("range", None, 3.0, 2.0) is None
    assert worded_interval("eq", None, None, None) is None


@given(st.floats(1e-3, 1e12), st.sampled_from(["eq", "approx", "almost", "gt", "ge", "lt", "le", "upto"]))
def test_the_figure_lies_in_its_interval_and_the_soft_one_in_the_hard_one(value, comparator):
    interval = worded_interval(comparator, value, None, None)
    assert interval.low <= value <= interval.high
    assert interval.low <= interval.soft_low <= interval.soft_high <= interval.high


@given(st.integers(1, 99_999), st.sampled_from([1e3, 1e6, 1e9]))
def test_scaling_a_figure_scales_its_interval(value, scale):
    small = worded_interval("eq", float(value), None, None, f"{value}")
    large = worded_interval("eq", value * scale, None, None, f"{value} units")
    assert (large.low, large.high) == pytest.approx((small.low * scale, small.high * scale))


@needs_shared
def test_the_annotated_intervals_of_the_twins():
    cases = json.loads((SHARED / "evidence/twins/expected.json").read_text("utf-8"))["cases"]
    for row in (row for case in cases for row in case["claims"]):
        got = worded_interval(row["comparator"], row["value"], row["lo"], row["hi"], row["text"])
        want = [math.inf if end is None else end for end in row["interval"]]
        assert [got.low, got.high] == pytest.approx(want), row["id"]
