"""Periods as sources write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.periods import parse_period


@pytest.mark.parametrize(
    ("text", "first", "last", "days"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), 365),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 29),
        ("2025-06-30", date(2025, 6, 30), date(2025, 6, 30), 1),
        ("2025-H1", date(2025, 1, 1), date(2025, 6, 30), 181),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31), 184),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30), 92),
        ("2024-01/2024-10", date(2024, 1, 1), date(2024, 10, 31), 305),
        ("2023/2024-Q1", date(2023, 1, 1), date(2024, 3, 31), 456),
        ("9999", date(9999, 1, 1), date(9999, 12, 31), 365),
    ],
)
def test_what_sources_write(text, first, last, days):
    period = parse_period(text)
    assert period is not None
    assert (period.first, period.last, period.days) == (first, last, days)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "2025-13",
        "2025-02-29",
        "2025-H3",
        "2025-H0",
        "2025-Q5",
        "2025-Q0",
        "0000",
        "2025/",
        "/2025",
        "2026/2025",
        "2024/2025/2026",
        "15y_to_doc",
        "2025-6",
        "2025 ",
        "20250601",
        "٢٠٢٥",
    ],
)
def test_what_is_no_period(text):
    assert parse_period(text) is None


def test_whole_calendar_years_have_a_whole_length():
    lengths = [parse_period(text).years for text in ("2023", "2024", "2023/2024", "2020/2029")]
    assert lengths == [1, 1, 2, 10]
    assert parse_period("2024").is_calendar_year
    assert not parse_period("2023/2024").is_calendar_year
    assert not parse_period("2024-H1").is_calendar_year
    assert parse_period("2025-H1").years == 181 / 365.25


@given(st.dates(), st.dates())
def test_every_pair_of_days_in_order_is_a_period(first, last):
    period = parse_period(f"{first.isoformat()}/{last.isoformat()}")
    if first > last:
        assert period is None
    else:
        assert period is not None
        assert (period.first, period.last) == (first, last)


@given(st.text(alphabet="0123456789-/HQ٣", max_size=24))
def test_any_text_is_a_period_or_not(text):
    period = parse_period(text)
    assert period is None or period.first <= period.last
