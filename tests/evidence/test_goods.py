"""Goods: every registered commodity is read in four languages, and a figure takes the good it is counted in."""

from __future__ import annotations

import pytest

from kopir.core.codes import codes
from kopir.evidence import read_text
from kopir.evidence.words._lexicon import LANGUAGES, read_table

FRAMES = {
    "en": "Georgia exported 5 million tonnes of {} in 2023.",
    "ru": "Экспорт Грузии за 2023 год: {} – 5 млн тонн.",
    "tr": "Gürcistan 2023'te 5 milyon ton {} ihraç etti.",
    "kk": "Грузия 2023 жылы 5 млн тонна {} экспорттады.",
}
NO_SINGLE_GOOD = {"all", "dry", "digital", "kebco", "energy", "locomotives", "containers"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(set(codes("commodities")) - NO_SINGLE_GOOD))
def test_every_registered_good_is_read(language, code):
    name = codes("commodities")[code].names[language]
    claims = read_text(FRAMES[language].format(name), language=language).claims
    assert [c.commodity for c in claims if c.value == 5e6] == [code]


def test_every_good_that_is_read_is_registered():
    for language in LANGUAGES:
        for row in read_table(language, "goods"):
            assert row["commodity"] in codes("commodities"), (language, row["pattern"])


@pytest.mark.parametrize(
    ("language", "text", "goods"),
    [
        ("en", "Mongolia exported 83 million tonnes of coal and 2 million tonnes of copper.", ["coal", "copper"]),
        ("en", "Coal exports of Mongolia were 83 million tonnes.", ["coal"]),
        ("en", "Vietnam exported rice worth 270 million dollars.", ["rice"]),
        ("en", "Malaysia exported 15 million tonnes of palm oil.", ["palm_oil"]),
        ("en", "Exports of wheat and barley from Ukraine were 15 million tonnes.", [None]),
        ("en", "Exports of Georgia were 15 billion dollars.", [None]),
        ("en", "The GDP of Georgia grew 5% on coal.", [None]),
        ("ru", "Узбекистан добыл 110 тонн золота в 2024 году.", ["gold"]),
        ("ru", "Монголия экспортировала за год меди на 3 млрд долларов США.", ["copper"]),
        ("ru", "Экспорт угля из Монголии вырос на 5%, до 83 млн тонн.", ["coal", "coal"]),
        ("ru", "Вьетнам вывез 3 млн тонн риса на 1,4 млрд долларов.", ["rice", "rice"]),
        ("ru", "Индонезия экспортировала 15 млн тонн пальмового масла.", ["palm_oil"]),
        ("tr", "Ukrayna 5 milyon ton buğday ve 2 milyon ton arpa ihraç etti.", ["wheat", "barley"]),
        ("tr", "Moğolistan'ın kömür ihracatı 83 milyon ton oldu.", ["coal"]),
        ("kk", "Өзбекстан 2024 жылы 110 тонна алтын өндірді.", ["gold"]),
        ("kk", "Грузияда 813000 тонна – пияз, 566000 тонна – қызанақ өндірілді.", ["onion", "tomato"]),
        ("ru", "Грузия произвела: лук – 813 тыс. тонн, томаты – 566 тыс. тонн.", ["onion", "tomato"]),
        ("kk", "Моңғолияның көмір экспорты 83 млн тонна болды.", ["coal"]),
    ],
)
def test_a_figure_takes_the_good_it_is_counted_in(language, text, goods):
    assert [c.commodity for c in read_text(text, language=language).claims] == goods
