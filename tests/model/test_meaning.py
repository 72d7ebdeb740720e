"""Folders whose form is right and whose meaning is not: one fault each, with its place and mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from tests.folders import write_model
from tests.strategy.conftest import B, tables


def refusal(path: Path, changes: dict[str, list[dict[str, object]]], **settings: Any) -> str:
    with pytest.raises(InputError) as caught:
        open_model(write_model(path, tables() | changes, players=settings.get("players", ("RUS",))))
    return str(caught.value)


def changed(table: str, row: int, **cells: object) -> dict[str, list[dict[str, object]]]:
    rows = tables()[table]
    rows[row] = rows[row] | cells
    return {table: rows}


def test_negative_capacity(tmp_path: Path) -> None:
    assert "carries.csv:2:nameplate K0304 a negative amount" in refusal(
        tmp_path, changed("carries", 0, nameplate=-5)
    )


def test_share_above_one(tmp_path: Path) -> None:
    assert "supplies.csv:2:state_take K0305" in refusal(tmp_path, changed("supplies", 0, state_take=1.5))


def test_assumption_without_basis(tmp_path: Path) -> None:
    assert "carries.csv:3:cost K0309" in refusal(tmp_path, changed("carries", 1, basis=""))


def test_unit_that_does_not_convert(tmp_path: Path) -> None:
    fact = {"fact": "F1", "indicator": "price", "value": 70, "unit": "USD/bbl"}
    changes = changed("carries", 0, cost="F1") | {"facts": [fact]}
    assert "carries.csv:2:cost K0216 USD/bbl (money/barrel) does not convert to USD/t" in refusal(
        tmp_path, changes
    )


def test_volume_over_part_of_a_year(tmp_path: Path) -> None:
    fact = {"fact": "F1", "indicator": "oil_transit", "value": 4e7, "unit": "t", "period": "2024-01/2024-10"}
    changes = changed("carries", 0, nameplate="F1") | {"facts": [fact]}
    assert "K0308 F1 is 4e+07 t over 2024-01/2024-10, not over a year" in refusal(tmp_path, changes)


def test_formula_that_gives_another_value(tmp_path: Path) -> None:
    facts = [
        {"fact": "F1", "indicator": "export", "value": 10, "unit": "t", "formula": ""},
        {"fact": "D1", "indicator": "export", "value": 30, "unit": "t", "formula": "F1 * 2"},
    ]
    assert "facts.csv:3:value K0307 the formula gives 20, the row says 30" in refusal(tmp_path, {"facts": facts})


def test_circle_of_members(tmp_path: Path) -> None:
    assert "K0306 a union that is its own member" in refusal(
        tmp_path, changed("jurisdictions", 2, members="UNION")
    )


def test_player_nobody_knows_and_hazard_as_player(tmp_path: Path) -> None:
    text = refusal(tmp_path, changed("jurisdictions", 4, kind="hazard"), players=("RUZ", "TUR"))
    assert "K0501 unknown jurisdiction 'RUZ'" in text
    assert "K0311 'TUR' is a hazard" in text


def test_clause_without_ground_closes_nothing(tmp_path: Path) -> None:
    assert "denial.csv:2:effectiveness_high K0305" in refusal(tmp_path, changed("denial", 0, basis_kind="none"))


def test_overfull_store(tmp_path: Path) -> None:
    store = {
        "storage": "TANK",
        "node": "SEA",
        "commodity": "crude",
        "owner": "KAZ",
        "capacity": 1,
        "initial": 2,
    } | B
    assert "storage.csv:2:initial K0312" in refusal(tmp_path, {"storage": [store]})


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    changes = changed("carries", 0, nameplate=-5) | changed("supplies", 0, state_take=1.5)
    text = refusal(tmp_path, changes)
    assert "K0304" in text
    assert "K0305" in text


def test_a_rule_for_sharing_what_nobody_shares_is_refused(tmp_path: Path) -> None:
    """A group of one field alone, and one without members: a cut falls on that field, whatever the rule."""
    group = {"group": "LINE", "nameplate": 9, "apportionment": "pro_rata"} | B
    member = {"group": "LINE", "asset_type": "supply", "asset": tables()["supplies"][0]["supply"]}
    place = "capacity_groups.csv:2:apportionment K0315"
    alone = refusal(tmp_path / "one", {"capacity_groups": [group], "capacity_group_members": [member]})
    assert f"{place} an apportionment on a capacity that nobody shares: only {member['asset']} can use it" in alone
    assert "leave apportionment blank, or correct the members" in alone
    groups = [*tables()["capacity_groups"], group]
    empty = refusal(tmp_path / "none", {"capacity_groups": groups})
    assert "K0315 an apportionment on a capacity that nobody shares: no supply can reach it" in empty
