"""kopir.toml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import VersionMismatch
from kopir.core.folders.settings import FORMAT, Settings, parse_settings
from tests.core.model_folder import SETTINGS


def faults_of(text):
    found = parse_settings(text)
    assert isinstance(found, list)
    return found


def test_settings_and_their_defaults():
    settings = parse_settings(SETTINGS)
    assert isinstance(settings, Settings)
    assert (settings.format, settings.players) == (FORMAT, ("RUS", "CHN"))
    assert (settings.model.focal_state, settings.model.base_year, settings.model.currency) == ("KAZ", 2025, "USD")
    assert (settings.horizons.short, settings.horizons.medium) == ((1, 12), (13, 36))


def test_text_that_is_no_toml_is_refused_with_its_line():
    (fault,) = faults_of("format = 1\nplayers = [")
    assert (fault.code, fault.file, fault.line) == ("K0107", "kopir.toml", 2)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "9" * 5000,
        "x = 0x" + "f" * 9000,
        "format = 0x" + "f" * 9000,
        "\ufeff",
        "format = 1\nplayers = 0x" + "f" * 9000,
        "format = 1\nplayers = " + "[" * 40 + "]" * 40,
        "format = 1\n" + "a." * 5000 + "b = 1",
        "format = 1\n[players." + "a." * 900 + "b]",
    ],
)
def test_hostile_toml_is_refused(text):
    try:
        found = parse_settings(text)
    except VersionMismatch:
        return
    assert isinstance(found, list)
    assert found


def test_a_newer_format_is_refused():
    with pytest.raises(VersionMismatch) as caught:
        parse_settings(SETTINGS.replace("format = 1", "format = 99\nnew_key = 5"))
    (fault,) = caught.value.faults
    assert (fault.code, fault.file, fault.column, fault.value) == ("K0109", "kopir.toml", "format", "99")


@pytest.mark.parametrize("value", ["0", "-1", '"1"', "1.0", "true"])
def test_a_format_that_is_no_whole_number_is_refused(value):
    (fault,) = faults_of(SETTINGS.replace("format = 1", f"format = {value}"))
    assert (fault.code, fault.column) == ("K0108", "format")


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ('focal_state = "KAZ"', 'focal_state = "!! KAZ !!"', "model.focal_state"),
        ('focal_state = "KAZ"', "", "model.focal_state"),
        ("base_year = 2025", "base_year = 1066", "model.base_year"),
        ("base_year = 2025", "base_year = nan", "model.base_year"),
        ("base_year = 2025", 'base_year = 2025\ncurrency = "EUR"', "model.currency"),
        ("base_year = 2025", "base_year = 2025\nbase_yaer = 2025", "model.base_yaer"),
        ('["RUS", "CHN"]', "[]", "players"),
        ('["RUS", "CHN"]', '["RUS", "C HN"]', "players.1"),
        ('["RUS", "CHN"]', '["RUS", "RUS"]', "players"),
        ("base_year = 2025", "base_year = 2025\n[horizons]\nshort = [12, 1]", "horizons.short"),
        ("base_year = 2025", "base_year = 2025\n[horizons]\nmedium = [0, 36]", "horizons.medium"),
        ("base_year = 2025", 'base_year = 2025\nlanguages = ["de"]', "model.languages.0"),
    ],
)
def test_a_setting_that_is_not_allowed_is_named(old, new, column):
    (fault,) = faults_of(SETTINGS.replace(old, new))
    assert (fault.code, fault.file, fault.column) == ("K0108", "kopir.toml", column)
    assert fault.mend


def test_a_missing_setting_shows_no_value():
    (fault,) = faults_of(SETTINGS.replace("base_year = 2025", ""))
    assert fault.value is None


def test_all_faults_of_the_settings_are_listed():
    text = SETTINGS.replace('focal_state = "KAZ"', "").replace("2025", "1066").replace('["RUS", "CHN"]', "[]")
    assert [fault.column for fault in faults_of(text)] == ["model.focal_state", "model.base_year", "players"]


@given(st.text(max_size=200) | st.text(alphabet="format=1\n[]model.\"'{},0x9-:T", max_size=80))
def test_any_text_is_settings_or_faults(text):
    try:
        found = parse_settings(text)
    except VersionMismatch:
        return
    assert isinstance(found, Settings) or found
