"""Writing small model folders for tests."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

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
    return write_model(path, tables, players=[name for name in partners if name != "HOME"])


def veto(asset_type: str, asset: str, clause: str, function: str = "oil_export", effectiveness: float = 1) -> Row:
    """Return a row of denial.csv: ``clause`` (jurisdictions joined by +) closes the asset to an effectiveness."""
    return {
        "asset_type": asset_type,
        "asset": asset,
        "clause": clause,
        "effectiveness_low": effectiveness,
        "effectiveness_high": effectiveness,
        "basis_kind": "territory",
        "legal_basis": "miniature",
        "function": function,
    }


def states(*names: str) -> list[Row]:
    """Return rows of jurisdictions.csv for the focal state and some partners."""
    return [{"jurisdiction": name, "kind": "state"} for name in ("KAZ", *names)]


def import_model(path: Path, given: Mapping[str, Any]) -> Path:
    """Write a model with one need and two sources abroad, the second of which can be expanded."""
    basis = {"basis": "miniature"}
    sources = given["sources"]
    expansion = given["expansion"]
    tables: dict[str, Sequence[Row]] = {
        "jurisdictions": states(*(source["partner"] for source in sources)),
        "functions": [{"function": "imports", "kind": "network"}],
        "commodities": [{"commodity": "goods", "unit": "Mt"}],
        "nodes": [{"node": "HOME", "kind": "market", "territory": "KAZ"}],
        "supplies": [
            {
                "supply": source["id"],
                "node": "HOME",
                "commodity": "goods",
                "owner": "KAZ",
                "amount": source["capacity"],
                "cost": source["cost"],
            }
            | basis
            for source in sources
        ],
        "markets": [
            {
                "market": "NEED",
                "node": "HOME",
                "commodity": "goods",
                "owner": "KAZ",
                "kind": "import",
                "price": 0,
                "depth": given["demand"],
                "unmet_penalty": given["unserved_penalty"],
            }
            | basis
        ],
        "denial": [veto("supply", source["id"], source["partner"], "imports") for source in sources],
        "options": [{"option": "expand", "kind": "build", "annual_cost": expansion["annualised_cost"]} | basis],
        "option_gains": [
            {
                "option": "expand",
                "asset_type": "supply",
                "asset": expansion["source"],
                "gain": expansion["add_capacity"],
            }
            | basis
        ],
    }
    return write_model(path, tables, players=[source["partner"] for source in sources])


def combined_services_model(path: Path, given: Mapping[str, Any]) -> Path:
    """Write a model whose every way out needs a port and then an insurer, each of which can refuse."""
    basis = {"basis": "miniature"}
    ports = sorted({combo["port"] for combo in given["combos"]})
    cover = {f"{combo['port']}_BY_{combo['insurer']}": combo for combo in given["combos"]}
    tables: dict[str, Sequence[Row]] = {
        "jurisdictions": states(*ports),
        "functions": [{"function": name, "kind": "network"} for name in ("port", "insurance")],
        "commodities": [{"commodity": "goods", "unit": "Mt"}],
        "nodes": [
            {"node": "FIELD", "kind": "field", "territory": "KAZ"},
            {"node": "WORLD", "kind": "market", "territory": "KAZ"},
            *({"node": f"PORT_{port}", "kind": "port", "territory": port} for port in ports),
        ],
        "supplies": [
            {"supply": "FIELD", "node": "FIELD", "commodity": "goods", "owner": "KAZ"}
            | {"amount": given["exports"]}
            | basis
        ],
        "links": [
            *(
                {"link": f"TO_{port}", "from_node": "FIELD", "to_node": f"PORT_{port}", "mode": "rail"}
                for port in ports
            ),
            *(
                {"link": link, "from_node": f"PORT_{combo['port']}", "to_node": "WORLD", "mode": "sea"}
                for link, combo in cover.items()
            ),
        ],
        "carries": [
            *({"link": f"TO_{port}", "commodity": "goods"} for port in ports),
            *(
                {"link": link, "commodity": "goods", "nameplate": combo["cap"], "cost": combo["cost"]} | basis
                for link, combo in cover.items()
            ),
        ],
        "markets": [
            {"market": "WORLD", "node": "WORLD", "commodity": "goods", "owner": "KAZ"}
            | {"price": given["unit_value"], "depth": given["exports"]}
            | basis
        ],
        "denial": [
            *(veto("link", f"TO_{port}", port, "port") for port in ports),
            *(veto("link", link, combo["insurer"], "insurance") for link, combo in cover.items()),
        ],
    }
    return write_model(path, tables, players=ports)
