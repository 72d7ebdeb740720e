"""Default tables fit 80 columns, show four figures and names, and break no number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.cli.output import _text as told
from kopir.report.forms.grids import Grid, figure
from tests.cli.conftest import Ask

NAMES = st.text(st.sampled_from("abcdefgıәқΩЖ "), min_size=1, max_size=40).filter(str.strip)
NUMBERS = st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9) | st.none()


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    kinds = draw(st.lists(st.sampled_from([NAMES, NUMBERS]), min_size=1, max_size=12))
    rows = draw(st.lists(st.tuples(*kinds), min_size=1, max_size=5))
    headings = tuple(f"column {index}" for index in range(len(kinds)))
    return Grid(
        headings, tuple(rows), "a title that says what the table is about, of whom, over which years and why"
    )


@given(grids(), st.integers(48, 120))
def test_a_table_fits_and_breaks_no_number(grid: Grid, width: int) -> None:
    text, without = told((grid,), screen=False, width=width)
    assert max(map(len, text.splitlines())) <= width
    words = text.split()
    for index, heading in enumerate(grid.columns):
        if heading not in without:
            cells = [row[index] for row in grid.rows if isinstance(row[index], float)]
            assert [cell for cell in cells if figure(cell) not in words] == []


@given(grids())
def test_wide_shows_all_of_it(grid: Grid) -> None:
    text, without = told((grid,), screen=False, width=None)
    assert without == ()
    assert len(text.splitlines()) == 2 + len(grid.rows)


def test_names_and_four_figures_unless_the_table_says_which() -> None:
    heads = ("name", *"abcdef")
    grid = Grid(heads, (("x", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),))
    assert told((grid,), screen=False, width=80)[1] == ("e", "f")
    assert told((grid.showing("name", "f"),), screen=False, width=80)[1] == tuple("abcde")


def test_names_beyond_two_go_before_figures() -> None:
    grid = Grid(("a", "b", "c", "Mt"), (("A" * 30, "B" * 30, "C" * 30, 1234.5),))
    text, without = told((grid,), screen=False, width=80)
    assert (without, "1,234" in text) == (("c",), True)


def test_a_range_is_one_number() -> None:
    grid = Grid(("name", "loss"), (("several words of a name " * 4, "12,692 [4,233 to 124,000]"),))
    assert "12,692 [4,233 to 124,000]" in told((grid,), screen=False, width=60)[0]


ANSWERS = (
    ("leverage",),
    ("coalitions",),
    ("portfolio",),
    ("options",),
    ("flow",),
    ("worst", "--k", "2"),
    ("outages", "--assets", "2"),
    ("check", "--all"),
    ("list", "assets"),
)


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
def test_an_answer_fits_a_terminal(ask: Ask, two_routes: Path, words: tuple[str, ...]) -> None:
    shown = ask(*words, two_routes)
    assert shown.exit_code == 0, shown.output
    assert [line for line in shown.stdout.splitlines() if len(line) > 80] == []
    wide = ask(*words, two_routes, "--wide").stdout
    number = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w.])")
    assert set(number.findall(shown.stdout)) <= set(number.findall(wide))


def test_what_is_left_out_is_named(ask: Ask, two_routes: Path) -> None:
    assert "left out to fit 80 columns: hit Mt, re-routed Mt," in ask("leverage", two_routes).stderr
    assert "left out" not in ask("leverage", two_routes, "--wide").stderr
    assert "left out" not in ask("leverage", two_routes, "--quiet").stderr


SPOKEN = (
    ("leverage", "--draws", "2"),
    ("coalitions", "--draws", "0"),
    ("portfolio",),
    ("obligations",),
    ("changed",),
    ("options",),
    ("list", "assets"),
    ("list", "partners"),
)
UNSPOKEN = (
    ("flow",),
    ("layers",),
    ("arms",),
    ("hindcast",),
    ("corridors",),
    ("theses",),
    ("conflicts",),
    ("ledger", "deals"),
    ("ledger", "targets"),
    ("check", "--all"),
    ("incident", "--lose", "CPC_KAZ", "--days", "7", "--draws", "2"),
    ("stress", "--scenario", "EV31"),
    ("refusal", "--deny", "RUS"),
    ("why", "leverage:RUS:stranded_mt"),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [*((*words, "--lang", lang) for words in SPOKEN for lang in ("kk", "tr")), *UNSPOKEN],
    ids=" ".join,
)
def test_answers_of_the_largest_bundled_model_fit_a_terminal(ask: Ask, words: tuple[str, ...]) -> None:
    shown = ask(*words, "kazakhstan")
    assert shown.exit_code == 0, shown.output
    long = [line for line in shown.stdout.splitlines() if len(line) > 80]
    assert [line for line in long if "://" not in line] == [], "an address is not broken, all else is"
