"""The command that scores cases: right, declined, wrong."""

import json

import pytest

from benchmarks.reading import __main__ as command
from benchmarks.reading import cases
from benchmarks.reading.passages import TEXTS

TEXT = "Exports of Peru to Norway reached $300 million in 2020."
RIGHT = {
    "value": 3e8, "unit": "USD", "indicator": "export", "subject": "PER", "partners": ["NOR"], "period": "2020",
    "modality": "actual",
}  # fmt: skip


@pytest.fixture
def scored(tmp_path, monkeypatch):
    """Score one-line cases with these right claims."""

    def outcomes(*right):
        rows = [
            {"text": TEXT, "lang": "en", "date": "2021-01-01", "kind": "made", "right": list(r)} for r in right
        ]
        path = tmp_path / "cases.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        monkeypatch.setattr(cases, "LINES", path)
        monkeypatch.setattr(cases, "WANTED", {})
        monkeypatch.setattr(command, "TEXTS", tmp_path)
        return [case.outcome for case in cases.outcomes()]

    return outcomes


def test_a_case_is_right_wrong_or_declined(scored):
    other = {**RIGHT, "partners": ["BRA"]}
    assert scored([RIGHT], [other], []) == ["right", "wrong", "wrong"]
    assert scored([RIGHT, {**RIGHT, "value": 5e8}]) == ["declined"]


def test_a_range_is_wanted_by_its_bounds(scored):
    assert scored([{**RIGHT, "value": [1e8, 3e8]}]) == ["wrong"]


def test_the_command_prints_totals_and_fails_on_a_wrong_claim(scored, capsys):
    scored([RIGHT])
    assert command.main(["cases"]) == 0
    assert "1 cases: 1 right, 0 declined, 0 wrong" in capsys.readouterr().out
    scored([{**RIGHT, "period": "2019"}])
    assert command.main(["cases"]) == 1
    assert "period: '2020', should be '2019'" in capsys.readouterr().out


def test_missing_cases_are_said_to_be(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "TEXTS", tmp_path)
    monkeypatch.setattr(cases, "LINES", tmp_path / "none.jsonl")
    assert command.main(["cases"]) == 3
    assert "the cases are not there" in capsys.readouterr().err


@pytest.mark.skipif(not TEXTS.is_dir() or not cases.LINES.is_file(), reason="the cases are not beside the project")
def test_no_case_publishes_a_wrong_claim():
    found = list(cases.outcomes())
    assert [case.name for case in found if case.outcome == "wrong"] == []
    assert sum(case.outcome == "right" for case in found) >= 50
