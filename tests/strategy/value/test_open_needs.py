"""Needs that the base year left open: what could have been delivered is warned of, what could not is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kopir.model.folder.opening import open_model
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.sense.undisturbed import flow_doubts
from kopir.strategy.value.setup import Setup, prepare
from tests.folders import states, veto, write_model

BASIS = {"basis": "miniature"}


def needing(path: Path, need: float, *, room: float = 20, far: float = 2.0) -> Setup:
    """Write a state that buys 8 from RUS (20 at most) and ``far`` from CHN (``far`` at most), of what it needs."""
    sellers = {"RUS": (8.0, room, 500), "CHN": (far, far, 700)}
    owned = {"commodity": "fuel", "owner": "KAZ"}
    tables = {
        "jurisdictions": states("RUS", "CHN"),
        "functions": [{"function": "imports", "kind": "network"}],
        "commodities": [{"commodity": "fuel", "unit": "Mt"}],
        "nodes": [{"node": "CITY", "kind": "market", "territory": "KAZ"}]
        + [{"node": name, "kind": "border", "territory": name} for name in sellers],
        "supplies": [
            {"supply": f"S_{name}", "node": name, "amount": room, "cost": cost} | owned | BASIS
            for name, (_, room, cost) in sellers.items()
        ],
        "links": [{"link": f"L_{name}", "from_node": name, "to_node": "CITY", "mode": "rail"} for name in sellers],
        "carries": [
            {"link": f"L_{name}", "commodity": "fuel", "nameplate": room, "cost": 10} | BASIS
            for name, (_, room, _) in sellers.items()
        ],
        "markets": [
            {"market": "CITY", "node": "CITY", "kind": "import", "price": 0, "depth": need, "unmet_penalty": 3000}
            | owned
            | BASIS
        ],
        "denial": [veto("supply", f"S_{name}", name, "imports") for name in sellers],
        "baseline_flows": [
            {"asset_type": "link", "asset": f"L_{name}", "commodity": "fuel", "owner": "KAZ", "period": 2025}
            | {"value": moved, "elasticity": 4}
            | BASIS
            for name, (moved, _, _) in sellers.items()
        ],
    }
    return prepare(open_model(write_model(path, tables, players=("RUS", "CHN"))))


def losses(setup: Setup) -> dict[str, float]:
    return dict(leverage(setup).table.select("partner", "leverage_musd").iter_rows())


@pytest.mark.parametrize("need", [10.01, 10.1, 12])
def test_a_need_above_what_is_recorded_makes_a_refusal_count_for_less_and_is_warned_of(
    tmp_path: Path, need: float
) -> None:
    """RUS can sell 20 and sold 8: flows that leave need open beside that say that going without is cheap."""
    exact, above = needing(tmp_path / "exact", 10), needing(tmp_path / "above", need)
    assert losses(exact)["RUS"] == pytest.approx(8 * (3000 - 510), rel=0.1)
    assert losses(above)["RUS"] < 0.75 * losses(exact)["RUS"]
    assert "K1004" in {fault.code for fault in flow_doubts(above)}
    assert "K1004" not in {fault.code for fault in flow_doubts(exact)}


def test_what_nothing_could_have_delivered_is_still_missed(tmp_path: Path) -> None:
    """Both sell all that they can: 2 of 12 stay open, and the last tonne is worth its penalty."""
    setup = needing(tmp_path / "short", 12, room=8)
    flow = setup.valuation("short").flow()
    assert flow.unmet("KAZ") == pytest.approx(2)
    assert losses(setup)["RUS"] == pytest.approx(8 * (3000 - 510), rel=0.01)


def test_what_could_have_been_served_and_what_is_short_are_told_apart(tmp_path: Path) -> None:
    told = {fault.code: fault.why for fault in flow_doubts(needing(tmp_path / "above", 12))}
    assert "2 of 12 Mt stay unmet when nobody refuses, 2 of them though they could have been" in told["K1004"]
    short = {fault.code: fault.why for fault in flow_doubts(needing(tmp_path / "short", 12, room=8))}
    assert "2 of 12 Mt stay unmet" in short["K1004"]
    assert "K1004" not in {fault.code for fault in flow_doubts(needing(tmp_path / "exact", 10))}
