"""The kind of a figure: a level, a change of it, a multiple or a share; twins swap numbers, goods and words."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text

KINDS = [
    ("en", "Exports of Georgia rose by {n}% in 2023.", "change_pct", 1),
    ("en", "Exports of Georgia fell {n}% in 2023.", "change_pct", -1),
    ("en", "Exports of Georgia were {n}% above the level of 2022.", "change_pct", 1),
    ("en", "Exports of Georgia were {n}% below the level of 2022.", "change_pct", -1),
    ("en", "Exports of Georgia were {n}% higher than in 2022.", "change_pct", 1),
    ("en", "Exports of Georgia were {n}% lower than in 2022.", "change_pct", -1),
    ("en", "Exports of Georgia, up {n}% on the year, continued.", "change_pct", 1),
    ("en", "Exports of Georgia saw a {n}-percent drop.", "change_pct", -1),
    ("en", "Growth of exports of Georgia was {n}% in 2023.", "change_pct", 1),
    ("en", "The decline of exports of Georgia reached {n}% in 2023.", "change_pct", -1),
    ("en", "Exports of Georgia rose by {n} million tonnes in 2023.", "change_abs", 1),
    ("en", "Exports of Georgia fell by {n} million tonnes in 2023.", "change_abs", -1),
    ("en", "Exports of Georgia fell {n} million tonnes in 2023.", "change_abs", -1),
    ("en", "Exports of Georgia rose nearly {n} million tonnes in 2023.", "change_abs", 1),
    ("en", "Georgia exported {n} million tonnes more than a year earlier.", "change_abs", 1),
    ("en", "Georgia exported {n} million tonnes less than a year earlier.", "change_abs", -1),
    ("en", "Exports of Georgia rose to {n} million tonnes in 2023.", "level", 1),
    ("en", "Exports of Georgia fell to {n} million tonnes in 2023.", "level", 1),
    ("en", "Georgia exported more than {n} million tonnes in 2023.", "level", 1),
    ("en", "Georgia exported {n} million tonnes or more in 2023.", "level", 1),
    ("en", "Exports of Georgia rose {n} times in 2023.", "mult", 1),
    ("en", "Exports of Georgia fell {n} times in 2023.", "mult", -1),
    ("ru", "Экспорт Грузии вырос на {n}% в 2023 году.", "change_pct", 1),
    ("ru", "Экспорт Грузии снизился на {n}% в 2023 году.", "change_pct", -1),
    ("ru", "Экспорт Грузии был на {n}% больше прошлогоднего.", "change_pct", 1),
    ("ru", "Экспорт Грузии оказался на {n}% ниже, чем в 2022 году.", "change_pct", -1),
    ("ru", "Рост экспорта Грузии составил {n}% в 2023 году.", "change_pct", 1),
    ("ru", "Снижение экспорта Грузии составило {n}% в 2023 году.", "change_pct", -1),
    ("ru", "Прирост экспорта Грузии – {n}%.", "change_pct", 1),
    ("ru", "Экспорт Грузии увеличился на {n} млн тонн в 2023 году.", "change_abs", 1),
    ("ru", "Экспорт Грузии сократился на {n} млн тонн в 2023 году.", "change_abs", -1),
    ("ru", "Экспорт Грузии был на {n} млн тонн меньше, чем в 2022 году.", "change_abs", -1),
    ("ru", "Прирост экспорта Грузии составил {n} млн тонн.", "change_abs", 1),
    ("ru", "Экспорт Грузии увеличился до {n} млн тонн в 2023 году.", "level", 1),
    ("ru", "Экспорт Грузии сократился до {n} млн тонн в 2023 году.", "level", 1),
    ("ru", "Экспорт Грузии составил более {n} млн тонн в 2023 году.", "level", 1),
    ("ru", "Экспорт Грузии вырос в {n} раза в 2023 году.", "mult", 1),
    ("ru", "Экспорт Грузии упал в {n} раза в 2023 году.", "mult", -1),
    ("tr", "Gürcistan'ın ihracatı 2023'te yüzde {n} arttı.", "change_pct", 1),
    ("tr", "Gürcistan'ın ihracatı 2023'te yüzde {n} azaldı.", "change_pct", -1),
    ("tr", "Gürcistan'ın ihracatı 2023'te yüzde {n} düşüş gösterdi.", "change_pct", -1),
    ("tr", "Gürcistan'ın ihracatı 2022'ye göre yüzde {n} fazla oldu.", "change_pct", 1),
    ("tr", "Gürcistan'ın ihracatındaki artış yüzde {n} oldu.", "change_pct", 1),
    ("tr", "Gürcistan'ın ihracatı 2023'te {n} milyon ton arttı.", "change_abs", 1),
    ("tr", "Gürcistan'ın ihracatı 2023'te {n} milyon ton azaldı.", "change_abs", -1),
    ("tr", "Gürcistan'ın ihracatı 2023'te {n} milyon tona yükseldi.", "level", 1),
    ("tr", "Gürcistan'ın ihracatı 2023'te {n} milyon tona geriledi.", "level", 1),
    ("tr", "Gürcistan'ın ihracatı 2023'te {n} milyon tondan fazla oldu.", "level", 1),
    ("tr", "Gürcistan'ın ihracatı 2023'te {n} kat arttı.", "mult", 1),
    ("kk", "Грузия экспорты 2023 жылы {n}%-ға артты.", "change_pct", 1),
    ("kk", "Грузия экспорты 2023 жылы {n} пайызға төмендеді.", "change_pct", -1),
    ("kk", "Грузия экспорты 2022 жылмен салыстырғанда {n}%-ға артық.", "change_pct", 1),
    ("kk", "Грузия экспорты 2022 жылмен салыстырғанда {n}%-ға кем.", "change_pct", -1),
    ("kk", "Грузия экспортының өсімі {n}% болды.", "change_pct", 1),
    ("kk", "Грузия экспорты 2023 жылы {n} млн тоннаға артты.", "change_abs", 1),
    ("kk", "Грузия экспорты 2023 жылы {n} млн тоннаға азайды.", "change_abs", -1),
    ("kk", "Грузия экспорты 2023 жылы {n} млн тоннаға жетті.", "level", 1),
    ("kk", "Грузия экспорты 2023 жылы {n} млн тоннаға дейін өсті.", "level", 1),
    ("kk", "Грузия экспорты 2023 жылы {n} млн тоннадан артық болды.", "level", 1),
    ("kk", "Грузия экспорты 2023 жылы {n} есе өсті.", "mult", 1),
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Экспорт Грузии составил 104,1% к предыдущему году.", 4.1),
        ("Экспорт Грузии составил 96% к уровню 2023 года.", -4),
        ("Импорт Грузии – 113,2% к 2023 году.", 13.2),
    ],
)
def test_an_index_is_the_change_that_it_is(text, value):
    (claim,) = read_text(text, language="ru", date="2025-03-01").claims
    assert (claim.kind, claim.value) == ("change_pct", pytest.approx(value))


@pytest.mark.parametrize("number", [2.5, 12, 19.9])
@pytest.mark.parametrize(("language", "pattern", "kind", "sign"), KINDS)
def test_kind_of_a_figure(language, pattern, kind, sign, number):
    written = f"{number:g}" if language == "en" else f"{number:g}".replace(".", ",")
    (claim,) = read_text(pattern.format(n=written), language=language, date="2024-03-01").claims
    size = number * (1e6 if "mil" in pattern or "млн" in pattern else 1)
    assert (claim.kind, claim.value) == (kind, pytest.approx(sign * size)), claim.comparator


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        (
            "en",
            "The port handled 7.6 million tons, which is 4.3% or 0.3 million tons more than a year earlier.",
            "labc",
        ),
        (
            "ru",
            "Грузия вывезла 3 млн тонн руды на 1,4 млрд долларов, что на 11,8% и 25,4% больше прошлогоднего.",
            "llcc",
        ),
        ("en", "Exports of Georgia rose 12% to $5 billion and imports fell 3% to $4 billion.", "clcl"),
        ("ru", "Экспорт Грузии вырос на 12%, до 5 млрд долларов.", "cl"),
        ("tr", "Gürcistan'ın ihracatı yüzde 12 artışla 5 milyar dolara ulaştı.", "cl"),
        ("kk", "Грузия экспорты 12%-ға артып, 5 млрд долларға жетті.", "cl"),
    ],
)
def test_changes_and_levels_side_by_side(language, text, kinds):
    claims = read_text(text, language=language).claims
    told = {"level": "l", "change_pct": "c", "change_abs": "c", "share": "s"}
    assert "".join(told[c.kind] for c in claims) == kinds.replace("labc", "lcc")


@pytest.mark.parametrize("state", ["Mongolia", "Georgia", "Vietnam"])
@pytest.mark.parametrize("verb", ["made up", "makes up", "constituted", "accounted for"])
def test_a_verb_of_share_holds_no_rise(state, verb):
    (claim,) = read_text(f"Coal {verb} 55 percent of {state}'s exports in 2024.").claims
    assert (claim.kind, claim.value) == ("share", 55)
    (risen,) = read_text(f"{state}'s exports were up 55 percent in 2024.").claims
    assert risen.kind == "change_pct"
