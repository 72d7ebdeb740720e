"""Units and money: what a figure measures, in four languages; twins swap states, money, units and numbers."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text
from kopir.evidence.figures._money import CURRENCY_SIGNS

MONEY = [
    ("en", "{state} exported goods worth {n} million {money}.", "dollars", "USD"),
    ("en", "{state} exported goods worth {n} mln {money}.", "dlrs", "USD"),
    ("en", "{state} exported goods worth {n} mln {money}.", "Canadian dlrs", "CAD"),
    ("en", "{state} exported goods worth {n} million {money}.", "U.S. dollars", "USD"),
    ("en", "{state} exported goods worth {n} million {money}.", "US dollars", "USD"),
    ("en", "{state} exported goods worth {n} million {money}.", "Australian dollars", "AUD"),
    ("en", "{state} exported goods worth {n} million {money}.", "Turkish lira", "TRY"),
    ("en", "{state} exported goods worth {n} million {money}.", "baht", "THB"),
    ("en", "{state} exported goods worth {n} million {money}.", "Swiss francs", "CHF"),
    ("en", "{state} exported goods worth {money} {n} million.", "USD", "USD"),
    ("en", "{state} exported goods worth {money} {n} million.", "EUR", "EUR"),
    ("en", "{state} exported goods worth {money}{n} million.", "US$", "USD"),
    ("en", "{state} exported goods worth {money} {n} million.", "US$", "USD"),
    ("en", "{state} exported goods worth {money}{n} million.", "A$", "AUD"),
    ("en", "{state} exported goods worth {money}{n}MM.", "$", "USD"),
    ("ru", "{state} экспортировала товаров на {n} млн {money}.", "долларов США", "USD"),
    ("ru", "{state} экспортировала товаров на {n} млн {money}.", "американских долларов", "USD"),
    ("ru", "{state} экспортировала товаров на {n} млн {money}.", "канадских долларов", "CAD"),
    ("ru", "{state} экспортировала товаров на {n} млн {money}.", "швейцарских франков", "CHF"),
    ("ru", "{state} экспортировала товаров на {n} млн {money}.", "тенге", "KZT"),
    ("ru", "{state} экспортировала товаров на {n} млн {money}.", "манатов", "AZN"),
    ("tr", "{state} {n} milyon {money} değerinde mal ihraç etti.", "ABD doları", "USD"),
    ("tr", "{state} {n} milyon {money} değerinde mal ihraç etti.", "Kanada doları", "CAD"),
    ("tr", "{state} {n} milyon {money} değerinde mal ihraç etti.", "TL", "TRY"),
    ("tr", "{state} {n} milyon {money} değerinde mal ihraç etti.", "$", "USD"),
    ("kk", "{state} {n} млн {money} тауар экспорттады.", "АҚШ долларына", "USD"),
    ("kk", "{state} {n} млн {money} тауар экспорттады.", "Канада долларына", "CAD"),
    ("kk", "{state} {n} млн {money} тауар экспорттады.", "теңгеге", "KZT"),
]
STATES = {
    "en": {"Mongolia": "MNG", "Vietnam": "VNM", "Georgia": "GEO"},
    "ru": {"Монголия": "MNG", "Армения": "ARM", "Грузия": "GEO"},
    "tr": {"Moğolistan": "MNG", "Vietnam": "VNM", "Gürcistan": "GEO"},
    "kk": {"Моңғолия": "MNG", "Армения": "ARM", "Грузия": "GEO"},
}
NUMBERS = {"en": "7.25", "ru": "7,25", "tr": "7,25", "kk": "7,25"}


@pytest.mark.parametrize(("language", "pattern", "money", "code"), MONEY)
def test_money_is_a_unit_and_never_a_party(language, pattern, money, code):
    for state, subject in STATES[language].items():
        text = pattern.format(state=state, n=NUMBERS[language], money=money)
        (claim,) = read_text(text, language=language).claims
        assert (claim.value, claim.unit) == (pytest.approx(7.25e6), code), text
        assert (claim.subject, claim.partners) == (subject, ()), text


@pytest.mark.parametrize("sign", [s for s in CURRENCY_SIGNS if s != "¥"])
def test_signs_stand_before_or_after(sign):
    for text in (f"Exports were {sign}3.5 billion.", f"Exports were 3.5 billion {sign}."):
        (claim,) = read_text(text, language="en").claims
        assert (claim.value, claim.unit) == (3.5e9, CURRENCY_SIGNS[sign])


def test_money_of_several_states_is_settled_by_the_sentence_or_keeps_its_name():
    (qatar,) = read_text("Exports of Qatar were 12 billion riyals.", language="en").claims
    assert qatar.unit == "QAR"
    (open_,) = read_text("Exports of Georgia were 12 billion crowns in 2024.", language="en").claims
    assert open_.unit == "crown"
    assert not open_.published


@pytest.mark.parametrize(
    ("written", "value", "unit", "rate"),
    [
        ("87.7 Mt", 87.7e6, "t", None),
        ("87.7Mt", 87.7e6, "t", None),
        ("877 mt", 877, "t", None),
        ("877 kt", 877e3, "t", None),
        ("1.4 million b/d", 1.4e6, "bbl", "d"),
        ("1.4 mb/d", 1.4e6, "bbl", "d"),
        ("1400 kb/d", 1.4e6, "bbl", "d"),
        ("1.4 million barrels a day", 1.4e6, "bbl", "d"),
        ("1.4 million bpd", 1.4e6, "bbl", "d"),
        ("25.2 bcm", 25.2e9, "m3", None),
        ("25 million m3", 25e6, "m3", None),
    ],
)
def test_prefixes_of_units_keep_their_case(written, value, unit, rate):
    (claim,) = read_text(f"Norway produced {written} of oil in 2023.", language="en").claims
    assert claim.value == pytest.approx(value)
    assert (claim.unit, claim.rate, claim.period) == (unit, rate, "2023")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Cargo throughput of ports in 2024, thousand tons"),
        ("en", "Norway exported oil (million tonnes) to Italy."),
        ("en", "Norway exported a few million tonnes of oil to Italy in 2023."),
        ("en", "Norway exported X million tonnes of oil in 2025."),
        ("en", "Norway exported several hundred thousand tonnes of oil in 2025."),
        ("en", "Norway exported 64·8 million tonnes of oil in 2025."),
        ("en", "Norway exported \u202e8.46\u202c million tonnes of oil in 2025."),
        ("en", "Norway exported 1,23,456 tonnes of oil."),
        ("en", f"Norway exported {'9' * 400} million tonnes of oil."),
        ("en", "Norway exported 1e999 tonnes of oil."),
        ("en", "Norway exported 99 trillion trillion tonnes of oil."),
        ("ru", "Экспорт Норвегии по странам, млн долларов"),
        ("ru", "Норвегия экспортировала несколько миллионов тонн нефти."),
        ("ru", "Норвегия экспортировала ██ млн тонн нефти в 2025 году."),
        ("tr", "Norveç birkaç milyon ton petrol ihraç etti."),
        ("kk", "Норвегия бірнеше миллион тонна мұнай экспорттады."),
    ],
)
def test_a_scale_or_unit_needs_a_number(language, text):
    assert read_text(text, language=language).claims == ()


SPOKEN = [
    ("en", "one point two million", 1.2e6),
    ("en", "two and a half million", 2.5e6),
    ("en", "one hundred and forty-four thousand", 144e3),
    ("en", "a million", 1e6),
    ("en", "half a million", 5e5),
    ("ru", "полтора миллиона", 1.5e6),
    ("ru", "две с половиной тысячи", 2.5e3),
    ("ru", "одну целую две десятых миллиона", 1.2e6),
    ("ru", "сто сорок четыре тысячи", 144e3),
    ("ru", "миллион", 1e6),
    ("tr", "bir buçuk milyon", 1.5e6),
    ("tr", "iki virgül beş milyon", 2.5e6),
    ("tr", "yüz kırk dört bin", 144e3),
    ("tr", "bin", 1e3),
    ("kk", "бір жарым миллион", 1.5e6),
    ("kk", "бір бүтін оннан екі миллион", 1.2e6),
    ("kk", "жүз қырық төрт мың", 144e3),
    ("kk", "жарты миллион", 5e5),
]
FRAMES = {
    "en": "Exports were {} tonnes.",
    "ru": "Экспорт составил {} тонн.",
    "tr": "İhracat {} ton oldu.",
    "kk": "Экспорт {} тонна болды.",
}


@pytest.mark.parametrize(("language", "words", "value"), SPOKEN)
def test_spoken_numbers(language, words, value):
    (claim,) = read_text(FRAMES[language].format(words), language=language).claims
    assert (claim.value, claim.unit) == (pytest.approx(value), "t")


@pytest.mark.parametrize("scale", ["млн", "тыс."])
@pytest.mark.parametrize("year", [1943, 1999, 2019, 2050])
def test_a_year_gives_way_to_money_and_scales(year, scale):
    (claim,) = read_text(f"Импорт Грузии составил {year} {scale} долларов в 2012 году.", language="ru").claims
    assert claim.value == year * {"млн": 1e6, "тыс.": 1e3}[scale]
    assert claim.period == "2012"
    (claim,) = read_text(f"Imports of Georgia were ${year} million in 2012.", language="en").claims
    assert (claim.value, claim.period) == (year * 1e6, "2012")


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Exports saw a 5-percent rise.", 5),
        ("en", "A 2-million-tonne cargo was exported.", 2e6),
        ("ru", "Ожидается 70-процентное увеличение экспорта.", 70),
        ("en", "Exports were 14.1* million tonnes.", 14.1e6),
        ("en", "Exports were 14.1[2] million tonnes.", 14.1e6),
        ("en", "Exports were 14.1² million tonnes².", 14.1e6),
        ("en", "Exports were 1'234'567 tonnes.", 1234567),
        ("ru", "Экспорт составил 1\u202f234\u202f567 тонн.", 1234567),
        ("tr", "İhracat 1.234.567 ton oldu.", 1234567),
    ],
)
def test_forms_of_figures(language, text, value):
    (claim,) = read_text(text, language=language).claims
    assert claim.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "Wheat prices were 210 dollars a tonne.", 210, "USD/t"),
        ("en", "Crude prices were $70 per barrel.", 70, "USD/bbl"),
        ("en", "Coffee prices were 62 cents a pound.", 0.62, "USD/pound"),
        ("en", "Gas prices were 12 euros per MWh.", 12, "EUR/MWh"),
        ("ru", "Цена нефти составила 70 долларов за баррель.", 70, "USD/bbl"),
        ("ru", "Цена газа составила 250 долларов за тысячу кубометров.", 250, "USD/1000m3"),
        ("tr", "Petrol fiyatı varil başına 70 dolar oldu.", 70, "USD/bbl"),
        ("kk", "Мұнайдың бағасы барреліне 70 доллар болды.", 70, "USD/bbl"),
    ],
)
def test_the_measure_of_a_price_is_part_of_its_unit(language, text, value, unit):
    (claim,) = read_text(text, language=language).claims
    assert (claim.value, claim.unit, claim.rate, claim.indicator) == (pytest.approx(value), unit, None, "price")


@pytest.mark.parametrize(
    ("language", "text", "rates"),
    [
        ("ru", "Венгрия ежедневно ввозит 7 млн кубометров газа из Турции и 12 млн из России.", ["d", "d"]),
        ("en", "Moldova imports 3 million cubic meters of gas a day.", ["d"]),
        ("en", "Georgia exported 3 million tonnes more than a year earlier.", [None]),
        ("tr", "Gürcistan son 5 yılda 7 milyon ton buğday ihraç etti.", [None]),
        ("tr", "Gürcistan yılda 7 milyon ton buğday ihraç ediyor.", ["yr"]),
        ("kk", "Грузия жыл сайын 7 млн тонна бидай экспорттайды.", ["yr"]),
    ],
)  # fmt: skip
def test_rates_are_not_periods(language, text, rates):
    assert [c.rate for c in read_text(text, language=language).claims] == rates


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("Georgia exported 245,000 to 250,000 tonnes of ore.", [(245e3, 250e3)]),
        ("Exports of Georgia are from 3 to 5 million tonnes.", [(3e6, 5e6)]),
        ("Exports of Georgia rose from 3 to 5 million tonnes.", [(3e6, 3e6), (5e6, 5e6)]),
        ("Exports of Georgia rose from 3 million tonnes to 5 million tonnes.", [(3e6, 3e6), (5e6, 5e6)]),
    ],
)
def test_ranges_and_the_ends_of_a_course(text, bounds):
    assert [(c.lo, c.hi) for c in read_text(text, language="en").claims] == bounds


def test_a_price_lends_its_measure_to_the_sums_beside_it():
    text = "The price of crude rose 60 cents to 66.80 dollars per barrel."
    found = [(c.value, c.unit) for c in read_text(text, language="en").claims]
    assert found == [(pytest.approx(0.6), "USD/bbl"), (66.8, "USD/bbl")]


@pytest.mark.parametrize(
    "text",
    [
        "Из Китая в 2025 году прибыло 48 контейнерных поездов.",
        "Из Китая в 2025 году прибыло 48 грузовых поездов.",
        "Through Serbia ran 48 container trains in 2025.",
        "Sırbistan'dan 2025'te 48 konteyner treni geçti.",
        "Қытайдан 2025 жылы 48 контейнерлік пойыз келді.",
    ],
)
def test_a_word_that_says_which_trains_hides_no_count(text):
    (claim,) = read_text(text, date="2026-02-01").claims
    assert (claim.value, claim.unit, claim.kind) == (48, "train", "count")


@pytest.mark.parametrize("state", ["Сербияның", "Арменияның", "Германияның"])
def test_a_short_kazakh_sentence_of_borrowed_words_is_kazakh(state):
    text = f"2025 жылы {state} экспорты 14,9 млрд доллар, импорты 11,8 млрд доллар болды."
    assert [claim.lang for claim in read_text(text).claims] == ["kk", "kk"]
