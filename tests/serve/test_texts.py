"""Texts of the pages: the same in every language, in its own letters, and each of them used."""

import re
from importlib.resources import files

import pytest

from kopir.core.codes import LANGUAGES
from kopir.report.messages import read_texts, slots
from kopir.serve.words import words_of

TEXTS = {language: read_texts("kopir.serve", language) for language in LANGUAGES}
ASKED = {language: read_texts("kopir.serve.pages", language) for language in LANGUAGES}
"""What questions, options and columns are called."""
BOTH = pytest.mark.parametrize("texts", [TEXTS, ASKED], ids=["pages", "questions"])
SAME = {"value.plan", "unit.TEU", "word.transit", "value.transit"}
"""Words that are the same in a language as in English."""
SLOW = {"plan", "disputed", "hindcast", "fit", "portfolio"}
OTHERS = re.compile("CVaR|TEU|FEU|Dask|USD|[A-Z]{3}[A-Z_0-9]*")
"""What stands in Latin letters in every language."""
ROOT = files("kopir.serve")
DYNAMIC = ("column.", "facts.", "value.", "table.", "end.", "nav.", "start.", "scenarios.", "map.")
SOURCE = "".join(
    path.read_text("utf-8")
    for folder in (ROOT, ROOT / "maps", ROOT / "charts", ROOT / "pages", ROOT / "templates")
    for path in folder.iterdir()
    if path.is_file()
)


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_slots(texts, language):
    own, english = texts[language], texts["en"]
    assert own.keys() == english.keys()
    assert {key for key in own if slots(own[key]) != slots(english[key])} == set()
    assert all(own.values())


@BOTH
@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_nothing_is_left_in_english(texts, language):
    same = {key for key, text in texts[language].items() if text == texts["en"][key]}
    assert {key for key in same if re.search("[a-z]{4}", re.sub(r"\{.*?\}", "", texts["en"][key]))} <= SAME


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_in_the_letters_of_their_language(texts, language):
    text = "".join(texts[language].values())
    assert (re.search("[А-я]", text) is not None) == (language in {"ru", "kk"})


def test_every_text_is_used():
    unused = {
        key
        for key in TEXTS["en"]
        if not key.startswith(DYNAMIC) and not re.search(f"[\"']{re.escape(key)}[\"']", SOURCE)
    }
    assert unused == set()


def test_every_question_and_option_is_told_and_nothing_else():
    from kopir.strategy.questions import questions

    asked, used = ASKED["en"], set()
    for one in questions():
        used.add(f"about.{one.name}")
        for option in one.options:
            own = f"option.{one.name}.{option}"
            used.add(own if own in asked else f"option.{option}")
            if f"column.{option}" not in TEXTS["en"]:
                used.add(f"label.{option}")
    told = {key for key in asked if key.startswith(("about.", "option.", "label."))}
    not_offered = {key for key in used - told if key.endswith(".store")}
    assert used - told == not_offered, "a file of one's own is no option of a page"
    assert told - used == set()


@pytest.mark.slow
@pytest.mark.parametrize("model", ["two_ways", "kazakhstan"])
def test_every_column_and_table_of_every_answer_has_words(model, folder):
    import kopir
    from kopir.serve.pages.asking import _caption, _frames
    from kopir.strategy.questions import questions
    from tests.serve.asked import given

    project, left = kopir.open(folder if model == "two_ways" else model), set()
    for one in questions():
        options = given(one.name, project)
        if options is None or (one.name in SLOW and model != "two_ways"):
            continue
        answer = one.asked_of(project, **options)
        frames = [("answer", answer.table), *_frames(answer)]
        for language in ("ru", "kk"):
            words = words_of(project.model, language)
            told = {f"{name} of {one.name}": _caption(words, name) for name, _ in frames[1:]}
            told |= {column: words.heading(column) for _, frame in frames for column in frame.columns}
            left |= {name for name, text in told.items() if re.search("[a-z]{3}", OTHERS.sub("", text))}
    assert left == set()


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("loss_musd", "loss, M USD/yr"),
        ("price_usd_low", "price, low end, USD/FEU"),
        ("low_musd", "low end, M USD/yr"),
        ("share_pct", "share, %"),
        ("months", "months"),
        ("since", "since"),
        ("never_seen_mt_high", "never seen, high end, Mt/yr"),
        ("hit_base_mt", "hit then, Mt/yr"),
    ],
)
def test_a_heading_is_words_an_end_and_a_unit(desk, column, told):
    words = words_of(desk.project.model, "en")
    assert words.heading(column) == told
    assert words.heading(column, rates=False) == told.replace("/yr", "")


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((75.06, 74.657, 75.33), "74.7–75.3"),
        ((18861.5, 15876.0, 22422.8), "16,000–22,000"),
        ((-22.7, -148.9, 136.7), "−150 … 140"),
        ((5.0, 5.0, 5.0), ""),
        ((5.0, None, 6.0), ""),
    ],
)
def test_an_interval_is_no_finer_than_it_is_wide(desk, numbers, text):
    assert words_of(desk.project.model, "en").interval(*numbers) == text


def test_numbers_are_written_in_the_manner_of_the_language(desk):
    told = {language: words_of(desk.project.model, language).number(1861.5) for language in ("en", "tr")}
    assert told == {"en": "1,862", "tr": "1.862"}
    assert words_of(desk.project.model, "en").number(None) == "–"
