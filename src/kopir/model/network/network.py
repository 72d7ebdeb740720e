"""The network of a model as arrays: activities that move, make or use goods, and the limits they share.

An *activity* is one column of the linear programme before route costs are cut into steps: goods of one cargo
(commodity and owner) on one link, from one supply, into one market, through one conversion, or a need left
unmet. It takes one unit from one balance row and puts ``gain`` units into another. A *limit* is a capacity
that activities share: a link over owners, a conversion, or a capacity group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kopir.core.sparse import Sparse
from kopir.model.network.capacity import Capacity
from kopir.model.network.clauses import Asset

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Kind(IntEnum):
    """What an activity does."""

    FLOW = 0
    SUPPLY = 1
    SALE = 2
    UNMET = 3
    CONVERSION = 4
    SHORTFALL = 5


@dataclass(frozen=True, slots=True, order=True)
class Cargo:
    """Goods of one commodity that belong to one owner."""

    commodity: str
    owner: str


@dataclass(frozen=True)
class Activities:
    """Columns of the network, one entry each (shape: activities).

    ``asset`` and ``cargo`` index the network's assets and cargoes; ``taken`` and ``put`` are balance rows
    (-1 where none); ``gain`` units are put for one unit taken; ``cost`` is USD/t (a price is negative);
    ``amount`` is the activity's own upper bound in Mt/yr (infinite where it has none).
    """

    kind: Ints
    asset: Ints
    cargo: Ints
    taken: Ints
    put: Ints
    gain: Floats
    cost: Floats
    amount: Floats

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True)
class Limits:
    """Shared capacities (shape: limits).

    ``asset`` is the asset whose closure scales the limit; ``share`` (limits x activities, sparse) is the
    capacity taken by one unit; ``capacity`` is in Mt/yr, infinite where nothing binds. ``pro_rata`` says which
    are cut in proportion to usual use rather than by merit, none unless given.
    """

    asset: Ints
    share: Sparse
    capacity: Capacity
    pro_rata: NDArray[np.bool_] | None = None

    @property
    def shared(self) -> NDArray[np.bool_]:
        """Which limits are cut in proportion to usual use (shape: limits)."""
        return np.zeros(len(self.asset), dtype=np.bool_) if self.pro_rata is None else self.pro_rata

    @cached_property
    def parts(self) -> Mapping[int, tuple[Ints, Floats]]:
        """Limits that together hold all that another one holds, with what a unit of each takes of that one.

        The moorings of a terminal: what they let through together bounds what passes the terminal.
        """
        rows = self.share.T
        columns, shares = rows.indices.tolist(), rows.data.tolist()
        held = [dict(zip(columns[a:b], shares[a:b], strict=True)) for a, b in pairwise(rows.indptr.tolist())]
        holding: dict[int, list[int]] = {}
        for row, own in enumerate(held):
            for column in own:
                holding.setdefault(column, []).append(row)
        found: dict[int, tuple[Ints, Floats]] = {}
        for whole, own in enumerate(held):
            near = {row for column in own for row in holding[column]}
            parts = [row for row in sorted(near) if held[row].keys() < own.keys()]
            if parts and set[int]().union(*(held[row] for row in parts)) == own.keys():
                weight = [max(own[column] for column in held[row]) for row in parts]
                found[whole] = np.array(parts, dtype=np.int64), np.array(weight)
        return found

    def within(self, allowed: Floats) -> Floats:
        """Return ``allowed`` (limits; Mt/yr) with no limit above what its parts allow together."""
        bounded = allowed.copy()
        for whole, (parts, weight) in self.parts.items():
            bounded[whole] = min(allowed[whole], float(weight @ allowed[parts]))
        return bounded


@dataclass(frozen=True)
class Needs:
    """Rows ``sum(share @ activities) >= amount`` (Mt/yr): needs of markets and duties of contracts.

    ``asset`` is the market or the contract's asset; ``waived`` rows shrink with the closure of that asset.
    """

    asset: Ints
    share: Sparse
    amount: Floats
    waived: NDArray[np.bool_]


@dataclass(frozen=True)
class Stores:
    """Stores of goods (shape: stores): asset and balance row, capacity and initial stock (Mt), cost (USD/t)."""

    asset: Ints
    row: Ints
    capacity: Floats
    initial: Floats
    cost: Floats


@dataclass(frozen=True)
class Gains:
    """What options add (shape: options x limits and options x activities, Mt/yr), and their lead time (months)."""

    options: tuple[str, ...]
    limit: Floats
    amount: Floats
    lead_time: Floats
    annual_cost: Floats


@dataclass(frozen=True)
class Triggers:
    """Uses that close another asset, one entry each (shape: triggers).

    ``limit`` is the limit whose left side is the use that counts; above ``above`` (Mt/yr) it closes the share
    ``closed`` (triggers x assets) of other assets.
    """

    limit: Ints
    above: Floats
    closed: Floats

    def __len__(self) -> int:
        return len(self.limit)


def no_triggers() -> Triggers:
    """Return a table of triggers without rows."""
    return Triggers(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros((0, 0)))


@dataclass(frozen=True)
class Network:
    """A model's network. Balance row ``node * len(cargoes) + cargo`` belongs to one node and cargo.

    ``restart`` (activities) are the days in which a supply that was shut in wholly comes back, 0 where at once.
    """

    nodes: tuple[str, ...]
    cargoes: tuple[Cargo, ...]
    assets: tuple[Asset, ...]
    activities: Activities
    limits: Limits
    needs: Needs
    stores: Stores
    gains: Gains
    restart: Floats
    triggers: Triggers = field(default_factory=no_triggers)

    @property
    def balances(self) -> int:
        """Number of balance rows."""
        return len(self.nodes) * len(self.cargoes)

    @cached_property
    def asset_index(self) -> Mapping[Asset, int]:
        """Index of each asset in ``assets``."""
        return {asset: index for index, asset in enumerate(self.assets)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each activity is, whatever the order of rows: kind, asset, goods, from where and to where."""
        each = self.activities

        def at(balance: int) -> str:
            if balance < 0:
                return ""
            node, cargo = divmod(balance, len(self.cargoes))
            return f"{self.nodes[node]} {self.cargoes[cargo]}"

        columns = (each.kind, each.asset, each.cargo, each.taken, each.put)
        return tuple(
            f"{Kind(kind).name}|{self.assets[asset]}|{self.cargoes[cargo]}|{at(taken)}|{at(put)}"
            for kind, asset, cargo, taken, put in zip(*(column.tolist() for column in columns), strict=True)
        )

    @cached_property
    def moves(self) -> tuple[Ints, Ints, Floats]:
        """Entries of the balance matrix: balance, activity, and -1 where a unit is taken, gain where it is put."""
        activities = self.activities
        takes, puts = np.flatnonzero(activities.taken >= 0), np.flatnonzero(activities.put >= 0)
        return (
            np.concatenate([activities.taken[takes], activities.put[puts]]),
            np.concatenate([takes, puts]),
            np.concatenate([np.full(takes.size, -1.0), activities.gain[puts]]),
        )

    @cached_property
    def incidence(self) -> Sparse:
        """Balance matrix (balances x activities), see :attr:`moves`."""
        balance, activity, units = self.moves
        return Sparse.of(balance, activity, units, (self.balances, len(self.activities)))

    @cached_property
    def unlimited(self) -> NDArray[np.bool_]:
        """Which assets have neither a capacity nor an amount of their own (shape: assets)."""
        limited = np.zeros(len(self.assets), dtype=np.bool_)
        limited[self.limits.asset[np.isfinite(self.limits.capacity.usable)]] = True
        limited[self.activities.asset[np.isfinite(self.activities.amount)]] = True
        limited[self.stores.asset] = True
        return ~limited

    def open_shares(self, availability: Mapping[Asset, float]) -> Floats:
        """Return the share of each asset that stays open (shape: assets), 1 where nothing is said."""
        shares = np.ones(len(self.assets))
        for asset, share in availability.items():
            index = self.asset_index.get(asset)
            if index is not None:
                shares[index] = share
        return shares

    def of_kind(self, kind: Kind) -> NDArray[np.bool_]:
        """Return which activities are of one kind (shape: activities)."""
        chosen: NDArray[np.bool_] = self.activities.kind == kind
        return chosen

    def carrying(self, goods: frozenset[str] | None) -> NDArray[np.bool_]:
        """Return which activities move one of the commodities ``goods``, all unless named (shape: activities)."""
        wanted = np.array([goods is None or cargo.commodity in goods for cargo in self.cargoes], dtype=np.bool_)
        chosen: NDArray[np.bool_] = wanted[self.activities.cargo]
        return chosen

    def goods(self, owner: str) -> tuple[frozenset[str], ...]:
        """Return the commodities that ``owner`` supplies, those together that a conversion leads from or to.

        Tonnes of one of these sets may be added (a grade of crude is crude); tonnes of two may not.
        """
        supplied = {
            self.cargoes[cargo].commodity
            for cargo in self.activities.cargo[self.of_kind(Kind.SUPPLY) & self.owned_by(owner)]
        }
        sets = [{name} for name in sorted(supplied)]
        for index in np.flatnonzero(self.of_kind(Kind.CONVERSION)):
            ends = (self.activities.taken[index], self.activities.put[index])
            pair = {self.cargoes[int(end) % len(self.cargoes)].commodity for end in ends}
            joined = [one for one in sets if one & pair]
            sets = [one for one in sets if not one & pair] + ([set().union(*joined, pair)] if joined else [])
        return tuple(sorted((frozenset(one) for one in sets), key=sorted))

    def owned_by(self, owner: str) -> NDArray[np.bool_]:
        """Return which activities move goods of ``owner`` (shape: activities)."""
        owned = np.array([cargo.owner == owner for cargo in self.cargoes], dtype=np.bool_)
        chosen: NDArray[np.bool_] = owned[self.activities.cargo]
        return chosen
