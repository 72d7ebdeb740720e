"""The words of the incident card: what is said where a share has no base, and where nothing was lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kopir.cli.answers.stress import summary
from kopir.cli.application import application
from kopir.strategy.course.incident import incident
from tests.strategy.terminal import terminal, terminal_model

START = date(2026, 1, 1)


def said(path: Path, *lose: str, days: int) -> str:
    return summary(incident(terminal(path), list(lose), days, start=START, draws=0).course)


def test_no_share_is_printed_where_there_is_nothing_to_share(tmp_path):
    quiet = said(tmp_path / "a", "BERTHS:1", days=3)
    assert "nothing had to find another way of the 0.3 Mt usually exported in the 3 days disturbed" in quiet
    assert "no store fills; nothing is shut in" in quiet
    bridged = said(tmp_path / "b", "BERTHS:2", days=2)
    assert "nothing was shut in" in bridged
    lost = said(tmp_path / "c", "BERTHS:2", days=10)
    assert "shut in 0.63 Mt (63.0 %) of the 1.00 Mt usually exported in the 10 days disturbed" in lost
    for text in (quiet, bridged, lost):
        assert "–" not in text


@pytest.mark.parametrize("days", [2, 10])
def test_the_card_says_how_right_it_has_been(tmp_path, days):
    model = terminal_model(tmp_path).folder.path
    told = CliRunner().invoke(
        application, ["incident", str(model), "--lose", "BERTHS:2", "--days", str(days), "--draws", "0"]
    )
    assert told.exit_code == 0, told.output
    assert "in the record: no near event can be replayed" in " ".join(told.stdout.split())
    assert "– %" not in told.stdout
