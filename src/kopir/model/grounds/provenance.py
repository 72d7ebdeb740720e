"""Where a number comes from: from a result to cells, rows, facts, formulas and sources, as a tree.

An id is one of

======================== ===========================================================================
``leverage:RUS:loss``    a number of a result, when it is among the result's ``numbers``; also
                         ``stress:SCENARIO:measure``, ``incident:ASSETS:DAYS:measure`` and
                         ``hindcast:OBSERVATION``
``carries:14:cost``      a cell: table, line of its file, column
``carries:14``           a row by its line
``carries:CPC,crude``    a row by its key (the first key alone names every row that begins with it)
``F0154``                a fact; one made from documents leads to their claims and sentences
``speech.txt#120-131``   a claim of a document
``astana-times-2025``    a source
``CPC``                  any other code: every row whose first key it is
======================== ===========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Literal

from kopir.core.errors import Fault, InputError
from kopir.core.folders.tables import Table
from kopir.core.spelling import did_you_mean
from kopir.model.contents.facts import Fact
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.grounds.cited import CitedNumber, Numbers
from kopir.model.grounds.statement import statement
from kopir.model.grounds.testimony import Testimony, testimonies
from kopir.model.network.clauses import Asset

TraceKind = Literal["result", "table", "row", "cell", "fact", "claim", "source"]
MAX_DEPTH = 50
"""Levels of a trace; what lies deeper is named and left to be asked for by its own id."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One step on the way from a number to its sources.

    ``value``, ``low`` and ``high`` are in ``unit`` and ``None`` where the step is no number; ``text`` says in
    words what stands there; ``left_out`` says why the steps below this one are not given ("shown above" where
    they stand earlier in the same tree), and is blank where nothing is left out.
    """

    id: str
    kind: TraceKind
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    grade: str = ""
    because: tuple[Trace, ...] = ()
    left_out: Literal["", "shown above", "too deep"] = ""

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Trace]]:
        """Yield every step with its depth, from this one (depth 0) to the sources."""
        yield depth, self
        for step in self.because:
            yield from step.walk(depth + 1)

    def as_record(self) -> dict[str, object]:
        """Return the tree as plain values."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "grade": self.grade,
            "left_out": self.left_out,
            "because": [step.as_record() for step in self.because],
        }


def trace(model: Model, name: str, numbers: Numbers | None = None) -> Trace:
    """Return why ``name`` is what it is; ``numbers`` are those of results, with the cells they rest on.

    Raises :class:`InputError` when nothing has this id.
    """
    walker = _Walker(model)
    if numbers is not None and name in numbers:
        return walker.result(name, numbers[name])
    if name in model.facts:
        return walker.fact(name, 0)
    if name in walker.sources:
        return walker.source(name)
    if (claim := next((one for one in walker.claims if one.id == name), None)) is not None:
        return walker.claim(claim)
    table, _, rest = name.partition(":")
    if table in model.folder.tables and rest:
        found = _in_table(walker, model.folder.tables[table], rest)
    else:
        found = [
            walker.row(one, line)
            for _, one in sorted(model.folder.tables.items())
            if one.schema.key
            for line in _lines_of_key(one, name)
        ]
    if not found:
        raise InputError(_unknown(model, name, numbers or {}))
    if len(found) == 1:
        return found[0]
    return Trace(name, "table", f"{len(found)} rows", because=tuple(found))


def row_id(table: Table, line: int) -> str:
    """Return the id of the row that begins at ``line``: ``table:key``, or ``table:line`` without a key."""
    row = _row(table, line)
    keys = [row[name].strip() for name in table.schema.key]
    while keys and not keys[-1]:
        keys.pop()
    return f"{table.schema.name}:{','.join(keys) or line}"


def asset_cells(model: Model, asset: Asset) -> tuple[CellRef, ...]:
    """Return the quantity cells that are filled in, of every row that is, or is about, an asset, sorted."""
    return model.cells_of_assets.get(asset, ())


@dataclass
class _Walker:
    """Builds one tree; each fact and source is expanded the first time it is met."""

    model: Model
    expanded: set[str] = field(default_factory=set)
    sources: Mapping[str, Mapping[str, str]] = field(init=False)

    @cached_property
    def claims(self) -> tuple[Testimony, ...]:
        """Claims of documents that the folder keeps."""
        return testimonies(self.model.folder.path)

    def __post_init__(self) -> None:
        self.sources = {row["source"]: row for row in self.model.folder.tables["sources"].records()}

    def result(self, name: str, number: CitedNumber) -> Trace:
        cells = sorted(set(number.cells))
        tables = [
            Trace(table, "table", f"{len(group)} cells", because=tuple(self.cell(ref, 2) for ref in group))
            for table, group in ((table, list(refs)) for table, refs in groupby(cells, lambda ref: ref.table))
        ]
        text = f"rests on {len(cells)} cells of the model"
        own = (number.value, number.low, number.high, number.unit)
        return Trace(name, "result", text, *own, because=tuple(tables))

    def cell(self, ref: CellRef, depth: int) -> Trace:
        table = self.model.folder.tables[ref.table]
        quantity = self.model.quantities.get(ref)
        text = _row(table, ref.line)[ref.column].strip()
        row = row_id(table, ref.line)
        if quantity is None:
            cells = _row(table, ref.line)
            facts, source = cells.get("facts", "").split(), cells.get("source", "").strip()
            because = tuple(self.fact(name, depth + 1) for name in facts if name in self.model.facts)
            if source in self.sources:
                because = (*because, self.source(source))
            return Trace(str(ref), "cell", f"{ref.column} of {row}: {text}", because=because)
        return Trace(
            str(ref),
            "cell",
            _cell_text(quantity, row, stated=bool(text)),
            quantity.value,
            quantity.low,
            quantity.high,
            quantity.unit,
            quantity.grade if text else "",
            self._behind(quantity, depth),
        )

    def _behind(self, quantity: Quantity, depth: int) -> tuple[Trace, ...]:
        if quantity.fact is not None:
            return (self.fact(quantity.fact, depth + 1),)
        return () if quantity.source is None else (self.source(quantity.source),)

    def row(self, table: Table, line: int) -> Trace:
        cells = _row(table, line)
        refs = [CellRef(table.schema.name, line, name) for name in table.schema.names]
        stated = [ref for ref in refs if ref in self.model.quantities and cells[ref.column].strip()]
        facts = cells.get("facts", "").split()
        plain = [
            f"{name} {cells[name].strip()}"
            for name in table.schema.names
            if cells[name].strip() and name != "facts" and table.schema.column(name).type != "quantity"
        ]
        if table.schema.name == "deals" and (told := self._deal(cells)):
            plain.insert(0, f"said to be {told}")
        return Trace(
            row_id(table, line),
            "row",
            f"{table.file} line {line}: " + ", ".join(plain),
            because=(
                *(self.cell(ref, 1) for ref in stated),
                *(self.fact(name, 1) for name in facts if name in self.model.facts),
            ),
        )

    def _deal(self, cells: Mapping[str, str]) -> str:
        """Return the value of a deal as the ledger prints it."""
        from kopir.facts import deal_said  # with all of reconciliation, which no other row asks for

        facts = {row["fact"]: row for row in self.model.folder.tables["facts"].records()}
        return deal_said(cells["value"].strip() or None, cells["facts"].split(), facts)

    def fact(self, name: str, depth: int) -> Trace:
        fact = self.model.facts[name]
        seen, deep = name in self.expanded, depth >= MAX_DEPTH
        self.expanded.add(name)
        because: tuple[Trace, ...] = ()
        if not seen and not deep:
            inputs = tuple(self.fact(one, depth + 1) for one in fact.inputs)
            because = (*inputs, *self._said(fact, depth))
        return Trace(
            name,
            "fact",
            _fact_text(fact),
            fact.value,
            fact.low,
            fact.high,
            fact.unit,
            fact.grade,
            because,
            "shown above" if seen else "too deep" if deep else "",
        )

    def _said(self, fact: Fact, depth: int) -> tuple[Trace, ...]:
        """Return the claims that a reconciled fact was made of with the facts beside them, else its sources."""
        claims = [one for one in self.claims if fact.code in one.facts]
        if not claims:
            return tuple(self.source(source) for source in fact.sources if source in self.sources)
        beside = sorted({name for one in claims for name in one.beside if name in self.model.facts})
        return (*map(self.claim, claims), *(self.fact(name, depth + 1) for name in beside))

    def claim(self, claim: Testimony) -> Trace:
        titles = {row["title"]: name for name, row in self.sources.items()}
        source = claim.source if claim.source in self.sources else titles.get(claim.source)
        who = f"{claim.speaker}: " if claim.speaker else ""
        text = f"{claim.verdict}: {who}«{claim.sentence}» ({claim.place})"
        because = () if source is None else (self.source(source),)
        return Trace(claim.id, "claim", text, claim.value, claim.low, claim.high, claim.unit, "", because)

    def source(self, name: str) -> Trace:
        row = self.sources[name]
        return Trace(name, "source", ", ".join(row[part] for part in ("title", "date", "url") if row[part]))


def _in_table(walker: _Walker, table: Table, rest: str) -> list[Trace]:
    lines = _lines_of_key(table, rest)
    if lines:
        return [walker.row(table, line) for line in lines]
    number, _, column = rest.partition(":")
    known = set(table.cells["line"].to_list())
    if not number.isdecimal() or int(number) not in known:
        return []
    if not column:
        return [walker.row(table, int(number))]
    return (
        [walker.cell(CellRef(table.schema.name, int(number), column), 0)] if column in table.schema.names else []
    )


def _lines_of_key(table: Table, key: str) -> list[int]:
    """Return the lines of the rows whose key begins with the comma-separated parts of ``key``."""
    parts = [part.strip() for part in key.split(",")]
    names = table.schema.key[: len(parts)]
    if not names or len(parts) > len(table.schema.key):
        return []
    return [
        row["line"]
        for row in table.cells.iter_rows(named=True)
        if all(row[name].strip() == part for name, part in zip(names, parts, strict=True))
    ]


def _row(table: Table, line: int) -> dict[str, str]:
    found: dict[str, str] = table.cells.row(table.cells["line"].to_list().index(line), named=True)
    return found


def _cell_text(quantity: Quantity, row: str, *, stated: bool) -> str:
    words = f"{quantity.ref.column} of {row}"
    if not stated:
        return f"{words}: blank, the default of the column"
    return f"{words}: {quantity.basis}" if quantity.basis else words


def _fact_text(fact: Fact) -> str:
    words = statement(fact)
    if fact.formula:
        words += f" = {fact.formula}"
    if fact.note:
        words += f" ({fact.note})"
    if fact.quote:
        words += f": «{fact.quote}»"
    return f"{words}; there: {fact.place}" if fact.place else words


def _unknown(model: Model, name: str, numbers: Numbers) -> Fault:
    known = {*model.facts, *numbers, *(row["source"] for row in model.folder.tables["sources"].records())}
    known |= {
        row_id(table, line) for table in model.folder.tables.values() for line in table.cells["line"].to_list()
    }
    mend = did_you_mean(
        name, known, "an id printed beside a number, table:line:column, table:key, a fact or a source"
    )
    return Fault("K0701", "nothing has this id", mend, value=name)
