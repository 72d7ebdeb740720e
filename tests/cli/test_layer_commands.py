"""``kopir layers`` and ``kopir options`` on a small accounting layer: what it says to people and to programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Ask
from tests.folders import write_model
from tests.layer_models import layer_tables


@pytest.fixture
def gas(tmp_path: Path) -> Path:
    return write_model(tmp_path / "gas", layer_tables(), players=("RUS",))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_layers_says_volumes_control_and_that_there_is_no_money(ask: Ask, gas: Path) -> None:
    said = ask("layers", gas, "--wide")
    assert said.exit_code == 0
    assert "bcm/yr" in said.stdout
    assert "FIELD BANK CITY" in said.stdout
    assert "RUS+TKM" in said.stdout
    assert "no money and no optimum" in said.stderr
    assert "USD" not in said.output


def test_layers_for_programs(ask: Ask, gas: Path) -> None:
    control = {(row["party"], row["goods"]): row for row in rows(ask("layers", gas, "--csv").stdout)}
    assert float(control["RUS", "own"]["volume"]) == 2
    assert float(control["RUS", "own"]["stranded"]) == 1
    assert control["CHN", "transit"]["stranded"] == ""  # unknown stays blank
    record = json.loads(ask("layers", gas, "--json").stdout)["result"]
    assert record["summary"][0]["concentration"] == pytest.approx(26 / 36)
    assert [row["route"] for row in record["routes"]] == ["BY_HUB", "BY_RIVER", "TRANSIT"]


def test_layers_of_one_partner_and_one_year(ask: Ask, gas: Path) -> None:
    record = json.loads(ask("layers", gas, "--partner", "TKM", "--json").stdout)["result"]
    assert [row["route"] for row in record["routes"]] == ["TRANSIT"]
    assert (record["control"], len(record["together"]), len(record["owners"])) == ([], 1, 1)
    record = json.loads(ask("layers", gas, "--year", "2019", "--json").stdout)["result"]
    assert record["summary"][0]["volume"] is None


def test_layers_refuses_what_it_does_not_know(ask: Ask, gas: Path) -> None:
    said = ask("layers", gas, "--layer", "gass")
    assert (said.exit_code, said.stdout) == (3, "")
    assert "K0505 no accounting layer is called" in said.stderr
    assert 'did you mean "gas"' in said.stderr
    assert "K0501" in ask("layers", gas, "--partner", "RUSS").stderr


def test_why_leads_from_a_volume_to_its_row_and_fact(ask: Ask, gas: Path) -> None:
    said = ask("why", "layer:gas:TRANSIT", gas)
    assert said.stdout.startswith("layer:gas:TRANSIT = 3 bcm/yr rests on 2 cells")
    assert "F3 = 3000000000 m3" in said.stdout
    said = ask("why", "layer:gas:RUS", gas)
    assert "layer:gas:RUS = 2 [1..3] bcm/yr" in said.stdout
    assert "denial:2:effectiveness_low" in said.stdout
    assert "layer:gas:HOME:transit = 3 bcm/yr" in ask("why", "layer:gas:HOME:transit", gas).stdout
    assert "K0701" in ask("why", "layer:gas:NOBODY", gas).stderr


def test_options_says_what_opens_and_computes_no_money_on_a_layer(ask: Ask, gas: Path) -> None:
    (row,) = rows(ask("options", gas, "--csv").stdout)
    assert (row["option"], row["focal_state"], row["value_gain_musd"]) == ("TUNNEL", "crossed", "")
    said = ask("options", gas, "--with", "TUNNEL", "--wide")
    assert said.exit_code == 0
    assert "room that it adds on layers without costs" in said.stdout
    assert "FIELD CITY" in said.stdout
    assert 'did you mean "TUNNEL"' in ask("options", gas, "--with", "TUNEL").stderr
    assert "option_gains:2:gain = 20 bcm/yr" in ask("why", "option:TUNNEL", gas).stdout
