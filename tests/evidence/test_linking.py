"""The whole claim: parties and their direction, period, modality, provenance."""

from __future__ import annotations

from kopir.evidence import read_text


def one(text, language, date="2026-01-15"):
    (claim,) = read_text(text, language=language, date=date).claims
    return claim


def test_case_endings_give_direction_in_turkish():
    claim = one("Özbekistan'ın Türkiye'den ithalatı 2023'te 2 milyar dolar oldu.", "tr")
    assert (claim.indicator, claim.subject, claim.partners) == ("import", "UZB", ("TUR",))


def test_case_endings_give_direction_in_kazakh():
    claim = one("Өзбекстанның Түркияға экспорты 2023 жылы 1 млрд доллар болды.", "kk")
    assert (claim.indicator, claim.subject, claim.partners) == ("export", "UZB", ("TUR",))


def test_prepositions_give_direction_in_english_and_russian():
    english = one("Imports from Russia into Armenia were $3 billion in 2023.", "en")
    russian = one("Инвестиции Катара в экономику Узбекистана в 2023 году составили 2 млрд долларов.", "ru")
    assert (english.subject, english.partners) == ("ARM", ("RUS",))
    assert (russian.indicator, russian.subject, russian.partners) == ("investment_flow", "QAT", ("UZB",))


def test_period_is_inherited_with_its_place():
    text = "За 2024 год экспорт Грузии в Китай вырос на 5%, составив 300 млн долларов."
    first, second = read_text(text, language="ru").claims
    assert first.period == second.period == "2024"
    text = "Экспорт Грузии в Китай в 2024 году составил 300 млн долларов. Экспорт вырос на 5%."
    first, second = read_text(text, language="ru").claims
    assert second.period == "2024"
    assert second.inherited_from["period"].start == first.start


def test_relative_period_needs_a_date():
    text = "В прошлом году ВВП Армении вырос на 5,9%."
    assert one(text, "ru").period == "2025"
    assert one(text, "ru", date=None).period == "last_year"


def test_runs_of_months():
    assert one("За первые пять месяцев 2024 года ВВП Грузии вырос на 9%.", "ru").period == "2024-01/2024-05"
    assert one("Yılın ilk çeyreğinde 2024'te Gürcistan ekonomisi yüzde 8 büyüdü.", "tr").period is not None
    assert one("Georgia's GDP rose 9% in January-May 2024.", "en").period == "2024-01/2024-05"


def test_unknown_slots_stay_empty():
    claim = one("Требуется 3 млрд долларов.", "ru")
    assert (claim.indicator, claim.subject, claim.partners, claim.period) == (None, None, (), None)
    assert not claim.published


def test_denied_and_planned_are_told_apart():
    assert one("Министр опроверг, что экспорт Грузии упал на 40%.", "ru").modality == "denied"
    assert one("Грузия планирует в 2027 году экспортировать 2 млн тонн нефти.", "ru").modality == "plan"


def test_offsets_are_those_of_the_text():
    text = "  «Экспорт» Грузии в\u00a0Китай — 300\u00a0млн долларов (2024 год)."
    (claim,) = read_text(text, language="ru").claims
    assert text[claim.start : claim.end] == claim.text == "300\u00a0млн долларов"
