"""Whatever comes in, reading ends, offsets are right and nothing else than a fault is raised."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kopir.core.errors import KopirError
from kopir.evidence import read, read_text
from kopir.evidence.words._view import fold

SALAD = """
5 млрд долларов экспорт Казахстан в Китай 2024 году на 12 % ( ) , . - и до с по yüzde 8,9 milyar dolar'a $21.7bn
three times doubled İ ı 1.234.567,8 № 54 пайызға өсті million 50+ трети «x» +364 3-5 первые пять месяцев
"""
WORDS = st.sampled_from(SALAD.split())
LANGUAGES = st.sampled_from(["ru", "en", "tr", "kk", "auto"])
QUICK = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(st.lists(WORDS, max_size=40).map(" ".join), LANGUAGES)
def test_word_salad(text, language):
    for claim in read_text(text, language=language, date="2026-01-15").claims:
        assert text[claim.start : claim.end] == claim.text
        assert claim.value is None or claim.value == claim.value
        for span in claim.inherited_from.values():
            assert 0 <= span.start <= span.end <= len(text)


@QUICK
@given(st.text(max_size=200), LANGUAGES)
def test_any_text(text, language):
    assert len(fold(text)) == len(text)
    read_text(text, language=language)


@QUICK
@given(st.binary(max_size=300), st.sampled_from([".txt", ".md", ".csv", ".html", ".pdf", ".docx", ".xlsx"]))
def test_any_bytes(tmp_path, data, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(data)
    try:
        result = read([path])
    except KopirError as error:  # pragma: no cover - reading must collect faults, not raise them
        raise AssertionError(error) from error
    assert len(result.readings) + len(result.faults) >= 1
