"""The brief as Markdown: pipe tables, footnotes, figures as files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kopir.report.content import FRONT, Block, Brief, Cell, Figure, Items, Note, Number, Prose, Source, Table
from kopir.report.numbers import UNKNOWN, printed

SHOWN = 12
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def as_markdown(brief: Brief) -> str:
    """Return the brief as Markdown with footnotes (``[^1]``, one for each ground)."""
    writer = _Writer(brief)
    return "\n".join(writer.lines()).rstrip() + "\n"


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def is_numeric(table: Table, index: int) -> bool:
    """Return whether a column of a table holds numbers, and so is set to the right."""
    return any(isinstance(row[index], Number) for row in table.rows)


class _Writer:
    """Writes one brief; knows the numbers of its footnotes."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._marks = {note.ground: f"[^{number}]" for number, note in enumerate(brief.notes, start=1)}

    def lines(self) -> Iterator[str]:
        brief = self._brief
        yield from (f"# {plain(brief.title)}", "", plain(brief.subtitle), "", f"*{plain(brief.legend)}*", "")
        for place, section in enumerate(brief.sections):
            if section.key not in FRONT and brief.sections[place - 1].key in FRONT:
                yield from (f"# {plain(brief.labels['annex'])}", "")
            yield from (f"## {plain(section.title)}", "")
            for block in section.blocks:
                yield from self._block(block)
                yield ""
        yield from (f"## {plain(brief.labels['notes.title'])}", "")
        for note in brief.notes:
            yield from (self._note(note), "")
        yield from (f"## {plain(brief.labels['notes.assumptions'])}", "")
        for assumed in brief.assumptions:
            yield f"- `{assumed.cell}`: {plain(assumed.text)}" + (
                f" – {plain(assumed.basis)}" if assumed.basis else ""
            )
        yield from ("", f"## {plain(brief.labels['notes.sources'])}", "")
        for fact in brief.facts:
            sources = "; ".join(_source(source) for source in fact.sources)
            yield f"- {plain(fact.code)}: {plain(fact.text)}" + (f" – {sources}" if sources else "")

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Prose():
                yield self._prose(block)
            case Items():
                for number, item in enumerate(block.items, start=1):
                    yield f"{f'{number}.' if block.ordered else '-'} {self._prose(item)}"
            case Table():
                yield from self._table(block)
            case Figure():
                yield f"![{plain(block.caption)}](figures/{block.key}.svg)"

    def _prose(self, prose: Prose) -> str:
        return "".join(self._cell(part, spaced=True) for part in prose.parts)

    def _table(self, table: Table) -> Iterator[str]:
        yield from (plain(table.caption), "")
        yield "| " + " | ".join(plain(column) for column in table.columns) + " |"
        numeric = [is_numeric(table, index) for index in range(len(table.columns))]
        yield "|" + "|".join(" ---: " if right else " --- " for right in numeric) + "|"
        for row in table.rows:
            yield "| " + " | ".join(self._cell(cell, spaced=False) for cell in row) + " |"

    def _cell(self, cell: Cell, *, spaced: bool) -> str:
        if isinstance(cell, Number):
            text = printed(cell, self._brief.language)
            return text if text == UNKNOWN else f"{text}{self._marks[cell.ground]}"
        if not spaced:
            return plain(cell)
        inner = plain(cell)
        return (" " if cell[:1].isspace() else "") + inner + (" " if cell[-1:].isspace() and inner else "")

    def _note(self, note: Note) -> str:
        labels = self._brief.labels
        parts = [f"{self._marks[note.ground]}: `{note.ground}`: {plain(note.text)}"]
        if note.facts:
            parts.append(f"{labels['notes.facts']}: {_listed(note.facts, labels['notes.more'])}.")
        if note.assumptions:
            parts.append(f"{labels['notes.assumptions']}: {_listed(note.assumptions, labels['notes.more'])}.")
        if note.builds_on:
            parts.append(plain(labels["notes.builds_on"].replace("{ground}", note.builds_on)))
        return " ".join(parts)


def _listed(items: tuple[str, ...], more: str) -> str:
    shown = "; ".join(plain(item) for item in items[:SHOWN])
    rest = len(items) - SHOWN
    return f"{shown}; {plain(more.replace('{count}', str(rest)))}" if rest > 0 else shown


def _source(source: Source) -> str:
    words = plain(", ".join(part for part in (source.title, source.date) if part))
    address = safe_address(source.url)
    return f"[{words}](<{address}>)" if address else words


def safe_address(url: str) -> str:
    """Return a web address that a page may link to, or nothing: scripts, files and odd characters are refused."""
    return url if re.fullmatch(r"https?://[^\s<>\"'`\\]+", url) else ""
