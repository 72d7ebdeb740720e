"""Figures that no reading places: judged by the held statement that the words around them speak of most."""

import pytest

from kopir.evidence import read_text
from kopir.facts import claims_table, review
from kopir.facts.named._figures import with_own_money
from kopir.facts.named._scene import stems_in

DAY = "2026-09-10"


def claim(value, unit, indicator, period="2025", **more):
    row = {
        "doc": "office",
        "value": value,
        "unit": unit,
        "kind": "level",
        "indicator": indicator,
        "text": f"{value:g}",
    }
    return row | {"subject": "ZMB", "partners": [], "period": period, "modality": "actual"} | more


BOOK = [
    claim(890_000.0, "t", "production", commodity="copper"),
    claim(820_000.0, "t", "production", "2024", commodity="copper"),
    claim(1.4e9, "USD", "export", partners=["CHN"]),
    claim(2.6e9, "USD", "import", partners=["CHN"]),
    claim(2.3e9, "USD", "import", "2024", partners=["CHN"]),
    claim(1.7e6, "person", "tourists", kind="count"),
    claim(0.8e6, "person", "tourists", "2026-01/2026-06", kind="count"),
    claim(430_000.0, "TEU", "port_containers", perimeter="Mpulungu"),
    claim(75_000.0, "t", "port_throughput", perimeter="Mpulungu"),
    claim(1_450.0, "MW", "capacity", "2031", commodity="power", perimeter="Batoka", modality="plan"),
    claim(3.8e9, "USD", "project_value", None, perimeter="Batoka", modality="plan"),
    claim(21.6e9, "ZMW", "budget_revenue"),
    claim(
        4.7,
        "pct",
        "gdp",
        "2026",
        kind="change_pct",
        modality="forecast",
        doc="imf",
        source="International Monetary Fund",
    ),
    claim(5.2, "pct", "gdp", "2026", kind="change_pct", modality="forecast", doc="wb", source="World Bank"),
]


def judged(text, figure, language, book=BOOK):
    held = claims_table([{"id": f"Z{n}", **row} for n, row in enumerate(book)])
    rows = review(read_text(text, date=DAY, language=language), held, focal="ZMB").table.to_dicts()
    start = text.index(figure)
    return next(row for row in rows if row["start"] < start + len(figure) and start < row["end"])


@pytest.mark.parametrize(
    ("language", "text", "figure", "verdict"),
    [
        ("en", "Zambian smelters turned out 890,000 tonnes of copper in 2025.", "890,000 tonnes", "confirmed"),
        ("en", "Zambian smelters turned out 980,000 tonnes of copper in 2025.", "980,000 tonnes", "contradicted"),
        ("en", "Zambian smelters turned out 820,000 tonnes of copper in 2025.", "820,000 tonnes", "out of date"),
        ("ru", "Горняки Замбии выдали в 2025 году 890 тыс. тонн меди.", "890 тыс. тонн", "confirmed"),
        ("tr", "Zambiya madenlerinden 2025'te 890 bin ton bakır söküldü.", "890 bin ton", "confirmed"),
        ("en", "Zambia hosted 1.7 million holiday guests in 2025.", "1.7 million", "confirmed"),
        ("ru", "Замбия приняла в 2025 году 7,1 млн туристов.", "7,1 млн", "contradicted"),
    ],
)
def test_a_measure_without_a_word_of_its_own(language, text, figure, verdict):
    assert judged(text, figure, language)["verdict"] == verdict


@pytest.mark.parametrize(
    ("language", "text", "figure"),
    [
        ("en", "The quays of Mpulungu moved 430,000 tonnes in 2025.", "430,000 tonnes"),
        ("ru", "Порт Мпулунгу обработал в 2025 году 430 тыс. тонн.", "430 тыс. тонн"),
    ],
)
def test_a_number_of_another_unit_has_its_name(language, text, figure):
    row = judged(text, figure, language)
    assert (row["verdict"], row["why"]) == ("contradicted", "unit: held in TEU")


@pytest.mark.parametrize(
    ("language", "text", "figure"),
    [
        ("en", "The turbines of Batoka already have a capacity of 1,450 MW.", "1,450 MW"),
        ("ru", "Станция Батока уже имеет мощность 1450 МВт.", "1450 МВт"),
    ],
)
def test_a_plan_told_as_what_is_already(language, text, figure):
    row = judged(text, figure, language)
    assert row["verdict"] == "contradicted"
    assert row["why"].startswith("plan for 2031")


def test_a_price_of_what_is_planned_is_no_outcome():
    assert judged("Batoka will cost $3.8 billion.", "$3.8 billion", "en")["verdict"] == "confirmed"


def test_each_forecaster_has_his_own_figure():
    text = "Zambia's growth in 2026 is put at 4.7 percent by the IMF and at 5.2 percent by the World Bank."
    assert judged(text, "4.7 percent", "en")["verdict"] == "confirmed"
    assert judged(text, "5.2 percent", "en")["verdict"] == "confirmed"


def test_who_sells_and_who_buys_the_verb_alone_does_not_tell():
    text = "Zambia and China in 2025. It sold Zambia $2.6 billion worth of goods and took $1.4 billion in return."
    assert judged(text, "$2.6 billion", "en")["verdict"] == "confirmed"
    assert judged(text, "$1.4 billion", "en")["verdict"] == "confirmed"


def test_of_a_thing_that_nobody_holds_nothing_is_said():
    for text, figure in (
        ("Hotels in Livingstone speak of 6,300 new beds.", "6,300 new beds"),
        ("Zambia sent 47 nurses abroad in 2025.", "47 nurses"),
    ):
        assert judged(text, figure, "en")["verdict"] == "unknown"


def test_a_coin_of_several_states_is_the_states_own():
    reading = read_text("Revenue came to 21.6 billion dinars.", date=DAY)
    assert [one.unit for one in with_own_money(reading, "TUN").claims] == ["TND"]
    assert [one.unit for one in with_own_money(reading, "ZMB").claims] == ["dinar"]
    assert with_own_money(reading, "") is reading


def test_stems_stand_at_the_beginning_of_a_word():
    assert "production" in stems_in("the harvest of 2025", "en")
    assert "tourists" not in stems_in("unvisited", "en")


@pytest.mark.parametrize(
    ("language", "text", "figure", "verdict", "why"),
    [
        (
            "en",
            "Zambia today buys $2.3 billion of goods a year from China.",
            "$2.3 billion",
            "out of date",
            "this was",
        ),
        (
            "en",
            "In 2025 Zambia imported goods worth $6.2 billion from China.",
            "$6.2 billion",
            "contradicted",
            "digits",
        ),
        ("ru", "Замбия приняла в 2025 году 800 тыс. туристов.", "800 тыс.", "contradicted", "period"),
        ("tr", "Zambiya'ya 2025'te 1,7 bin turist geldi.", "1,7 bin", "contradicted", "scale"),
        (
            "ru",
            "Импорт Замбии из Китая не достиг в 2025 году и 2 млрд долларов.",
            "2 млрд",
            "contradicted",
            "bound",
        ),
    ],
)
def test_a_slip_is_told_of_what_the_words_speak_of(language, text, figure, verdict, why):
    row = judged(text, figure, language)
    assert (row["verdict"], row["why"][: len(why)]) == (verdict, why)


def test_a_forecast_is_judged_by_that_of_its_forecaster():
    text = "Zambia's growth in 2026 is put at 5.2 percent by the IMF and at 4.7 percent by the World Bank."
    assert judged(text, "5.2 percent", "en")["verdict"] != "confirmed"
    assert judged(text, "4.7 percent", "en")["verdict"] != "confirmed"


def test_a_growth_is_that_of_the_figure_before_it():
    text = "Copper output of Zambia was 890,000 tonnes in 2025, {} percent more than a year earlier."
    assert judged(text.format("8.5"), "8.5 percent", "en")["verdict"] == "confirmed"
    assert judged(text.format("28"), "28 percent", "en")["verdict"] == "contradicted"


MORE = [
    *BOOK,
    claim(2.1e9, "USD", "export"),
    claim(48_000.0, "t", "production", commodity="cobalt"),
    claim(310_000.0, "t", "production", subject="Mopani", commodity="copper"),
    claim(9.6e6, "MWh", "production", commodity="power", perimeter="hydro"),
    claim(14.2e6, "MWh", "production", commodity="power"),
    claim(60_000.0, "t", "capacity", None, subject="Sentinel", commodity="cobalt"),
]


@pytest.mark.parametrize(
    ("language", "text", "figure", "verdict"),
    [
        ("ru", "Китайцы купили в 2025 году замбийских товаров на 1,4 млрд долларов.", "1,4 млрд", "confirmed"),
        ("en", "In 2025 Mopani in Zambia dug 890,000 tonnes of copper.", "890,000 tonnes", "contradicted"),
        ("en", "Zambia's cobalt output was 890,000 tonnes in 2025.", "890,000 tonnes", "contradicted"),
        (
            "ru",
            "Всего электростанции Замбии выработали в 2025 году 9,6 млрд кВт·ч.",
            "9,6 млрд",
            "perimeter mixed",
        ),
    ],
)
def test_whose_and_which_part_the_words_say(language, text, figure, verdict):
    assert judged(text, figure, language, MORE)["verdict"] == verdict


@pytest.mark.parametrize(
    ("language", "text", "figure"),
    [
        ("kk", "Былтыр Замбияға 1,7 млн турист келді, бұл 60 мың адамға көп.", "60 мың"),
        ("kk", "2025 жылы Замбияға 1,7 млн турист келді, бұл 60 мың адамға көп.", "60 мың"),
    ],
)
def test_what_is_many_times_as_much_contradicts_nothing(language, text, figure):
    assert judged(text, figure, language)["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("language", "text", "figure"),
    [
        (
            "ru",
            "В 2025 году в Замбии добыли 890 тыс. тонн меди, на руднике Лумвана — 210 тыс. тонн меди.",
            "210 тыс. тонн",
        ),
        ("tr", "2025'te Zambiya 890 bin ton bakır üretti; Lumwana madeni 210 bin ton üretti.", "210 bin ton"),
        (
            "ru",
            "В 2025 году в Замбии добыли 890 тыс. тонн меди, на руднике Кансанши — 180 тыс. тонн меди.",
            "180 тыс. тонн",
        ),
    ],
)
def test_a_part_of_which_nothing_is_held_is_not_contradicted_by_the_whole(language, text, figure):
    assert judged(text, figure, language)["verdict"] == "unknown"
