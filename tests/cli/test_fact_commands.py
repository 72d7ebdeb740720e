"""The commands of the fact book, as a user types them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kopir.cli.application import application
from kopir.model.bundled import bundled_path

TEXT = """Kazakhstan exported 78.7 million tonnes of oil in 2025.
In 2027 Kazakhstan exported 80.1 million tonnes of oil.
"""


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(application, [str(word) for word in words])


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "speech.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.mark.slow
def test_review_confirms_what_is_held_and_says_what_is_not(speech: Path) -> None:
    answer = run("review", speech, "kazakhstan", "--date", "2028-02-01", "--json")
    assert answer.exit_code in {0, 1}, answer.output
    assert json.loads(answer.stdout)["schema_version"]
    said = run("review", speech, "kazakhstan", "--date", "2028-02-01").stdout
    assert "CONFIRMED: 78.7 million tonnes" in said
    assert "CONFIRMED: 80.1" not in said


@pytest.mark.slow
def test_facts_go_into_a_model_and_diff_names_them(speech: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    source = bundled_path("kazakhstan")
    assert source is not None
    shutil.copytree(source, folder)
    written = run("facts", speech, "--date", "2028-02-01", "--into", folder)
    assert written.exit_code in {0, 1}, written.output
    assert run("check", folder).exit_code == 0
    moved = run("diff", "kazakhstan", folder)
    assert moved.exit_code in {0, 1}, moved.output
    assert "2027" in moved.stdout


@pytest.mark.slow
@pytest.mark.parametrize("words", [("conflicts", "kazakhstan"), ("ledger", "deals", "kazakhstan")])
def test_tables_of_the_bundled_facts(words: tuple[str, ...]) -> None:
    answer = run(*words, "--csv")
    assert answer.exit_code in {0, 1}, answer.output
    assert len(answer.stdout.splitlines()) > 20


def test_narratives_stand_side_by_side(speech: Path) -> None:
    answer = run("narratives", speech)
    assert answer.exit_code == 0, answer.output
    assert "KAZ" in answer.stdout


@pytest.mark.slow
def test_theses_of_the_bundled_model_have_verdicts_on_both_sides() -> None:
    rows = csv.DictReader(io.StringIO(run("theses", "kazakhstan", "--csv").stdout))
    verdicts = {row["verdict"] for row in rows}
    assert {"supported", "contradicted"} <= verdicts <= {"supported", "contradicted", "undetermined"}


@pytest.mark.slow
def test_diff_names_the_results_that_rest_on_what_moved(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    source = bundled_path("kazakhstan")
    assert source is not None
    shutil.copytree(source, folder)
    facts = (folder / "facts.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    pipe = next(line for line in facts if line.startswith("F0095,"))
    changed = "".join(pipe.replace(",17500000,", ",16500000,") if line is pipe else line for line in facts)
    (folder / "facts.csv").write_text(changed, encoding="utf-8")
    moved = json.loads(run("diff", "kazakhstan", folder, "--json").stdout)["result"]
    assert [row["change"] for row in moved["moved"]] == ["moved"]
    assert "capacity_groups:3:nameplate" in {row["cell"] for row in moved["cells"]}
    assert "leverage:RUS" in moved["results"]
    assert "leverage:IRN" not in moved["results"]


@pytest.mark.slow
def test_why_walks_from_a_fact_to_the_sentence_that_says_it(tmp_path: Path) -> None:
    text = tmp_path / "speech.txt"
    sentence = "In 2024 trade between Kazakhstan and Turkey reached 5.1 billion dollars, he said."
    text.write_text(f"Good morning. {sentence} Thank you.\n", encoding="utf-8")
    folder = tmp_path / "copy"
    source = bundled_path("kazakhstan")
    assert source is not None
    shutil.copytree(source, folder)
    assert run("facts", text, "--date", "2026-02-01", "--into", folder).exit_code in {0, 1}
    facts = (folder / "facts.csv").read_text(encoding="utf-8").splitlines()
    (made,) = [line.split(",")[0] for line in facts if line.startswith("R-")]
    steps = json.loads(run("why", made, folder, "--json").stdout)["result"]
    (claim,) = [step for step in steps["because"] if step["kind"] == "claim"]
    assert sentence in claim["text"]
    assert claim["value"] == pytest.approx(5.1e9)
    assert claim["because"][0]["kind"] == "source"
    begin, end = (int(part) for part in claim["id"].rpartition("#")[2].split("-"))
    assert text.read_text(encoding="utf-8")[begin:end] == "5.1 billion dollars"
    beside = {step["id"] for step in steps["because"] if step["kind"] == "fact"}
    assert "F0648" in beside
    assert json.loads(run("why", claim["id"], folder, "--json").stdout)["result"]["kind"] == "claim"


@pytest.mark.slow
def test_corrections_of_the_model_hold_for_what_it_takes_in(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    source = bundled_path("kazakhstan")
    assert source is not None
    shutil.copytree(source, folder)
    text = tmp_path / "speech.txt"
    text.write_text("Kazakhstan exported 80.1 million tonnes of oil in 2027.", encoding="utf-8")
    rows = "doc,start,end,text,slot,value,by,note\n{},20,39,80.1 million tonnes,value,81100000,editor,misprint\n"
    (folder / "corrections.csv").write_text(rows.format("spech.txt"), encoding="utf-8")
    refused = run("facts", text, "--date", "2028-02-01", "--into", folder)
    assert refused.exit_code == 3
    assert 'did you mean "speech.txt"' in refused.stderr
    (folder / "corrections.csv").write_text(rows.format("speech.txt"), encoding="utf-8")
    assert run("facts", text, "--date", "2028-02-01", "--into", folder).exit_code in {0, 1}
    assert ",81100000," in (folder / "facts.csv").read_text(encoding="utf-8")


def _facts(answer: Result) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(answer.stdout)["result"]["facts"]
    return found


@pytest.mark.slow
def test_claims_in_parquet_are_filtered_before_they_are_reconciled(speech: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert run("read", speech, "--date", "2028-02-01", "--parquet", archive / "a.parquet").exit_code == 0
    keys = {
        words: [fact["period"] for fact in _facts(run("facts", archive, *words, "--json"))]
        for words in ((), ("--where", "period=2025*", "--where", "indicator=oil_*"))
    }
    assert list(keys.values()) == [["2025", "2027"], ["2025"]]
    refused = run("facts", archive, "--where", "period=1999")
    assert refused.exit_code == 3
    assert "no claim passes" in refused.stderr


CLAIM = {"id": "c1", "doc": "d1", "text": "5 bn", "value": 5e9, "unit": "USD", "indicator": "trade_turnover",
         "kind": "level", "subject": "GEO", "partners": ["TUR"], "period": "2024"}  # fmt: skip


def test_an_empty_book_is_started_for_any_state_and_says_what_changed(tmp_path: Path) -> None:
    claims = tmp_path / "claims.jsonl"
    claims.write_text(json.dumps(CLAIM), encoding="utf-8")
    made = run("facts", claims, "--new", "GEO", "--into", tmp_path / "book")
    assert made.exit_code == 0, made.output
    assert "1 new" in made.stdout
    assert "GEO" in (tmp_path / "book/kopir.toml").read_text("utf-8")
    assert len((tmp_path / "book/facts.csv").read_text("utf-8").splitlines()) == 2
    claims.write_text(json.dumps({**CLAIM, "value": 7e9, "text": "7 bn"}), encoding="utf-8")
    moved = run("facts", claims, "--into", tmp_path / "book")
    assert "1 moved" in moved.stdout
    assert run("facts", claims, "--new", "GEO", "--into", tmp_path / "book").exit_code == 3
    assert run("facts", claims, "--new", "GEO").exit_code != 0
    assert run("facts", claims, "--new", "NOWHERE", "--into", tmp_path / "other").exit_code == 3


@pytest.mark.parametrize("words", [("theses",), ("conflicts",), ("ledger", "deals"), ("ledger", "targets")])
def test_a_book_without_facts_is_answered(words: tuple[str, ...], tmp_path: Path) -> None:
    claims = tmp_path / "claims.jsonl"
    claims.write_text(json.dumps(CLAIM), encoding="utf-8")
    run("facts", claims, "--new", "GEO", "--into", tmp_path / "book")
    (tmp_path / "book/claims/claims.parquet").unlink()
    facts = tmp_path / "book/facts.csv"
    facts.write_text(facts.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    answer = run(*words, tmp_path / "book")
    assert answer.exit_code == 0, answer.output


def test_a_text_full_of_digits_that_gives_no_figure_is_told(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("Kazakhstan's trade with Türkiye reached $5 billion in 2024.\n", encoding="utf-8")
    answer = run("facts", text, "--input-lang", "tr", "--json")
    assert "K2017" in answer.output
    assert "K2017" not in run("facts", text, "--all", "--json").output
