"""Arithmetic over facts, against Python's own."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.folders.formulas import MAX_DEPTH, MAX_LENGTH, FormulaError, evaluate, parse_formula

VALUES = {"F1": 2.5, "F2": -4.0, "F3": 0.125, "F4": 7.0}
LEAVES = (
    st.sampled_from(sorted(VALUES)) | st.integers(0, 99).map(str) | st.sampled_from(["0.5", "1e3", "2.", "1E-2"])
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", "-", " * ", "/"]), inner).map("".join),
        inner.map("({})".format),
        inner.map("-({})".format),
        inner.map("+ ({})".format),
    ),
    max_leaves=15,
)


def python_value(text):
    return eval(text, {"__builtins__": {}}, VALUES)


@given(EXPRESSIONS)
def test_the_value_is_that_of_pythons_arithmetic(text):
    formula = parse_formula(text)
    try:
        expected = python_value(text)
    except ZeroDivisionError:
        with pytest.raises(FormulaError, match="division by zero"):
            evaluate(formula, VALUES)
        return
    assert evaluate(formula, VALUES) == expected


def test_precedence_and_association_by_hand():
    values = {"F1": 10.0, "F2": 4.0, "F3": 3.0}
    assert evaluate(parse_formula("F1 - F2 - F3"), values) == 3
    assert evaluate(parse_formula("F1 / F2 / 5"), values) == 0.5
    assert evaluate(parse_formula("F1 - F2 * F3"), values) == -2
    assert evaluate(parse_formula("-(F1 - F2) * 0.5"), values) == -3


def test_names_come_once_each_in_order_of_appearance():
    assert parse_formula("F2 + F1 * F2 - F3").names == ("F2", "F1", "F3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "()",
        "F1 +",
        "* F1",
        "F1 F2",
        "(F1",
        "F1)",
        "F1 ** 2",
        "F1 // 2",
        "1..2",
        "F1.x",
        "f(1)",
        "__import__",
        "'a'",
        "F1 = F2",
        "F1; F2",
        "٣",
        "2F",
        "F1 % 2",
        "1e999",
        "F1[0]",
        "1\0",
    ],
)
def test_nothing_but_arithmetic_can_be_written(text):
    with pytest.raises(FormulaError):
        parse_formula(text)


def test_a_division_by_zero_is_found_when_values_are_known():
    formula = parse_formula("F1 / (F2 - F3)")
    with pytest.raises(FormulaError, match="division by zero"):
        evaluate(formula, {"F1": 1.0, "F2": 2.0, "F3": 2.0})


def test_a_result_that_is_not_finite_is_refused():
    with pytest.raises(FormulaError, match="finite"):
        evaluate(parse_formula("F1 * F1"), {"F1": 1e200})
    with pytest.raises(FormulaError, match="finite"):
        evaluate(parse_formula("F1 + 1"), {"F1": math.nan})


def test_a_name_without_a_value_is_a_key_error():
    with pytest.raises(KeyError):
        evaluate(parse_formula("F1 + F9"), VALUES)


def test_nesting_and_length_are_limited():
    deep = MAX_DEPTH - 1
    assert evaluate(parse_formula("(" * deep + "1" + ")" * deep), {}) == 1
    for text in ("(" * 500 + "1" + ")" * 500, "-" * 900 + "1"):
        with pytest.raises(FormulaError, match="nested"):
            parse_formula(text)
    parse_formula("1+" * ((MAX_LENGTH - 1) // 2) + "1")
    with pytest.raises(FormulaError, match="longer"):
        parse_formula("1" * (MAX_LENGTH + 1))


@given(st.text(alphabet="F1 +-*/().e٣", max_size=60))
def test_any_text_is_a_formula_or_refused(text):
    try:
        formula = parse_formula(text)
    except FormulaError:
        return
    assert set(formula.names) == {step for step in formula.steps if isinstance(step, str) and step[0].isalpha()}
