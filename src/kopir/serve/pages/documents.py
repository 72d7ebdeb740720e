"""Documents: what was given, the claims in each text with their slots, and texts set against the fact book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError
from kopir.core.folders.schema import table_schemas
from kopir.report.forms.grids import Grid
from kopir.serve.choice import Choice
from kopir.serve.tables import shown
from kopir.serve.tray import KINDS, Kept
from kopir.serve.view import View

if TYPE_CHECKING:
    from kopir.evidence import Claim, Reading
    from kopir.facts import Review
    from kopir.serve.desk import Desk
    from kopir.serve.words import Words

_SLOTS = ("indicator", "subject", "partners", "route", "commodity", "period", "modality", "value", "unit", "rate")
"""Slots of a claim that a page tells first; the others follow."""
_VERDICTS = ("verdict", "text", "why", "read_as", "sources", "suggestion")


def documents(desk: Desk, words: Words, choice: Choice) -> View:
    """Return the documents that were given, and the form that takes more."""
    kept = desk.tray.listed()
    table = pl.DataFrame(
        [{"document": one.key, "name": one.name, "date": one.date, "about": one.about} for one in kept],
        schema=dict.fromkeys(("document", "name", "date", "about"), pl.String),
    )
    states = sorted(((code, words.name(code)) for code in codes("states")), key=lambda one: one[1].casefold())
    return View(
        template="documents.html",
        title=words.text("documents.title"),
        context={
            "kept": [(one, choice.at(f"/documents/{one.key}")) for one in kept],
            "states": states,
            "kinds": ",".join(KINDS),
            "review": False,
        },
        record={"documents": table.to_dicts()},
        main=Grid.of(table),
        run=desk.project.record("documents"),
    )


def document(desk: Desk, words: Words, choice: Choice, key: str, *, sent: str = "") -> View:
    """Return a document with its claims marked in its text; ``sent`` names what was written of it.

    Raises :class:`InputError` where there is none, and where it cannot be read.
    """
    kept = desk.tray.document(key)
    reading = read_of(desk, kept)
    records = [claim.as_record() for claim in reading.claims]
    return View(
        template="document.html",
        title=kept.name,
        context={
            "kept": kept,
            "sent": sent,
            "reading": reading,
            "pieces": _pieces(reading),
            "claims": [_claim(words, claim) for claim in reading.claims],
            "slots": slots(),
            "published": sum(claim.published for claim in reading.claims),
            "changeable": desk.changeable,
            "version": desk.edition,
            "review_href": choice.at(f"/documents/{key}/review"),
            "told": [fault for fault in reading.faults if fault.code != "K2014"],
        },
        record={"document": key, "name": kept.name, "claims": records},
        main=Grid.of(_frame(records)),
        run=desk.project.record("read", options={"document": key}),
        faults=reading.faults,
    )


def reviewed(desk: Desk, words: Words, choice: Choice, key: str) -> View:
    """Return a document set against the fact book; raises as :func:`document` does."""
    kept = desk.tray.document(key)
    found = desk.made(("review", key, _said(desk, kept)), lambda: _review(desk, kept))
    columns = [name for name in _VERDICTS if name in found.table.columns]
    return View(
        template="review.html",
        title=f"{words.text('documents.review')}: {kept.name}",
        context={
            "found": found,
            "table_shown": shown(
                words, "figures", found.table.select(columns), caption=words.text("documents.figures")
            ),
            "back": choice.at(f"/documents/{key}"),
        },
        record={"document": key, "figures": found.table.to_dicts()},
        main=Grid.of(found.table),
        run=desk.project.record("review", options={"document": key}),
    )


def read_of(desk: Desk, kept: Kept) -> Reading:
    """Return a document as it is read, in a process of its own that is ended where it takes too much.

    Raises :class:`InputError` where it cannot be read.
    """
    return desk.made(("reading", kept.key, _said(desk, kept)), lambda: _read(desk, kept))


def slots() -> tuple[str, ...]:
    """Return the slots of a claim that can be corrected; ``reject`` drops the claim."""
    return table_schemas()["corrections"].column("slot").choices


def _said(desk: Desk, kept: Kept) -> tuple[str, ...]:
    """Return what a reading depends on beside the document."""
    path = desk.tray.corrections(kept)
    return (kept.name, kept.date, kept.about, desk.edition, "" if path is None else path.read_text("utf-8"))


def _read(desk: Desk, kept: Kept) -> Reading:
    from kopir.evidence import Bounds, iter_readings

    faults: list[Fault] = []
    for found in iter_readings(
        [desk.tray.path(kept)],
        date=kept.date or None,
        about=kept.about or None,
        corrections=desk.tray.corrections(kept),
        bounds=Bounds(),
    ):
        if not isinstance(found, Fault):
            return found
        faults.append(found)
    raise InputError(faults)


def _review(desk: Desk, kept: Kept) -> Review:
    from kopir.facts import claims_of_folder, review

    folder = desk.project.model.folder
    titles = {row["source"]: row["title"] for row in folder.tables["sources"].records()}
    claims = desk.made(("claims", desk.edition), lambda: claims_of_folder(folder))
    return review(read_of(desk, kept), claims, titles, focal=desk.project.model.focal_state)


def _pieces(reading: Reading) -> list[tuple[str, str, bool]]:
    """Return the text in pieces: text, the anchor of its claim or blank, and whether that is published."""
    text, at = reading.document.text, 0
    pieces: list[tuple[str, str, bool]] = []
    for claim in sorted(reading.claims, key=lambda one: (one.start, -one.end)):
        if claim.start < at:
            continue
        pieces.append((text[at : claim.start], "", False))
        pieces.append((text[claim.start : claim.end], anchor(claim), claim.published))
        at = claim.end
    return [*pieces, (text[at:], "", False)]


def anchor(claim: Claim) -> str:
    """Return the name of a claim's place on a page."""
    return f"c{claim.start}-{claim.end}"


def _claim(words: Words, claim: Claim) -> Mapping[str, Any]:
    names = dict.fromkeys((*_SLOTS, *(one for one in slots() if one != "reject")))
    plain = claim.lo == claim.hi == claim.value
    left = {"lo", "hi", "comparator"} if plain else frozenset[str]()
    told = [(name, words.heading(name), _slot(words, claim, name)) for name in names if name not in left]
    return {
        "claim": claim,
        "anchor": anchor(claim),
        "slots": [one for one in told if one[2]],
        "withheld": ", ".join(claim.withheld),
    }


def _slot(words: Words, claim: Claim, name: str) -> str:
    value = getattr(claim, name)
    match value:
        case None | "" | ():
            return ""
        case tuple():
            return words.joined(value)
        case int() | float():
            return words.number(float(value))
        case _:
            return words.name(str(value)) if name in {"subject", "route", "commodity", "indicator"} else str(value)


def _frame(records: list[dict[str, Any]]) -> pl.DataFrame:
    rows = [
        {name: " ".join(map(str, value)) if isinstance(value, list) else value for name, value in record.items()}
        for record in records
    ]
    kept = [{name: value for name, value in row.items() if not isinstance(value, dict)} for row in rows]
    return pl.DataFrame(kept, infer_schema_length=None) if kept else pl.DataFrame({"id": []})
