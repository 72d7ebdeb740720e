"""The brief as one HTML file, without an outside request; narrow screens, dark, print and screen readers.

Nothing of the brief needs a script. Where the solver is built, the file also carries it with its own model, so
that partners can be switched off in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from kopir.report.content import FRONT, Brief, Figure, Items, Number, Prose, Table
from kopir.report.forms.drawing import DARK, LIGHT
from kopir.report.forms.markdown import is_numeric, safe_address
from kopir.report.forms.solver import PackedSolver, packed_model
from kopir.report.numbers import UNKNOWN, printed

_KINDS = {Prose: "prose", Items: "items", Table: "table", Figure: "figure"}


def as_html(brief: Brief, drawings: Mapping[str, str], solver: PackedSolver | None = None) -> str:
    """Return the brief as one self-contained page; ``drawings`` are the figures as SVG, by key.

    With a ``solver`` the page can switch partners off, where any can close anything; without, it has no script.
    """
    refusing = None if solver is None else brief.refusing
    return _template().render(
        brief=brief,
        refusing=refusing,
        solver=solver,
        model="" if refusing is None else packed_model(refusing),
        labels=brief.labels,
        drawings={key: Markup(svg) for key, svg in drawings.items()},
        light=LIGHT,
        dark=DARK,
        first_page=[section for section in brief.sections if section.key in FRONT],
        evidence=[section for section in brief.sections if section.key not in FRONT],
        number_of={note.ground: number for number, note in enumerate(brief.notes, start=1)},
        printed=lambda number: printed(number, brief.language),
        is_number=lambda cell: isinstance(cell, Number),
        is_numeric=is_numeric,
        kind_of=lambda block: _KINDS[type(block)],
        pieces=lambda number: _pieces(printed(number, brief.language)),
        unknown=UNKNOWN,
        address=safe_address,
    )


def _pieces(text: str) -> list[str]:
    """Return a printed number and its interval apart, so that a narrow column breaks between them only."""
    value, _, interval = text.partition(" (")
    return [value, f"({interval}"] if interval else [value]


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("kopir.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("brief.html")
