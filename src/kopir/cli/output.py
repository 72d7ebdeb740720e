"""How every command answers: data on stdout as text, JSON or CSV; talk and faults on stderr; an exit code."""

from __future__ import annotations

import io
import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.text import Text

from kopir.cli.faults import fault_text, printable
from kopir.cli.logs import logging_to
from kopir.cli.options import Delivery
from kopir.cli.tables import WIDTH, laid_out, wrapped
from kopir.core.errors import Fault, InputError, KopirError, LimitReached
from kopir.core.outward import as_json, without_controls
from kopir.core.packages import packages_there
from kopir.core.units import units_of
from kopir.report.forms.envelope import SCHEMA_VERSION, as_envelope
from kopir.report.forms.grids import Grid, figure
from kopir.report.forms.spreadsheets import as_csv, as_workbook

if TYPE_CHECKING:
    from kopir.core.runs import RunRecord

__all__ = ["SCHEMA_VERSION", "Grid", "Reply", "Stages", "deliver", "figure", "model_folder"]

SHOWN_MOVES = 5
"""Flows told of all that what changed since the base year moves."""

_WIDE = 10_000
_NAMED = 8
_LOG = logging.getLogger("kopir.cli")


@dataclass(frozen=True)
class Reply:
    """What a command has to say.

    ``record`` is what ``--json`` gives as ``result``, ``main`` what ``--csv`` writes, ``parts`` what people
    read (texts and tables, in order), ``notes`` what is said beside it on stderr. Amounts are those of a year
    where they are ``rates``, else of the days that the answer is about.
    """

    record: Mapping[str, object]
    main: Grid
    parts: tuple[str | Grid, ...]
    run: RunRecord | None = None
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    exit_code: int = 0
    rates: bool = True


@dataclass(frozen=True)
class Stages:
    """Says which step a command is at: on stderr while a person watches, and in the log."""

    quiet: bool

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Name the step that the block does."""
        begun = time.perf_counter()
        if self.quiet or not sys.stderr.isatty():
            yield
        else:
            with Console(file=sys.stderr).status(name):
                yield
        seconds = time.perf_counter() - begun
        _LOG.info("%s: %.2f s", name, seconds, extra={"about": {"stage": name, "seconds": round(seconds, 4)}})


def deliver(delivery: Delivery, ask: Callable[[Stages], Reply], *, folder: str | Path | None = None) -> None:
    """Ask, and let the answer or the faults leave the process; always ends in :class:`typer.Exit`.

    ``folder`` is where files that faults name lie, so that their rows can be shown.
    """
    try:
        with packages_there():
            with logging_to(delivery.log, verbose=delivery.verbose):
                reply = ask(Stages(delivery.quiet))
                if reply.run is not None:
                    _LOG.info("done", extra={"about": {"run": reply.run.as_record()}})
            _write(delivery, reply)
    except KopirError as error:
        if delivery.debug:
            raise
        _refuse(delivery, error, folder)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        raise typer.Exit(130) from None
    except (typer.Exit, typer.BadParameter, BrokenPipeError):
        raise
    except OSError as error:
        if delivery.debug:
            raise
        _refuse(delivery, _unwritable(error), folder)
        raise typer.Exit(InputError.exit_code) from None
    except Exception as error:
        if delivery.debug:
            raise
        typer.echo(f"a fault of kopir's own: {type(error).__name__}: {printable(str(error))}", err=True)
        typer.echo("please report it with the output of `kopir doctor` and of this command with --debug", err=True)
        raise typer.Exit(70) from None
    raise typer.Exit(reply.exit_code)


def _write(delivery: Delivery, reply: Reply) -> None:
    if delivery.json:
        run = None if reply.run is None else reply.run.as_record()
        content = as_envelope(run, reply.record, reply.faults, units_of(reply.record, rates=reply.rates))
    elif delivery.csv:
        content = as_csv(reply.main, excel=delivery.excel, guard=delivery.guarded, rates=reply.rates)
    else:
        content = ""
    parts = (*reply.parts, *(("\n".join(dated),) if (dated := tuple(_dating(reply.run))) else ()))
    without: tuple[str, ...] = ()
    if not content and not delivery.workbook:
        screen = delivery.out is None and sys.stdout.isatty()
        content, without = _text(parts, screen=screen, width=None if delivery.wide else _width(screen))
    if delivery.out is not None:
        _write_file(delivery, reply, content)
    else:
        typer.echo(
            without_controls(content) if sys.stdout.isatty() and (delivery.json or delivery.csv) else content,
            nl=False,
        )
    if not delivery.quiet:
        for note in (*reply.notes, *_more(without), *(_dating(reply.run) if delivery.csv else ())):
            typer.echo(without_controls(note), err=True)


def _width(screen: bool) -> int:
    """Return 80 columns, or those of a narrower terminal: what is written is the same wherever it goes."""
    return min(WIDTH, shutil.get_terminal_size().columns) if screen else WIDTH


def _dating(run: RunRecord | None) -> Iterator[str]:
    """Yield what an answer about a model opened as of a day rests on, does without, and what changed since."""
    if run is None or run.as_of is None:
        return
    left = ", ".join(f"{count} of {table}" for table, count in sorted(run.left_out.items()))
    yield f"base year {run.base_year}, as of {run.as_of}" + (
        f"; not known then and left out: {left}" if left else ""
    )
    if not run.changed and not run.known_since:
        return
    yield f"changed since {run.base_year}:"
    for one in run.changed:
        facts = f" ({', '.join(one.facts)})" if one.facts else ""
        yield f"  {one.since} {one.what}{facts}"
    if run.moves:
        *flows, parties = run.moves
        rest = f"; {len(flows) - SHOWN_MOVES} more assets" if len(flows) > SHOWN_MOVES else ""
        yield f"  moves {'; '.join(flows[:SHOWN_MOVES])}{rest}; {parties}"
    if run.known_since:
        facts = "1 fact" if run.known_since == 1 else f"{run.known_since} facts"
        yield f"  {facts} about later times on which no figure rests: kopir changed MODEL"


def _write_file(delivery: Delivery, reply: Reply, content: str) -> None:
    from kopir.core.folders.together import write_whole

    assert delivery.out is not None
    if delivery.workbook:
        write_whole(delivery.out, as_workbook(reply.main, reply.parts, reply.run, rates=reply.rates))
        return
    write_whole(delivery.out, content.encode())
    if delivery.csv and reply.run is not None:
        record = as_json(reply.run.as_record(), indent=2) + "\n"
        write_whole(delivery.out.with_name(delivery.out.name + ".run.json"), record.encode())


def _refuse(delivery: Delivery, error: KopirError, folder: str | Path | None) -> None:
    if delivery.json:
        result = None
        if isinstance(error, LimitReached):
            result = {"incumbent": error.incumbent, "gap": error.gap}
        typer.echo(as_envelope(None, result, error.faults, {}), nl=False)
    else:
        typer.echo(fault_text(error.faults, model_folder(folder)) or str(error), err=True)


def model_folder(name: str | Path | None) -> Path | None:
    """Return the folder that a model's name or path stands for, ``None`` when there is none."""
    if name is None:
        return None
    from kopir.model.bundled import bundled_path

    path = bundled_path(str(name)) or Path(name)
    return path if path.is_dir() else None


def _unwritable(error: OSError) -> InputError:
    why = f"cannot be written: {error.strerror or type(error).__name__}"
    place = None if error.filename is None else str(error.filename)
    return InputError(Fault("K0601", why, "choose a place that you may write to", place))


def _text(parts: Sequence[str | Grid], *, screen: bool, width: int | None) -> tuple[str, tuple[str, ...]]:
    """Return what people read, wrapped at ``width`` columns, and the headings of columns left out of it."""
    console = Console(file=io.StringIO(), force_terminal=screen, width=width or _WIDE, highlight=False)
    without: list[str] = []
    for index, part in enumerate(parts):
        if index:
            console.print()
        prose = part.title if isinstance(part, Grid) else part
        if prose or isinstance(part, str):
            lines = "\n".join(printable(line) for line in prose.split("\n"))
            console.print(
                Text(wrapped(lines, width), style="bold" if isinstance(part, Grid) else ""), soft_wrap=True
            )
        if isinstance(part, Grid):
            table, left = laid_out(part, width)
            without += left
            console.print(table)
    written = console.file
    assert isinstance(written, io.StringIO)
    told = "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())
    return told, tuple(dict.fromkeys(without))


def _more(without: Sequence[str]) -> Iterator[str]:
    """Yield what says that columns are left out, if any are."""
    if without:
        named = ", ".join(without[:_NAMED]) + (
            f" and {len(without) - _NAMED} more" if len(without) > _NAMED else ""
        )
        yield f"left out to fit {WIDTH} columns: {named}; --wide shows all"
