"""Accounting layers whose form is right and whose meaning is not, and how they stay out of the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.clauses import read_clauses
from tests.folders import write_model
from tests.layer_models import Tables, layer_tables
from tests.strategy.conftest import tables


def refusal(path: Path, given: Tables) -> str:
    with pytest.raises(InputError) as caught:
        open_model(write_model(path, given, players=("RUS",)))
    return str(caught.value)


def changed(table: str, row: int, **cells: object) -> Tables:
    given = layer_tables()
    given[table][row] |= cells
    return given


def joined() -> Tables:
    """The optimised miniature with the layer beside it."""
    base, layer = tables(), layer_tables()
    names = [*base, *(name for name in layer if name not in base)]
    rows = {name: [*base.get(name, []), *layer.get(name, [])] for name in names}
    for table, key in (("jurisdictions", "jurisdiction"), ("nodes", "node")):
        rows[table] = list({row[key]: row for row in rows[table]}.values())
    return rows


def test_the_miniature_is_sound_and_counted_in_its_own_unit(tmp_path: Path) -> None:
    model = open_model(write_model(tmp_path, layer_tables(), players=("RUS",)))
    flows = dict(model.table("baseline_flows").select("asset", "value").iter_rows())
    assert flows == {"BY_HUB": 4, "BY_RIVER": 2, "TRANSIT": 3}  # 3e9 m3 are 3 bcm
    units = {ref.column: quantity.unit for ref, quantity in model.quantities.items() if ref.table == "carries"}
    assert units["nameplate"] == "bcm/yr"


def test_a_layer_leaves_network_and_clauses_as_they_were(tmp_path: Path) -> None:
    alone = open_model(write_model(tmp_path / "alone", tables(), players=("RUS",)))
    beside = open_model(write_model(tmp_path / "beside", joined(), players=("RUS",)))
    before, after = build_network(alone), build_network(beside)
    assert (after.nodes, after.cargoes, after.assets) == (before.nodes, before.cargoes, before.assets)
    assert after.gains.options == before.gains.options
    assert after.activities.cost.tolist() == before.activities.cost.tolist()
    assert [one.asset for one in read_clauses(beside).clauses] == [
        one.asset for one in read_clauses(alone).clauses
    ]
    assert len(read_clauses(beside, accounting=True).clauses) > len(read_clauses(beside).clauses)


def test_unknown_unit(tmp_path: Path) -> None:
    assert "commodities.csv:2:unit K0215 unknown unit" in refusal(
        tmp_path, changed("commodities", 0, unit="cubic feet")
    )


def test_a_unit_in_which_nothing_flows(tmp_path: Path) -> None:
    said = refusal(tmp_path, changed("commodities", 0, unit="km"))
    assert "commodities.csv:2:unit K0330 a year's flow is not counted in km" in said


def test_what_is_optimised_is_counted_in_mt(tmp_path: Path) -> None:
    given = layer_tables()
    given["commodities"][0] |= {"accounting": "no"}
    assert "K0330 what is optimised is counted in Mt/yr, this in bcm/yr" in refusal(tmp_path, given)


def test_a_route_on_an_unknown_link(tmp_path: Path) -> None:
    said = refusal(tmp_path, changed("layer_routes", 0, links="TO_HUB OUTT"))
    assert "layer_routes.csv:2:links K0207 unknown link 'OUTT'" in said
    assert 'did you mean "OUT"' in said


def test_a_route_that_does_not_hang_together(tmp_path: Path) -> None:
    said = refusal(tmp_path, changed("layer_routes", 0, links="OUT TO_HUB"))
    assert "layer_routes.csv:2:links K0332 OUT ends at CITY, TO_HUB begins at FIELD" in said


def test_a_route_over_a_link_that_does_not_carry_it(tmp_path: Path) -> None:
    given = layer_tables()
    given["carries"] = given["carries"][1:]
    assert "K0332 TO_HUB does not carry gas" in refusal(tmp_path, given)


def test_a_volume_in_another_kind_of_unit(tmp_path: Path) -> None:
    given = layer_tables()
    given["facts"][2] |= {"unit": "t"}
    said = refusal(tmp_path, given)
    assert "baseline_flows.csv:4:value K0216 t (mass) does not convert to bcm (volume)" in said


def test_a_volume_of_another_owner(tmp_path: Path) -> None:
    said = refusal(tmp_path, changed("baseline_flows", 2, owner="KAZ"))
    assert "baseline_flows.csv:4:owner K0333 the route TRANSIT has owner TKM" in said


def test_a_volume_on_a_link_of_a_layer(tmp_path: Path) -> None:
    said = refusal(tmp_path, changed("baseline_flows", 0, asset_type="link", asset="OUT"))
    assert "baseline_flows.csv:2:asset K0333 volumes of an accounting layer are recorded for its routes" in said


def test_money_in_a_layer(tmp_path: Path) -> None:
    given = changed("carries", 0, cost=5)
    given["charges"] = [{"charge": "T", "asset_type": "link", "asset": "OUT", "beneficiary": "CHN", "amount": 3}]
    said = refusal(tmp_path, given)
    assert "carries.csv:2:cost K0331" in said
    assert "charges.csv:2:asset K0331" in said


def test_a_negative_lead_time(tmp_path: Path) -> None:
    assert "options.csv:2:lead_time K0304" in refusal(tmp_path, changed("options", 0, lead_time=-1))


def test_a_gain_on_an_unknown_asset(tmp_path: Path) -> None:
    said = refusal(tmp_path, changed("option_gains", 0, asset="TUNEL"))
    assert "option_gains.csv:2:asset K0207 unknown link 'TUNEL'" in said


def test_a_gain_without_a_commodity_or_with_one_that_is_not_carried(tmp_path: Path) -> None:
    said = refusal(tmp_path / "none", changed("option_gains", 0, commodity=""))
    assert "option_gains.csv:2:asset K0333 the unit of the gain is that of a commodity" in said
    given = changed("option_gains", 0, commodity="coal")
    given["commodities"].append({"commodity": "coal", "unit": "Mt", "accounting": "yes"})
    assert "option_gains.csv:2:commodity K0333 TUNNEL does not carry it" in refusal(tmp_path / "other", given)


def test_an_option_of_the_network_needs_its_cost_and_its_gain(tmp_path: Path) -> None:
    given = tables()
    given["options"][0] |= {"annual_cost": ""}
    given["option_gains"][0] |= {"gain": ""}
    said = refusal(tmp_path, given)
    assert "options.csv:2:annual_cost K0203 annual_cost is blank, and MORE_EAST changes what is optimised" in said
    assert "option_gains.csv:2:gain K0203" in said
