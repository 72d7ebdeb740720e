"""Sentences of releases and news: a level, how it changed, what it is compared with, and lists with one date."""

import pytest

from kopir.evidence import read_text
from tests.evidence.twins import states

PAIRS = {
    "en": [("PER", "VNM"), ("NOR", "CHN"), ("MNG", "TUR")],
    "ru": [("PER", "VNM"), ("NOR", "CHN"), ("MNG", "BRA")],
}


def filled(language, pattern):
    """Yield a pattern with several pairs of states in it, and the codes of A and B."""
    known = states(language)
    for a, b in PAIRS[language]:
        text = pattern
        for letter, code in (("A", a), ("B", b)):
            for form, word in known[code].items():
                text = text.replace(f"{{{letter}.{form}}}", word)
        yield text[0].upper() + text[1:], {"A": a, "B": b, "": None}


def found(text, language, *slots):
    claims = read_text(text, language=language, date="2024-11-20").claims
    return [tuple(getattr(claim, slot) for slot in slots) for claim in claims]


DATED = [
    (
        "en",
        "{A.gen} exports rose to $3.4 billion in February from $3.3 billion in January but imports fell to "
        "$1.7 billion from $2.4 billion.",
        [(3.4e9, "2024-02"), (3.3e9, "2024-01"), (1.7e9, "2024-02"), (2.4e9, "2024-01")],
    ),
    (
        "en",
        "{A.gen} GDP rose 1.1% in the fourth quarter of 2022, after falling 0.2% in the third quarter.",
        [(1.1, "2022-10/2022-12"), (-0.2, "2022-07/2022-09")],
    ),
    (
        "en",
        "{A.gen} exports rose 5.2 percent in July, compared with a 3.1 percent rise in June.",
        [(5.2, "2024-07"), (3.1, "2024-06")],
    ),
    (
        "ru",
        "Экспорт {A.gen} вырос в сентябре на 4% против роста на 3,1% в августе.",
        [(4, "2024-09"), (3.1, "2024-08")],
    ),
    (
        "en",
        "{A.gen} trade deficit was 1.2 billion euros in August, narrower than July's 1.9 billion.",
        [(-1.2e9, "2024-08"), (-1.9e9, "2024-07")],
    ),
    (
        "en",
        "{A.gen} coffee exports fell 10.5% year-on-year to 1.2 million tons in the first eleven months of 2022.",
        [(-10.5, "2022-01/2022-11"), (1.2e6, "2022-01/2022-11")],
    ),
    (
        "ru",
        "Прямые инвестиции {B.to} выросли на 8,9% и составили 24,8 млрд долларов за январь-октябрь 2022 года.",
        [(8.9, "2022-01/2022-10"), (24.8e9, "2022-01/2022-10")],
    ),
    (
        "en",
        "{A.nom} exported 12.9 bcm of gas to {B.nom}, 9.9 bcm to Chad and 2.3 bcm to Togo in 2022.",
        [(12.9e9, "2022"), (9.9e9, "2022"), (2.3e9, "2022")],
    ),
]


@pytest.mark.parametrize(("language", "pattern", "expected"), DATED)
def test_each_figure_has_its_own_time(language, pattern, expected):
    for text, _ in filled(language, pattern):
        assert found(text, language, "value", "period") == [(pytest.approx(v), p) for v, p in expected], text


def test_a_share_that_a_share_has_come_from_is_no_change():
    text = "Chad's share of Moldovan exports rose to 65.4 percent in 2022 from 58.6 percent a year earlier."
    assert found(text, "en", "value", "kind", "period") == [(65.4, "share", "2022"), (58.6, "share", "2021")]


SHARES = [
    ("en", "Purchases from {B.nom} made up 40 percent of all {A.adj} imports in 2022.", "import"),
    ("en", "{B.nom} accounted for 62% of {A.gen} exports in 2022.", "export"),
    ("en", "{B.gen} share of {A.adj} exports reached 65.4 percent in 2022.", "export"),
    ("en", "Exports to {B.nom} represented 18% of {A.gen} total exports in 2022.", "export"),
    ("en", "{B.nom} supplied 33% of {A.gen} gas imports in 2022.", "import"),
    ("ru", "Доля {B.gen} в экспорте {A.gen} в 2022 году составила 62%.", "export"),
    ("ru", "На закупки {B.from} в 2022 году пришлось 40% всего импорта {A.gen}.", "import"),
]


@pytest.mark.parametrize(("language", "pattern", "indicator"), SHARES)
def test_a_share_is_of_the_trade_that_is_shared_out(language, pattern, indicator):
    for text, codes in filled(language, pattern):
        (claim,) = read_text(text, language=language).claims
        assert (claim.indicator, claim.subject, claim.partners) == (indicator, codes["A"], (codes["B"],)), text
        assert claim.bound_by["subject"].startswith("share:")
        assert all(why.startswith("confidence") for why in claim.withheld)


@pytest.mark.parametrize(
    ("language", "text", "indicator"),
    [
        ("en", "Oman's non-oil exports reached $3 billion in 2022.", "export"),
        ("en", "Exports of Gabon excluding oil reached $3 billion in 2022.", "export"),
        ("en", "The deficit of Chad was 2.1% of GDP in 2022.", None),
        ("ru", "Дефицит Чада в 2022 году составил 2,1% ВВП.", None),
    ],
)
def test_what_is_left_out_and_what_a_figure_is_measured_by_name_no_indicator(language, text, indicator):
    assert found(text, language, "indicator", "commodity") == [(indicator, None)]


def test_who_another_trade_is_with_is_not_whose_trade_is_told():
    for text, codes in filled("en", "Exports to {A.nom} grew by 12% while imports from {B.nom} fell 4% in 2022."):
        assert found(text, "en", "subject", "partners") == [(None, (codes["A"],)), (None, (codes["B"],))]


def test_bilateral_says_no_more_than_the_two_that_are_named():
    for text, codes in filled("en", "Bilateral trade between {A.nom} and {B.nom} reached $14.8 billion in 2022."):
        (claim,) = read_text(text, language="en").claims
        assert {claim.subject, *claim.partners} == {codes["A"], codes["B"]}
        assert claim.withheld == ()


@pytest.mark.parametrize(
    ("language", "text", "indicator"),
    [
        ("en", "The port of Durban handled 812,000 TEU in 2022, 7.3% more than a year ago.", "port_containers"),
        (
            "en",
            "Container throughput at the port of Piraeus rose by 5% to 2.6 million TEU in 2022.",
            "port_containers",
        ),
        ("en", "Andes Airways carried 5.2 million passengers in 2022, a 4 percent rise on 2021.", "passengers"),
        ("ru", "Порт Вальпараисо обработал 812 тыс. TEU, что на 7,3% больше, чем годом ранее.", "port_containers"),
    ],
)
def test_a_change_is_of_the_level_beside_it(language, text, indicator):
    assert found(text, language, "indicator") == [(indicator,), (indicator,)]


def test_the_month_of_may_is_not_what_may_be():
    for text, _ in filled("en", "{A.gen} exports rose 5.2 percent in May 2022."):
        (claim,) = read_text(text, language="en").claims
        assert claim.withheld == ()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Chad generated 480 GWh of electricity in 2022.", ("production", "TCD", "power", 4.8e8)),
        (
            "ru",
            "Выработка электроэнергии в Уганде в 2022 году составила 5 млрд кВт·ч.",
            ("production", "UGA", "power", 5e9),
        ),
        (
            "ru",
            "Положительное сальдо внешней торговли Ганы в 2022 году составило $4 млрд.",
            ("trade_balance", "GHA", None, 4e9),
        ),
        (
            "ru",
            "Отрицательное сальдо торговли Лаоса в 2022 году составило $2 млрд.",
            ("trade_balance", "LAO", None, -2e9),
        ),
        ("ru", "Экспортная цена риса составила 578 долларов за тонну.", ("price", None, "rice", 578)),
    ],
)
def test_what_is_measured(language, text, expected):
    assert found(text, language, "indicator", "subject", "commodity", "value") == [expected]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "The number of foreign tourists visiting Peru rose 9.8% to 49.2 million in 2022.",
            [(9.8, "pct", "tourists"), (4.92e7, "person", "tourists")],
        ),
        ("en", "The number of joint ventures exceeded 1,450.", [(1450, "company", "company_count")]),
        ("en", "The number of licences issued in May was 740.", [(740, "licence", None)]),
        ("ru", "Число компаний с вьетнамским капиталом – 1480.", [(1480, "company", "company_count")]),
        (
            "ru",
            "Количество туристов, посетивших Норвегию, увеличилось на 7,5% до 5,5 млн.",
            [(7.5, "pct", "tourists"), (5.5e6, "person", "tourists")],
        ),
    ],
)
def test_a_bare_figure_of_a_number_counts_its_noun(language, text, expected):
    assert found(text, language, "value", "unit", "indicator") == expected


@pytest.mark.parametrize("text", ["The number 7 bus was 40 minutes late.", "Число погибших – 1980 год не забыт."])
def test_other_numbers_count_nothing(text):
    assert "count" not in {claim.kind for claim in read_text(text).claims}


def test_a_year_before_a_dash_labels_the_figure_behind_it():
    text = "Стоимость программы: 2014 год – 91 тыс. рублей  2015 год – 71 тыс. рублей  2016 год - 96 тыс. рублей."
    assert found(text, "ru", "value", "period") == [(91e3, "2014"), (71e3, "2015"), (96e3, "2016")]
    text = "Exports: 5 million tonnes in 2014 - 7 million tonnes in 2015."
    assert found(text, "en", "value", "period") == [(5e6, "2014"), (7e6, "2015")]


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("К 2030 году Чад планирует увеличить добычу газа до 80 млрд кубометров.", "eq"),
        ("К 2030 году Уганда намерена довести добычу угля до 8 млн тонн.", "eq"),
        ("К 2030 году порт сможет принимать до 5 млн тонн грузов.", "upto"),
    ],
)
def test_what_something_is_to_be_raised_to_is_no_upper_bound(text, comparator):
    assert found(text, "ru", "comparator") == [(comparator,)]


def test_a_change_is_meant_as_its_level_is():
    text = "Wheat production in Chad is forecast at 31.9 million tonnes in 2025, 23 percent above last year."
    assert found(text, "en", "kind", "modality") == [("level", "forecast"), ("change_pct", "forecast")]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Copper exports of Chad fell 1.7-fold in 2022.", [("export", "TCD", (), -1.7)]),
        (
            "en",
            "Imports of Chinese cars into Chad reached 4,600 cars in 2022.",
            [("import", "TCD", ("CHN",), 4600)],
        ),
        (
            "en",
            "Chad's coffee export earnings rose 35% to $116 million in 2022.",
            [("export_revenue", "TCD", (), 35), ("export_revenue", "TCD", (), 1.16e8)],
        ),
        (
            "en",
            "The value of goods traded between Chad and Togo was $1.1 billion in 2022.",
            [("trade_turnover", "TCD", ("TGO",), 1.1e9)],
        ),
        (
            "en",
            "Chad attracted $1.5 billion in foreign investment in 2022, of which $650 million came from China.",
            [("investment_flow", None, ("TCD",), 1.5e9), ("investment_flow", "CHN", ("TCD",), 6.5e8)],
        ),
        (
            "ru",
            "Объем перевалки сухогрузов в портах Ганы в 2022 году сократился на 10,4% и достиг 31 млн т, "
            "в частности угля – 13,6 млн т (-11,2%).",
            [
                ("port_throughput", "GHA", (), -10.4),
                ("port_throughput", "GHA", (), 31e6),
                ("port_throughput", "GHA", (), 13.6e6),
                ("port_throughput", "GHA", (), -11.2),
            ],
        ),
    ],
)
def test_who_and_what_of_trade_ports_and_money_put_in(language, text, expected):
    assert found(text, language, "indicator", "subject", "partners", "value") == expected


def test_a_surge_behind_the_words_year_on_year_is_a_change():
    text = "Imports of gas to Chad reached 25.7 bcm in 2022, a 6 percent year-on-year surge."
    assert found(text, "en", "kind") == [("level",), ("change_pct",)]


def test_the_year_of_an_index_dates_nothing():
    text = "The index, base 1980, showed a rise. Exports of Chad rose to $3 million in February."
    (claim,) = read_text(text, language="en", date="1987-03-20").claims
    assert claim.period == "1987-02"


@pytest.mark.parametrize(
    ("date", "subject"), [("1987-10-19", "SUN"), ("1991-12-01", "SUN"), ("1992-10-19", "RUS"), (None, "RUS")]
)
def test_a_capital_is_that_of_the_state_of_its_time(date, subject):
    (claim,) = read_text("Moscow exported 210 mln tonnes of grain in 1986.", language="en", date=date).claims
    assert claim.subject == subject


@pytest.mark.parametrize(
    "said",
    [
        "the Trade Development Board said",
        "the Energy Data Administration (EDA) said",
        "a Steel and Iron Association official said",
    ],
)
def test_bodies_that_say_something_are_no_unknown_names(said):
    (claim,) = read_text(f"Chad's exports rose 5% in 2022, {said}.", language="en").claims
    assert not [why for why in claim.withheld if why.startswith("unknown name")]


def test_a_part_of_the_shares_is_a_share_in_a_firm_and_a_rise_of_shares_is_none():
    (held,) = read_text("В 2012 году «Ромашка» получила 7,5% акций «Василька».", language="ru").claims
    assert (held.indicator, held.kind) == ("ownership_share", "share")
    (rose,) = read_text("Акции «Ромашки» выросли на 7,5%.", language="ru").claims
    assert (rose.indicator, rose.kind) == (None, "change_pct")


def test_gold_held_is_in_store():
    text = "Chilean gold holdings rose 17 mln dollars to 4.1 billion dollars in March 2021."
    assert found(text, "en", "indicator", "subject", "period") == [("stocks", "CHL", "2021-03")] * 2


@pytest.mark.parametrize(
    ("language", "text", "period"),
    [
        ("en", "So far this year, exports of Chad rose 5%.", "2024/"),
        ("en", "Exports of Chad rose 5% since the start of the year.", "2024-01/2024-11"),
        ("ru", "С начала года экспорт Чада вырос на 5%.", "2024-01/2024-11"),
    ],
)
def test_a_year_so_far_is_not_published_for_its_last_month_is_not_told(language, text, period):
    (claim,) = read_text(text, language=language, date="2024-11-20").claims
    assert claim.period == period
    assert claim.withheld == ("a year so far",)


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("Exports of Chad rose as demand grew, for a surplus of 1.8 billion dollars in 2022.", "trade_balance"),
        ("The current account of Chad showed a surplus of 1.8 billion dollars in 2022.", None),
    ],
)
def test_a_surplus_is_of_trade_unless_it_is_of_another_account(text, indicator):
    assert found(text, "en", "indicator") == [(indicator,)]


def test_growth_of_an_economy_keeps_its_economy():
    assert found("Chad had 3 percent GDP growth in 2022.", "en", "indicator") == [("gdp",)]


@pytest.mark.parametrize("seller", ["Chile", "Zambia", "Mongolia"])
def test_a_month_beside_a_dated_one_is_not_of_its_year(seller):
    text = (
        f"In November {seller} exported 4 mln tonnes of coal, against 3 mln tonnes in October "
        "and 2 mln tonnes in November 2021."
    )
    read = {one.text: one.period for one in read_text(text, date="2024-02-20", language="en").claims}
    assert read["4 mln tonnes"] == "2023-11"
    assert read["2 mln tonnes"] == "2021-11"
    assert read["3 mln tonnes"] != "2021-10"
