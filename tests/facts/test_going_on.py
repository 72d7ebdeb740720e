"""What a draft leaves unsaid by going on: units, parties, sites, years and measures that a sentence takes over."""

import pytest

from kopir.evidence import read_text
from kopir.facts import review
from kopir.facts.claimed._phrasing import sentence_at
from kopir.facts.named._naming import named_in
from kopir.facts.named._openings import is_bare
from kopir.facts.named._sites import UNKNOWN, sites_in
from tests.facts.claims import claim, claims


def of(value, text, indicator, subject, partner="", period="2025", **more):
    about = {"indicator": indicator, "subject": subject, "partners": [partner] if partner else [], "unit": "USD"}
    return claim(value, text, "office", about={**about, **more.pop("about", {})}, period=period, **more)


def energy(value, text, indicator, subject, partner="", period="2025"):
    return of(value, text, indicator, subject, partner, period, about={"unit": "MWh", "commodity": "power"})


def people(value, text, subject, partner="", period="2025"):
    return of(value, text, "tourists", subject, partner, period, about={"unit": "person", "kind": "count"})


def freight(value, text, indicator, subject, period="2025", **more):
    return of(value, text, indicator, subject, "", period, about={"unit": "t", **more})


@pytest.fixture(scope="module")
def held():
    return claims(
        of(21.8e9, "21.8 bn", "trade_turnover", "ARM"),
        of(7.7e9, "7.7 bn", "trade_turnover", "ARM", "RUS"),
        of(3.3e9, "3.3 bn", "trade_turnover", "ARM", "RUS", "2025-01/2025-06"),
        of(2.9e9, "2.9 bn", "export", "ARM", "RUS"),
        of(768e6, "768 mn", "trade_turnover", "ARM", "IRN"),
        of(3e9, "3 bn", "trade_turnover", "ARM", "IRN", "2030", modality="target"),
        of(2.4e9, "2.4 bn", "import", "ARM", "CHN"),
        of(1.7e9, "1.7 bn", "import", "ARM", "GEO"),
        of(213e6, "213 mn", "export", "ARM", about={"commodity": "wine"}),
        energy(9.1e6, "9.1 bn kWh", "production", "ARM"),
        energy(1.3e6, "1.3 bn kWh", "export", "ARM", "IRN"),
        people(2.31e6, "2.31 mn", "ARM"),
        people(912e3, "912,000", "ARM", "RUS"),
        people(318e3, "318,000", "ARM", "GEO"),
        freight(11.4e6, "11.4 mn t", "port_throughput", "ARM"),
        freight(8.2e6, "8.2 mn t", "port_throughput", "TURKMENBASHY"),
        freight(3.1e6, "3.1 mn t", "port_throughput", "GIURGIULESTI"),
        of(1060.0, "1060 MW", "capacity", "ARM", "", "2031", modality="plan", about={"unit": "MW"}),
    )


def verdicts(text, held, figure):
    found = review(read_text(text, date="2026-03-05", name="draft"), held, focal="ARM").table.to_dicts()
    return [row["verdict"] for row in found if row["text"].startswith(figure)][-1]


@pytest.mark.parametrize(
    ("text", "figure", "verdict"),
    [
        ("Armenia in 2025. Power plants produced 9.1 billion kWh of electricity.", "9.1 billion kWh", "confirmed"),
        ("Армения в 2025 году. Выработка электроэнергии достигла 9,1 млн кВт·ч.", "9,1 млн кВт·ч", "contradicted"),
        ("Ermenistan 2025. İran'a 1,3 milyar kWh elektrik satıldı.", "1,3 milyar kWh", "confirmed"),
        ("Iran bought 1.3 billion kWh of it from Armenia in 2025.", "1.3 billion kWh", "confirmed"),
    ],
)
def test_energy_is_told_in_kilowatt_hours_and_held_in_megawatt_hours(held, text, figure, verdict):
    assert verdicts(text, held, figure) == verdict


@pytest.mark.parametrize(
    ("text", "figure", "verdict"),
    [
        (
            "Some 2.31 million tourists visited Armenia in 2025. Of these, {} came from Russia.",
            "912,000",
            "confirmed",
        ),
        (
            "Some 2.31 million tourists visited Armenia in 2025. Of these, {} came from Georgia.",
            "381,000",
            "contradicted",
        ),
        ("Туристов в Армению в 2025 году приехало 2,31 млн, из них из России — {}", "912 тыс.", "confirmed"),
        (
            "Ermenistan'ı 2025'te 2,31 milyon turist ziyaret etti; bunların {} Gürcistan'dan geldi.",
            "318 bini",
            "confirmed",
        ),
        ("Арменияға 2025 жылы 2,31 млн турист келді. Соның ішінде {} Ресейден.", "912 мыңы", "confirmed"),
    ],
)
def test_a_number_without_its_noun_counts_what_was_counted_before(held, text, figure, verdict):
    assert verdicts(text.format(figure), held, figure) == verdict


@pytest.mark.parametrize(
    ("text", "figure", "verdict"),
    [
        (
            "China and Georgia supplied Armenia with $2.4 billion and $1.7 billion respectively in 2025.",
            "$1.7 billion",
            "confirmed",
        ),
        (
            "In 2025 trade with two neighbours grew. Armenia's imports from China and from Georgia rose: "
            "those from the former were $2.4 billion, those from the latter $1.7 billion.",
            "$1.7 billion",
            "confirmed",
        ),
        (
            "В 2025 году импорт Армении из Китая и Грузии составил 2,4 млрд и 1,7 млрд долларов соответственно.",
            "1,7 млрд долларов",
            "confirmed",
        ),
    ],
)
def test_figures_in_turn_are_of_parties_in_turn(held, text, figure, verdict):
    assert verdicts(text, held, figure) == verdict


@pytest.mark.parametrize(
    ("text", "figure", "verdict"),
    [
        ("Морской порт Туркменбаши принял 8,2 млн тонн грузов в 2025 году.", "8,2 млн тонн", "confirmed"),
        ("Морской порт Туркменбаши принял 11,4 млн тонн грузов в 2025 году.", "11,4 млн тонн", "perimeter mixed"),
        ("Türkmenbaşı Limanı 2025'te 8,2 milyon ton yük elleçledi.", "8,2 milyon ton", "confirmed"),
        ("Түрікменбашы порты 2025 жылы 8,2 млн тонна жүк өңдеді.", "8,2 млн тонна", "confirmed"),
        (
            "The port of Turkmenbashy handled 3.1 million tonnes of cargo in 2025.",
            "3.1 million tonnes",
            "contradicted",
        ),
        ("Our ports handled 8.2 million tonnes of cargo in 2025.", "8.2 million tonnes", "perimeter mixed"),
        ("The port of Varna handled 11.4 million tonnes of cargo in 2025.", "11.4 million tonnes", "unknown"),
    ],
)
def test_a_total_is_of_no_port_and_a_port_is_no_total(held, text, figure, verdict):
    assert verdicts(text, held, figure) == verdict


@pytest.mark.parametrize(
    ("text", "figure", "verdict"),
    [
        (
            "Armenia's trade with Iran was worth $768 million in 2025. They have set a goal of $3 billion.",
            "$3 billion",
            "confirmed",
        ),
        (
            "Armenia's trade with Iran was worth $768 million in 2025; the goal is $3 billion by 2030. "
            "Some papers write that Armenia's trade with Iran has reached $3 billion already.",
            "$3 billion",
            "contradicted",
        ),
        (
            "Товарооборот Армении с Россией в 2025 году составил 7,7 млрд долларов. За шесть месяцев он равнялся "
            "3,3 млрд долларов.",
            "3,3 млрд долларов",
            "confirmed",
        ),
        ("Armenian wine in 2025. Wine brought in $231 million that year.", "$231 million", "contradicted"),
        ("Cashmere in 2025. Cashmere exports were put at $390 million.", "$390 million", "unknown"),
    ],
)
def test_goals_parts_of_years_and_goods(held, text, figure, verdict):
    assert verdicts(text, held, figure) == verdict


@pytest.mark.parametrize(
    ("text", "figure", "verdict"),
    [
        ("The new unit of the plant already has a capacity of 1060 MW.", "1060 MW", "contradicted"),
        ("The new unit, designed for 1060 MW, is being built in Armenia.", "1060 MW", "confirmed"),
        ("Armenian wine exports in 2025 were $213 million, down from $213 million.", "$213 million", "confirmed"),
        (
            "Из Китая в Армению в 2025 году ввезено на 2,4 млрд долларов, из Грузии — на 1,7 млрд.",
            "1,7 млрд",
            "confirmed",
        ),
        (
            "Armenia's imports from Georgia in 2025, brought through Iran, were $1.7 billion.",
            "$1.7 billion",
            "confirmed",
        ),
    ],
)
def test_designs_what_is_already_and_what_only_helps_to_name(held, text, figure, verdict):
    assert verdicts(text, held, figure) == verdict


@pytest.mark.parametrize(
    "text",
    [
        "2025 жылы Арменияның сыртқы сауда айналымы 21,8 млрд долларға жетті, бір жыл бұрын "
        "ол 30,1 млрд доллар болған.",
        "Armenia's foreign trade turnover was $21.8 billion in 2025, a year earlier it had been $30.1 billion.",
        "Внешнеторговый оборот Армении в 2025 году составил 21,8 млрд долларов, годом ранее — 30,1 млрд долларов.",
    ],
)
def test_a_year_earlier_is_the_year_before_however_sure_the_reading(text):
    book = claims(
        of(21.8e9, "21.8 bn", "trade_turnover", "ARM"),
        of(30.1e9, "30.1 bn", "trade_turnover", "ARM", "", "2024"),
    )
    found = review(read_text(text, date="2026-03-05"), book, focal="ARM").table
    assert found["verdict"].to_list() == ["confirmed", "confirmed"]


def test_turnover_without_a_statement_is_exports_and_imports(held):
    book = claims(of(70.4e9, "70.4 bn", "export", "VNM", "CHN"), of(186e9, "186.0 bn", "import", "VNM", "CHN"))
    text = "Vietnam's trade with China reached {} in 2025."
    for figure, verdict in [("$256.4 billion", "confirmed"), ("$265.4 billion", "contradicted")]:
        found = review(read_text(text.format(figure), date="2026-03-05"), book, focal="VNM").table
        assert found["verdict"].to_list() == [verdict]


def test_the_other_sides_statistics_are_confirmed_where_they_are_cited():
    book = claims(
        of(186.4e9, "186.4 bn", "import", "VNM", "CHN"),
        of(198.7e9, "198.7 bn", "export", "CHN", "VNM"),
    )
    for text, verdict in [
        (
            "Импорт Вьетнама из Китая в 2025 году, по оценке китайской таможни, составил 198,7 млрд долларов.",
            "confirmed",
        ),
        ("Импорт Вьетнама из Китая в 2025 году составил 198,7 млрд долларов.", "perimeter mixed"),
    ]:
        found = review(read_text(text, date="2026-03-05"), book, focal="VNM").table
        assert found["verdict"].to_list() == [verdict], text


def test_a_scale_word_with_a_stop_ends_a_sentence_before_a_word_with_a_capital():
    text = "В первом полугодии он составлял 3,3 млрд. Поставки оцениваются в 2,9 млрд. долл. США и 5 тыс. TEU."
    at = text.index("3,3")
    assert text[slice(*sentence_at(text, at, at + 9))] == "В первом полугодии он составлял 3,3 млрд."
    at = text.index("2,9")
    assert text[slice(*sentence_at(text, at, at + 3))].endswith("5 тыс. TEU.")


def test_sites_are_spelt_alike_in_four_languages_and_unknown_ones_are_seen():
    held = ["TURKMENBASHY", "ALAT", "GIURGIULESTI", "AQABA"]
    for text, code in [
        ("Türkmenbaşı Limanı", "TURKMENBASHY"),
        ("порт Туркменбаши", "TURKMENBASHY"),
        ("Алят порты", "ALAT"),
        ("порт Джурджулешты", "GIURGIULESTI"),
        ("Ақаба порты", "AQABA"),
        ("the port of Varna", UNKNOWN),
    ]:
        assert sites_in(text, "", held) == {code}, text
    assert sites_in("its ports moved more", "", held) == frozenset()
    assert sites_in("Мощность порта — 17 млн тонн", "Порт Акаба вырос.", held) == {"AQABA"}


def test_the_longest_name_counts():
    assert named_in("Türkmenistan'a satış") == {"TKM"}
    assert named_in("торговля с Туркменистаном и Турцией") == {"TKM", "TUR"}


def test_bare_numbers():
    assert all(is_bare(one) for one in ("2,7 млрд", "1.4 million", "912 bini", "318 мыңы", "4700"))
    assert not any(is_bare(one) for one in ("2,7 млрд долларов", "$1.4 million", "5 TEU", "12 %"))
