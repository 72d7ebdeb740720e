"""Control of an accounting layer, by hand: who closes what, what finds another way, and what stays unknown."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kopir.core.errors import InputError
from kopir.flow.rerouting import Arc, Displaced, most_rerouted
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.model.ties.layers import read_layer, read_layers
from kopir.strategy.layers.layer_book import read_layer_book
from kopir.strategy.layers.layers import LayerControl, layer_control
from tests.folders import veto, write_model
from tests.layer_models import Tables, layer_tables

WHOLE = 6.0  # 4 by the hub and 2 by the river
SOME = frozenset


def opened(path: Path, tables: Tables) -> Model:
    return open_model(write_model(path, tables, players=("RUS",)))


def control(path: Path, tables: Tables | None = None) -> LayerControl:
    return layer_control(opened(path, tables or layer_tables()), "gas")


def row(found: LayerControl, party: str, goods: str = "own") -> dict[str, object]:
    return found.control.row(by_predicate=(pl.col("party") == party) & (pl.col("goods") == goods), named=True)


def bounds(found: LayerControl, party: str, goods: str = "own") -> tuple[object, object, object]:
    one = row(found, party, goods)
    return one["stranded_at_least"], one["stranded"], one["stranded_at_most"]


def test_volume_and_concentration_of_the_layer(tmp_path: Path) -> None:
    found = control(tmp_path)
    assert (found.unit, found.years, found.volume, found.low, found.high) == ("bcm/yr", (2024,), WHOLE, 5, 7)
    # CHN holds the hub's 4 and half of the river's 2, RUS the other half
    assert found.concentration == pytest.approx((5 / 6) ** 2 + (1 / 6) ** 2)
    assert found.unknown == ()


def test_what_each_can_close_alone(tmp_path: Path) -> None:
    found = control(tmp_path)
    closes = {
        (one["party"], one["goods"]): (one["kind"], one["low"], one["volume"], one["high"])
        for one in found.control.iter_rows(named=True)
    }
    assert closes == {
        ("CHN", "own"): ("partner", 5, 6, 7),
        ("RUS", "own"): ("partner", 1, 2, 3),
        ("HOME", "own"): ("home", 4, 4, 4),
        ("STORM", "own"): ("hazard", 0.5, 1, 1.5),
        ("CHN", "transit"): ("partner", 3, 3, 3),
        ("HOME", "transit"): ("home", 3, 3, 3),
    }
    assert found.share("RUS") == pytest.approx(1 / 3)
    assert found.share("TKM") == 0


def test_what_only_several_can_close(tmp_path: Path) -> None:
    assert control(tmp_path).together.rows() == [("gas", "RUS+TKM", "transit", "bcm/yr", 3.0)]


def test_goods_look_for_another_way_within_sourced_room(tmp_path: Path) -> None:
    found = control(tmp_path)
    assert bounds(found, "RUS") == (1, 1, 1)  # the hub has room for 5 and carries 4
    assert bounds(found, "CHN") == (6, 6, 6)  # China is the only market
    assert bounds(found, "HOME") == (0, 0, 0)  # the river has room for 10
    assert bounds(found, "STORM") == (0, 0, 0)  # 5 of the river's 10 stay open
    assert bounds(found, "CHN", "transit") == (0, None, 3)  # ways round the focal state are not in the layer


@pytest.mark.parametrize("nameplate", ["", "5"])
def test_room_that_is_not_sourced_leaves_the_answer_open(tmp_path: Path, nameplate: str) -> None:
    tables = layer_tables()
    tables["carries"][0]["nameplate"] = nameplate  # a literal is an assumption, not a source
    assert bounds(control(tmp_path, tables), "RUS") == (0, None, 2)


def test_another_market_is_a_way_out_of_unknown_size(tmp_path: Path) -> None:
    tables = layer_tables()
    tables["nodes"].append({"node": "TOWN", "kind": "market", "territory": "TKM"})
    link = {"link": "SOUTH", "from_node": "FIELD", "to_node": "TOWN", "mode": "rail", "territories": "KAZ TKM"}
    tables["links"].append(link | {"status": "operating"})
    tables["carries"].append({"link": "SOUTH", "commodity": "gas", "basis": "miniature"})
    tables["layer_routes"].append(
        {"route": "SOUTH", "commodity": "gas", "owner": "KAZ", "kind": "export", "links": "SOUTH"}
    )
    found = control(tmp_path, tables)
    assert found.unknown == ("SOUTH",)
    assert found.volume == WHOLE
    assert bounds(found, "CHN") == (0, None, 6)


def test_a_volume_that_is_not_known_stays_blank(tmp_path: Path) -> None:
    tables = layer_tables()
    del tables["baseline_flows"][1]
    found = control(tmp_path, tables)
    one = row(found, "RUS")
    assert (one["volume"], one["share"], one["unknown_routes"], one["stranded"]) == (None, None, 1, None)
    assert row(found, "CHN")["volume"] == 4
    assert bounds(found, "CHN") == (4, None, None)
    blank = found.routes.row(by_predicate=pl.col("route") == "BY_RIVER", named=True)
    assert (blank["period"], blank["volume"], blank["alone"]) == (None, None, "CHN RUS")


def test_what_is_in_force_counts_for_nobody(tmp_path: Path) -> None:
    tables = layer_tables()
    tables["denial"].append(dict(veto("link", "RIVER", "HOME", "gas_export", 0.5)) | {"in_force": "yes"})
    tables["denial"][0] |= {"effectiveness_low": 0.5, "effectiveness_high": 0.5}
    assert row(control(tmp_path, tables), "RUS")["volume"] == 1  # half of what it left


def test_rows_of_a_block_give_and_take(tmp_path: Path) -> None:
    tables = layer_tables()
    tables["baseline_flows"][0] |= {"value": "4 [3..6]", "block": "known"}
    tables["baseline_flows"][1] |= {"value": "2 [0..3]", "block": "known"}
    found = control(tmp_path, tables)
    assert (found.low, found.volume, found.high) == (6, 6, 6)
    one = row(found, "RUS")
    assert (one["low"], one["volume"], one["high"]) == (0, 2, 3)
    one = row(found, "HOME")
    assert (one["low"], one["volume"], one["high"]) == (3, 4, 6)


def test_whose_goods_depend_on_the_focal_state(tmp_path: Path) -> None:
    assert control(tmp_path).owners.rows() == [("gas", "TKM", "bcm/yr", 3.0, 3.0, 0)]


def test_a_year_without_volumes_is_blank(tmp_path: Path) -> None:
    found = layer_control(opened(tmp_path, layer_tables()), "gas", year=2019)
    assert (found.years, found.volume, found.concentration) == ((), None, None)
    assert set(found.control["volume"].to_list()) == {None}
    assert set(found.control["stranded_at_most"].to_list()) == {None}


def test_an_unknown_layer_is_named_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"K0505 no accounting layer is called 'gass'[\s\S]*did you mean"):
        layer_control(opened(tmp_path, layer_tables()), "gass")


def test_goods_compete_for_room() -> None:
    arcs = [Arc("A", "B", 3.0), Arc("B", "C", float("inf")), Arc("B", "D", 1.0)]
    to_c = Displaced(SOME(["A"]), SOME(["C"]), 2.0)
    to_d = Displaced(SOME(["A"]), SOME(["D"]), 2.0)
    assert most_rerouted(arcs, [to_c]) == pytest.approx(2)
    assert most_rerouted(arcs, [to_d]) == pytest.approx(1)
    assert most_rerouted(arcs, [to_c, to_d]) == pytest.approx(3)
    assert most_rerouted([], [to_c]) == 0


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    volumes=st.lists(st.floats(0, 100).map(lambda volume: round(volume, 6)), min_size=3, max_size=3),
    shares=st.lists(st.floats(0, 1).map(lambda share: round(share, 6)), min_size=8, max_size=8),
)
def test_the_union_controls_no_more_than_all_and_no_less_than_any(
    tmp_path_factory: pytest.TempPathFactory, volumes: list[float], shares: list[float]
) -> None:
    tables = layer_tables()
    for flow, volume in zip(tables["baseline_flows"], volumes, strict=True):
        flow |= {"value": volume}
    for clause, share in zip(tables["denial"], shares, strict=True):
        clause |= {"effectiveness_low": share / 2, "effectiveness_high": share}
    model = opened(tmp_path_factory.mktemp("model"), tables)
    book = read_layer_book(model, read_layer(model, "gas"))
    for routes in (book.own, book.transit):
        whole, union = book.amount(routes), book.amount(routes, frozenset(book.parties))
        assert whole is not None
        assert union is not None
        alone = [book.amount(routes, frozenset([party])) for party in book.parties]
        assert union.value <= whole.value + 1e-9
        assert max((one.value for one in alone if one), default=0.0) <= union.value + 1e-9
        assert union.low <= union.value + 1e-9
        assert union.value <= union.high + 1e-9
    found = layer_control(model, "gas")
    assert found.concentration is None or -1e-9 <= found.concentration <= 1 + 1e-9
    known = found.control.filter(pl.col("volume").is_not_null())
    assert (known["stranded_at_most"] <= known["volume"] + 1e-6).all()
    assert (known["stranded_at_least"] <= known["stranded_at_most"] + 1e-6).all()


@pytest.mark.slow
def test_the_layers_of_kazakhstan_hold_their_sourced_volumes() -> None:
    model = open_model("kazakhstan")
    assert list(read_layers(model)) == ["coal", "gas", "grain", "metal", "oil", "power", "rail", "uranium"]
    coal = layer_control(model, "coal")
    assert coal.volume == pytest.approx(model.facts["F0451"].value / 1e6)
    assert coal.share("RUS") == 1
    gas = layer_control(model, "gas")
    assert dict(gas.owners.select("owner", "volume").iter_rows()) == pytest.approx({"RUS": 5.6, "TKM": 37.1})
    assert "GAS_RUS_KAZ" in gas.unknown
    power = row(layer_control(model, "power"), "RUS")
    assert (power["low"], power["high"]) == (2.0, 3.7)
