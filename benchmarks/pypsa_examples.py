"""PyPSA's own example networks in transport form beside kopir: ``python -m benchmarks.pypsa_examples``.

Figures of ``ac-dc-meshed`` and ``opf-storage-hvdc`` (PyPSA, examples): buses, branches, hourly loads and winds,
costs and batteries. *Transport form*: lines are links that carry either way without regard to angles; sizes, which
the examples leave to be found, stand as below, so that some hours are short; batteries lose what goes in and out,
nothing while they stand. A load that cannot be served costs ``SHED``, in both. Each is solved by PyPSA and by
kopir's programme of several periods.
"""

from __future__ import annotations

import logging
import sys
import warnings
from dataclasses import dataclass

import numpy as np

from kopir.core.sparse import Sparse
from kopir.flow.value import ValueFunction
from kopir.model.network.capacity import Capacity
from kopir.model.network.network import Activities, Cargo, Floats, Gains, Kind, Limits, Needs, Network, Stores

SHED = 1_000.0
HOURS = 3.0
"""Weight of an hour that is modelled (``snapshots.csv``)."""
GAS, LINE = 600.0, 300.0
"""MW of each gas power station and each line."""
POWER, ENERGY, INTO, OUT = 60.0, 360.0, 0.9, 0.95
"""Batteries: MW, MWh (six hours), and what is left of what goes in and what goes out."""
WITHIN = 1e-9
"""Relative difference that two solvers of one programme may have."""

LOADS = np.array(
    [
        [35.80, 415.46, 398.05, 640.09, 820.04, 857.55],
        [976.82, 262.61, 432.44, 703.55, 854.83, 750.60],
        [250.59, 418.48, 379.80, 440.84, 42.55, 156.56],
        [130.75, 552.96, 868.36, 612.58, 647.55, 527.87],
        [151.10, 218.16, 548.77, 803.44, 884.07, 83.90],
        [931.86, 791.98, 828.67, 605.40, 509.06, 676.62],
        [289.85, 531.87, 449.29, 641.09, 595.61, 731.14],
        [864.34, 23.51, 699.16, 408.01, 291.64, 553.34],
        [689.58, 970.06, 915.87, 912.25, 2.15, 298.34],
        [627.88, 0.92, 414.89, 898.05, 760.74, 768.29],
    ]
)
WIND = np.array(
    [
        [0.9300, 0.5591, 0.9746, 0.8457, 0.1771, 0.4374],
        [0.4857, 0.7529, 0.4813, 0.9161, 0.4431, 0.2269],
        [0.2337, 0.1235, 0.4072, 0.8348, 0.3059, 0.2303],
        [0.2576, 0.9667, 0.6000, 0.5763, 0.5659, 0.9160],
        [0.6269, 0.8590, 0.5245, 0.9684, 0.7255, 0.4190],
        [0.6036, 0.5262, 0.0097, 0.7231, 0.1700, 0.0622],
        [0.6789, 0.0779, 0.2205, 0.7857, 0.2645, 0.9218],
        [0.3613, 0.0590, 0.8239, 0.6936, 0.5764, 0.4634],
        [0.6216, 0.2486, 0.5562, 0.5600, 0.3155, 0.7786],
        [0.5215, 0.1081, 0.4394, 0.7820, 0.3933, 0.4745],
    ]
)


@dataclass(frozen=True)
class Example:
    """A network: what is on which bus. Loads and generators have a figure for each hour (hours; MW)."""

    name: str
    buses: tuple[str, ...]
    loads: tuple[tuple[str, Floats], ...]
    generators: tuple[tuple[str, Floats, float], ...]
    branches: tuple[tuple[str, str, float], ...]
    batteries: tuple[tuple[str, float], ...] = ()


def _always(power: float) -> Floats:
    return np.full(len(LOADS), power)


def ac_dc_meshed() -> Example:
    """Three grids joined by direct current, three winds and three gas power stations."""
    places = ("London", "Norwich", "Frankfurt", "Bremen", "Norway", "Manchester")
    winds = (("Manchester", 80.0, 0), ("Frankfurt", 110.0, 1), ("Norway", 100.0, 2))
    gas = (("Manchester", 4.5323676307), ("Frankfurt", 4.0863219899), ("Norway", 5.8928445406))
    lines = (
        ("London", "Manchester"), ("Manchester", "Norwich"), ("Norwich", "London"), ("Bremen", "Frankfurt"),
        ("Bremen DC", "Norwich DC"), ("Norwich DC", "Norway DC"), ("Norway DC", "Bremen DC"),
    )  # fmt: skip
    links = (("Norwich", "Norwich DC"), ("Norway", "Norway DC"), ("Bremen", "Bremen DC"), ("London", "Bremen"))
    return Example(
        "ac-dc-meshed",
        (*places, "Norwich DC", "Norway DC", "Bremen DC"),
        tuple((place, LOADS[:, at]) for at, place in enumerate(places)),
        (
            *((place, power * WIND[:, at], 0.0) for place, power, at in winds),
            *((place, _always(GAS), cost) for place, cost in gas),
        ),
        (*((one, other, LINE) for one, other in lines), *((one, other, 0.9 * 1_000.0) for one, other in links)),
    )


def opf_storage_hvdc() -> Example:
    """Two rings joined by two links, at each bus a wind, a gas power station, a load and a battery."""
    gas = (4.532367630679477, 5.892844540624787, 4.086321989855303, 4.832479866414171, 4.564682604768744,
           4.666538057085226)  # fmt: skip
    wear = (2.174751909791836, 1.640746334319883, 3.344852485389574, 2.1235526624407237, 3.823440078288032,
            2.9380897542655524)  # fmt: skip
    buses = tuple(str(bus) for bus in range(6))
    lines = ((0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3))
    return Example(
        "opf-storage-hvdc",
        buses,
        tuple((bus, LOADS[:, at]) for at, bus in enumerate(buses)),
        (
            *((bus, 100.0 * WIND[:, at], 0.0) for at, bus in enumerate(buses)),
            *((bus, _always(GAS), cost) for bus, cost in zip(buses, gas, strict=True)),
        ),
        (
            *((buses[one], buses[other], LINE) for one, other in lines),
            ("0", "3", 0.9 * 1_000.0),
            ("1", "4", 0.9 * 300.0),
        ),
        tuple(zip(buses, wear, strict=True)),
    )


def by_pypsa(example: Example) -> float:
    """Return the least cost that PyPSA finds."""
    import pypsa

    network = pypsa.Network()
    hours = range(len(LOADS))
    network.set_snapshots(list(hours))
    network.snapshot_weightings.loc[:, :] = HOURS
    for bus in example.buses:
        network.add("Bus", bus)
    for place, (bus, power) in enumerate(example.loads):
        network.add("Load", f"load {place}", bus=bus, p_set=power)
        network.add("Generator", f"shed {place}", bus=bus, p_nom=power.max(), p_max_pu=power / power.max(),
                    marginal_cost=SHED)  # fmt: skip
    for place, (bus, power, cost) in enumerate(example.generators):
        network.add("Generator", f"generator {place}", bus=bus, p_nom=power.max(), p_max_pu=power / power.max(),
                    marginal_cost=cost)  # fmt: skip
    for place, (one, other, size) in enumerate(example.branches):
        network.add("Link", f"branch {place}", bus0=one, bus1=other, p_nom=size, p_min_pu=-1)
    for bus, wear in example.batteries:
        network.add("Bus", f"battery {bus}")
        network.add("Store", f"battery {bus}", bus=f"battery {bus}", e_nom=ENERGY)
        network.add("Link", f"into {bus}", bus0=bus, bus1=f"battery {bus}", p_nom=POWER, efficiency=INTO)
        network.add("Link", f"out of {bus}", bus0=f"battery {bus}", bus1=bus, p_nom=POWER, efficiency=OUT,
                    marginal_cost=wear)  # fmt: skip
    status = network.optimize(solver_name="highs", log_to_console=False)
    if tuple(status) != ("ok", "optimal"):
        raise RuntimeError(f"{example.name}: {status}")
    return float(network.objective)


def by_kopir(example: Example) -> float:
    """Return the least cost that kopir finds: what shedding all loads costs, less the value of serving them."""
    network, capacity = as_network(example)
    function = ValueFunction(network, lengths=np.full(len(LOADS), HOURS))
    value = function.value([function.situation(one) for one in capacity])
    return SHED * HOURS * sum(float(power.sum()) for _, power in example.loads) - value


def as_network(example: Example) -> tuple[Network, Floats]:
    """Return kopir's arrays and the capacity of each limit by hour (hours x limits)."""
    cells = [*example.buses, *(f"battery {bus}" for bus, _ in example.batteries)]
    rows: list[tuple[Kind, int, str | None, str | None, float, float]] = []  # kind, limit, from, to, gain, cost
    assets: list[tuple[str, str]] = []
    sizes: list[Floats] = []

    def limit(kind: str, size: Floats) -> int:
        assets.append((kind, f"{kind} {len(assets)}"))
        sizes.append(size)
        return len(sizes) - 1

    for bus, power in example.loads:
        rows.append((Kind.SALE, limit("market", power), bus, None, 1.0, -SHED))
    for bus, power, cost in example.generators:
        rows.append((Kind.SUPPLY, limit("supply", power), None, bus, 1.0, cost))
    for one, other, size in example.branches:
        shared = limit("link", _always(size))
        rows += [(Kind.FLOW, shared, *ends, 1.0, 0.0) for ends in ((one, other), (other, one))]
    for bus, wear in example.batteries:
        rows.append((Kind.FLOW, limit("link", _always(POWER)), bus, f"battery {bus}", INTO, 0.0))
        rows.append((Kind.FLOW, limit("link", _always(POWER)), f"battery {bus}", bus, OUT, wear))
    stores = [cells.index(f"battery {bus}") for bus, _ in example.batteries]
    assets += [("storage", f"battery {bus}") for bus, _ in example.batteries]
    kinds, limits, taken, put, gain, cost = zip(*rows, strict=True)
    count, none, nothing = len(rows), np.zeros(0), np.zeros(0, dtype=np.int64)
    capacity = np.stack(sizes, axis=1)
    place = np.array(limits, dtype=np.int64)
    network = Network(
        nodes=tuple(cells),
        cargoes=(Cargo("power", "grid"),),
        assets=tuple(assets),
        activities=Activities(
            kind=np.array(kinds),
            asset=place,
            cargo=np.zeros(count, dtype=np.int64),
            taken=_places(cells, taken),
            put=_places(cells, put),
            gain=np.array(gain),
            cost=np.array(cost),
            amount=np.full(count, np.inf),
        ),
        limits=Limits(
            asset=np.arange(len(sizes)),
            share=Sparse.of(place, np.arange(count), np.ones(count), (len(sizes), count)),
            capacity=Capacity(capacity.max(axis=0), capacity.max(axis=0), *(np.zeros((2, len(sizes))))),
        ),
        needs=Needs(nothing, Sparse.nothing((0, count)), none, np.zeros(0, dtype=np.bool_)),
        stores=Stores(
            row=np.array(stores, dtype=np.int64),
            asset=len(sizes) + np.arange(len(stores)),
            capacity=np.full(len(stores), ENERGY),
            initial=np.zeros(len(stores)),
            cost=np.zeros(len(stores)),
        ),
        gains=Gains((), np.zeros((0, len(sizes))), np.zeros((0, count)), none, none),
        restart=np.zeros(count),
    )
    return network, capacity


def _places(cells: list[str], names: tuple[str | None, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([-1 if name is None else cells.index(name) for name in names], dtype=np.int64)


def main() -> int:
    """Print a line for each example and return 1 where the two differ."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # PyPSA's notes about its own future
    wrong = 0
    print(f"{'example':<20}{'kopir':>18}{'PyPSA':>18}{'difference':>14}")
    for example in (ac_dc_meshed(), opf_storage_hvdc()):
        own, peer = by_kopir(example), by_pypsa(example)
        difference = abs(own - peer) / max(1.0, abs(peer))
        wrong += difference > WITHIN
        print(f"{example.name:<20}{own:>18,.6f}{peer:>18,.6f}{difference:>14.1e}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
