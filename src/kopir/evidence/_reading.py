"""Read files and folders: one document at a time, faults collected, finished work kept."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import regex

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError, UnreadableDocument
from kopir.core.spelling import did_you_mean
from kopir.evidence._corrections import Correction, apply_corrections, points_nowhere, read_corrections
from kopir.evidence._extract import Found, read_document
from kopir.evidence._readers import SUFFIXES, file_layout
from kopir.evidence._records import SCHEMA_VERSION, Claim, Document, Reading, Relation, Span, UnreadTable
from kopir.evidence.words._lexicon import LANGUAGES
from kopir.evidence.words._view import language_of

_DATE = regex.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_MIXED = regex.compile(r"(?=\p{L}*\p{Cyrillic})(?=\p{L}*\p{Latin})\b\p{L}{3,}\b")
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


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its path and the name that claims give it."""

    path: Path
    name: str


def find_documents(paths: Iterable[Path | str]) -> tuple[list[Source], list[Fault]]:
    """List the files to read, sorted; folders are walked, and links that lead out of them are refused (K2008)."""
    sources: list[Source] = []
    faults: list[Fault] = []
    for given in (Path(p) for p in paths):
        if given.is_dir():
            _walk(given, sources, faults)
        elif given.exists():
            sources.append(Source(given, given.name))
        else:
            faults.append(Fault("K2009", "there is no such file or folder", "check the path", file=str(given)))
    return sources, faults


def _walk(folder: Path, sources: list[Source], faults: list[Fault]) -> None:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or path.is_dir() or _about_documents(path):
            continue
        if not path.resolve().is_relative_to(root):
            faults.append(
                Fault("K2008", "the link leads out of the folder", "copy the file into the folder", file=str(path))
            )
            continue
        sources.append(Source(path, path.relative_to(folder).as_posix()))


def _about_documents(path: Path) -> bool:
    """Tell a table about documents (corrections, a catalogue, claims) from one that is a document itself."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.readline(4096).removeprefix(b"\xef\xbb\xbf")
    return b"doc" in [name.strip() for name in head.split(b",")]


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
) -> Iterator[Reading | Fault]:
    """Read documents one by one; a document that cannot be read comes as its Fault and stops nothing.

    ``date`` (``YYYY[-MM[-DD]]``) resolves relative periods; ``about`` is the state whose text it is: "the
    republic" and bare ministries are its own. ``catalogue`` gives date, lang and about per document name and wins
    over them. With ``journal`` finished documents are kept in that file and not read again while text and options
    stay the same. Raises InputError (K2013 date, language or state; every fault of the corrections).
    Corrections none of which is of a document read come as a last Fault (K2010).
    """
    _check(date, language, about)
    fixed = read_corrections(corrections) if corrections is not None else ()
    sources, faults = find_documents(paths)
    yield from faults
    kept = _kept(journal)
    for source in sources:
        row = (catalogue or {}).get(source.name, {})
        options = (row.get("date") or date, row.get("lang") or language, row.get("about") or about)
        try:
            yield _one(source, options, fixed, corrections, kept, journal, chooser, relations=relations)
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
    _check(date, language, about)
    document = Document(name, text, _language(text, language), date, about=about)
    found = read_document(document)
    return Reading(
        document, tuple(found.claims), tuple(found.relations), tuple(_mixed(document)), unread=found.unread
    )


def read_catalogue(path: Path) -> dict[str, dict[str, str]]:
    """Read what is known of documents from a CSV or JSON Lines file with columns doc, date, lang, about."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    rows: Iterable[dict[str, str]]
    rows = (
        (json.loads(line) for line in lines if line.strip()) if path.suffix == ".jsonl" else csv.DictReader(lines)
    )
    return {row["doc"]: {k: v for k, v in row.items() if k in ("date", "lang", "about") and v} for row in rows}


def _check(date: str | None, language: str, about: str | None = None) -> None:
    faults = []
    if about is not None and about not in codes("states"):
        mend = did_you_mean(about, sorted(codes("states")), "a state by its ISO 3166-1 alpha-3 code")
        faults.append(Fault("K2013", "this is no state", mend, value=about))
    if date is not None and not _DATE.fullmatch(date):
        faults.append(
            Fault("K2013", "the date is not understood", "write YYYY, YYYY-MM or YYYY-MM-DD", value=date)
        )
    if language not in (*LANGUAGES, "auto"):
        mend = f"use auto or one of {', '.join(LANGUAGES)}"
        faults.append(Fault("K2013", "no tables for this language", mend, value=language))
    if faults:
        raise InputError(faults)


def _language(text: str, language: str) -> str:
    return language if language != "auto" else language_of(text) or "en"


def _one(
    source: Source,
    options: tuple[str | None, str, str | None],
    corrections: Sequence[Correction],
    corrections_path: Path | None,
    kept: Mapping[str, Any],
    journal: Path | None,
    chooser: Chooser | None,
    *,
    relations: bool,
) -> Reading:
    raw = file_layout(source.path)
    date, language, about = options
    tongue = _language(raw.text, language)
    document = Document(source.name, raw.text, tongue, date, raw.pages, str(source.path), raw, about)
    key = _key(document, relations=relations)
    held = kept.get(key)
    if held is not None:
        found = _found(held)
    else:
        found = read_document(document, relations=relations)
        _keep(journal, key, found)
    claims = found.claims
    if chooser is not None:
        claims = chooser(document, claims)
    claims, faults = apply_corrections(document, claims, corrections, corrections_path)
    told = (*_lost(document), *_mixed(document), *faults)
    document = replace(document, layout=None)  # the cells of many tables would fill the memory
    return Reading(document, tuple(claims), tuple(found.relations), told, unread=found.unread)


def _lost(document: Document) -> list[Fault]:
    """Report the parts of a file that could not be read."""
    parts = document.layout.lost if document.layout is not None else ()
    mend = "save it anew from its source"
    return [Fault("K2016", why, mend, file=document.path or document.name) for why in parts]


def _mixed(document: Document) -> list[Fault]:
    """Report words that mix Latin and Cyrillic letters: names in them may be missed."""
    words = list(dict.fromkeys(_MIXED.findall(document.text)))
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


# ── journal ──────────────────────────────────────────────────────────────────────────────────────


def _key(document: Document, *, relations: bool) -> str:
    parts = (
        document.name,
        document.date or "",
        document.about or "",
        document.language,
        str(relations),
        str(SCHEMA_VERSION),
        document.text,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _kept(journal: Path | None) -> dict[str, Any]:
    """Return finished documents by key; a last line cut short by an interruption is left out."""
    if journal is None or not journal.exists():
        return {}
    out: dict[str, Any] = {}
    for line in journal.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        out[row["key"]] = row
    return out


def _keep(journal: Path | None, key: str, found: Found) -> None:
    if journal is None:
        return
    row = {
        "key": key,
        "claims": [c.as_record() for c in found.claims],
        "relations": [r.as_record() for r in found.relations],
        "unread": [asdict(table) for table in found.unread],
    }
    journal.parent.mkdir(parents=True, exist_ok=True)
    with journal.open("ab+") as stream:
        size = stream.seek(0, 2)
        if size:
            stream.seek(size - 1)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
        stream.write((json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n").encode())


def _found(row: Mapping[str, Any]) -> Found:
    unread = tuple(UnreadTable(**{**table, "span": Span(**table["span"])}) for table in row.get("unread", ()))
    return Found(
        [_claim(record) for record in row["claims"]], [_relation(record) for record in row["relations"]], unread
    )


def _claim(record: Mapping[str, Any]) -> Claim:
    names = {f.name for f in fields(Claim)}
    values = {k: v for k, v in record.items() if k in names}
    values["partners"] = tuple(record["partners"])
    values["withheld"] = tuple(record["withheld"])
    values["inherited_from"] = {slot: Span(*span) for slot, span in record["inherited_from"].items()}
    return Claim(**values)


def _relation(record: Mapping[str, Any]) -> Relation:
    names = {f.name for f in fields(Relation)}
    values = {k: v for k, v in record.items() if k in names}
    return (
        Relation(**values, relation_class=record["class"])
        if "relation_class" not in values
        else Relation(**values)
    )
