"""``kopir hindcast --seen`` and ``--unseen``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest

from kopir.strategy.precedents.compared import ALL
from kopir.strategy.precedents.judged import judge
from kopir.strategy.precedents.quality import stored_quality
from kopir.strategy.precedents.record import bundled_record

OWN = {
    "precedents": "precedent,start,end,what,cause,severity_low,severity_high,split,sources\n"
    "MINE,2030-06-01,2030-06-15,a port (strike),closed,0.4,0.8,fit,\n",
    "responses": "response,precedent,indicator,part,before,after,unit,before_period,after_period\n"
    "MINE_1,MINE,cargo,hit,100,70,kt,2030-05,2030-06\n",
}


@pytest.mark.slow
def test_what_was_fitted_on_is_said_to_be_seen(ask):
    said = ask("hindcast", "--seen")
    assert said.exit_code == 0
    assert "seen (fitted on these)" in said.stdout
    assert "with two sources" in said.stdout
    assert "responses that no mechanism reaches" in said.stdout


def test_one_part_at_a_time(ask):
    assert ask("hindcast", "--seen", "--unseen").exit_code == 2


@pytest.mark.slow
def test_rows_of_a_folder_are_judged_with_the_bundled_ones(ask, two_routes):
    for name, text in OWN.items():
        Path(two_routes, f"{name}.csv").write_text(text, encoding="utf-8")
    found = json.loads(ask("hindcast", two_routes, "--seen", "--json").stdout)["result"]
    mine = next(row for row in found["responses"] if row["response"] == "MINE_1")
    assert (mine["mechanism"], mine["weight"]) == ("closed", 1.0)
    assert mine["low"] < mine["predicted"] < mine["high"]
    assert found["disruptions"] == 1 + sum(one.seen for one in bundled_record().precedents.values())
    assert found["range_level"] == 0.8


@pytest.mark.slow
def test_the_page_says_what_the_command_says():
    page = Path(__file__).parents[2].joinpath("docs/stress.md").read_text(encoding="utf-8")
    rows = {name: float(seen) for name, seen in re.findall(ROW, page, re.MULTILINE)}
    judged = judge(bundled_record(), "seen")
    total = judged.mechanisms.filter(mechanism=ALL).row(0, named=True)
    for name, column in COLUMNS.items():
        assert rows[name] == pytest.approx(total[column], abs=0.0006), name
    assert (
        f"{total['precedents']}, {total['responses']} of {total['responses'] + judged.unexpressed.height}" in page
    )


@pytest.mark.slow
def test_the_page_says_what_each_mechanism_errs_by():
    page = Path(__file__).parents[2].joinpath("docs/stress.md").read_text(encoding="utf-8")
    table = page.split("| mechanism | disruptions, responses |")[1].split("\n\n")[0]
    written = [[float(number) for number in re.findall(r"\d+\.\d+", row)][:5] for row in table.splitlines()[2:]]
    judged = judge(bundled_record(), "seen").mechanisms.filter(pl.col("mechanism") != ALL)
    columns = ("error", "error_no_change", "error_proportional", "mean", "mean_proportional")
    counted = [tuple(row[name] for name in columns) for row in judged.iter_rows(named=True)]
    assert len(written) == len(counted)
    for row in written:
        assert any(row == [pytest.approx(number, abs=0.006) for number in one] for one in counted), row


@pytest.mark.slow
def test_the_page_lists_every_collection_as_it_was_scored(ask):
    page = Path(__file__).parents[2].joinpath("docs/stress.md").read_text(encoding="utf-8")
    said = ask("hindcast", "--unseen", "--wide").stdout
    for one in stored_quality().unseen:
        row = next(line for line in page.splitlines() if line.startswith(f"| {one.collection}"))
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", row)]
        wanted = (
            one.fitted_on,
            one.disruptions,
            one.responses,
            one.error,
            one.pro_rata,
            one.ratio,
            one.signs,
            one.inside,
        )
        assert numbers[: len(wanted)] == [pytest.approx(number, abs=0.006) for number in wanted]
        assert one.collection in said
    for one in stored_quality().forward:
        row = next(
            line for line in page.split("| replayed |")[1].splitlines() if line.startswith(f"| {one.collection}")
        )
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", row)][-7:-5]
        assert numbers == [pytest.approx(one.error, abs=0.0006), pytest.approx(one.pro_rata, abs=0.0006)]


COLUMNS = {
    "median error": "error",
    "no change": "error_no_change",
    "pro rata": "error_proportional",
    "to the better naive forecast (wanted 0.7)": "ratio",
    "the same of mean errors": "mean_ratio",
    "direction right (wanted 0.9)": "signs",
    "direction right where one is told": "signs_told",
    "seen value from low to high (meant 0.8)": "inside",
}
ROW = r"^\| ([a-z][^|]*?) \| ([\d.]+) \|$"


def test_a_described_disruption_is_answered_with_precedents(ask):
    said = ask("expect", "--part", "queue", "--arrivals", "740", "--days", "13", "--before", "0")
    assert said.exit_code == 0
    assert said.stdout.startswith("queues: ")
    assert "nearest precedents" in said.stdout
    assert ask("expect", "--part", "total").exit_code == 3
    assert ask("expect", "--severity", "much").exit_code == 2


@pytest.mark.slow
def test_the_questions_that_stand_on_their_page_are_answered(ask):
    page = Path(__file__).parents[2].joinpath("docs/questions.md").read_text(encoding="utf-8")
    lines = [line.split("#")[0].split()[1:] for line in page.splitlines() if line.startswith("kopir expect")]
    assert len(lines) >= 3
    assert [ask(*line).exit_code for line in lines] == [0] * len(lines)
