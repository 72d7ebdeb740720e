"""Numbers: figures, words, scales, ranges and units in four languages."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text


@pytest.mark.parametrize(
    ("language", "text", "value", "unit", "comparator"),
    [
        ("ru", "Экспорт составил 1 768,5 млн долларов.", 1768.5e6, "USD", "eq"),
        ("ru", "Экспорт составил полмиллиона тонн.", 5e5, "t", "eq"),
        ("ru", "Экспорт превысил полторы тысячи тонн.", 1500, "t", "gt"),
        ("ru", "Экспорт — не менее 12\u00a0млрд евро.", 12e9, "EUR", "ge"),
        ("ru", "Экспорт достиг почти двух с половиной миллионов тонн.", 2.5e6, "t", "almost"),
        ("ru", "Экспорт — 50+ млрд долларов.", 50e9, "USD", "gt"),
        ("en", "Exports were $1,234.5 million.", 1234.5e6, "USD", "eq"),
        ("en", "Exports came to two and a half billion dollars.", 2.5e9, "USD", "eq"),
        ("en", "Exports stood at roughly US$ 3bn.", 3e9, "USD", "approx"),
        ("tr", "İhracat 5 milyar 400 milyon dolara ulaştı.", 5.4e9, "USD", "eq"),
        ("tr", "İhracat 800.000 tondan fazla oldu.", 8e5, "t", "gt"),
        ("tr", "İhracat beş buçuk milyon tona yaklaştı.", 5.5e6, "t", "almost"),
        ("kk", "Экспорт бес жарым миллиард долларға жетті.", 5.5e9, "USD", "eq"),
        ("kk", "Экспорт 3 млн тоннадан асты.", 3e6, "t", "gt"),
    ],
)
def test_reads_a_figure(language, text, value, unit, comparator):
    (claim,) = read_text(text, language=language).claims
    assert claim.value == pytest.approx(value)
    assert (claim.unit, claim.comparator) == (unit, comparator)


def test_bounds_follow_the_comparator():
    text = "Exports exceeded $5 billion. Imports were almost $3 billion."
    above, almost = read_text(text, language="en").claims
    assert (above.lo, above.hi) == (5e9, None)
    assert (almost.lo, almost.hi) == (None, 3e9)


def test_range_has_bounds_and_no_value():
    (claim,) = read_text("Expected exports are 3-5 million tonnes.", language="en").claims
    assert (claim.value, claim.lo, claim.hi, claim.comparator) == (None, 3e6, 5e6, "range")


def test_fall_is_negative():
    change, level = read_text("Экспорт снизился на 26 %, составив 480 тысяч тонн.", language="ru").claims
    assert (change.kind, change.value, change.polarity) == ("change_pct", -26.0, "neg")
    assert (level.kind, level.value) == ("level", 480e3)


def test_unit_is_carried_over_a_list():
    claims = read_text("Добыча нефти составила соответственно 34, 35,2 и 38 млн тонн.", language="ru").claims
    assert [c.value for c in claims] == pytest.approx([34e6, 35.2e6, 38e6])
    assert {c.unit for c in claims} == {"t"}


@pytest.mark.parametrize(
    "text", ["Boeing 787-9 landed.", "Call +7 7172 55-08-91.", "Article 14 of the law.", "At 10:30."]
)
def test_other_numbers_are_no_claims(text):
    assert read_text(text, language="en").claims == ()
