"""Facts that are revised, and what follows: derived facts by their formulas, intervals written in cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.cells import parse_number, parse_quantity
from kopir.core.folders.folder import Folder
from kopir.core.folders.formulas import FormulaError, evaluate, parse_formula
from kopir.core.folders.tables import Table, format_table, make_table, parse_table
from kopir.model.contents.facts import FORMULA_TOLERANCE

MOVED = 1e-9
"""Relative change from which a value has moved."""
_INTERVAL = re.compile(r"\[.*\]")


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A derived fact that its formula gives anew, in its own unit; ``inputs`` are those that moved."""

    fact: str
    before: float
    after: float
    unit: str
    formula: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A folder with revised facts, and what followed.

    ``cells`` are those whose written interval kept its proportion to the fact that moved, as ``table:line:column``
    with the text before and after.
    """

    folder: Folder
    derived: tuple[Recomputed, ...]
    cells: tuple[tuple[str, str, str], ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that changed: those of the cells, and facts."""
        return tuple(sorted({"facts", *(ref.partition(":")[0] for ref, _, _ in self.cells)}))


def revised(folder: Folder, rows: Sequence[Mapping[str, str]] = (), *, stale: bool = False) -> Revision:
    """Return ``folder`` with ``rows`` of facts.csv in place of those of the same id, or after the last.

    Facts whose formulas lead to a value that moved are computed anew; their interval keeps its proportion, and so
    do intervals that cells write beside a fact. With ``stale``, facts are renewed too that say otherwise than
    their formula gives. Raises :class:`InputError` with every fault of the rows, and for a formula whose inputs
    are gone (K0301) or give no number (K0217).
    """
    table = folder.tables["facts"]
    before: dict[str, Mapping[str, str]] = {row["fact"]: row for row in table.records()}
    own = {row["fact"]: {name: row.get(name, "") for name in table.schema.names} for row in rows}
    after = {**before, **own}
    moved = {
        fact: _ratio(before[fact]["value"], row["value"])
        for fact, row in own.items()
        if fact in before and _ratio(before[fact]["value"], row["value"]) != 1.0
    }
    work = _Work(dict(after), dict.fromkeys(own), moved, stale)
    lines = dict(table.cells.select("fact", "line").iter_rows())
    derived = tuple(one for fact in before if fact not in own for one in work.renewed(fact, lines[fact]))
    if work.faults:
        raise InputError(work.faults)
    facts = table_of(table, list(work.rows.values()))
    faults = parse_table(format_table(facts), facts.schema)[1]
    if faults:
        raise InputError(faults)
    tables, cells = _with_intervals({**folder.tables, "facts": facts}, work.moved)
    return Revision(replace(folder, tables=tables), derived, tuple(cells))


@dataclass
class _Work:
    """Rows of facts as they are renewed; ``moved`` holds the ratio of new to old value of each that moved."""

    rows: dict[str, Mapping[str, str]]
    seen: dict[str, None]
    moved: dict[str, float]
    stale: bool
    faults: list[Fault] = field(default_factory=list)

    def renewed(self, fact: str, line: int | None = None) -> list[Recomputed]:
        """Return what was computed anew so that ``fact`` is: its inputs, then itself."""
        if fact in self.seen:
            return []
        self.seen[fact] = None
        row = self.rows[fact]
        formula = parse_formula(row["formula"]) if row["formula"] else None
        if formula is None:
            return []
        place = ("facts.csv", line, "formula", row["formula"])
        gone = [name for name in formula.names if name not in self.rows]
        if gone:
            mend = "add the fact again, or take it out of the formula"
            self.faults.append(Fault("K0301", f"{fact} is derived from {', '.join(gone)}, now gone", mend, *place))
            return []
        found = [one for name in formula.names for one in self.renewed(name)]
        inputs = tuple(name for name in formula.names if name in self.moved)
        if not inputs and not self.stale:
            return found
        try:
            value = evaluate(formula, {name: float(self.rows[name]["value"]) for name in formula.names})
        except FormulaError as error:
            self.faults.append(Fault("K0217", f"no value: {error}", "correct the formula", *place))
            return found
        old = float(row["value"])
        if abs(value - old) <= (MOVED if inputs else FORMULA_TOLERANCE) * max(abs(value), abs(old)):
            return found
        self.moved[fact] = value / old if old else 1.0
        self.rows[fact] = with_value(row, value)
        return [*found, Recomputed(fact, old, value, row["unit"], row["formula"], inputs)]


def with_value(row: Mapping[str, str], value: float) -> dict[str, str]:
    """Return a row of facts with another value; its interval keeps its proportion."""
    old = float(row["value"])
    ends = [parse_number(row.get(name, "")) for name in ("low", "high")]
    low, high = (None if end is None else end * value / old if old else value for end in ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    texts = {"low": low, "high": high}
    return {
        **row,
        "value": _text(value),
        **{name: "" if end is None else _text(end) for name, end in texts.items()},
    }


def _with_intervals(
    tables: Mapping[str, Table], moved: Mapping[str, float]
) -> tuple[dict[str, Table], list[tuple[str, str, str]]]:
    """Return the tables with intervals that cells write beside a moved fact in proportion, and those cells."""
    found = dict(tables)
    cells: list[tuple[str, str, str]] = []
    for name, table in sorted(tables.items()):
        columns = [
            one.name for one in table.schema.columns if one.type == "quantity" and one.name in table.present
        ]
        changed: dict[tuple[int, str], str] = {}
        for row in table.cells.select("line", *columns).iter_rows(named=True) if columns else ():
            for column in columns:
                cell = parse_quantity(row[column])
                if cell is None or cell.low is None or cell.high is None or (cell.fact or "") not in moved:
                    continue
                ends = sorted(end * moved[cell.fact or ""] for end in (cell.low, cell.high))
                text = _INTERVAL.sub(f"[{_text(ends[0])}..{_text(ends[1])}]", row[column])
                changed[row["line"], column] = text
                cells.append((f"{name}:{row['line']}:{column}", row[column], text))
        if changed:
            found[name] = replace(table, cells=table.cells.with_columns(_replaced(table, changed)))
    return found, cells


def _replaced(table: Table, changed: Mapping[tuple[int, str], str]) -> list[pl.Series]:
    lines = table.cells["line"].to_list()
    return [
        pl.Series(
            column,
            [changed.get((line, column), text) for line, text in zip(lines, table.cells[column], strict=True)],
        )
        for column in sorted({column for _, column in changed})
    ]


def table_of(table: Table, rows: Sequence[Mapping[str, str]]) -> Table:
    """Return a table of ``rows`` that writes the columns that it wrote, and those that now hold something."""
    made = make_table(table.schema, rows)
    used = {name for row in rows for name, text in row.items() if text}
    more = tuple(name for name in table.schema.names if name in used and name not in table.present)
    return replace(made, present=(*table.present, *more))


def _ratio(before: str, after: str) -> float:
    old, new = parse_number(before), parse_number(after)
    if old is None or new is None or old == new:
        return 1.0
    return new / old if old else float("inf")


def _text(value: float) -> str:
    return f"{value:.12g}" if 1e-4 <= abs(value) < 1e12 or not value else repr(value)
