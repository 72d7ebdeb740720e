"""One holder of a folder at a time, among processes and threads: a lock that the system drops with its process."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kopir.core.errors import Fault, Locked

OWN = ".kopir-"
"""How the names of files begin that are no part of a folder."""
LOCK = f"{OWN}lock"
WAIT = 120.0
"""Seconds for which another holder is waited for."""
STEP = 0.05
TOLD = 1.0
"""Seconds after which the waiting is said."""

_LOG = logging.getLogger("kopir.core.folders")


@contextmanager
def locked(
    root: Path, *, wait: float = WAIT, name: str = LOCK, doing: str = "changing the folder"
) -> Iterator[None]:
    """Hold ``name`` in the folder ``root`` while the block runs; whoever dies in it lets go of it.

    The folder as a whole is held by the name that stands for it; ``doing`` says to others what is done meanwhile.

    Raises :class:`Locked` (K0603) when another process or thread still holds it after ``wait`` seconds, and
    ``OSError`` when the folder cannot be written.
    """
    begun, told = time.monotonic(), False
    path = root / name
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        if _take(handle) and _still_there(handle, path):
            break
        holder = _holder(handle)
        os.close(handle)
        waited = time.monotonic() - begun
        if waited >= wait:
            why = f"another kopir{holder} is {doing}"
            raise Locked(Fault("K0603", why, "try again when it is done, or --wait longer for it", str(root)))
        if waited > TOLD and not told:
            _LOG.warning("%s: waiting for another kopir%s that is %s", root, holder, doing)
            told = True
        time.sleep(STEP)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        # Taken away while still held: whoever opened it meanwhile sees that it is another file and opens anew.
        with suppress(OSError):
            path.unlink()
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # Beyond the number of the process, which others may read.
            os.lseek(handle, 64, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _still_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _holder(handle: int) -> str:
    with suppress(OSError):
        number = os.pread(handle, 20, 0) if sys.platform != "win32" else b""
        if number.strip().isdigit():
            return f" (process {number.strip().decode()})"
    return ""
