"""Keys: what meets under one key, and what does not."""

import pytest

from kopir.core.units import units
from kopir.facts import Key, normal_key, parse_key
from kopir.facts.book._writing import _unit_in_table
from kopir.facts.claimed._keys import rated_unit, shifted_period


def test_trade_between_two_is_one_key_whoever_states_it():
    there = Key("trade_turnover", "KAZ", ("TUR",), "2024", unit="USD")
    back = Key("trade_turnover", "TUR", ("KAZ",), "2024", unit="USD")
    assert normal_key(there) == normal_key(back)


def test_exports_have_a_direction():
    there = Key("export", "KAZ", ("TUR",), "2024", unit="USD")
    back = Key("export", "TUR", ("KAZ",), "2024", unit="USD")
    assert normal_key(there) != normal_key(back)


@pytest.mark.parametrize(
    "stated",
    [
        Key("oil_transit", "CPC", ("KAZ",), "2024", unit="t"),
        Key("oil_export", "KAZ", ("CPC",), "2024", unit="Mt"),
        Key("oil_export", "KAZ", (), "2024", route="CPC", commodity="crude", unit="t"),
        Key("oil_transit", "CPC", (), "2024", route="CPC", perimeter="kazakh_origin", unit="t"),
    ],
)
def test_oil_by_a_route_is_one_key_seen_from_either_end(stated):
    assert normal_key(stated) == Key("oil_export", "KAZ", (), "2024", route="CPC", unit="t")


def test_halves_and_quarters_are_ranges_of_months():
    assert normal_key(Key("export", "KAZ", period="2025-H1")).period == "2025-01/2025-06"
    assert normal_key(Key("export", "KAZ", period="2025-Q4")).period == "2025-10/2025-12"


def test_plans_and_outcomes_have_keys_of_their_own():
    assert str(Key("export", "KAZ", period="2025", unit="t", modality="plan")).endswith("|t|plan")


@pytest.mark.parametrize(
    "key",
    [
        Key("export", "KAZ", ("CHN", "TUR"), "2024", "BTC", "oil", "gross", "t", "plan", "rest 2"),
        Key("export", "KAZ"),
        Key("export", "KAZ", unit="t", part="piece 1"),
    ],
)
def test_a_written_key_reads_back(key):
    assert parse_key(str(key)) == key


@pytest.mark.parametrize(
    ("period", "by", "moved"),
    [
        ("2025", {"years": -1}, "2024"),
        ("2025-01/2025-06", {"years": -1}, "2024-01/2024-06"),
        ("2025-03", {"months": -1}, "2025-02"),
        ("2024-02-29", {"years": -1}, "2023-02-28"),
        ("3y_to_doc", {"years": -1}, None),
    ],
)
def test_periods_move_by_the_calendar(period, by, moved):
    assert shifted_period(period, **by) == moved


@pytest.mark.parametrize(
    ("unit", "rate", "period", "said"),
    [
        ("bbl", "d", "2025", "bbl/d"),
        ("t", "yr", "2025", "t"),
        ("t", "yr", "2025-01", "t/yr"),
        ("t", "mo", "2025", "t/mo"),
        ("t", None, "2025", "t"),
        (None, "d", "2025", ""),
    ],
)
def test_a_figure_told_for_a_time_is_in_a_unit_of_that_time(unit, rate, period, said):
    assert rated_unit({"unit": unit, "rate": rate, "period": period}) == said


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("t", "t"),
        ("bbl/yr", "bbl/yr"),
        ("person", "count"),
        ("vehicle/yr", "count/yr"),
        ("ZMW", None),
        ("t/ha", None),
        ("ZMW/yr", None),
    ],
)
def test_a_unit_of_no_table_counts_things_and_nothing_else(unit, said):
    assert _unit_in_table(unit, units()) == said
