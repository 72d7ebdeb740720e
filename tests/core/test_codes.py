"""The registry of codes."""

import pytest

from kopir.core.codes import KINDS, LANGUAGES, codes, registered_name

NAMED = ("states", "groups", "routes", "commodities")


@pytest.mark.parametrize("kind", KINDS)
def test_codes_are_keyed_by_themselves_and_sorted(kind):
    found = codes(kind)
    assert found
    assert list(found) == sorted(found)
    assert all(code == entry.code and entry.kind == kind for code, entry in found.items())


@pytest.mark.parametrize("kind", NAMED)
def test_every_code_has_a_name_in_each_of_the_four_languages(kind):
    lacking = [
        (code, language)
        for code, entry in codes(kind).items()
        for language in LANGUAGES
        if not entry.names.get(language, "").strip()
    ]
    assert lacking == []


def test_every_indicator_is_explained():
    assert [code for code, entry in codes("indicators").items() if not entry.meaning.strip()] == []


def test_members_of_groups_are_states_named_once():
    states = codes("states")
    for code, group in codes("groups").items():
        assert set(group.members) <= set(states), code
        assert len(set(group.members)) == len(group.members), code


@pytest.mark.parametrize(
    ("group", "size"),
    [
        ("CAREC", 11),  # https://www.carecprogram.org/, member countries, 2025
        ("CIS", 9),  # https://e-cis.info/, member states, 2025; Turkmenistan is an associate
        ("CSTO", 6),  # https://odkb-csto.org/, member states, 2025; Armenia has frozen its part
        ("EAEU", 5),  # https://eec.eaeunion.org/, member states, 2025
        ("EU", 27),  # https://european-union.europa.eu/, EU countries, 2025
        ("NATO", 32),  # https://www.nato.int/, member countries, 2024
        ("OTS", 5),  # https://www.turkicstates.org/, member states, 2025; observers left out
        ("SCO", 10),  # https://eng.sectsco.org/, member states, July 2024
    ],
)
def test_groups_have_the_published_number_of_members(group, size):
    assert len(codes("groups")[group].members) == size


def test_no_code_means_two_things():
    seen: dict[str, str] = {}
    for kind in NAMED:
        for code in codes(kind):
            assert seen.setdefault(code, kind) == kind


def test_states_are_iso_3166_alpha_3_with_names_of_the_cldr():
    states = codes("states")
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in states)
    assert {"KAZ", "RUS", "CHN", "TUR", "AZE"} <= set(states)
    assert states["KAZ"].names == {"en": "Kazakhstan", "kk": "Қазақстан", "ru": "Казахстан", "tr": "Kazakistan"}


def test_a_registered_name_is_found_whatever_its_kind():
    assert registered_name("RUS", "ru") == "Россия"
    assert registered_name("TITR", "en") == "Middle Corridor"
    assert registered_name("crude", "tr") == "ham petrol"
    assert registered_name("no such code", "en") is None
