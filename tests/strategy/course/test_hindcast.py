"""The hindcast record: by hand on a terminal, and for the bundled model."""

from __future__ import annotations

import pytest

from kopir.model.folder.opening import open_model
from kopir.strategy.corridors.corridor_record import corridor_record
from kopir.strategy.course.hindcast import hindcast
from tests.strategy.terminal import terminal_model

SCENARIO = """[scenario]
start = 2025-03-01
until = 2025-03-31

[[shock]]
asset = "BERTH1"
from = 2025-03-01
to = 2025-03-10

[[shock]]
asset = "BERTH2"
from = 2025-03-01
to = 2025-03-10
"""


def seen(name: str, asset: str, after: object, before: object = 100, role: str = "scored", event: str = "E1"):
    return {"observation": name, "event": event, "indicator": name, "asset": asset, "before": before} | {
        "after": after,
        "unit": "Mt" if asset == "ALT" else "1",
        "before_period": "2025-02",
        "after_period": "2025-03",
        "role": role,
    }


@pytest.fixture
def record(tmp_path):
    event = {"start": "2025-03-01", "end": "2025-03-10", "what": "storm", "assets": "TERM"}
    event |= {"severity_low": 0.2, "severity_high": 0.4}
    recorded = {"FIELD": ("supply", 36.5), "BERTH1": ("link", 20), "BERTH2": ("link", 16.5), "RAIL": ("link", 0)}
    flows = [
        {"asset_type": kind, "asset": asset, "commodity": "crude" if kind == "link" else ""}
        | {"owner": "KAZ", "period": 2025, "value": value, "kind": "observed", "elasticity": 10 if value else ""}
        | {"scored": "no", "basis": "m"}
        for asset, (kind, value) in recorded.items()
    ]
    for row in flows:
        if row["asset_type"] == "supply":
            row["elasticity"] = ""
    model = terminal_model(
        tmp_path,
        baseline_flows=flows,
        events=[
            {"event": name, "split": split, "note": "", **event}
            for name, split in (("E1", "score"), ("E2", "fit"))
        ],
        observations=[
            seen("OUTPUT", "NATIONAL", 80),
            seen("MOVED", "ALT", 0.07, before=0),
            seen("RISE", "PIPE", 110),
            seen("INPUT", "BERTH1", 60, role="input"),
            seen("OTHER", "NOWHERE", 1, event="E2"),
        ],
    )
    folder = model.folder.path / "scenarios"
    folder.mkdir()
    (folder / "E1.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "E1_half.toml").write_text(SCENARIO.replace('asset = "BERTH2"', 'asset = "RAIL"'), encoding="utf-8")
    return hindcast(model, draws=2, seed=1)


def test_predicted_stands_beside_observed(record):
    """Of 3.1 Mt in March 0.63 is shut in; 0.07 goes by rail; the pipe lacks what rail and ground keep."""
    rows = {row["observation"]: row for row in record.table.iter_rows(named=True)}
    assert set(rows) == {"OUTPUT", "MOVED", "RISE"}
    assert rows["OUTPUT"]["predicted"] == pytest.approx(100 * (1 - 0.63 / 3.1))
    assert rows["OUTPUT"]["error"] == pytest.approx(abs(100 * (1 - 0.63 / 3.1) - 80) / 80)
    assert rows["OUTPUT"]["proportional"] == pytest.approx(70)
    assert rows["MOVED"]["predicted"] == pytest.approx(0.07)
    assert rows["RISE"]["predicted"] == pytest.approx(100 * (1 - 0.70 / 3.1))
    assert not rows["RISE"]["sign"]
    assert [(row["low"], row["high"]) for row in rows.values()] == [
        pytest.approx((row["predicted"],) * 2) for row in rows.values()
    ]  # nothing in this model has an interval
    assert record.rows_scored == 3
    assert record.signs_right == 2
    assert (record.events_scored, record.events_right) == (1, 1)
    assert record.sign_test == 0.5
    assert [miss.split()[0] for miss in record.misses] == ["RISE"]


def test_what_cannot_be_predicted_is_named(record):
    assert record.unpredicted.rows() == [("OTHER", "E2", "OTHER", "no layer of the model carries it")]


def test_scenarios_beside_the_main_one_are_shown_and_not_scored(record):
    assert set(record.volumes["scenario"]) == {"E1", "E1_half"}
    change = {(row["scenario"], row["asset"]): row["change_mt"] for row in record.volumes.iter_rows(named=True)}
    assert change["E1", "NATIONAL"] == pytest.approx(-0.63)
    assert change["E1_half", "NATIONAL"] == pytest.approx(0, abs=1e-9)


@pytest.mark.slow
def test_the_record_of_the_bundled_model():
    found = hindcast(open_model("kazakhstan"))
    scored = set(found.table["observation"]) | set(found.unpredicted["observation"])
    assert len(scored) == found.table.height + found.unpredicted.height == 23  # every scored row, once
    rows = {row["observation"]: row for row in found.table.iter_rows(named=True)}
    assert rows["OB054"]["predicted"] == pytest.approx(100)  # the null of February 2025 stays null
    assert found.median_error < 0.7 * min(found.median_no_change, found.median_proportional)
    assert rows["OB008"]["sign"] is False  # a contract signed after a threat is no response of the network


@pytest.mark.slow
def test_containers_of_the_bundled_model_change_as_the_record_of_corridors_predicts():
    model = open_model("kazakhstan")
    routes = {(row["route"], row["period"]): row for row in corridor_record(model).table.iter_rows(named=True)}
    record = hindcast(model)
    rows = {row["observation"]: row for row in record.table.filter(unit="TEU").iter_rows(named=True)}
    assert {name: row["split"] for name, row in rows.items()} == {
        "OB002": "fit",
        "OB015": "score",
        "OB018": "score",
    }
    for name, key in {"OB015": ("NORTHERN", "2024"), "OB018": ("TITR", "2024")}.items():
        box, row = routes[key], rows[name]
        assert row["predicted"] / row["before"] == pytest.approx(box["predicted"] / box["before"])
        assert row["low"] < row["predicted"] < row["high"]
        assert f"hindcast:{name}" in record.numbers
