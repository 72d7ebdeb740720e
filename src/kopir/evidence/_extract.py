"""Read one document: sentences and tables, claims, relations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kopir.evidence._records import Claim, Document, Found, Relation
from kopir.evidence.frames._drafts import ROUTES, Draft
from kopir.evidence.frames._gate import licence
from kopir.evidence.frames._linking import Linker
from kopir.evidence.frames._lists import spanned
from kopir.evidence.frames._relations import RelationReader
from kopir.evidence.layout._blocks import Layout
from kopir.evidence.layout._flow import Flow, claim_in_document, flow_of, relation_in_document
from kopir.evidence.layout._plain import plain_layout
from kopir.evidence.sentence._attribution import Speakers
from kopir.evidence.sentence._goods import good_said, sole_good
from kopir.evidence.sentence._places import place_of
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.tables._reading import read_tables
from kopir.evidence.words._firms import firms_of
from kopir.evidence.words._lexicon import lexicon
from kopir.evidence.words._view import fold, has_script, language_of, sentences

FOREIGN = 40
LONG = 500
"""Characters of a sentence kept on either side of a figure."""


def layout_of(document: Document) -> Layout:
    """Return the layout of a document; a text without one is plain text."""
    return document.layout or plain_layout(document.text)


def sentences_of(document: Document, flow: Flow) -> Iterator[Sentence]:
    """Walk the sentences of a document; a paragraph in another script is read in its own language.

    Offsets count in the text of ``flow``.
    """
    text, view = flow.text, fold(flow.text)
    tables = lexicon(document.language)
    cyrillic = document.language in ("ru", "kk")
    firms = firms_of(text, document.language)
    for start, end, _ in sentences(text, view, tables.abbreviations):
        own = tables
        foreign = end - start > FOREIGN and has_script(view, start, end, latin=cyrillic)
        found = language_of(text[start:end]) if foreign else None
        if found is not None and (found in ("ru", "kk")) != cyrillic:
            own = lexicon(found)
        place = flow.place(start)
        yield Sentence(text, view, start, end, place.number, own, document.date, place.kind, firms)


def claims_of(document: Document) -> list[Claim]:
    """Return the claims of a document, in the order of their places."""
    return read_document(document, relations=False).claims


def read_document(document: Document, *, relations: bool = True) -> Found:
    """Return the claims and relations of a document, and its tables that were not read."""
    layout = layout_of(document)
    flow = flow_of(layout)
    running = replace(document, text=flow.text, pages=(), layout=None)
    claims: list[Claim] = []
    found: list[Relation] = []
    for group in _apart(sentences_of(document, flow)):
        linker = Linker(document.date, group, document.about)
        ties = RelationReader(running, linker)
        goods, speakers = Goods(), Speakers()
        told: list[tuple[Draft, str | None, str | None]] = []
        for sentence in group:
            said_by = speakers.read(sentence)
            told += [(draft, goods.before(sentence), said_by) for draft in linker.link(sentence)]
            goods.hear(sentence)
            if relations:
                found.extend(ties.read(sentence))
        whole = spanned([draft for draft, *_ in told])
        claims += [_claim(running, draft, said, by) for draft, (_, said, by) in zip(whole, told, strict=True)]
    tables = read_tables(document, layout)
    claims = [*(claim_in_document(claim, flow, document) for claim in claims), *tables.claims]
    claims.sort(key=lambda claim: (claim.start, claim.end))
    return Found(claims, [relation_in_document(tie, flow, document) for tie in found], tables.unread)


def _apart(held: Iterator[Sentence]) -> list[Sequence[Sentence]]:
    """Part the running text from each note: a note says nothing of the text and the text nothing of it."""
    text: list[Sentence] = []
    notes: list[Sentence] = []
    for sentence in held:
        (notes if sentence.block == "note" else text).append(sentence)
    return [text, *(list(group) for _, group in groupby(notes, key=lambda s: s.paragraph))]


@dataclass
class Goods:
    """The one good that the text has spoken of last, and where."""

    code: str | None = None
    paragraph: int = 0

    def before(self, sentence: Sentence) -> str | None:
        """Return the good that a sentence may be of when it names none."""
        return self.code if sentence.paragraph - self.paragraph <= 1 else None

    def hear(self, sentence: Sentence) -> None:
        """Take note of what a sentence names; one that names several goods leaves it open."""
        if sentence.hits["goods"]:
            self.code, self.paragraph = sole_good(sentence), sentence.paragraph


def _claim(document: Document, draft: Draft, said: str | None, said_by: str | None) -> Claim:
    q, s = draft.quantity, draft.sentence
    start, end = s.span(q.first, q.last)
    compared = s.span(*q.compared) if q.compared else None
    inside = compared is not None and start <= compared[0] < end
    good = good_said(s, q, draft.indicator, said)
    place = place_of(s, q, draft.indicator)
    licensed = licence(draft, draft.bound, good, placed=place is not None)
    return Claim(
        doc=document.name,
        lang=document.language,
        start=start,
        end=end,
        text=document.text[start:end],
        sentence=_around(document.text, (s.start, s.end), (start, end)),
        comparator=q.comparator,
        value=q.value,
        lo=q.lo,
        hi=q.hi,
        unit=q.unit or "",
        kind=draft.kind,
        cmp_text=document.text[slice(*compared)] if compared and not inside else None,
        cmp_start=compared[0] if compared and not inside else None,
        cmp_end=compared[1] if compared and not inside else None,
        route=_route(draft),
        commodity=good.code,
        attribution=said_by,
        rate=q.rate,
        indicator=draft.indicator,
        subject=draft.subject or (place.state if place is not None else None),
        perimeter=place.code if place is not None else None,
        partners=draft.partners,
        period=draft.period,
        modality=draft.modality,
        polarity="neg" if q.value is not None and q.value < 0 else "pos",
        page=document.page_of(start),
        inherited_from=draft.inherited,
        confidence=licensed.confidence,
        bound_by=licensed.rules,
        withheld=licensed.gaps,
        published=not licensed.gaps,
    )


def _around(text: str, sentence: tuple[int, int], figure: tuple[int, int]) -> str:
    """Return the sentence, of a very long one what stands around the figure."""
    first, last = max(sentence[0], figure[0] - LONG), min(sentence[1], figure[1] + LONG)
    return text[first:last].strip()


def _route(draft: Draft) -> str | None:
    """Return the route among the parties."""
    return next((code for code in (draft.subject, *draft.partners) if code in ROUTES), None)
