"""A model folder: kopir.toml and the tables beside it, read with every fault and written back whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kopir.core.errors import Fault, InputError
from kopir.core.references import reference_faults
from kopir.core.schema import table_schemas
from kopir.core.settings import FILE, Settings, parse_settings
from kopir.core.spelling import did_you_mean
from kopir.core.tables import Table, format_table, make_table, parse_table
from kopir.core.textfiles import read_text


@dataclass(frozen=True)
class Folder:
    """A model folder in memory. ``tables`` holds every table of the schema; absent ones have no rows."""

    path: Path
    settings: Settings
    settings_text: str
    tables: Mapping[str, Table]


def read_folder(path: Path) -> Folder:
    """Read a model folder.

    Raises :class:`InputError` with every fault found in settings, tables, cells and references, and
    :class:`kopir.core.errors.VersionMismatch` when the folder is newer than this kopir.
    """
    if not path.is_dir() or not (path / FILE).is_file():
        why = "not a model folder: it holds no kopir.toml" if path.is_dir() else "no such folder"
        mend = "give a model folder, the name of a bundled model, or make one with `kopir new`"
        raise InputError(Fault("K0101", why, mend, str(path)))
    faults: list[Fault] = []
    settings: Settings | None = None
    settings_text = read_text(path, FILE)
    if isinstance(settings_text, Fault):
        faults.append(settings_text)
    else:
        parsed = parse_settings(settings_text)
        if isinstance(parsed, list):
            faults += parsed
        else:
            settings = parsed
    tables, table_faults = _read_tables(path)
    faults += table_faults
    faults += reference_faults(tables)
    if faults or settings is None or isinstance(settings_text, Fault):
        raise InputError(faults)
    return Folder(path, settings, settings_text, tables)


def write_folder(folder: Folder, path: Path) -> None:
    """Write a model folder to ``path``, whole or not at all.

    Tables without rows that the folder did not hold are left out. Raises :class:`InputError` when ``path``
    exists and is not an empty folder, or cannot be written.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(Fault("K0602", "exists and is not empty", "choose another folder", str(path)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as temporary:
            whole = Path(temporary) / "whole"
            whole.mkdir()
            (whole / FILE).write_text(folder.settings_text, encoding="utf-8", newline="")
            for name, table in sorted(folder.tables.items()):
                if table.present or table.cells.height:
                    (whole / f"{name}.csv").write_text(format_table(table), encoding="utf-8", newline="")
            if path.exists():
                path.rmdir()
            shutil.move(whole, path)
    except OSError as error:
        why = f"cannot be written: {error.strerror or type(error).__name__}"
        raise InputError(Fault("K0601", why, "choose a folder that you may write to", str(path))) from error


def _read_tables(path: Path) -> tuple[dict[str, Table], list[Fault]]:
    schemas = table_schemas()
    faults: list[Fault] = []
    tables: dict[str, Table] = {}
    found = {item.stem for item in path.iterdir() if item.suffix == ".csv"}
    for name in sorted(found - set(schemas)):
        mend = did_you_mean(name, schemas, "the name of a table")
        faults.append(Fault("K0218", "no table of a model folder has this name", mend, f"{name}.csv"))
    for name, schema in schemas.items():
        tables[name] = Table(schema, make_table(schema, []).cells, ())
        if name not in found:
            continue
        text = read_text(path, f"{name}.csv")
        if isinstance(text, Fault):
            faults.append(text)
            continue
        tables[name], table_faults = parse_table(text, schema)
        faults += table_faults
    return tables, faults
