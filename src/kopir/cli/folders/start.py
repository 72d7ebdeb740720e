"""``kopir new`` and ``kopir demo``: a folder to begin with."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from kopir.cli.options import Delivery
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.core.errors import Fault, InputError

Target = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make; it must not exist or be empty.")]


def new(folder: Target, delivery: Delivery) -> None:
    """Make a small model folder of commented example rows, ready to be edited."""

    def ask(stages: Stages) -> Reply:
        from kopir.model.bundled import starter_path

        with stages.stage("copying"):
            files = copy_model(starter_path(), folder, name=folder.absolute().name)
        grid = Grid(("file",), tuple((name,) for name in files))
        return Reply(
            record={"folder": str(folder), "files": list(files)},
            main=grid,
            parts=(grid,),
            notes=(f"next: kopir check {folder}", f"      kopir leverage {folder}"),
        )

    deliver(delivery, ask)


def copy_model(source: Path, target: Path, *, name: str = "") -> tuple[str, ...]:
    """Copy a model folder, whole or not at all, and return the names of its files, sorted.

    A ``name`` that is a code takes the place of the starter's in kopir.toml.

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
            if target.exists():
                target.rmdir()
            whole.rename(target)
    except OSError as error:
        why = f"cannot be written: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0601", why, "choose a folder that you may write to", str(target))) from error
    return tuple(sorted(str(file.relative_to(target)) for file in target.rglob("*") if file.is_file()))
