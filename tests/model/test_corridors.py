"""Corridors of a folder: what is wrong with them is said, with the place and the mend."""

from __future__ import annotations

import pytest

from kopir.core.errors import InputError
from kopir.model.ties.corridors import corridors_between, read_limits, read_rates
from tests.strategy.corridor_model import corridor_model, tables


def faults_of(tmp_path, changed):
    with pytest.raises(InputError) as caught:
        corridor_model(tmp_path, changed)
    return caught.value.faults


def test_a_way_that_breaks_off_is_named(tmp_path):
    stages = [row for row in tables()["corridor_stages"] if row["asset"] != "BORDER_PORT"]
    (fault,) = faults_of(tmp_path, {"corridor_stages": stages})
    assert (fault.code, fault.file, fault.value) == ("K0314", "corridor_stages.csv", "QUAY")
    assert "BORDER" in fault.why
    assert "PORT" in fault.why


def test_a_way_that_ends_with_a_transfer_has_no_stages_or_stands_in_two_nests(tmp_path):
    stages = [
        row for row in tables()["corridor_stages"] if row["asset"] not in {"BORDER_WEST", "EAST_HARBOUR", "CANAL"}
    ]
    corridors = [dict(row) for row in tables()["corridors"]]
    corridors[3]["nest"] = "LAND"
    found = faults_of(tmp_path, {"corridor_stages": stages, "corridors": corridors})
    assert {fault.code for fault in found} == {"K0314"}
    assert [fault.column for fault in found] == ["asset", "corridor", "nest"]


def test_an_unknown_rate_link_or_route_is_refused(tmp_path):
    stages = [dict(row) for row in tables()["corridor_stages"]]
    stages[0] |= {"rate": "RIAL"}
    stages[2] |= {"asset": "BORDER_WST"}
    records = [dict(row) for row in tables()["corridor_records"]]
    records[0] |= {"route": "NORTHREN"}
    found = faults_of(tmp_path / "a", {"corridor_stages": stages})
    assert {fault.value for fault in found} == {"RIAL", "BORDER_WST"}
    (fault,) = faults_of(tmp_path / "b", {"corridor_records": records})
    assert (fault.value, "NORTHERN" in fault.mend) == ("NORTHREN", True)


def test_a_part_of_a_corridor_knows_which_rates_it_cuts(tmp_path):
    (way,) = corridors_between(corridor_model(tmp_path), "PORT", "WEST")
    assert way.nodes == ("PORT", "FAR_PORT", "WEST")
    assert way.cut == {"TO_PORT"}


def test_a_limit_holds_between_its_days(tmp_path):
    limits = [dict(row) for row in tables()["corridor_limits"]]
    limits[0] |= {"valid_from": "2024-08-01"}
    model = corridor_model(tmp_path, {"corridor_limits": limits})
    assert [limit.name for limit in read_limits(model, "2024")] == ["DRAUGHT"]
    assert [limit.name for limit in read_limits(model, "2025")] == ["DRAUGHT", "FLEET"]


def test_every_missing_price_is_named_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        read_rates(corridor_model(tmp_path), "2019", ["SEA", "RAIL", "INLAND"])
    assert [fault.code for fault in caught.value.faults] == ["K0902", "K0902"]
