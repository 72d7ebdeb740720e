"""``kopir list``: the codes that a model knows, with their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kopir.cli.options import Delivery, Subject, Tongue
from kopir.cli.output import Grid, Reply, Stages, deliver

if TYPE_CHECKING:
    from kopir.core.codes import Language
    from kopir.model.contents.model import Model

Listed = Literal[
    "partners",
    "assets",
    "places",
    "functions",
    "options",
    "institutions",
    "layers",
    "commodities",
    "scenarios",
    "facts",
]
ENGLISH = Tongue()


def list_(
    what: Annotated[Listed, typer.Argument(help="What to list.", show_default=False)],
    subject: Subject,
    delivery: Delivery,
    tongue: Tongue = ENGLISH,
) -> None:
    """List the codes that a model knows, with their names: what may stand behind --deny, --lose, --with."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            model = subject.open().model
        rows = _rows(model, what, tongue.lang)
        grid = Grid(("code", "name"), tuple(rows), f"{what} of {model.settings.model.name}")
        record = {"what": what, "codes": [{"code": code, "name": name} for code, name in rows]}
        return Reply(record=record, main=grid, parts=(grid,))

    deliver(delivery, ask, folder=subject.model)


def _rows(model: Model, what: Listed, language: Language) -> list[tuple[str, str]]:
    from kopir.model.contents.names import name_of
    from kopir.model.contents.spoken import spoken

    if what == "facts":
        facts = model.folder.tables["facts"].records()
        return [(row["fact"], " ".join(row[name] for name in _OF_A_FACT if row.get(name))) for row in facts]
    if what == "scenarios":
        folder = model.folder.path / "scenarios"
        return [(file.stem, file.name) for file in sorted(folder.glob("*.toml"))]
    if what == "commodities":
        held = model.folder.tables["commodities"].cells["commodity"].to_list()
    else:
        held = list(spoken(model, what).names)
    return [(code, name_of(model, code, language)) for code in dict.fromkeys(held)]


_OF_A_FACT = ("indicator", "subject", "partners", "route", "commodity", "period", "value", "unit")
"""Columns that say what a fact is about."""
