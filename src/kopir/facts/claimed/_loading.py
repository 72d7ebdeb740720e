"""Claims from where they lie: readings of documents, files of claims, and the fact table of a model folder."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import Folder
from kopir.core.folders.tables import Table
from kopir.core.folders.textfiles import read_text
from kopir.core.spelling import did_you_mean
from kopir.facts.claimed._claimfaults import record_faults
from kopir.facts.claimed._claims import CLAIM_COLUMNS, claims_table
from kopir.facts.claimed._standing import UNREVIEWED, standing_of

if TYPE_CHECKING:
    from kopir.evidence import Reading

MAX_CLAIM_BYTES = 2**30
_UTF8 = "save the file as UTF-8"
RECONCILED = "R-"
"""Prefix of the ids of facts that reconciliation wrote; they are rewritten, not read, the next time."""
PARQUET = ".parquet"
FILTERS = (
    "commodity",
    "doc",
    "indicator",
    "kind",
    "modality",
    "partners",
    "perimeter",
    "period",
    "route",
    "subject",
    "unit",
)
"""Slots by which claims may be filtered."""
_UNKNOWN = "unknown name "
"""How a reading says that it knows no code for a name beside a figure."""
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
            record = with_open_slot(claim.as_record())
            record |= {
                "standing": standing_of(record),
                "published": reading.document.date,
                "source": about.get("source"),
                "class": about.get("class"),
            }
            records.append(record)
    return claims_table(records)


def with_open_slot(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of a claim with a name that the reader does not know as its route, ``?larnaca``.

    Whether the name is of a place or a partner is not known; that the figure is of a part is, and without the slot
    the part would contradict the whole.
    """
    names = sorted(_unknown_names(record.get("withheld")))
    return {**record, "route": "?" + "+".join(names)} if names and not record.get("route") else dict(record)


def _unknown_names(withheld: object) -> set[str]:
    reasons = withheld.split(";") if isinstance(withheld, str) else withheld
    told = [str(one).strip() for one in reasons] if isinstance(reasons, Iterable) else []
    return {one.removeprefix(_UNKNOWN).strip() for one in told if one.startswith(_UNKNOWN)}


def is_claims(path: Path) -> bool:
    """Tell whether a path holds claims (a file of them, a folder with Parquet), not documents."""
    return path.suffix in (".jsonl", PARQUET) or (path.is_dir() and any(path.glob(f"*{PARQUET}")))


def read_claims(
    path: Path, classes: Mapping[str, str] | None = None, *, where: Mapping[str, Sequence[str]] | None = None
) -> pl.DataFrame:
    """Return the claims of a file, or of the Parquet files of a folder, in the field names of the annotation.

    A file is JSON Lines or Parquet. ``where`` keeps the claims whose slot (one of ``FILTERS``) matches one of the
    patterns given for it, as the source words it; ``*`` stands for anything. Annotated negatives (``tier``
    negative) and records that name a table not read are left out. Raises :class:`InputError` when a file cannot
    be read or a claim has faults.
    """
    if path.is_dir() or path.suffix == PARQUET:
        return claims_table(_rows(path, where or {}), classes, strict=True)
    if path.suffix != ".jsonl":
        mend = "give a file ending in .jsonl or .parquet, or a folder of Parquet"
        raise InputError(Fault("K3007", "no file of claims", mend, str(path)))
    text = read_text(path.parent, path.name, limit=MAX_CLAIM_BYTES)
    if isinstance(text, Fault):
        raise InputError(replace(text, mend=_UTF8) if text.code == "K0104" else text)
    told = [_own(record) for record in _json_lines(text, path.name) if record.get("kind") != "not_read"]
    return filtered(claims_table(told, classes, strict=True), where or {})


def filtered(claims: pl.DataFrame, where: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return the claims that ``where`` keeps; by way of Parquet, so that one rule holds for all claims."""
    if not where:
        return claims
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.parquet"
        claims.write_parquet(path)
        return _rows(path, where)


def _rows(path: Path, where: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    unknown = sorted(set(where) - set(FILTERS))
    if unknown:
        mend = did_you_mean(unknown[0], FILTERS, "a slot of a claim")
        raise InputError(Fault("K3008", "claims are not filtered by this slot", mend, value=unknown[0]))
    from kopir.core.folders.store import FILE, ROW, parquet_files, read_rows  # DuckDB, for those who have Parquet

    columns = {**CLAIM_COLUMNS, "tier": pl.String(), "corrected": pl.String(), FILE: pl.String(), ROW: pl.Int64()}
    rows = read_rows(parquet_files(path), columns, where, fill={"modality": "actual", "tier": "core"})
    release = pl.col("published").is_in(
        ["true", "false"]
    )  # readings use the word for whether a claim is published
    corrected = pl.when(pl.col("corrected") == "true").then(pl.lit("corrected"))
    told = corrected.when(pl.col("published") == "true").then(pl.lit("published")).otherwise(pl.lit(UNREVIEWED))
    return rows.filter(pl.col("tier") != "negative").with_columns(
        published=pl.when(~release).then("published"),
        file=pl.col(FILE).str.extract(r"([^/\\]+)$"),
        line=pl.col(ROW) + 1,
        standing=pl.coalesce("standing", pl.when(release).then(told)),
    )


def _json_lines(text: str, name: str) -> Iterable[dict[str, Any]]:
    faults = []
    for line, row in enumerate(io.StringIO(text, newline=None), 1):  # U+2028 may stand within a text of JSON
        if not row.strip():
            continue
        try:
            record = json.loads(row)
            if "\\u" in row:
                json.dumps(record, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:  # ValueError: halves of letters, numbers of 5,000 digits
            why = f"not JSON: {getattr(error, 'msg', None) or str(error)[:80]}"
            faults.append(Fault("K3007", why, "write one JSON object a line", name, line))
            continue
        if not isinstance(record, dict):
            faults.append(Fault("K3007", "no JSON object", "write one JSON object a line", name, line))
        elif found := record_faults(record, name, line):
            faults += found
        elif record.get("tier") != "negative":
            yield {**record, "file": name, "line": line}
    if faults:
        raise InputError(faults)
    if not text.strip():
        raise InputError(Fault("K3007", "the file is empty", "write one claim a line", name))


def _own(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with ``published`` as a date: readings use the word for the publication of a claim."""
    own = {"standing": standing_of(record), **with_open_slot(record)}
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
    held = folder.path / "claims"
    return combined([stated, read_claims(held)]) if any(held.glob(f"*{PARQUET}")) else stated


def _is_stated(row: Mapping[str, str]) -> bool:
    return (
        not row["formula"]
        and row["modality"] != "assumption"
        and bool(row["sources"])
        and not row["fact"].startswith(RECONCILED)
    )


def _claim_of_row(row: Mapping[str, str], sources: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    first = sources.get(row["sources"].split()[0], {})
    value, low, high = (float(row[name]) if row[name] else None for name in ("value", "low", "high"))
    ranged = low is not None and high is not None
    return {
        "id": row["fact"],
        "doc": first.get("title") or row["sources"],
        "source": row["sources"].split()[0],
        "class": first.get("class") or "unknown",
        "published": first.get("date") or None,
        "text": "" if ranged else _figure(row["note"], value) or _figure(row["quote"], value),
        "sentence": row["quote"] or None,
        "comparator": "range" if ranged else note_comparator(f"{row['note']}; {row['quote']}", value),
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
    """Return the comparator before ``value`` in an English note or alone in a clause of it, ``eq`` without one."""
    for comparator, words in _WORDS:
        for match in re.finditer(rf"\b(?:{words})\s+(?:\w+\s+)?(\d+(?:[.,]\d+)*)", text, re.IGNORECASE):
            if _is_value(match[1], value):
                return comparator
        if re.search(rf";\s*(?:{words})\s*(?:;|$)", text, re.IGNORECASE):
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


def gathered(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the claims of several files as one table; raises :class:`InputError` where two bear one id."""
    claims = pl.concat(tables)
    told = claims.unique(["id", "doc", "start", "end", "value", "lo", "hi", "indicator"], maintain_order=True)
    faults = [
        Fault(
            "K0204",
            "claims of two files have this id",
            "give each an id of its own, or none",
            doc,
            None,
            "id",
            one,
        )
        for one, doc in told.filter(pl.col("id").is_duplicated()).select("id", "doc").iter_rows()
    ]
    if faults:
        raise InputError(faults)
    return combined([claims])


def table_rows(table: Table) -> list[dict[str, str]]:
    """Return the rows of a model table as text."""
    return list(table.records())
