"""The programme of a network as a PyPSA network that has the same optimum.

One unit of power is one Mt a year, one snapshot is the year, costs are USD/t, so that the objective of PyPSA is
minus the value in million USD. A bus is a node and a cargo; a step of rising cost is a link, a generator
(supplies) or a generator of negative sign (sales). What several activities share has a bus of its own: the bus of
a limit gives its capacity, and each link takes its share of it by a further port (``bus2``, ``efficiency2``, …);
the bus of a need has it as load, and whoever serves it ends there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from kopir.flow.formulation import Formulation, Situation
from kopir.model.network.network import Floats, Kind, Network

OUTSIDE = "outside"
"""The bus that supplies with several ports come from and sales with several ports go to."""

Port = tuple[str, float]


@dataclass
class _Parts:
    """Rows of the components of a PyPSA network, by table."""

    buses: list[dict[str, object]] = field(default_factory=list)
    links: list[dict[str, object]] = field(default_factory=list)
    generators: list[dict[str, object]] = field(default_factory=list)
    loads: list[dict[str, object]] = field(default_factory=list)
    stores: list[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True)
class _Bounds:
    limit: Floats
    width: Floats
    need: Floats
    large: float


def as_pypsa(
    formulation: Formulation, situation: Situation, places: Mapping[str, tuple[float, float]]
) -> dict[str, pl.DataFrame]:
    """Return the tables of a PyPSA network folder: its optimum is minus the value of the situation.

    ``places`` are the longitude and latitude of nodes. The programme must be of one year in which nobody refuses
    and nothing triggers: apportionment and triggers have no place in such a network.
    """
    network, bounds = formulation.network, formulation.bounds(situation)
    rows = (network.balances, len(network.limits.asset), len(network.needs.asset))
    first_need = rows[0] + rows[1]
    width = bounds.upper[: formulation.step_columns]
    finite = width[np.isfinite(width)]
    held = _Bounds(
        limit=bounds.row_upper[rows[0] : first_need],
        width=width,
        need=bounds.row_lower[first_need : first_need + rows[2]],
        large=10.0 * (1.0 + float(finite.sum())) * max(1.0, float(network.activities.gain.max(initial=1.0))),
    )
    parts = _Parts()
    _buses(parts, network, held, places)
    for step in range(formulation.step_columns):
        _step(parts, formulation, held, step)
    for index in range(len(network.stores.row)):
        _store(parts, formulation, situation, held, index)
    used = {str(row[port]) for row in parts.links for port in row if port.startswith("bus")}
    used |= {str(row["bus"]) for rows in (parts.generators, parts.loads, parts.stores) for row in rows}
    parts.buses = [bus for bus in parts.buses if bus["name"] in used]
    if OUTSIDE in used:
        parts.buses.append({"name": OUTSIDE, "carrier": OUTSIDE})
        for name, sign in (("outside gives", 1), ("outside takes", -1)):
            parts.generators.append(
                {"name": name, "bus": OUTSIDE, "p_nom": held.large, "marginal_cost": 0.0, "sign": sign}
            )
    return _tables(parts)


def _buses(parts: _Parts, network: Network, held: _Bounds, places: Mapping[str, tuple[float, float]]) -> None:
    for row in range(network.balances):
        node, cargo = divmod(row, len(network.cargoes))
        x, y = places.get(network.nodes[node], (None, None))
        what = network.cargoes[cargo]
        parts.buses.append({"name": _bus(network, row), "carrier": what.commodity, "x": x, "y": y})
    for index, allowed in enumerate(held.limit):
        if np.isfinite(allowed):
            name = _limit(network, index)
            parts.buses.append({"name": name, "carrier": "capacity"})
            parts.generators.append({"name": name, "bus": name, "p_nom": allowed, "marginal_cost": 0.0, "sign": 1})
    for index, amount in enumerate(held.need):
        name = _need(network, index)
        parts.buses.append({"name": name, "carrier": "need"})
        parts.loads.append({"name": name, "bus": name, "p_set": amount})
        parts.generators.append(
            {"name": f"beyond {name}", "bus": name, "p_nom": held.large, "marginal_cost": 0.0, "sign": -1}
        )


def _step(parts: _Parts, formulation: Formulation, held: _Bounds, step: int) -> None:
    """Add the step of an activity: a link where it has several ports, else a generator."""
    network = formulation.network
    activities, index = network.activities, int(formulation.activity[step])
    width = min(float(held.width[step]), held.large)
    if width <= 0:
        return
    kind = Kind(int(activities.kind[index]))
    asset, cargo = network.assets[activities.asset[index]][1], network.cargoes[activities.cargo[index]]
    row: dict[str, object] = {
        "name": f"{asset} {cargo.commodity} {cargo.owner} {kind.name.lower()} {step}",
        "p_nom": width,
        "marginal_cost": float(formulation.steps.cost[step]),
        "kind": kind.name.lower(),
        "asset": asset,
        "carrier": cargo.commodity,
        "owner": cargo.owner,
    }
    taken, put = int(activities.taken[index]), int(activities.put[index])
    into = _ports(network, held, index)
    if put >= 0:
        into.insert(0, (_bus(network, put), float(activities.gain[index])))
    if taken < 0 and len(into) == 1 and into[0][1] == 1:
        parts.generators.append({**row, "bus": into[0][0], "sign": 1})
    elif taken >= 0 and not into:
        parts.generators.append({**row, "bus": _bus(network, taken), "sign": -1})
    else:
        row["bus0"] = OUTSIDE if taken < 0 else _bus(network, taken)
        for number, (bus, share) in enumerate(into, start=1):
            row[f"bus{number}"] = bus
            row["efficiency" if number == 1 else f"efficiency{number}"] = share
        parts.links.append(row)


def _ports(network: Network, held: _Bounds, activity: int) -> list[Port]:
    """Return the needs that a unit of an activity serves and the limits that it takes from, with its shares.

    The first port of a link gives; where an activity serves nothing and ends nowhere, goods go outside.
    """
    served, taken = network.needs.share.column(activity), network.limits.share.column(activity)
    ports = [(_need(network, int(row)), float(share)) for row, share in zip(*served, strict=True)]
    drawn = [
        (_limit(network, int(row)), -float(share))
        for row, share in zip(*taken, strict=True)
        if np.isfinite(held.limit[row])
    ]
    if drawn and not ports and network.activities.put[activity] < 0:
        ports = [(OUTSIDE, 1.0)]
    return ports + drawn


def _store(parts: _Parts, formulation: Formulation, situation: Situation, held: _Bounds, index: int) -> None:
    """Add a store, which ends the year with no less than it began with, and the ways into it and out of it."""
    network = formulation.network
    stores = network.stores
    name, place = network.assets[stores.asset[index]][1], _bus(network, int(stores.row[index]))
    bus, left = f"store {name}", float(situation.open_share[stores.asset[index]])
    room, first = float(stores.capacity[index]) * left, float(stores.initial[index]) * left
    parts.buses.append(
        {"name": bus, "carrier": network.cargoes[stores.row[index] % len(network.cargoes)].commodity}
    )
    parts.stores.append(
        {"name": name, "bus": bus, "e_nom": room, "e_initial": first, "e_min_pu": first / room if room else 0.0}
    )
    for way, ends, cost in (
        ("into", (place, bus), float(stores.cost[index])),
        ("out of", (bus, place), 0.0),
    ):
        parts.links.append(
            {"name": f"{way} {name}", "p_nom": held.large, "marginal_cost": cost, "bus0": ends[0], "bus1": ends[1]}
            | {"efficiency": 1.0, "asset": name, "kind": "storage"}
        )


def _bus(network: Network, row: int) -> str:
    node, cargo = divmod(row, len(network.cargoes))
    what = network.cargoes[cargo]
    return f"{network.nodes[node]} {what.commodity} {what.owner}"


def _limit(network: Network, index: int) -> str:
    return f"limit {index} {network.assets[network.limits.asset[index]][1]}"


def _need(network: Network, index: int) -> str:
    return f"need {index} {network.assets[network.needs.asset[index]][1]}"


def _tables(parts: _Parts) -> dict[str, pl.DataFrame]:
    carriers = sorted({str(row["carrier"]) for row in parts.buses})
    found = {
        "network": pl.DataFrame({"name": ["kopir"], "unit": ["Mt/yr; USD/t; million USD/yr"]}),
        "snapshots": pl.DataFrame(
            {"snapshot": ["year"], "objective": [1.0], "stores": [1.0], "generators": [1.0]}
        ),
        "carriers": pl.DataFrame({"name": carriers}),
    }
    for name in ("buses", "links", "generators", "loads", "stores"):
        rows = getattr(parts, name)
        if rows:
            columns = list(dict.fromkeys(column for row in rows for column in row))
            found[name] = pl.DataFrame({column: [row.get(column) for row in rows] for column in columns})
    return found
