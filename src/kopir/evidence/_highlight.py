"""A page that shows texts with their claims marked, each opening its slots; self-contained, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from kopir.core.outward import without_controls
from kopir.evidence._records import SENSE, Claim, Reading


class Page:
    """One HTML page of readings: a beginning, a part for each of them and an end; every text is escaped."""

    def __init__(self) -> None:
        """Read the template."""
        from jinja2 import Environment

        source = files("kopir.evidence").joinpath("highlight.html.j2").read_text(encoding="utf-8")
        environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._parts: Any = environment.from_string(source).module

    def begin(self) -> str:
        """Return what comes before the readings."""
        return str(self._parts.begin())

    def shown(self, reading: Reading) -> str:
        """Return one reading with its claims marked; U+FFFD stands for what turns or hides the text around it."""
        claims = reading.claims
        document = {
            "name": reading.document.name,
            "lang": reading.document.language,
            "date": reading.document.date,
            "pieces": _pieces(reading),
            "count": len(claims),
            "published": sum(claim.published for claim in claims),
            "filled": sum(bool(claim.filled_by) for claim in claims),
        }
        return without_controls(str(self._parts.shown(document)))

    def end(self) -> str:
        """Return what comes after the readings."""
        return str(self._parts.end())


def highlight(readings: Iterable[Reading]) -> str:
    """Return one HTML page for the readings; every text is escaped."""
    page = Page()
    return "".join([page.begin(), *map(page.shown, readings), page.end()])


def _pieces(reading: Reading) -> list[dict[str, Any]]:
    """Cut the text into plain pieces and claims."""
    text, at = reading.document.text, 0
    out: list[dict[str, Any]] = []
    for claim in sorted(reading.claims, key=lambda c: c.start):
        if claim.start < at:
            continue
        out.append({"plain": text[at : claim.start]})
        # Plain values: a template holds what it was given longer than a document is.
        told = {name: getattr(claim, name) for name in ("text", "published", "start", "end", "page")}
        out.append({"claim": told, "slots": _slots(claim, text)})
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
