"""What changes no meaning moves no answer, and what is written otherwise is told or moves none."""

import random

import pytest

import kopir
from tests.hostile.meaning import answers, central, moved, rows_of, run, write_rows
from tests.hostile.models import write_model


def _mixed(rows, chance):
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    return [[row[place] for place in order] for row in rows]


RELATIONS = {
    "rows in another order": lambda rows, chance: [rows[0], *chance.sample(rows[1:], len(rows) - 1)],
    "columns in another order": _mixed,
    "blank rows": lambda rows, _: [one for row in rows for one in (row, [""] * len(row))],
    "blanks around cells": lambda rows, _: [rows[0], *([f"  {cell} " for cell in row] for row in rows[1:])],
}  # fmt: skip
FORMS = {
    "semicolons": {"delimiter": ";"},
    "tabs and lines of Windows": {"delimiter": "\t", "end": "\r\n"},
    "quotes around every cell": {"quoted": True},
}


def changed(folder, change, **form):
    for path in folder.glob("*.csv"):
        write_rows(path, change(rows_of(path)), **form)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = write_model("wide", tmp_path_factory.mktemp("whole") / "m")
    return answers(folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", RELATIONS)
def test_the_order_and_blanks_of_tables_move_nothing(tmp_path, whole, name):
    folder, chance = write_model("wide", tmp_path / "m"), random.Random(3)
    changed(folder, lambda rows: RELATIONS[name](rows, chance))
    now = answers(folder)
    if name == "rows in another order":
        whole, now = central(whole), central(now)
    assert moved(whole, now) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_the_form_of_tables_moves_nothing(tmp_path, whole, name):
    folder = write_model("wide", tmp_path / "m")
    changed(folder, list, **FORMS[name])
    assert moved(whole, answers(folder)) == []


@pytest.mark.slow
def test_marks_of_byte_order_and_other_encodings_move_nothing(tmp_path, whole):
    folder = write_model("wide", tmp_path / "m")
    for number, path in enumerate(sorted(folder.glob("*.csv"))):
        path.write_text(path.read_text("utf-8"), ("utf-8-sig", "utf-16")[number % 2], newline="")
    assert moved(whole, answers(folder)) == []


@pytest.mark.slow
def test_a_player_that_nothing_names_moves_nothing(tmp_path, whole):
    folder = write_model("wide", tmp_path / "m")
    with (folder / "jurisdictions.csv").open("a", encoding="utf-8") as table:
        table.write("BRA,state,\n")
    assert moved(whole, answers(folder)) == []


@pytest.mark.slow
def test_clauses_named_in_another_order_move_nothing(tmp_path):
    before = write_model("wide", tmp_path / "a")
    after = write_model("wide", tmp_path / "b")
    for folder, clause in ((before, "RUS+CHN"), (after, " CHN +RUS")):
        rows = rows_of(folder / "denial.csv")
        place = rows[0].index("clause")
        rows[1][place] = clause
        write_rows(folder / "denial.csv", rows)
    assert moved(answers(before), answers(after)) == []


@pytest.mark.slow
def test_a_number_written_in_another_form_moves_nothing(tmp_path, whole):
    folder = write_model("wide", tmp_path / "m")
    rows = rows_of(folder / "facts.csv")
    place = rows[0].index("value")
    assert len(rows) > 1
    for row in rows[1:]:
        row[place] = f"{float(row[place]):.12e}" if row[place] else ""
    write_rows(folder / "facts.csv", rows)
    assert moved(whole, answers(folder)) == []


@pytest.mark.slow
def test_a_code_written_otherwise_is_told_or_moves_nothing():
    tried, told = run(60, seed=1)
    assert tried == 60
    assert told == []


@pytest.mark.slow
def test_losses_of_imports_stand_where_no_function_is_named_imports(tmp_path):
    folder = write_model("trade", tmp_path / "m")
    whole = kopir.open(folder).portfolio(draws=0).table
    write_rows(folder / "functions.csv", rows_of(folder / "functions.csv")[:1])
    alone = kopir.open(folder).portfolio(draws=0).table
    losses = [one.filter(function="imports")["leverage_musd"].drop_nulls().sort() for one in (whole, alone)]
    assert len(losses[0])
    assert losses[0].equals(losses[1])
