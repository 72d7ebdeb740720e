"""Options that commands share, each defined once: a command takes the dataclasses of those it obeys."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

if TYPE_CHECKING:
    from kopir.evidence import Bounds
    from kopir.project import Project


Codes = list[str] | None


def _state(word: str | None) -> str | None:
    """Return the code of the state that ``word`` is a name or code of, else the word as it is."""
    from kopir.core.codes import state_called

    return word if word is None else state_called(word) or word


Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help="A model folder, or a bundled model; left out, the folder you stand in, if it holds a kopir.toml.",
    ),
]
Deny = Annotated[Codes, typer.Option("--deny", metavar="CODE[,CODE]", help="Who refuses.")]
With = Annotated[
    Codes, typer.Option("--with", metavar="OPTION[,OPTION]", help="An option that is built, opened or signed.")
]
Partner = Annotated[Codes, typer.Option("--partner", metavar="CODE[,CODE]", help="Only this partner.")]
Severity = Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of what their clauses can close.")]
InputLang = Annotated[
    str, typer.Option("--input-lang", metavar="CODE", help="Language of the documents: auto, ru, en, tr or kk.")
]
About = Annotated[
    str | None,
    typer.Option(
        "--about",
        metavar="STATE",
        help="State whose texts they are, whose own the republic is.",
        callback=_state,
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Open the model as it stood on DATE."),
]
Draws = Annotated[
    int | None,
    typer.Option(min=0, max=500, help="Draws behind the intervals, 20 unless given; 0 for none."),
]
Date = Annotated[str | None, typer.Option("--date", metavar="DATE", help="Date of the documents, YYYY[-MM[-DD]].")]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the answer of a command leaves it."""

    json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False
    csv: Annotated[bool, typer.Option("--csv", help="Write the main table as CSV.")] = False
    excel: Annotated[
        bool, typer.Option("--excel", help="With --csv: as Excel opens it rightly, with a row of units.")
    ] = False
    guard: Annotated[
        bool | None,
        typer.Option(
            "--guard/--no-guard",
            help="With --csv: a quote before text that a spreadsheet computes; on with --excel.",
        ),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="PATH", help="Write there instead of to the terminal. FILE.xlsx is a workbook."
        ),
    ] = None
    wide: Annotated[
        bool, typer.Option("--wide", help="Show every column, however wide; default tables fit 80.")
    ] = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but faults on stderr.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say every step on stderr.")] = False
    log: Annotated[Path | None, typer.Option(metavar="FILE", help="Append every step to FILE as JSON lines.")] = (
        None
    )
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False

    def __post_init__(self) -> None:
        if self.json and self.csv:
            raise typer.BadParameter("give --json or --csv, not both")
        if self.excel and not self.csv:
            raise typer.BadParameter("--excel goes with --csv")
        if self.workbook and (self.json or self.csv):
            raise typer.BadParameter("a workbook is neither JSON nor CSV; give --out FILE.xlsx alone")

    @property
    def guarded(self) -> bool:
        """Whether text of CSV that a spreadsheet would compute is kept from it."""
        return self.excel if self.guard is None else self.guard

    @property
    def workbook(self) -> bool:
        """Whether the answer is written as a workbook."""
        return self.out is not None and self.out.suffix.lower() == ".xlsx"


@dataclass(frozen=True, slots=True)
class Subject:
    """Which model is asked about, and as of when."""

    model: Model = "."
    as_of: AsOf = None
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of random draws; kopir.toml's unless given.")] = (
        None
    )

    def open(self) -> Project:
        """Open the model; raises as :func:`kopir.open` does."""
        from kopir.project import open_project

        return open_project(self.model, as_of=self.day, seed=self.seed)

    @property
    def day(self) -> date | None:
        """The day of ``--as-of``."""
        return None if self.as_of is None else self.as_of.date()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take before it is left out as a fault."""

    characters: Annotated[int, typer.Option(min=1, metavar="N", help="Characters of text of a document.")] = (
        2_000_000
    )
    seconds: Annotated[
        float,
        typer.Option(
            min=0.1, metavar="N", help="Processor seconds for a document (20 more a million characters)."
        ),
    ] = 8.0
    memory: Annotated[int, typer.Option(min=100, metavar="MIB", help="Memory for a document.")] = 450

    def bounds(self) -> Bounds:
        """Return the bounds of a document."""
        from kopir.evidence import Bounds

        return Bounds(self.characters, self.seconds, self.memory)


@dataclass(frozen=True, slots=True)
class Holding:
    """How long a command that changes a folder waits for another one that does."""

    wait: Annotated[
        float,
        typer.Option(min=0, metavar="SECONDS", help="Wait so long for another kopir that changes the folder."),
    ] = 120.0


@dataclass(frozen=True, slots=True)
class Span:
    """Over which months losses are counted."""

    horizon: Annotated[
        Literal["short", "medium", "long"],
        typer.Option(help="short: months 1-12 after the shock, medium: 13-36, long: after."),
    ] = "short"


@dataclass(frozen=True, slots=True)
class Tongue:
    """In which language names and texts are given."""

    lang: Annotated[Literal["en", "kk", "ru", "tr"], typer.Option(help="Language of names and texts.")] = "en"


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Give ``command`` the options of every dataclass among its parameters, after its own.

    The command is called with the dataclasses filled in, so an option is defined, documented and validated in
    one place whatever number of commands take it.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, type[Any]] = {
        name: hints[name] for name in inspect.signature(command).parameters if is_dataclass(hints[name])
    }
    parameters = [
        parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(command).parameters.items()
        if name not in groups
    ]
    for group in groups.values():
        types = get_type_hints(group, include_extras=True)
        parameters += [
            inspect.Parameter(
                part.name, inspect.Parameter.KEYWORD_ONLY, default=part.default, annotation=types[part.name]
            )
            for part in fields(group)
        ]

    @wraps(command)
    def taking_options(**given: Any) -> None:  # noqa: ANN401 - whatever the options of the command hold
        filled = {
            name: group(**{part.name: given.pop(part.name) for part in fields(group)})
            for name, group in groups.items()
        }
        command(**given, **filled)

    taking_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    taking_options.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del taking_options.__wrapped__
    return taking_options
