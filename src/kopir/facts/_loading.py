"""Claims from where they lie: readings of documents, files of claims, and the fact table of a model folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folder import Folder
from kopir.core.tables import Table
from kopir.core.textfiles import read_text
from kopir.facts._claims import claims_table

if TYPE_CHECKING:
    from kopir.evidence import Reading

MAX_CLAIM_BYTES = 2**30
_SUFFIXES = (".jsonl", ".parquet")
_WORDS = (
    ("almost", r"almost|nearly|close to|just under|a little under"),
    ("gt", r"over|more than|above|exceeds?|exceeded|in excess of"),
    ("ge", r"at least|no less than|not less than"),
    ("upto", r"up to|at most|no more than|not more than"),
    ("approx", r"about|around|approximately|roughly|some"),
)


def claims_of_readings(
    readings: Iterable[Reading], sources: Mapping[str, Mapping[str, str]] | None = None
) -> pl.DataFrame:
    """Return the claims of documents read by :func:`kopir.evidence.read`.

    ``sources`` gives ``source`` and ``class`` by document name, where they are known. A claim is published on
    the day of its document.
    """
    known = sources or {}
    records = []
    for reading in readings:
        about = known.get(reading.document.name, {})
        for claim in reading.claims:
            record = claim.as_record()
            record |= {
                "published": reading.document.date,
                "source": about.get("source"),
                "class": about.get("class"),
            }
            records.append(record)
    return claims_table(records)


def read_claims(path: Path, classes: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Return the claims of a file: JSON Lines or Parquet in the field names of the gold annotation.

    Annotated negatives (``tier`` negative) are left out. Raises :class:`InputError` when the file cannot be read
    or a claim has faults.
    """
    if path.suffix not in _SUFFIXES:
        raise InputError(
            Fault("K3007", "no file of claims", f"give a file ending in {' or '.join(_SUFFIXES)}", str(path))
        )
    if path.suffix == ".parquet":
        try:
            table = pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise InputError(
                Fault("K3007", f"cannot be read: {error}", "write the claims anew", str(path))
            ) from error
        if table.schema.get("published") == pl.Boolean:
            table = table.drop("published")  # readings use the word for whether a claim is of a release
        return claims_table(table, classes)
    text = read_text(path.parent, path.name, limit=MAX_CLAIM_BYTES)
    if isinstance(text, Fault):
        raise InputError(text)
    return claims_table([_own(record) for record in _json_lines(text, path.name)], classes)


def _json_lines(text: str, name: str) -> Iterable[dict[str, Any]]:
    faults = []
    for line, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        try:
            record = json.loads(row)
        except json.JSONDecodeError as error:
            faults.append(Fault("K3007", f"not JSON: {error.msg}", "write one JSON object a line", name, line))
            continue
        if not isinstance(record, dict):
            faults.append(Fault("K3007", "no JSON object", "write one JSON object a line", name, line))
        elif record.get("tier") != "negative":
            yield record
    if faults:
        raise InputError(faults)


def _own(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with ``published`` as a date: readings use the word for the publication of a claim."""
    own = dict(record)
    if not isinstance(own.get("published"), str):
        own["published"] = None
    return own


def claims_of_folder(folder: Folder) -> pl.DataFrame:
    """Return what the sources of a model folder say: the rows of its fact table that a source states.

    Derived facts and assumptions are no statements and are left out. The figure as written, and a word such as
    «almost» before it, are taken from the quote or the note.
    """
    sources = {row["source"]: row for row in folder.tables["sources"].records()}
    records = [_claim_of_row(row, sources) for row in folder.tables["facts"].records() if _is_stated(row)]
    stated = claims_table(records)
    held = folder.path / "claims" / "claims.parquet"
    return (
        pl.concat([stated, read_claims(held)]).unique("id", keep="last", maintain_order=True)
        if held.is_file()
        else stated
    )


def _is_stated(row: Mapping[str, str]) -> bool:
    return (
        not row["formula"]
        and row["modality"] != "assumption"
        and bool(row["sources"])
        and not row["fact"].startswith("R-")
    )


def _claim_of_row(row: Mapping[str, str], sources: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    first = sources.get(row["sources"].split()[0], {})
    value, low, high = (float(row[name]) if row[name] else None for name in ("value", "low", "high"))
    ranged = low is not None and high is not None
    text = row["quote"] or row["note"]
    return {
        "id": row["fact"],
        "doc": first.get("title") or row["sources"],
        "source": row["sources"].split()[0],
        "class": first.get("class") or "unknown",
        "published": first.get("date") or None,
        "text": _figure(text, value),
        "comparator": "range" if ranged else note_comparator(text, value),
        "value": None if ranged else value,
        "lo": low if ranged else None,
        "hi": high if ranged else None,
        "unit": row["unit"],
        "kind": {"flag": "flag", "date": "date"}.get(row["unit"], row["kind"] or "level"),
        "indicator": row["indicator"],
        "subject": row["subject"] or None,
        "partners": row["partners"].split(),
        "route": row["route"] or None,
        "commodity": row["commodity"] or None,
        "perimeter": row["perimeter"] or None,
        "period": row["period"] or None,
        "modality": row["modality"] or "actual",
    }


def _figure(text: str, value: float | None) -> str:
    """Return the number in ``text`` that is ``value`` in some scale, as written with its unit."""
    for match in re.finditer(r"(\d+(?:[.,]\d+)*)(\s+[^\d;,.()]{1,24})?", text):
        if _is_value(match[1], value):
            return match[0].strip()
    return ""


def note_comparator(text: str, value: float | None) -> str:
    """Return the comparator that stands before ``value`` in an English note, ``eq`` when none does."""
    for comparator, words in _WORDS:
        for match in re.finditer(rf"\b(?:{words})\s+(?:\w+\s+)?(\d+(?:[.,]\d+)*)", text, re.IGNORECASE):
            if _is_value(match[1], value):
                return comparator
    return "eq"


def _is_value(written: str, value: float | None) -> bool:
    if not value:
        return False
    try:
        number = float(written.replace(",", "."))
    except ValueError:
        return False
    return any(abs(number * scale / abs(value) - 1) < 1e-6 for scale in (1.0, 1e3, 1e6, 1e9, 1e12, 1e-3))


def combined(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the claims of several tables as one; a claim read twice counts once."""
    return pl.concat(tables).unique("id", keep="last", maintain_order=True)


def table_rows(table: Table) -> list[dict[str, str]]:
    """Return the rows of a model table as text."""
    return list(table.records())
