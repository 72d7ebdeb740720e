"""The brief on paper: a PDF set by Typst with the fonts that come along, sources as end-notes with addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any

import typst

from kopir.report.content import FRONT, Block, Brief, Cell, Figure, Items, Number, Prose, Section, Source, Table
from kopir.report.forms.drawing import standalone
from kopir.report.forms.markdown import is_numeric, safe_address
from kopir.report.numbers import UNKNOWN, printed

FONTS = "fontpkg_ibm_plex_sans"
_LONG = 28
_COLUMN, _PIXEL = 176.0, 0.25
"""Millimetres of the column of text, and of a pixel of a drawing, which is never larger than that."""
_SIZE = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_FAMILY = re.compile(r'font-family="[^"]*"')


def as_pdf(brief: Brief, drawings: Mapping[str, str]) -> bytes:
    """Return the brief as PDF, the same bytes for the same brief; ``drawings`` are its figures as SVG, by key."""
    with _set(brief, drawings) as (main, settings):
        made = typst.compile(main, format="pdf", **settings)
    assert isinstance(made, bytes), "one document is one file"
    return made


def page_pictures(brief: Brief, drawings: Mapping[str, str], *, dots_per_inch: float = 90) -> list[bytes]:
    """Return each page of the brief as PNG; ``drawings`` as for the PDF."""
    with _set(brief, drawings) as (main, settings):
        made = typst.compile(main, format="png", ppi=dots_per_inch, **settings)
    return made if isinstance(made, list) else [made]


@contextmanager
def _set(brief: Brief, drawings: Mapping[str, str]) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield the text to set and how: with the fonts that come along, and no others."""
    told = {"brief": json.dumps(_record(brief, drawings), ensure_ascii=False)}
    for key, drawing in drawings.items():
        told[f"figure:{key}"] = _FAMILY.sub('font-family="IBM Plex Sans"', standalone(drawing))
    main = files("kopir.report").joinpath("templates/brief.typ").read_bytes()
    with as_file(files(FONTS) / "files") as fonts:
        known = typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)])
        yield main, {"font_paths": known, "sys_inputs": told}


def _record(brief: Brief, drawings: Mapping[str, str]) -> dict[str, object]:
    numbers = {note.ground: place for place, note in enumerate(brief.notes, start=1)}
    sources: dict[str, Source] = {one.code: one for fact in brief.facts for one in fact.sources}
    places = {code: place for place, code in enumerate(sources, start=1)}

    def section(one: Section) -> dict[str, object]:
        return {"title": one.title, "blocks": [_block(block, brief, numbers, drawings) for block in one.blocks]}

    of_fact = {fact.code: [places[source.code] for source in fact.sources] for fact in brief.facts}
    notes = []
    for note in brief.notes:
        cited = sorted({place for code in note.facts for place in of_fact.get(code, [])})
        text = note.text + (f" {brief.labels['notes.sources']}: {_ranges(cited)}." if cited else "")
        if note.builds_on:
            text += f" + {numbers[note.builds_on]}."
        notes.append({"number": numbers[note.ground], "text": text})
    return {
        "language": brief.language,
        "title": brief.title,
        "subtitle": brief.subtitle,
        "running": brief.title,
        "legend": brief.legend,
        "front": [section(one) for one in brief.sections if one.key in FRONT],
        "annex": [section(one) for one in brief.sections if one.key not in FRONT],
        "notes": notes,
        "sources": [
            {
                "number": places[code],
                "text": ", ".join(part for part in (one.title, one.date) if part),
                "address": safe_address(one.url),
            }
            for code, one in sources.items()
        ],
        "labels": {
            "annex": brief.labels["annex"],
            "notes": brief.labels["notes.title"],
            "sources": brief.labels["notes.sources"],
        },
    }


def _block(
    block: Block, brief: Brief, numbers: Mapping[str, int], drawings: Mapping[str, str]
) -> dict[str, object]:
    match block:
        case Prose():
            return {"kind": "prose", "parts": _cells(block.parts, brief, numbers)}
        case Items():
            items = [_cells(item.parts, brief, numbers) for item in block.items]
            return {"kind": "items", "ordered": block.ordered, "items": items}
        case Figure():
            size = _SIZE.search(drawings[block.key])
            wide, high = (float(size[1]), float(size[2])) if size else (1.0, 1.0)
            height = min(_COLUMN, wide * _PIXEL) * high / wide
            return {"kind": "figure", "key": block.key, "caption": block.caption, "height": height}
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "columns": list(block.columns),
                "widths": [_width(block, index, brief) for index in range(len(block.columns))],
                "numeric": [is_numeric(block, index) for index in range(len(block.columns))],
                "rows": [_cells(row, brief, numbers) for row in block.rows],
            }


def _cells(cells: Iterable[Cell], brief: Brief, numbers: Mapping[str, int]) -> list[object]:
    return [_number(one, brief, numbers) if isinstance(one, Number) else one for one in cells]


def _number(number: Number, brief: Brief, numbers: Mapping[str, int]) -> dict[str, object]:
    text = printed(number, brief.language)
    return {"text": text, "note": None if text == UNKNOWN else numbers[number.ground]}


def _width(table: Table, index: int, brief: Brief) -> float:
    """Return how wide a column wants to be beside the others: what cannot break, and some more for long texts."""
    shown = [printed(cell, brief.language) if isinstance(cell, Number) else cell for cell in _column(table, index)]
    words = [word for text in (table.columns[index], *shown) for word in re.split(r"[ –…]", text)]
    longest = max(map(len, words), default=1)
    usual = sorted(map(len, shown))[3 * len(shown) // 4] if shown else 1
    return float(max(4, longest, min(usual, _LONG)))


def _column(table: Table, index: int) -> list[Cell]:
    return [row[index] for row in table.rows]


def _ranges(places: list[int]) -> str:
    """Return sorted numbers with runs shortened: ``1–3, 7``."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
