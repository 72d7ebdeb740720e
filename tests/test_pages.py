"""Every page of the documentation is executed; the site is built from all of them; made pages are as made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kopir.cli.application import application
from kopir.cli.commands_page import commands_page
from kopir.cli.examples import examples
from tests.cli.test_examples import HEADS
from tests.pages import DOCS, blocks, run
from tests.stability.answers import prepare, read_table

PAGES = sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))
OWN_TEST = {"tutorial.md"}
TO_RUN = [page for page in PAGES if any(kind in {"sh", "python"} for kind, _, _ in blocks(DOCS / page))]
NOTE = "In 2024 Kazakhstan exported 68.6 million tonnes of oil. In 2025 it exported 70.5 million tonnes of oil.\n"
PDF = "#set document(date: none)\nIn 2024 Kazakhstan exported 68.6 million tonnes of oil."


NEEDS_MORE = {"commands.md", "disputed.md", "questions.md", "serve.md"}
"""Pages of commands that need other files, take minutes or run until interrupted; one holds tested examples."""
RUN_ELSEWHERE = frozenset(line for lines in examples().values() for line in lines) | {
    f"kopir {kept.command}" for kept in read_table()
}
"""Commands that the tests of examples and of stored answers run; long ones are not run twice."""


def world_file(path: Path, year: int, seller: int = 643, buyer: int = 398) -> None:
    """Write a year of trade between the states of the pages, in all chapters, as BACI does."""
    pairs = {
        (seller, buyer),
        (buyer, seller),
        (156, 398),
        (398, 156),
        (51, 643),
        (643, 51),
        (688, 276),
        (276, 688),
        (688, 643),
    }
    rows = [
        f"{year},{one},{other},{chapter:02d}0110,{1000 + chapter}.5,10"
        for chapter in range(1, 98)
        if chapter != 77
        for one, other in sorted(pairs)
    ]
    path.write_text("\n".join((HEADS, *rows, "")), encoding="utf-8")


def lay_out(folder: Path) -> None:
    """Lay into a folder what the pages name: texts, a report, a table, files of trade."""
    import typst
    from xlsxwriter import Workbook

    prepare(folder)
    for name in ("article.txt", "folder/note.txt", "archive/note.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(NOTE, encoding="utf-8")
    (folder / "page.html").write_text(f"<html><body><article><p>{NOTE * 3}</p></article></body></html>", "utf-8")
    (folder / "report.pdf").write_bytes(typst.compile(PDF.encode()))
    with Workbook(folder / "trade.xlsx") as book:
        book.add_worksheet("oil").write_row(0, 0, ("Country", "2024"))
    for name in ("BACI_HS92_Y2023_V202501", "BACI_HS92_Y2024_V202501", "BACI_HS17_Y2023_V202501"):
        world_file(folder / f"{name}.csv", int(name[11:15]))


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in TO_RUN if page not in OWN_TEST])
def test_a_page_does_what_it_says(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    lay_out(tmp_path)
    runner = CliRunner()
    told = list(blocks(DOCS / page))
    elsewhere = frozenset[str]() if any(kind == "text" for kind, _, _ in told) else RUN_ELSEWHERE
    ran = run(DOCS / page, tmp_path, lambda *words: runner.invoke(application, list(words)), elsewhere)
    assert ran > 0 or {where for kind, where, _ in told if kind in {"sh", "python"}} == {"no-run"}


def test_there_are_pages_to_run() -> None:
    assert len(TO_RUN) >= 15
    assert set(TO_RUN) >= OWN_TEST


@pytest.mark.parametrize("page", PAGES)
def test_what_is_only_shown_holds_no_command(page: str) -> None:
    shown = [text for kind, where, text in blocks(DOCS / page) if not kind or where == "no-run"]
    if page in NEEDS_MORE:
        return
    assert [line for text in shown for line in text.splitlines() if line.startswith("kopir ")] == []


def test_every_page_is_in_the_contents_once() -> None:
    contents = re.findall(r"^([\w/-]+)$", (DOCS / "index.md").read_text("utf-8"), flags=re.MULTILINE)
    assert sorted(f"{page}.md" for page in contents) == [page for page in PAGES if page != "index.md"]


def test_links_between_pages_lead_somewhere() -> None:
    links = [
        (page, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)", (DOCS / page).read_text("utf-8"))
        if "://" not in target
    ]
    assert [(page, target) for page, target in links if not ((DOCS / page).parent / target).exists()] == []


def test_the_page_of_commands_is_as_made() -> None:
    made = commands_page()
    assert (DOCS / "commands.md").read_text("utf-8") == made, "python -m kopir.cli.commands_page docs"
