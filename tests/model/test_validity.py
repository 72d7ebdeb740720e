"""Rows that hold only for a time: both ends included, and every row without a day asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kopir.model.model import open_model
from tests.folders import routes_model

ROUTES = [{"id": "R", "jurisdictions": ["RU"], "capacity": 60, "netback": 400}]


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (None, True),
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
