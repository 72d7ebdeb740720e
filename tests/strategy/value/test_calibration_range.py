"""How far the calibration alone moves a loss: other corrections that explain the recorded flows as well."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kopir.model.folder.opening import open_model
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.value.setup import Setup, prepare
from kopir.strategy.value.uncertainty import calibration_range, drawn_inputs
from tests.facts.shared import SHARED, needs_shared
from tests.folders import routes_model

MADE_UP = {"basis": "made up"}


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """Two routes at netbacks 30 apart, both used: which of them is booked at a wrong cost nobody knows."""
    routes = [
        {"id": "WEST", "jurisdictions": ["RU"], "capacity": 60, "netback": 500},
        {"id": "EAST", "jurisdictions": ["CN"], "capacity": 30, "netback": 470},
    ]
    rows = [
        {"asset_type": "link", "asset": link, "owner": "KAZ", "period": 2025, "value": value, "elasticity": 5}
        | MADE_UP
        for link, value in (("WEST", 30), ("EAST", 20))
    ]
    return prepare(open_model(routes_model(tmp_path / "m", routes, supply=50, extra={"baseline_flows": rows})))


def losses(setup: Setup) -> pl.DataFrame:
    return leverage(setup).table


def ranges(setup: Setup) -> dict[str, tuple[float, float]]:
    found = calibration_range(setup, losses, "partner").table.filter(measure="leverage_musd")
    return {row["partner"]: (row["least"], row["most"]) for row in found.iter_rows(named=True)}


def test_the_range_holds_the_central_answer_and_is_wider_than_a_point(setup: Setup) -> None:
    central = {row["partner"]: row["leverage_musd"] for row in losses(setup).iter_rows(named=True)}
    found = ranges(setup)
    for partner, (least, most) in found.items():
        assert least < central[partner] < most
    assert found["RU"][1] - found["RU"][0] > 1


def test_inputs_stay_central_while_the_calibration_moves(setup: Setup) -> None:
    """What is lost at recorded costs does not depend on corrections."""
    found = calibration_range(setup, losses, "partner")
    assert found.inputs == found.refused == 0
    recorded = found.table.filter(measure="income_musd")
    assert (recorded["most"] - recorded["least"]).max() == pytest.approx(0, abs=1e-6)


def test_draws_explore_the_calibration(setup: Setup) -> None:
    leans = [lean for *_, lean in drawn_inputs(setup, 8, seed=3)]
    assert all(lean is not None and lean.any() for lean in leans)
    again = [lean for *_, lean in drawn_inputs(setup, 8, seed=3)]
    assert all((one == other).all() for one, other in zip(leans, again, strict=True))  # type: ignore[union-attr]


@needs_shared
def test_the_known_case_of_tied_corrections() -> None:
    """The calibrations that used to tie gave 25,889 and 26,170; there is one answer, and a range."""
    setup = prepare(open_model(SHARED / "cases" / "models" / "tied_corrections"))
    central = losses(setup).row(0, named=True)
    least, most = ranges(setup)["AAA"]
    assert 25_880 < least < central["leverage_musd"] < most
    assert central["leverage_musd"] == pytest.approx(26_177, abs=2)
