"""Blocks of Markdown; signs of the markup are cut out of the blocks, so that every offset is that of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import Block, Cell, Grid, Layout
from kopir.evidence.layout._plain import Line, lines_of, prose, wrapping_width

_HIDDEN = regex.compile(r"<!--.*?(?:-->|\Z)|\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?=\n|\Z)", regex.S)
_SIGNS = regex.compile(
    r"!\[[^\]\n]*\]\([^)\n]*\)|(?<=\])\([^)\n]*\)|\[\^[^\]\n]{1,20}\](?!:)|<https?://[^>\n]*>"
    r"|</?(?:b|i|u|em|strong|span|a|br|font|mark|small|abbr)\b[^>\n]{0,200}>"
    r"|<(?P<raised>sup|sub|del|s|strike)\b[^>\n]{0,200}>[^<\n]{0,200}</(?P=raised)>"
    r"|~~[^~\n]+~~|^#{1,6}[ \t]|(?<=\s)#+[ \t]*$|^[ \t]{0,3}>[ \t]?|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}"
    r"|(?<!\^)\[(?!\^)|(?<=[^\]\s])\](?=[\[(]?)|\\(?=[*_#|`\[\]])",
    regex.M,
)
_HEADING = regex.compile(r"#{1,6}[ \t]+\S")
_NOTE = regex.compile(r"\[\^[^\]\n]{1,20}\]:[ \t]*")
_FENCE = regex.compile(r"(?:```|~~~)")
_RULE = regex.compile(r"\|?[ \t]*:?-{1,}:?[ \t]*(?:\|[ \t]*:?-{1,}:?[ \t]*)*\|?")
_CELL = regex.compile(r"(?:\\.|[^|\\])*")
_UNDERLINE = regex.compile(r"(?:=+|-+)")


def markdown_layout(text: str) -> Layout:
    """Return the blocks of a Markdown text; what is shown has the length of the text, signs of markup blanked."""
    blank = _HIDDEN.sub(_blanked, text)
    lines = lines_of(blank)
    shown = _SIGNS.sub(_blanked, blank)
    blocks: list[Block] = []
    run: list[Line] = []
    n = 0

    def close() -> None:
        if run:
            blocks.extend(_prose(shown, run))
            run.clear()

    while n < len(lines):
        line = lines[n]
        taken = _fenced(lines, n) or _table(lines, n)
        if taken:
            close()
            if not _FENCE.match(line.text):
                blocks.append(_grid(shown, lines[n : n + taken]))
            n += taken
            continue
        if not line.text or _HEADING.match(line.text) or _NOTE.match(line.text) or _RULE.fullmatch(line.text):
            close()
        if _HEADING.match(line.text):
            blocks.append(Block("heading", Span(line.start, line.end)))
        elif note := _NOTE.match(line.text):
            blocks.append(Block("note", Span(line.start + note.end(), line.end)))
        elif line.text and not _UNDERLINE.fullmatch(line.text) and not _RULE.fullmatch(line.text):
            run.append(line)
        n += 1
    close()
    return Layout(text, tuple(blocks), shown=shown)


def _blanked(found: regex.Match[str]) -> str:
    """Blank a sign one for one; line ends stay."""
    return "".join(c if c == "\n" else "\u2060" for c in found[0])


def _prose(text: str, run: Sequence[Line]) -> Iterator[Block]:
    yield from prose(text, run, wrapping_width(run) or 0)


def _fenced(lines: Sequence[Line], n: int) -> int:
    """Count the lines of a block of code that begins at line ``n``."""
    if not _FENCE.match(lines[n].text):
        return 0
    for m in range(n + 1, len(lines)):
        if lines[m].text.startswith(lines[n].text[:3]):
            return m - n + 1
    return len(lines) - n


def _table(lines: Sequence[Line], n: int) -> int:
    """Count the lines of a table that begins at line ``n``: a head, a rule, rows."""
    if (
        n + 1 >= len(lines)
        or "|" not in lines[n].text
        or not _RULE.fullmatch(lines[n + 1].text)
        or "-" not in lines[n + 1].text
    ):
        return 0
    m = n + 2
    while m < len(lines) and "|" in lines[m].text:
        m += 1
    return m - n


def _grid(text: str, lines: Sequence[Line]) -> Block:
    cells: list[Cell] = []
    row = 0
    for n, line in enumerate(lines):
        if n == 1:
            continue
        at, col, end = line.start, 0, line.end
        if text[at] == "|":
            at += 1
        if end - 1 > at and text[end - 1] == "|":
            end -= 1
        while at <= end:
            found = _CELL.match(text, at, end)
            stop = found.end() if found is not None else end
            body = text[at:stop].replace("\u2060", "").strip()
            cells.append(Cell(body, Span(at, stop), row, col, head=n == 0))
            at, col = stop + 1, col + 1
        row += 1
    return Block("table", Span(lines[0].start, lines[-1].end), Grid(tuple(cells)))
