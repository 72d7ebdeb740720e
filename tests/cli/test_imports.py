"""``kopir leverage --function imports`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kopir.model.ties.trade import ALL
from tests.cli.conftest import Ask
from tests.strategy.trade.test_imports import PACE, bought, sector, trade_model


@pytest.fixture
def two_groups(tmp_path: Path) -> Path:
    """Half of textiles (100) and a tenth of chemicals (200) from RUS; of wood only what is bought; no paper."""
    rows = [sector(ALL, 3, **PACE), sector("textiles", 3), sector("chemicals", "3 [2..6]")]
    trade = [bought("textiles", "", 100), bought("textiles", "RUS", 50), bought("wood", "RUS", 30)]
    trade += [bought("chemicals", "", 200), bought("chemicals", "RUS", 20)]
    return trade_model(tmp_path / "m", [*rows, sector("wood", 5), sector("paper", 5)], trade, "RUS")


def test_sectors_are_told_with_their_ranges(ask: Ask, two_groups: Path) -> None:
    said = ask("leverage", two_groups, "--function", "imports", "--by", "sector", "--partner", "RUS", "--wide")
    assert said.exit_code == 0
    assert "100 [58.7 to 200]" in said.stdout
    assert "≥ 10.0" in said.stdout, "wood: 30 / (0.75 * 4)"
    words = [" ".join(line.split()) for line in said.stdout.splitlines()]
    assert "RUS textiles 0.5 4.11 0.25 true (1.50 to 2.50) true (2.50 to 2.50) true (3.00 to 3.00)" in words
    assert "Russia: paper: no figures: bring a bilateral trade file" in said.stdout
    assert "ranks: 3 pairs compared over all horizons, 0 left open" in said.stdout


def test_json_and_csv_hold_the_same_figures(ask: Ask, two_groups: Path) -> None:
    asked = ("leverage", two_groups, "--function", "imports", "--by", "sector", "--months", 6)
    record = json.loads(ask(*asked, "--json").stdout)
    assert record["run"]["options"]["months"] == "6"
    table = {row["sector"]: row for row in record["result"]["table"]}
    assert {row["months"]: row["musd"] for row in record["result"]["costs"] if row["sector"] == "textiles"} == {
        6: pytest.approx(50)
    }
    header, first, *_ = ask(*asked, "--csv").stdout.splitlines()
    assert header.startswith("partner,sector,year,spending_musd")
    assert first.startswith(f"RUS,textiles,2024,100.0,50.0,0.5,{table['textiles']['short_musd_low']}")


def test_a_figure_leads_back_to_its_cells(ask: Ask, two_groups: Path) -> None:
    said = ask("why", "leverage:imports:RUS:textiles:short", two_groups).stdout
    assert "= 100 [58.7401052..200] million USD/yr" in said
    assert "trade:3:value = 50 million USD/yr [assumed]" in said


def test_options_that_go_together(ask: Ask, two_groups: Path) -> None:
    said = ask("leverage", two_groups, "--by", "sector")
    assert said.exit_code == 2
    assert "--by and --months go with --function imports" in said.stderr


def test_unknown_partner(ask: Ask, two_groups: Path) -> None:
    said = ask("leverage", two_groups, "--function", "imports", "--partner", "RUSS")
    assert said.exit_code == 3
    assert "K0501 unknown jurisdiction 'RUSS'" in said.stderr


def test_a_trade_file_fills_the_function(ask: Ask, tmp_path: Path) -> None:
    folder = trade_model(tmp_path / "m", [sector(ALL, 3, **PACE)], [], "RUS", "CHN")
    given = Path(__file__).parents[1] / "data" / "trade" / "imts_long.csv"
    said = ask("trade", given, "--into", folder, "--json")
    assert said.exit_code == 0
    record = json.loads(said.stdout)["result"]
    assert (record["shape"], record["files"]) == ("imts", ["sources.csv", "trade.csv"])
    assert [row["value"] for row in record["table"]] == [None, 60.0], "no row of all partners for exports"
    told = ask("leverage", folder, "--function", "imports", "--partner", "RUS", "--csv").stdout.splitlines()
    assert told[1].startswith("RUS,all,2024,60.0,18.5,")


def test_a_bad_trade_file_is_refused(ask: Ask, two_groups: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.csv"
    given.write_text("year,from,to,value\n2024,RUS,KAZ,5\n", encoding="utf-8")
    before = (two_groups / "trade.csv").read_bytes()
    said = ask("trade", given, "--into", two_groups)
    assert said.exit_code == 3
    assert "K0351 a trade file of no known shape" in said.stderr
    assert (two_groups / "trade.csv").read_bytes() == before
