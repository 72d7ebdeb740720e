"""A chart as a page has it: an SVG drawn on the server, with nothing that a strict page would refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kopir.report.content import Figure

_STYLE = re.compile(r'style="max-width:([0-9.]+)px" data-width="[0-9.]+" ')


@dataclass(frozen=True)
class Picture:
    """A drawing with its caption; ``svg`` says in words what it shows."""

    key: str
    caption: str
    svg: Markup


def picture(key: str, caption: str, description: str, spec: Mapping[str, Any]) -> Picture:
    """Return the drawing of a Vega-Lite specification whose colours are those of the page."""
    from kopir.report.forms.drawing import drawn

    svg = drawn(Figure(key, caption, description, dict(spec), ""))
    return Picture(key, caption, Markup(_STYLE.sub(r'class="chart" width="\1" ', svg)))
