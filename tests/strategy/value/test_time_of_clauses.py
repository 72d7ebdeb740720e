"""What is followed in the past meets the clauses of its time, not those of the day asked."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import kopir
from kopir.model.network.clauses import Denial
from kopir.strategy.value.setup import Setup, at_time_of


def open_shares(setup: Setup) -> np.ndarray:
    return setup.network.open_shares(setup.clauses.availability(Denial()))


@pytest.mark.slow
def test_a_transit_that_ended_later_still_ran() -> None:
    now = kopir.open("kazakhstan", as_of=date(2026, 11, 27)).setup
    ended = open_shares(now) < open_shares(at_time_of(now, date(2025, 12, 1)))
    assert {now.network.assets[index] for index in np.flatnonzero(ended)} == {("link", "SAMARA_ADAMOVA")}
    assert (
        open_shares(at_time_of(now, date(2026, 4, 30))) == open_shares(at_time_of(now, date(2022, 3, 1)))
    ).all()
    assert (open_shares(at_time_of(now, date(2026, 5, 1))) == open_shares(now)).all()
    assert at_time_of(now, date(2026, 12, 1)) is now
