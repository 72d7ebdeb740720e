"""What an option changes, by hand: ways and stranded goods of a layer, value and leverage of a network."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.model.network.clauses import Denial
from kopir.strategy.layers.new_ways import NewWays, new_ways
from kopir.strategy.outlook.openings import openings, option_numbers
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY
from tests.folders import write_model
from tests.layer_models import Tables, layer_tables


def opened(path: Path, tables: Tables | None = None) -> Model:
    return open_model(write_model(path, tables or layer_tables(), players=("RUS",)))


def no_setup() -> Setup:
    raise AssertionError("nothing optimised is asked about")


def way(found: NewWays, instead_of: str) -> dict[str, object]:
    return found.ways.row(by_predicate=pl.col("instead_of") == instead_of, named=True)


def test_the_tunnel_adds_room_and_frees_from_the_river(tmp_path: Path) -> None:
    found = new_ways(opened(tmp_path), ["TUNNEL"])
    (link,) = found.links.iter_rows(named=True)
    assert (link["opens"], link["gain"], link["unit"], link["grade"]) == (True, 20, "bcm/yr", "sourced")
    instead = way(found, "BY_RIVER")
    assert (instead["path"], instead["volume"]) == ("FIELD CITY", 2)
    assert (instead["adds"], instead["bypasses"], instead["role"]) == ("", "RUS", "crossed")
    assert way(found, "BY_HUB")["bypasses"] == ""
    assert "TRANSIT" not in found.ways["instead_of"].to_list()  # its goods cannot reach FIELD
    assert found.roles() == {"TUNNEL": "crossed"}


def test_the_tunnel_moves_the_bounds_of_one_refusal(tmp_path: Path) -> None:
    tables = layer_tables()
    tables["carries"][0]["nameplate"] = ""  # the hub's room is then not known
    found = new_ways(opened(tmp_path, tables), ["TUNNEL"])
    moved = {
        (row["party"], row["goods"]): (row["at_least_before"], row["at_most_before"], row["at_most_after"])
        for row in found.stranded.iter_rows(named=True)
    }
    assert moved == {("RUS", "own"): (0, 2, 0)}


def test_a_gain_that_is_not_published_lowers_only_the_lower_bound(tmp_path: Path) -> None:
    tables = layer_tables()
    tables["option_gains"][0] |= {"gain": ""}
    found = new_ways(opened(tmp_path, tables), ["TUNNEL"])
    assert found.links["gain"].to_list() == [None]
    (row,) = found.stranded.iter_rows(named=True)
    assert (row["party"], row["at_least_before"], row["at_least_after"]) == ("RUS", 1, 0)
    assert row["at_most_before"] == row["at_most_after"] == 1


def round_the_state() -> Tables:
    tables = layer_tables()
    ring = {"link": "RING", "from_node": "ABROAD", "to_node": "CITY", "mode": "pipeline", "territories": "TKM CHN"}
    onward = {"link": "ONWARD", "from_node": "CITY", "to_node": "TOWN", "mode": "rail", "territories": "CHN TKM"}
    tables["nodes"].append({"node": "TOWN", "kind": "market", "territory": "TKM"})
    for link in (ring, onward):
        code = link["link"]
        tables["links"].append(link | {"status": "planned"})
        tables["carries"].append({"link": code, "commodity": "gas", "basis": "miniature"})
        tables["options"].append({"option": code, "kind": "build", "lead_time": 12, "basis": "miniature"})
        gain = {"option": code, "asset_type": "link", "asset": code, "commodity": "gas", "gain": ""}
        tables["option_gains"].append(gain | {"basis": "miniature"})
    return tables


def test_a_way_round_the_focal_state_bypasses_it_and_one_beyond_feeds_it(tmp_path: Path) -> None:
    found = new_ways(opened(tmp_path, round_the_state()), ["ONWARD", "RING"])
    ring = way(found, "TRANSIT")
    assert (ring["option"], ring["owner"], ring["volume"], ring["unit"]) == ("RING", "TKM", 3, "bcm/yr")
    assert (ring["path"], ring["bypasses"], ring["role"]) == ("ABROAD CITY", "KAZ", "bypassed")
    assert found.roles() == {"RING": "bypassed", "ONWARD": "fed"}


def test_options_of_layers_have_no_money(tmp_path: Path) -> None:
    model = opened(tmp_path)
    (row,) = openings(model, no_setup).table.iter_rows(named=True)
    assert (row["option"], row["lead_time"], row["in_time"], row["layers"]) == ("TUNNEL", 36, True, "gas")
    assert (row["annual_cost_musd"], row["value_gain_musd"], row["net_gain_musd"]) == (None, None, None)
    assert not openings(model, no_setup, horizon="short").table["in_time"][0]


def test_an_unknown_option_is_named_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"K0505 unknown option 'TUNEL'[\s\S]*did you mean"):
        openings(opened(tmp_path), no_setup, ["TUNEL"])


def test_options_of_the_network_count_value_leverage_and_cost(setup: Setup) -> None:
    found = openings(setup.model, lambda: setup, horizon="medium")
    table = {row["option"]: row for row in found.table.iter_rows(named=True)}
    valuation = setup.valuation("medium")
    gain = valuation.value(NOBODY, ("MORE_EAST",)) - valuation.value()
    assert table["MORE_EAST"]["value_gain_musd"] == pytest.approx(gain)
    assert table["MORE_EAST"]["net_gain_musd"] == pytest.approx(gain - 100)
    assert (table["LATE"]["in_time"], table["LATE"]["value_gain_musd"]) == (False, pytest.approx(0))
    for row in found.parties.filter(option="MORE_EAST").iter_rows(named=True):
        # R(z, D) - R(0, D) = L(z, D) - L(0, D) - (V(z) - V(0)) + cost
        change = row["leverage_after_musd"] - row["leverage_before_musd"] - gain + 100
        assert row["residual_after_musd"] - row["residual_before_musd"] == pytest.approx(change)
    west = found.parties.filter(option="MORE_EAST", party="RUS").row(0, named=True)
    assert west["leverage_change_musd"] < 0  # ten more to the east when the west is closed
    residual = valuation.residual_loss(Denial(frozenset(["RUS"])), ("MORE_EAST",))
    assert west["residual_after_musd"] == pytest.approx(residual)


def test_an_option_rests_on_its_row_and_its_gains(tmp_path: Path) -> None:
    cells = {str(ref) for ref in option_numbers(opened(tmp_path))["option:TUNNEL"].cells}
    assert {"option_gains:2:gain", "options:2:lead_time"} <= cells


@pytest.mark.slow
def test_planned_corridors_of_kazakhstan_cross_bypass_or_feed_it() -> None:
    expected = {
        "ANAKLIA": "fed",
        "BAKHTY_AYAGOZ": "crossed",
        "CKU": "bypassed",
        "DOSTYK_MOYINTY": "crossed",
        "TRANS_AFGHAN_HERAT": "crossed",
        "TRANS_AFGHAN_KABUL": "fed",
        "TRIPP": "fed",
    }
    found = openings(open_model("kazakhstan"), no_setup, tuple(expected))
    assert dict(found.table.select("option", "focal_state").iter_rows()) == expected
    syunik = found.ways.filter(option="TRIPP").row(0, named=True)
    assert (syunik["adds"], syunik["bypasses"]) == ("ARM", "GEO")
    assert found.table["value_gain_musd"].null_count() == len(expected)
