"""``kopir portfolio`` on the bundled model."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Ask


@pytest.mark.slow
def test_the_text_tells_cells_concentration_and_verdict(ask: Ask) -> None:
    result = ask("portfolio", "kazakhstan", "--wide")
    assert result.exit_code == 0, result.output
    for part in (
        "partners of KAZ by function; losses at severity 1, short horizon, base year 2025",
        "43.0 % in 2021, none for 2022, 2023",
        "over the losses of the network:",
        "  effective vectors 1.54 (1 / sum of squared Shapley shares)",
        '"from balancing to selective strengthening", 2019 to 2024:',
        "China: oil export and transit of others: not ranked, their intervals overlap",
    ):
        assert part in result.stdout
    assert "RUS, imports, import: no figure for 2022, 2023" in result.stderr


@pytest.mark.slow
def test_json_and_csv_hold_the_same_cells(ask: Ask) -> None:
    found = json.loads(ask("portfolio", "kazakhstan", "--json").stdout)["result"]
    rows = list(csv.DictReader(io.StringIO(ask("portfolio", "kazakhstan", "--csv").stdout)))
    assert len(rows) == len(found["table"])
    assert {row["function"] for row in rows} >= {"oil_export", "imports", "arms", "education"}
    assert found["verdict"]["answer"] in {"true", "not true", "undetermined"}
    assert {gap["code"] for gap in found["gaps"]} == {"K0323"}


@pytest.mark.slow
def test_filters(ask: Ask) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("portfolio", "kazakhstan", "--function", "arms", "--csv").stdout)))
    assert [(row["partner"], row["measure"]) for row in rows] == [("RUS", "import"), ("TUR", "event_year")]
    named = ask("portfolio", "kazakhstan", "--partner", "TUR", "--lang", "ru", "-q")
    assert "Турция" in named.stdout
    assert "Китай" not in named.stdout


@pytest.mark.slow
def test_years(ask: Ask) -> None:
    result = ask("portfolio", "kazakhstan", "--by-year", "--function", "gas_export", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["year"] for row in rows] == [str(year) for year in range(2019, 2025)]


@pytest.mark.slow
def test_vectors_of_the_network_by_year(ask: Ask) -> None:
    found = json.loads(ask("portfolio", "kazakhstan", "--by-year", "--json").stdout)["result"]
    years = {row["year"]: row for row in found["vector_years"]}
    assert sorted(years) == [2023, 2024, 2025]
    assert years[2025]["effective_vectors"] == pytest.approx(found["measures"]["effective_vectors"])
    assert all(row["worst"] == "RUS" for row in years.values())
    why = ask("why", "portfolio:vectors:2023:effective_vectors", "kazakhstan")
    assert why.exit_code == 0, why.output


@pytest.mark.slow
def test_roles_swapped(ask: Ask) -> None:
    result = ask("portfolio", "kazakhstan", "--swap", "--wide")
    assert result.exit_code == 0, result.output
    assert "who relies on KAZ, as sources tell" in result.stdout
    assert "Russian goods to China across Kazakhstan" in result.stdout
    found = json.loads(ask("portfolio", "kazakhstan", "--swap", "--json").stdout)["result"]
    transit = [row for row in found["network"] if (row["partner"], row["function"]) == ("RUS", "freight_transit")]
    assert transit[0]["sent_after_mt"] < transit[0]["sent_mt"]
    gas = [row for row in found["crossing"] if (row["partner"], row["layer"]) == ("RUS", "gas")]
    assert gas[0]["volume"] == pytest.approx(5.6)


@pytest.mark.parametrize(
    ("option", "code", "near"), [("--function", "oil_exports", "oil_export"), ("--partner", "RU", "RUS")]
)
@pytest.mark.slow
def test_unknown_codes_are_named_with_a_mend(ask: Ask, option: str, code: str, near: str) -> None:
    result = ask("portfolio", "kazakhstan", option, code)
    assert result.exit_code == 3
    assert "K0505" in result.stderr
    assert near in result.stderr


def test_a_small_model_without_shares(ask: Ask, two_routes: Path) -> None:
    """RUS closes A, CHN closes B: 17 000 and 3 000 of 23 000, half of it taken by one."""
    result = ask("portfolio", two_routes)
    assert result.exit_code == 0, result.output
    assert "undetermined, no two years share the shares of enough functions" in " ".join(result.stdout.split())
    found = json.loads(ask("portfolio", two_routes, "--json").stdout)["result"]
    losses = {row["partner"]: row["leverage_musd"] for row in found["table"]}
    assert losses == {"RUS": 17000, "CHN": 3000}
    assert found["measures"]["breaking_number"] == 1
    swapped = ask("portfolio", two_routes, "--swap")
    assert swapped.exit_code == 0, swapped.output
