"""What leaves kopir commands no terminal and is JSON that every program reads."""

import json
import math

import pytest

from kopir.core.outward import as_json, shown, without_controls


@pytest.mark.parametrize("sign", ["\x1b", "\x00", "\x07", "\r", "\x9b", "\u202e", "\u2066", "\u200b", "\ud800"])
def test_signs_that_command_or_hide_are_replaced(sign):
    assert without_controls(f"a{sign}[31mb") == "a\ufffd[31mb"


@pytest.mark.parametrize(
    "sign", "\u034f\u115f\u180e\u206a\u3164\uffa0\ufff9\U000e0001\U000e0041\U000e0100\U0001d173"
)
def test_letters_that_nobody_sees_are_replaced(sign):
    assert without_controls(f"oil{sign} to") == "oil\ufffd to"


def test_what_spelling_needs_stays():
    text = "می\u200cخواهم ක්\u200dෂ co\u00adoperation ☎\ufe0e"
    assert without_controls(text) == text


def test_letters_of_all_scripts_line_ends_and_tabs_stay():
    text = "Қазақстан — İstanbul\t5 %\nnext «line» 中文 العربية"
    assert without_controls(text) == text


def test_numbers_that_json_does_not_know_are_null():
    held = {"a": [math.inf, -math.inf, math.nan, 1.5], "b": {"c": (math.inf,)}, "d": "Infinity"}
    assert json.loads(as_json(held)) == {"a": [None, None, None, 1.5], "b": {"c": [None]}, "d": "Infinity"}


def test_a_value_that_cannot_be_written_is_named():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(deep) == "hundreds of lists or tables within each other"
    assert shown(10**9000) == "a number of thousands of digits"
    assert (shown("x" * 500), shown([1, "a"], most=4)) == ("x" * 80, "[1, ")
