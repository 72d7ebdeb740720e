"""What is known of documents beforehand: a table with their date, language and state."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import regex

from kopir.core.codes import codes
from kopir.core.encoding import decoded, shown_path
from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.evidence.words._lexicon import LANGUAGES

MAX_BYTES = 32 * 2**20
_DATE = regex.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_SAID = ("date", "lang", "about")


def read_catalogue(path: Path) -> dict[str, dict[str, str]]:
    """Read what is known of documents from a CSV or JSON Lines file with columns doc, date, lang, about.

    Raises InputError with every fault: a file that cannot be read (K0102, K0104), lines that are no rows (K0105),
    dates, languages and states that are none (K2013).
    """
    file = shown_path(path)
    try:
        if not path.is_file():
            raise InputError(Fault("K0102", "no such file", "check the path of the catalogue", file))
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise InputError(Fault("K0102", why, "check path and rights", file)) from error
    text = decoded(data).text
    if len(data) > MAX_BYTES or text is None:
        code, why = ("K0103", "more than 32 MiB") if len(data) > MAX_BYTES else ("K0104", "no text in UTF-8")
        raise InputError(Fault(code, why, "save it anew as a CSV of the documents that are read", file))
    found: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    rows = _json_rows(text, file) if path.suffix.lower() == ".jsonl" else _csv_rows(text, file)
    for line, row in rows:
        told = [row] if isinstance(row, Fault) else _row_faults(row, file, line)
        if isinstance(row, dict) and not told:
            found[row["doc"]] = {name: row[name] for name in _SAID if row.get(name)}
        faults += told
    if faults:
        raise InputError(faults)
    return found


def option_faults(date: str | None, language: str, about: str | None) -> list[Fault]:
    """Return what is wrong with what is said of a document (K2013)."""
    faults = []
    if about is not None and about not in codes("states"):
        mend = did_you_mean(about, sorted(codes("states")), "a state by its ISO 3166-1 alpha-3 code")
        faults.append(Fault("K2013", "this is no state", mend, value=about, column="about"))
    if date is not None and not _DATE.fullmatch(date):
        mend = "write YYYY, YYYY-MM or YYYY-MM-DD"
        faults.append(Fault("K2013", "the date is not understood", mend, value=date, column="date"))
    if language not in (*LANGUAGES, "auto"):
        mend = f"use auto or one of {', '.join(LANGUAGES)}"
        faults.append(Fault("K2013", "no tables for this language", mend, value=language, column="lang"))
    return faults


def _row_faults(row: dict[str, str], file: str, line: int) -> list[Fault]:
    told = option_faults(row.get("date") or None, row.get("lang") or "auto", row.get("about") or None)
    faults = [Fault(one.code, one.why, one.mend, file, line, one.column, one.value) for one in told]
    if not row.get("doc"):
        faults.append(Fault("K0203", "doc is blank", "name the document as it is read", file, line, "doc"))
    return faults


def _csv_rows(text: str, file: str) -> Iterator[tuple[int, dict[str, str] | Fault]]:
    reader = csv.DictReader(io.StringIO(text, newline=None), strict=True)
    try:
        if "doc" not in (reader.fieldnames or ()):
            yield (
                1,
                Fault("K0201", "column 'doc' is missing", "write the header doc,date,lang,about", file, 1, "doc"),
            )
            return
        for row in reader:
            line = reader.line_num
            if None in row or None in row.values():
                yield (
                    line,
                    Fault("K0105", "not as many cells as the header", "quote cells with commas", file, line),
                )
            else:
                yield line, {name: cell.strip() for name, cell in row.items()}
    except csv.Error as error:
        yield reader.line_num, Fault("K0105", f"not CSV: {error}", "mend the row", file, reader.line_num)


def _json_rows(text: str, file: str) -> Iterator[tuple[int, dict[str, str] | Fault]]:
    for line, told in enumerate(io.StringIO(text, newline=None), 1):
        if not told.strip():
            continue
        try:
            row = json.loads(told)
        except (ValueError, RecursionError) as error:
            yield line, Fault("K0105", f"not JSON: {str(error)[:80]}", "write one object a line", file, line)
            continue
        if not isinstance(row, dict) or not all(isinstance(row.get(name, ""), str) for name in ("doc", *_SAID)):
            why = "no object whose doc, date, lang and about are texts"
            yield line, Fault("K0105", why, "write one object a line", file, line)
        else:
            yield line, row
