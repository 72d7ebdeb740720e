"""Only what is published or corrected enters a fact book; the rest, when asked for, never outweighs it."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from kopir.cli.application import application
from kopir.evidence import json_lines, read_text, write_parquet
from kopir.facts import claims_of_readings, outranked, read_claims, reviewed

SURE = "Exports of Peru to Norway reached $300 million in 2020."
LOOSE = "Exports of Peru to Norway could be $400 million in 2020. Exports of Chile could be $9 million."
DATE = "2021-02-01"


@pytest.fixture
def readings():
    return [read_text(SURE, name="sure", date=DATE), read_text(LOOSE, name="loose", date=DATE)]


def test_readings_tell_what_stands(readings):
    claims = claims_of_readings(readings)
    assert claims["standing"].to_list() == ["published", "unreviewed", "unreviewed"]
    assert reviewed(claims)["value"].to_list() == [3e8]
    corrected = claims.with_columns(standing=pl.lit("corrected"))
    assert len(reviewed(corrected)) == 3


def test_files_of_claims_tell_what_stands(readings, tmp_path):
    claims = [claim for reading in readings for claim in reading.claims]
    (tmp_path / "claims.jsonl").write_text("".join(json_lines(claims)), encoding="utf-8")
    write_parquet(claims, tmp_path / "claims.parquet")
    for name in ("claims.jsonl", "claims.parquet"):
        assert read_claims(tmp_path / name)["standing"].to_list() == ["published", "unreviewed", "unreviewed"]


def test_an_unreviewed_claim_gives_way_on_the_same_fact(readings):
    claims = claims_of_readings(readings)
    same = claims.with_columns(
        modality=pl.lit("actual"), partners=pl.lit(["NOR"]), subject=pl.lit("PER"), period=pl.lit("2020")
    )
    assert outranked(same)["value"].to_list() == [3e8]
    assert len(outranked(same.filter(pl.col("standing") == "unreviewed"))) == 2


@pytest.mark.slow
def test_the_command_takes_what_stands(tmp_path):
    for name, text in (("sure.txt", SURE), ("loose.txt", LOOSE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / "sure.txt"), str(tmp_path / "loose.txt")]
    answer = CliRunner().invoke(application, ["facts", *files, "--date", DATE, "--json"])
    (fact,) = json.loads(answer.stdout)["result"]["facts"]
    assert fact["value"] == pytest.approx(3e8)
    told = CliRunner().invoke(application, ["facts", *files, "--date", DATE]).output
    assert "2 of 3 claims are not published" in told
    everything = CliRunner().invoke(application, ["facts", *files, "--date", DATE, "--all", "--json"])
    assert len(json.loads(everything.stdout)["result"]["facts"]) > 1


def test_nothing_published_is_said_and_no_crash(tmp_path):
    (tmp_path / "loose.txt").write_text(LOOSE, encoding="utf-8")
    answer = CliRunner().invoke(application, ["facts", str(tmp_path / "loose.txt"), "--date", DATE])
    assert answer.exit_code == 3
    assert "no claim is published" in answer.stderr


def test_what_is_of_nobody_stays_out_and_prices_do_not():
    claims = claims_of_readings([read_text(SURE, name="sure", date=DATE)])
    nobody = claims.with_columns(subject=pl.lit(None, pl.String), partners=pl.lit([], pl.List(pl.String)))
    assert reviewed(nobody).is_empty()
    assert len(reviewed(nobody.with_columns(indicator=pl.lit("price")))) == 1
    assert len(reviewed(nobody.with_columns(standing=pl.lit("corrected")))) == 1
