"""A model folder as its texts were known on a day: later facts, deals and promises left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kopir.core.folders.cells import parse_quantity
from kopir.core.folders.folder import Folder
from kopir.core.folders.formulas import parse_formula
from kopir.core.folders.tables import Table, make_table

_AMOUNTS = ("value", "present", "outcome")


def known_on(folder: Folder, day: date) -> Folder:
    """Return ``folder`` with what was known on ``day`` of facts, deals and promises.

    A fact is left out where all its sources came out later, and a derived one with any of its inputs. A deal of a
    later date is left out, or has its last earlier status where its history tells one. Cells that name a fact that
    is left out are blank; a promise without its value is left out. Tables of the network stay what they are.
    """
    gone = _unknown(folder, day.isoformat())
    later = any((row["date"] or "") > day.isoformat() for row in folder.tables["deals"].records())
    if not gone and not later:
        return folder
    facts = [row for row in folder.tables["facts"].records() if row["fact"] not in gone]
    stood = [_on(row, day.isoformat()) for row in folder.tables["deals"].records()]
    deals = [_without(row, gone) for row in stood if row is not None]
    kept = [_without(row, gone) for row in folder.tables["targets"].records()]
    targets = [row for row in kept if row["value"]]
    tables = {"facts": facts, "deals": deals, "targets": targets}
    made = {name: _like(folder.tables[name], rows) for name, rows in tables.items()}
    return replace(folder, tables={**folder.tables, **made})


def _unknown(folder: Folder, day: str) -> set[str]:
    """Return the facts of which nothing was published by ``day``."""
    dates = {row["source"]: row["date"] for row in folder.tables["sources"].records()}
    gone: set[str] = set()
    inputs: dict[str, tuple[str, ...]] = {}
    for row in folder.tables["facts"].records():
        sources = row["sources"].split()
        if row["formula"]:
            inputs[row["fact"]] = parse_formula(row["formula"]).names
        elif sources and all(dates.get(one, "") > day for one in sources):
            gone.add(row["fact"])
    while more := {fact for fact, names in inputs.items() if fact not in gone and gone.intersection(names)}:
        gone |= more
    return gone


def _on(row: Mapping[str, str], day: str) -> dict[str, str] | None:
    """Return a deal as it stood: an earlier status where that of the row came later, ``None`` before any."""
    steps = sorted(step.split() for step in row["history"].split(";") if len(step.split()) == 2)
    before = [step for step in steps if step[0] <= day]
    history = "; ".join(" ".join(step) for step in before)
    if row["date"] <= day:
        return {**row, "history": history}
    if not before:
        return None
    *earlier, (since, status) = before
    return {**row, "date": since, "status": status, "history": "; ".join(" ".join(step) for step in earlier)}


def _without(row: Mapping[str, str], gone: set[str]) -> dict[str, str]:
    found = dict(row)
    for name in _AMOUNTS:
        cell = parse_quantity(row[name]) if row.get(name) else None
        if cell is not None and cell.fact in gone:
            found[name] = ""
    found["facts"] = " ".join(fact for fact in row["facts"].split() if fact not in gone)
    return found


def _like(table: Table, rows: Sequence[Mapping[str, Any]]) -> Table:
    return replace(make_table(table.schema, rows), present=table.present)
