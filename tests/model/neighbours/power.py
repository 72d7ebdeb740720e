"""The optimum of a PyPSA folder, by hand: the rules of its components and a linear programme of scipy."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        head = ["name", *next(reader)[1:]]
        return [dict(zip(head, row, strict=True)) for row in reader]


def number(row: dict[str, str], column: str, otherwise: float) -> float:
    return float(row.get(column) or otherwise)


def optimum(folder: Path) -> float:
    """Least cost of one snapshot: links, generators, loads and stores, of which cyclic ones move nothing."""
    buses = {row["name"]: index for index, row in enumerate(rows(folder, "buses"))}
    assert len(rows(folder, "snapshots")) <= 1
    cost, bounds, entries = [], [], []
    for link in rows(folder, "links"):
        column, room = len(cost), number(link, "p_nom", 0)
        cost.append(number(link, "marginal_cost", 0))
        bounds.append((number(link, "p_min_pu", 0) * room, number(link, "p_max_pu", 1) * room))
        entries.append((buses[link["bus0"]], column, -1.0))
        for port in (name for name in link if name.startswith("bus") and name != "bus0" and link[name]):
            share = "efficiency" if port == "bus1" else f"efficiency{port[3:]}"
            entries.append((buses[link[port]], column, number(link, share, 1)))
    for generator in rows(folder, "generators"):
        entries.append((buses[generator["bus"]], len(cost), number(generator, "sign", 1)))
        bounds.append((0, number(generator, "p_nom", 0) * number(generator, "p_max_pu", 1)))
        cost.append(number(generator, "marginal_cost", 0))
    load = np.zeros(len(buses))
    for row in rows(folder, "loads"):
        load[buses[row["bus"]]] += number(row, "p_set", 0)
    for store in (one for one in rows(folder, "stores") if one.get("e_cyclic") != "true"):
        room, first = number(store, "e_nom", 0), number(store, "e_initial", 0)
        entries.append((buses[store["bus"]], len(cost), 1.0))
        bounds.append((first - room, first - number(store, "e_min_pu", 0) * room))
        cost.append(0.0)
    where, columns, values = zip(*entries, strict=True)
    balance = coo_array((values, (where, columns)), shape=(len(buses), len(cost))).tocsr()
    found = linprog(cost, A_eq=balance, b_eq=load, bounds=bounds, method="highs")
    assert found.status == 0, found.message
    return float(found.fun)
