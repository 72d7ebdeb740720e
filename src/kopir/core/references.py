"""References between tables: every code that a cell names must be defined by the table it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kopir.core.cells import parse_quantity
from kopir.core.codes import codes
from kopir.core.errors import Fault
from kopir.core.formulas import FormulaError, parse_formula
from kopir.core.schema import ASSET_TABLES, Column
from kopir.core.spelling import did_you_mean
from kopir.core.tables import Table


def reference_faults(tables: Mapping[str, Table]) -> list[Fault]:
    """Return a fault for every code, asset or fact that a cell names and no table defines."""
    defined = _defined(tables)
    faults: list[Fault] = []
    for _, table in sorted(tables.items()):
        columns = [column for column in table.schema.columns if column.name in table.present]
        for row in table.cells.iter_rows(named=True):
            for column in columns:
                known, owner = _target(column, row, defined)
                for word in _words(column, row[column.name].strip()):
                    if known is not None and word not in known:
                        code = "K0301" if owner == "facts" else "K0207"
                        why = f"unknown {owner.removesuffix('s')} {word!r}"
                        mend = did_you_mean(word, known, f"a row of {owner}.csv, or add it there")
                        faults.append(Fault(code, why, mend, table.file, row["line"], column.name, word))
    return faults


def _defined(tables: Mapping[str, Table]) -> dict[str, set[str]]:
    return {
        f"{name}.{key}": {cell.strip() for cell in table.cells[key].to_list()}
        for name, table in tables.items()
        for key in table.schema.key
    }


def _target(
    column: Column, row: Mapping[str, str], defined: Mapping[str, set[str]]
) -> tuple[set[str] | None, str]:
    """Return the set of words that the cell may name (``None``: anything) and the table that defines them."""
    reference = column.refers_to
    if column.type in {"quantity", "formula"}:
        return defined["facts.fact"], "facts"
    if column.type == "choice" or not reference:
        return None, ""
    if reference.startswith("code:"):
        kind = reference.removeprefix("code:")
        return set(codes(kind)), kind
    if reference.startswith("@"):
        table, key = ASSET_TABLES.get(row[reference[1:]].strip(), ("", ""))
        return (defined[f"{table}.{key}"], table) if table else (None, "")
    return defined[reference], reference.partition(".")[0]


def _words(column: Column, text: str) -> Iterable[str]:
    if not text:
        return ()
    if column.type == "quantity":
        cell = parse_quantity(text)
        return () if cell is None or cell.fact is None else (cell.fact,)
    if column.type == "formula":
        try:
            return [name for side in text.split("=") for name in parse_formula(side).names]
        except FormulaError:
            return ()
    if column.type == "ids":
        return text.split()
    if column.type == "clause":
        return [part.strip() for part in text.split("+") if part.strip()]
    return (text,)
