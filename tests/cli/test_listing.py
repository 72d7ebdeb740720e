"""Names stand for codes, in any language and case; a wrong one is told what is near, or what there is."""

from __future__ import annotations

import json

import pytest

from kopir.core.codes import state_called
from kopir.model.contents.spoken import SORTS, Spoken, folded, spoken
from kopir.model.folder.opening import open_model
from tests.cli.conftest import Ask

MODELS = ("azerbaijan", "uzbekistan")


@pytest.mark.parametrize("word", ["RUS", "rus", "Russia", "russia", "Россия", "Ресей", "Rusya"])
def test_a_partner_is_understood_by_any_name(word: str) -> None:
    assert spoken(open_model("azerbaijan"), "partners").code(word) == "RUS"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("sort", SORTS)
def test_every_name_leads_to_its_code_alone(model: str, sort: str) -> None:
    named = spoken(open_model(model), sort)  # type: ignore[arg-type]
    for code, names in named.names.items():
        assert named.code(code) == code
        for name in names:
            same = [
                other
                for other, own in named.names.items()
                if folded(name) in map(folded, own) or name.casefold() == other.casefold()
            ]
            assert named.code(name) == (code if len(same) == 1 else name)


def test_a_name_of_two_things_is_not_guessed() -> None:
    named = Spoken("assets", {"A1": ("Tengiz",), "A2": ("Tengiz",)})
    assert named.code("tengiz") == "tengiz"


@pytest.mark.parametrize(
    ("word", "mend"),
    [
        ("Rusia", 'did you mean "RUS" (Russia)?'),
        ("Туркия", 'did you mean "TUR" (Турция)?'),
        ("Xyzzy", "use one of AAA, RUS, TUR"),
        ("", "use one of AAA, RUS, TUR"),
        ("R" * 100_000, "use one of AAA, RUS, TUR"),
    ],
)
def test_a_wrong_name_is_told_the_nearest_or_the_allowed(word: str, mend: str) -> None:
    named = Spoken("partners", {"AAA": (), "RUS": ("Russia", "Россия"), "TUR": ("Türkiye", "Турция")})
    assert named.code(word) == word
    assert named.mend(word).startswith(mend)


@pytest.mark.parametrize(
    ("word", "mend"),
    [
        ("ОДКБ", "CSTO is no partner of the model; those of its members that are: KGZ RUS"),
        ("Перу", "PER is no partner of the model; use one of KGZ, RUS, UZB"),
        ("per", "PER is no partner of the model"),
        ("Druzhba", "use one of KGZ, RUS, UZB"),
    ],
)
def test_a_state_is_never_answered_with_another(word: str, mend: str) -> None:
    named = Spoken("partners", {"KGZ": ("Kyrgyzstan",), "RUS": ("Russia",), "UZB": ("Uzbekistan", "Özbekistan")})
    assert named.mend(word).startswith(mend)


def test_a_part_of_a_name_leads_to_those_that_hold_it() -> None:
    named = Spoken("assets", {"A": ("Druzhba, east",), "B": ("Druzhba, west",), "C": ("Tengiz",)})
    assert named.mend("дружба").startswith("use one of A, B, C")
    assert named.mend("druzhba").startswith("did you mean A or B?")
    assert named.mend("dru").startswith("use one of"), "three letters are no name"


def test_names_work_on_the_command_line(ask: Ask) -> None:
    said = ask("flow", "azerbaijan", "--deny", "Россия", "--json")
    assert said.exit_code == 0
    assert json.loads(said.stdout)["run"]["options"]["denied"] == ["RUS"]
    wrong = ask("flow", "azerbaijan", "--deny", "Rosia")
    assert wrong.exit_code == 3
    assert "K0501 unknown jurisdiction 'Rosia'" in wrong.stderr


@pytest.mark.slow
def test_a_union_stands_for_its_members_in_the_model(ask: Ask) -> None:
    for word in ("CSTO", "ОДКБ", "одкб", "KGAÖ"):
        said = ask("flow", "kazakhstan", "--deny", word, "--json")
        assert said.exit_code == 0, said.stderr
        assert json.loads(said.stdout)["run"]["options"]["denied"] == ["ARM", "BLR", "KGZ", "RUS"], word
    alone = ask("flow", "azerbaijan", "--deny", "MERCOSUR", "--json")
    assert alone.exit_code == 3


def test_a_bundled_model_is_suggested(ask: Ask) -> None:
    said = ask("flow", "kazkhstan")
    assert said.exit_code == 3
    assert 'did you mean the bundled model "kazakhstan"?' in said.stderr
    assert "give a model folder" in ask("flow", "nowhere").stderr


@pytest.mark.parametrize("what", [*SORTS, "commodities", "scenarios", "facts"])
@pytest.mark.parametrize("model", MODELS)
def test_what_a_model_knows_is_listed(ask: Ask, what: str, model: str) -> None:
    said = ask("list", what, model, "--lang", "ru", "--json")
    assert said.exit_code == 0
    listed = json.loads(said.stdout)["result"]["codes"]
    assert listed or what in {"scenarios", "institutions", "options"}
    assert all(row["code"] for row in listed)


NAMED = [
    ("flow azerbaijan --deny {}", "GEO", ("Georgia", "Грузия", "Gürcistan", "geo")),
    ("flow azerbaijan --with {}", "SUPSA_READY", ("supsa_ready",)),
    ("losses azerbaijan --lose BTC --deny RUS+{}", "GEO", ("Georgia", "Грузия")),
    ("losses azerbaijan --lose {}", "BTC+BAKU_SUPSA", ("btc+baku_supsa",)),
    ("losses azerbaijan --lose BTC --with {}", "SUPSA_READY", ("supsa_ready",)),
    ("portfolio azerbaijan --draws 0 --partner {}", "RUS", ("Россия", "rus")),
    ("options uzbekistan --with {}", "CKU", ("cku",)),
    ("plan azerbaijan --against 1 --partner {}", "RUS,GEO", ("Russia,Грузия",)),
    ("layers uzbekistan --partner {}", "RUS", ("Ресей", "russia")),
    ("coalitions azerbaijan --draws 0 --partner {}", "RUS,GEO", ("Rusya,georgia",)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("words", "code", "names"), NAMED)
def test_a_name_in_the_place_of_a_code_gives_the_same_answer(
    ask: Ask, words: str, code: str, names: tuple[str, ...]
) -> None:
    wanted = ask(*words.format(code).split(), "--csv")
    assert wanted.exit_code == 0, wanted.stderr
    for name in names:
        assert ask(*words.format(name).split(), "--csv").stdout == wanted.stdout, name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        ("corridors kazakhstan --deny {}", "RUS", "Россия"),
        ("incident kazakhstan --draws 0 --days 7 --lose {}", "cpc-mooring:2", "CPC-Mooring:2"),
        ("layers kazakhstan --layer {}", "gas", "Gas"),
    ],
)
def test_and_where_several_words_are_joined(ask: Ask, words: str, code: str, name: str) -> None:
    wanted = ask(*words.format(code).split(), "--csv")
    assert wanted.exit_code == 0, wanted.stderr
    assert ask(*words.format(name).split(), "--csv").stdout == wanted.stdout


@pytest.mark.parametrize("word", ["SRB", "rs", "Serbia", "сербия", "Sırbistan"])
def test_a_state_outside_any_model_is_understood_too(word: str) -> None:
    assert state_called(word) == "SRB"
    assert state_called("no such state") is None
    assert state_called("") is None
