"""Quantity and number cells."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.folders.cells import ID_PATTERN, QuantityCell, parse_number, parse_quantity

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("38", QuantityCell(38.0, None, None, None)),
        ("-1.5e-3", QuantityCell(-0.0015, None, None, None)),
        (" 38 [30..46] ", QuantityCell(38.0, None, 30.0, 46.0)),
        ("38[30 .. 46]", QuantityCell(38.0, None, 30.0, 46.0)),
        ("1.[.5..2.]", QuantityCell(1.0, None, 0.5, 2.0)),
        ("F0154", QuantityCell(None, "F0154", None, None)),
        ("F0154 [-1..1]", QuantityCell(None, "F0154", -1.0, 1.0)),
    ],
)
def test_what_a_quantity_cell_says(text, cell):
    assert parse_quantity(text) == cell


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "1e999",
        "1 [0..1e999]",
        "38 Mt",
        "1,5",
        "1 000",
        "[1..2]",
        "1 [2]",
        "1 [1..2..3]",
        "38F",
        "٣",
        "1 [nan..2]",
        "--1",
        "0x10",
        "1_000",
    ],
)
def test_what_is_no_quantity(text):
    assert parse_quantity(text) is None


@given(FINITE, FINITE, FINITE)
def test_a_written_quantity_is_read_back_exactly(value, low, high):
    assert parse_quantity(f"{value!r} [{low!r}..{high!r}]") == QuantityCell(value, None, low, high)


@given(st.text(alphabet="0123456789.eE+-nNaAiIfF٣_ \x1c", max_size=12))
def test_a_number_is_what_python_reads_as_a_finite_ascii_float_or_nothing(text):
    number = parse_number(text)
    if number is not None:
        assert math.isfinite(number)
        assert number == float(text.strip())
        assert text.strip().isascii()


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "1,5", "five", "٣", "1_0", "0x1"])
def test_what_is_no_number(text):
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["KAZ", "Тенгиз", "1a", "a.b-c_d"])
def test_codes_may_be_of_any_script(text):
    assert ID_PATTERN.fullmatch(text)


@pytest.mark.parametrize("text", ["", "_a", "-a", "a b", "a+b", "a/b", "a\n"])
def test_codes_hold_no_blanks_or_signs(text):
    assert not ID_PATTERN.fullmatch(text)
