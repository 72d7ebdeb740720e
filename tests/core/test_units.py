"""The unit table, by hand."""

import csv
import math
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import UnitError
from kopir.core.units import SEE_UNIT, conversion_factor, unit, unit_of_column, units, units_of


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("Mt", "t", 1_000_000),
        ("t", "kt", 0.001),
        ("pct", "share", 0.01),
        ("Mt/mo", "Mt/yr", 12),
        ("t/d", "t/yr", 365),
        ("kb/d", "bbl/yr", 365_000),
        ("billion USD", "million USD", 1000),
        ("USD/FEU", "USD/TEU", 0.5),
        ("km", "m", 1000),
        ("year", "month", 12),
        ("week", "day", 7),
        ("TWh", "MWh", 1_000_000),
        ("bcm/yr", "m3/yr", 1e9),
        ("Mt/yr/month", "t/yr2", 12e6),
    ],
)
def test_conversions_known_by_hand(source, target, factor):
    if target in units():
        assert conversion_factor(source, target) == pytest.approx(factor, rel=1e-12)
    else:
        assert (unit(source).canonical, unit(source).factor) == (target, factor)


@given(st.sampled_from(sorted(units())), st.sampled_from(sorted(units())))
def test_there_and_back_is_one_within_a_dimension_and_refused_across(source, target):
    if unit(source).dimension == unit(target).dimension:
        assert conversion_factor(source, target) * conversion_factor(target, source) == pytest.approx(1)
    else:
        with pytest.raises(UnitError) as caught:
            conversion_factor(source, target)
        assert caught.value.faults[0].code == "K0216"


def test_one_canonical_unit_for_each_dimension():
    canonical: dict[str, set[str]] = {}
    for entry in units().values():
        canonical.setdefault(entry.dimension, set()).add(entry.canonical)
        assert math.isfinite(entry.factor)
        assert entry.factor > 0
    assert {dimension: names for dimension, names in canonical.items() if len(names) > 1} == {}


def test_a_canonical_unit_in_the_table_has_factor_one():
    known = units()
    for entry in known.values():
        if entry.canonical in known:
            assert known[entry.canonical].factor == 1
            assert known[entry.canonical].dimension == entry.dimension


def test_an_unknown_unit_is_refused_with_a_near_one():
    with pytest.raises(UnitError) as caught:
        unit("Mt/y")
    fault = caught.value.faults[0]
    assert (fault.code, fault.value) == ("K0215", "Mt/y")
    assert '"Mt/yr"' in fault.mend


def test_the_name_of_a_column_states_its_unit():
    told = (
        "leverage_musd",
        "loss_musd_low",
        "own_price_musd_high",
        "stranded_mt",
        "price_usd_low",
        "capital_musd",
        "why",
    )
    assert [unit_of_column(name) for name in told] == [
        *("million USD/yr",) * 3,
        "Mt/yr",
        "USD/FEU",
        "million USD",
        "",
    ]


def test_a_record_says_the_unit_of_its_numbers():
    record = {"severity": 1.0, "table": [{"loss_musd": 2.0, "name": "A", "value": 3, "flag": True}]}
    assert units_of(record) == {"loss_musd": "million USD/yr", "severity": "1"}
    assert units_of(record, rates=False)["loss_musd"] == "million USD"
    assert units_of([{"value": 3, "unit": "Mt"}]) == {"value": "see unit"}


def test_every_unit_of_a_column_is_one_of_the_table():
    text = files("kopir.core").joinpath("data/columns.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["unit"] for row in rows} - units().keys() == {SEE_UNIT}
    assert len({row["column"] for row in rows}) == len(rows)


def test_a_column_in_million_usd_is_named_so():
    text = files("kopir.core").joinpath("data/columns.csv").read_text(encoding="utf-8")
    money = [row["column"] for row in csv.DictReader(text.splitlines()) if row["unit"].startswith("million USD")]
    assert money
    assert [name for name in money if not name.endswith("musd")] == []
