import re
from importlib.resources import files

import pytest
from babel import Locale

from kopir.core.codes import LANGUAGES
from kopir.report.content import Number
from kopir.report.messages import messages, slots

FORMS = {"zero", "one", "two", "few", "many", "other"}


def without_forms(texts):
    """Keys of messages, plural forms of one message counted once."""
    return {key.rpartition(".")[0] if key.rpartition(".")[2] in FORMS else key for key in texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_exists_in_every_language(language):
    assert without_forms(messages(language).texts) == without_forms(messages("en").texts)
    assert all(messages(language).texts.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_of_all_languages_have_the_same_slots(language):
    english, texts = messages("en").texts, messages(language).texts
    wrong = {key for key in english.keys() & texts.keys() if slots(english[key]) != slots(texts[key])}
    assert wrong == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_the_forms_that_the_language_has(language):
    texts = messages(language).texts
    needed = set(Locale(language).plural_form.rules) | {"other"}
    for key in {key.rpartition(".")[0] for key in texts if key.rpartition(".")[2] in FORMS}:
        assert {form for form in FORMS if f"{key}.{form}" in texts} >= needed, key


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1 месяц"), (3, "3 месяца"), (12, "12 месяцев"), (21, "21 месяц"), (24, "24 месяца")]
)
def test_plural_forms_follow_cldr(count, text):
    assert messages("ru").plural("curves.months", count) == text


@pytest.mark.parametrize(
    ("language", "letters"), [("ru", "ыщё"), ("kk", "әғқңөұүһі"), ("tr", "çğıöşüİ"), ("en", "")]
)
def test_texts_are_written_in_the_letters_of_their_language(language, letters):
    text = "".join(messages(language).texts.values())
    assert set(letters) - {"һ"} <= set(text)
    assert (re.search("[А-я]", text) is not None) == (language in {"ru", "kk"})


def test_no_translation_is_left_in_english():
    english = messages("en").texts
    for language in set(LANGUAGES) - {"en"}:
        same = {key for key, text in messages(language).texts.items() if english.get(key) == text}
        words = {key for key in same if re.search("[a-z]{3}", re.sub(r"\{.*?\}|Shapley", "", english[key]))}
        assert words - {"unit.KZT", "fact.plan"} == set(), "tenge and plan are Turkish words too"


def test_prose_puts_numbers_where_the_message_has_slots():
    number = Number("n", 1.0, "Mt", "g")
    prose = messages("en").prose("change.limit", asset="Pipe", limit=number)
    assert prose.parts[0] == "Pipe"
    assert number in prose.parts


def test_a_missing_word_is_an_error():
    with pytest.raises(KeyError):
        messages("en").text("title")


def test_texts_are_the_only_files_of_their_folder():
    found = {item.name for item in files("kopir.report").joinpath("texts").iterdir()}
    assert found == {f"{language}.toml" for language in LANGUAGES}
