"""Translated pages: every message stands in its page as it is today, is translated, and keeps code and links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

DOCS = Path(__file__).parents[1] / "docs"
CATALOGUES = sorted(DOCS.glob("locale/*/LC_MESSAGES/**/*.po"))
FILE_BLOCK = re.compile(r"^```\w+ (\S+\.\w+)( add)?$", re.MULTILINE)
TOKENS = re.compile(r"`[^`]+`|\]\([^)]+\)")


def page_of(catalogue: Path) -> str:
    within = catalogue.relative_to(DOCS / "locale").parts[2:]  # ru/LC_MESSAGES/how-to/imports.po
    return DOCS.joinpath(*within).with_suffix(".md").read_text(encoding="utf-8")


def test_there_are_some() -> None:
    assert {one.stem for one in CATALOGUES} >= {"index", "tutorial"}


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda one: one.relative_to(DOCS / "locale").as_posix())
def test_a_catalogue_is_that_of_its_page(catalogue: Path) -> None:
    page = page_of(catalogue)
    flat = " ".join(page.split())
    with catalogue.open("rb") as file:
        messages = [one for one in read_po(file, ignore_obsolete=True) if one.id]
    titles = {f"`{name}`{', more rows' * bool(more)}" for name, more in FILE_BLOCK.findall(page)}
    for one in messages:
        assert str(one.id) in flat or one.id in titles, one.id
        assert one.string, one.id
        assert sorted(TOKENS.findall(str(one.string))) == sorted(TOKENS.findall(str(one.id))), one.id
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)
    assert set(headings) <= {one.id for one in messages}, "a heading is not translated"
