"""Whose loss: residents, foreign shareholders, other owners, receivers of charges; the parts sum to the whole."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kopir.model.bundled import bundled_models, bundled_path
from kopir.model.folder.opening import open_model
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.value.setup import prepare
from tests.facts.shared import SHARED, needs_shared
from tests.folders import states, veto, write_model

MADE_UP = {"basis": "made up"}
PARTS = ("income_musd", "foreign_musd", "others_musd", "partners_musd", "carriers_musd")


def transit(path: Path) -> Path:
    """Write a pipe that carries 4 Mt of RUS and 6 Mt of KAZ to one port for 12 USD/t, of which KAZ takes 9."""
    owners = (("KAZ", 6, 80), ("RUS", 4, 40))
    tables = {
        "jurisdictions": states("RUS", "CHN"),
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [{"node": node, "kind": "hub", "territory": "KAZ"} for node in ("IN", "PORT")],
        "links": [{"link": "PIPE", "from_node": "IN", "to_node": "PORT", "mode": "pipeline"}],
        "carries": [{"link": "PIPE", "commodity": "crude", "cost": 3, "nameplate": 10} | MADE_UP],
        "charges": [
            {"charge": "FEE", "asset_type": "link", "asset": "PIPE", "beneficiary": "KAZ", "account": "firms"}
            | {"amount": 9}
            | MADE_UP
        ],
        "supplies": [
            {
                "supply": f"OF_{owner}",
                "node": "IN",
                "commodity": "crude",
                "owner": owner,
                "amount": amount,
                "cost": 10,
            }
            | {"state_take": 0.5, "foreign_share": 0.2}
            | MADE_UP
            for owner, amount, _ in owners
        ],
        "markets": [
            {"market": f"FOR_{owner}", "node": "PORT", "commodity": "crude", "owner": owner, "price": price}
            | {"depth": 20}
            | MADE_UP
            for owner, _, price in owners
        ],
        "denial": [veto("link", "PIPE", "CHN")],
    }
    return write_model(path, tables, players=["CHN"])


def test_residents_and_other_owners_are_told_apart(tmp_path):
    """By hand: the profit of KAZ is 6 x (80 - 10 - 12) = 348, half to the treasury, a fifth of the rest abroad;
    that of RUS 4 x (40 - 22) = 72; the charge 10 x 9, the unbooked rest 10 x 3; buyers no longer pay 640."""
    row = leverage(prepare(open_model(transit(tmp_path / "m")))).table.row(0, named=True)
    assert row["budget_musd"] == pytest.approx(174)
    assert row["foreign_musd"] == pytest.approx(34.8)
    assert row["income_musd"] == pytest.approx(348 - 34.8 + 90)
    assert row["others_musd"] == pytest.approx(72)
    assert row["partners_musd"] == pytest.approx(0)
    assert row["carriers_musd"] == pytest.approx(30)
    assert row["whole_musd"] == pytest.approx(640 - 10 * 10)
    assert row["leverage_musd"] == pytest.approx(348 + 72)


def assert_parts_sum(table: pl.DataFrame) -> None:
    residents = table["budget_musd"] + table["firms_musd"] + table["consumers_musd"]
    assert (residents - table["income_musd"]).abs().max() < 1e-7  # type: ignore[operator]
    parts = table.select(pl.sum_horizontal(PARTS)).to_series()
    assert (parts - table["whole_musd"]).abs().max() < 1e-7  # type: ignore[operator]


@pytest.mark.parametrize("severity", [0.3, 1])
@pytest.mark.parametrize("name", bundled_models())
@pytest.mark.slow
def test_parts_of_every_bundled_loss_sum_to_the_whole(name, severity):
    path = bundled_path(name)
    assert path is not None
    assert_parts_sum(leverage(prepare(open_model(path)), severity=severity).table)


def test_parts_sum_in_part_too(tmp_path):
    assert_parts_sum(leverage(prepare(open_model(transit(tmp_path / "m"))), severity=0.37).table)


@needs_shared
def test_the_known_case_of_a_transit_owner():
    """What the sanction costs the transit state is its fee, 15 x 10, not the 100 that the shipper loses."""
    setup = prepare(open_model(SHARED / "cases" / "models" / "transit_owner_loss"))
    row = leverage(setup, parties=["BBB"]).table.row(0, named=True)
    assert (row["income_musd"], row["others_musd"], row["whole_musd"]) == pytest.approx((150, 100, 250))
