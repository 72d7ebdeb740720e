"""Lists told in order: "to A and B came to 5 and 3 bn respectively"; with other states, goods and years."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text


def told(language, text, *slots):
    claims = read_text(text, language=language, date="2024-06-15").claims
    return [tuple(getattr(claim, slot) for slot in slots) for claim in claims]


@pytest.mark.parametrize(
    ("language", "text", "subject", "partners"),
    [
        ("ru", "Импорт Чили из Бразилии и Аргентины в 2021 году составил 8 и 5 млрд долларов соответственно.",
         "CHL", ["BRA", "ARG"]),
        ("ru", "Экспорт Туниса в Италию, Францию и Ливию достиг 3 млрд, 2 млрд и 1 млрд евро соответственно.",
         "TUN", ["ITA", "FRA", "LBY"]),
        ("en", "Peru's exports to Chile and Japan were $2 billion and $3 billion respectively in 2021.", "PER",
         ["CHL", "JPN"]),
    ],
)  # fmt: skip
def test_partners_in_the_order_of_the_figures(language, text, subject, partners):
    assert told(language, text, "subject", "partners") == [(subject, (code,)) for code in partners]


@pytest.mark.parametrize(("first", "second"), [("Чили и Перу", ("CHL", "PER")), ("Гане и Кении", ("GHA", "KEN"))])
def test_whose_it_is_in_the_order_of_the_figures(first, second):
    text = f"Добыча угля в {first} в 2021 году составила 3 и 5 млн тонн соответственно."
    assert told("ru", text, "subject", "value") == [(second[0], 3e6), (second[1], 5e6)]


def test_years_in_the_order_of_the_figures():
    text = "Экспорт Туниса в 2020 и 2021 годах составил 12 и 15 млрд долларов соответственно."
    assert told("ru", text, "period", "value") == [("2020", 12e9), ("2021", 15e9)]


def test_a_list_with_too_few_names_is_not_published():
    text = "Экспорт Чили в Перу и Боливию в 2021 году составил 3, 4 и 5 млрд долларов соответственно."
    claims = read_text(text, language="ru").claims
    assert len(claims) == 3
    assert not any(claim.published for claim in claims)


@pytest.mark.parametrize("goods", [("капуста", "лук"), ("рис", "сахар")])
def test_percentages_listed_share_their_verb(goods):
    text = f"За год {goods[0]} и {goods[1]} подорожали на 5% и 7% соответственно."
    assert told("ru", text, "kind", "value") == [("change_pct", 5), ("change_pct", 7)]


@pytest.mark.parametrize("level", ["и составила 42 млрд кубометров", "— до 42 млрд кубометров"])
def test_what_a_change_is_compared_with_does_not_date_the_level(level):
    compared = "по сравнению с аналогичным периодом 2020 года"
    text = f"Добыча газа в Алжире в январе–мае 2021 года снизилась на 4% {compared} {level}."
    assert told("ru", text, "period") == [("2021-01/2021-05",)] * 2
