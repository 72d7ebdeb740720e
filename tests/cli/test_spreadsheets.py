"""Answers for spreadsheets: CSV for Excel, workbooks, and the units of every answer."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from kopir.cli.options import Delivery
from kopir.report.forms.grids import Grid
from kopir.report.forms.spreadsheets import as_csv, as_workbook
from tests.cli.conftest import Ask


def test_csv_for_excel_says_its_encoding_and_units(ask: Ask, two_routes: Path, tmp_path: Path) -> None:
    file = tmp_path / "losses.csv"
    assert ask("leverage", two_routes, "--csv", "--excel", "--out", file).exit_code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfpartner,")
    heads, units, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    assert dict(zip(heads, units, strict=True))["leverage_musd"] == "million USD/yr"
    assert dict(zip(heads, units, strict=True))["stranded_mt"] == "Mt/yr"
    assert [row[0] for row in rows] == ["RUS", "CHN"]


def test_plain_csv_has_neither(ask: Ask, two_routes: Path) -> None:
    plain = ask("leverage", two_routes, "--csv").stdout
    excel = ask("leverage", two_routes, "--csv", "--excel").stdout
    assert plain.splitlines() == [
        line.removeprefix("\ufeff") for line in excel.splitlines() if "USD/yr" not in line
    ]


def test_a_workbook_holds_the_answer_with_units_and_the_run(ask: Ask, two_routes: Path, tmp_path: Path) -> None:
    file = tmp_path / "losses.xlsx"
    assert ask("leverage", two_routes, "--out", file).exit_code == 0
    with ZipFile(file) as book:
        names = book.read("xl/workbook.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert 'name="answer"' in names
    assert 'name="what each refusal costs at ' in names
    assert 'name="run"' in names
    assert "million USD/yr" in texts
    assert "leverage_musd" in texts


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    held = as_workbook(Grid(("a",), (("=1+1",), ("http://example.org",))), (), None)
    with ZipFile(io.BytesIO(held)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "=1+1" in book.read("xl/sharedStrings.xml").decode()
    assert ("<f>" in sheet, "hyperlink" in sheet) == (False, False)


def test_sheets_of_one_title_are_told_apart() -> None:
    same = Grid(("a",), ((1,),), "shares [of] what all players take at severity 1")
    with ZipFile(io.BytesIO(as_workbook(same, (same, same), None))) as book:
        names = book.read("xl/workbook.xml").decode()
    assert 'name="shares  of  what all players ta"' in names
    assert 'name="shares  of  what all player (2)"' in names


@pytest.mark.parametrize("words", [("--excel",), ("--json", "--out", "a.xlsx"), ("--csv", "--out", "a.xlsx")])
def test_words_that_do_not_go_together_are_refused(ask: Ask, two_routes: Path, words: tuple[str, ...]) -> None:
    assert ask("leverage", two_routes, *words).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("leverage",),
        ("coalitions",),
        ("coalitions", "--samples", "4"),
        ("portfolio",),
        ("options",),
        ("flow",),
        ("worst", "--k", "2"),
        ("outages", "--assets", "2"),
        ("losses", "--lose", "A"),
        ("incident", "--lose", "A", "--days", "3", "--draws", "0"),
    ],
    ids=" ".join,
)
def test_every_number_of_a_table_has_a_unit(ask: Ask, two_routes: Path, words: tuple[str, ...]) -> None:
    shown = ask(*words, two_routes, "--json")
    assert shown.exit_code == 0, shown.output
    record = json.loads(shown.stdout)
    named = {
        column
        for table in record["result"].values()
        if isinstance(table, list)
        for row in table
        if isinstance(row, dict)
        for column, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    assert named - record["units"].keys() == set()


def test_amounts_of_days_are_not_those_of_a_year(ask: Ask, two_routes: Path) -> None:
    units = json.loads(ask("incident", two_routes, "--lose", "A", "--days", "3", "--draws", "0", "--json").stdout)
    assert {units["units"][name] for name in ("loss_musd", "moved_mt")} == {"million USD", "Mt"}


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\tx",
        "\r=1",
        "\n",
        " =1",
        "\u00a0=1",
        "\ufeff=1",
        "\x01@x",
        "＝1",
    ],
)
def test_what_a_spreadsheet_would_compute_is_kept_from_it(cell: str) -> None:
    grid = Grid(("name", "value"), ((cell, -5.0), ("plain", 1.0), ("-5.5", 2.0)))
    guarded = list(csv.reader(io.StringIO(as_csv(grid, guard=True), newline="")))
    assert guarded[1:] == [[f"'{cell}", "-5.0"], ["plain", "1.0"], ["-5.5", "2.0"]]
    assert list(csv.reader(io.StringIO(as_csv(grid), newline="")))[1] == [cell, "-5.0"]


@pytest.mark.parametrize(("words", "guarded"), [(("--excel",), True), ((), False), (("--guard",), True)])
def test_the_guard_is_on_for_excel(words: tuple[str, ...], guarded: bool) -> None:
    assert (
        Delivery(csv=True, excel="--excel" in words, guard=True if "--guard" in words else None).guarded == guarded
    )
    assert not Delivery(csv=True, excel=True, guard=False).guarded
