"""The one way to change a folder: whoever changes it holds it, and its files change together or not at all.

::

    with changing(path) as change:
        folder = read_folder(path)
        ...
        change.write({"facts.csv": facts, "sources.csv": sources})

New files are first written whole into a folder beside the old ones (``.kopir-new``). Then this folder is renamed
(``.kopir-changed``): that is the moment at which the change counts. Only after it are the new files moved over the
old ones, and files that the change takes away are deleted (a list in the folder names them); whoever opens the
folder after a crash finds it and does what is left.

What is part of no such folder, a file or a new folder, is written by one process at a time beside its place
(:func:`beside`, :func:`room_beside`), and then moved there.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kopir.core.errors import Fault, InputError, Locked
from kopir.core.folders.lock import LOCK, STEP, WAIT, locked
from kopir.core.folders.lock import OWN as OWN

NEW = f"{OWN}new"
CHANGED = f"{OWN}changed"
PART = f"{OWN}part-"
GONE = f"{OWN}gone"
"""The list of files that a change takes away, one a line, among its new ones."""
MOVING = 10.0
"""Seconds for which a reader waits while another process moves files that it has written."""

_LOG = logging.getLogger("kopir.core.folders")


@dataclass(frozen=True, slots=True)
class Change:
    """A folder that is held and may be changed."""

    root: Path

    def write(self, files: Mapping[str, bytes], gone: Collection[str] = ()) -> list[Path]:
        """Write ``files`` (paths inside the folder, parted by ``/``), delete ``gone``; return the new ones.

        Raises :class:`InputError` when they cannot be written; then all files are as they were, or, where the
        change already counts, the next opening of the folder makes them all new.
        """
        for name in gone:
            _within(self.root, name)
        told = {GONE: "".join(f"{name}\n" for name in sorted(gone)).encode()} if gone else {}
        try:
            self._write({**files, **told})
        except OSError as error:
            raise _unwritable(self.root, error) from error
        return [self.root / name for name in sorted(files)]

    def _write(self, files: Mapping[str, bytes]) -> None:
        aside = self.root / NEW
        try:
            aside.mkdir()
            for name in sorted(files):
                _within(self.root, name)
                (aside / name).parent.mkdir(parents=True, exist_ok=True)
                _write(aside / name, files[name])
            for folder in sorted({(aside / name).parent for name in files}):
                _settle(folder)
            aside.rename(self.root / CHANGED)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        _settle(self.root)
        _move(self.root)


@contextmanager
def changing(root: Path, *, wait: float = WAIT, make: bool = False) -> Iterator[Change]:
    """Hold ``root`` while the block reads and changes it: nobody else changes it meanwhile.

    What an interrupted change left is finished or cleared first, and logged. ``make`` makes the folder where there
    is none; it is taken away again if the block leaves it empty. Raises :class:`Locked` when another process holds
    the folder for longer than ``wait`` seconds, :class:`InputError` when it cannot be written.
    """
    with ExitStack() as stack:
        if not make and not root.is_dir():
            mend = "give a model folder, the name of a bundled model, or make one with `kopir new`"
            raise InputError(Fault("K0101", "no such folder", mend, str(root)))
        try:
            if make and not root.exists():
                root.mkdir(parents=True, exist_ok=True)
                stack.callback(_remove_empty, root)
            stack.enter_context(locked(root, wait=wait))
            _clear(root)
        except OSError as error:
            raise _unwritable(root, error) from error
        yield Change(root)


def write_together(root: Path, files: Mapping[str, bytes], *, wait: float = WAIT) -> list[Path]:
    """Write ``files`` into ``root`` as one change; raises as :func:`changing` and :meth:`Change.write` do."""
    with changing(root, wait=wait, make=True) as change:
        return change.write(files)


def finish(root: Path) -> None:
    """Move what an interrupted change left to move; does nothing in a folder where nothing was interrupted.

    A process that is moving files is waited for. Raises :class:`InputError` when what is left leads out of the
    folder, :class:`Locked` when another process does not get done, and ``OSError`` when the folder cannot be
    written.
    """
    until = time.monotonic() + MOVING
    while os.path.lexists(root / CHANGED):
        try:
            with locked(root, wait=0):
                _clear(root)
        except Locked:
            if time.monotonic() > until:
                raise
            time.sleep(STEP)


@contextmanager
def room_beside(path: Path, *, wait: float = WAIT) -> Iterator[Path]:
    """Yield an empty folder beside ``path`` in which nobody else writes; it is removed when the block ends.

    What a process that was killed left of it is removed first, and logged. Raises :class:`Locked` (K0603) when
    another process still writes ``path`` after ``wait`` seconds, and ``OSError`` when there is no room.
    """
    with locked(path.parent, wait=wait, name=f"{LOCK}-{path.name}", doing=f"writing {path.name}"):
        room = path.parent / f"{PART}{path.name}"
        if os.path.lexists(room):
            _LOG.warning("%s: what an interrupted run had written of it is removed", path)
            _remove(room)
        room.mkdir()
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)


@contextmanager
def beside(path: Path, *, wait: float = WAIT) -> Iterator[Path]:
    """Yield where to write the file ``path``, put there when all goes well; raises as :func:`room_beside`."""
    with room_beside(path, wait=wait) as room:
        whole = room / "whole"
        yield whole
        whole.replace(path)


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` so that readers see either the old file or the whole new one.

    Raises ``OSError`` when the folder cannot be written; nothing is left behind then.
    """
    with beside(path) as whole:
        whole.write_bytes(data)


def clear_beside(root: Path) -> None:
    """Remove from ``root`` what processes that were killed were writing there; raises ``OSError``."""
    for left in sorted(root.glob(f"{PART}*")):
        with suppress(Locked), room_beside(root / left.name.removeprefix(PART), wait=0):
            pass
    for left in sorted(root.glob(f"{LOCK}-*")):
        with suppress(Locked), locked(root, wait=0, name=left.name):
            pass


def _clear(root: Path) -> None:
    """Finish a change that counts, and take away one that does not; the folder is held."""
    if os.path.lexists(root / CHANGED):
        _LOG.warning(
            "%s: an interrupted change is finished: %s", root, ", ".join(_move(root)) or "all was in place"
        )
    if os.path.lexists(root / NEW):
        _LOG.warning("%s: what an interrupted change had written is removed; the folder is as before it", root)
        _remove(root / NEW)


def _move(root: Path) -> list[str]:
    changed = root / CHANGED
    if changed.is_symlink() or not changed.is_dir():
        raise InputError(Fault("K0106", "no folder of an interrupted change", "delete it", str(changed)))
    found = sorted(path for path in changed.rglob("*") if path.is_symlink() or not path.is_dir())
    names = [path.relative_to(changed).as_posix() for path in found]
    gone = _gone(changed)
    for name in gone:
        _within(root, name)
    for name, path in zip(names, found, strict=True):
        _within(root, name)
        if path.is_symlink() or not path.is_file():
            why = "an interrupted change holds something that is no plain file"
            raise InputError(Fault("K0106", why, f"delete {CHANGED}", str(root), value=name[:80]))
    names = [name for name in names if name != GONE]
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (changed / name).replace(root / name)
    for name in gone:
        (root / name).unlink(missing_ok=True)
    for folder in sorted({(root / name).parent for name in (*names, *gone)}):
        if folder.is_dir():
            _settle(folder)
    _remove(changed)
    return [*names, *gone]


def _gone(changed: Path) -> list[str]:
    """Return the files that a change takes away."""
    told = changed / GONE
    if not told.is_file() or told.is_symlink():
        return []
    return [name for name in told.read_text("utf-8", "replace").split("\n") if name]


def _within(root: Path, name: str) -> None:
    """Raise where ``name`` leads out of ``root``, by itself or by a link."""
    parts = PurePosixPath(name).parts
    inside = parts and not PurePosixPath(name).is_absolute() and ".." not in parts
    if not inside or not (root / name).parent.resolve().is_relative_to(root.resolve()):
        why = "a change names a file outside the folder"
        raise InputError(Fault("K0106", why, "delete what leads out of it", str(root), value=name[:80]))


def _remove_empty(root: Path) -> None:
    with suppress(OSError):
        root.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _unwritable(root: Path, error: OSError) -> InputError:
    why = f"cannot be written: {error.strerror or type(error).__name__}"
    return InputError(Fault("K0601", why, "choose a folder that you may write to", str(root)))


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
