"""A page that shows texts with their claims marked, each opening its slots; self-contained, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from kopir.evidence._records import SENSE, Claim, Reading


def highlight(readings: Iterable[Reading]) -> str:
    """Return one HTML page for the readings; every text is escaped."""
    from jinja2 import Environment

    source = files("kopir.evidence").joinpath("highlight.html.j2").read_text(encoding="utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    documents = [
        {
            "name": r.document.name,
            "lang": r.document.language,
            "date": r.document.date,
            "pieces": _pieces(r),
            "count": len(r.claims),
            "published": sum(c.published for c in r.claims),
            "filled": sum(bool(c.filled_by) for c in r.claims),
        }
        for r in readings
    ]
    return template.render(documents=documents)


def _pieces(reading: Reading) -> list[dict[str, Any]]:
    """Cut the text into plain pieces and claims."""
    text, at = reading.document.text, 0
    out: list[dict[str, Any]] = []
    for claim in sorted(reading.claims, key=lambda c: c.start):
        if claim.start < at:
            continue
        out.append({"plain": text[at : claim.start]})
        out.append({"claim": claim, "slots": _slots(claim, text)})
        at = claim.end
    out.append({"plain": text[at:]})
    return out


def _slots(claim: Claim, text: str) -> Sequence[dict[str, Any]]:
    rows = []
    for name in SENSE:
        value = getattr(claim, name)
        if value is None or value == ():
            continue
        span = claim.inherited_from.get(name)
        rows.append(
            {
                "name": name,
                "value": " + ".join(value) if isinstance(value, tuple) else value,
                "confidence": claim.confidence.get(name),
                "inherited": text[span.start : span.end] if span else None,
                "filled": claim.filled_by.get(name),
            }
        )
    return rows
