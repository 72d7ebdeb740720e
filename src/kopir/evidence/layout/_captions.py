"""Which lines around a table belong to it: its caption and unit line above, its sources and notes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from kopir.evidence.layout._blocks import Block, Layout

_NUMBERED = regex.compile(
    r"\W*(?:(?:table|таблица|табл\.|tablo|çizelge|кесте|annex|приложение)\s*(?:№|no\.?|nr\.?)?\s*[\dA-ZА-ЯIVX]"
    r"|\d+(?:\.\d+)*\s*[-–.]?\s*(?:кесте|tablo|таблица|table|çizelge)\b)",
    regex.I,
)
_NOTE = regex.compile(
    r"\W*(?:source|sources|note|notes|источник|источники|примечани\p{L}+|kaynak|kaynaklar|not|notlar|дереккөз|"
    r"дереккөзі|ескерту)\s*[:.]|[*†‡¹²³]|\d{1,2}\)\s|\[\d{1,2}\]",
    regex.I,
)
_STOP = regex.compile(r"[.!?…][\"»”')\]]*$")
_SHORTENED = regex.compile(
    r"(?:\p{L}\.){2,}$|(?:^|[\s\d(])(?:гг?|т|долл|руб|тыс|тг|ж|ед|шт|mln|bn)\.\)?$", regex.I
)
_FIGURE = regex.compile(r"\d+")
_YEAR = regex.compile(r"(?:19|20)\d\d")
LONGEST = 240
NEAR = 3


def with_captions(layout: Layout) -> Layout:
    """Return the layout with captions and notes of tables told from the running text, each tied to its table."""
    blocks = list(layout.blocks)
    for n, block in enumerate(blocks):
        if block.grid is None:
            continue
        held = [blocks[m].span for m in _above(layout, blocks, n)]
        for m in _above(layout, blocks, n):
            if blocks[m].kind != "heading":
                blocks[m] = replace(blocks[m], kind="caption")
        for m in _below(layout, blocks, n):
            blocks[m] = replace(blocks[m], kind="note")
        spans = tuple(dict.fromkeys((*sorted(held), *block.grid.captions)))
        title = next((b.span for b in reversed(blocks[:n]) if b.kind == "heading" and b.span not in spans), None)
        blocks[n] = replace(block, grid=replace(block.grid, captions=spans, title=title))
    return replace(layout, blocks=tuple(blocks))


def _above(layout: Layout, blocks: Sequence[Block], n: int) -> list[int]:
    """Return the blocks straight above a table that only introduce it, up to the one that numbers it."""
    out: list[int] = []
    for m in range(n - 1, max(-1, n - 1 - NEAR), -1):
        block = blocks[m]
        text = layout.text[block.span.start : block.span.end]
        if block.kind == "heading":
            grid = blocks[n].grid
            if not out and (grid is None or not grid.captions):
                out.append(m)  # a heading over a caption is that of the section, not of the table
            break
        if block.kind != "caption" and not (block.kind == "paragraph" and _introduces(text)):
            break
        out.append(m)
        if _NUMBERED.match(text):
            break
    return out


def _introduces(text: str) -> bool:
    """Tell a caption or unit line from a sentence: numbered as a table, or short without stop and figure."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        return False
    figures = [f for f in _FIGURE.findall(text) if not _YEAR.fullmatch(f)]
    if _NUMBERED.match(text):
        return len(figures) <= 3
    return not figures and (_STOP.search(text) is None or _SHORTENED.search(text) is not None)


def _below(layout: Layout, blocks: Sequence[Block], n: int) -> list[int]:
    out: list[int] = []
    for m in range(n + 1, min(len(blocks), n + 1 + NEAR)):
        block = blocks[m]
        if block.kind in ("paragraph", "item") and _NOTE.match(layout.text, block.span.start, block.span.end):
            out.append(m)
        elif block.kind != "note":
            break
    return out
