"""From arrays in memory to the least cost: build and solve, side by side.

On synthetic networks raw highspy starts from the generator's arrays and makes its matrix of them; the others
start from kopir's network, whose making is not timed. On a model's network all start from it.
"""

from __future__ import annotations

from functools import partial

from benchmarks.contestants import CONTESTANTS, REFERENCE, installed
from benchmarks.instances import generator, problem, to_network
from benchmarks.measure import Table, race
from benchmarks.peak_memory import peaks
from kopir.model.bundled import bundled_path
from kopir.model.folder.opening import open_model
from kopir.model.network.assembly import build_network
from kopir.model.network.network import Network

SIZES = ("1000x5", "10000x5")
LINKS_FOR_PYPSA = {"pypsa optimize": 300, "pypsa model": 10_000}
"""``n.optimize()`` takes about twenty seconds at 1,000 links, most of it after the solver has finished: writing
back, it looks for subnetworks and makes one for each bus, because these networks have links but no lines."""

MODEL = "kazakhstan"


def synthetic(
    rounds: int, sizes: tuple[str, ...] = SIZES, *, memory: bool = True, peers: bool = True
) -> list[Table]:
    """Compare on synthetic networks of ``sizes`` (LINKSxCOMMODITIES), alone with raw highspy without ``peers``."""
    return [_synthetic(rounds, size, memory=memory, peers=peers) for size in sizes]


def model(rounds: int, name: str = MODEL, *, memory: bool = True) -> list[Table]:
    """Compare on the network of a bundled model, and time its way from folder to arrays."""
    if bundled_path(name) is None:
        return [Table(f"Model {name}", notes=(f"skipped: no model {name!r} is bundled",))]
    opened = open_model(name)
    folder = race(
        {
            "read and check the folder": lambda: len(open_model(name).quantities) and 0,
            "tables to arrays": lambda: len(build_network(opened).activities) and 0,
        },
        rounds,
    )
    return [
        Table(f"Model {name}: folder to arrays", folder, ("once for each model; nothing is compared here",)),
        _table(f"Model {name}: build and solve", build_network(opened), name, rounds, memory=memory),
    ]


def _synthetic(rounds: int, size: str, *, memory: bool, peers: bool) -> Table:
    net = problem(size)
    asked = list(CONTESTANTS) if peers else [REFERENCE, "kopir"]
    names = [name for name in asked if net.links <= LINKS_FOR_PYPSA.get(name, net.links) * 1.1]
    left_out = [name for name in asked if name not in names]
    notes = (
        f"{net.links:,} links, {net.nodes:,} nodes, {net.commodities} commodities, seed 0, "
        f"from {'the published generator' if generator().__name__ == 'ensembles' else 'our generator'}",
        *(f"{name} left out: it takes too long at this size" for name in left_out),
    )
    arrays = to_network(net)
    inputs = {name: net if name == REFERENCE else arrays for name in names}
    return _race(f"Synthetic {size}: build and solve", inputs, size, rounds, notes, memory=memory)


def _table(title: str, network: Network, name: str, rounds: int, *, memory: bool) -> Table:
    notes = (f"{len(network.activities):,} activities, {network.balances:,} balances, costs of the tables",)
    return _race(title, dict.fromkeys(CONTESTANTS, network), name, rounds, notes, memory=memory)


def _race(
    title: str, inputs: dict[str, object], name: str, rounds: int, notes: tuple[str, ...], *, memory: bool
) -> Table:
    there = installed(list(inputs))
    runs = {contestant: partial(CONTESTANTS[contestant], inputs[contestant]) for contestant in there}
    assert next(iter(runs)) == REFERENCE
    high_water = peaks(["nothing", *there], name) if memory else {}
    missing = tuple(f"{peer} skipped: not installed" for peer in inputs if peer not in there)
    start = tuple(f"imports and input alone: {high_water[key]:.0f} MB" for key in high_water if key == "nothing")
    return Table(title, race(runs, rounds, peaks=high_water), (*notes, *start, *missing))
