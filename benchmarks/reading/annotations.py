"""The annotation of a passage: one JSON object a claim, with offsets and slots and without the text itself.

``{"doc": "en-0123456789", "start": 17, "end": 24, "value": 5.0, "unit": "pct", ...}``; a passage without a claim
has the one line ``{"doc": "en-0123456789", "empty": true}``, so that unread and empty differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Record = dict[str, Any]

SLOTS = (
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
    "commodity",
    "route",
    "perimeter",
    "period",
    "modality",
    "polarity",
    "attribution",
    "tier",
)
FIELDS = ("doc", "lang", "start", "end", *SLOTS)
"""What is kept of a claim, in this order."""
DEFAULTS: Mapping[str, Any] = {"comparator": "eq", "modality": "actual", "partners": []}
AUX_KINDS = frozenset({"rank", "duration"})
AUX_INDICATORS = frozenset(
    [
        "visits",
        "document_clauses",
        "neighbours",
        "interval",
        "talk_duration",
        "production_order",
        "recognition_order",
        "event_date",
        "event_year",
        "event_duration",
        "event_count",
        "status_flag",
        "stop_in_force",
    ]
)
"""Kinds and indicators of side facts: annotated, never scored as whole claims."""


def load(path: Path) -> list[Record]:
    """Read an annotation file. Raises ValueError with the line that is no JSON object."""
    rows: list[Record] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}:{number}: no JSON: {error}") from error
        if not isinstance(row, dict):
            raise ValueError(f"{path}:{number}: no JSON object")  # noqa: TRY004
        rows.append(row)
    return rows


def save(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write an annotation file, one object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def place(row: Record, texts: Mapping[str, str]) -> Record:
    """Fill in what follows from what the annotator wrote.

    ``start`` and ``end`` come from ``text``, and where that stands several times from ``near``, a longer stretch
    that holds it once; bounds from value and comparator; polarity from the sign; tier from kind and indicator.
    What cannot be settled stays open, and ``check`` names it.
    """
    if row.get("empty"):
        return row
    out = {**DEFAULTS, **row}
    span = _span(out, texts.get(str(out.get("doc")), ""))
    if span is not None:
        out["start"], out["end"] = span
    value = out.get("value")
    if value is not None and out["comparator"] != "range":
        out["lo"] = None if out["comparator"] in {"lt", "le", "upto", "almost"} else value
        out["hi"] = None if out["comparator"] in {"gt", "ge"} else value
    low = value if value is not None else out.get("lo")
    out["polarity"] = "neg" if isinstance(low, int | float) and low < 0 else "pos"
    out["tier"] = tier(out)
    out["lang"] = str(out.get("doc"))[:2]
    return out


def tier(row: Mapping[str, Any]) -> str:
    """Tell whether a claim is scored as a whole (core) or only by its figure (aux)."""
    indicator = row.get("indicator")
    side_fact = indicator is None or indicator in AUX_INDICATORS or row.get("kind") in AUX_KINDS
    return "aux" if side_fact else "core"


def _span(row: Mapping[str, Any], text: str) -> tuple[int, int] | None:
    """Find where the core of a claim stands; None where that is not settled."""
    core = row.get("text")
    if not isinstance(core, str) or not core:
        return None
    near = row.get("near") or core
    if text.count(near) != 1 or near.count(core) != 1:
        return None
    start = text.index(near) + near.index(core)
    return start, start + len(core)


def move(folder: Path, parts: Mapping[str, str]) -> None:
    """Move each annotation of ``folder/blind`` whose passage is to look at now; ``parts`` by passage."""
    for path in sorted((folder / "blind").glob("*.jsonl")):
        rows = load(path)
        opened = [row for row in rows if parts[row["doc"]] == "look"]
        if opened:
            other = folder / "look" / path.name
            before = load(other) if other.is_file() else []
            save(sorted([*before, *opened], key=_order), other)
            save([row for row in rows if parts[row["doc"]] == "blind"], path)


def _order(row: Mapping[str, Any]) -> tuple[str, int, int]:
    return (row["doc"], row.get("start", 0), row.get("end", 0))


def kept(rows: Sequence[Record]) -> list[Record]:
    """Leave out every word of the text and every note: what may stand in the repository."""
    out: list[Record] = []
    for row in rows:
        if row.get("empty"):
            out.append({"doc": row["doc"], "empty": True})
        else:
            out.append({name: row.get(name) for name in FIELDS})
    return sorted(out, key=_order)
