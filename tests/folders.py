"""Writing small model folders for tests."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

Row = Mapping[str, object]


def write_model(
    path: Path,
    tables: Mapping[str, Sequence[Row]],
    *,
    players: Sequence[str] = ("RU",),
    focal_state: str = "KAZ",
    base_year: int = 2025,
) -> Path:
    """Write ``tables`` and a kopir.toml into the folder ``path`` and return it."""
    path.mkdir(parents=True, exist_ok=True)
    names = ", ".join(f'"{name}"' for name in players)
    (path / "kopir.toml").write_text(
        f'format = 1\nplayers = [{names}]\n[model]\nname = "{path.name}"\n'
        f'focal_state = "{focal_state}"\nbase_year = {base_year}\n',
        encoding="utf-8",
    )
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return path


def routes_model(
    path: Path,
    routes: Sequence[Mapping[str, object]],
    *,
    supply: float,
    depth: float = 1000,
    extra: Mapping[str, Sequence[Row]] | None = None,
) -> Path:
    """Write a model with one field and parallel routes, each with its own market.

    A route has ``id``, ``capacity``, ``netback`` and ``jurisdictions`` (each of which can close it alone).
    """
    partners = sorted({str(name) for route in routes for name in route["jurisdictions"]})  # type: ignore[attr-defined]
    basis = {"basis": "miniature"}
    tables: dict[str, Sequence[Row]] = {
        "jurisdictions": [{"jurisdiction": name, "kind": "state"} for name in ["KAZ", *partners]],
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [{"node": "FIELD", "kind": "field", "territory": "KAZ"}]
        + [{"node": f"END_{route['id']}", "kind": "market", "territory": "KAZ"} for route in routes],
        "supplies": [
            {"supply": "FIELD", "node": "FIELD", "commodity": "crude", "owner": "KAZ", "amount": supply} | basis
        ],
        "links": [
            {"link": route["id"], "from_node": "FIELD", "to_node": f"END_{route['id']}", "mode": "pipeline"}
            for route in routes
        ],
        "carries": [
            {"link": route["id"], "commodity": "crude", "nameplate": route["capacity"]} | basis for route in routes
        ],
        "markets": [
            {
                "market": f"M_{route['id']}",
                "node": f"END_{route['id']}",
                "commodity": "crude",
                "owner": "KAZ",
                "price": route["netback"],
                "depth": depth,
            }
            | basis
            for route in routes
        ],
        "denial": [
            {
                "asset_type": "link",
                "asset": route["id"],
                "clause": name,
                "effectiveness_low": 1,
                "effectiveness_high": 1,
                "basis_kind": "territory",
                "legal_basis": "miniature",
                "function": "oil_export",
            }
            for route in routes
            for name in route["jurisdictions"]  # type: ignore[attr-defined]
        ],
        **(extra or {}),
    }
    return write_model(path, tables, players=partners)
