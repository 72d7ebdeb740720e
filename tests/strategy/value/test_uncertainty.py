"""Draws: where they lie, which are asked again, and how much of an interval assumptions make."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kopir.model.folder.opening import open_model
from kopir.model.network.clauses import Denial
from kopir.strategy.refusal.leverage import losses_of
from kopir.strategy.value import setup as setups
from kopir.strategy.value.setup import Setup, prepare
from kopir.strategy.value.uncertainty import _assumed_part, intervals
from tests.folders import write_model
from tests.strategy.conftest import tables


def priced(path: Path) -> Setup:
    """Return a model whose price is sourced (420 to 470) and whose lifting cost is assumed (30 to 50)."""
    rows = tables()
    rows["sources"] = [{"source": "S1", "title": "a page"}]
    named = {"fact": "F1", "indicator": "price", "kind": "level", "modality": "actual", "period": "2025"}
    rows["facts"] = [named | {"value": 440, "low": 420, "high": 470, "unit": "USD/t", "sources": "S1"}]
    rows["markets"] = [row | {"price": "F1"} for row in rows["markets"]]
    return prepare(open_model(write_model(path, rows, players=("RUS", "CHN", "TUR"))))


def of_inputs(drawn: Setup) -> pl.DataFrame:
    """Return a table made of the drawn inputs alone: a price, a cost, both, and a constant."""
    price = drawn.ledger.benchmark.max()
    cost = float(drawn.network.activities.cost[drawn.network.of_kind(drawn_supply())].max())
    measures = {"price": price, "cost": cost, "both": price + cost, "fixed": 5.0}
    return pl.DataFrame({"partner": ["X"], **{name: [float(value)] for name, value in measures.items()}})


def drawn_supply():
    from kopir.model.network.network import Kind

    return Kind.SUPPLY


def test_draws_asked_again_keep_only_what_sources_say(tmp_path: Path) -> None:
    setup = priced(tmp_path / "m")
    asked: list[Setup] = []

    def again(drawn: Setup) -> pl.DataFrame:
        asked.append(drawn)
        return of_inputs(drawn)

    found = intervals(setup, of_inputs, "partner", draws=10, seed=3, again=again)
    assert len(asked) == 4
    costs = {float(of_inputs(drawn)["cost"][0]) for drawn in asked}
    assert costs == {float(of_inputs(setup)["cost"][0])}, "the cost is assumed"
    prices = [float(of_inputs(drawn)["price"][0]) for drawn in asked]
    assert prices == [float(answer["price"][0]) for answer in found.answers[:4]], "the price is not"
    assert intervals(setup, of_inputs, "partner", draws=4).table["assumed_share"].null_count() == 4


@pytest.mark.slow
def test_the_share_of_assumptions_by_hand(tmp_path: Path) -> None:
    """Nothing of the price is assumed, all of the cost; of their sum, the cost's share of both variances."""
    found = intervals(priced(tmp_path / "m"), of_inputs, "partner", draws=120, seed=2, again=of_inputs).table
    shares = dict(found.select("measure", "assumed_share").iter_rows())
    errors = dict(found.select("measure", "assumed_error").iter_rows())
    assert shares["price"] == 0
    assert shares["cost"] == 1
    assert shares["fixed"] is None
    draws = intervals(priced(tmp_path / "again"), of_inputs, "partner", draws=120, seed=2).answers
    price, cost = (np.var([float(answer[name][0]) for answer in draws], ddof=1) for name in ("price", "cost"))
    assert shares["both"] == pytest.approx(cost / (cost + price), abs=3 * errors["both"])
    assert 0 < errors["both"] < 0.2


def test_what_a_draw_of_the_leverage_costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One network, one calibration and one solve a partner beside the undisturbed: nothing for tables."""
    setup = priced(tmp_path / "m")
    asked = {"build_network": 0, "calibrate": 0, "read_clauses": 0, "flow": 0}

    def counted(name, own):
        def wrapped(*args, **given):
            asked[name] += 1
            return own(*args, **given)

        return wrapped

    for name in ("build_network", "calibrate", "read_clauses"):
        monkeypatch.setattr(setups, name, counted(name, getattr(setups, name)))
    monkeypatch.setattr(setups.Valuation, "flow", counted("flow", setups.Valuation.flow))
    partners = ("RUS", "CHN", "TUR")
    intervals(setup, lambda one: losses_of(one, partners), "partner", draws=4)
    assert asked == {
        "build_network": 4,
        "calibrate": 4,
        "read_clauses": 0,
        "flow": 4 * (1 + 2),
    }  # TUR can close nothing


def test_losses_of_draws_are_those_of_the_whole_table(tmp_path: Path) -> None:
    from kopir.strategy.refusal.leverage import leverage

    setup = priced(tmp_path / "m")
    whole = leverage(setup).table.select("partner", "stranded_mt", "leverage_musd", "income_musd")
    part = losses_of(setup, whole["partner"].to_list())
    assert part["partner"].to_list() == whole["partner"].to_list()
    for name in whole.columns[1:]:
        assert part[name].to_list() == pytest.approx(whole[name].to_list(), abs=1e-9)


def test_clauses_at_a_point_are_those_read_there(tmp_path: Path) -> None:
    from kopir.model.network.clauses import read_clauses

    model = priced(tmp_path / "m").model
    middle = read_clauses(model)
    for point in (0.0, 0.3, 1.0):
        assert middle.at(point) == read_clauses(model, point)
    everyone = Denial(frozenset({"RUS"}))
    assert middle.at(0.5).closure(everyone) == middle.closure(everyone)


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.9])
def test_the_error_of_the_assumed_part_is_as_large_as_it_says(part: float) -> None:
    """Of 400 games with 8 draws each most come within one standard error, and hardly any beyond three."""
    rng = np.random.default_rng(5)
    off = []
    for _ in range(400):
        sourced = rng.normal(size=8) * (1 - part) ** 0.5
        share, error = _assumed_part(sourced + rng.normal(size=8) * part**0.5, sourced)
        assert share is not None
        assert error is not None
        off.append(abs(share - part) / error)
    within = [float(np.mean(np.array(off) < times)) for times in (1, 3)]
    assert within[0] > 0.5
    assert within[1] > 0.9
