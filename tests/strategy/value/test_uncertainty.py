"""Draws: where they lie, what pairs share, and how much of an interval assumptions make."""

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
from kopir.strategy.value.uncertainty import drawn_inputs, hypercube, intervals
from tests.folders import write_model
from tests.strategy.conftest import tables


def test_a_hypercube_has_one_point_in_each_part() -> None:
    points = hypercube(np.random.default_rng(1), 7, 3)
    assert points.shape == (7, 3)
    assert [sorted(column) for column in (points * 7).astype(int).T] == [list(range(7))] * 3


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


def test_pairs_share_what_sources_say(tmp_path: Path) -> None:
    setup = priced(tmp_path / "m")
    draws = drawn_inputs(setup, 9, seed=3)
    assert len(draws) == 9
    for one, other in zip(draws[:4], draws[5:], strict=True):
        same = {ref.table + ref.column for ref, value in one[0].items() if other[0][ref] == value}
        assert same == {"marketsprice"}
        assert one[1] != other[1]


@pytest.mark.slow
def test_the_share_of_assumptions_by_hand(tmp_path: Path) -> None:
    """Nothing of the price is assumed, all of the cost; of their sum, the cost's share of both variances."""
    found = intervals(priced(tmp_path / "m"), of_inputs, "partner", draws=120, seed=2).table
    shares = dict(found.select("measure", "assumed_share").iter_rows())
    errors = dict(found.select("measure", "assumed_error").iter_rows())
    assert shares["price"] == 0
    assert shares["cost"] == pytest.approx(1, abs=3 * errors["cost"])
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
