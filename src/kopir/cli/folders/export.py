"""``kopir export``: a model in the form of a neighbour."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from kopir.cli.options import Delivery, Holding, Span, Subject
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.core.errors import Fault, InputError

Form = Literal["xlsx", "geojson", "parquet", "pypsa", "datapackage"]
_ALONE = frozenset({"xlsx", "geojson"})


def export(
    subject: Subject,
    span: Span,
    holding: Holding,
    delivery: Delivery,
    *,
    to: Annotated[Form, typer.Option("--to", help="The form; xlsx and geojson are a file, the others a folder.")],
    into: Annotated[Path, typer.Option("--into", metavar="PATH", help="The file or folder to write.")],
) -> None:
    """Write a model for other programs: a workbook, a map, columns, a PyPSA network or a data package."""

    def ask(stages: Stages) -> Reply:
        from kopir.core.folders.together import write_together, write_whole

        with stages.stage("reading"):
            project = subject.open()
        with stages.stage("writing"):
            found = project.exported(to, horizon=span.horizon)
            files = _placed(into, found.files, alone=to in _ALONE)
            if to in _ALONE:
                write_whole(into, files[into.name])
            else:
                write_together(into, files, wait=holding.wait)
        grid = Grid(("file", "bytes"), tuple((name, len(data)) for name, data in sorted(files.items())))
        return Reply(
            record={"form": to, "into": str(into), "files": sorted(files), "notes": list(found.notes)},
            main=grid,
            parts=(grid, *found.notes),
        )

    deliver(delivery, ask, folder=subject.model)


def _placed(into: Path, files: Mapping[str, bytes], *, alone: bool) -> Mapping[str, bytes]:
    """Return the files by the names they get. Raises :class:`InputError` where a folder holds something else."""
    if alone:
        (data,) = files.values()
        if into.is_dir():
            raise InputError(Fault("K0602", "is a folder", "name the file to write", str(into)))
        return {into.name: data}
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise InputError(Fault("K0602", "exists and is not empty", "choose another folder", str(into)))
    return files
