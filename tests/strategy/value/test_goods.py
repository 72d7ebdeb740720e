"""Tonnes of different goods are not added: a state that sells coal and copper and buys fuel."""

from __future__ import annotations

from pathlib import Path

import pytest

from kopir.model.folder.opening import open_model
from kopir.project import open_project
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.value.setup import Setup, prepare
from tests.flow.random_networks import random_network

MIXED = Path(__file__).parents[3].parent / "shared" / "cases" / "newcomer" / "mixed_goods"
needs_case = pytest.mark.skipif(not MIXED.is_dir(), reason="needs a folder of ../shared, which this copy lacks")


def test_grades_that_a_conversion_joins_are_one_kind_of_goods() -> None:
    network = prepare(open_model("kazakhstan")).network
    assert network.goods("KAZ") == (frozenset({"crude", "kebco"}),)
    assert network.goods("nobody") == ()


@pytest.mark.parametrize("seed", range(5))
def test_every_supplied_commodity_is_in_one_kind(seed: int) -> None:
    network = random_network(seed)
    for owner in ("KAZ", "RUS"):
        kinds = network.goods(owner)
        assert sum(map(len, kinds)) == len(frozenset().union(*kinds))


def test_volumes_by_goods_are_the_whole_where_there_is_one_kind(setup: Setup) -> None:
    found = leverage(setup)
    whole = found.table.select("partner", "sensitivity_mt", "rerouted_mt", "stranded_mt").sort("partner")
    parts = found.volumes.drop("goods").sort("partner")
    for column in whole.columns[1:]:
        assert parts[column].to_list() == pytest.approx(whole[column].to_list(), abs=1e-9)


@needs_case
def test_coal_copper_and_fuel_stand_apart() -> None:
    project = open_project(MIXED)
    rows = {row["commodity"]: row for row in project.flow().result.goods.iter_rows(named=True)}
    assert set(rows) == {"coal", "copper", "fuel"}
    assert [rows[name]["supplied_mt"] for name in ("coal", "copper", "fuel")] == pytest.approx([83, 1.6, 2.3])
    volumes = project.leverage(draws=0).result.volumes
    assert set(volumes["goods"]) == {"coal", "copper", "fuel"}
