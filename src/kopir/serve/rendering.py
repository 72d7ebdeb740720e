"""From a view to what leaves: a page in the words of a language, or one of its twins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from kopir.core.outward import without_controls
from kopir.core.version import __version__
from kopir.report.forms.drawing import DARK, LIGHT, pixels
from kopir.serve.tables import why
from kopir.serve.view import TWINS, View
from kopir.serve.words import Words, languages

if TYPE_CHECKING:
    from kopir.model.contents.model import Model
    from kopir.serve.choice import Choice
    from kopir.serve.maps.view import MapView

_ARROWS = str.maketrans("▲▼", "↑↓")
"""Signs that the font has, for a picture that has no other font to fall back on."""
PAGES: Mapping[str, str] = {
    "start": "/",
    "partners": "/partners",
    "questions": "/questions",
    "scenarios": "/scenarios",
    "facts": "/facts",
    "documents": "/documents",
    "model": "/model",
}
"""The pages of the menu, with their addresses."""


def as_page(view: View, words: Words, choice: Choice, path: str, query: str, edition: str) -> str:
    """Return a view as HTML; ``path`` and ``query`` are those of its address."""
    links = twins_of(view, path, query)
    return without_controls(
        _environment()
        .get_template(view.template)
        .render(
            view=view,
            words=words,
            say=words.text,
            choice=choice,
            plain=_plain(choice),
            pages=list(PAGES.items()),
            here=next((one for one in PAGES.values() if one != "/" and path.startswith(one)), path),
            tongues=languages(),
            in_language=lambda code: _in_language(path, query, code),
            links=links,
            footer=_footer(words, edition),
            focal=words.name(words.model.focal_state),
            alone=False,
            style="",
            why=lambda id: _why(id, choice),
            **view.context,
        )
    )


def as_drawing(map: MapView, words: Words, style: str) -> str:
    """Return a map as an SVG file that stands alone."""
    template = _environment().get_template("map.svg")
    return without_controls(template.render(map=map, words=words, say=words.text, alone=True, style=style))


def as_picture(drawing: str) -> bytes:
    """Return a map that stands alone as a PNG, two pixels to each of its own."""
    return pixels(drawing.translate(_ARROWS), scale=2)


def twins_of(view: View, path: str, query: str) -> dict[str, str]:
    """Return the addresses of a view's twins, by name."""
    if view.run is None and not view.main.columns:
        return dict(view.twins)
    stem = "/refusal" if path == "/" else path
    own = {twin: f"{stem}.{twin}{f'?{query}' if query else ''}" for twin in TWINS}
    return own | dict(view.twins)


@cache
def style_sheet() -> str:
    """Return the style sheet: the colours of the brief in light and dark, then what they colour."""
    light, dark = ("".join(f"--{name}: {colour}; " for name, colour in one.items()) for one in (LIGHT, DARK))
    own = _environment().get_template("style.css").render()
    return f":root {{ {light}}}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n{own}"


def map_style() -> str:
    """Return the part of the style sheet that a map needs on its own, in light colours."""
    text = style_sheet().partition("/* map */")[2].partition("/* end of map */")[0]
    text = re.sub(r"calc\((\S+) / var\(--closer, 1\)\)", r"\1", text)
    own = _environment().get_template("style.css").render().partition("\n")[0]
    colours = {**LIGHT, **dict(re.findall(r"--([a-z0-9]+): (#[0-9a-f]+);", own))}
    for name in sorted(colours, key=len, reverse=True):
        text = text.replace(f"var(--{name})", colours[name])
    return text


def _why(id: str, choice: Choice) -> str:
    """Return the address of what a number rests on; that of a refusal depends on how hard and long it is."""
    if id.startswith("refusal:"):
        return replace(choice, before=False).at("/why", id=id)
    return why(id, **({"lang": choice.language} if choice.own else {}))


def _plain(choice: Choice) -> Choice:
    """Return a choice of nothing but the language."""
    return replace(choice, deny=(), lose=(), severity=1.0, months=None, draws=False, before=False)


def _in_language(path: str, query: str, code: str) -> str:
    pairs = [part for part in query.split("&") if part and not part.startswith("lang=")]
    return f"{path}?{'&'.join([*pairs, f'lang={code}'])}"


def _footer(words: Words, edition: str) -> str:
    model: Model = words.model
    settings = model.settings.model
    return words.text(
        "page.footer",
        version=__version__,
        model=settings.title if (named := words.name(settings.name)) == settings.name else named,
        edition=edition,
        year=str(settings.base_year),
        day="" if model.as_of is None else model.as_of.isoformat(),
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kopir.serve"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
