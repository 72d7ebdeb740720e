"""Cases of reading beside the project: one-line cases with their right claims, and files with their right figures.

A case is *right* when every wanted claim is read with every slot that it states and nothing else is published on
it; *declined* when something is missing or wrong but nothing wrong is published; else *wrong*. They are kinds that
once failed, so they are seen, and no measure of quality.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reading.matching import Pair, Record, right
from benchmarks.reading.passages import TEXTS
from kopir.core.errors import KopirError
from kopir.evidence import read, read_text

FOLDER = TEXTS.parents[1] / "cases"
LINES = FOLDER / "reading" / "reading_cases.jsonl"
REPORTS = FOLDER / "reports"
OUTCOMES = ("right", "declined", "wrong")
NAMES = {"cmp": "comparator"}
STATED = ("value", "unit", "rate", "comparator", "kind", "indicator", "subject", "partners", "period", "modality")
WANTED: Mapping[str, tuple[tuple[float, str], ...]] = {
    "01-Mt-read-as-tonnes": ((87.7e6, "t"), (68.6e6, "t"), (63.01e6, "t")),
    "03-bare-scale-word": ((14.1e6, "t"), (14.1e6, "t")),
    "05-year-like-quantity": (
        (816e3, "t"),
        (1.943e9, "USD"),
        (934e3, "t"),
        (1.964e9, "USD"),
        (2.019e9, "USD"),
    ),
    "07-spelled-decimal": ((1.2e6, "t"),),
    "09-dollar-MM": ((450e6, "USD"),),
    "11-two-and-a-half-times": ((-2.5, "x"),),
    "13-US-dollar-as-partner": ((43.8e9, "USD"), (43.8e9, "USD")),
    "15-USD-before-amount": ((15.02e9, "USD"), (15.02e9, "EUR"), (3.8e9, "USD")),
    "17-barrels-a-day": ((1.4e6, "bbl"),),
    "19-html-superscript-note": ((14.1e6, "t"), (43.8e9, "USD"), (6e6, "t")),
    "22-html-hidden": ((14.1e6, "t"),),
    "25-html-split-decimal": ((14.1e6, "t"), (1.3e6, "t")),
    "27-html-table-bold-cells": ((14.1e6, "t"), (1.3e6, "t"), (8.7e6, "t")),
    "29-pdf-hyphen-line-end": ((14.1e6, "t"), (1.3e6, "t")),
    "31-html-declared-charset": (),
}
"""Figures that each file states; a file with none listed need only be read."""
DATE = "2025-03-01"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case, and the slots in which readings differ."""

    name: str
    outcome: str
    notes: tuple[str, ...] = ()


def outcomes() -> Iterator[Outcome]:
    """Yield the one-line cases and then the files. Raises FileNotFoundError when they are not there."""
    for number, line in enumerate(LINES.read_text("utf-8").splitlines(), 1):
        yield _line(f"line {number}", json.loads(line))
    for name, wanted in WANTED.items():
        yield _report(REPORTS / name, wanted)


def _line(name: str, case: Mapping[str, Any]) -> Outcome:
    found = read_text(case["text"], date=case["date"], language=case["lang"]).claims
    left = [claim.as_record() for claim in found]
    notes, wrong = [], False
    for stated in case["right"]:
        wanted = {NAMES.get(slot, slot): value for slot, value in stated.items() if slot != "differs"}
        near = min(left, key=lambda row: _distance(wanted, row), default=None)
        if near is None or "value" in _differing(wanted, near):
            notes.append(f"missed {wanted['value']} {wanted['unit']}")
            continue
        left.remove(near)
        differs = _differing(wanted, near)
        wrong |= bool(differs) and near["published"]
        notes += [f"{slot}: {near.get(slot)!r}, should be {wanted[slot]!r}" for slot in differs]
    extra = [row for row in left if row["published"]]
    notes += [f"published besides: {row['text']}" for row in extra]
    return _outcome(f"{name} {case['lang']} ({case['kind']})", notes, wrong=wrong or bool(extra))


def _distance(wanted: Record, row: Record) -> tuple[bool, int]:
    differing = _differing(wanted, row)
    return "value" in differing, len(differing)


def _differing(wanted: Record, row: Record) -> list[str]:
    told = {**row, **wanted}
    if isinstance(wanted["value"], list):
        told |= {"value": None} | dict(zip(("lo", "hi"), wanted["value"], strict=True))
    return [slot for slot in STATED if slot in wanted and not right(Pair(told, row), (slot,))]


def _report(folder: Path, wanted: Sequence[tuple[float, str]]) -> Outcome:
    (path,) = [p for p in folder.iterdir() if p.name not in ("README.md", "got.txt")]
    try:
        claims = read([path], date=DATE).claims
    except KopirError as error:
        return Outcome(folder.name, "declined", (str(error),))
    if not wanted:
        return Outcome(folder.name, "right" if claims else "declined")
    left = Counter((f"{value:.6g}", unit) for value, unit in wanted)
    notes, wrong = [], False
    for claim in claims:
        key = (f"{claim.value:.6g}" if claim.value is not None else "range", claim.unit.partition("/")[0])
        if left[key]:
            left[key] -= 1
        else:
            wrong |= claim.published
            notes.append(f"not stated: {claim.text}")
    notes += [f"missed {value} {unit}" for (value, unit), n in left.items() if n]
    return _outcome(folder.name, notes, wrong=wrong)


def _outcome(name: str, notes: Sequence[str], *, wrong: bool) -> Outcome:
    return Outcome(name, "wrong" if wrong else "declined" if notes else "right", tuple(notes))
