"""The bundled model solved: its recorded year is the one optimum, and losses come in the order they have to."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from kopir.model.folder.opening import open_model
from kopir.model.network.network import Kind
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.value.setup import Setup, prepare

ROUTES = {"CPC_RUS_EAST": "F0121", "SAMARA_ADAMOVA": "F0137", "BTC": "F0131", "ATASU_ALASHANKOU": "F0133"}


@cache
def setup() -> Setup:
    return prepare(open_model("kazakhstan"))


@pytest.mark.slow
def test_calibrated_routes_exports_and_refining_are_their_facts_within_2_per_cent() -> None:
    calibration, network, model = setup().calibration, setup().network, setup().model
    assert calibration is not None
    use = calibration.use
    own = network.owned_by("KAZ")
    for route, fact in ROUTES.items():
        moved = use[own & (network.activities.asset == network.asset_index["link", route])].sum()
        assert moved == pytest.approx(model.facts[fact].value / 1e6, rel=0.02), route
    home = model.table("markets").filter(kind="domestic")["market"].to_list()
    refining = np.isin(network.activities.asset, [network.asset_index["market", market] for market in home])
    sold = own & network.of_kind(Kind.SALE)
    assert use[sold & refining].sum() == pytest.approx(model.facts["F0123"].value / 1e6, rel=0.02)
    assert use[sold & ~refining].sum() == pytest.approx(model.facts["F0120"].value / 1e6, rel=0.02)


def test_straits_do_not_make_tuerkiye_the_equal_of_russia_and_a_small_route_still_counts() -> None:
    table = leverage(setup(), parties=["RUS", "TUR"]).table
    lost = dict(table.select("partner", "leverage_musd").iter_rows())
    stranded = dict(table.select("partner", "stranded_mt").iter_rows())
    assert 0 < lost["TUR"] < 0.01 * lost["RUS"]
    assert stranded["TUR"] < 0.01 * stranded["RUS"]
