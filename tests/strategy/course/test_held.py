"""Tonnes of a course, as wide as disruptions elsewhere were told wrong."""

from __future__ import annotations

import pytest

from kopir.model.network.goods import Goods
from kopir.strategy.course.held import OTHER_WAYS, held_tonnes, part_of_whole
from kopir.strategy.precedents.ranges import STEADY, Spread

REACH = Spread(0.8, 0.1, {part_of_whole(stores=True): 0.2, OTHER_WAYS: 0.25}, 2.0, 20, {})


def test_ranges_by_hand(goods: Goods) -> None:
    volumes = {goods.column("base"): 10.0, goods.column("shut_in"): 2.0, goods.column("moved"): 1.0}
    table = held_tonnes([goods], volumes, REACH, stores=True)
    rows = {row["measure"]: row for row in table.iter_rows(named=True)}
    shut_in, moved = rows[goods.column("shut_in")], rows[goods.column("moved")]
    half = 2 * 0.2 * (STEADY + 0.2) * 10
    assert (shut_in["low"], shut_in["high"]) == (0.0, pytest.approx(2 + half))
    assert moved["high"] == pytest.approx(1 + 2 * 0.25 * (STEADY + 1) * 1)
    without = held_tonnes([goods], volumes, REACH, stores=False).row(0, named=True)
    assert without["high"] < shut_in["high"]


def test_no_more_is_shut_in_than_is_exported(goods: Goods) -> None:
    volumes = {goods.column("base"): 10.0, goods.column("shut_in"): 9.0, goods.column("moved"): 0.0}
    table = held_tonnes([goods], volumes, REACH, stores=True)
    assert table["high"].to_list() == [10.0, 0.0]


@pytest.fixture
def goods() -> Goods:
    return Goods("", frozenset({"crude"}))
