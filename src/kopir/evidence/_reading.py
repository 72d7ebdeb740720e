"""Read files and folders: one document at a time, faults collected, finished work kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import regex

from kopir.core.errors import Fault, InputError, UnreadableDocument
from kopir.evidence._corrections import Correction, apply_corrections, points_nowhere, read_corrections
from kopir.evidence._records import Claim, Document, Found, Reading, Relation, UnreadTable
from kopir.evidence.documents._bounds import Bounds
from kopir.evidence.documents._catalogue import option_faults
from kopir.evidence.documents._hands import Hand, Known, Opened, Source
from kopir.evidence.documents._journal import Journal, key_of, open_journal
from kopir.evidence.documents._sources import find_documents
from kopir.evidence.documents._worker import Worker

_WORD = regex.compile(r"\b\p{L}{3,}+\b")
_LATIN, _CYRILLIC = regex.compile(r"\p{Latin}"), regex.compile(r"\p{Cyrillic}")
Chooser = Callable[[Document, Sequence[Claim]], list[Claim]]


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All that was read: one Reading a document, and the faults of documents that could not be read."""

    readings: tuple[Reading, ...]
    faults: tuple[Fault, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Claims of all documents, in order of document and place."""
        return tuple(claim for reading in self.readings for claim in reading.claims)

    @property
    def relations(self) -> tuple[Relation, ...]:
        """Relations of all documents, in order of document and place."""
        return tuple(relation for reading in self.readings for relation in reading.relations)

    @property
    def unread(self) -> tuple[UnreadTable, ...]:
        """Tables of figures that gave no claim, in order of document and place."""
        return tuple(table for reading in self.readings for table in reading.unread)


def iter_readings(
    paths: Iterable[Path | str],
    *,
    date: str | None = None,
    language: str = "auto",
    about: str | None = None,
    catalogue: Mapping[str, Mapping[str, str]] | None = None,
    corrections: Path | None = None,
    journal: Path | None = None,
    chooser: Chooser | None = None,
    relations: bool = True,
    bounds: Bounds | None = None,
) -> Iterator[Reading | Fault]:
    """Read documents one by one; a document that cannot be read comes as its Fault and stops nothing.

    ``date`` (``YYYY[-MM[-DD]]``) resolves relative periods; ``about`` is the state whose text it is: "the
    republic" and bare ministries are its own. ``catalogue`` gives date, lang and about per document name and wins
    over them. With ``journal`` finished documents are kept in that file and not read again while text and options
    stay the same. With ``bounds`` a process of its own opens and reads them and is ended where one takes too much
    (K2018); without, this process does, for as long as it takes. Raises InputError (K2013 date, language or
    state; a journal that cannot be read; every fault of the corrections). Corrections none of which is of a
    document read come as a last Fault (K2010).
    """
    _check(date, language, about)
    fixed = read_corrections(corrections) if corrections is not None else ()
    held = open_journal(journal) if journal is not None else None
    desk = _Desk(fixed, corrections, held, chooser, relations)
    sources, faults = find_documents(paths)
    yield from faults
    yield from held.faults if held is not None else ()
    with _hand(bounds) as hand:
        for source in sources:
            row = (catalogue or {}).get(source.name, {})
            known = Known(row.get("date") or date, row.get("lang") or language, row.get("about") or about)
            try:
                yield desk.reading(source, known, hand)
            except UnreadableDocument as error:
                yield from error.faults
    if corrections is not None:
        yield from points_nowhere(fixed, (source.name for source in sources), corrections)


def read(
    paths: Iterable[Path | str],
    *,
    date: str | None = None,
    language: str = "auto",
    about: str | None = None,
    catalogue: Mapping[str, Mapping[str, str]] | None = None,
    corrections: Path | None = None,
    journal: Path | None = None,
    chooser: Chooser | None = None,
    relations: bool = True,
    bounds: Bounds | None = None,
) -> ReadResult:
    """Read documents and return all of it at once; options and errors as for iter_readings."""
    stream = iter_readings(
        paths,
        date=date,
        language=language,
        about=about,
        catalogue=catalogue,
        corrections=corrections,
        journal=journal,
        chooser=chooser,
        relations=relations,
        bounds=bounds,
    )
    readings: list[Reading] = []
    faults: list[Fault] = []
    for found in stream:
        if isinstance(found, Fault):
            faults.append(found)
        else:
            readings.append(found)
            faults.extend(found.faults)
    return ReadResult(tuple(readings), tuple(faults))


def read_text(
    text: str, *, name: str = "text", date: str | None = None, language: str = "auto", about: str | None = None
) -> Reading:
    """Read one text held in memory. Raises InputError (K2013) for a date, language or state that is none."""
    from kopir.evidence._extract import read_document
    from kopir.evidence.documents._opening import language_for

    _check(date, language, about)
    document = Document(name, text, language_for(text, language), date, about=about)
    found = read_document(document)
    return Reading(
        document, tuple(found.claims), tuple(found.relations), tuple(_mixed(document)), unread=found.unread
    )


def _check(date: str | None, language: str, about: str | None = None) -> None:
    faults = [replace(fault, column=None) for fault in option_faults(date, language, about)]
    if faults:
        raise InputError(faults)


@dataclass(frozen=True, slots=True)
class _Desk:
    """How every document of a run is read and what happens to its claims."""

    corrections: Sequence[Correction]
    corrections_path: Path | None
    journal: Journal | None
    chooser: Chooser | None
    relations: bool

    def reading(self, source: Source, known: Known, hand: Hand) -> Reading:
        """Read one document; raises UnreadableDocument."""
        opened = hand.open(source, known)
        document = opened.document
        found, told = self._found(document, hand)
        claims = found.claims if self.chooser is None else self.chooser(document, found.claims)
        claims, faults = apply_corrections(document, claims, self.corrections, self.corrections_path)
        told = (*_lost(opened), *_mixed(document), *faults, *told)
        return Reading(document, tuple(claims), tuple(found.relations), told, unread=found.unread)

    def _found(self, document: Document, hand: Hand) -> tuple[Found, tuple[Fault, ...]]:
        if self.journal is None:
            return hand.read(relations=self.relations), ()
        key = key_of(document, relations=self.relations)
        held = self.journal.found(key, len(document.text))
        if held is not None:
            return held, ()
        found = hand.read(relations=self.relations)
        fault = self.journal.keep(key, found)
        return found, () if fault is None else (fault,)


def _hand(bounds: Bounds | None) -> AbstractContextManager[Hand]:
    if bounds is not None:
        return Worker(bounds)
    from kopir.evidence.documents._opening import Here

    return nullcontext(Here())


def _lost(opened: Opened) -> list[Fault]:
    """Report the parts of a file that could not be read."""
    mend = "save it anew from its source"
    return [Fault("K2016", why, mend, file=opened.document.path) for why in opened.lost]


def _mixed(document: Document) -> list[Fault]:
    """Report words that mix Latin and Cyrillic letters: names in them may be missed."""
    words = [
        word
        for word in dict.fromkeys(_WORD.findall(document.text))
        if _LATIN.search(word) and _CYRILLIC.search(word)
    ]
    if not words:
        return []
    why = f"{len(words)} word(s) mix Latin and Cyrillic letters and may be misread"
    return [
        Fault(
            "K2014",
            why,
            "retype them in one script",
            file=document.path or document.name,
            value=", ".join(words[:5]),
        )
    ]
