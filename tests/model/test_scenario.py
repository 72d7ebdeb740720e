"""Scenario files: what they mean, and every way of getting one wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.model.network.scenario import MAX_STEPS, make_steps, parse_scenario, read_scenario
from tests.strategy.terminal import terminal_model

HEAD = "[scenario]\nstart = 2025-03-01\nsteps = 30\n"
SHOCK = '[[shock]]\nasset = "BERTH1"\nfrom = 2025-03-05\nto = 2025-03-09\n'


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return terminal_model(tmp_path_factory.mktemp("model"))


def test_what_a_scenario_says(model):
    text = (
        '[scenario]\ntitle = "T"\nstart = 2025-03-01\nblocks = [["day", 56], ["month", 22]]\n'
        + SHOCK
        + 'repair = 3\nleft = 0.25\n[[denial]]\nparties = ["RUS"]\nseverity = 0.5\nfrom = 2025-03-02\n'
        + '[[build]]\noption = "MORE_RAIL"\ndecided = 2025-04-01\n'
    )
    scenario = parse_scenario(text, model, file="t.toml")
    assert len(scenario.steps) == 78
    assert scenario.steps[55].last == date(2025, 4, 25)
    assert scenario.steps[-1].last == date(2027, 2, 25)
    assert scenario.begun == date(2025, 3, 2)
    (shock,) = scenario.shocks
    assert (shock.left, shock.window.repair) == (0.25, 3)
    assert scenario.decisions[0].day == date(2025, 4, 1)


def test_months_keep_the_day_of_the_start():
    steps = make_steps(date(2024, 1, 31), [("month", 3)])
    assert [step.first for step in steps] == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]
    assert steps[-1].last == date(2024, 4, 29)


@pytest.mark.parametrize(
    ("text", "code", "column", "says"),
    [
        (HEAD + SHOCK.replace("BERTH1", "BERTH9"), "K0207", "shock.0.asset", 'did you mean "BERTH'),
        (HEAD + SHOCK.replace("03-09", "03-01"), "K0801", "shock.0.to", "exchange from and to"),
        (HEAD + SHOCK + SHOCK.replace("03-09", "03-07"), "K0801", "shock.1.from", "join the two"),
        (HEAD + SHOCK.replace("03-05", "05-05").replace("03-09", "05-09"), "K0801", "shock.0.from", "lengthen"),
        (HEAD + SHOCK + "repair = -2\n", "K0304", "shock.0.repair", "at least 0"),
        (HEAD + SHOCK + "left = 1.5\n", "K0305", "shock.0.left", "between 0 and 1"),
        (HEAD + '[[shock]]\nasset = "BERTH1"\n', "K0209", "shock.0.from", "YYYY-MM-DD"),
        (HEAD + SHOCK.replace("2025-03-05", '"soon"'), "K0209", "shock.0.from", "YYYY-MM-DD"),
        (HEAD + SHOCK + "colour = 1\n", "K0108", "shock.0.colour", "docs/stress.md"),
        (HEAD + '[[denial]]\nparties = ["RSU"]\nfrom = 2025-03-05\n', "K0501", "denial.0.parties", '"RUS"'),
        (HEAD + "[[denial]]\nparties = []\nfrom = 2025-03-05\n", "K0108", "denial.0.parties", ""),
        (HEAD + '[[build]]\noption = "LESS"\ndecided = 2025-03-05\n', "K0505", "build.0.option", "options.csv"),
        (HEAD.replace("steps = 30", 'step = "week"\nuntil = 2025-03-30'), "K0802", "scenario.until", "2025-04-04"),
        (HEAD.replace("steps = 30", 'step = "hour"\nsteps = 2'), "K0108", "scenario.step", ""),
        (HEAD.replace("steps = 30", "steps = 0"), "K0108", "scenario.steps", ""),
        (
            HEAD.replace("steps = 30", f'blocks = [["day", {MAX_STEPS}], ["day", 1]]'),
            "K0108",
            "scenario.blocks",
            "",
        ),
        (HEAD.replace("steps = 30", ""), "K0108", "scenario", "one of steps, until or blocks"),
        ("[scenario\n", "K0107", None, "mend the line"),
        ("x = " + "[" * 5000, "K0107", None, "mend the line"),
        (HEAD + "x." * 5000 + "y = 1\n", "K0108", "scenario.x", "docs/stress.md"),
        (HEAD.replace("steps = 30", "steps = 0x" + "f" * 9000), "K0108", "scenario.steps", "docs/stress.md"),
    ],
)
def test_faults_name_the_key_and_the_mend(model, text, code, column, says):
    with pytest.raises(InputError) as raised:
        parse_scenario(text, model, file="bad.toml")
    (fault,) = raised.value.faults
    assert (fault.file, fault.code, fault.column) == ("bad.toml", code, column)
    assert says in fault.mend


def test_all_faults_are_told_at_once(model):
    text = HEAD + SHOCK.replace("BERTH1", "NOWHERE").replace("03-09", "03-01")
    with pytest.raises(InputError) as raised:
        parse_scenario(text, model, file="bad.toml")
    assert {fault.code for fault in raised.value.faults} == {"K0207", "K0801"}


def test_a_name_stands_for_a_scenario_of_the_model(model, tmp_path):
    folder = model.folder.path / "scenarios"
    folder.mkdir(exist_ok=True)
    (folder / "own.toml").write_text(HEAD + SHOCK, encoding="utf-8")
    assert read_scenario(Path("own"), model).name == "own"
    with pytest.raises(InputError):
        read_scenario(Path("other"), model)
    (tmp_path / "link.toml").symlink_to(folder / "own.toml")
    with pytest.raises(InputError, match="outside the folder"):
        read_scenario(tmp_path / "link.toml", model)
