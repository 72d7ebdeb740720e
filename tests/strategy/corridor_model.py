"""A small market of containers: a railway with a crossing, a way with a ferry, and the sea by two ways."""

from __future__ import annotations

from pathlib import Path

from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from tests.folders import Row, write_model

B = {"basis": "test"}
NODES = {"EAST": "CHN", "BORDER": "KAZ", "PORT": "KAZ", "FAR_PORT": "AZE", "HARBOUR": "CHN", "WEST": "DEU"}
LINKS = [
    ("EAST_BORDER", "EAST", "BORDER", "rail", "CHN", "4"),
    ("BORDER_WEST", "BORDER", "WEST", "rail", "RUS DEU", "10 [8..12]"),
    ("BORDER_PORT", "BORDER", "PORT", "rail", "KAZ", "5"),
    ("FERRY", "PORT", "FAR_PORT", "sea", "KAZ AZE", "3 [1..11]"),
    ("FAR_PORT_WEST", "FAR_PORT", "WEST", "rail", "AZE DEU", "8"),
    ("EAST_HARBOUR", "EAST", "HARBOUR", "rail", "CHN", "2"),
    ("CANAL", "HARBOUR", "WEST", "sea", "CHN EGY DEU", "28"),
    ("CAPE", "HARBOUR", "WEST", "sea", "CHN DEU", "38"),
]
WAYS: dict[str, tuple[str, str, list[tuple[str, str, str]]]] = {
    "RAIL": (
        "NORTHERN",
        "LAND",
        [("link", "EAST_BORDER", "RAIL"), ("transfer", "GAUGE", "RAIL"), ("link", "BORDER_WEST", "RAIL")],
    ),
    "FERRY_WAY": (
        "TITR",
        "LAND",
        [
            ("link", "EAST_BORDER", "TO_PORT"),
            ("transfer", "GAUGE", "TO_PORT"),
            ("link", "BORDER_PORT", "TO_PORT"),
            ("transfer", "QUAY", ""),
            ("link", "FERRY", "ONWARD"),
            ("link", "FAR_PORT_WEST", "ONWARD"),
        ],
    ),
    "BY_CANAL": ("SEA", "SEA", [("link", "EAST_HARBOUR", "INLAND"), ("link", "CANAL", "SEA")]),
    "BY_CAPE": ("SEA", "SEA", [("link", "EAST_HARBOUR", "INLAND"), ("link", "CAPE", "SEA")]),
}
CLAUSE = {"effectiveness_low": 1, "effectiveness_high": 1, "basis_kind": "territory", "legal_basis": "test"}


def tables() -> dict[str, list[Row]]:
    """Return the tables; a test changes what it is about and writes them."""
    return {
        "jurisdictions": [
            {"jurisdiction": code, "kind": "state"} for code in ("KAZ", "HOME", "CHN", "RUS", "AZE", "DEU", "EGY")
        ],
        "options": [{"option": "SHIPS", "kind": "build"}],
        "functions": [{"function": "freight_transit", "kind": "network"}],
        "nodes": [{"node": code, "kind": "hub", "territory": state} for code, state in NODES.items()],
        "links": [
            {"link": link, "from_node": start, "to_node": end, "mode": mode, "territories": states, "time": time}
            | B
            for link, start, end, mode, states, time in LINKS
        ],
        "transfers": [
            {
                "transfer": "GAUGE",
                "node": "BORDER",
                "from_mode": "wide",
                "to_mode": "narrow",
                "time": "2 [1..3]",
                "paper": "1 [0.5..1.5]",
            }
            | B,
            {"transfer": "QUAY", "node": "PORT", "from_mode": "rail", "to_mode": "sea", "time": 1, "cost": 100}
            | B,
        ],
        "corridors": [{"corridor": name, "route": route, "nest": nest} for name, (route, nest, _) in WAYS.items()],
        "corridor_stages": [
            {"corridor": name, "stage": index, "asset_type": kind, "asset": asset, "rate": rate}
            for name, (_, _, stages) in WAYS.items()
            for index, (kind, asset, rate) in enumerate(stages, 1)
        ],
        "freight_rates": [
            {"rate": "RAIL", "period": "2023", "amount": 5000} | B,
            {"rate": "RAIL", "period": "2024", "amount": "5000 [4500..5500]"} | B,
            {"rate": "TO_PORT", "amount": 4000} | B,
            {"rate": "ONWARD", "amount": 3000} | B,
            {"rate": "INLAND", "amount": 500} | B,
            {"rate": "SEA", "period": "2023", "amount": 1500} | B,
            {"rate": "SEA", "period": "2024", "amount": 3500} | B,
        ],
        "corridor_limits": [
            {
                "limit": "FLEET",
                "asset_type": "link",
                "asset": "FERRY",
                "kind": "fleet",
                "capacity": 80,
                "others_use": 10,
            }
            | B,
            {
                "limit": "MORE_SHIPS",
                "asset_type": "link",
                "asset": "FERRY",
                "kind": "fleet",
                "capacity": 50,
                "option": "SHIPS",
            }
            | B,
            {
                "limit": "DRAUGHT",
                "asset_type": "link",
                "asset": "FERRY",
                "kind": "draught",
                "capacity": 60,
                "enforced": "no",
            }
            | B,
        ],
        "corridor_records": [
            {"route": "NORTHERN", "period": "2024", "volume": 300} | B,
            {"route": "TITR", "period": "2024", "volume": 50} | B,
        ],
        "route_choice": [
            {
                "choice": "MARKET",
                "from_node": "EAST",
                "to_node": "WEST",
                "base_period": "2024",
                "sea_rate": "SEA",
                "demand": 10_000,
                "cargo_value": 100_000,
                "interest": "0.1 [0.05..0.15]",
                "depreciation": "0.265 [0.2..0.4]",
                "reliability": "0.5 [0..1]",
                "scale": "0.0002 [0.0001..0.0004]",
                "route_ratio": "0.5 [0.25..1]",
                "variant_ratio": 0.2,
            }
            | B
        ],
        "denial": [
            {"asset_type": "link", "asset": link, "clause": state, "function": "freight_transit"} | CLAUSE
            for link, state in (("BORDER_WEST", "RUS"), ("FERRY", "AZE"), ("CANAL", "EGY"))
        ],
    }


def write_corridors(path: Path, changed: dict[str, list[Row]] | None = None) -> Path:
    """Write the model, some tables replaced (by no rows: left out), and return its folder."""
    written = {name: rows for name, rows in {**tables(), **(changed or {})}.items() if rows}
    return write_model(path / "containers", written, players=("RUS", "AZE"), base_year=2024)


def corridor_model(path: Path, changed: dict[str, list[Row]] | None = None) -> Model:
    """Return the model, some tables replaced."""
    return open_model(write_corridors(path, changed))
