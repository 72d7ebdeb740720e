"""Several files of a folder written as one: after a crash the folder holds all of the new ones or none.

New files are first written whole beside the old ones (``.NAME.new``). Then a list of them is put in place: that is
the moment at which the change counts. Only after it are the new files moved over the old ones; whoever reads the
folder later finds the list and moves what is left.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from kopir.core.errors import Fault, InputError

LIST = ".kopir-unfinished"
MAX_LIST_BYTES = 64 * 1024


def write_together(root: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write ``files`` (paths inside ``root``, parted by ``/``) and return them, sorted.

    Raises ``OSError`` when the folder cannot be written; then all files are as they were, or, where already the
    list was in place, :func:`finish` makes them all new.
    """
    finish(root)
    names = sorted(files)
    try:
        for name in names:
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(_beside(target), files[name])
        _write(_beside(root / LIST), "".join(f"{name}\n" for name in names).encode())
        _beside(root / LIST).replace(root / LIST)
    except OSError:
        for name in (*names, LIST):
            with suppress(OSError):
                _beside(root / name).unlink(missing_ok=True)
        raise
    finish(root)
    return [root / name for name in names]


def finish(root: Path) -> None:
    """Move what an interrupted writing left to move; does nothing in a folder where nothing was interrupted.

    Raises :class:`InputError` when the list names anything outside the folder, and ``OSError`` when the folder
    cannot be written.
    """
    path = root / LIST
    if not path.is_file():
        return
    names = path.read_text(encoding="utf-8").splitlines() if path.stat().st_size <= MAX_LIST_BYTES else [".."]
    for name in names:
        _check(root, name)
    for name in names:
        if _beside(root / name).is_file():
            _beside(root / name).replace(root / name)
    path.unlink()


def _check(root: Path, name: str) -> None:
    parts = PurePosixPath(name).parts
    inside = parts and not PurePosixPath(name).is_absolute() and ".." not in parts
    if not inside or not _beside(root / name).parent.resolve().is_relative_to(root.resolve()):
        why = "the list of an interrupted writing names a file outside the folder"
        raise InputError(Fault("K0106", why, "delete the list", LIST, value=name[:80]))


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
