"""A small calibrated model: two routes abroad and a home market, charges, shares and options."""

from __future__ import annotations

from pathlib import Path

import pytest

from kopir.model.folder.opening import open_model
from kopir.strategy.value.setup import Setup, prepare
from tests.folders import write_model

B = {"basis": "test"}
CLAUSE = {"effectiveness_low": 1, "effectiveness_high": 1, "basis_kind": "territory", "legal_basis": "test"}


def tables() -> dict[str, list[dict[str, object]]]:
    flows = {
        2023: {"WEST": 30, "EAST": 5, "RAIL": 2, "FIELD": 37, "HOME": 8},
        2024: {"WEST": 34, "EAST": 5, "RAIL": 2, "FIELD": 41, "HOME": 8},
        2025: {"WEST": 38, "EAST": 5, "RAIL": 2, "FIELD": 45, "HOME": 8},
    }
    baseline: list[dict[str, object]] = []
    for year, values in flows.items():
        for link, block in (("WEST", ""), ("EAST", "rest"), ("RAIL", "rest")):
            baseline.append(
                {
                    "asset_type": "link",
                    "asset": link,
                    "owner": "KAZ",
                    "period": year,
                    "value": f"{values[link]} [{values[link] - 1}..{values[link] + 1}]",
                    "kind": "assumed" if block else "observed",
                    "block": block,
                    "scored": "yes",
                    "elasticity": "4 [2..8]",
                }
                | B
            )
        baseline.append(
            {
                "asset_type": "supply",
                "asset": "FIELD",
                "owner": "KAZ",
                "period": year,
                "value": values["FIELD"] + 8,
            }
            | B
        )
        baseline.append(
            {"asset_type": "market", "asset": "REFINERY", "owner": "KAZ", "period": year, "value": values["HOME"]}
            | B
        )
    return {
        "jurisdictions": [
            {"jurisdiction": "KAZ", "kind": "state", "members": ""},
            {"jurisdiction": "HOME", "kind": "state", "members": ""},
            {"jurisdiction": "RUS", "kind": "state", "members": ""},
            {"jurisdiction": "CHN", "kind": "state", "members": ""},
            {"jurisdiction": "TUR", "kind": "state", "members": ""},
            {"jurisdiction": "UNION", "kind": "union", "members": "RUS TUR"},
        ],
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [
            {"node": "FIELD", "kind": "field", "territory": "KAZ"},
            {"node": "SEA", "kind": "port", "territory": "RUS"},
            {"node": "CITY", "kind": "market", "territory": "CHN"},
            {"node": "BORDER", "kind": "market", "territory": "TUR"},
            {"node": "PLANT", "kind": "refinery", "territory": "KAZ"},
        ],
        "links": [
            {"link": "WEST", "from_node": "FIELD", "to_node": "SEA", "mode": "pipeline"},
            {"link": "EAST", "from_node": "FIELD", "to_node": "CITY", "mode": "pipeline"},
            {"link": "RAIL", "from_node": "FIELD", "to_node": "BORDER", "mode": "rail"},
            {"link": "LOCAL", "from_node": "FIELD", "to_node": "PLANT", "mode": "pipeline"},
        ],
        "carries": [
            {"link": "WEST", "commodity": "crude", "cost": 10, "nameplate": 50, "firm": 42, "ramp": 1, "lag": 2}
            | B,
            {"link": "EAST", "commodity": "crude", "cost": 30, "nameplate": 12, "firm": 6, "ramp": 0.5, "lag": 3}
            | B,
            {"link": "RAIL", "commodity": "crude", "cost": 60, "nameplate": 6, "firm": 3, "ramp": 0.5, "lag": 1}
            | B,
            {"link": "LOCAL", "commodity": "crude"} | B,
        ],
        "supplies": [
            {
                "supply": "FIELD",
                "node": "FIELD",
                "commodity": "crude",
                "owner": "KAZ",
                "amount": 53,
                "cost": "40 [30..50]",
                "state_take": 0.5,
                "foreign_share": 0.4,
                "licence_end": 2030,
                "tail": 10,
            }
            | B
        ],
        "markets": [
            {
                "market": "SEA",
                "node": "SEA",
                "commodity": "crude",
                "owner": "KAZ",
                "buyer": "TUR",
                "kind": "export",
            }
            | {"price": "450 [430..470]", "depth": 60, "unmet_penalty": ""}
            | B,
            {
                "market": "CITY",
                "node": "CITY",
                "commodity": "crude",
                "owner": "KAZ",
                "buyer": "CHN",
                "kind": "export",
            }
            | {"price": 440, "depth": 60, "unmet_penalty": ""}
            | B,
            {
                "market": "BORDER",
                "node": "BORDER",
                "commodity": "crude",
                "owner": "KAZ",
                "buyer": "",
                "kind": "export",
            }
            | {"price": 420, "depth": 60, "unmet_penalty": ""}
            | B,
            {"market": "REFINERY", "node": "PLANT", "commodity": "crude", "owner": "KAZ", "buyer": "KAZ"}
            | {"kind": "domestic", "price": 300, "depth": 8, "unmet_penalty": 500}
            | B,
        ],
        "charges": [
            {"charge": "T1", "asset_type": "link", "asset": "WEST", "beneficiary": "RUS", "amount": 20} | B,
            {"charge": "T2", "asset_type": "link", "asset": "WEST", "beneficiary": "KAZ", "amount": 5} | B,
        ],
        "baseline_flows": baseline,
        "denial": [
            {"asset_type": "link", "asset": "WEST", "clause": "RUS", "in_force": "no", "function": "oil_export"}
            | CLAUSE,
            {"asset_type": "link", "asset": "EAST", "clause": "CHN", "in_force": "no", "function": "oil_export"}
            | CLAUSE,
            {
                "asset_type": "link",
                "asset": "RAIL",
                "clause": "TUR+CHN",
                "in_force": "no",
                "function": "oil_export",
            }
            | CLAUSE,
            {
                "asset_type": "supply",
                "asset": "FIELD",
                "clause": "HOME",
                "in_force": "no",
                "function": "oil_export",
            }
            | CLAUSE,
        ],
        "options": [
            {"option": "MORE_EAST", "kind": "build", "provider": "CHN", "annual_cost": 100, "lead_time": 24} | B,
            {"option": "LATE", "kind": "build", "provider": "", "annual_cost": 10, "lead_time": 60} | B,
        ],
        "option_gains": [
            {"option": "MORE_EAST", "asset_type": "link", "asset": "EAST", "gain": 10} | B,
            {"option": "LATE", "asset_type": "link", "asset": "RAIL", "gain": 10} | B,
        ],
        "world_markets": [
            {"world_market": "OIL", "commodities": "crude", "world_supply": 4500, "elasticity": "0.3 [0.2..0.5]"}
            | B
        ],
        "partner_exports": [
            {"partner": "RUS", "world_market": "OIL", "net_exports": 240} | B,
            {"partner": "CHN", "world_market": "OIL", "net_exports": "-560 [-570..-550]"} | B,
        ],
        "capacity_groups": [{"group": "QUOTA", "nameplate": 50, "enforced": "no"} | B],
        "capacity_group_members": [{"group": "QUOTA", "asset_type": "supply", "asset": "FIELD"}],
    }


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return prepare(open_model(write_model(tmp_path, tables(), players=("RUS", "CHN", "TUR"))))
