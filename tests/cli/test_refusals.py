"""Faults and exit codes: where they go, how they look, and that nothing half-written stays."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kopir.cli.faults import fault_text
from kopir.core.errors import Fault, InfeasibleError, LimitReached, Locked
from kopir.core.outward import as_json


def test_check_lists_all_faults_at_once_and_exits_with_1(ask, broken):
    said = ask("check", broken)
    assert said.exit_code == 1
    assert said.stdout.splitlines() == [
        "carries.csv:2:nameplate K0214 not a quantity",
        "  A,crude,50 Mt,miniature",
        "          ^^^^^",
        "  mend: write 50 alone, in the unit of the column",
        "links.csv:3:from_node K0207 unknown node 'FIELDS'",
        "  B,FIELDS,END_B,pipeline",
        "    ^^^^^^",
        '  mend: did you mean "FIELD"? or use a row of nodes.csv, or add it there',
    ]


def test_other_commands_refuse_with_3_on_stderr(ask, broken):
    said = ask("leverage", broken)
    assert (said.exit_code, said.stdout) == (3, "")
    assert "links.csv:3:from_node K0207" in said.stderr
    assert "Traceback" not in said.output


def test_with_json_the_faults_are_in_the_object(ask, broken):
    said = ask("leverage", broken, "--json")
    record = json.loads(said.stdout)
    assert (said.exit_code, said.stderr, record["result"]) == (3, "", None)
    assert {fault["code"] for fault in record["faults"]} == {"K0207", "K0214"}
    assert set(record["faults"][0]) == {"code", "file", "line", "column", "value", "why", "mend"}


def test_at_most_20_faults_are_shown_elsewhere_and_all_by_check(ask, broken):
    links = broken / "links.csv"
    rows = [f"L{number},NOWHERE,FIELD,pipeline" for number in range(30)]
    links.write_text(links.read_text("utf-8") + "\n".join(rows) + "\n", encoding="utf-8")
    assert ask("check", broken).stdout.count("unknown node 'NOWHERE'") == 30
    refused = ask("flow", broken).stderr
    assert refused.count(" K0") == 20
    assert refused.rstrip().endswith("... and 12 more; `kopir check` lists them all")


@pytest.mark.parametrize("command", ["check", "flow", "leverage"])
def test_a_folder_that_is_no_model_is_bad_input(ask, tmp_path, command):
    said = ask(command, tmp_path)
    assert said.exit_code == 3
    assert "K0101" in said.stderr
    assert ask(command, "no-such-model").exit_code == 3


def test_a_newer_format_is_refused_with_6(ask, two_routes):
    settings = two_routes / "kopir.toml"
    settings.write_text(settings.read_text("utf-8").replace("format = 1", "format = 99"), encoding="utf-8")
    said = ask("check", two_routes)
    assert said.exit_code == 6
    assert "K0109" in said.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("flow", "--deny", "XYZ"), "K0501"),
        (("flow", "--with", "tunnel"), "K0505"),
        (("leverage", "--partner", "XYZ"), "K0501"),
        (("why", "F9999"), "K0701"),
        (("why", "leverage:XYZ:leverage_musd"), "K0701"),
        (("why", "carries:99:cost"), "K0701"),
        (("why", "carries:2:colour"), "K0701"),
    ],
)
def test_unknown_names_are_bad_input(ask, two_routes, monkeypatch, arguments, code):
    monkeypatch.chdir(two_routes)
    said = ask(*arguments)
    assert said.exit_code == 3
    assert code in said.stderr
    assert "mend: " in said.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("flow", "--json", "--csv"),
        ("flow", "--horizon", "soon"),
        ("flow", "--severity", "2"),
        ("flow", "--as-of", "June"),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_2(ask, arguments):
    assert ask(*arguments).exit_code == 2


def test_new_never_touches_a_folder_with_content(ask, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    said = ask("new", tmp_path)
    assert said.exit_code == 3
    assert "K0602" in said.stderr
    assert [item.name for item in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("place", ["a file/out.csv", "no/such/folder/out.csv"])
def test_output_that_cannot_be_written_is_refused(ask, two_routes, tmp_path, place):
    (tmp_path / "a file").write_text("", encoding="utf-8")
    said = ask("flow", two_routes, "--csv", "-o", tmp_path / place)
    assert (said.exit_code, said.stdout) == (3, "")
    assert "K0601" in said.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_left_as_it_is(ask, two_routes, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert ask("flow", two_routes, "--csv", "-o", folder / "out.csv").exit_code == 3
    assert ask("new", folder / "mine").exit_code == 3
    assert list(folder.iterdir()) == []


def test_out_writes_the_data_and_a_run_record_beside_it(ask, two_routes, tmp_path):
    target = tmp_path / "flows.csv"
    said = ask("flow", two_routes, "--csv", "-o", target)
    assert (said.exit_code, said.stdout) == (0, "")
    assert target.read_text("utf-8").startswith("kind,asset_type,asset,")
    assert json.loads((tmp_path / "flows.csv.run.json").read_text("utf-8"))["model"] == "two"


def test_the_log_is_json_lines_and_only_written_when_asked(ask, two_routes, tmp_path):
    log = tmp_path / "log.jsonl"
    assert ask("flow", two_routes).stderr.count("\n") == 1
    said = ask("flow", two_routes, "-v", "--log", log)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [line.get("stage") for line in lines] == ["reading", "solving", None]
    assert lines[-1]["run"]["model"] == "two"
    assert "solving: " in said.stderr
    assert ask("flow", two_routes, "-q").stderr == ""


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (InfeasibleError(Fault("K0401", "these cannot all hold", "relax one of them")), 4),
        (LimitReached(Fault("K0403", "stopped", "raise it"), incumbent=5.0, gap=0.1), 5),
        (Locked(Fault("K0602", "held", "wait")), 6),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("division by zero"), 70),
    ],
)
def test_exit_codes(ask, two_routes, monkeypatch, error, exit_code):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("kopir.strategy.value.flows.optimal_flow", fail)
    said = ask("flow", two_routes, "--json")
    assert said.exit_code == exit_code
    assert "Traceback" not in said.output
    if exit_code == 5:
        assert json.loads(said.stdout)["result"] == {"incumbent": 5.0, "gap": 0.1}
    if exit_code == 70:
        assert "ZeroDivisionError" in said.stderr
        assert isinstance(ask("flow", two_routes, "--debug").exception, ZeroDivisionError)


def test_rows_are_shown_around_the_value_and_without_control_characters(tmp_path):
    (tmp_path / "links.csv").write_text("link,mode\n" + "x" * 300 + ",\x1b[31mred\n", encoding="utf-8")
    text = fault_text([Fault("K0208", "not a mode", "use rail", "links.csv", 2, "mode", "\x1b[31mred")], tmp_path)
    head, row, caret, _ = text.splitlines()
    assert "\x1b" not in text
    assert len(row) < 125
    assert row[caret.index("^")] == "�"
    assert head == "links.csv:2:mode K0208 not a mode"


def test_rows_outside_the_folder_are_never_read(tmp_path):
    (tmp_path / "secret.csv").write_text("a\nsecret\n", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    assert "secret\n" not in fault_text([Fault("K0205", "why", "mend", "../secret.csv", 2)], inside)


def test_numbers_that_json_lacks_become_null():
    found = {"gap": float("nan"), "rows": [float("inf"), 1.5]}
    assert json.loads(as_json(found)) == {"gap": None, "rows": [None, 1.5]}


RUN = """
import kopir.cli, sys
sys.argv = ["kopir", {}]
try:
    kopir.cli.main()
except SystemExit:
    pass
"""
HEAVY = ("altair", "duckdb", "highspy", "numpy", "polars", "scipy", "vl_convert")


@pytest.mark.parametrize(
    "program",
    [
        "import kopir",
        "from kopir.cli.application import application",
        RUN.format("'--help'"),
        RUN.format("'explain', 'K0207'"),
    ],
)
def test_light_commands_load_nothing_heavy(program):
    program += f"\nimport sys; print('HEAVY', *sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "HEAVY"


@pytest.mark.slow
def test_the_installed_command_answers_without_colour_in_a_pipe(two_routes):
    command = Path(sys.executable).with_name("kopir")
    done = subprocess.run(
        [command, "leverage", two_routes], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "\x1b" not in done.stdout + done.stderr
    assert "RUS" in done.stdout


def test_a_reader_that_leaves_early_gets_no_traceback():
    program = "import kopir.cli, sys; sys.argv = ['kopir', 'explain']; kopir.cli.main()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()
