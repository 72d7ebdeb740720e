"""A fact in words, by hand: the scale word and the figure say the same amount."""

import pytest

from kopir.model.contents.facts import Fact
from kopir.model.grounds.statement import figure, statement


def fact(value: float, unit: str = "t", low: float | None = None, high: float | None = None) -> Fact:
    ends = (value if low is None else low, value if high is None else high)
    return Fact("F1", "oil_export", "KAZ", "2026", "plan", value, *ends, unit, "", (), (), "", 2)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (9_999, "9999 t"),
        (10_000, "10 thousand t"),
        (130_000, "130 thousand t"),
        (999_000, "999 thousand t"),
        (1_000_000, "1 million t"),
        (36_640_000, "36.64 million t"),
        (-2_500_000_000, "-2.5 billion t"),
        (0.0, "0 t"),
    ],
)
def test_a_figure_is_told_in_its_scale(value, said):
    assert figure(fact(value)) == said


def test_ends_are_told_in_the_scale_of_the_largest():
    assert figure(fact(900_000, low=80_000, high=1_200_000)) == "0.9 (0.08 to 1.2) million t"


@pytest.mark.parametrize("value", [1.5 * 10**power for power in range(-2, 13)])
def test_the_words_are_worth_the_figure(value):
    number, _, words = figure(fact(value)).partition(" ")
    worth = {"thousand": 1e3, "million": 1e6, "billion": 1e9}.get(words.split()[0], 1)
    assert float(number) * worth == pytest.approx(value)


def test_a_statement_names_whose_figure_of_what_and_when():
    assert statement(fact(130_000)).endswith(", Kazakhstan, 2026, plan: 130 thousand t")
