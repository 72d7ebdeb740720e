"""Facts and free texts of a model in four languages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kopir.core.codes import LANGUAGES
from kopir.core.folders.schema import table_schemas
from kopir.model.bundled import bundled_models, bundled_path
from kopir.model.contents.facts import Fact
from kopir.model.contents.model import Model
from kopir.model.contents.names import said_in
from kopir.model.folder.opening import open_model
from kopir.report.facts import fact_in_words
from kopir.report.messages import messages
from kopir.report.telling import quantity_name
from tests.folders import write_model
from tests.strategy.conftest import tables

FACT = Fact(
    "F1", "oil_export", "KAZ", "2026", "plan", 130_000, 130_000, 130_000, "t/mo", "", (), (), "", 2,
    partners=("DEU",), commodity="crude",
)  # fmt: skip
SAID = {
    "en": "Kazakhstan – Germany: oil exports, 2026 (plan): 130 thousand tonnes a month",
    "ru": "Казахстан – Германия: экспорт нефти, 2026 (план): 130 тыс. т в месяц",
    "kk": "Қазақстан – Германия: мұнай экспорты, 2026 (жоспар): 130 мың т/ай",
    "tr": "Kazakistan – Almanya: petrol ihracatı, 2026 (plan): 130 bin ton/ay",
}
FREE = ("basis", "note", "perimeter")


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Model:
    folder: Path = tmp_path_factory.mktemp("model") / "told"
    rows = tables()
    rows["names"] = [{"code": "CPC_1", "en": "pipe one", "ru": "труба один"}]
    rows["translations"] = [
        {"text": "assumption: half", "ru": "допущение: половина", "kk": "", "tr": "varsayım: yarısı"},
        {"text": "no source", "ru": "без источника"},
        {"text": "a; b", "ru": "а и б"},
    ]
    write_model(folder, rows, players=("RUS", "CHN"))
    return open_model(folder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fact_is_told_in_the_language_of_the_brief(model, language):
    assert fact_in_words(model, FACT, messages(language)) == SAID[language]


def test_what_a_fact_lacks_leaves_no_trace(model):
    bare = replace(FACT, partners=(), modality="actual", period="", unit="1", value=0.4, low=0.2, high=0.5)
    assert fact_in_words(model, bare, messages("en")) == "Kazakhstan: oil exports: 0.4 (0.2…0.5)"
    named = replace(FACT, subject="CPC_1", indicator="other_share", kind="share", unit="pct", formula="F2 / F3")
    named = replace(named, value=31.5, low=31.5, high=31.5)
    said = "труба один – Германия: доля, нефть, 2026 (план): 31,5 % = F2 / F3"
    assert fact_in_words(model, named, messages("ru")) == said
    assert fact_in_words(model, named, messages("tr")).endswith(": %31,5 = F2 / F3")
    taken = replace(bare, indicator="refinery_intake")
    assert fact_in_words(model, taken, messages("en")) == "Kazakhstan: crude to domestic refineries: 0.4 (0.2…0.5)"
    unnamed = replace(bare, subject="OLD_PIPE", route="OLD_PIPE", commodity="all", indicator="made_up")
    assert fact_in_words(model, unnamed, messages("tr")).startswith("OLD PIPE: made up: ")


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [("flag", 1, "да"), ("flag", 0, "нет"), ("date", 20260131, "2026-01-31"), ("year", 2027, "2027"),
     ("t", -2.5e9, "−2,5 млрд т"), ("count", 12_346, "12,35 тыс."), ("rank", 2, "2"),
     ("USD", 9_999, "9999 долл. США")],
)  # fmt: skip
def test_a_figure_is_written_in_the_manner_of_its_unit(model, unit, value, said):
    fact = replace(FACT, unit=unit, value=value, low=value, high=value)
    assert fact_in_words(model, fact, messages("ru")).partition(": ")[2].partition(": ")[2] == said


def test_free_texts_are_said_whole_by_parts_or_as_they_stand(model):
    assert said_in(model, "assumption: half", "ru") == "допущение: половина"
    assert (
        said_in(model, "assumption: half; no source; other", "ru") == "допущение: половина; без источника; other"
    )
    assert said_in(model, "a; b", "ru") == "а и б"
    assert said_in(model, "assumption: half; no source", "kk") == "assumption: half; no source"
    assert said_in(model, "assumption: half; no source", "en") == "assumption: half; no source"


def test_what_a_charge_and_an_option_assume_is_named_without_the_words_of_the_folder():
    path = bundled_path("kazakhstan")
    assert path is not None
    bundled = open_model(path)
    named = {
        ref.table: quantity_name(bundled, quantity, messages("ru"))
        for ref, quantity in sorted(bundled.quantities.items(), reverse=True)
        if ref.table in {"charges", "option_gains", "conversions"} and quantity.grade == "assumed"
    }
    assert named["charges"].endswith(": плата")
    assert named["conversions"].endswith(": выход")
    assert named["option_gains"] == "дноуглубление в Актау, нефтяные причалы Актау: прирост"


@pytest.mark.slow
@pytest.mark.parametrize("name", bundled_models())
def test_bundled_facts_have_words_in_every_language_and_translations_have_their_texts(name):
    path = bundled_path(name)
    assert path is not None
    bundled = open_model(path)
    for language in LANGUAGES:
        say = messages(language)
        for fact in bundled.facts.values():
            assert ": " in fact_in_words(bundled, fact, say)
            assert fact.unit in {"1", "-", "flag", "date", "year"} or f"unit.{fact.unit}" in say.texts, fact.unit
    texts = {
        row[column].replace("_", " ") if column == "perimeter" else row[column]
        for table in bundled.folder.tables.values()
        for column in FREE
        if column in table.schema.names
        for row in table.records()
    }
    spoken = texts | {part for text in texts for part in text.split("; ")}
    lost = [row["text"] for row in bundled.folder.tables["translations"].records() if row["text"] not in spoken]
    assert lost == []


@pytest.mark.parametrize("name", bundled_models())
def test_translations_keep_every_figure_and_code(name):
    path = bundled_path(name)
    assert path is not None
    lost = [
        (row["text"], language)
        for row in open_model(path).folder.tables["translations"].records()
        for language in LANGUAGES
        if language != "en" and _exact(row[language]) != _exact(row["text"])
    ]
    assert lost == []


def _exact(text: str) -> list[str]:
    codes = re.findall(r"[A-Z]+_[A-Z_]*[A-Z]", text)
    return sorted(codes + re.findall(r"[A-Z]?\d+(?:[.,]\d+)?", text.replace(",", ".").replace("..", " ")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_about_a_fact_is_one_that_a_fact_can_need(language):
    schema = table_schemas()["facts"]
    needed = {*schema.column("modality").choices, *schema.column("kind").choices, "yes", "no"}
    scales = {"thousand", "million", "billion", "percent"}
    held = {key.partition(".")[2] for key in messages(language).texts if key.startswith("fact.")}
    assert held <= needed | scales
    assert {*schema.column("modality").choices, *scales, "yes", "no"} - {"actual"} <= held
