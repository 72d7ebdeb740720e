"""Model folders valued a second time from their rows, so that what the tables mean is checked as well."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod

import numpy as np
import pytest
from scipy.optimize import linprog

from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.clauses import Denial, read_clauses
from kopir.strategy.value.valuation import Valuation
from tests.folders import states, veto, write_model

OWNERS = ("KAZ", "RUS")
GOODS = ("crude", "fuel")
BASIS = {"basis": "drawn"}


def drawn_tables(seed: int) -> dict[str, list[dict]]:
    """Return rows of a random model: charges, losses, others' use, a shared capacity, refining, an option."""
    rng = np.random.default_rng(seed)
    figure = lambda low, high: round(float(rng.uniform(low, high)), 3)  # noqa: E731
    nodes = [f"N{number}" for number in range(5)]
    ends = [tuple(rng.choice(nodes, 2, replace=False)) for _ in range(10)]
    links = [f"L{number}" for number in range(len(ends))]
    status = rng.choice(["operating", "stopped"], len(links), p=[0.9, 0.1])
    shared = [str(link) for link in rng.choice(links, 4, replace=False)]
    tables: dict[str, list[dict]] = {
        "jurisdictions": [dict(row) for row in states("RUS", "CHN")],
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": goods, "unit": "Mt"} for goods in GOODS],
        "nodes": [{"node": node, "kind": "hub", "territory": "KAZ"} for node in nodes],
        "links": [
            {"link": link, "from_node": first, "to_node": last, "mode": "rail", "status": state}
            for link, (first, last), state in zip(links, ends, status, strict=True)
        ],
        "carries": [
            {"link": link, "commodity": goods, "cost": figure(0, 20), "loss": figure(0, 0.05)}
            | {"nameplate": figure(2, 9), "others_use": figure(0, 2)}
            | BASIS
            for link in links
            for goods in GOODS
        ],
        "charges": [
            {
                "charge": f"H{number}",
                "asset_type": "link",
                "asset": link,
                "beneficiary": "CHN",
                "amount": figure(0, 9),
            }
            | {"owner": str(rng.choice(["", *OWNERS])), "commodity": str(rng.choice(["", *GOODS]))}
            | BASIS
            for number, link in enumerate(links[:5])
        ]
        + [
            {
                "charge": "DUTY",
                "asset_type": "market",
                "asset": "M0",
                "beneficiary": "KAZ",
                "share": 0.1,
                "amount": 2,
            }
            | BASIS
        ],
        "supplies": [
            {"supply": f"S{number}", "node": str(rng.choice(nodes)), "commodity": "crude", "owner": owner}
            | {"amount": figure(2, 8), "cost": figure(0, 20)}
            | BASIS
            for number, owner in enumerate((*OWNERS, *OWNERS))
        ],
        "markets": [
            {"market": f"M{number}", "node": str(rng.choice(nodes)), "commodity": goods, "owner": owner}
            | {"price": figure(60, 120), "differential": figure(-10, 10), "depth": figure(2, 6)}
            | {"unmet_penalty": figure(0, 150) if number % 2 else ""}
            | BASIS
            for number, (goods, owner) in enumerate([*product(GOODS, OWNERS), ("fuel", "KAZ"), ("crude", "RUS")])
        ],
        "conversions": [
            {"conversion": "PLANT", "node": nodes[0], "from_commodity": "crude", "to_commodity": "fuel"}
            | {"ratio": 0.9, "cost": 5, "nameplate": 4}
            | BASIS
        ],
        "capacity_groups": [{"group": "G", "nameplate": figure(3, 8)} | BASIS],
        "capacity_group_members": [
            {"group": "G", "asset_type": "link", "asset": link, "coefficient": 1.5} for link in sorted(shared)
        ],
        "options": [{"option": "DIG", "kind": "build", "annual_cost": 10} | BASIS],
        "option_gains": [
            {"option": "DIG", "asset_type": "link", "asset": links[0], "commodity": "crude", "gain": 3} | BASIS
        ],
    }
    tables["denial"] = [
        dict(veto("link", link, clause, effectiveness=effectiveness))
        for link, clause, effectiveness in [
            (links[0], "RUS", 0.5),
            (links[1], "RUS", 1),
            (links[1], "CHN", 0.3),
            (links[2], "CHN+RUS", 1),
            (links[3], "CHN", 1),
            (links[4], "RUS", 0.8),
        ]
    ] + [dict(veto("supply", "S1", "RUS", effectiveness=0.5)), dict(veto("market", "M1", "CHN"))]
    return tables


def value_of_rows(tables, denied: set[str], severity: float, built: bool) -> float:
    """Return the optimum (million USD) straight from the definition and the rows."""
    columns: list[tuple[float, float, dict]] = []  # cost, most, what it does to each row
    most: dict[object, float] = {}
    needs: dict[str, float] = {}

    def left(asset_type: str, asset: str) -> float:
        return prod(
            1 - severity * row["effectiveness_low"]
            for row in tables["denial"]
            if (row["asset_type"], row["asset"]) == (asset_type, asset) and set(row["clause"].split("+")) <= denied
        )

    def charged(asset_type: str, asset: str, goods: str, owner: str, price: float = 0.0) -> float:
        return sum(
            row["amount"] + row.get("share", 0) * price
            for row in tables["charges"]
            if (row["asset_type"], row["asset"]) == (asset_type, asset)
            and row.get("commodity", "") in {"", goods}
            and row.get("owner", "") in {"", owner}
        )

    links = {row["link"]: row for row in tables["links"]}
    members = {row["asset"]: row["coefficient"] for row in tables["capacity_group_members"]}
    most["G"] = tables["capacity_groups"][0]["nameplate"]
    for row in tables["carries"]:
        link, goods, limit = links[row["link"]], row["commodity"], (row["link"], row["commodity"])
        capacity = max(row["nameplate"] - row["others_use"], 0) if link["status"] == "operating" else 0
        gains = sum(
            gain["gain"]
            for gain in tables["option_gains"]
            if built and (gain["asset"], gain["commodity"]) == limit
        )
        most[limit] = left("link", row["link"]) * (capacity + gains)
        for owner in OWNERS:
            ends = {(link["from_node"], goods, owner): -1, (link["to_node"], goods, owner): 1 - row["loss"]}
            shared = {"G": members[row["link"]]} if row["link"] in members else {}
            columns.append(
                (row["cost"] + charged("link", row["link"], goods, owner), np.inf, ends | {limit: 1} | shared)
            )
    for row in tables["supplies"]:
        place = (row["node"], row["commodity"], row["owner"])
        columns.append((row["cost"], left("supply", row["supply"]) * row["amount"], {place: 1}))
    for row in tables["markets"]:
        goods, owner, price = row["commodity"], row["owner"], row["price"] + row["differential"]
        need = {("need", row["market"]): 1} if row["unmet_penalty"] != "" else {}
        cost = charged("market", row["market"], goods, owner, price) - price
        columns.append(
            (cost, left("market", row["market"]) * row["depth"], {(row["node"], goods, owner): -1} | need)
        )
        if need:
            needs["need", row["market"]] = row["depth"]
            columns.append((row["unmet_penalty"], row["depth"], need))
    for row, owner in product(tables["conversions"], OWNERS):
        made = {
            (row["node"], row["from_commodity"], owner): -1,
            (row["node"], row["to_commodity"], owner): row["ratio"],
        }
        columns.append((row["cost"], np.inf, made | {"PLANT": 1}))
        most["PLANT"] = row["nameplate"]
    places = sorted(
        {key for *_, entries in columns for key in entries if isinstance(key, tuple) and len(key) == 3}
    )
    found = linprog(
        [cost for cost, *_ in columns],
        A_ub=[[entries.get(key, 0) for *_, entries in columns] for key in most]
        + [[-entries.get(key, 0) for *_, entries in columns] for key in needs],
        b_ub=[*most.values(), *(-need for need in needs.values())],
        A_eq=[[entries.get(place, 0) for *_, entries in columns] for place in places],
        b_eq=[0] * len(places),
        bounds=[(0, bound) for _, bound, _ in columns],
    )
    assert found.status == 0, found.message
    return -float(found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_same_value_as_the_rows_themselves(tmp_path, seed):
    tables = drawn_tables(seed)
    for row in tables["denial"]:
        row["of"] = "capacity"
    model = open_model(write_model(tmp_path / "model", tables, players=["RUS", "CHN"]))
    network = build_network(model)
    by_merit = replace(network, limits=replace(network.limits, pro_rata=None))
    valuation = Valuation(by_merit, read_clauses(model), span="long")
    for denied, severity, built in product(({}, {"RUS"}, {"CHN"}, {"RUS", "CHN"}), (1.0, 0.3), (False, True)):
        value = valuation.value(Denial(frozenset(denied), severity), ["DIG"] if built else [])
        assert value == pytest.approx(value_of_rows(tables, set(denied), severity, built), rel=1e-7, abs=1e-6)
