"""What a number rests on: cells, facts, sentences and sources, as ``kopir why`` answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.report.forms.grids import Grid
from kopir.report.forms.markdown import safe_address
from kopir.serve.choice import Choice
from kopir.serve.view import View

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from kopir.model.grounds.provenance import Trace
    from kopir.serve.desk import Desk
    from kopir.serve.words import Words

_COLUMNS = ("id", "kind", "text", "value", "low", "high", "unit", "grade", "left_out")
OPEN = 3
"""Levels of a trace that a page shows open."""


def tracing(desk: Desk, words: Words, choice: Choice, query: QueryParams) -> View:
    """Return what the number ``id`` of a query rests on; a page to ask for one without.

    Raises :class:`kopir.core.errors.InputError` where nothing has this id.
    """
    name = query.get("id", "").strip()
    if not name:
        return View("trace.html", words.text("trace.title"), {"found": None, "id": ""}, {}, Grid((), ()))
    found = desk.trace(name, choice)
    rows = tuple((depth, *(getattr(step, column) for column in _COLUMNS)) for depth, step in found.walk())
    return View(
        template="trace.html",
        title=words.text("trace.title"),
        context={"found": found, "id": name, "address": address_of, "open": OPEN},
        record=found.as_record(),
        main=Grid(("depth", *_COLUMNS), rows),
        run=desk.project.record("why", options={"id": name}),
    )


def address_of(step: Trace) -> str:
    """Return the web address that a source names, blank where it names none."""
    last = step.text.rpartition(", ")[2] if step.kind == "source" else ""
    return safe_address(last)
