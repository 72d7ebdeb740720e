"""Rows that hold only for a time: both ends included; without a day, the last day of the base year counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.strategy.value.setup import prepare
from tests.folders import routes_model

ROUTES = [{"id": "R", "jurisdictions": ["RU"], "capacity": 60, "netback": 400}]


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (None, False),
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2024, 6, 30), True),
        (date(2024, 7, 1), False),
    ],
)
def test_a_row_holds_from_its_first_to_its_last_day(tmp_path: Path, day: date | None, holds: bool) -> None:
    path = routes_model(tmp_path / "m", ROUTES, supply=70)
    clauses = path / "denial.csv"
    header, *rows = clauses.read_text("utf-8").splitlines()
    dated = [f"{header},valid_from,valid_to", *(f"{row},2024-01-01,2024-06-30" for row in rows)]
    clauses.write_text("\n".join(dated) + "\n", "utf-8")
    assert (open_model(path, as_of=day).table("denial").height > 0) == holds


@pytest.mark.parametrize(("first", "last", "holds"), [("2025-12-31", "", True), ("", "2025-12-30", False)])
def test_without_a_day_rows_of_the_end_of_the_base_year_hold(tmp_path: Path, first: str, last: str, holds: bool):
    path = routes_model(tmp_path / "m", ROUTES, supply=70)
    links = path / "links.csv"
    header, *rows = links.read_text("utf-8").splitlines()
    dated = [f"{header},valid_from,valid_to", *(f"{row},{first},{last}" for row in rows)]
    links.write_text("\n".join(dated) + "\n", "utf-8")
    assert (open_model(path).table("links").height > 0) == holds


def dated_clauses(tmp_path: Path, *spans: tuple[str, str, str]) -> Path:
    path = routes_model(tmp_path / "m", ROUTES, supply=70)
    clauses = path / "denial.csv"
    header, row = clauses.read_text("utf-8").splitlines()
    rows = [f"{row},{force},{first},{last}" for force, first, last in spans]
    clauses.write_text("\n".join([f"{header},in_force,valid_from,valid_to", *rows]) + "\n", "utf-8")
    return path


def test_a_clause_comes_into_force_on_its_day_and_the_recorded_year_is_calibrated_without_it(tmp_path: Path):
    path = dated_clauses(tmp_path, ("no", "", "2026-04-30"), ("yes", "2026-05-01", ""))
    flow = "asset_type,asset,owner,period,value,elasticity,basis\nlink,R,KAZ,2025,60,4,test\n"
    (path / "baseline_flows.csv").write_text(flow, "utf-8")
    before, after = (prepare(open_model(path, as_of=date(2026, month, 15))) for month in (4, 5))
    for setup in (before, after):
        assert setup.calibration is not None
        assert setup.calibration.use.max() == pytest.approx(60)
    assert before.valuation("short").value() == pytest.approx(60 * 400, rel=1e-3)
    assert after.valuation("short").value() == 0


def test_two_rows_of_a_clause_that_hold_at_the_same_time_are_refused(tmp_path: Path):
    path = dated_clauses(tmp_path, ("no", "", "2026-05-01"), ("yes", "2026-05-01", ""))
    with pytest.raises(
        InputError, match=r"denial.csv:3:valid_from K0204 the row of line 2 holds at the same time"
    ):
        open_model(path)
