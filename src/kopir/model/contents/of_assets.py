"""Which cells are about which asset: every table is read once for all assets."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from kopir.core.folders.folder import Folder
from kopir.core.folders.schema import ASSET_TABLES, Column
from kopir.core.folders.tables import Table
from kopir.model.contents.quantities import CellRef

Asset = tuple[str, str]


def cells_of_assets(folder: Folder, known: Container[CellRef]) -> Mapping[Asset, tuple[CellRef, ...]]:
    """Return for each asset (type and code) the ``known`` cells, filled in, of every row that is or names it."""
    found: dict[Asset, set[CellRef]] = {}
    for table in folder.tables.values():
        quantities = [column.name for column in table.schema.columns if column.type == "quantity"]
        about = list(_about(table))
        if not quantities or not about:
            continue
        for row in table.cells.iter_rows(named=True):
            filled = (CellRef(table.schema.name, row["line"], name) for name in quantities if row[name].strip())
            refs = [ref for ref in filled if ref in known]
            for column, kind in about:
                asset = (kind or row["asset_type"].strip(), row[column.name].strip())
                found.setdefault(asset, set()).update(refs)
    return {asset: tuple(sorted(refs)) for asset, refs in found.items()}


def _about(table: Table) -> Iterator[tuple[Column, str]]:
    """Yield the columns that name an asset with its type, blank where the row itself says it."""
    for column in table.schema.columns:
        if column.refers_to == "@asset_type":
            yield column, ""
            continue
        for kind, own in ASSET_TABLES.items():
            if ".".join(own) in {column.refers_to, f"{table.schema.name}.{column.name}"}:
                yield column, kind
