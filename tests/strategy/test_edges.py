"""Ends that an off-by-one or a dropped bound would move: licences, intervals, lead times, limits."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kopir.model.contents.quantities import CellRef
from kopir.model.folder.opening import open_model
from kopir.strategy.refusal.dependence import dependence
from kopir.strategy.refusal.leverage import leverage, leverage_intervals
from kopir.strategy.refusal.moves import moves
from kopir.strategy.value.own_cost import price_feedback
from kopir.strategy.value.setup import Setup, prepare, prepare_at
from kopir.strategy.value.uncertainty import drawn_inputs
from tests.folders import write_model
from tests.strategy.conftest import tables


def changed(path: Path, table: str, key: str, **cells: object) -> Setup:
    """The small model with some cells of the rows whose first column is ``key`` replaced."""
    rows = tables()
    first = next(iter(rows[table][0])) if table != "baseline_flows" else "asset"
    rows[table] = [row | cells if row[first] == key else row for row in rows[table]]
    return prepare(open_model(write_model(path, rows, players=("RUS", "CHN", "TUR"))))


def test_a_licence_that_ends_when_the_oil_comes_back_still_counts(tmp_path: Path) -> None:
    measure = {
        end: leverage(changed(tmp_path / str(end), "supplies", "FIELD", licence_end=end), parties=["RUS"]).table
        for end in (2034, 2035)
    }
    lapsed, held = (measure[end]["deferral_musd"][0] for end in (2034, 2035))
    assert lapsed == pytest.approx(held * (1 - 0.5 * 0.4))  # production comes back in 2025 + 10


def test_what_one_route_of_a_remainder_gains_another_has_to_lose(tmp_path: Path) -> None:
    setup = changed(tmp_path / "m", "baseline_flows", "RAIL", value="2 [1.5..2.2]")
    china = dependence(setup, ["CHN"]).table.row(0, named=True)
    # EAST 5 [4..6], RAIL 2 [1.5..2.2], sum 7: EAST between 7 - 2.2 and 7 - 1.5
    assert (china["low_mt"], china["high_mt"]) == pytest.approx((4.8, 5.5))


@pytest.mark.slow
def test_draws_stay_within_their_intervals(setup: Setup) -> None:
    found = (
        leverage_intervals(setup, parties=["RUS"], draws=20)
        .table.filter(measure="recorded_musd")
        .row(0, named=True)
    )
    supply, market = CellRef("supplies", 2, "cost"), CellRef("markets", 2, "price")
    cheap, dear = (
        leverage(prepare_at(setup, values, 0.5), parties=["RUS"]).table["recorded_musd"][0]
        for values in ({supply: 50.0, market: 430.0}, {supply: 30.0, market: 470.0})
    )
    assert cheap - 1e-6 <= found["least"] < found["most"] <= dear + 1e-6


def test_cells_that_name_one_fact_are_drawn_as_one(tmp_path: Path) -> None:
    rows = tables()
    rows["facts"] = [
        {
            "fact": "F1",
            "indicator": "price",
            "kind": "level",
            "modality": "actual",
            "value": 440,
            "low": 420,
            "high": 470,
        }
        | {"unit": "USD/t", "sources": "S1", "period": "2025"}
    ]
    rows["sources"] = [{"source": "S1", "title": "a page"}]
    rows["markets"] = [row | {"price": "F1"} for row in rows["markets"]]
    setup = prepare(open_model(write_model(tmp_path / "m", rows, players=("RUS", "CHN", "TUR"))))
    draws = drawn_inputs(setup, 6, seed=1)[:3]
    prices = [{value for ref, value in values.items() if ref.column == "price"} for values, *_ in draws]
    assert len(rows["markets"]) > 1
    assert [len(drawn) for drawn in prices] == [1] * 3
    assert len(set.union(*prices)) == 3


@pytest.mark.parametrize(("lead_time", "counts"), [(36, True), (37, False)])
def test_an_option_ready_at_the_end_of_the_horizon_counts(tmp_path: Path, lead_time: int, counts: bool) -> None:
    setup = changed(tmp_path / "m", "options", "MORE_EAST", lead_time=lead_time, annual_cost=0)
    line = moves(setup, span="medium").table.filter(option="MORE_EAST").row(0, named=True)
    assert (line["residual_after_musd"] < line["residual_before_musd"] - 1) == counts


def test_price_feedback_spans_all_ends_of_exports_and_elasticity(setup: Setup) -> None:
    effect = price_feedback(setup.model, "OIL", "CHN", lost=9, price=450)
    assert effect is not None
    # 9 of 4500 Mt is 0.2 % of supply; net imports 550 to 570 Mt at 450 USD/t; elasticity 0.2 to 0.5
    assert (effect.low, effect.high) == pytest.approx((-570 * 450 * 0.002 / 0.2, -550 * 450 * 0.002 / 0.5))


def test_only_full_limits_bind(setup: Setup) -> None:
    result = leverage(setup, parties=["RUS", "CHN"])
    bound = {denier: set(result.binding.filter(denier=denier)["asset"]) for denier in ("RUS", "CHN")}
    west = result.routes.filter(pl.col("asset") == "WEST", pl.col("denier") == "CHN").row(0, named=True)
    assert west["after_mt"] > west["before_mt"]
    assert "EAST" in bound["RUS"]
    assert "WEST" not in bound["CHN"]
