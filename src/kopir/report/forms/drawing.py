"""From a chart specification to SVG, inline for a page or a file that stands alone; deterministic, offline."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

import vl_convert
from markupsafe import escape

from kopir.report.content import Figure

LIGHT = {
    "ink": "#1b2733",
    "quiet": "#5b6b7a",
    "paper": "#ffffff",
    "grid": "#e3e8ee",
    "accent": "#b4480b",
    "flow": "#2f6690",
    "lost": "#7a8793",
    "land": "#f1ede4",
    "sea": "#dce8f0",
    "border": "#a39e92",
    "on-shade": "#ffffff",
    "tint1": "#f6e3cf",
    "tint2": "#f2d0ae",
    "tint3": "#ebb88a",
    "tint4": "#e09a66",
    "shade0": "#f4f6f8",
    "shade1": "#dbe6ee",
    "shade2": "#b3cadb",
    "shade3": "#7fa6c1",
    "shade4": "#3d739b",
    "shade5": "#174a70",
}
"""Colours by name on light paper; blue against orange, told apart by the colour-blind and in grey."""

DARK = LIGHT | {
    "ink": "#e6edf3",
    "quiet": "#9aa7b4",
    "paper": "#10171e",
    "grid": "#2a3642",
    "accent": "#f59a5b",
    "flow": "#79b4e0",
    "lost": "#8b98a5",
    "land": "#26303a",
    "sea": "#151f29",
    "border": "#5d6873",
    "on-shade": "#0d1319",
    "tint1": "#3a3129",
    "tint2": "#4b3826",
    "tint3": "#644324",
    "tint4": "#855225",
    "shade0": "#1a242e",
    "shade1": "#213445",
    "shade2": "#2a4862",
    "shade3": "#5f8fb4",
    "shade4": "#8cbadb",
    "shade5": "#bfe0f7",
}

_VARIABLE = re.compile(r"var\(--([a-z0-9-]+)\)")
_SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)" viewBox')


def drawn(figure: Figure) -> str:
    """Return a figure as an ``<svg>`` element for a page that defines the colours and describes the figure.

    Its identifiers begin with the figure's key, so that several stand on one page.
    """
    svg: str = _converted(_frozen(figure))
    size = _SIZE.search(svg)
    assert size is not None, "vl-convert states width, height and viewBox"
    svg = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{figure.key}-", svg)
    svg = re.sub(r' aria-(?:hidden|label|roledescription)="[^"]*"| role="[^"]*"', "", svg)
    head = f'role="img" aria-label="{escape(figure.caption)} {escape(figure.description)}" '
    start = f'<svg {head}style="max-width:{float(size[1]):.0f}px" data-width="{float(size[1]):.0f}" '
    svg = re.sub(r'width="[0-9.]+" height="[0-9.]+" (?=viewBox)', "", svg, count=1)
    return svg.replace("<svg ", start, 1)


def standalone(svg: str) -> str:
    """Return a drawing as a file of its own: light colours in place of the page's, on paper."""
    plain = _VARIABLE.sub(lambda variable: LIGHT[variable[1]], svg)
    paper = f'<rect width="100%" height="100%" fill="{LIGHT["paper"]}"/>'
    return re.sub(r"(<svg [^>]*>)", rf"\g<1>{paper}", plain, count=1) + "\n"


def pixels(svg: str, *, scale: float = 1.0) -> bytes:
    """Return a drawing that stands alone as a PNG, ``scale`` pixels to each of its own, in the font of pages."""
    _with_fonts()
    picture: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return picture


@cache
def _with_fonts() -> None:
    vl_convert.register_font_directory(str(files("fontpkg_ibm_plex_sans").joinpath("files")))


def _frozen(figure: Figure) -> str:
    return json.dumps(figure.spec, sort_keys=True, ensure_ascii=False)


@cache
def _converted(spec: str) -> str:
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg
