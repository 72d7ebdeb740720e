"""A file of finished documents: a line each, with the hash of what it holds, so that a later run goes on."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from kopir.core.encoding import shown_path
from kopir.core.errors import Fault, InputError
from kopir.core.outward import finite
from kopir.evidence._records import SCHEMA_VERSION, Claim, Document, Found, Relation, UnreadTable

HASH = "sha256"
Row = TypeVar("Row", Claim, Relation, UnreadTable)
_LOG = logging.getLogger("kopir.evidence")


@dataclass(frozen=True, slots=True)
class Journal:
    """Where finished documents lie: begin and size of each line by its key, and what is told of other lines."""

    path: Path
    lines: Mapping[str, tuple[int, int]]
    faults: tuple[Fault, ...]

    def found(self, key: str, length: int) -> Found | None:
        """Return what a text of ``length`` characters gave before, ``None`` where the file does not hold it."""
        if key not in self.lines:
            return None
        start, size = self.lines[key]
        try:
            with self.path.open("rb") as stream:
                stream.seek(start)
                row = _verified(stream.read(size))
            return None if row is None or row["key"] != key else _found(row, length)
        except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
            return None

    def keep(self, key: str, found: Found) -> Fault | None:
        """Add a finished document; returns the fault of a file that cannot take it."""
        row = {
            "key": key,
            "claims": [c.as_record() for c in found.claims],
            "relations": [r.as_record() for r in found.relations],
            "unread": [asdict(table) for table in found.unread],
        }
        told = {name: finite(held) for name, held in row.items()}
        line = json.dumps({**told, HASH: _hash(told)}, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One write: lines of several runs that share the file do not mix.
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                size = os.fstat(handle).st_size
                os.lseek(handle, max(0, size - 1), os.SEEK_SET)
                whole = size == 0 or os.read(handle, 1) == b"\n"
                data = (line if whole else f"\n{line}").encode()
                if os.write(handle, data) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            finally:
                os.close(handle)
        except OSError as error:
            why = f"the journal cannot be written: {error.strerror}; the document is read anew next time"
            return Fault("K2020", why, "name a file that may be written", shown_path(self.path))
        return None


def open_journal(path: Path) -> Journal:
    """Open a journal; lines that do not hold what their hash says are left out and told (K2020).

    A line cut short by an interruption is left out without a word. Raises InputError when the file cannot be
    read.
    """
    file = shown_path(path)
    mend = "name another file; documents are then read anew"
    lines: dict[str, tuple[int, int]] = {}
    spoilt: list[int] = []
    try:
        if not path.exists():
            return Journal(path, {}, ())
        if not path.is_file():
            raise InputError(Fault("K0102", "the journal is no plain file", mend, file))
        with path.open("rb") as stream:
            start = 0
            for number, line in enumerate(stream, 1):
                row = _verified(line)
                if row is not None:
                    lines[row["key"]] = (start, len(line))
                elif line.strip() and not _cut(line):
                    spoilt.append(number)
                start += len(line)
    except OSError as error:
        raise InputError(Fault("K0102", f"the journal cannot be read: {error.strerror}", mend, file)) from error
    return Journal(path, lines, tuple(_told(spoilt, file)))


def key_of(document: Document, *, relations: bool) -> str:
    """Return what a document and all that decides how it is read hash to."""
    parts = (
        document.name,
        document.date or "",
        document.about or "",
        document.language,
        str(relations),
        str(SCHEMA_VERSION),
        document.text,
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _told(spoilt: list[int], file: str) -> Iterator[Fault]:
    if spoilt:
        why = (
            f"{len(spoilt)} line(s) of the journal do not hold what their hash says; their documents are read anew"
        )
        yield Fault("K2020", why, "delete the journal, or leave it: it mends itself", file, spoilt[0])


def _cut(line: bytes) -> bool:
    return line.startswith(b'{"claims": ') and not line.rstrip().endswith(b"}")


def _verified(line: bytes) -> dict[str, Any] | None:
    """Return the row of a line, ``None`` where its hash does not say that it is as it was written."""
    try:
        row = json.loads(line)
        told = row.pop(HASH)
        return row if isinstance(row["key"], str) and told == _hash(row) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _hash(row: Mapping[str, Any]) -> str:
    text = json.dumps(row, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _found(row: Mapping[str, Any], length: int) -> Found:
    """Return what a row holds of a text of ``length`` characters; raises ValueError where it cannot be of it.

    A hash says that a line is as it was written, not who wrote it: slots are of their kinds, places in the text.
    """
    found = Found(
        _as(Claim, map(_claim, row["claims"])),
        _as(Relation, ({**record, "relation_class": record["class"]} for record in row["relations"])),
        tuple(_as(UnreadTable, row.get("unread", ()))),
    )
    places = [(table.span.start, table.span.end) for table in found.unread]
    places += [(one.start, one.end) for one in found.relations]
    places += [(one.start, one.end) for one in found.claims]
    places += [(one.cmp_start or 0, one.cmp_end or 0) for one in found.claims]
    told = [number for table in found.unread for number in (table.number, table.page or 0)]
    told += [claim.page or 0 for claim in found.claims]
    if not all(0 <= start <= end <= length for start, end in places) or not all(0 <= n < 2**31 for n in told):
        raise ValueError("a place outside the text")
    return found


def _as(kind: type[Row], records: Iterable[Mapping[str, Any]]) -> list[Row]:
    from pydantic import TypeAdapter  # a tenth of a second, which a reading without a journal is spared

    names = {one.name for one in fields(kind)}
    known = [{name: value for name, value in record.items() if name in names} for record in records]
    # From JSON, for which strictness still makes tuples and records of lists and objects.
    return TypeAdapter(list[kind]).validate_json(json.dumps(known), strict=True)  # type: ignore[valid-type]


def _claim(record: Mapping[str, Any]) -> dict[str, Any]:
    spans = {slot: {"start": start, "end": end} for slot, (start, end) in record["inherited_from"].items()}
    return {**record, "inherited_from": spans}
