"""What a long sentence costs: what is said of it as a whole is found once, not once a figure."""

import sys

import pytest

from kopir.evidence import read_text

NAMES = ("Peru", "Norway", "Vietnam", "Togo")


def listed(figures):
    parts = (f"{10 + n} million tonnes of coal to {NAMES[n % 4]}" for n in range(figures))
    return f"In 2022 Chad exported {', '.join(parts)}."


def russian(figures):
    parts = (
        f"в {name} – {10 + n} млн тонн" for n in range(figures) for name in ("Перу", "Того")[n % 2 : n % 2 + 1]
    )
    return f"В 2022 году Чад экспортировал угля: {', '.join(parts)}."


def steps(text, language):
    """Count the calls of Python functions that reading takes."""
    count = 0

    def called(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(called)
    try:
        read_text(text, language=language)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(("language", "sentence"), [("en", listed), ("ru", russian)])
def test_twice_the_figures_take_less_than_three_times_the_steps(language, sentence):
    steps(sentence(4), language)  # fills what is kept between readings
    assert steps(sentence(80), language) < 3 * steps(sentence(40), language)
