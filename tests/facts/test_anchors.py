"""What the words around a figure name, and what a figure is judged by when its reading is unsure."""

import pytest

from benchmarks.facts_drafts import WRONG, book_claims
from kopir.evidence import read_text
from kopir.facts import review
from kopir.facts.named._anchors import Words, anchors

OPENING = {
    ("UZB", "en"): "Uzbekistan in 2025. ",
    ("UZB", "ru"): "Узбекистан в 2025 году. ",
    ("SRB", "en"): "Serbia in 2025. ",
    ("SRB", "ru"): "Сербия в 2025 году. ",
    ("MNG", "en"): "Mongolia in 2025. ",
    ("MNG", "ru"): "Монголия в 2025 году. ",
}


def named_for(text, figure, language="en", **more):
    start = text.index(figure)
    return anchors(Words(text, language, "2026-03-01"), start, start + len(figure), **more)


@pytest.mark.parametrize(
    ("text", "figure", "language", "period"),
    [
        ("Output rose from 216 tonnes in 2024 to 345 tonnes in 2025.", "216 tonnes", "en", "2024"),
        ("Output rose from 216 tonnes in 2024 to 345 tonnes in 2025.", "345 tonnes", "en", "2025"),
        ("Exports of $8.6 billion in 2024 shrank to $4.5 billion a year later.", "$4.5 billion", "en", "2025"),
        ("В 2025 году вывезли 32 млн тонн. Годом ранее вывезли 31 млн тонн.", "31 млн тонн", "ru", "2024"),
        ("Ticaret 2025'te 4,7 milyar dolar oldu, 2024'te ise 3,2 milyar dolar.", "3,2 milyar dolar", "tr", "2024"),
        ("Айналым 2024 жылы 2,6 млрд доллардан 2025 жылы 1,9 млрд долларға түсті.", "1,9 млрд", "kk", "2025"),
    ],
)
def test_the_time_of_a_figure_is_the_one_beside_it(text, figure, language, period):
    assert named_for(text, figure, language).period == period


def test_a_partner_of_another_clause_is_not_the_figures_own():
    text = "Экспорт Узбекистана в Россию составил 8,1 млрд долларов, в Китай — 2,5 млрд долларов."
    assert named_for(text, "8,1 млрд долларов", "ru").parties == {"UZB", "RUS"}
    assert named_for(text, "2,5 млрд долларов", "ru").parties == {"CHN"}


def test_the_time_before_a_change_is_not_its_time():
    text = "In 2025 traffic was 74 Mt, which is 1.3 Mt more than in 2024."
    assert named_for(text, "1.3 Mt", change=True).period == "2025"


def test_a_paragraph_lends_nothing_to_the_next():
    text = "Coal exports fell in 2024.\n\nThey were 5 million tonnes."
    assert named_for(text, "5 million tonnes").goods == frozenset()
    assert named_for(text.replace("\n\n", " "), "5 million tonnes").goods == {"coal"}


def verdicts(state, language, sentence):
    opening = OPENING[state, language]
    reading = read_text(opening + sentence, date="2026-03-01", language=language)
    rows = review(reading, book_claims(state), focal=state).table.to_dicts()
    return ["wrong" if row["verdict"] in WRONG else row["verdict"] for row in rows if row["start"] >= len(opening)]


YES, NO, OPEN = "confirmed", "wrong", "unknown"


@pytest.mark.parametrize(
    ("state", "language", "sentence", "want"),
    [
        (
            "UZB",
            "en",
            "Some 486 container trains came from China in 2025, against 391 the year before.",
            [YES, YES],
        ),
        ("UZB", "en", "Foreign investment in 2025 came to $21 billion.", [NO]),
        ("UZB", "en", "The trade deficit amounted to $7.8 billion in 2025.", [YES]),
        ("UZB", "en", "Trade with Kazakhstan stood at $49 billion in 2025.", [NO]),
        ("UZB", "en", "China's share of Uzbek foreign trade is 20 percent, Russia's 17 percent.", [YES, YES]),
        ("UZB", "ru", "За 2025 год экспорт составил 16,9 млрд долларов.", [NO]),
        ("UZB", "ru", "Импорт из Китая вырос до 12,8 млрд долларов, экспорт в Китай — до 2,4 млрд.", [YES, YES]),
        ("UZB", "ru", "Добыча газа упала с 44,6 до 42,3 млрд кубометров.", [YES, YES]),
        ("SRB", "en", "Serbian exports to China reached $2.8 billion in 2025.", [NO]),
        ("SRB", "en", "Gas transit to Hungary was 3.8 billion cubic metres in 2025.", [NO]),
        ("SRB", "en", "Azerbaijan sold Serbia 400 million cubic metres of gas last year.", [NO]),
        ("SRB", "en", "Azerbaijan is to supply 400 million cubic metres in 2026.", [YES]),
        ("SRB", "en", "Foreign direct investment fell from 5.2 billion euros to 3.4 billion.", [YES, YES]),
        ("SRB", "en", "Norway invested 610 million euros in 2025.", [OPEN]),
        ("SRB", "ru", "Немецкие инвестиции в Сербию в 2025 году составили 780 млн евро.", [NO]),
        ("SRB", "ru", "Импорт российского газа в 2025 году: 7,2 млрд кубометров.", [NO]),
        ("MNG", "en", "China bought goods worth $13.6 billion from Mongolia in 2025.", [YES]),
        ("MNG", "en", "Transit freight came to 39 million tonnes in 2025.", [NO]),
        ("MNG", "ru", "Экспорт в Китай в 2025 году не превысил 10 млрд долларов.", [NO]),
        ("MNG", "ru", "Через страну в 2025 году прошло 3420 контейнерных поездов.", [YES]),
        ("MNG", "ru", "Прямые иностранные инвестиции в 2025 году составили 3 млрд долларов.", [NO]),
    ],
)
def test_a_figure_is_judged_by_the_words_beside_it(state, language, sentence, want):
    assert verdicts(state, language, sentence) == want


def test_what_is_not_read_is_listed_as_unknown():
    reading = read_text("Serbia built 24 playgrounds and 17 clinics.", date="2026-03-01")
    rows = review(reading, book_claims("SRB"), focal="SRB").table
    assert rows["text"].to_list() == ["24 playgrounds", "17 clinics"]
    assert set(rows["verdict"]) == {"unknown"}


@pytest.mark.parametrize(
    ("sentence", "mend"),
    [
        (
            "Copper production was 345 million tonnes in 2025.",
            "Copper production was 345 thousand tonnes in 2025 (",
        ),
        (
            "Exports to China did not exceed $10 billion in 2025.",
            "Exports to China came to $13.6 billion in 2025 (",
        ),
    ],
)
def test_the_sentence_to_write_instead_keeps_to_what_was_said(sentence, mend):
    rows = review(read_text("Mongolia in 2025. " + sentence, date="2026-03-01"), book_claims("MNG"), focal="MNG")
    assert rows.table["suggestion"].drop_nulls().to_list()[0].startswith(mend)
