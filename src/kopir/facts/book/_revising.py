"""Rows of a fact table that a file or a reconciled book revises, and what stood for them before."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import Folder
from kopir.core.folders.spreadsheets import separator_of
from kopir.core.folders.tables import format_table, make_table, parse_table
from kopir.core.folders.textfiles import read_text
from kopir.core.spelling import did_you_mean
from kopir.core.units import unit, units
from kopir.facts.book._book import FactBook
from kopir.facts.book._writing import source_codes

MOVED = 1e-3
"""Relative step of what is held from which a row is revised; less is rounding."""


@dataclass(frozen=True, slots=True)
class Revised:
    """A row of facts.csv that a file or claims change: ``change`` is *new*, *revised* or *contradicted*.

    ``row`` is the whole row as it becomes; a contradicted one stays as it is, and ``after`` is what the other
    source says. ``before`` and ``after`` are in its unit; ``said_by`` names files or sources.
    """

    change: str
    row: Mapping[str, str]
    before: float | None
    after: float
    said_by: tuple[str, ...]
    key: str = ""


def is_fact_rows(path: Path) -> bool:
    """Tell whether a file is a table of facts: CSV whose head names ``fact`` and ``value``."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    text = read_text(path.parent, path.name)
    return not isinstance(text, Fault) and {"fact", "value"} <= set(_head(text))


def read_fact_rows(path: Path, folder: Folder) -> list[Revised]:
    """Return the rows of a file that change facts of ``folder``; blank cells of a known fact keep what it says.

    An interval that does not hold a revised value keeps its proportion to it, and a quote of the old value goes.
    Raises :class:`InputError` with every fault of the file: file, line, column, value and mend.
    """
    text = read_text(path.parent, path.name)
    if isinstance(text, Fault):
        raise InputError(text)
    schema = folder.tables["facts"].schema
    unknown = [name for name in _head(text) if name not in schema.names]
    if unknown:
        mend = did_you_mean(unknown[0], schema.names, "a column of facts.csv")
        raise InputError(Fault("K0202", f"unknown column {unknown[0]!r}", mend, path.name, 1, unknown[0]))
    return fact_rows(list(csv.DictReader(io.StringIO(text), delimiter=separator_of(text))), folder, path.name)


def fact_rows(given: Sequence[Mapping[str, str]], folder: Folder, file: str) -> list[Revised]:
    """Return the rows that change facts of ``folder``, as :func:`read_fact_rows` does; ``file`` says whence.

    Raises :class:`InputError` with every fault.
    """
    schema = folder.tables["facts"].schema
    known = {row["fact"]: row for row in folder.tables["facts"].records()}
    rows = [{**known.get((row["fact"] or "").strip(), {}), **_filled(row)} for row in given]
    faults = parse_table(format_table(make_table(schema, rows)), schema)[1]
    faults = [replace(fault, file=file) for fault in faults]
    if faults:
        raise InputError(faults)
    return [
        one
        for row, told in zip(rows, given, strict=True)
        for one in _changed(known.get(row["fact"]), row, _filled(told), file)
    ]


def _changed(
    before: Mapping[str, str] | None, row: Mapping[str, str], told: Mapping[str, str], file: str
) -> Iterable[Revised]:
    if before is None:
        yield Revised("new", row, None, float(row["value"]), (file,))
    elif dict(before) != {**before, **row}:
        old, new = float(before["value"]), float(row["value"])
        whole = dict(row)
        if old != new:
            whole |= {name: _scaled(row.get(name, ""), old, new) for name in ("low", "high") if name not in told}
            whole |= {} if "quote" in told else {"quote": ""}
        yield Revised("revised", whole, old, new, (file,))


def revised_by(folder: Folder, before: FactBook, after: FactBook, fresh: pl.DataFrame) -> list[Revised]:
    """Return the rows of facts.csv that ``fresh`` claims change, from what was held to what is held with them.

    A row is revised where what is held of its key moved by more than rounding, and contradicted where the key is
    now disputed and was not.
    """
    own = {row["fact"]: row for row in folder.tables["facts"].records() if not row["formula"]}
    codes = source_codes(folder, fresh)
    spoken = dict(fresh.select("id", "source").iter_rows())
    said = {row["id"]: row["value"] * unit(row["unit"]).factor for row in _levels(fresh)}
    held = {row["key"]: row for row in before.facts.filter(pl.col("kind") == "level").iter_rows(named=True)}
    found = []
    for fact in after.facts.filter(pl.col("kind") == "level").iter_rows(named=True):
        about = [*fact["supporting"], *fact["opposing"]]
        sources = tuple(sorted({spoken[one] for one in about if one in spoken}))
        old = held.get(fact["key"])
        if not sources or old is None or old["value"] is None or fact["value"] is None:
            continue
        rows = [own[one] for one in about if one in own]
        for row in rows:
            factor = unit(row["unit"]).factor
            step = abs(fact["value"] - old["value"])
            if step > MOVED * abs(old["value"]):
                value = fact["value"] / factor
                low, high = (None if fact[end] is None else fact[end] / factor for end in ("low", "high"))
                told = {**row, "sources": " ".join(sorted({codes[one] for one in sources}))}
                found.append(_restated(told, value, (low, high), sources, fact["key"]))
            elif fact["status"] == "disputed" and old["status"] != "disputed":
                other = next((said[one] / factor for one in about if one in said), float(row["value"]))
                found.append(Revised("contradicted", row, float(row["value"]), other, sources, fact["key"]))
    return found


def _levels(fresh: pl.DataFrame) -> Iterable[Mapping[str, Any]]:
    known = pl.col("unit").is_in(sorted(units())) & pl.col("value").is_not_null()
    return fresh.filter(known & (pl.col("kind") == "level")).iter_rows(named=True)


def _restated(
    row: Mapping[str, str],
    value: float,
    ends: tuple[float | None, float | None],
    said_by: tuple[str, ...],
    key: str,
) -> Revised:
    low, high = ends
    whole = {
        **row,
        "value": f"{value:.9g}",
        "low": "" if low is None else f"{min(low, value):.9g}",
        "high": "" if high is None else f"{max(high, value):.9g}",
        "quote": "",
    }
    return Revised("revised", whole, float(row["value"]), value, said_by, key)


def with_vintages(folder: Folder, rows: Sequence[Revised]) -> tuple[list[Mapping[str, str]], list[dict[str, str]]]:
    """Return the rows of facts and of vintages.csv so that days before a revision see what stood then.

    A revised row that names other sources than before leaves the old one behind under an id of its own.
    """
    known = {row["fact"]: row for row in folder.tables["facts"].records()}
    vintages = list(folder.tables["vintages"].records())
    earlier = {row["fact"]: row for row in vintages}
    facts: list[Mapping[str, str]] = []
    for one in rows:
        code = one.row["fact"]
        old = known.get(code)
        if one.change == "revised" and old is not None and old["sources"] and one.row["sources"] != old["sources"]:
            free = next(name for n in range(1, len(known) + 2) if (name := f"V_{code}_{n}") not in known)
            facts.append({**old, "fact": free})
            known[free] = old
            if code in earlier:
                earlier[code]["fact"] = free
            vintages.append({"fact": code, "earlier": free, "basis": "what stood before it was revised"})
        if one.change != "contradicted":
            facts.append(one.row)
    return facts, vintages


def _head(text: str) -> list[str]:
    return [name.strip() for name in text.lstrip("\r\n").split("\n", 1)[0].strip().split(separator_of(text))]


def _filled(row: Mapping[str, str | None]) -> dict[str, str]:
    return {
        name: cell.strip() for name, cell in row.items() if name is not None and cell is not None and cell.strip()
    }


def _scaled(text: str, old: float, new: float) -> str:
    return f"{float(text) * new / old:.12g}" if text and old else text
