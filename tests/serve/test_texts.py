"""Texts of the pages: the same in every language, in its own letters, and each of them used."""

import re
from importlib.resources import files

import pytest

from kopir.core.codes import LANGUAGES
from kopir.report.messages import read_texts, slots
from kopir.serve.words import words_of

TEXTS = {language: read_texts("kopir.serve", language) for language in LANGUAGES}
ROOT = files("kopir.serve")
DYNAMIC = ("column.", "facts.", "value.", "table.", "end.", "nav.", "start.", "scenarios.")
SOURCE = "".join(
    path.read_text("utf-8")
    for folder in (ROOT, ROOT / "maps", ROOT / "pages", ROOT / "templates")
    for path in folder.iterdir()
    if path.is_file()
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_slots(language):
    own, english = TEXTS[language], TEXTS["en"]
    assert own.keys() == english.keys()
    assert {key for key in own if slots(own[key]) != slots(english[key])} == set()
    assert all(own.values())


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_nothing_is_left_in_english(language):
    same = {key for key, text in TEXTS[language].items() if text == TEXTS["en"][key]}
    assert {key for key in same if re.search("[a-z]{4}", re.sub(r"\{.*?\}", "", TEXTS["en"][key]))} <= {
        "value.plan"
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_in_the_letters_of_their_language(language):
    text = "".join(TEXTS[language].values())
    assert (re.search("[А-я]", text) is not None) == (language in {"ru", "kk"})


def test_every_text_is_used():
    unused = {
        key
        for key in TEXTS["en"]
        if not key.startswith(DYNAMIC) and not re.search(f"[\"']{re.escape(key)}[\"']", SOURCE)
    }
    assert unused == set()


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
