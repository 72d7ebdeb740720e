"""Corrections that a person made: they hold on every later reading, also when the text around has moved."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kopir.core.errors import Fault, InputError
from kopir.evidence._records import SENSE, Claim, Document

COLUMNS = ("doc", "start", "end", "text", "slot", "value")
SLOTS = ("reject", *SENSE)
NUMBERS = frozenset({"value", "lo", "hi"})


@dataclass(frozen=True, slots=True)
class Correction:
    """One slot of one claim set by hand; ``value`` None empties the slot, slot ``reject`` drops the claim."""

    doc: str
    start: int
    end: int
    text: str
    slot: str
    value: str | None
    line: int


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Read ``corrections.csv`` (columns doc, start, end, text, slot, value).

    Raises InputError with K2010 (columns) and K2011 (a row), all faults collected.
    """
    faults: list[Fault] = []
    out: list[Correction] = []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        missing = [c for c in COLUMNS if c not in (rows.fieldnames or ())]
        if missing:
            raise InputError(
                Fault(
                    "K2010",
                    f"columns are missing: {', '.join(missing)}",
                    f"give {', '.join(COLUMNS)}",
                    file=str(path),
                    line=1,
                )
            )
        for row in rows:
            found = _correction(row, rows.line_num, path, faults)
            if found is not None:
                out.append(found)
    if faults:
        raise InputError(faults)
    return tuple(out)


def _correction(row: dict[str, str], line: int, path: Path, faults: list[Fault]) -> Correction | None:
    def fault(column: str, why: str, mend: str) -> None:
        faults.append(Fault("K2011", why, mend, file=str(path), line=line, column=column, value=row.get(column)))

    slot = (row["slot"] or "").strip()
    if slot not in SLOTS:
        fault("slot", "no slot has this name", f"use one of {', '.join(SLOTS)}")
        return None
    value = (row["value"] or "").strip() or None
    if slot in NUMBERS and value is not None:
        try:
            float(value)
        except ValueError:
            fault("value", "this slot holds a number", "give a number in base units")
            return None
    if not row["start"].isdigit() or not row["end"].isdigit():
        fault("start", "offsets are whole numbers", "copy them from the claim")
        return None
    return Correction(row["doc"], int(row["start"]), int(row["end"]), row["text"], slot, value, line)


def apply_corrections(
    document: Document, claims: Sequence[Claim], corrections: Sequence[Correction], path: Path | None = None
) -> tuple[list[Claim], list[Fault]]:
    """Apply the corrections of one document.

    A correction finds its claim by place and text, else by text where only one claim has it; one that finds none
    is reported (K2012) and leaves the claims as they are.
    """
    out: list[Claim | None] = list(claims)
    faults: list[Fault] = []
    for correction in corrections:
        if correction.doc != document.name:
            continue
        place = _place(claims, correction)
        if place is None:
            faults.append(
                Fault(
                    "K2012",
                    "the correction finds no claim",
                    "check text and offsets, or delete the row",
                    file=str(path) if path else None,
                    line=correction.line,
                    value=correction.text,
                )
            )
        elif correction.slot == "reject":
            out[place] = None
        elif (claim := out[place]) is not None:
            out[place] = _corrected(claim, correction)
    return [claim for claim in out if claim is not None], faults


def _place(claims: Sequence[Claim], correction: Correction) -> int | None:
    same = [n for n, c in enumerate(claims) if c.text == correction.text]
    exact = [n for n in same if claims[n].start == correction.start]
    if exact:
        return exact[0]
    return same[0] if len(same) == 1 else None


def _corrected(claim: Claim, correction: Correction) -> Claim:
    value: Any = correction.value
    if correction.slot in NUMBERS and value is not None:
        value = float(value)
    elif correction.slot == "partners":
        value = tuple(p for p in (value or "").split("+") if p)
    elif correction.slot in ("unit", "kind", "comparator", "modality") and value is None:
        return claim
    confidence = {**claim.confidence, correction.slot: 1.0}
    inherited = {slot: span for slot, span in claim.inherited_from.items() if slot != correction.slot}
    return replace(
        claim,
        **{correction.slot: value},
        confidence=confidence,
        inherited_from=inherited,
        corrected=True,
        published=True,
    )
