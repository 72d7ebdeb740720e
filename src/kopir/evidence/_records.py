"""What reading gives: documents, spans, claims, relations, and the faults met on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kopir.core.errors import Fault
from kopir.evidence._spans import Span as Span
from kopir.evidence.layout._blocks import Layout

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its name, date and language.

    ``date`` is ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; ``None`` where nobody has said. ``language`` is
    ``ru``, ``en``, ``tr`` or ``kk``. ``pages`` holds the character span of each page of a PDF, else is empty.
    ``about`` is the state whose text it is, where that is known. ``layout`` holds the blocks of the file; without
    it the text is read as plain text.
    """

    name: str
    text: str
    language: str
    date: str | None = None
    pages: tuple[Span, ...] = ()
    path: str | None = None
    layout: Layout | None = field(default=None, compare=False, repr=False)
    about: str | None = None

    def page_of(self, offset: int) -> int | None:
        """Return the page, counted from 1, that holds a character offset."""
        for number, page in enumerate(self.pages, 1):
            if page.start <= offset < page.end:
                return number
        return None


@dataclass(frozen=True, slots=True)
class Claim:
    """One quantity that a document states, with its sense.

    ``value``, ``lo`` and ``hi`` are in base units (``unit``; 5 bn = 5e9); a fall is negative; ``None`` bounds
    are open. ``inherited_from`` names for each slot the span it was taken from when that span lies outside the
    claim's own sentence part; ``confidence`` holds a number in 0..1 per slot. A slot that the text does not
    settle is ``None``. ``bound_by`` names the construction that bound each slot, ``withheld`` what keeps
    the claim from being published, ``filled_by`` the slots an optional plug-in chose. ``sentence`` is what stands
    around
    the figure, cut where it is very long.
    """

    doc: str
    lang: str
    start: int
    end: int
    text: str
    comparator: str
    value: float | None
    lo: float | None
    hi: float | None
    unit: str
    kind: str
    sentence: str = ""
    cmp_text: str | None = None
    cmp_start: int | None = None
    cmp_end: int | None = None
    rate: str | None = None
    indicator: str | None = None
    subject: str | None = None
    partners: tuple[str, ...] = ()
    route: str | None = None
    commodity: str | None = None
    perimeter: str | None = None
    period: str | None = None
    modality: str = "actual"
    attribution: str | None = None
    polarity: str = "pos"
    page: int | None = None
    inherited_from: Mapping[str, Span] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    filled_by: Mapping[str, str] = field(default_factory=dict)
    bound_by: Mapping[str, str] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    corrected: bool = False
    published: bool = False

    @property
    def id(self) -> str:
        """Name the claim by document and place, so that it survives re-reading."""
        return f"{self.doc}#{self.start}-{self.end}"

    def as_record(self) -> dict[str, Any]:
        """Return the claim as one flat record in the field names of the gold annotation."""
        record: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "id": self.id}
        for name in CLAIM_FIELDS:
            record[name] = getattr(self, name)
        record["partners"] = list(self.partners)
        record["inherited_from"] = {
            slot: [span.start, span.end] for slot, span in sorted(self.inherited_from.items())
        }
        record["confidence"] = {slot: round(c, 3) for slot, c in sorted(self.confidence.items())}
        record["filled_by"] = dict(sorted(self.filled_by.items()))
        record["bound_by"] = dict(sorted(self.bound_by.items()))
        record["withheld"] = list(self.withheld)
        return record


SENSE = (
    "comparator",
    "value",
    "lo",
    "hi",
    "unit",
    "rate",
    "kind",
    "indicator",
    "subject",
    "partners",
    "route",
    "commodity",
    "perimeter",
    "period",
    "modality",
    "attribution",
)
"""Slots that say what a claim means; a person may correct each of them."""

CLAIM_FIELDS = (
    "doc",
    "lang",
    "start",
    "end",
    "text",
    "sentence",
    "cmp_text",
    "cmp_start",
    "cmp_end",
    *SENSE,
    "polarity",
    "page",
    "inherited_from",
    "confidence",
    "filled_by",
    "bound_by",
    "withheld",
    "corrected",
    "published",
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One tie that a document states: who, which class, towards whom, when, in which mode."""

    doc: str
    lang: str
    start: int
    end: int
    text: str
    actor: str | None
    relation: str
    relation_class: str
    targets: tuple[str, ...] = ()
    date: str | None = None
    modality: str = "actual"
    attribution: str | None = None

    @property
    def id(self) -> str:
        """Name the relation by document, place and kind."""
        return f"{self.doc}#{self.start}-{self.end}:{self.relation}"

    def as_record(self) -> dict[str, Any]:
        """Return the relation as one flat record in the field names of the gold annotation."""
        return {
            "schema_version": SCHEMA_VERSION,
            "id": self.id,
            "doc": self.doc,
            "lang": self.lang,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "actor": self.actor,
            "relation": self.relation,
            "class": self.relation_class,
            "targets": list(self.targets),
            "date": self.date,
            "modality": self.modality,
            "attribution": self.attribution,
        }


@dataclass(frozen=True, slots=True)
class UnreadTable:
    """A table of figures that gave no claim: its number in the document, its page or sheet, and why."""

    doc: str
    lang: str
    number: int
    where: str
    why: str
    span: Span
    caption: str = ""
    page: int | None = None

    def __str__(self) -> str:
        place = f"table {self.number}, {self.where}" if self.where else f"table {self.number}"
        return f"{place}: not read, {self.why}"

    def as_record(self) -> dict[str, Any]:
        """Return the fields of a claim; ``kind`` is ``not_read`` and ``sentence`` names the table."""
        record: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "id": f"{self.doc}#table{self.number}"}
        record |= dict.fromkeys(CLAIM_FIELDS)
        record |= {"doc": self.doc, "lang": self.lang, "start": self.span.start, "end": self.span.end}
        record |= {"text": self.caption, "sentence": str(self), "kind": NOT_READ, "page": self.page}
        record |= {"partners": [], "inherited_from": {}, "confidence": {}, "filled_by": {}}
        record |= {"bound_by": {}, "withheld": [self.why]}
        return record | {"corrected": False, "published": False}


NOT_READ = "not_read"
"""Kind of a record that names a table which gave no claim."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a document says, each in the order of its place, and the tables of figures that said nothing."""

    claims: list[Claim]
    relations: list[Relation]
    unread: tuple[UnreadTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document gave: its text, claims, relations, tables not read, and faults that did not stop it."""

    document: Document
    claims: tuple[Claim, ...]
    relations: tuple[Relation, ...]
    faults: tuple[Fault, ...] = ()
    unread: tuple[UnreadTable, ...] = ()
