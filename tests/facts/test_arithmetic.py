"""The arithmetic of a sentence: what a draft draws from its own figures, in four languages and both ways."""

import pytest

from kopir.evidence import read_text
from kopir.facts import review
from tests.facts.claims import claim, claims

TRADE = {
    "indicator": "export",
    "subject": "SRB",
    "partners": [],
    "period": "2025",
    "unit": "USD",
    "commodity": None,
}
HELD = claims(
    claim(14.9e9, "14.9 bn", "office", about=TRADE),
    claim(11.8e9, "11.8 bn", "office", about={**TRADE, "indicator": "import"}),
)


def last(text, held=HELD):
    rows = review(read_text(text, date="2026-02-01", name="draft"), held, focal="SRB").table.to_dicts()
    return rows[-1]


SUMS = [
    "In 2025 Serbia's exports were $14.9 billion and its imports $11.8 billion, together {} billion.",
    "В 2025 году экспорт Сербии составил 14,9 млрд долларов, импорт — 11,8 млрд долларов, "
    "то есть оборот равен {} млрд долларов.",
    "2025'te Sırbistan'ın ihracatı 14,9 milyar dolar, ithalatı 11,8 milyar dolar, toplamda {} milyar dolar oldu.",
    "2025 жылы Сербияның экспорты 14,9 млрд доллар, импорты 11,8 млрд доллар, жиыны {} млрд доллар болды.",
]
DIFFERENCES = [
    "In 2025 Serbia's exports were $14.9 billion and its imports $11.8 billion, so the gap is {} billion.",
    "В 2025 году экспорт Сербии составил 14,9 млрд долларов, импорт — 11,8 млрд долларов, "
    "разница — {} млрд долларов.",
    "2025'te Sırbistan'ın ihracatı 14,9 milyar dolar, ithalatı 11,8 milyar dolar, fark {} milyar dolar oldu.",
    "2025 жылы Сербияның экспорты 14,9 млрд доллар, импорты 11,8 млрд доллар, айырмасы {} млрд доллар болды.",
]


def _figure(text, value):
    shown = f"${value}" if text.isascii() else value.replace(".", ",")
    return text.format(shown)


@pytest.mark.parametrize(("text", "right", "wrong"), [(one, "26.7", "27.6") for one in SUMS])
def test_a_sum_is_that_of_the_figures_before_it(text, right, wrong):
    row = last(_figure(text, wrong))
    assert (row["verdict"], row["value"]) == ("contradicted", pytest.approx(26.7e9))
    assert row["why"].startswith("the text's own figures: ")
    assert right in row["suggestion"].replace(",", ".")
    assert last(_figure(text, right))["verdict"] == "confirmed"


@pytest.mark.parametrize(("text", "right", "wrong"), [(one, "3.1", "1.3") for one in DIFFERENCES])
def test_a_difference_is_that_of_the_two_figures_before_it(text, right, wrong):
    row = last(_figure(text, wrong))
    assert (row["verdict"], row["value"]) == ("contradicted", pytest.approx(3.1e9))
    assert last(_figure(text, right))["verdict"] == "confirmed"


def test_parts_that_are_wrong_prove_nothing():
    row = last(
        "In 2025 Serbia's exports were $41.9 billion and its imports $11.8 billion, together $27.6 billion."
    )
    assert not row["why"].startswith("the text's own figures")


def test_figures_of_different_units_have_no_sum():
    row = last("In 2025 Serbia's exports were $14.9 billion and 11.8 million tonnes, together $27.6 billion.")
    assert "own figures" not in row["why"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("In 2025 Serbia exported 1.3 times as many goods as in 2024.", "confirmed"),
        ("In 2025 Serbia exported 2.1 times as many goods as in 2024.", "contradicted"),
        ("В 2025 году экспорт Сербии вырос в 1,3 раза.", "confirmed"),
    ],
)
def test_a_multiple_is_that_of_the_levels_held(text, verdict):
    held = claims(
        claim(9.8e9, "9.8 bn", "office", about=TRADE),
        claim(7.5e9, "7.5 bn", "office", about={**TRADE, "period": "2024"}),
    )
    assert last(text, held)["verdict"] in {verdict, "unknown" if verdict == "contradicted" else verdict}


def test_more_than_halved_is_borne_out_by_less_than_a_half():
    held = claims(
        claim(1.1e9, "1.1 bn", "office", about=TRADE),
        claim(2.3e9, "2.3 bn", "office", about={**TRADE, "period": "2024"}),
    )
    assert last("Экспорт Сербии в 2025 году сократился более чем вдвое.", held)["verdict"] == "confirmed"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (
            "In 2025 Serbia's exports were $14.9 billion, of which China took $7.3 billion, a share of {} %.",
            "49",
        ),
        ("Экспорт Сербии в 2025 году составил 14,9 млрд долларов, из них в Китай 7,3 млрд, доля {} %.", "49"),
    ],
)
def test_a_share_is_that_of_the_figures_before_it(text, right):
    held = claims(
        claim(14.9e9, "14.9 bn", "office", about=TRADE),
        claim(7.3e9, "7.3 bn", "office", about={**TRADE, "partners": ["CHN"]}),
    )
    assert last(text.format("72"), held)["verdict"] == "contradicted"
    assert last(text.format(right), held)["verdict"] == "confirmed"


@pytest.mark.parametrize(
    "text",
    [
        "In 2025 Serbia's exports were 0 tonnes and its imports 5 tonnes, together 6 tonnes.",
        "In 2025 Serbia's exports were $0 to $5 billion, of which China took $2.5 billion, a share of 90 %.",
        "Экспорт Сербии в 2025 году сократился менее чем вдвое.",
        "В 2025 году экспорт Сербии сократился почти вдвое.",
    ],
)
def test_noughts_and_open_ends_are_no_division(text):
    assert last(text)["verdict"] in {"confirmed", "contradicted", "unknown"}


@pytest.mark.parametrize(
    "text",
    [
        "In 2025 Serbia's exports were $14.9 billion and its imports $11.8 billion, up by $0.9 billion.",
        "In 2025 Serbia's exports were $14.9 billion and its imports $11.8 billion, a rise of 5 percent.",
        "В 2025 году экспорт Сербии составил 14,9 млрд долларов, импорт — 11,8 млрд долларов, рост на 5 %.",
    ],
)
def test_a_change_of_the_last_figure_is_no_difference_of_two_measures(text):
    row = last(text)
    assert row["verdict"] not in {"contradicted", "out of date", "perimeter mixed"}, row["why"]


def test_a_change_is_that_of_one_measure_over_time():
    text = "Serbia's exports were $14.9 billion in 2025 against $12.4 billion in 2024, a rise of {}."
    held = claims(
        claim(14.9e9, "14.9 bn", "office", about=TRADE),
        claim(12.4e9, "12.4 bn", "office", about={**TRADE, "period": "2024"}),
    )
    assert last(text.format("$5.2 billion"), held)["verdict"] == "contradicted"
    assert last(text.format("$2.5 billion"), held)["verdict"] == "confirmed"
