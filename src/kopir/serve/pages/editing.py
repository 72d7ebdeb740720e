"""The tables of a model: what each holds, and a form for each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.schema import Column, TableSchema, table_schemas
from kopir.report.forms.grids import Grid
from kopir.serve.changes import NEW
from kopir.serve.choice import Choice
from kopir.serve.view import View

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from kopir.serve.desk import Desk
    from kopir.serve.words import Words

PAGE = 100
"""Rows that a page shows of a table."""
MOST_KNOWN = 400
"""Codes that a form offers for one cell."""


@dataclass(frozen=True)
class Cell:
    """A cell of a form: what the column holds, what it may be, and what it is."""

    column: Column
    value: str
    choices: tuple[str, ...]
    known: tuple[str, ...]


def tables(desk: Desk, words: Words, choice: Choice) -> View:
    """Return the tables of the model folder, those that hold something first."""
    folder = desk.project.model.folder
    rows = [(name, table.cells.height, bool(table.present)) for name, table in folder.tables.items()]
    rows.sort(key=lambda one: (one[1] == 0, one[0]))
    frame = pl.DataFrame(rows, schema={"table": pl.String, "rows": pl.Int64, "present": pl.Boolean}, orient="row")
    return View(
        template="tables.html",
        title=words.text("model.title"),
        context={
            "listed": [(name, count, choice.at(f"/model/{name}")) for name, count, _ in rows],
            "changeable": desk.changeable,
        },
        record={"tables": frame.to_dicts()},
        main=Grid.of(frame),
        run=desk.project.record("tables"),
    )


def table(desk: Desk, words: Words, choice: Choice, name: str, query: QueryParams) -> View:
    """Return one table, with the form of a row where a query names its ``line``.

    Raises :class:`InputError` for a table that there is not, and a line that is none of it.
    """
    schema = table_schemas().get(name)
    if schema is None:
        raise InputError(Fault("K0701", "there is no such table", "see /model", value=name[:80]))
    held = desk.project.model.folder.tables[name]
    shown = [column for column in schema.columns if column.name in held.present] or list(schema.columns)
    first = _whole(query.get("from", "0"))
    lines = held.cells["line"].to_list()
    rows = list(held.records())
    line = query.get("line", "")
    own = {} if line == NEW else dict(zip(map(str, lines), rows, strict=True)).get(line)
    if line and own is None:
        raise InputError(Fault("K0701", "there is no such row", "look at the table anew", value=line[:20]))
    frame = held.cells.drop("line")
    return View(
        template="table.html",
        title=name,
        context={
            "name": name,
            "columns": shown,
            "rows": [
                (at, [row[column.name] for column in shown], choice.at(f"/model/{name}", line=str(at)) + "#row")
                for at, row in list(zip(lines, rows, strict=True))[first : first + PAGE]
            ],
            "before": choice.at(f"/model/{name}", **{"from": str(max(0, first - PAGE))}) if first else "",
            "after": choice.at(f"/model/{name}", **{"from": str(first + PAGE)})
            if first + PAGE < len(rows)
            else "",
            "line": line,
            "form": [] if not line else _form(desk, schema, own or {}),
            "new_href": choice.at(f"/model/{name}", line=NEW) + "#row",
            "changeable": desk.changeable,
            "version": desk.edition,
        },
        record={"table": name, "rows": frame.to_dicts()},
        main=Grid.of(frame),
        run=desk.project.record("tables", options={"table": name}),
        rates=False,
    )


def _form(desk: Desk, schema: TableSchema, row: Mapping[str, str]) -> list[Cell]:
    return [
        Cell(column, row.get(column.name, ""), column.choices, _known(desk, column)) for column in schema.columns
    ]


def _known(desk: Desk, column: Column) -> tuple[str, ...]:
    """Return the codes that a column may name, where another table of the model has them."""
    name, dot, key = column.refers_to.partition(".")
    held = desk.project.model.folder.tables.get(name)
    if not dot or held is None or key not in held.cells.columns or column.type not in {"id", "ids"}:
        return ()
    return tuple(sorted(set(held.cells[key].to_list()) - {""})[:MOST_KNOWN])


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
