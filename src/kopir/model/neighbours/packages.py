"""A model folder as a frictionless data package: the CSV tables and a ``datapackage.json`` made from the schemas.

Data Package and Table Schema, version 1 (Walsh and Pollock, frictionlessdata.io).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kopir.core.folders.cells import ID_PATTERN
from kopir.core.folders.folder import Folder
from kopir.core.folders.schema import Column
from kopir.core.folders.settings import FILE
from kopir.core.folders.tables import Table, format_table
from kopir.core.version import __version__

_QUANTITY = "a number (38), a number with its interval (38 [30..46]), or a fact (F0154, F0154 [30..46])"


def as_data_package(folder: Folder) -> dict[str, bytes]:
    """Return the files of the package: kopir.toml, a CSV for each table of the folder, and datapackage.json."""
    held = {name: table for name, table in sorted(folder.tables.items()) if table.present}
    files = {FILE: folder.settings_text.encode()}
    files |= {table.file: format_table(table).encode() for table in held.values()}
    settings = folder.settings.model
    package = {
        "profile": "tabular-data-package",
        "name": settings.name.lower(),
        "title": settings.title or settings.name,
        "created_by": f"kopir {__version__}",
        "resources": [_resource(table, held) for table in held.values()],
    }
    files["datapackage.json"] = (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def _resource(table: Table, held: Mapping[str, Table]) -> dict[str, Any]:
    columns = [table.schema.column(name) for name in table.present]
    schema: dict[str, Any] = {"fields": [_field(column) for column in columns], "missingValues": [""]}
    key = [column for column in table.schema.columns if column.is_key]
    if key and all(column.name in table.present and not column.may_be_blank for column in key):
        schema["primaryKey"] = [column.name for column in key]
    foreign = [
        {"fields": column.name, "reference": {"resource": target, "fields": name}}
        for column in columns
        if column.type == "id" and (place := _target(column, held)) is not None
        for target, name in [place]
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "profile": "tabular-data-resource",
        "name": table.schema.name,
        "path": table.file,
        "encoding": "utf-8",
        "schema": schema,
    }


def _target(column: Column, held: Mapping[str, Table]) -> tuple[str, str] | None:
    """Return the table and column that a code refers to, where one table holds all that it may name."""
    table, _, name = column.refers_to.partition(".")
    if table in held and name in held[table].present and held[table].schema.key == (name,):
        return table, name
    return None


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "description": column.description, **_kind(column)}
    if column.unit:
        field["unit"] = column.unit
    if column.default:
        field["default"] = column.default
    if not column.may_be_blank:
        field.setdefault("constraints", {})["required"] = True
    return field


def _kind(column: Column) -> dict[str, Any]:
    match column.type:
        case "number":
            return {"type": "number"}
        case "flag":
            return {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}
        case "date":
            return {"type": "date"}
        case "choice":
            return {"type": "string", "constraints": {"enum": list(column.choices)}}
        case "id":
            return {"type": "string", "constraints": {"pattern": ID_PATTERN.pattern}}
        case "quantity":
            return {"type": "string", "holds": _QUANTITY}
        case _:
            return {"type": "string"}
