"""The brief as JSON: everything on the page as values, with ids, intervals and grounds."""

from __future__ import annotations

from collections.abc import Mapping

from kopir.core import outward
from kopir.report.content import Block, Brief, Cell, Figure, Items, Number, Prose, Table

SCHEMA_VERSION = 1


def as_record(brief: Brief) -> dict[str, object]:
    """Return the brief as plain values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "language": brief.language,
        "title": brief.title,
        "subtitle": brief.subtitle,
        "legend": brief.legend,
        "sections": [
            {"key": section.key, "title": section.title, "blocks": [_block(block) for block in section.blocks]}
            for section in brief.sections
        ],
        "notes": [
            {
                "ground": note.ground,
                "text": note.text,
                "facts": list(note.facts),
                "assumptions": list(note.assumptions),
                "builds_on": note.builds_on,
            }
            for note in brief.notes
        ],
        "assumptions": [
            {"cell": assumed.cell, "text": assumed.text, "basis": assumed.basis} for assumed in brief.assumptions
        ],
        "facts": [
            {
                "fact": fact.code,
                "text": fact.text,
                "sources": [
                    {"source": source.code, "title": source.title, "date": source.date, "url": source.url}
                    for source in fact.sources
                ],
            }
            for fact in brief.facts
        ],
    }


def as_json(brief: Brief) -> str:
    """Return the brief as JSON text."""
    return outward.as_json(as_record(brief), indent=1) + "\n"


def _block(block: Block) -> Mapping[str, object]:
    match block:
        case Prose():
            return {"prose": [_cell(part) for part in block.parts]}
        case Items():
            return {"items": [[_cell(part) for part in item.parts] for item in block.items]}
        case Table():
            rows = [[_cell(cell) for cell in row] for row in block.rows]
            return {"table": block.key, "caption": block.caption, "columns": list(block.columns), "rows": rows}
        case Figure():
            return {
                "figure": block.key,
                "caption": block.caption,
                "description": block.description,
                "table": block.twin,
            }


def _cell(cell: Cell) -> object:
    if isinstance(cell, Number):
        return {
            "id": cell.id,
            "value": cell.value,
            "low": cell.low,
            "high": cell.high,
            "unit": cell.unit,
            "rest": cell.rest,
            "ground": cell.ground,
        }
    return cell
