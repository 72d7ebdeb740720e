"""Random small networks with everything the formulation knows: a source of cases for the independent check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from kopir.core.sparse import Sparse
from kopir.flow.value import ValueFunction
from kopir.model.network.baseline import Baseline
from kopir.model.network.capacity import Capacity
from kopir.model.network.clauses import Asset, Basis, Clause, ClauseBook
from kopir.model.network.network import Activities, Cargo, Gains, Kind, Limits, Needs, Network, Stores

CARGOES = tuple(Cargo(commodity, owner) for commodity in ("crude", "fuel") for owner in ("KAZ", "RUS"))
NOWHERE = -1


@dataclass
class Draft:
    """Columns, limits and needs as they are drawn, before they become arrays."""

    assets: list[Asset] = field(default_factory=list)
    columns: list[tuple[Kind, Asset, int, int, int, float, float, float]] = field(default_factory=list)
    limits: list[tuple[Asset, float, dict[int, float]]] = field(default_factory=list)
    needs: list[tuple[Asset, float, bool, list[int]]] = field(default_factory=list)
    stores: list[tuple[Asset, int, float, float, float]] = field(default_factory=list)

    def column(self, kind, asset, cargo, taken, put, gain, cost, amount) -> int:
        if asset not in self.assets:
            self.assets.append(asset)
        self.columns.append((kind, asset, cargo, taken, put, gain, cost, amount))
        return len(self.columns) - 1


def random_network(seed: int, *, contracts: bool = True, stores: bool = True) -> Network:
    """Return a network of 3 to 6 places, two commodities, two owners and a dozen links."""
    rng = np.random.default_rng(seed)
    places = int(rng.integers(3, 7))
    draft = Draft()
    row = lambda place, cargo: place * len(CARGOES) + cargo  # noqa: E731
    for link in range(int(rng.integers(places, 3 * places))):
        ends = rng.choice(places, 2, replace=False)
        for commodity in (0, 2):
            if rng.random() < 0.75:
                asset, loss = ("link", f"L{link}"), rng.choice([0, 0.02])
                cost, carried = float(rng.uniform(0, 30)), {}
                for cargo in (commodity, commodity + 1):
                    extra = float(rng.uniform(0, 5))
                    taken, put = row(ends[0], cargo), row(ends[1], cargo)
                    carried[draft.column(Kind.FLOW, asset, cargo, taken, put, 1 - loss, cost + extra, np.inf)] = (
                        1.0
                    )
                draft.limits.append((asset, float(rng.uniform(1, 10)), carried))
    for supply in range(int(rng.integers(3, 7))):
        cargo, place = int(rng.integers(4)), int(rng.integers(places))
        for step in range(2):
            asset = ("supply", f"S{supply}_{step}")
            cost, amount = 20.0 * step + float(rng.uniform(0, 15)), float(rng.uniform(1, 8))
            draft.column(Kind.SUPPLY, asset, cargo, NOWHERE, row(place, cargo), 1.0, cost, amount)
    for market in range(int(rng.integers(3, 8))):
        cargo, place = int(rng.integers(4)), int(rng.integers(places))
        asset, depth = ("market", f"M{market}"), float(rng.uniform(1, 8))
        price = float(rng.uniform(50, 120))
        sale = draft.column(Kind.SALE, asset, cargo, row(place, cargo), NOWHERE, 1.0, -price, depth)
        if rng.random() < 0.5:
            penalty = float(rng.uniform(10, 200))
            unmet = draft.column(Kind.UNMET, asset, cargo, NOWHERE, NOWHERE, 1.0, penalty, depth)
            draft.needs.append((asset, depth, False, [sale, unmet]))
    for conversion in range(2):
        place, asset = int(rng.integers(places)), ("conversion", f"C{conversion}")
        cost, ratio = float(rng.uniform(0, 20)), float(rng.uniform(0.7, 1.2))
        made = {
            draft.column(
                Kind.CONVERSION, asset, cargo, row(place, cargo), row(place, cargo + 2), ratio, cost, np.inf
            ): 1.0
            for cargo in (0, 1)
        }
        draft.limits.append((asset, float(rng.uniform(1, 6)), made))
    flows = [index for index, column in enumerate(draft.columns) if column[0] == Kind.FLOW]
    for group in range(2):
        chosen = rng.choice(flows, min(4, len(flows)), replace=False)
        asset = ("group", f"G{group}")
        draft.assets.append(asset)
        draft.limits.append(
            (asset, float(rng.uniform(2, 12)), {int(i): float(rng.uniform(0.5, 2)) for i in chosen})
        )
    if contracts:
        _sign(draft, rng)
    if stores:
        for store in range(2):
            asset, capacity = ("storage", f"T{store}"), float(rng.uniform(0.5, 3))
            draft.assets.append(asset)
            place = row(int(rng.integers(places)), int(rng.integers(4)))
            initial = capacity * float(rng.choice([0, 0.5, 1]))
            draft.stores.append((asset, place, capacity, initial, float(rng.uniform(0, 2))))
    return _network(draft, places, rng)


def _sign(draft: Draft, rng: np.random.Generator) -> None:
    bound = [index for index, column in enumerate(draft.columns) if column[0] in {Kind.FLOW, Kind.SALE}]
    for contract, index in enumerate(rng.choice(bound, 3, replace=False)):
        _, asset, cargo, *_ = draft.columns[index]
        minimum, name = float(rng.uniform(0.5, 3)), ("contract", f"K{contract}")
        penalty = float(rng.uniform(5, 60))
        short = draft.column(Kind.SHORTFALL, name, cargo, NOWHERE, NOWHERE, 1.0, penalty, minimum)
        draft.needs.append((asset, minimum, contract == 0, [int(index), short]))


def _network(draft: Draft, places: int, rng: np.random.Generator) -> Network:
    index = {asset: number for number, asset in enumerate(draft.assets)}
    kind, asset, cargo, taken, put, gain, cost, amount = zip(*draft.columns, strict=True)
    shares = np.zeros((len(draft.limits), len(kind)))
    for number, (_, _, entries) in enumerate(draft.limits):
        shares[number, list(entries)] = list(entries.values())
    duties = np.zeros((len(draft.needs), len(kind)))
    for number, (*_, entries) in enumerate(draft.needs):
        duties[number, entries] = 1.0
    usable = np.array([capacity for _, capacity, _ in draft.limits])
    whole = lambda values: np.array(values, dtype=np.int64)  # noqa: E731
    return Network(
        nodes=tuple(f"N{place}" for place in range(places)),
        cargoes=CARGOES,
        assets=tuple(draft.assets),
        activities=Activities(
            kind=whole(kind),
            asset=whole([index[name] for name in asset]),
            cargo=whole(cargo),
            taken=whole(taken),
            put=whole(put),
            gain=np.array(gain, dtype=float),
            cost=np.array(cost, dtype=float),
            amount=np.array(amount, dtype=float),
        ),
        limits=Limits(
            asset=whole([index[name] for name, *_ in draft.limits]),
            share=Sparse.of_dense(shares),
            capacity=Capacity(
                usable=usable,
                firm=usable * rng.uniform(0.3, 1, len(usable)),
                ramp=rng.uniform(0, 0.5, len(usable)),
                lag=rng.integers(0, 6, len(usable)).astype(float),
            ),
        ),
        needs=Needs(
            asset=whole([index[name] for name, *_ in draft.needs]),
            share=Sparse.of_dense(duties),
            amount=np.array([amount for _, amount, *_ in draft.needs], dtype=float),
            waived=np.array([waived for _, _, waived, _ in draft.needs], dtype=np.bool_),
        ),
        stores=Stores(
            asset=whole([index[name] for name, *_ in draft.stores]),
            row=whole([place for _, place, *_ in draft.stores]),
            capacity=np.array([capacity for _, _, capacity, *_ in draft.stores], dtype=float),
            initial=np.array([initial for *_, initial, _ in draft.stores], dtype=float),
            cost=np.array([cost for *_, cost in draft.stores], dtype=float),
        ),
        gains=Gains(
            options=("A", "B"),
            limit=np.where(rng.random((2, len(usable))) < 0.3, rng.uniform(-2, 5, (2, len(usable))), 0.0),
            amount=np.where(
                np.isin(kind, [Kind.SUPPLY, Kind.SALE]) & (rng.random((2, len(kind))) < 0.3),
                rng.uniform(0, 3, (2, len(kind))),
                0.0,
            ),
            lead_time=np.array([6.0, 24.0]),
            annual_cost=rng.uniform(0, 20, 2),
        ),
        restart=np.zeros(len(kind)),
    )


def random_record(network: Network, seed: int) -> Baseline:
    """Return recorded flows that are possible but not optimal, with slack, and elasticities of all that is used.

    They are the best flow at other costs within a part of firm capacity and of what is supplied.
    """
    rng = np.random.default_rng(seed + 1_000_000)
    activities, capacity = network.activities, network.limits.capacity
    count = len(activities)
    flows = network.of_kind(Kind.FLOW)
    other = replace(
        activities,
        cost=activities.cost + np.where(flows, rng.uniform(0, 30, count), 0.0),
        amount=activities.amount * np.where(network.of_kind(Kind.UNMET), 1.0, rng.uniform(0.6, 1.0, count)),
    )
    function = ValueFunction(replace(network, activities=other))
    use = function.solve(function.situation(capacity.firm * rng.uniform(0.3, 0.95, len(capacity.firm)))).total
    use = np.where(use < 1e-6, 0.0, use)
    routed = (use > 0) & ~network.of_kind(Kind.UNMET)
    elasticity = np.where(routed, rng.uniform(0.5, 8, count), np.nan)
    return Baseline(2025, use, elasticity, pl.DataFrame())


def random_clauses(
    network: Network, parties: tuple[str, ...], seed: int, *, union: bool = True, of: Basis = "flow"
) -> ClauseBook:
    """Return clauses of ``parties`` on some assets: single vetoes, joint ones, partial ones and some in force."""
    rng = np.random.default_rng(seed)
    closable = [asset for asset in network.assets if asset[0] != "contract"]
    clauses = []
    for asset in closable:
        for _ in range(int(rng.choice([0, 0, 1, 1, 2]))):
            size = min(int(rng.choice([1, 1, 1, 2])), len(parties))
            effectiveness = float(rng.choice([1.0, 1.0, 0.5, 0.25]))
            named = frozenset(str(name) for name in rng.choice(parties, size, replace=False))
            function = str(rng.choice(["export", "transit"]))
            in_force = bool(rng.random() < 0.05)
            ends = (effectiveness, effectiveness, effectiveness)
            clauses.append(Clause(asset, named, *ends, "territory", in_force, function, 2, of=of))
    alone = {name: frozenset[str]() for name in (*parties, "KAZ")}
    return ClauseBook(tuple(clauses), alone | ({"UNION": frozenset(parties[:2])} if union else {}))
