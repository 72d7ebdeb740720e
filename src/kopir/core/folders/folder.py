"""A model folder: kopir.toml and the tables beside it, read with every fault and written back whole."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kopir.core.errors import Fault, InputError, Locked
from kopir.core.folders.alike import alike_faults
from kopir.core.folders.references import reference_faults
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.settings import FILE, MAX_SETTINGS_BYTES, Settings, parse_settings
from kopir.core.folders.tables import Table, format_table, make_table, parse_table
from kopir.core.folders.textfiles import read_text
from kopir.core.folders.together import finish, room_beside
from kopir.core.spelling import did_you_mean

READINGS = 20
"""Times that a folder is read which others change meanwhile."""


@dataclass(frozen=True)
class Folder:
    """A model folder in memory. ``tables`` holds every table of the schema; absent ones have no rows."""

    path: Path
    settings: Settings
    settings_text: str
    tables: Mapping[str, Table]


def read_folder(path: Path) -> Folder:
    """Read a model folder.

    What an interrupted :class:`kopir.core.folders.together.Change` left to move is moved first, and a folder that
    another process changes meanwhile is read anew, so that what is read was once written together. Raises
    :class:`InputError` with every fault found in settings, tables, cells and references,
    :class:`kopir.core.errors.VersionMismatch` when the folder is newer than this kopir, and
    :class:`kopir.core.errors.Locked` when it never stands still.
    """
    before = _as_it_lies(path) if path.is_dir() else frozenset()
    if not path.is_dir() or not os.path.lexists(path / FILE):
        why = "not a model folder: it holds no kopir.toml" if path.is_dir() else "no such folder"
        mend = "give a model folder, the name of a bundled model, or make one with `kopir new`"
        if path.is_file():
            why, mend = "a file, not a folder", f"make a folder of a workbook: kopir new DIR --from {path}"
        raise InputError(Fault("K0101", why, mend, str(path)))
    for _ in range(READINGS):
        try:
            found: Folder | InputError = _read_once(path)
        except InputError as error:
            found = error
        after = _as_it_lies(path)
        if after == before:
            if isinstance(found, InputError):
                raise found
            return found
        before = after
    why = "the folder changes while it is read"
    raise Locked(Fault("K0603", why, "try again when the other kopir is done", str(path)))


def _as_it_lies(path: Path) -> frozenset[tuple[str, int, int, int]]:
    """Finish what was interrupted and return what tells whether a file of the folder has changed."""
    try:
        finish(path)
    except OSError as error:
        why = f"a change was interrupted and cannot be finished: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0601", why, "open the folder where it may be written", str(path))) from error
    try:
        with os.scandir(path) as entries:
            stats = [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries if entry.name[0] != "."]
    except FileNotFoundError:  # a file moved or taken away just now
        return frozenset({("", 0, 0, time.monotonic_ns())})
    except OSError:  # the folder may not be read, and reading it says so
        return frozenset()
    return frozenset((name, stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


def _read_once(path: Path) -> Folder:
    text = read_text(path, FILE, limit=MAX_SETTINGS_BYTES)
    settings = [text] if isinstance(text, Fault) else parse_settings(text)
    tables, faults = _read_tables(path)
    if isinstance(settings, list):
        faults = settings + faults
    if faults or isinstance(text, Fault) or isinstance(settings, list):
        raise InputError(faults)
    return Folder(path, settings, text, tables)


def refuse_changed(folder: Folder) -> None:
    """Raise :class:`Locked` when the folder on disk is no longer as ``folder`` was read from it."""
    now = _read_once(folder.path)
    same = now.settings_text == folder.settings_text and all(
        table.cells.equals(folder.tables[name].cells) for name, table in now.tables.items()
    )
    if not same:
        why = "the folder has changed since it was read"
        raise Locked(Fault("K0603", why, "read it anew and try again", str(folder.path)))


def write_folder(folder: Folder, path: Path) -> None:
    """Write a model folder to ``path``, whole or not at all.

    Tables that the folder did not hold are left out. Raises :class:`InputError` when ``path`` exists and is not
    an empty folder, or cannot be written.
    """
    try:
        if os.path.lexists(path) and (not path.is_dir() or any(path.iterdir())):
            raise InputError(Fault("K0602", "exists and is not empty", "choose another folder", str(path)))
        path.parent.mkdir(parents=True, exist_ok=True)
        with room_beside(path) as room:
            whole = room / "whole"
            whole.mkdir()
            (whole / FILE).write_text(folder.settings_text, encoding="utf-8", newline="")
            for name, table in sorted(folder.tables.items()):
                if table.present:
                    (whole / f"{name}.csv").write_text(format_table(table), encoding="utf-8", newline="")
            if path.exists():
                path.rmdir()
            whole.rename(path)
    except OSError as error:
        why = f"cannot be written: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0601", why, "choose a folder that you may write to", str(path))) from error


@cache
def _absent_tables() -> Mapping[str, Table]:
    """Return each table as a folder holds it that lacks the file; most folders lack most of them."""
    return {name: replace(make_table(schema, []), present=()) for name, schema in table_schemas().items()}


def _read_tables(path: Path) -> tuple[dict[str, Table], list[Fault]]:
    schemas = table_schemas()
    try:
        names = sorted(item.name for item in path.iterdir() if not item.name.startswith("."))
    except OSError as error:
        why = f"cannot be read: {error.strerror or type(error).__name__}"
        return {}, [Fault("K0102", why, "check that you may read the folder", str(path))]
    found = {name for name in names if name.lower().endswith(".csv")}
    faults: list[Fault] = []
    for name in sorted(found - {f"{table}.csv" for table in schemas}):
        mend = did_you_mean(name, [f"{table}.csv" for table in schemas], "the name of a table")
        faults.append(Fault("K0218", "no table of a model folder has this name", mend, name))
    tables: dict[str, Table] = {}
    legible: dict[str, Table] = {}
    for name, schema in schemas.items():
        tables[name] = _absent_tables()[name]
        text = read_text(path, f"{name}.csv") if f"{name}.csv" in found else None
        if isinstance(text, str):
            tables[name], table_faults = parse_table(text, schema)
            faults += table_faults
        elif text is not None:
            faults.append(text)
        if text is None or not set(schema.key).isdisjoint(tables[name].present):
            legible[name] = tables[name]
    return tables, faults + reference_faults(legible) + alike_faults(legible)
