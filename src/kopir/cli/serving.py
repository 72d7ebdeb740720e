"""``kopir serve``: a model in a browser on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from kopir.cli.faults import fault_text
from kopir.cli.options import Subject
from kopir.cli.output import model_folder
from kopir.core.errors import KopirError
from kopir.core.packages import packages_there


def serve(
    subject: Subject,
    *,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Listen there; elsewhere than on this machine with a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for a free one.")] = 8631,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Show the model in a browser: map, partners, questions, documents; on this machine, until interrupted."""
    try:
        with packages_there():
            from kopir.serve.running import place, run

            at = place(host, port)
            project = subject.open()
            typer.echo(at.address)
            typer.echo("Ctrl-C ends it", err=True)
            run(project, at)
    except KopirError as error:
        if debug:
            raise
        typer.echo(fault_text(error.faults, model_folder(subject.model)) or str(error), err=True)
        raise typer.Exit(error.exit_code) from None
