"""Drawing, placing and checking annotations, on passages made up here."""

import pytest

from benchmarks.reading import __main__ as command
from benchmarks.reading import annotations, checking, drawing
from benchmarks.reading.passages import Passage

TEXT = "Exports fell 5 pct to 20 mln dlrs. Imports rose 5 pct."
TEXTS = {"en-1": TEXT, "en-2": "Nothing here."}
EXPORT = {"doc": "en-1", "unit": "pct", "kind": "change_pct", "indicator": "export"}


def placed(**slots):
    return annotations.place({**EXPORT, **slots}, TEXTS)


def faults_of(*rows):
    return list(checking.faults(rows, TEXTS, {"en-1"}))


def test_a_place_is_found_by_the_stretch_around_it():
    row = placed(text="5 pct", near="fell 5 pct", value=-5)
    assert TEXT[row["start"] : row["end"]] == "5 pct"
    assert (row["start"], row["lo"], row["hi"], row["polarity"], row["tier"]) == (13, -5, -5, "neg", "core")
    assert faults_of(row) == []


def test_a_place_that_is_not_settled_is_a_fault():
    (fault,) = faults_of(placed(text="5 pct", value=5))
    assert "stands 2 times" in fault


@pytest.mark.parametrize(("comparator", "bounds"), [("gt", (5, None)), ("almost", (None, 5)), ("approx", (5, 5))])
def test_bounds_follow_from_the_comparator(comparator, bounds):
    row = placed(text="5 pct", near="rose 5 pct", value=5, comparator=comparator)
    assert (row["lo"], row["hi"]) == bounds


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"indicator": "exports"}, "indicator 'exports' is not known"),
        ({"subject": "UAE"}, "subject 'UAE' is not known"),
        ({"subject": "XQX_MFA"}, "subject 'XQX_MFA' is not known"),
        ({"subject": "PER", "partners": ["PER"]}, "the subject is its own partner"),
        ({"partners": ["WORLD"]}, "a total with the world has no partner"),
        ({"period": "2024-13"}, "period '2024-13' is not well formed"),
        ({"period": "2025/2024"}, "period '2025/2024' is not well formed"),
        ({"unit": "USD"}, "kind change_pct is counted in pct (or bp)"),
        ({"unit": "Mt", "kind": "level"}, "unit 'Mt' is not known"),
        ({"modality": "maybe"}, "modality 'maybe' is none of"),
        ({"comparator": "range"}, "a range has no value"),
        ({"tier": "aux"}, "tier should be core"),
        ({"colour": "red"}, "unknown slot 'colour'"),
        ({"start": 12}, "the passage has ' 5 pct' there"),
        ({"end": 99}, "lie outside the passage"),
    ],
)
def test_each_fault_is_named(slots, said):
    row = {**placed(text="5 pct", near="fell 5 pct", value=-5), **slots}
    assert any(said in fault for fault in faults_of(row))


def test_what_is_not_annotated_is_a_fault_and_empty_is_not():
    assert list(checking.faults([], TEXTS, {"en-2"})) == [
        "en-2: not annotated (no claim in it: write the empty line)"
    ]
    assert list(checking.faults([{"doc": "en-2", "empty": True}], TEXTS, {"en-2"})) == []
    row = placed(text="5 pct", near="fell 5 pct", value=-5)
    assert faults_of(row, {"doc": "en-1", "empty": True}) == ["en-1: said to be empty, but has claims"]
    assert "overlaps another claim" in faults_of(row, row)[0]


def test_no_word_of_the_text_is_kept():
    row = placed(text="5 pct", near="fell 5 pct", value=-5, note="fell")
    (kept,) = annotations.kept([row])
    assert set(kept) == set(annotations.FIELDS)


def test_a_good_or_firm_outside_the_tables_may_be_named():
    row = placed(text="5 pct", near="fell 5 pct", value=-5, commodity="sugar", subject="Air_Example")
    assert faults_of(row) == []


def corpus(count):
    kinds = ("a", "b", "b", "b")
    return [
        Passage(f"en-{n:03}", "en", kinds[n % 4], f"doc{n // 2}", None, f"exports of {n} tonnes")
        for n in range(count)
    ]


def test_a_draw_is_settled_by_its_seed_and_splits_by_document():
    every = corpus(400)
    rows = drawing.draw(every, 7, 20)
    assert rows == drawing.draw(reversed(every), 7, 20) != drawing.draw(every, 8, 20)
    assert len({row.group for row in rows}) == len(rows) == 40
    assert all(row.part == drawing.side(7, row.group) for row in rows)
    assert {part: sum(r.double for r in rows if r.part == part) for part in drawing.PARTS} == {
        "look": 4,
        "blind": 4,
    }


def test_a_fresh_draw_leaves_drawn_documents_alone():
    first = drawing.draw(corpus(400), 7, 20)
    fresh = drawing.draw(corpus(400), 8, 20, drawn=first, parts=["blind"])
    assert {row.part for row in fresh} == {"blind"}
    assert not {row.group for row in first} & {row.group for row in fresh}


def test_a_blind_part_that_has_been_opened_becomes_one_to_look_at_in_every_language(tmp_path):
    rows = [
        drawing.Drawn("en-1", "en", "blind", double=False, group="same"),
        drawing.Drawn("tr-1", "tr", "blind", double=False, group="same"),
        drawing.Drawn("tr-2", "tr", "blind", double=False, group="other"),
    ]
    now = {row.passage: row.part for row in drawing.retire(rows, "en")}
    assert now == {"en-1": "look", "tr-1": "look", "tr-2": "blind"}
    annotations.save([{"doc": "tr-1", "empty": True}, {"doc": "tr-2", "empty": True}], tmp_path / "blind/tr.jsonl")
    annotations.save([{"doc": "tr-9", "empty": True}], tmp_path / "look/tr.jsonl")
    annotations.move(tmp_path, now)
    assert [row["doc"] for row in annotations.load(tmp_path / "look/tr.jsonl")] == ["tr-1", "tr-9"]
    assert [row["doc"] for row in annotations.load(tmp_path / "blind/tr.jsonl")] == ["tr-2"]


@pytest.fixture
def given(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "TEXTS", tmp_path)
    monkeypatch.setattr(command, "passages", lambda language: corpus(400))
    table = tmp_path / "drawn.csv"
    drawing.write_drawn([drawing.Drawn("ru-1", "ru", "look", double=False, group="x")], table)
    return [
        "draw",
        "--lang",
        "en",
        "--figures",
        "20",
        "--packs",
        str(tmp_path / "packs"),
        "--drawn",
        str(table),
    ], table


def test_the_table_of_the_draw_keeps_other_languages_and_earlier_draws(given, capsys):
    arguments, table = given
    assert command.main([*arguments, "--seed", "7"]) == 0
    assert sorted({(r.lang, r.part) for r in drawing.read_drawn(table)}) == [
        ("en", "blind"), ("en", "look"), ("ru", "look"),
    ]  # fmt: skip
    assert command.main([*arguments, "--seed", "8"]) == 1
    assert "en has been drawn: give --fresh" in capsys.readouterr().err
    assert command.main([*arguments, "--seed", "8", "--fresh"]) == 0
    rows = drawing.read_drawn(table)
    assert sum(r.part == "look" for r in rows) == 41
    assert sum(r.part == "blind" for r in rows) == len({r.group for r in rows}) - 41 == 20
    assert "en-double-1.jsonl" in capsys.readouterr().out


def test_drawing_ends_when_nothing_is_left(given, capsys):
    arguments, _ = given
    assert command.main([*arguments[:3], "--figures", "9999", *arguments[5:], "--seed", "7"]) == 0
    assert command.main([*arguments, "--seed", "8", "--fresh"]) == 1
    assert "nothing is left" in capsys.readouterr().err


def test_a_passage_without_a_unit_is_not_drawn():
    assert drawing.draw([Passage("en-1", "en", "a", "d", None, "in 1987")], 7, 5) == []


def test_the_parts_in_the_repository_share_no_document():
    rows = drawing.read_drawn()
    look, blind = ({r.group for r in rows if r.part == part} for part in drawing.PARTS)
    assert look
    assert blind
    assert not look & blind
