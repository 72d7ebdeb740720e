"""The engine against a second formulation that knows the tables and the page on methods, nothing of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from kopir.model.folder.opening import open_model
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.value.setup import prepare
from tests.folders import write_model
from tests.strategy.refusal.second_formulation import Second, drawn


@pytest.mark.parametrize("seed", range(12))
def test_residents_sensitivity_and_leverage_agree(tmp_path: Path, seed: int) -> None:
    rows = drawn(seed)
    setup = prepare(open_model(write_model(tmp_path / "m", rows, players=["CHN", "TUR"])))
    second = Second(rows)
    for severity in (0.3, 1):
        for row in leverage(setup, severity=severity).table.iter_rows(named=True):
            expected = second.asked(row["partner"], severity)
            found = {name: row[name] for name in expected}
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-4), f"{row['partner']} at {severity}"
