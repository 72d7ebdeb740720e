import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.report.content import Number
from kopir.report.numbers import UNKNOWN, printed, rounded, significant


def number(value, unit="Mt/yr", low=None, high=None, rest="recorded"):
    return Number("x", value, unit, "g", low, high, rest)


@pytest.mark.parametrize(
    ("given_number", "text"),
    [
        (number(None), UNKNOWN),
        (number(0.0), "0"),
        (number(-1e-12), "0"),
        (number(64.81), "64.8"),
        (number(2.146), "2.1"),
        (number(0.2631), "0.26"),
        (number(31397.7, "million USD/yr"), "31,000"),
        (number(31397.7, "million USD/yr", 28412.0, 32100.0), "31,000 (28,000–32,000)"),
        (number(74.07, "Mt/yr", 73.6, 74.58), "74.1 (73.6–74.6)"),
        (number(-39.0, "million USD/yr", -66.0, 12.0), "−66…12"),
        (number(5.0, "Mt/yr", 5.0, 5.0), "5.0"),
        (number(None, "million USD/yr", 2998.0, 19079.0), "3,000…19,000"),
        (number(12.0, "1"), "12"),
        (number(7.0, "%", rest="partly_assumed"), "7.0"),
        (number(7.0, "%", rest="mostly_assumed"), "7.0◊"),
    ],
)
def test_numbers_have_two_or_three_figures_an_interval_and_a_sign(given_number, text):
    assert printed(given_number, "en") == text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "12,345.6"), ("ru", "12 345,6"), ("kk", "12 345,6"), ("tr", "12.345,6")]
)
def test_numbers_follow_the_language(language, text):
    assert rounded(12345.6, 1, language).replace("\xa0", " ").replace("\u202f", " ") == text


@given(st.floats(1e-5, 1e9), st.integers(1, 4))
def test_significant_figures_keep_the_value_within_half_a_unit_of_the_last(value, figures):
    decimals = significant(value, figures)
    assert abs(round(value, decimals) - value) <= 0.5000001 * 10.0**-decimals
    assert 10 ** (figures - 1) <= value * 10.0**decimals * (1 + 1e-9) < 10**figures * (1 + 1e-9)
