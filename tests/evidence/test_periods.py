"""Periods: when a figure holds, what it is compared with, when it is due; twins swap years and months."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text

DATE = "2025-08-20"
FRAMES = {
    "en": "{} Georgia exported 5 million tonnes of ore.",
    "ru": "{} Грузия экспортировала 5 млн тонн руды.",
    "tr": "{} Gürcistan 5 milyon ton cevher ihraç etti.",
    "kk": "{} Грузия 5 млн тонна кен экспорттады.",
}
PERIODS = [
    ("en", "In 2023", "2023"),
    ("en", "In January-May 2024", "2024-01/2024-05"),
    ("en", "From January to May 2024", "2024-01/2024-05"),
    ("en", "In January through May 2024", "2024-01/2024-05"),
    ("en", "In the first five months of 2024", "2024-01/2024-05"),
    ("en", "In the first half of 2024", "2024-01/2024-06"),
    ("en", "In the second half of 2024", "2024-07/2024-12"),
    ("en", "In the third quarter of 2024", "2024-07/2024-09"),
    ("en", "In H1 2024", "2024-01/2024-06"),
    ("en", "In 1H24", "2024-01/2024-06"),
    ("en", "In 2H 2024", "2024-07/2024-12"),
    ("en", "In Q3 2024", "2024-07/2024-09"),
    ("en", "In Q3'24", "2024-07/2024-09"),
    ("en", "In 3Q24", "2024-07/2024-09"),
    ("en", "In 3Q 2024", "2024-07/2024-09"),
    ("en", "In 9M2024", "2024-01/2024-09"),
    ("en", "In 9M 2024", "2024-01/2024-09"),
    ("en", "In May 2024", "2024-05"),
    ("en", "In May", "2025-05"),
    ("en", "In November", "2024-11"),
    ("en", "Last year", "2024"),
    ("en", "In the first eight days of May 2024", "2024-05-01/2024-05-08"),
    ("en", "In the first 20 days of May", "2025-05-01/2025-05-20"),
    ("en", "From January 1 to March 23 of 2024", "2024-01-01/2024-03-23"),
    ("en", "From February 3 to April 9", "2025-02-03/2025-04-09"),
    ("en", "In the year ended March 31, 2023", "2022/2023"),
    ("en", "In the year ended December 31, 2023", "2023"),
    ("en", "In February, 2024", "2024-02"),
    ("ru", "За первые 20 дней мая 2024 года", "2024-05-01/2024-05-20"),
    ("ru", "За первые десять дней марта", "2025-03-01/2025-03-10"),
    ("tr", "Mayıs 2024'ün ilk 20 gününde", "2024-05-01/2024-05-20"),
    ("kk", "2024 жылғы мамырдың алғашқы 20 күнінде", "2024-05-01/2024-05-20"),
    ("en", "This year", "2025"),
    ("en", "In the first five months of this year", "2025-01/2025-05"),
    ("en", "In the first quarter of last year", "2024-01/2024-03"),
    ("en", "Last month", "2025-07"),
    ("en", "So far this year", "2025/"),
    ("en", "Since the start of the year", "2025-01/2025-08"),
    ("en", "Year to date", "2025-01/2025-08"),
    ("en", "In 2023-24", "2023/2024"),
    ("en", "In 2023/24", "2023/2024"),
    ("en", "In 2019-2023", "2019/2023"),
    ("en", "Between 2019 and 2023", "2019/2023"),
    ("en", "From 2019 to 2023", "2019/2023"),
    ("en", "Since 2019", "2019/"),
    ("en", "In the past five years", "5y_to_doc"),
    ("en", "In the six months to June 2024", "2024-01/2024-06"),
    ("en", "In the nine months ended September 2024", "2024-01/2024-09"),
    ("en", "In FY2024", "2024"),
    ("en", "In fiscal 2024", "2024"),
    ("en", "On 5 May 2024", "2024-05-05"),
    ("en", "As before,", None),
    ("ru", "В 2023 году", "2023"),
    ("ru", "За январь–май 2024 года", "2024-01/2024-05"),
    ("ru", "В январе-мае 2024 года", "2024-01/2024-05"),
    ("ru", "С января по май 2024 года", "2024-01/2024-05"),
    ("ru", "За пять месяцев 2024 года", "2024-01/2024-05"),
    ("ru", "За первые пять месяцев 2024 года", "2024-01/2024-05"),
    ("ru", "За 5 месяцев 2024 г.", "2024-01/2024-05"),
    ("ru", "За 9 мес. 2024 г.", "2024-01/2024-09"),
    ("ru", "В первом полугодии 2024 года", "2024-01/2024-06"),
    ("ru", "В I полугодии 2024 года", "2024-01/2024-06"),
    ("ru", "В 1-м полугодии 2024 года", "2024-01/2024-06"),
    ("ru", "Во втором полугодии 2024 года", "2024-07/2024-12"),
    ("ru", "За полгода", "2025-01/2025-06"),
    ("ru", "В третьем квартале 2024 года", "2024-07/2024-09"),
    ("ru", "В III квартале 2024 года", "2024-07/2024-09"),
    ("ru", "В 3-м квартале 2024 года", "2024-07/2024-09"),
    ("ru", "За три квартала 2024 года", "2024-01/2024-09"),
    ("ru", "За 1П2024", "2024-01/2024-06"),
    ("ru", "За 9М2024", "2024-01/2024-09"),
    ("ru", "В мае 2024 года", "2024-05"),
    ("ru", "В мае", "2025-05"),
    ("ru", "В ноябре", "2024-11"),
    ("ru", "В прошлом году", "2024"),
    ("ru", "В этом году", "2025"),
    ("ru", "В нынешнем году", "2025"),
    ("ru", "В мае прошлого года", "2024-05"),
    ("ru", "За пять месяцев текущего года", "2025-01/2025-05"),
    ("ru", "В прошлом месяце", "2025-07"),
    ("ru", "С начала года", "2025-01/2025-08"),
    ("ru", "С начала этого года", "2025-01/2025-08"),
    ("ru", "В сезоне 2023/24", "2023/2024"),
    ("ru", "В 2019–2023 годах", "2019/2023"),
    ("ru", "С 2019 по 2023 год", "2019/2023"),
    ("ru", "С 2019 года", "2019/"),
    ("ru", "За последние пять лет", "5y_to_doc"),
    ("ru", "Как и прежде,", None),
    ("tr", "2023 yılında", "2023"),
    ("tr", "2023'te", "2023"),
    ("tr", "2024 yılının ocak-mayıs döneminde", "2024-01/2024-05"),
    ("tr", "2024 Ocak-Mayıs döneminde", "2024-01/2024-05"),
    ("tr", "2024'ün ilk beş ayında", "2024-01/2024-05"),
    ("tr", "2024 yılının ilk 5 ayında", "2024-01/2024-05"),
    ("tr", "2024'ün ilk yarısında", "2024-01/2024-06"),
    ("tr", "2024'ün ikinci yarısında", "2024-07/2024-12"),
    ("tr", "2024'ün üçüncü çeyreğinde", "2024-07/2024-09"),
    ("tr", "2024 yılının 3. çeyreğinde", "2024-07/2024-09"),
    ("tr", "Mayıs 2024'te", "2024-05"),
    ("tr", "Mayıs ayında", "2025-05"),
    ("tr", "Kasım ayında", "2024-11"),
    ("tr", "Geçen yıl", "2024"),
    ("tr", "Geçtiğimiz yıl", "2024"),
    ("tr", "Bu yıl", "2025"),
    ("tr", "Bu yılın ilk beş ayında", "2025-01/2025-05"),
    ("tr", "Geçen ay", "2025-07"),
    ("tr", "Yılbaşından bu yana", "2025-01/2025-08"),
    ("tr", "Yıl başından beri", "2025-01/2025-08"),
    ("tr", "2023/24 sezonunda", "2023/2024"),
    ("tr", "2019-2023 yıllarında", "2019/2023"),
    ("tr", "2019'dan bu yana", "2019/"),
    ("tr", "Son beş yılda", "5y_to_doc"),
    ("tr", "Eskisi gibi,", None),
    ("kk", "2023 жылы", "2023"),
    ("kk", "2024 жылғы қаңтар-мамырда", "2024-01/2024-05"),
    ("kk", "2024 жылдың қаңтар–мамыр айларында", "2024-01/2024-05"),
    ("kk", "2024 жылдың алғашқы бес айында", "2024-01/2024-05"),
    ("kk", "2024 жылдың 5 айында", "2024-01/2024-05"),
    ("kk", "2024 жылдың бірінші жартыжылдығында", "2024-01/2024-06"),
    ("kk", "2024 жылдың үшінші тоқсанында", "2024-07/2024-09"),
    ("kk", "2024 жылдың III тоқсанында", "2024-07/2024-09"),
    ("kk", "2024 жылғы мамырда", "2024-05"),
    ("kk", "Мамыр айында", "2025-05"),
    ("kk", "Қараша айында", "2024-11"),
    ("kk", "Былтыр", "2024"),
    ("kk", "Өткен жылы", "2024"),
    ("kk", "Биыл", "2025"),
    ("kk", "Осы жылы", "2025"),
    ("kk", "Биылғы қаңтар-мамырда", "2025-01/2025-05"),
    ("kk", "Биылғы бес айда", "2025-01/2025-05"),
    ("kk", "Өткен айда", "2025-07"),
    ("kk", "Жыл басынан бері", "2025-01/2025-08"),
    ("kk", "2019 жылдан бері", "2019/"),
    ("kk", "2019–2023 жылдары", "2019/2023"),
    ("kk", "Соңғы бес жылда", "5y_to_doc"),
    ("kk", "Бұрынғыдай,", None),
]


@pytest.mark.parametrize(("language", "words", "period"), PERIODS)
def test_a_period_in_words(language, words, period):
    (claim,) = read_text(FRAMES[language].format(words), language=language, date=DATE).claims
    assert claim.period == period
    assert claim.value == 5e6


@pytest.mark.parametrize("years", [1, 7, 30])
@pytest.mark.parametrize(("language", "words", "period"), [p for p in PERIODS if "2024" in p[1]])
def test_a_period_in_other_years(language, words, period, years):
    def moved(text):
        return text.replace("2024", str(2024 - years))

    (claim,) = read_text(FRAMES[language].format(moved(words)), language=language, date=DATE).claims
    assert claim.period == moved(period)


RISES = [
    (
        "en",
        "In January-June 2024 exports of Georgia rose 4% compared with the same period of 2023.",
        "2024-01/2024-06",
    ),
    ("en", "Compared with 2023, exports of Georgia rose 4% in 2024.", "2024"),
    ("en", "Exports of Georgia rose 4% in 2024 from 2023.", "2024"),
    ("en", "Exports of Georgia rose 4% in 2024 versus 2023.", "2024"),
    ("en", "Exports of Georgia rose 4% in May from April.", "2025-05"),
    ("en", "Exports of Georgia rose 4% in May year-on-year.", "2025-05"),
    ("en", "Exports of Georgia rose 4% in May against May 2024.", "2025-05"),
    ("en", "Exports of Georgia rose 4% from a year earlier.", None),
    ("en", "Exports of Georgia rose 4% on 2023.", None),
    ("en", "Exports of Georgia rose 4% over the same period of 2023.", None),
    (
        "ru",
        "В январе–июне 2024 года экспорт Грузии вырос на 4% по сравнению с тем же периодом 2023 года.",
        "2024-01/2024-06",
    ),
    ("ru", "В 2024 году экспорт Грузии вырос на 4% к 2023 году.", "2024"),
    ("ru", "В 2024 году экспорт Грузии вырос на 4% к уровню 2023 года.", "2024"),
    ("ru", "По сравнению с 2023 годом экспорт Грузии в 2024 году вырос на 4%.", "2024"),
    ("ru", "В мае экспорт Грузии вырос на 4% к маю прошлого года.", "2025-05"),
    ("ru", "В мае экспорт Грузии вырос на 4% к апрелю.", "2025-05"),
    ("ru", "За полгода экспорт Грузии вырос на 4% к уровню первого полугодия 2024 года.", "2025-01/2025-06"),
    ("ru", "Экспорт Грузии вырос на 4% к аналогичному периоду прошлого года.", None),
    ("ru", "Экспорт Грузии вырос на 4% в годовом выражении.", None),
    ("ru", "Экспорт Грузии оказался на 4% выше, чем в 2023 году.", None),
    ("tr", "Gürcistan'ın ihracatı 2024'te 2023'e göre yüzde 4 arttı.", "2024"),
    ("tr", "Gürcistan'ın ihracatı 2024 yılında bir önceki yıla göre yüzde 4 arttı.", "2024"),
    (
        "tr",
        "Gürcistan'ın ihracatı ocak-haziran döneminde geçen yılın aynı dönemine göre yüzde 4 arttı.",
        "2025-01/2025-06",
    ),
    ("tr", "Gürcistan'ın ihracatı mayısta geçen yılın aynı ayına kıyasla yüzde 4 arttı.", "2025-05"),
    ("tr", "Gürcistan'ın ihracatı 2023 yılının ocak-haziran dönemine göre yüzde 4 arttı.", None),
    ("tr", "Gürcistan'ın ihracatı geçen yıla oranla yüzde 4 arttı.", None),
    ("kk", "Грузия экспорты 2024 жылы 2023 жылмен салыстырғанда 4%-ға артты.", "2024"),
    (
        "kk",
        "Биылғы қаңтар-маусымда Грузия экспорты 2024 жылғы қаңтар-маусыммен салыстырғанда 4%-ға артты.",
        "2025-01/2025-06",
    ),
    ("kk", "Грузия экспорты былтырғы сәйкес кезеңмен салыстырғанда 4%-ға артты.", None),
    ("kk", "Грузия экспорты өткен жылдың сәйкес кезеңіне қарағанда 4%-ға артты.", None),
]


@pytest.mark.parametrize(("language", "text", "period"), RISES)
def test_what_a_change_is_compared_with_is_not_its_period(language, text, period):
    (claim,) = read_text(text, language=language, date=DATE).claims
    assert (claim.kind, claim.value, claim.period) == ("change_pct", 4.0, period)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Georgia will export 5 million tonnes of ore by 2030."),
        ("en", "By 2030 exports of Georgia are to reach 5 million tonnes."),
        ("ru", "К 2030 году экспорт Грузии должен достичь 5 млн тонн."),
        ("ru", "До 2030 года экспорт Грузии планируется довести до 5 млн тонн."),
        ("tr", "Gürcistan'ın ihracatı 2030'a kadar 5 milyon tona ulaşacak."),
        ("kk", "2030 жылға қарай Грузия экспорты 5 млн тоннаға жетеді."),
    ],
)
def test_what_is_due_is_not_actual(language, text):
    (claim,) = read_text(text, language=language, date=DATE).claims
    assert claim.period == "2030"
    assert claim.modality != "actual"


@pytest.mark.parametrize(
    ("text", "language", "periods"),
    [
        ("Exports of Georgia were 5 Mt in May against 4 Mt in April.", "en", ["2025-05", "2025-04"]),
        ("Exports of Georgia rose to 5 Mt in May from 4 Mt in April.", "en", ["2025-05", "2025-04"]),
        ("Exports of Georgia rose to 5 Mt in May from 4 Mt a year earlier.", "en", ["2025-05", "2024-05"]),
        ("Exports of Georgia were 5 Mt in 2024 against 4 Mt the previous year.", "en", ["2024", "2023"]),
        ("Exports of Georgia were 5 Mt in the first two months of 2024 from 4 Mt in the same 2023 period.", "en",
         ["2024-01/2024-02", "2023-01/2023-02"]),
        ("Exports of Georgia rose to 5 Mt from 4 Mt in 2023.", "en", [None, "2023"]),
        ("Экспорт Грузии в мае составил 5 млн тонн против 4 млн тонн годом ранее.", "ru", ["2025-05", "2024-05"]),
        ("Экспорт Грузии в 2024 году составил 5 млн тонн против 4 млн тонн в 2023 году.", "ru", ["2024", "2023"]),
        ("Экспорт Грузии вырос с 4 млн тонн в 2023 году до 5 млн тонн в 2024 году.", "ru", ["2023", "2024"]),
    ],
)  # fmt: skip
def test_a_figure_compared_with_has_its_own_period(text, language, periods):
    assert [c.period for c in read_text(text, language=language, date=DATE).claims] == periods


@pytest.mark.parametrize(
    ("language", "words", "period"),
    [
        ("en", "Last year", "last_year"),
        ("en", "This year", "this_year"),
        ("ru", "В этом году", "this_year"),
        ("tr", "Bu yıl", "this_year"),
        ("kk", "Биыл", "this_year"),
        ("en", "In May", None),
    ],
)
def test_an_undated_document_keeps_its_words_for_the_year(language, words, period):
    (claim,) = read_text(FRAMES[language].format(words), language=language).claims
    assert claim.period == period


def test_years_to_come_and_terms_are_no_span_up_to_the_document():
    text = "Грузия будет получать нефть 20 лет в обмен на 25 миллиардов долларов кредитов."
    assert "20y_to_doc" not in {c.period for c in read_text(text, language="ru", date=DATE).claims}
