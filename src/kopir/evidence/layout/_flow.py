"""The text that is read: blocks without line ends and marks that are no text, with a map back to the document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from kopir.evidence._records import Claim, Document, Relation, Span
from kopir.evidence.layout._blocks import Block, Layout
from kopir.evidence.layout._raised import is_power

_INVISIBLE = r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe]+"
_EDIT = regex.compile(
    rf"(?P<hidden>[\u00ad\ufffe]\r?\n[ \t]*|{_INVISIBLE}|(?<=[iı])\u0307)"
    r"|(?P<hyphen>(?<=\p{L})[-\u2010\u2011]\r?\n[ \t]*(?=\p{Ll}))"
    r"|(?P<dash>(?<=[\p{L}\p{N}])[-\u2010-\u2014]\r?\n[ \t]*(?=[\p{L}\p{N}]))"
    r"|(?P<line>[ \t\r]*\n[ \t]*)"
    r"|(?P<raised>[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)"
    r"|(?P<mark>(?<=[\p{L}\p{N}.,!?»”\")])\[\^?\d{1,3}\])"
)
_PLAIN = regex.compile(
    r"[^\n\u0307\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\u00b9\u00b2\u00b3\u2070-\u2079\[]*"
)
OVERRIDES = ("\u202d", "\u202e")
"""Marks that show characters in another order than they stand in; what a reader sees is not the text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which block a character of the flow stands in: its kind, and a number that grows by two over a table."""

    start: int
    kind: str
    number: int


class Flow:
    """The text that is read and, character by character, where it stands in the document."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.at = 0
        self.heres: list[int] = []
        self.theres: list[int] = []
        self.places: list[Place] = []
        self.text = ""

    def put(self, text: str, there: int) -> None:
        """Add text that stands at offset ``there`` of the document."""
        if not text:
            return
        straight = self.heres and self.theres[-1] - self.heres[-1] == there - self.at
        if not straight:
            self.heres.append(self.at)
            self.theres.append(there)
        self.parts.append(text)
        self.at += len(text)

    def place(self, offset: int) -> Place:
        """Return the block that a character of the flow stands in."""
        return self.places[max(0, bisect_right(self.places, offset, key=lambda p: p.start) - 1)]

    def span(self, start: int, end: int) -> Span:
        """Return where ``[start, end)`` of the flow stands in the document."""
        if not self.heres:
            return Span(start, end)
        first = self._there(start)
        return Span(first, max(first, self._there(end - 1) + 1) if end > start else first)

    def here(self, offset: int) -> int:
        """Return where a character of the document stands in the flow, or the next one that was kept."""
        n = max(range(len(self.theres)), key=lambda n: (self.theres[n] <= offset, self.theres[n]), default=None)
        return offset if n is None else self.heres[n] + max(0, offset - self.theres[n])

    def _there(self, offset: int) -> int:
        n = max(0, bisect_right(self.heres, offset) - 1)
        return self.theres[n] + offset - self.heres[n]


def flow_of(layout: Layout) -> Flow:
    """Return the text of the blocks that are read as language; tables and hidden parts are left out."""
    flow = Flow()
    number = 0
    for block in layout.blocks:
        number += 2 if block.kind == "table" else 1
        if block.kind in ("table", "hidden", "caption") or _overridden(layout.text, block):
            continue
        if flow.parts:
            flow.put("\n", block.span.start)
        flow.places.append(Place(flow.at, block.kind, number))
        for text, there in _read(layout.shown or layout.text, block.span):
            flow.put(text, there)
    flow.text = "".join(flow.parts)
    return flow


def _overridden(text: str, block: Block) -> bool:
    return any(text.find(mark, block.span.start, block.span.end) >= 0 for mark in OVERRIDES)


def _read(text: str, span: Span) -> Iterator[tuple[str, int]]:
    """Walk a block's text as it is read: whole runs, and one space for each line end inside."""
    at = span.start
    found = _PLAIN.match(text, span.start, span.end)
    if found is not None and found.end() == span.end:
        yield text[span.start : span.end], span.start
        return
    for edit in _EDIT.finditer(text, span.start, span.end):
        if edit["raised"] and is_power(text[max(span.start, edit.start() - 6) : edit.start()], edit["raised"]):
            continue
        yield text[at : edit.start()], at
        yield from _mended(text, edit)
        at = edit.end()
    yield text[at : span.end], at


def _mended(text: str, edit: regex.Match[str]) -> Iterator[tuple[str, int]]:
    if edit["line"]:
        yield " ", edit.start() + edit[0].index("\n")
    elif edit["dash"] or (edit["hyphen"] and _compound(text, edit)):
        yield edit[0][0], edit.start()


def _compound(text: str, edit: regex.Match[str]) -> bool:
    """Tell whether the text writes the word with its hyphen elsewhere, inside a line."""
    left = regex.search(r"\p{L}+$", text[max(0, edit.start() - 30) : edit.start()])
    right = regex.match(r"\p{L}+", text[edit.end() : edit.end() + 30])
    return bool(left and right) and f"{left[0]}-{right[0]}" in text


def claim_in_document(claim: Claim, flow: Flow, document: Document) -> Claim:
    """Return a claim of the flow with every place told in the document's own text."""
    span = flow.span(claim.start, claim.end)
    compared = (
        flow.span(claim.cmp_start, claim.cmp_end)
        if claim.cmp_start is not None and claim.cmp_end is not None
        else None
    )
    return replace(
        claim,
        start=span.start,
        end=span.end,
        text=document.text[span.start : span.end],
        cmp_text=document.text[compared.start : compared.end] if compared else None,
        cmp_start=compared.start if compared else None,
        cmp_end=compared.end if compared else None,
        page=document.page_of(span.start),
        inherited_from={slot: flow.span(s.start, s.end) for slot, s in claim.inherited_from.items()},
    )


def relation_in_document(relation: Relation, flow: Flow, document: Document) -> Relation:
    """Return a relation of the flow with its place told in the document's own text."""
    span = flow.span(relation.start, relation.end)
    return replace(relation, start=span.start, end=span.end, text=document.text[span.start : span.end])
