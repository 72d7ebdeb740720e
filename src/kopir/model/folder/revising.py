"""A model folder that is revised, opened as of a day and written: what a change of facts makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kopir.core.folders.folder import Folder
from kopir.core.folders.tables import format_table
from kopir.model.contents.as_of import as_it_stood
from kopir.model.contents.model import Model
from kopir.model.contents.revision import table_of
from kopir.model.folder.opening import model_of


def model_on(folder: Folder, day: date) -> Model:
    """Return the model that the tables of a folder make, as it stood on ``day``.

    Raises :class:`kopir.core.errors.InputError` as :func:`kopir.model.folder.opening.open_model` does.
    """
    return as_it_stood(model_of(folder), day)


def changed_files(before: Folder, after: Folder) -> Mapping[str, bytes]:
    """Return the files of a folder that differ, as they are to be written: tables and kopir.toml."""
    files = {
        table.file: format_table(table).encode()
        for name, table in after.tables.items()
        if not table.cells.equals(before.tables[name].cells) or table.present != before.tables[name].present
    }
    if after.settings_text != before.settings_text:
        files["kopir.toml"] = after.settings_text.encode()
    return dict(sorted(files.items()))


def with_rows(folder: Folder, name: str, rows: Sequence[Mapping[str, str]]) -> Folder:
    """Return a folder whose table ``name`` holds ``rows``; columns that it writes are kept, used ones added."""
    return replace(folder, tables={**folder.tables, name: table_of(folder.tables[name], rows)})
