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


def test_the_base_is_exports_of_the_days_asked(tmp_path):
    """The field sends 0.1 Mt a day abroad; a market at home, which takes 0.005 of it, counts for nothing."""
    oil = {"commodity": "crude", "owner": "KAZ", "basis": "m"}
    markets = [
        {"market": "SEA", "node": "SEA", "price": 400, "depth": 1000, **oil},
        {"market": "BORDER", "node": "BORDER", "price": 300, "depth": 1000, **oil},
        {"market": "HOME", "node": "FIELD", "price": 600, "depth": 1.825, "kind": "domestic", **oil},
    ]
    card = incident(terminal(tmp_path, markets=markets), ["BERTHS:2"], 10, start=START, draws=0)
    assert card.course.base_days == 10
    assert card.course.volume("base") == pytest.approx(0.095 * 10)


def priced_terminal(path, *months):
    oil = {"commodity": "crude", "owner": "KAZ", "basis": "m"}
    markets = [
        {"market": "SEA", "node": "SEA", "price": 400, "depth": 1000, "series": "oil", **oil},
        {"market": "BORDER", "node": "BORDER", "price": 300, "depth": 1000, **oil},
    ]
    series = [
        {"series": "oil", "period": f"2025-{month:02}", "value": 400, "unit": "USD/t"} for month in range(1, 13)
    ]
    series += [{"series": "oil", "period": month, "value": 800, "unit": "USD/t"} for month in months]
    return terminal(path, markets=markets, series=series)


@pytest.mark.slow
def test_without_a_price_of_a_month_base_prices_count_and_the_card_says_so(tmp_path):
    known = incident(priced_terminal(tmp_path / "a", "2026-01", "2026-02"), ["BERTHS:2"], 10, start=START, draws=0)
    card = incident(priced_terminal(tmp_path / "b", "2026-02"), ["BERTHS:2"], 10, start=START, draws=0)
    asked = incident(
        priced_terminal(tmp_path / "c", "2026-02"), ["BERTHS:2"], 10, start=START, draws=0, prices="base"
    )
    assert (known.unpriced, card.unpriced, asked.unpriced) == ((), ("2026-01",), ())
    assert card.course.loss_musd == pytest.approx(asked.course.loss_musd)
    assert known.course.loss_musd > card.course.loss_musd
    assert card.as_record()["unpriced"] == ["2026-01"]


def test_no_record_where_no_near_event_can_be_replayed(tmp_path):
    assert incident(terminal(tmp_path), ["BERTHS:2"], 10, start=START, draws=0).record.is_empty()


def test_equal_days_are_solved_once(tmp_path, monkeypatch):
    """What a course asks twice is solved once: 40 days of ten kinds are not 80 solves and more."""
    from kopir.flow.value import ValueFunction

    asked = {"solved": 0}
    own = ValueFunction.solve

    def counted(self, situation):
        asked["solved"] += 1
        return own(self, situation)

    monkeypatch.setattr(ValueFunction, "solve", counted)
    setup = terminal(tmp_path)
    from kopir.strategy.course.incident import TAIL, _scenario
    from kopir.strategy.course.stress import stress

    scenario = _scenario([("link", "BERTH1"), ("link", "BERTH2")], START, 10, 0.0, "base")
    found = stress(setup, scenario)
    assert found.table.height == 10 + TAIL
    assert asked["solved"] <= 20


@pytest.mark.slow
def test_the_bundled_record_stands_beside_the_figures():
    from kopir.project import open_project

    card = open_project("kazakhstan").incident(["cpc-mooring:2"], 45, draws=0).result
    assert card.record["event"].unique().to_list() == ["EV05"]
    assert card.record["split"].unique().to_list() == ["fit"]
    assert set(card.past["event"].to_list()) >= {"EV05", "EV07"}
    exports = 78.7 * 45 / 365
    assert card.course.volume("base") == pytest.approx(exports, rel=0.02)
