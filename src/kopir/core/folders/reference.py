"""Reference pages made from schema tables and fault codes: ``python -m kopir.core.folders.reference DIR``."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from kopir.core.errors import fault_codes
from kopir.core.folders.schema import OF_COMMODITY, Column, TableSchema, table_schemas


def model_folder_page() -> str:
    """Return the page that lists every table and column of a model folder, in Markdown."""
    parts = [
        "# The model folder",
        "",
        "A model is a folder: `kopir.toml` and CSV tables that a spreadsheet opens. Save them as CSV UTF-8.",
        "Tables that a model does not need may be left out. A *quantity* cell is a number (`38`), a number with",
        "its interval (`38 [30..46]`), or the id of a row of `facts.csv` (`F0154`, `F0154 [30..46]`), whose unit",
        "is converted. A number is an assumption: its row's `basis` says where it comes from, and each result",
        "says how much of it rests on assumptions.",
        "",
        *files("kopir.core").joinpath("data/forms.md").read_text(encoding="utf-8").splitlines(),
        "",
        "This page is made from the schema tables: `python -m kopir.core.folders.reference docs`.",
        "",
    ]
    for schema in table_schemas().values():
        parts += _table(schema)
    return "\n".join(parts)


def faults_page() -> str:
    """Return the page that explains every fault code, in Markdown."""
    parts = ["# Faults", "", "What each code means and what mends it; `kopir explain K0207` prints one.", ""]
    for fault in fault_codes().values():
        parts += [f"## {fault.code}: {fault.title}", "", fault.meaning, "", f"*Mend:* {fault.mend}", ""]
    return "\n".join(parts)


def _table(schema: TableSchema) -> list[str]:
    rows = [
        f"| `{column.name}` | {_kind(column)} | {_unit(column)} | {_need(column)} | {column.description} |"
        for column in schema.columns
    ]
    head = ["| column | holds | unit | | meaning |", "|---|---|---|---|---|"]
    return [f"## {schema.name}.csv", "", *head, *rows, ""]


def _kind(column: Column) -> str:
    if column.choices:
        return " / ".join(f"`{word}`" for word in column.choices)
    return f"{column.type} → `{column.refers_to}`" if column.refers_to else column.type


def _unit(column: Column) -> str:
    return "of the commodity" if column.unit == OF_COMMODITY else column.unit


def _need(column: Column) -> str:
    if column.is_key:
        return "key"
    if column.default:
        return f"default `{column.default}`"
    return "required" if column.required == "yes" else ""


def main(folder: Path) -> None:
    """Write both pages into ``folder``."""
    (folder / "model-folder.md").write_text(model_folder_page(), encoding="utf-8")
    (folder / "faults.md").write_text(faults_page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
