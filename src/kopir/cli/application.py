"""The application: every command, registered by name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kopir.cli.answers.arms import arms
from kopir.cli.answers.brief import brief, demo
from kopir.cli.answers.changed import changed
from kopir.cli.answers.corridors import corridors
from kopir.cli.answers.hindcast import expect, hindcast
from kopir.cli.answers.incident import incident
from kopir.cli.answers.layers import layers
from kopir.cli.answers.obligations import obligations
from kopir.cli.answers.openings import options
from kopir.cli.answers.outages import outages, worst
from kopir.cli.answers.plan import disputed, plan
from kopir.cli.answers.portfolio import portfolio
from kopir.cli.answers.solve import coalitions, flow, leverage
from kopir.cli.answers.stress import stress
from kopir.cli.asking import command_of
from kopir.cli.folders.check import check
from kopir.cli.folders.doctor import doctor
from kopir.cli.folders.explain import explain
from kopir.cli.folders.export import export
from kopir.cli.folders.listing import list_
from kopir.cli.folders.rebase import rebase
from kopir.cli.folders.start import new
from kopir.cli.folders.trade import trade
from kopir.cli.folders.why import why
from kopir.cli.folders.world import world
from kopir.cli.serving import serve
from kopir.cli.texts.conflicts import conflicts
from kopir.cli.texts.diff import diff
from kopir.cli.texts.facts import facts
from kopir.cli.texts.ledger import ledger
from kopir.cli.texts.narratives import narratives
from kopir.cli.texts.read import read
from kopir.cli.texts.review import review
from kopir.cli.texts.theses import theses
from kopir.cli.texts.update import update
from kopir.cli.words import Command, taken_plainly
from kopir.core.version import __version__
from kopir.strategy.questions import questions

HELP = """Who could squeeze a bridge state, through what, and by how much after it reacts.

stdout is data: text, --json or --csv. stderr is talk. Nothing is sent over a network unless you name an endpoint.

Exit codes:
0 done
1 a check found faults
2 wrong usage
3 bad input
4 infeasible or unbounded
5 limit reached
6 folder locked or too new
70 a fault of kopir's own
130 interrupted
"""

_OWN: tuple[Callable[..., None], ...] = (
    arms,
    brief,
    changed,
    check,
    coalitions,
    conflicts,
    corridors,
    demo,
    diff,
    doctor,
    expect,
    explain,
    export,
    facts,
    flow,
    hindcast,
    incident,
    layers,
    ledger,
    leverage,
    list_,
    narratives,
    new,
    options,
    outages,
    plan,
    disputed,
    portfolio,
    obligations,
    read,
    rebase,
    review,
    serve,
    stress,
    theses,
    trade,
    update,
    why,
    world,
    worst,
)
_NAMES = frozenset(command.__name__ for command in _OWN)
COMMANDS = (
    *_OWN,
    *(command_of(one) for one in questions() if not one.command and one.name not in _NAMES),
)
"""Commands with a face of their own, and one for every other question."""


class _Commands(TyperGroup):
    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever a group is told
        super().__init__(**settings)
        self.commands = {one.name or "": one for one in map(Command, COMMANDS)}

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401 - typer keeps its context to itself
        found = super().get_params(ctx)
        taken_plainly(found)
        return found


application = typer.Typer(
    name="kopir",
    cls=_Commands,
    help=HELP,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"kopir {__version__}")
        raise typer.Exit


@application.callback(help=HELP)
def _whole(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
