"""Read the tables of a document: a claim for each cell that is understood, a name for each table that is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from kopir.evidence._records import Claim, Document, Span, UnreadTable
from kopir.evidence.frames._drafts import ROUTES
from kopir.evidence.layout._blocks import Block, Cell, Grid, Layout
from kopir.evidence.tables._cells import Setting, Slots, slots_of
from kopir.evidence.tables._figures import Figure, Marks, marks_of
from kopir.evidence.tables._parties import Headed
from kopir.evidence.tables._phrases import sense_of
from kopir.evidence.tables._shape import Datum, Shape, Shaper
from kopir.evidence.words._lexicon import lexicon

SURE = 0.95
_AMOUNT = regex.compile(r"[$€£₽₸₺]\s?\d|\d[\d.,\s]*(?:%|[\p{L}]{1,10}\.?\s+\p{L}{1,12})")
WORDS_ONLY = "it holds no figure"


@dataclass(frozen=True, slots=True)
class TablesRead:
    """Claims of the cells, and the tables of figures that gave none."""

    claims: tuple[Claim, ...] = ()
    unread: tuple[UnreadTable, ...] = ()


def read_tables(document: Document, layout: Layout) -> TablesRead:
    """Read every table of a document; offsets count in the text of ``layout``."""
    claims: list[Claim] = []
    unread: list[UnreadTable] = []
    number = 0
    for block in layout.blocks:
        if block.grid is None:
            continue
        number += 1
        found = _Table(document, layout, block, number).read()
        if isinstance(found, UnreadTable):
            unread.append(found)
        else:
            claims.extend(found)
    return TablesRead(tuple(claims), tuple(unread))


class _Table:
    def __init__(self, document: Document, layout: Layout, block: Block, number: int) -> None:
        self.document, self.layout, self.block, self.number = document, layout, block, number
        self.grid: Grid = block.grid if block.grid is not None else Grid(())
        self.sense = cache(lambda text: sense_of(text, document.language, document.date))

    def read(self) -> list[Claim] | UnreadTable:
        """Return the claims of the cells; the table's name and the reason where it gives none."""
        if self.grid.why is not None:
            return self._unread(self.grid.why)
        shape = Shaper(self.grid).shape()
        if shape.why == WORDS_ONLY and not any(_beside_words(cell.text) for cell in self.grid.cells):
            return []
        if shape.why is not None:
            why = "its cells hold words beside figures" if shape.why == WORDS_ONLY else shape.why
            return self._unread(why)
        setting = self._setting(shape)
        marks = marks_of((datum.cell for datum in shape.data), lexicon(self.document.language).settings)
        claims: list[Claim] = []
        reasons: Counter[str] = Counter()
        for datum in shape.data:
            found = self._claim(datum, marks, setting)
            if isinstance(found, str):
                reasons[found] += 1
            else:
                claims.append(found)
        if not claims:
            return self._unread(reasons.most_common(1)[0][0] if reasons else "no cell of it is understood")
        return claims

    def _setting(self, shape: Shape) -> Setting:
        captions = [self._at(span) for span in self.grid.captions]
        captions += [cell.text for cell in shape.titles]
        title = [self._at(self.grid.title)] if self.grid.title is not None else []
        return Setting(tuple(self.sense(text) for text in captions), tuple(self.sense(text) for text in title))

    def _at(self, span: Span) -> str:
        text = self.layout.shown or self.layout.text
        return text[span.start : span.end].replace("\u2060", "")

    def _claim(self, datum: Datum, marks: Marks, setting: Setting) -> Claim | str:
        figure = marks.figure(datum.cell)
        if figure is None:
            return "figures that cannot be read"
        heads = [Headed(self.sense(cell.text)) for cell in (*datum.sections, *datum.columns)]
        heads += [
            Headed(self.sense(cell.text), self.sense(over.text) if over is not None else None)
            for cell, over in datum.rows
        ]
        own = self.sense(f"{figure.currency} {figure.words}") if figure.words else None
        found = slots_of(figure, heads, setting, own)
        return found if isinstance(found, str) else self._made(datum, figure, found)

    def _made(self, datum: Datum, figure: Figure, slots: Slots) -> Claim:
        text = self.layout.text
        span = _trimmed(text, datum.cell.span)
        value = float(f"{figure.value * slots.unit.factor:.15g}")
        parties = (slots.parties.subject, *slots.parties.partners)
        inherited = dict.fromkeys(("subject", "partners", "period", "indicator"), _home(datum, span))
        return Claim(
            doc=self.document.name,
            lang=self.document.language,
            start=span.start,
            end=span.end,
            text=text[span.start : span.end],
            sentence=" | ".join(self._told(datum)),
            comparator="eq",
            value=value,
            lo=value,
            hi=value,
            unit=slots.unit.unit,
            rate=slots.unit.rate,
            kind=slots.kind,
            indicator=slots.indicator,
            subject=slots.parties.subject,
            partners=slots.parties.partners,
            route=next((code for code in parties if code in ROUTES), None),
            commodity=slots.commodity,
            period=slots.period,
            modality=slots.modality,
            polarity="neg" if value < 0 else "pos",
            page=self.document.page_of(span.start),
            inherited_from={slot: place for slot, place in inherited.items() if _filled(slots, slot)},
            confidence={slot: SURE for slot in inherited if _filled(slots, slot)} if not slots.why else {},
            bound_by={slot: "table" for slot in inherited if _filled(slots, slot)},
            withheld=slots.why,
            published=not slots.why,
        )

    def _told(self, datum: Datum) -> Iterable[str]:
        """Walk the texts that make the sense of a cell: captions, heads, the figure."""
        for span in self.grid.captions:
            yield " ".join(self._at(span).split())
        for cell in (*datum.sections, *(row for row, _ in datum.rows), *datum.columns, datum.cell):
            yield " ".join(cell.text.split())

    def _unread(self, why: str) -> UnreadTable:
        page = self.document.page_of(self.block.span.start)
        where = self.grid.where or (f"page {page}" if page is not None else "")
        caption = next((" ".join(self._at(span).split()) for span in self.grid.captions), "")
        return UnreadTable(
            self.document.name, self.document.language, self.number, where, why, self.block.span, caption, page
        )


def _filled(slots: Slots, name: str) -> bool:
    """Tell whether a slot is filled."""
    held = {
        "subject": slots.parties.subject,
        "partners": slots.parties.partners,
        "period": slots.period,
        "indicator": slots.indicator,
    }
    return bool(held[name])


def _beside_words(text: str) -> bool:
    """Tell whether a cell holds a figure with words beside it ("5.1 million tonnes"), not a year or a number."""
    return _AMOUNT.search(text) is not None


def _home(datum: Datum, span: Span) -> Span:
    """Return the span of the nearest head of a row, else of a column, else of the figure."""
    cells: Sequence[Cell] = [row for row, _ in datum.rows] or list(datum.columns)
    return cells[-1].span if cells else span


def _trimmed(text: str, span: Span) -> Span:
    raw = text[span.start : span.end]
    body = raw.strip()
    first = span.start + (raw.index(body) if body else 0)
    return Span(first, first + len(body))
