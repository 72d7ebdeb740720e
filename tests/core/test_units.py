"""The unit table, by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import UnitError
from kopir.core.units import conversion_factor, unit, units


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
