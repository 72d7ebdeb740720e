"""The incident card on a terminal that can be followed by hand."""

from __future__ import annotations

from datetime import date

import pytest

from kopir.core.errors import InputError
from kopir.strategy.course.incident import incident, lost_assets
from tests.strategy.terminal import terminal

START = date(2026, 1, 1)


def test_one_page(tmp_path):
    card = incident(terminal(tmp_path), ["berths:2"], 10, start=START, draws=3, seed=1)
    assert card.lost == ("BERTH1", "BERTH2")
    assert card.severity == 1
    assert card.course.full_on == date(2026, 1, 3)
    assert card.intervals.full_days == (3, 3)
    central = dict(card.intervals.table.select("measure", "central").iter_rows())
    assert central["shut_in_mt"] == pytest.approx(0.63)
    assert card.past["event"].to_list() == ["E1"]  # E2 hit something else
    assert card.past["seen"].to_list() == ["half of the berths out"]


def test_the_same_for_other_times_and_shares(tmp_path):
    """Tanks bridge three days; after them 0.09 a day stays in the ground. Half of each berth loads everything."""
    curve = incident(terminal(tmp_path), ["BERTHS"], 10, start=START, draws=0).curve
    shut_in = {(row["days"], row["lost"]): row["shut_in_mt"] for row in curve.iter_rows(named=True)}
    whole = {5: 2 * 0.09, 10: 7 * 0.09, 20: 17 * 0.09}
    expected = {(days, lost): amount * (lost == 1) for days, amount in whole.items() for lost in (0.5, 1.0)}
    assert shut_in == pytest.approx(expected, abs=1e-9)


@pytest.mark.slow
def test_draws_span_what_the_inputs_leave_open(tmp_path):
    """The railway takes 0.005 to 0.015 a day, drawn; the central course lies between."""
    carries = [
        {"link": link, "commodity": "crude", "nameplate": size, "basis": "m"}
        for link, size in {"PIPE": "", "BERTH1": 40, "BERTH2": 40, "RAIL": "3.65 [1.825..5.475]"}.items()
    ]
    setup = terminal(tmp_path, carries=carries)
    ranges = [incident(setup, ["BERTHS:2"], 10, start=START, draws=8, seed=seed).intervals for seed in (1, 1, 2)]
    low, central, high = ranges[0].table.filter(measure="moved_mt").select("low", "central", "high").row(0)
    assert 7 * 0.005 <= low < central < high <= 7 * 0.015
    assert central == pytest.approx(0.07)
    assert ranges[0].as_record() == ranges[1].as_record()
    assert ranges[0].as_record() != ranges[2].as_record()


def test_one_member_is_half_of_the_berths(tmp_path):
    card = incident(terminal(tmp_path), ["BERTHS:1"], 10, start=START, draws=0)
    assert card.severity == pytest.approx(0.5)
    assert card.course.loss_musd == pytest.approx(0, abs=1e-9)
    assert card.intervals.full_days is None


@pytest.mark.slow
def test_equal_questions_give_equal_cards(tmp_path):
    setup = terminal(tmp_path)
    cards = [incident(setup, ["BERTHS:2"], 5, start=START, draws=2, seed=7).as_record() for _ in range(2)]
    assert cards[0] == cards[1]


@pytest.mark.parametrize(
    ("lose", "code", "says"),
    [
        ("BERTH3", "K0207", "did you mean"),
        ("BERTHS:3", "K0505", "BERTHS:1 to BERTHS:2"),
        ("BERTHS:0", "K0505", "BERTHS:1 to BERTHS:2"),
        ("BERTHS:x", "K0505", "BERTHS:1 to BERTHS:2"),
        ("PIPE:2", "K0505", "PIPE:1 to PIPE:1"),
    ],
)
def test_an_asset_that_cannot_be_lost(tmp_path, lose, code, says):
    with pytest.raises(InputError) as raised:
        lost_assets(terminal(tmp_path), [lose])
    assert [fault.code for fault in raised.value.faults] == [code]
    assert says in raised.value.faults[0].mend


def test_an_incident_lasts_a_day_at_least(tmp_path):
    with pytest.raises(InputError, match="without duration"):
        incident(terminal(tmp_path), ["BERTH1"], 0, start=START)
