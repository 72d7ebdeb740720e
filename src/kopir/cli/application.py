"""The application: every command, registered by name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Annotated

import typer

from kopir.cli.arms import arms
from kopir.cli.asking import command_of
from kopir.cli.brief import brief, demo
from kopir.cli.check import check
from kopir.cli.conflicts import conflicts
from kopir.cli.corridors import corridors
from kopir.cli.diff import diff
from kopir.cli.doctor import doctor
from kopir.cli.explain import explain
from kopir.cli.facts import facts
from kopir.cli.hindcast import hindcast
from kopir.cli.incident import incident
from kopir.cli.layers import layers
from kopir.cli.ledger import ledger
from kopir.cli.listing import list_
from kopir.cli.narratives import narratives
from kopir.cli.obligations import obligations
from kopir.cli.openings import options
from kopir.cli.options import spread
from kopir.cli.outages import outages, worst
from kopir.cli.plan import plan
from kopir.cli.portfolio import portfolio
from kopir.cli.read import read
from kopir.cli.review import review
from kopir.cli.solve import coalitions, flow, leverage
from kopir.cli.start import new
from kopir.cli.stress import stress
from kopir.cli.theses import theses
from kopir.cli.trade import trade
from kopir.cli.why import why
from kopir.cli.words import Command
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

application = typer.Typer(
    name="kopir",
    help=HELP,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_OWN: tuple[Callable[..., None], ...] = (
    arms,
    brief,
    check,
    coalitions,
    conflicts,
    corridors,
    demo,
    diff,
    doctor,
    explain,
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
    portfolio,
    obligations,
    read,
    review,
    stress,
    theses,
    trade,
    why,
    worst,
)
_NAMES = frozenset(command.__name__ for command in _OWN)
COMMANDS = (
    *_OWN,
    *(command_of(one) for one in questions() if not one.command and one.name not in _NAMES),
)
"""Commands with a face of their own, and one for every other question."""

for command in COMMANDS:
    application.command(name=command.__name__.rstrip("_"), cls=Command)(spread(command))


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
