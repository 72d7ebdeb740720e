"""One sentence with its amount in words, in digits and in signs must be read alike."""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from kopir.evidence._extract import layout_of, sentences_of
from kopir.evidence._records import Document
from kopir.evidence.layout._flow import flow_of

TEXTS = Path(__file__).resolve().parents[2].parent / "shared" / "evidence" / "real_text" / "kk.jsonl"
NUMBERED = re.compile(r"([A-Z])ID(\d+)")


def figures(text, language):
    document = Document(name="text", text=text, language=language)
    found = sentences_of(document, flow_of(layout_of(document)))
    return tuple(
        (q.value, q.lo, q.hi, q.unit, q.comparator)
        for sentence in found
        for q in sentence.quantities
        if q.unit is not None and q.unit_kind != "time"
    )


@pytest.mark.skipif(not TEXTS.is_file(), reason="the running texts are not beside the repository")
def test_words_digits_and_signs_are_read_alike():
    same = defaultdict(list)
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if found := NUMBERED.fullmatch(row["doc"]):
            same[found[2]].append(row["text"])
    groups = [texts for texts in same.values() if len(texts) > 1]
    alike = sum(len({figures(text, "kk") for text in texts}) == 1 for texts in groups)
    sys.stdout.write(
        f"sentences written in several ways: {len(groups)}, read alike: {alike} ({alike / len(groups):.3f})\n"
    )
    assert len(groups) > 200
    assert alike / len(groups) >= 0.98


@pytest.mark.parametrize(
    ("language", "words", "digits"),
    [
        ("tr", "beşyüzelli milyon dolar", "550 milyon dolar"),
        ("tr", "yüzde doksanaltı", "yüzde 96"),
        ("tr", "ikiyüzbin ton", "200 bin ton"),
        ("tr", "iki bin üç yüz ton", "2.300 ton"),
        ("kk", "жеті-сегіз миллион тонна", "7-8 миллион тонна"),
        ("kk", "отыз төрт бүтін бес миллиард теңге", "34,5 миллиард теңге"),
        ("kk", "бір де екі миллиард теңге", "1,2 миллиард теңге"),
        ("kk", "жүз жиырмаға жуық жоба", "120-ға жуық жоба"),
        ("ru", "два-три миллиона тонн", "2-3 миллиона тонн"),
        ("ru", "сто сорок четыре миллиарда тенге", "144 миллиарда тенге"),
        ("en", "two to three million tonnes", "2 to 3 million tonnes"),
        ("en", "one hundred and forty-four billion tenge", "144 billion tenge"),
    ],
)
def test_amounts_in_words(language, words, digits):
    assert figures(words, language) == figures(digits, language) != ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", "Екі мың жиырма төртінші жылы үш миллиард теңге бөлінді."),
        ("kk", "Екі мың жиырмасыншы жылға үш миллиард теңге қарастырылған."),
        ("ru", "В две тысячи двадцать четвёртом году выделили три миллиарда тенге."),
    ],
)
def test_a_year_in_words_is_no_amount(language, text):
    assert figures(text, language) == ((3e9, 3e9, 3e9, "KZT", "eq"),)
