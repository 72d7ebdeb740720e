"""PyPSA folders: what goes out has the optimum of the model, what comes in has that of the network."""

import numpy as np
import pytest

import kopir
from kopir.core.errors import InputError
from kopir.flow.pypsa import as_pypsa
from kopir.flow.value import ValueFunction
from kopir.model.neighbours.pypsa_folder import from_pypsa
from tests.flow.random_networks import random_network
from tests.model.neighbours.power import optimum


def written(folder, tables):
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def opened(folder, tmp_path, focal="KAZ"):
    made = tmp_path / "made"
    made.mkdir()
    for name, data in from_pypsa(folder, name="made", focal=focal).items():
        (made / name).write_bytes(data)
    return kopir.open(made)


@pytest.mark.parametrize("seed", range(60))
def test_a_random_network_goes_out_with_its_optimum(seed, tmp_path):
    network = random_network(seed)
    function = ValueFunction(network)
    shares = np.random.default_rng(seed).choice([1.0, 1.0, 0.5, 0.0], len(network.assets))
    situation = function.situation(network.limits.capacity.usable, shares)
    tables = as_pypsa(function.formulation, situation, {})
    written(tmp_path, {name: frame.write_csv() for name, frame in tables.items()})
    assert optimum(tmp_path) == pytest.approx(-function.value(situation), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("model", ["uzbekistan", "azerbaijan", pytest.param("kazakhstan", marks=pytest.mark.slow)])
def test_a_bundled_model_goes_out_with_its_optimum(model, tmp_path):
    project = kopir.open(model)
    for name, data in project.exported("pypsa", horizon="medium").files.items():
        (tmp_path / name).write_bytes(data)
    worth = project.setup.valuation("medium").usual().value
    assert optimum(tmp_path) == pytest.approx(-worth, rel=1e-9)


GRID = {
    "buses": "name,carrier,x,y,country\nWell,gas,60,45,KZ\nPlant,gas,65,46,UZ\nTown,AC,66,7,KZ\nVillage,AC,,,KZ\n",
    "generators": (
        "name,bus,p_nom,marginal_cost,sign,p_max_pu\nwell,Well,9,20,1,1\nhydro,Town,1,5,1,0.5\n"
        "neighbour,Village,2,-55,-1,1\n"
    ),
    "links": (
        "name,bus0,bus1,p_nom,efficiency,marginal_cost,p_min_pu\npipe,Well,Plant,8,0.9,3,0\n"
        "turbine,Plant,Town,6,0.5,7,0\nwire,Town,Village,3,1,0,-1\n"
    ),
    "loads": "name,bus,p_set\ntown,Town,1.5\nvillage,Village,0.25\n",
    "stores": "name,bus,e_nom,e_initial,e_cyclic\ncavern,Well,2,1,true\n",
    "snapshots": "snapshot,objective,stores,generators\nnow,1,1,1\n",
}


def test_a_network_comes_in_with_its_optimum(tmp_path):
    folder = written(tmp_path / "grid", GRID)
    project = opened(folder, tmp_path)
    # A MWh at the town costs (20 / 0.9 + 3 / 0.9 + 7) / 0.5 = 65.1 from gas and 5 from water: the neighbour, who
    # pays 55, gets nothing of either, for 1.75 are needed and water gives 0.5.
    by_hand = 0.5 * 5 + 1.25 * (20 / 0.45 + 3 / 0.45 + 7 / 0.5)
    assert optimum(folder) == pytest.approx(by_hand)
    assert project.flow().result.value_musd == pytest.approx(-by_hand)
    assert project.model.settings.players == ("UZB",)
    assert set(project.table("conversions")["ratio"]) == {0.5}


def test_a_link_that_runs_both_ways_does(tmp_path):
    turned = GRID | {"generators": GRID["generators"].replace("hydro,Town", "hydro,Village")}
    folder = written(tmp_path / "grid", turned)
    assert -opened(folder, tmp_path).flow().result.value_musd == pytest.approx(optimum(folder))


def test_what_cannot_be_served_costs_its_penalty_and_says_so(tmp_path):
    dry = GRID | {"generators": GRID["generators"].replace("well,Well,9", "well,Well,0")}
    project = opened(written(tmp_path / "grid", dry), tmp_path)
    assert project.flow().result.unmet_mt == pytest.approx(1.25)
    assert any("must serve its loads" in basis for basis in project.table("markets")["basis"] if basis)


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("links", "p_min_pu\n", "p_min_pu,bus2\n", "a link with a third bus"),
        ("links", "pipe,Well,Plant,8,0.9,3,0", "pipe,Well,Plant,8,0.9,3,-1", "runs backwards"),
        ("links", "wire,Town,Village,3,1", "wire,Town,Village,3,1.5", "runs backwards"),
        ("links", "pipe,Well", "pipe,Wall", "no such bus"),
        ("links", "turbine,Plant,Town,6", "turbine,Plant,Town,inf", "not a finite number"),
        ("generators", "sign,p_max_pu\n", "sign,p_nom_extendable\n", "to be sized or switched"),
        ("loads", "town,Town,1.5", "town,Town,-1.5", "below nought"),
        ("stores", "1,true", "1,false", "end emptier"),
        ("snapshots", "now,1,1,1\n", "now,1,1,1\nthen,1,1,1\n", "2 snapshots"),
        ("snapshots", "now,1", "now,8760", "weight"),
    ],
)
def test_what_a_model_cannot_say_is_a_fault(table, old, new, said, tmp_path):
    text = GRID[table].replace(old, new)
    if "bus2" in new:
        text = text.replace(",0\n", ",0,Well\n").replace(",-1\n", ",-1,\n")
    if "extendable" in new:
        text = text.replace(",1,1\n", ",1,True\n")
    assert text != GRID[table]
    folder = written(tmp_path / "grid", GRID | {table: text})
    with pytest.raises(InputError, match=said) as raised:
        from_pypsa(folder, name="x", focal="KAZ")
    assert all(fault.mend and fault.file for fault in raised.value.faults)


def test_lines_are_a_fault(tmp_path):
    more = {"lines": "name,bus0,bus1,x\nl,Town,Village,0.1\n"}
    with pytest.raises(InputError, match=r"lines\.csv"):
        from_pypsa(written(tmp_path / "grid", GRID | more), name="x", focal="KAZ")


def test_values_of_the_one_snapshot_are_read_and_results_are_not(tmp_path):
    more = {"loads-p_set": "snapshot,town\nnow,1\n", "links-p0": "snapshot,pipe\nnow,99\n"}
    less = GRID | {"loads": "name,bus,p_set\ntown,Town,1\nvillage,Village,0.25\n"}
    told = from_pypsa(written(tmp_path / "grid", GRID | more), name="x", focal="KAZ")
    assert told == from_pypsa(written(tmp_path / "less", less), name="x", focal="KAZ")


def test_a_network_of_no_other_country_opens(tmp_path):
    alone = GRID | {"buses": GRID["buses"].replace("UZ", "KZ")}
    project = opened(written(tmp_path / "grid", alone), tmp_path)
    assert project.model.settings.players == ("ABROAD",)
    assert not project.check().result.stops


def test_a_year_of_hours_is_a_fault(tmp_path):
    more = {"loads-p_set": "snapshot,town\n1,1\n2,1\n"}
    with pytest.raises(InputError, match="2 snapshots"):
        from_pypsa(written(tmp_path / "grid", GRID | more), name="x", focal="KAZ")
