"""The tray: documents that were given to the pages, each kept under the hash of what it holds, never run."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kopir.core.errors import Fault, InputError
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.tables import format_table, make_table, parse_table
from kopir.core.folders.textfiles import read_text
from kopir.core.folders.together import changing

PLACE = Path(".kopir") / "documents"
MOST_DOCUMENTS = 200
MOST_BYTES = 20 * 2**20
"""Bytes of one document."""
KINDS = (".txt", ".md", ".csv", ".tsv", ".html", ".htm", ".pdf", ".docx", ".xlsx")
_MAGIC = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04"}
_KEY = re.compile(r"[0-9a-f]{64}")
_ODD = re.compile(r"[^\w.\- ]+", re.UNICODE)
_ABOUT = "about.json"
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """A document of the tray: the hash of what it holds, its name, and what was said of it."""

    key: str
    name: str
    date: str = ""
    about: str = ""


@dataclass(frozen=True)
class Tray:
    """The folder of documents; each lies in a folder of its own, with what is known of it and its corrections."""

    root: Path = PLACE

    def keep(self, name: str, data: bytes, *, date: str = "", about: str = "") -> Kept:
        """Keep a document and return it; what is held already is kept with what is said of it now.

        Raises :class:`InputError` for a kind that is not read, for what is not of its kind, and for a full tray.
        """
        kept = Kept(hashlib.sha256(data).hexdigest(), plain_name(name), date, about)
        _check(kept.name, data)
        held = self.listed()
        if len(held) >= MOST_DOCUMENTS and kept.key not in {one.key for one in held}:
            mend = f"take away {self.root}, which holds nothing else"
            raise InputError(Fault("K0505", f"the tray holds {MOST_DOCUMENTS} documents", mend))
        about_it = json.dumps({"name": kept.name, "date": date, "about": about}, ensure_ascii=False)
        self._write(kept.key, {kept.name: data, _ABOUT: about_it.encode()})
        return kept

    def listed(self) -> list[Kept]:
        """Return the documents, by name."""
        if not self.root.is_dir():
            return []
        found = [self._read(path.name) for path in self.root.iterdir() if _KEY.fullmatch(path.name)]
        return sorted((one for one in found if one is not None), key=lambda one: (one.name.casefold(), one.key))

    def document(self, key: str) -> Kept:
        """Return the document of a hash; raises :class:`InputError` where there is none."""
        kept = self._read(key) if _KEY.fullmatch(key) else None
        if kept is None:
            raise InputError(Fault("K0701", "there is no such document", "see /documents", value=key[:80]))
        return kept

    def path(self, kept: Kept) -> Path:
        """Return where a document lies."""
        return self.root / kept.key / kept.name

    def corrections(self, kept: Kept) -> Path | None:
        """Return the corrections of a document, ``None`` where there are none."""
        path = self.root / kept.key / "corrections.csv"
        return path if path.is_file() else None

    def correct(self, kept: Kept, row: dict[str, str]) -> None:
        """Add a correction to a document, in the place of one of the same slot of the same figure.

        Raises :class:`InputError` for one that corrections.csv cannot hold.
        """
        schema = table_schemas()["corrections"]
        with changing(self.root / kept.key) as change:
            rows = [one for one in self._rows(kept) if any(one[name] != row.get(name, "") for name in schema.key)]
            text = format_table(make_table(schema, [*rows, row]))
            faults = parse_table(text, schema)[1]
            if faults:
                raise InputError(faults)
            change.write({"corrections.csv": text.encode()})

    def _rows(self, kept: Kept) -> Sequence[dict[str, str]]:
        path = self.corrections(kept)
        text = None if path is None else read_text(path.parent, path.name)
        if not isinstance(text, str):
            return []
        table, _ = parse_table(text, table_schemas()["corrections"])
        return [dict(row) for row in table.records()]

    def _read(self, key: str) -> Kept | None:
        try:
            told = json.loads((self.root / key / _ABOUT).read_text("utf-8"))
            kept = Kept(key, plain_name(told["name"]), str(told["date"]), str(told["about"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if self.path(kept).is_file() else None

    def _write(self, key: str, files: dict[str, bytes]) -> None:
        with changing(self.root / key, make=True) as change:
            change.write(files)


def plain_name(name: str) -> str:
    """Return a name that leads nowhere: the last part of a path, letters, digits and a few signs."""
    last = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rpartition("/")[2]
    stem, dot, kind = _ODD.sub("_", last).strip(" .").rpartition(".")
    if not dot:
        stem, kind = kind, "txt"
    return f"{stem.strip(' .')[: _LONGEST - len(kind)] or 'document'}.{kind.lower()}"


def _check(name: str, data: bytes) -> None:
    kind = Path(name).suffix.lower()
    if kind not in KINDS or name in {_ABOUT, "corrections.csv"}:
        raise InputError(
            Fault("K2005", "this kind of file is not read", f"give one of {', '.join(KINDS)}", value=name)
        )
    if len(data) > MOST_BYTES:
        raise InputError(Fault("K0505", f"more than {MOST_BYTES // 2**20} MB", "split it", value=name))
    magic = _MAGIC.get(kind)
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    sound = data.startswith(magic) if magic else wide or b"\x00" not in data[:1024]
    if not data.strip() or not sound:
        raise InputError(Fault("K2005", "the file does not hold what its name says", "save it anew", value=name))
