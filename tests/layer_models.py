"""A small accounting layer: gas in bcm by two ways to one city, and a neighbour's gas in transit.

FIELD reaches CITY by HUB (4 bcm, room for 5) and over the river (2 bcm, room for 10), which RUS can close;
CHN is the buyer. The neighbour's gas (3 bcm) passes HUB as well.
"""

from __future__ import annotations

from tests.folders import states, veto

Tables = dict[str, list[dict[str, object]]]


def _fact(code: str, value: float, unit: str = "bcm/yr", period: str = "2024") -> dict[str, object]:
    return {"fact": code, "indicator": "capacity", "value": value, "unit": unit, "period": period, "sources": "S"}


def _link(code: str, ends: tuple[str, str], territories: str, status: str = "operating") -> dict[str, object]:
    named = {"link": code, "from_node": ends[0], "to_node": ends[1], "mode": "pipeline"}
    return named | {"territories": territories, "status": status}


def _volume(route: str, owner: str, value: object, period: str = "2024") -> dict[str, object]:
    row = {"asset_type": "route", "asset": route, "owner": owner, "period": period, "value": value}
    return row | {"basis": "miniature"}


def layer_tables() -> Tables:
    basis = {"basis": "miniature"}
    return {
        "jurisdictions": [
            *states("RUS", "CHN", "HOME", "TKM"),
            {"jurisdiction": "STORM", "kind": "hazard"},
        ],
        "sources": [{"source": "S", "title": "miniature"}],
        "facts": [_fact("F5", 5), _fact("F10", 10), _fact("F3", 3e9, "m3"), _fact("F20", 20)],
        "functions": [{"function": "gas_export", "kind": "described"}],
        "commodities": [{"commodity": "gas", "unit": "bcm", "layer": "gas", "accounting": "yes"}],
        "nodes": [
            {"node": "FIELD", "kind": "field", "territory": "KAZ"},
            {"node": "ABROAD", "kind": "field", "territory": "TKM"},
            {"node": "HUB", "kind": "hub", "territory": "KAZ"},
            {"node": "BANK", "kind": "border", "territory": "RUS"},
            {"node": "CITY", "kind": "market", "territory": "CHN"},
        ],
        "links": [
            _link("TO_HUB", ("FIELD", "HUB"), "KAZ"),
            _link("IN", ("ABROAD", "HUB"), "TKM KAZ"),
            _link("OUT", ("HUB", "CITY"), "KAZ CHN"),
            _link("RIVER", ("FIELD", "BANK"), "KAZ RUS"),
            _link("BEYOND", ("BANK", "CITY"), "RUS CHN"),
            _link("TUNNEL", ("FIELD", "CITY"), "KAZ CHN", status="planned"),
        ],
        "carries": [
            {"link": "TO_HUB", "commodity": "gas", "nameplate": "F5"} | basis,
            {"link": "IN", "commodity": "gas"} | basis,
            {"link": "OUT", "commodity": "gas", "nameplate": "F10"} | basis,
            {"link": "RIVER", "commodity": "gas", "nameplate": "F10"} | basis,
            {"link": "BEYOND", "commodity": "gas", "nameplate": "F10"} | basis,
            {"link": "TUNNEL", "commodity": "gas"} | basis,
        ],
        "layer_routes": [
            {"route": "BY_HUB", "commodity": "gas", "owner": "KAZ", "kind": "export", "links": "TO_HUB OUT"},
            {"route": "BY_RIVER", "commodity": "gas", "owner": "KAZ", "kind": "export", "links": "RIVER BEYOND"},
            {"route": "TRANSIT", "commodity": "gas", "owner": "TKM", "kind": "transit", "links": "IN OUT"},
        ],
        "baseline_flows": [
            _volume("BY_HUB", "KAZ", 4),
            _volume("BY_RIVER", "KAZ", "2 [1..3]"),
            _volume("TRANSIT", "TKM", "F3"),
        ],
        "denial": [
            dict(veto("link", "RIVER", "RUS", "gas_export")),
            dict(veto("link", "BEYOND", "CHN", "gas_export")),
            dict(veto("link", "OUT", "CHN", "gas_export")),
            dict(veto("link", "TO_HUB", "HOME", "gas_export")),
            dict(veto("link", "IN", "HOME", "gas_export")),
            dict(veto("link", "IN", "TKM+RUS", "gas_export")),
            dict(veto("link", "RIVER", "STORM", "gas_export", 0.5)),
            dict(veto("link", "TUNNEL", "CHN", "gas_export")),
        ],
        "options": [{"option": "TUNNEL", "kind": "build", "provider": "CHN", "lead_time": 36} | basis],
        "option_gains": [
            {"option": "TUNNEL", "asset_type": "link", "asset": "TUNNEL", "commodity": "gas", "gain": "F20"}
            | basis
        ],
    }
