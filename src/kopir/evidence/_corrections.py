"""Corrections that a person made: they hold on every later reading, also when the text around has moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kopir.core.errors import Fault, InputError
from kopir.core.folders.cells import parse_number
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.tables import parse_table
from kopir.core.folders.textfiles import read_text
from kopir.core.spelling import did_you_mean
from kopir.evidence._records import Claim, Document

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
    """Read ``corrections.csv``, the table of a model folder of that name.

    Raises InputError with every fault of its shape and cells, and K2011 where a slot that holds a number is given
    none.
    """
    text = read_text(path.parent, path.name)
    if isinstance(text, Fault):
        raise InputError(text)
    table, faults = parse_table(text, table_schemas()["corrections"])
    rows = list(table.typed.iter_rows(named=True))
    for row in rows:
        if row["slot"] in NUMBERS and row["value"] is not None and parse_number(row["value"]) is None:
            mend = "give a number in base units"
            faults.append(
                Fault("K2011", "this slot holds a number", mend, None, row["line"], "value", row["value"])
            )
    if faults:
        raise InputError([replace(fault, file=str(path)) for fault in faults])
    return tuple(
        Correction(
            row["doc"], int(row["start"]), int(row["end"]), row["text"], row["slot"], row["value"], row["line"]
        )
        for row in rows
    )


def points_nowhere(corrections: Sequence[Correction], documents: Iterable[str], path: Path) -> Iterator[Fault]:
    """Yield a fault (K2010) when there are corrections, and none is of one of ``documents``."""
    names = sorted(set(documents))
    if not corrections or any(one.doc in names for one in corrections):
        return
    first = corrections[0]
    mend = did_you_mean(first.doc, names, "the name of a document that is read")
    why = "no correction is of a document that is read"
    yield Fault("K2010", why, mend, str(path), first.line, "doc", first.doc)


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
    changed = {correction.slot: value}
    if correction.slot == "value":  # the bounds of a plain figure are the figure
        changed |= {end: value for end in ("lo", "hi") if getattr(claim, end) == claim.value}
    return replace(
        claim,
        **changed,
        confidence=confidence,
        inherited_from=inherited,
        corrected=True,
        published=True,
    )
