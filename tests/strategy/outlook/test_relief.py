"""What an option does to residual loss, by hand: under a refusal, and on the mean of a year of outages."""

from __future__ import annotations

from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.strategy.outlook.openings import openings
from kopir.strategy.value.setup import prepare
from tests.strategy.terminal import terminal_model


def row(model: Model, *deny: str) -> dict[str, object]:
    found = openings(model, lambda: prepare(model), ["MORE_RAIL"], deny=deny)
    return found.table.row(0, named=True)


def test_the_railway_brings_nothing_in_quiet_and_much_when_the_berths_close(tmp_path: Path) -> None:
    """3.65 Mt a year more by rail, worth 300 - 50 USD/t each, for 1 million a year.

    Half of the pipe and the berths was out for 9 of the 154 days on record.
    """
    found = row(terminal_model(tmp_path))
    assert found["net_gain_musd"] == pytest.approx(-1)
    assert found["refused_change_musd"] == pytest.approx(1 - 3.65 * 250)
    assert (found["most_party"], found["most_change_musd"]) == ("RUS", pytest.approx(1 - 3.65 * 250))
    assert found["outages_change_musd"] == pytest.approx(1 - 3.65 * 250 * 9 / 154)


def test_refusals_are_those_named_together(tmp_path: Path) -> None:
    model = terminal_model(tmp_path)
    assert row(model, "CHN")["refused_change_musd"] == pytest.approx(1)  # the railway carries nothing in quiet
    both = row(model, "RUS", "CHN")
    assert both["refused_change_musd"] == pytest.approx(1)  # CHN closes what the option adds
    with pytest.raises(InputError, match="K0501"):
        row(model, "XXX")


def test_without_outages_on_record_the_mean_stays_blank(tmp_path: Path) -> None:
    elsewhere = {"event": "E2", "start": "2024-08-01", "what": "elsewhere", "assets": "MINE"}
    model = terminal_model(tmp_path, events=[elsewhere | {"severity_low": 1, "severity_high": 1}])
    found = openings(model, lambda: prepare(model), ["MORE_RAIL"])
    assert found.outages == 0
    assert found.table["outages_change_musd"].to_list() == [None]
    assert found.refused == ("RUS",)
