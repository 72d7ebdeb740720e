"""The day of today, which SOURCE_DATE_EPOCH fixes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kopir.core.clock import FIXED, today
from kopir.core.errors import InputError


def test_the_variable_fixes_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FIXED, "1704067199")
    assert today() == date(2023, 12, 31)
    monkeypatch.setenv(FIXED, "1704067200")
    assert today() == date(2024, 1, 1)


def test_without_it_the_clock_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FIXED)
    assert abs((today() - datetime.now(UTC).date()).days) <= 1


@pytest.mark.parametrize("text", ["yesterday", "1e99", "9" * 30])
def test_what_is_no_number_of_seconds_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(FIXED, text)
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH"):
        today()
