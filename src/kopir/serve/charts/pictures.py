"""A chart as a page has it: an SVG drawn on the server, with nothing that a strict page would refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kopir.core.outward import as_json
from kopir.report.content import Figure
from kopir.serve.charts.live import Tell, live

_STYLE = re.compile(r'style="max-width:([0-9.]+)px" data-width="[0-9.]+" ')
_MARKUP = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
"""Letters that would end or change the text of a script, as JSON may write them."""


@dataclass(frozen=True)
class Picture:
    """A drawing with its caption; ``svg`` says in words what it shows.

    ``live`` is the specification of the same to be pointed at, as JSON for a page; blank where there is none.
    """

    key: str
    caption: str
    svg: Markup
    live: Markup


def picture(
    key: str, caption: str, description: str, spec: Mapping[str, Any], tell: Tell | None = None
) -> Picture:
    """Return the drawing of a Vega-Lite specification whose colours are those of the page.

    Where ``tell`` says what each of its values is called, it can be pointed at.
    """
    from kopir.report.forms.drawing import drawn

    svg = drawn(Figure(key, caption, description, dict(spec), ""))
    pointed = "" if tell is None else as_json(live(spec, tell)).translate(_MARKUP)
    return Picture(key, caption, Markup(_STYLE.sub(r'class="chart" width="\1" ', svg)), Markup(pointed))
