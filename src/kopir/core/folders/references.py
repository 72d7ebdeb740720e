"""References between tables: every code that a cell names must be defined by the table it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import islice

from kopir.core.codes import KINDS, registered, state_called
from kopir.core.errors import Fault
from kopir.core.folders.cells import ID_PATTERN, clause_members, parse_quantity
from kopir.core.folders.formulas import FormulaError, parse_formula
from kopir.core.folders.schema import ASSET_TABLES, Column
from kopir.core.folders.tables import MAX_FAULTS, Table
from kopir.core.spelling import did_you_mean

SUGGESTIONS = 100
"""Faults of one table that come with a suggestion: each costs a search through the known codes."""


@dataclass(frozen=True, slots=True)
class _Codes:
    """The codes that a reference may name, what they are called and where they are defined."""

    known: Set[str]
    what: str
    where: str


def reference_faults(tables: Mapping[str, Table]) -> list[Fault]:
    """Return a fault for every code, asset or fact that a cell names and no table defines.

    A table left out of ``tables`` could not be read; nothing is said about cells that refer to it. At most
    ``MAX_FAULTS`` are returned for one table.
    """
    defined = _defined(tables)
    return [
        fault for _, table in sorted(tables.items()) for fault in islice(_table_faults(table, defined), MAX_FAULTS)
    ]


def _table_faults(table: Table, defined: Mapping[str, _Codes]) -> Iterator[Fault]:
    columns = [table.schema.column(name) for name in table.present]
    if all(_all_known(table, column, defined) for column in columns):
        return
    found = 0
    for row in table.cells.iter_rows(named=True):
        for column in columns:
            target = defined.get(_reference(column, row))
            if target is None:
                continue
            for word in _words(column, row[column.name]):
                if word not in target.known and ID_PATTERN.fullmatch(word):
                    found += 1
                    shown = word[:80]
                    code = "K0301" if target.what == "fact" else "K0207"
                    mend = _mend(word, target, search=found <= SUGGESTIONS)
                    if column.type == "quantity":
                        mend += "; or write a number, and its basis"
                    why = f"unknown {target.what} {shown!r}"
                    yield Fault(code, why, mend, table.file, row["line"], column.name, shown)


def _mend(word: str, target: _Codes, *, search: bool) -> str:
    """Return what to write instead; another state is never offered for a state that no table defines."""
    if target.what == "jurisdiction" and search and (state := state_called(word)) is not None:
        if state in target.known:
            return did_you_mean(state, target.known, target.where)
        return f"use {target.where}: {state},state"
    return did_you_mean(word, target.known if search else (), target.where)


def _all_known(table: Table, column: Column, defined: Mapping[str, _Codes]) -> bool:
    """Tell whether every code of a column is known; equal cells are looked at once."""
    told_by = column.refers_to[1:] if column.refers_to.startswith("@") else column.name
    pairs = set(zip(table.cells[told_by].to_list(), table.cells[column.name].to_list(), strict=True))
    for told, cell in pairs:
        target = defined.get(_reference(column, {told_by: told}))
        if target is not None and not all(word in target.known for word in _words(column, cell)):
            return False
    return True


def _defined(tables: Mapping[str, Table]) -> dict[str, _Codes]:
    defined = {
        f"{name}.{key}": _Codes(set(table.cells[key].to_list()), key, f"a row of {name}.csv, or add it there")
        for name, table in tables.items()
        for key in table.schema.key
    }
    for kind in KINDS:
        what = f"code of {kind}"
        defined[f"code:{kind}"] = _Codes(registered(kind), what, f"a registered {what}")
    return defined


def _reference(column: Column, row: Mapping[str, str]) -> str:
    """Return the reference that holds for the cell of this row; blank when it may name anything."""
    if column.type in {"quantity", "formula", "equation"}:
        return "facts.fact"
    if column.type == "choice":
        return ""
    if column.refers_to.startswith("@"):
        return ".".join(ASSET_TABLES.get(row[column.refers_to[1:]], ()))
    return column.refers_to


def _words(column: Column, text: str) -> Iterable[str]:
    if not text:
        return ()
    match column.type:
        case "quantity":
            cell = parse_quantity(text)
            return () if cell is None or cell.fact is None else (cell.fact,)
        case "formula" | "equation":
            try:
                return [name for side in text.split("=") for name in parse_formula(side).names]
            except FormulaError:
                return ()
        case "ids":
            return text.split()
        case "clause":
            return [member for member in clause_members(text) if member]
        case _:
            return (text,)
