"""``kopir outages``, ``kopir worst`` and ``kopir losses`` on a bundled model."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from kopir.cli.application import application


@pytest.fixture
def kopir():
    def run(*words):
        return CliRunner().invoke(application, [*words])

    return run


def test_outages_are_told_and_written(kopir, tmp_path):
    folder = tmp_path / "every"
    told = kopir("outages", "uzbekistan", "--assets", "2", "--store", str(folder))
    assert told.exit_code == 0, told.output
    for words in ("every loss is certified", "the worst", "Birnbaum", "fewest assets"):
        assert words in told.output
    again = kopir("outages", "uzbekistan", "--assets", "2", "--store", str(folder), "--json")
    record = json.loads(again.stdout)["result"]
    assert pl.read_parquet(folder / "*.parquet").height == record["sets"]
    assert "every" not in record


def test_a_time_limit_is_told_in_every_form(kopir):
    asked = ("worst", "uzbekistan", "--k", "2", "--time-limit", "0")
    said = " ".join(kopir(*asked).stdout.split())
    assert "the search ended at its limit of 0 s: these are the worst found, the gap is up to" in said
    told = json.loads(kopir(*asked, "--json").stdout)
    assert told["run"]["status"] == "time limit"
    assert told["run"]["gap"] == max(row["gap"] for row in told["result"]["table"]) > 0
    assert told["result"]["stopped_after"] == 0
    assert "bound_musd,gap" in kopir(*asked, "--csv").stdout
    assert "every set is tried" in kopir("worst", "uzbekistan", "--k", "1", "--time-limit", "600").stdout
    assert kopir("worst", "uzbekistan", "--time-limit", "-1").exit_code == 2


def test_worst_of_assets_and_of_partners(kopir):
    assets = json.loads(kopir("worst", "uzbekistan", "--k", "2", "--json").stdout)["result"]
    partners = json.loads(kopir("worst", "uzbekistan", "--k", "1", "--refusing", "--json").stdout)["result"]
    assert assets["of"] == "assets"
    assert partners["of"] == "partners"
    assert (
        max(row["loss_musd"] for row in assets["table"]) >= max(row["loss_musd"] for row in partners["table"]) - 1
    )


def test_bad_numbers_are_refused_with_the_mend(kopir):
    refused = kopir("outages", "uzbekistan", "--assets", "5000")
    assert refused.exit_code == 3
    assert "give a number from 1 to" in refused.output
    assert kopir("worst", "uzbekistan", "--k", "0").exit_code == 2
    unknown = kopir("losses", "uzbekistan", "--lose", "NO_SUCH_PIPE")
    assert unknown.exit_code == 3
    assert "K0207" in unknown.output
