"""``kopir new`` and ``kopir demo``: a folder to begin with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from kopir.cli.options import Delivery, Tongue
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.core.errors import Fault, InputError

_FIRST_QUESTION = {"gas": "layers", "trade": "leverage --function imports --by sector"}

Target = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make; it must not exist or be empty.")]


def new(
    folder: Target,
    tongue: Tongue,
    delivery: Delivery,
    *,
    kind: Annotated[
        Literal["export", "import", "transit", "gas", "rail", "trade"],
        typer.Option(help="What the example is of; gas is a layer without money, trade has no routes."),
    ] = "export",
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="PATH", help="Instead of an example: a workbook (.xlsx, .ods) or a PyPSA folder."
        ),
    ] = None,
    focal: Annotated[
        str | None, typer.Option(metavar="STATE", help="With a PyPSA folder: the state whose goods they are.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --from: write over the files of a model folder.")
    ] = False,
) -> None:
    """Make a small model folder of example rows, with comments in the language of --lang, ready to be edited."""

    def ask(stages: Stages) -> Reply:
        if source is not None:
            with stages.stage("reading"):
                files = _from_elsewhere(source, folder, focal)
            with stages.stage("writing"):
                return _made(folder, _put(folder, files, replace=replace), "leverage")
        if replace or focal is not None:
            raise InputError(Fault("K0505", "--focal and --replace go with --from", "give --from PATH"))
        from kopir.model.bundled.starters import fill_comments, starter_path

        with stages.stage("copying"):
            copied = copy_model(
                starter_path(kind),
                folder,
                name=folder.absolute().name,
                finish=lambda copied: fill_comments(copied, kind, tongue.lang),
            )
        return _made(folder, copied, _FIRST_QUESTION.get(kind, "leverage"))

    deliver(delivery, ask)


def _made(folder: Path, files: Sequence[str], question: str) -> Reply:
    grid = Grid(("file",), tuple((name,) for name in files))
    return Reply(
        record={"folder": str(folder), "files": list(files)},
        main=grid,
        parts=(grid,),
        notes=(f"next: kopir check {folder}", f"      kopir {question} {folder}"),
    )


def _from_elsewhere(source: Path, folder: Path, focal: str | None) -> Mapping[str, bytes]:
    """Return the files of the model that a workbook or a PyPSA folder holds."""
    from kopir.model.neighbours.pypsa_folder import from_pypsa, is_pypsa
    from kopir.model.neighbours.sheets import SUFFIXES
    from kopir.model.neighbours.workbook import from_workbook

    if source.suffix.lower() in SUFFIXES and not source.is_dir():
        return from_workbook(source)
    if not is_pypsa(source):
        mend = "give a workbook (.xlsx, .ods) or a folder in which PyPSA has written buses.csv"
        raise InputError(Fault("K0505", "neither a workbook nor a PyPSA folder", mend, str(source)))
    if focal is None:
        raise InputError(Fault("K0505", "whose goods they are is not said", "give --focal STATE", str(source)))
    from kopir.core.codes import state_called
    from kopir.core.folders.cells import ID_PATTERN

    name = folder.absolute().name
    return from_pypsa(
        source, name=name if ID_PATTERN.fullmatch(name) else "network", focal=state_called(focal) or focal.upper()
    )


def _put(folder: Path, files: Mapping[str, bytes], *, replace: bool) -> list[str]:
    """Write a model, whole or not at all. Raises :class:`InputError` where something else is there."""
    from kopir.core.folders.settings import FILE
    from kopir.core.folders.together import write_together

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        if not replace or not (folder / FILE).is_file():
            mend = "choose another folder, or give --replace where it holds a model"
            raise InputError(Fault("K0602", "exists and is not empty", mend, str(folder)))
        beyond = sorted({one.name for one in folder.glob("*.csv")} - set(files))
        if beyond:
            mend = f"delete {', '.join(beyond)}, or add the sheets"
            raise InputError(Fault("K0602", "holds tables that what is read lacks", mend, str(folder)))
    write_together(folder, files)
    return sorted(files)


def copy_model(
    source: Path, target: Path, *, name: str = "", finish: Callable[[Path], None] | None = None
) -> tuple[str, ...]:
    """Copy a model folder, whole or not at all, and return the names of its files, sorted.

    A ``name`` that is a code takes the place of the starter's in kopir.toml; ``finish`` changes the copy before
    it is put in place.

    Raises :class:`InputError` when ``target`` exists and is not an empty folder, or cannot be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(Fault("K0602", "exists and is not empty", "choose another folder", str(target)))
    from kopir.core.folders.cells import ID_PATTERN
    from kopir.core.folders.settings import FILE
    from kopir.core.folders.together import room_beside

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with room_beside(target) as room:
            whole = room / "whole"
            shutil.copytree(source, whole, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
            if ID_PATTERN.fullmatch(name):
                settings = whole / FILE
                text = settings.read_text("utf-8").replace('name = "starter"', f'name = "{name}"')
                settings.write_text(text, encoding="utf-8", newline="")
            if finish is not None:
                finish(whole)
            if target.exists():
                target.rmdir()
            whole.rename(target)
    except OSError as error:
        why = f"cannot be written: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0601", why, "choose a folder that you may write to", str(target))) from error
    return tuple(sorted(str(file.relative_to(target)) for file in target.rglob("*") if file.is_file()))
