"""A field, a pipe, a tank farm, two berths, and a railway: small enough to follow by hand, day by day.

The field yields 0.1 Mt a day at 50 USD/t; either berth could load all of it, for 400 USD/t; the tanks hold 0.5 Mt
and begin with 0.2; the railway takes 0.01 Mt a day for 300 USD/t.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.strategy.value.setup import Setup, prepare
from tests.folders import states, veto, write_model

B = {"basis": "miniature"}


def terminal_model(path: Path, *, ramp: float = 0, lag: float = 0, restart: float = 0, **changes: Any) -> Model:
    oil = {"commodity": "crude", "owner": "KAZ"}
    tables = {
        "jurisdictions": states("RUS", "CHN"),
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [
            {"node": name, "kind": kind, "territory": "KAZ"}
            for name, kind in (("FIELD", "field"), ("TERM", "terminal"), ("SEA", "market"), ("BORDER", "market"))
        ],
        "supplies": [
            {"supply": "FIELD", "node": "FIELD", "amount": 36.5, "cost": 50, **oil, **B} | {"restart": restart}
        ],
        "links": [
            {"link": "PIPE", "from_node": "FIELD", "to_node": "TERM", "mode": "pipeline"},
            {"link": "BERTH1", "from_node": "TERM", "to_node": "SEA", "mode": "transfer"},
            {"link": "BERTH2", "from_node": "TERM", "to_node": "SEA", "mode": "transfer"},
            {"link": "RAIL", "from_node": "FIELD", "to_node": "BORDER", "mode": "rail"},
        ],
        "carries": [
            {"link": "PIPE", "commodity": "crude", "nameplate": "", "firm": "", "ramp": "", "lag": ""} | B,
            {"link": "BERTH1", "commodity": "crude", "nameplate": 40, "firm": "", "ramp": "", "lag": ""} | B,
            {"link": "BERTH2", "commodity": "crude", "nameplate": 40, "firm": "", "ramp": "", "lag": ""} | B,
            {"link": "RAIL", "commodity": "crude", "nameplate": 36.5, "firm": 3.65, "ramp": ramp, "lag": lag} | B,
        ],
        "markets": [
            {"market": "SEA", "node": "SEA", "price": 400, "depth": 1000, **oil, **B},
            {"market": "BORDER", "node": "BORDER", "price": 300, "depth": 1000, **oil, **B},
        ],
        "storage": [{"storage": "TANK", "node": "TERM", "capacity": 0.5, "initial": 0.2, "cost": 0, **oil, **B}],
        "capacity_groups": [{"group": "BERTHS", "nameplate": "", "enforced": "no", **B}],
        "capacity_group_members": [
            {"group": "BERTHS", "asset_type": "link", "asset": berth} for berth in ("BERTH1", "BERTH2")
        ],
        "denial": [veto("link", "BERTH1", "RUS"), veto("link", "BERTH2", "RUS"), veto("link", "RAIL", "CHN")],
        "options": [{"option": "MORE_RAIL", "kind": "build", "annual_cost": 1, "lead_time": 1} | B],
        "option_gains": [{"option": "MORE_RAIL", "asset_type": "link", "asset": "RAIL", "gain": 3.65} | B],
        "events": [
            {"event": "E1", "start": "2024-03-01", "end": "2024-03-09", "what": "storm", "assets": "TERM"}
            | {"severity_low": 0.5, "severity_high": 0.5, "note": "half of the berths out"},
            {"event": "E2", "start": "2024-08-01", "end": "", "what": "elsewhere", "assets": "MINE"}
            | {"severity_low": 1, "severity_high": 1, "note": "no matter"},
        ],
        **changes,
    }
    return open_model(write_model(path / "terminal", tables, players=("RUS", "CHN")))


def terminal(path: Path, **given: Any) -> Setup:
    return prepare(terminal_model(path, **given))
