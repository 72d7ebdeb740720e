"""Targets against capacities: hand-computable networks."""

import pytest

from kopir.model.folder.opening import open_model
from kopir.strategy.outlook.feasibility import target_feasibility
from tests.folders import routes_model

BASIS = {"basis": "miniature"}
ROUTES = [
    {"id": "WEST", "capacity": 3, "netback": 300, "jurisdictions": ["AZ"]},
    {"id": "EAST", "capacity": 30, "netback": 400, "jurisdictions": ["CN"]},
]
OPTIONS = [
    {"option": "SHIPS", "kind": "build", "provider": "KAZ", "annual_cost": 5, "lead_time": "24 [12..36]"},
    {"option": "PORT", "kind": "build", "provider": "KAZ", "annual_cost": 9, "lead_time": 60},
    {"option": "DREDGING", "kind": "build", "provider": "KAZ", "annual_cost": 1, "lead_time": 6},
]
GAINS = [("SHIPS", "4 [2..6]"), ("PORT", 20), ("DREDGING", 1)]


STATES = {"DREDGING": "under_way"}


def asked(tmp_path, *targets, supply=40.0, group=(), states=STATES):
    """Two routes out of one field: WEST carries 3 and can be widened, EAST pays better."""
    rows = [
        {"promiser": "minister", "indicator": "oil_export", "kind": "target", "links": "WEST", **target}
        for target in targets
    ]
    extra = {
        "options": [{**option, "status": states.get(option["option"], "proposed")} | BASIS for option in OPTIONS],
        "option_gains": [
            {"option": option, "asset_type": "link", "asset": "WEST", "commodity": "crude", "gain": gain} | BASIS
            for option, gain in GAINS
        ],
        "facts": [
            {"fact": f"T{n}", "indicator": "oil_export", "value": n * 1e6, "unit": "t", "period": "2028"}
            for n in (2, 5, 8, 9, 30)
        ],
        "targets": rows,
        **dict(group),
    }
    model = open_model(routes_model(tmp_path / "m", ROUTES, supply=supply, extra=extra))
    return {row["target"]: row for row in target_feasibility(model).table.iter_rows(named=True)}


def test_what_is_shelved_decided_and_under_way_is_told_apart(tmp_path):
    states = {"DREDGING": "under_way", "SHIPS": "decided", "PORT": "shelved"}
    targets = [{"target": name, "value": fact, "deadline": "2031"} for name, fact in (("A", "T8"), ("B", "T9"))]
    rows = asked(tmp_path, *targets, states=states)
    names = ("today_mt", "under_way_mt", "decided_mt", "proposed_mt", "most_mt")
    assert [rows["A"][name] for name in names] == pytest.approx([3, 4, 8, 8, 28])
    assert (rows["A"]["as_decided"], rows["B"]["as_decided"]) == ("yes", "no")
    assert rows["B"]["verdict"] == "allowed"  # by what is shelved


def test_the_most_counts_options_that_are_there_in_time(tmp_path):
    rows = asked(
        tmp_path,
        {"target": "NOW", "value": "T2", "deadline": "2028"},
        {"target": "LOW", "value": "T5", "deadline": "2028"},
        {"target": "MID", "value": "T8", "deadline": "2028"},
        {"target": "FAR", "value": "T30", "deadline": "2028"},
        {"target": "LATE", "value": "T30", "deadline": "2031"},
    )
    now = rows["NOW"]
    assert [now[name] for name in ("today_mt", "under_way_mt", "most_mt", "low_mt", "high_mt")] == pytest.approx(
        [3, 4, 8, 6, 10]
    )
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "NOW": "allowed",
        "LOW": "allowed",
        "MID": "open",
        "FAR": "not allowed",
        "LATE": "open",
    }
    assert (now["options"], rows["LOW"]["options"], rows["MID"]["options"]) == (
        [],
        ["SHIPS"],
        ["DREDGING", "SHIPS"],
    )
    assert rows["FAR"]["too_late"] == ["PORT"]
    assert rows["LATE"]["too_late"] == []
    assert now["binding"] == ["WEST 8"]


def test_capacities_that_hold_only_together_are_all_named(tmp_path):
    group = {
        "capacity_groups": [{"group": "BERTHS", "nameplate": 8, "enforced": "yes"} | BASIS],
        "capacity_group_members": [{"group": "BERTHS", "asset_type": "link", "asset": "WEST", "coefficient": 1}],
    }
    row = asked(tmp_path, {"target": "MID", "value": "T9", "deadline": "2028"}, group=group.items())["MID"]
    assert row["most_mt"] == pytest.approx(8)
    assert row["binding"] == ["BERTHS 8", "WEST 8"]


def test_a_field_that_has_no_more_is_what_binds(tmp_path):
    row = asked(tmp_path, {"target": "MID", "value": "T8", "deadline": "2028"}, supply=5)["MID"]
    assert row["most_mt"] == pytest.approx(5)
    assert row["binding"] == ["supplies and markets"]


def test_a_target_without_links_says_what_the_network_lacks(tmp_path):
    rows = asked(
        tmp_path,
        {"target": "AIR", "value": "T5", "deadline": "2028", "links": "", "route": "SKY"},
        {"target": "PAST", "value": "T5", "deadline": "2025"},
    )
    assert rows["AIR"]["verdict"] is None
    assert rows["AIR"]["why"] == "the network has no route SKY"
    assert rows["PAST"]["why"].startswith("over")
