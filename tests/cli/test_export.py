"""Out to the neighbours and in from them, by command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kopir.core.folders.folder import read_folder
from tests.cli.conftest import Ask
from tests.model.neighbours.power import optimum


@pytest.mark.parametrize("form", ["xlsx", "geojson", "parquet", "pypsa", "datapackage"])
def test_every_form_is_written_and_named(form: str, ask: Ask, two_routes: Path, tmp_path: Path) -> None:
    into = tmp_path / f"out.{form}"
    done = ask("export", two_routes, "--to", form, "--into", into, "--json")
    assert done.exit_code == 0, done.stderr
    names = json.loads(done.stdout)["result"]["files"]
    assert names == (
        [into.name] if into.is_file() else sorted(path.name for path in into.iterdir() if path.name[0] != ".")
    )


def test_a_workbook_goes_out_is_edited_and_comes_back(ask: Ask, two_routes: Path, tmp_path: Path) -> None:
    book, made = tmp_path / "two.xlsx", tmp_path / "made"
    assert ask("export", two_routes, "--to", "xlsx", "--into", book).exit_code == 0
    assert ask("new", made, "--from", book).exit_code == 0
    assert (
        ask("leverage", made, "--csv", "--draws", 0).stdout
        == ask("leverage", two_routes, "--csv", "--draws", 0).stdout
    )
    again = ask("new", made, "--from", book)
    assert (again.exit_code, "K0602" in again.stderr, "--replace" in again.stderr) == (3, True, True)
    (made / "carries.csv").write_text("link,commodity,nameplate\nA,crude,7\n", encoding="utf-8")
    assert ask("new", made, "--from", book, "--replace").exit_code == 0
    assert read_folder(made).tables["carries"].cells.equals(read_folder(two_routes).tables["carries"].cells)


def test_a_table_that_the_workbook_lacks_is_not_left_behind_silently(
    ask: Ask, two_routes: Path, tmp_path: Path
) -> None:
    book, made = tmp_path / "two.xlsx", tmp_path / "made"
    ask("export", two_routes, "--to", "xlsx", "--into", book)
    shutil.copytree(two_routes, made)
    (made / "names.csv").write_text("code,en\nA,Route A\n", encoding="utf-8")
    done = ask("new", made, "--from", book, "--replace")
    assert (done.exit_code, "names.csv" in done.stderr) == (3, True)


def test_the_network_of_two_routes_is_worth_what_the_model_is(ask: Ask, two_routes: Path, tmp_path: Path) -> None:
    done = ask("export", two_routes, "--to", "pypsa", "--into", tmp_path / "net")
    assert optimum(tmp_path / "net") == pytest.approx(-23_000)
    assert "-23,000" in done.stdout


def test_a_workbook_asked_as_a_model_says_how_to_make_one(ask: Ask, two_routes: Path, tmp_path: Path) -> None:
    book = tmp_path / "two.xlsx"
    ask("export", two_routes, "--to", "xlsx", "--into", book)
    done = ask("leverage", book)
    assert (done.exit_code, "kopir new DIR --from" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "nothing.xlsx"), "K0102"),
        (("--from", "."), "neither a workbook nor a PyPSA folder"),
        (("--replace",), "go with --from"),
    ],
)
def test_what_new_cannot_do_is_a_fault(words, said, ask: Ask, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    done = ask("new", "made", *words)
    assert (done.exit_code, said in done.stderr, "mend:" in done.stderr) == (3, True, True)
