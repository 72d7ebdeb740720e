"""What builds up from step to step: restart of supplies, and ramps that count from the shock that wants them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.model.network.scenario import Shock
from kopir.strategy.course.ramps import Restart
from kopir.strategy.course.stress import stress
from tests.strategy.course.test_stress import BERTHS, both_out, scenario, window
from tests.strategy.terminal import terminal


def test_output_comes_back_along_a_line(tmp_path):
    """On day 11 the field yields 0.01 a day; in ten days it would rise by 0.1, so it lacks 0.045 on average."""
    at_once = stress(terminal(tmp_path / "a"), scenario(*both_out(1, 10), days=30))
    slow = stress(terminal(tmp_path / "b", restart=10), scenario(*both_out(1, 10), days=30))
    assert slow.table["produced_mt"].to_list()[10:20] == pytest.approx(
        [0.015 + 0.01 * day for day in range(9)] + [0.1]
    )
    assert slow.volume("shut_in") == pytest.approx(at_once.volume("shut_in") + 9 * 0.045)
    assert (at_once.back_on, slow.back_on) == (date(2025, 3, 11), date(2025, 3, 20))


def test_weeks_of_restart_yield_what_their_days_do(tmp_path):
    setup = terminal(tmp_path, restart=20)
    days = stress(setup, scenario(*both_out(1, 10), blocks=[("day", 10), ("day", 28)]))
    weeks = stress(setup, scenario(*both_out(1, 10), blocks=[("day", 10), ("week", 4)]))
    assert weeks.volume("shut_in") == pytest.approx(days.volume("shut_in"), rel=1e-9)


@given(st.floats(1, 60), st.floats(0, 1), st.integers(1, 40), st.integers(1, 40))
def test_restart_does_not_depend_on_the_step(days, share, first, second):
    """The mean over two steps is the mean over both as one, when all that can be yielded is yielded."""
    whole = np.array([10.0])
    start = Restart(np.array([days]), whole, share * whole)
    length = first / 365
    middle = start.after(np.minimum(start.bound(first), whole) * length, first, length)
    parts = np.minimum(start.bound(first), whole) * first + np.minimum(middle.bound(second), whole) * second
    assert parts == pytest.approx(np.minimum(start.bound(first + second), whole) * (first + second), rel=1e-6)


def test_a_ramp_counts_from_the_shock_that_wants_it(tmp_path):
    """One berth can load everything, so the railway is wanted only when both are out, 60 days later."""
    setup = terminal(tmp_path, ramp=3.65, lag=1)
    later = [Shock(berth, 0.0, window(61, 200)) for berth in BERTHS[1:]]
    one_then_both = stress(setup, scenario(Shock(BERTHS[0], 0.0, window(1, 200)), *later, days=120))
    both_at_once = stress(setup, scenario(*both_out(61, 200), days=120))
    assert one_then_both.volume("moved") == pytest.approx(both_at_once.volume("moved"))
    assert one_then_both.volume("moved") > 60 * 0.01
