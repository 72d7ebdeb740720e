"""Losses of many questions at once, beside one solve each."""

import numpy as np
import pytest

import kopir
from kopir.core.errors import InputError
from kopir.model.network.clauses import Denial
from kopir.strategy.outages.losses import losses
from kopir.strategy.value.valuation import NOBODY


def lost_by_hand(setup, lost, parties=(), severity=1.0):
    """The loss by the value function, asset by asset."""
    from dataclasses import replace

    valuation = setup.valuation("short")
    situation = valuation.situation(Denial(frozenset(parties), severity))
    share = situation.open_share.copy()
    share[[setup.network.asset_index[asset] for asset in lost]] = 0.0
    return valuation.value(NOBODY) - valuation._function.value(replace(situation, open_share=share))


def test_assets_and_refusals_in_one_frame(setup):
    found = losses(setup, [["WEST"], ["WEST", "EAST"], ["RAIL"]], [[], ["RUS"]]).table
    assert found["denied"].to_list() == [[]] * 3 + [["RUS"]] * 3
    links = {name: ("link", name) for name in ("WEST", "EAST", "RAIL")}
    for denied, lost, _, loss, _ in found.iter_rows():
        assert loss == pytest.approx(lost_by_hand(setup, [links[name] for name in lost], denied), rel=1e-9)
    by_set = dict(zip(map(tuple, found["lost"].to_list()), found["loss_musd"], strict=False))
    # RUS closes WEST and nothing else: losing it as well adds nothing.
    assert found.filter(found["lost"] == ["WEST"])["loss_musd"].n_unique() <= 2
    assert by_set["WEST", "EAST"] > by_set["WEST",] > 0


def test_a_partial_refusal_beside_a_lost_asset(setup):
    found = losses(setup, [[], ["EAST"]], [["RUS"]], severity=0.3).table["loss_musd"]
    expected = [lost_by_hand(setup, lost, ["RUS"], 0.3) for lost in ([], [("link", "EAST")])]
    assert found.to_list() == pytest.approx(expected, rel=1e-9)


def test_nothing_asked_is_nothing_lost(setup):
    row = losses(setup).table.row(0, named=True)
    assert (row["denied"], row["lost"], row["loss_musd"]) == ([], [], pytest.approx(0.0, abs=1e-6))


def test_the_order_of_assets_does_not_matter(setup):
    found = losses(setup, [["RAIL", "WEST"], ["WEST", "RAIL"]]).table["loss_musd"].to_list()
    assert np.ptp(found) == 0


def test_an_unknown_asset_is_named_with_its_neighbour(setup):
    with pytest.raises(InputError, match="WEST"):
        losses(setup, [["WESTT"]])
    with pytest.raises(InputError, match="unknown jurisdiction"):
        losses(setup, [["WEST"]], [["NOBODY"]])


@pytest.mark.slow
def test_every_partial_refusal_of_the_bundled_models_is_worth_what_the_value_function_says():
    """Cuts that are shared among goods by their use are no plain programme: they are solved as elsewhere."""
    for model in ("azerbaijan", "kazakhstan"):
        project = kopir.open(model)
        players = project.model.settings.players
        found = project.losses(denials=[[name] for name in players], severity=0.5).table["loss_musd"]
        valuation = project.setup.valuation("short")
        expected = [valuation.leverage(Denial(frozenset([name]), 0.5)) for name in players]
        assert found.to_list() == pytest.approx(expected, rel=1e-9, abs=1e-6)
