"""What commands cost, counted and not timed: programmes solved, tables read and filled, modules loaded.

The bounds are what a command needs today and a little more. Whoever needs more says here why.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import highspy
import pytest
from typer.testing import CliRunner

from kopir.cli.application import application
from kopir.core.folders import folder as folders
from kopir.model.contents.model import Model
from kopir.project import open_project
from kopir.strategy.refusal.curves import DURATIONS, curves

SLOW_TO_LOAD = (
    "altair",
    "duckdb",
    "fastapi",
    "jinja2",
    "numba",
    "scipy",
    "trafilatura",
    "typst",
    "xlsxwriter",
)

FOR_OPTIONS = ("numpy.ma", "typer._adapters")
"""What a command that is told a model and codes alone needs neither of."""

SMALL = {
    "check azerbaijan": (7, 27),
    "flow azerbaijan --deny GEO": (6, 25),
    "leverage azerbaijan --draws 0": (130, 27),
    "list partners azerbaijan": (0, 30),
}
LARGE = {
    "check kazakhstan": (6, 27),
    "flow kazakhstan --deny RUS": (7, 29),
    "leverage kazakhstan --draws 0": (70, 31),
    "leverage kazakhstan": (615, 31),
    "coalitions kazakhstan --draws 0": (45, 29),
    "portfolio kazakhstan": (785, 38),
    "obligations kazakhstan": (32, 7),
    "conflicts kazakhstan": (2_300, 0),
    "theses kazakhstan": (2_800, 34),
    "incident kazakhstan --lose cpc-mooring:2 --days 45": (580, 62),
}
"""Command lines, each with the most programmes that it solves and tables that it fills with numbers."""


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    done: Counter[str] = Counter()
    run, filled, parse, square = highspy.Highs.run, Model._filled, folders.parse_table, highspy.Highs.passHessian

    def counted_square(solver: highspy.Highs, *arrays: object) -> object:
        done["squares"] += 1
        return square(solver, *arrays)

    def counted_run(solver: highspy.Highs) -> object:
        done["solved"] += 1
        return run(solver)

    def counted_fill(model: Model, name: str) -> object:
        done["filled"] += 1
        return filled(model, name)

    def counted_parse(text: str, schema: object) -> object:
        done[f"read {schema.name}"] += 1
        return parse(text, schema)

    monkeypatch.setattr(highspy.Highs, "run", counted_run)
    monkeypatch.setattr(highspy.Highs, "passHessian", counted_square)
    monkeypatch.setattr(Model, "_filled", counted_fill)
    monkeypatch.setattr(folders, "parse_table", counted_parse)
    return done


@pytest.mark.parametrize(
    "command", [*SMALL, *(pytest.param(command, marks=pytest.mark.slow) for command in LARGE)]
)
def test_a_command_solves_fills_and_reads_no_more_than_it_needs(command: str, work: Counter[str]) -> None:
    said = CliRunner().invoke(application, [*command.split(), "--json", "--quiet"])
    assert said.exit_code == 0, said.output
    solved, filled = (SMALL | LARGE)[command]
    assert work["solved"] <= solved
    assert work["filled"] <= filled
    assert work["squares"] <= 1, "corrections are found without the solver"
    assert {count for name, count in work.items() if name.startswith("read ")} == {1}, "a table is read once"


@pytest.mark.parametrize(
    "command",
    [
        "check azerbaijan",
        "leverage azerbaijan --draws 0",
        *(pytest.param(one, marks=pytest.mark.slow) for one in ("portfolio kazakhstan", "obligations kazakhstan")),
    ],
)
def test_a_command_loads_nothing_slow_that_it_does_not_use(command: str) -> None:
    """Facts are reconciled with SciPy's factorisations; what the model alone answers does without."""
    assert loaded(command, SLOW_TO_LOAD) == set()


@pytest.mark.parametrize("command", ["check azerbaijan", "flow azerbaijan --deny GEO"])
def test_plain_words_are_taken_as_they_are(command: str) -> None:
    assert loaded(command, FOR_OPTIONS) == set()


def loaded(command: str, names: tuple[str, ...]) -> set[str]:
    """Return which modules of ``names`` a command loads."""
    program = f"""
import sys
from kopir.cli import main
sys.argv = ["kopir", *{command.split()!r}, "--json", "--quiet"]
try:
    main()
except SystemExit:
    pass
print("SLOW", *sorted(set(sys.modules) & set({names!r})))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_the_collector_seldom_looks_through_what_a_command_made() -> None:
    program = """
import gc, sys
from kopir.cli import main
sys.argv = ["kopir", "check", "azerbaijan", "--quiet"]
try:
    main()
except SystemExit:
    pass
print("RAN", sum(each["collections"] for each in gc.get_stats()), gc.get_freeze_count())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    ran, left_alone = map(int, done.stdout.split("RAN")[-1].split())
    assert ran <= 50
    assert left_alone > 10_000, "nor does the last collection, at the end of the process"


@pytest.mark.slow
def test_curves_solve_a_month_only_where_its_room_can_matter(work: Counter[str]) -> None:
    """Thirty-six months of twelve partners at three severities are 1,332 programmes."""
    setup = open_project("kazakhstan").setup
    work.clear()
    assert curves(setup).table.height == 12 * 3 * len(DURATIONS)
    assert work["solved"] <= 300


def test_of_forty_commands_only_the_one_asked_has_its_options_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    from kopir.cli import words

    spread = words.spread
    monkeypatch.setattr(words, "spread", lambda command: made.append(command.__name__) or spread(command))
    assert CliRunner().invoke(application, ["--help"]).exit_code == 0
    assert made == []
    assert CliRunner().invoke(application, ["explain", "K0207"]).exit_code == 0
    assert made == ["explain"]
