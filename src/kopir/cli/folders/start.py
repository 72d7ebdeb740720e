"""``kopir new`` and ``kopir demo``: a folder to begin with."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
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
) -> None:
    """Make a small model folder of example rows, with comments in the language of --lang, ready to be edited."""

    def ask(stages: Stages) -> Reply:
        from kopir.model.bundled.starters import fill_comments, starter_path

        with stages.stage("copying"):
            files = copy_model(
                starter_path(kind),
                folder,
                name=folder.absolute().name,
                finish=lambda copied: fill_comments(copied, kind, tongue.lang),
            )
        grid = Grid(("file",), tuple((name,) for name in files))
        return Reply(
            record={"folder": str(folder), "files": list(files)},
            main=grid,
            parts=(grid,),
            notes=(f"next: kopir check {folder}", f"      kopir {_FIRST_QUESTION.get(kind, 'leverage')} {folder}"),
        )

    deliver(delivery, ask)


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

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as temporary:
            whole = Path(temporary) / "whole"
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
