"""From a network to a linear programme: ``V(z, D, h)`` as rows and columns.

Columns are Mt moved in a period, cut into steps of rising cost; then, for each period and store, what is
put in, what is taken out, and what is held up to the first stock and above it. Rows are the balance of each
node and cargo, the shared limits, the needs, and the balance of each store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kopir.core.sparse import Sparse
from kopir.flow.program import LinearProgramme
from kopir.flow.steps import Steps
from kopir.model.network.network import Floats, Ints, Kind, Network

_Entries = tuple[Ints, Ints, Floats]


@dataclass(frozen=True)
class Bounds:
    """All bounds of a programme that denial, plan and horizon move."""

    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Situation:
    """What a value is asked under, in units of the network.

    ``capacity`` (limits; Mt/yr) before closure; ``open_share`` (assets) what closure leaves of it; ``plan``
    (options) what is built, each entry 0 to 1; ``reach`` (months) up to which options count; ``held``
    (activities; Mt/yr) an upper bound on use, infinite unless nothing may be re-routed; ``stock`` (stores; Mt)
    what is held before the first period, the model's own unless given. ``refused`` is what a refusal leaves of
    usual use, beside what closure leaves of capacity.
    """

    capacity: Floats
    open_share: Floats
    plan: Floats
    reach: float
    held: Floats | None = None
    stock: Floats | None = None
    refused: Refused | None = None

    def key(self) -> bytes:
        """Return what tells this situation from others of the same network."""
        parts = [self.capacity, self.open_share, self.plan, np.array([self.reach])]
        none = np.zeros(0)
        parts += [none if part is None else part for part in (self.held, self.stock)]
        if self.refused is not None:
            shipped = self.refused.shipped
            parts += [self.refused.kept, self.refused.usual, none if shipped is None else shipped]
        return b"|".join(np.round(part, 12).tobytes() for part in parts)

    def kept(self, asset: Ints) -> Floats | float:
        """Return the share of their usual use that a refusal leaves to some assets."""
        return 1.0 if self.refused is None else self.refused.kept[asset]

    def allowed(self, network: Network) -> Floats:
        """Return the most that may pass each limit (limits; Mt/yr, infinite where nothing binds)."""
        whole = self.capacity + (self.plan @ network.gains.limit if len(self.plan) else 0.0)
        share = self.open_share[network.limits.asset]
        allowed: Floats = np.multiply(whole, share, out=np.zeros_like(whole), where=share > 0)
        if self.refused is not None:
            hit = np.flatnonzero(self.refused.kept[network.limits.asset] < 1)
            load = network.limits.share @ self.refused.bound(network.activities.asset)
            allowed[hit] = np.minimum(allowed[hit], load[hit])
        return allowed


@dataclass(frozen=True)
class Refused:
    """What a refusal leaves: no more than the share ``kept`` (assets) of ``usual`` (activities; Mt/yr).

    An asset that is refused in part carries at most that share of what each shipper usually moves on it, and
    takes nothing that is displaced elsewhere: whoever refuses lets through less, not other goods. ``shipped``
    (limits x supplies; Mt/yr) is what each supply usually takes of a limit, for limits that are cut pro rata.
    """

    kept: Floats
    usual: Floats
    shipped: Floats | None = None

    def bound(self, asset: Ints) -> Floats:
        """Return the most that each activity on ``asset`` may move (activities; Mt/yr), infinite where all."""
        kept = self.kept[asset]
        left: Floats = np.where(kept < 1, kept * self.usual, np.inf)
        return left


@dataclass(frozen=True)
class StockWorth:
    """What a tonne left in each store at the end is worth (stores; USD/t), up to its first stock and above it.

    Without it a programme must end with at least its first stock; with it the end is free.
    """

    first: Floats
    above: Floats


@dataclass(frozen=True)
class Formulation:
    """A network's programme and the maps back from it.

    ``activity`` (step columns of one period) is the activity that each step belongs to; ``lengths``
    (periods) are in years. Columns run period by period, then stores (in, out, held up to the first stock,
    held above it) period by period.
    """

    network: Network
    steps: Steps
    lengths: Floats
    worth: StockWorth | None = None

    @property
    def activity(self) -> Ints:
        """Activity of each step column of one period."""
        return self.steps.activity

    @property
    def step_columns(self) -> int:
        """Number of step columns in all periods."""
        return len(self.activity) * len(self.lengths)

    def activity_flows(self, columns: Floats) -> Floats:
        """Return Mt moved by each activity in each period (shape: periods x activities)."""
        flows = np.zeros((len(self.lengths), len(self.network.activities)))
        steps = columns[: self.step_columns].reshape(len(self.lengths), -1)
        for period, row in enumerate(steps):
            np.add.at(flows[period], self.activity, row)
        return flows

    def held_stocks(self, columns: Floats) -> Floats:
        """Return Mt held at the end of each period (shape: periods x stores)."""
        count = len(self.lengths) * 4 * len(self.network.stores.row)
        stores = columns[self.step_columns : self.step_columns + count].reshape(len(self.lengths), 4, -1)
        held: Floats = stores[:, 2, :] + stores[:, 3, :]
        return held

    def bounds(self, situations: Situation | Sequence[Situation]) -> Bounds:
        """Return the bounds of the programme in a situation, or in one for each period.

        Limits are ``open share * (capacity + gains of the plan)``; an unlimited asset that is partly closed is
        limited to that share of everything that can be supplied. What is refused in part carries at most that
        share of its usual use. A store that is partly closed or refused keeps that share of its capacity and
        of its first stock; the rest of the stock is locked away. Needs that are waived shrink with their asset.
        """
        network, years = self.network, self.lengths[:, None]
        each = [situations] if isinstance(situations, Situation) else situations
        rates = [self._rates(situation) for situation in each]
        limits, widths, owed = (np.array([rate[part] for rate in rates]) * years for part in range(3))
        stocks = self._stock_rows(each[0])
        balanced = np.zeros(network.balances * len(self.lengths))
        return Bounds(
            row_lower=np.concatenate([balanced, np.full(limits.size, -np.inf), owed.ravel(), stocks]),
            row_upper=np.concatenate([balanced, limits.ravel(), np.full(owed.size, np.inf), stocks]),
            lower=np.concatenate([np.zeros(self.step_columns), self._store_lower(each[-1])]),
            upper=np.concatenate([widths.ravel(), self._store_upper(each)]),
        )

    def _rates(self, situation: Situation) -> tuple[Floats, Floats, Floats]:
        """Return limits (limits), widths of steps (steps) and needs (needs) in a situation, in Mt/yr."""
        network = self.network
        capacity, amounts = self._planned(situation)
        supplied = float(amounts[self._supplies].sum())
        limits = _closed(capacity, situation.open_share[network.limits.asset], supplied)
        shares = situation.open_share[network.activities.asset]
        shares[self._never_closed] = 1.0
        amounts = _closed(amounts, shares, np.inf)
        for bound in self._bounds_on_use(situation):
            bound[self._never_closed] = np.inf
            amounts = np.minimum(amounts, bound)
        asset = network.needs.asset
        waived = np.where(network.needs.waived, situation.open_share[asset] * situation.kept(asset), 1.0)
        return limits, self.steps.upper(amounts), network.needs.amount * waived

    def _bounds_on_use(self, situation: Situation) -> Iterator[Floats]:
        if situation.held is not None:
            yield situation.held.copy()
        if situation.refused is not None:
            yield situation.refused.bound(self.network.activities.asset)

    def programme(self, bounds: Bounds) -> LinearProgramme:
        """Return the programme within ``bounds``; costs are million USD for Mt."""
        return LinearProgramme(
            cost=np.concatenate([np.tile(self.steps.cost, len(self.lengths)), self._store_cost()]),
            matrix=self._matrix(),
            row_lower=bounds.row_lower,
            row_upper=bounds.row_upper,
            lower=bounds.lower,
            upper=bounds.upper,
            row_name=self.row_name,
        )

    @property
    def row_count(self) -> int:
        """Number of rows in all periods."""
        network = self.network
        goods = network.balances + len(network.limits.asset) + len(network.needs.asset) + len(network.stores.row)
        return goods * len(self.lengths)

    def row_name(self, row: int) -> str:
        """Return what a row of the programme says, in words of the model."""
        network, periods = self.network, len(self.lengths)
        blocks = (
            (network.balances, self._balance_name),
            (len(network.limits.asset), lambda row: f"capacity of {network.assets[network.limits.asset[row]][1]}"),
            (
                len(network.needs.asset),
                lambda row: f"need or duty at {network.assets[network.needs.asset[row]][1]}",
            ),
        )
        for rows, name in blocks:
            if row < rows * periods:
                return name(row % rows)
            row -= rows * periods
        return f"stock of {network.assets[network.stores.asset[row % len(network.stores.asset)]][1]}"

    def _balance_name(self, row: int) -> str:
        node, index = divmod(row, len(self.network.cargoes))
        cargo = self.network.cargoes[index]
        return f"balance of {cargo.commodity} of {cargo.owner} at {self.network.nodes[node]}"

    @cached_property
    def _supplies(self) -> Ints:
        return np.flatnonzero(self.network.of_kind(Kind.SUPPLY))

    @cached_property
    def _never_closed(self) -> Ints:
        return np.flatnonzero(self.network.of_kind(Kind.UNMET) | self.network.of_kind(Kind.SHORTFALL))

    def _planned(self, situation: Situation) -> tuple[Floats, Floats]:
        """Return capacities of limits and amounts of activities with what the plan adds (Mt/yr)."""
        gains = self.network.gains
        capacity, amounts = situation.capacity, self.network.activities.amount
        counted = np.flatnonzero(situation.plan * (gains.lead_time <= situation.reach))
        if counted.size:
            built = situation.plan[counted]
            capacity = capacity + built @ gains.limit[counted]
            amounts = amounts + built @ gains.amount[counted]
        return np.maximum(capacity, 0.0), np.maximum(amounts, 0.0)

    def _matrix(self) -> Sparse:
        network = self.network
        parts = (
            (network.balances, network.moves),
            (len(network.limits.asset), network.limits.share.entries),
            (len(network.needs.asset), network.needs.share.entries),
        )
        goods = len(self.lengths) * sum(rows for rows, _ in parts)
        stocks = len(self.lengths) * len(network.stores.row)
        entries = [*self._goods(parts), *self._stocks(goods)]
        rows, columns, values = (np.concatenate([entry[part].ravel() for entry in entries]) for part in range(3))
        return Sparse.of(rows, columns, values, (goods + stocks, self.step_columns + 4 * stocks))

    def _goods(self, parts: Iterable[tuple[int, _Entries]]) -> Iterator[_Entries]:
        """Yield the entries of the parts, one below the other, each once for each period, over steps."""
        steps = np.bincount(self.activity, minlength=len(self.network.activities))
        by_activity = np.argsort(self.activity, kind="stable")
        first_step = np.cumsum(steps) - steps
        periods = np.arange(len(self.lengths))[:, None]
        first_row = 0
        for height, (row, activity, share) in parts:
            count = steps[activity]
            place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            rows = first_row + periods * height + np.repeat(row, count)
            step = by_activity[np.repeat(first_step[activity], count) + place]
            columns = periods * len(self.activity) + step
            yield rows, columns, np.tile(np.repeat(share, count), len(self.lengths))
            first_row += len(self.lengths) * height

    def _stocks(self, first_row: int) -> Iterator[_Entries]:
        """Yield what stores do to balances, and held - in + out = held before (rows: periods x stores)."""
        stores = len(self.network.stores.row)
        periods = np.arange(len(self.lengths))[:, None]
        balance = periods * self.network.balances + self.network.stores.row
        level = first_row + periods * stores + np.arange(stores)
        put_in = self.step_columns + periods * 4 * stores + np.arange(stores)
        taken_out, first, above = (put_in + part * stores for part in (1, 2, 3))
        for rows, columns, sign in (
            (balance, put_in, -1.0),
            (balance, taken_out, 1.0),
            (level, put_in, -1.0),
            (level, taken_out, 1.0),
            (level, first, 1.0),
            (level, above, 1.0),
            (level[1:], first[:-1], -1.0),
            (level[1:], above[:-1], -1.0),
        ):
            yield rows, columns, np.full(rows.size, sign)

    def _store_cost(self) -> Floats:
        cost = np.zeros((len(self.lengths), 4, len(self.network.stores.row)))
        cost[:, 0] = self.network.stores.cost
        if self.worth is not None:
            cost[-1, 2], cost[-1, 3] = -self.worth.first, -self.worth.above
        return cost.ravel()

    def _store_upper(self, situations: Sequence[Situation]) -> Floats:
        stores = self.network.stores
        upper = np.full((len(self.lengths), 4, len(stores.row)), np.inf)
        shares = np.array([one.open_share[stores.asset] * one.kept(stores.asset) for one in situations])
        upper[:, 2] = self._first_stock * shares
        upper[:, 3] = (stores.capacity - self._first_stock) * shares
        return upper.ravel()

    def _store_lower(self, last: Situation) -> Floats:
        lower = np.zeros((len(self.lengths), 4, len(self.network.stores.row)))
        if self.worth is None:
            stores = self.network.stores.asset
            lower[-1, 2] = self._first_stock * last.open_share[stores] * last.kept(stores)
        return lower.ravel()

    def _stock_rows(self, first: Situation) -> Floats:
        stores = self.network.stores
        stocks = np.zeros((len(self.lengths), len(stores.row)))
        left = first.open_share[stores.asset] * first.kept(stores.asset)
        stocks[0] = stores.initial * left if first.stock is None else first.stock
        return stocks.ravel()

    @cached_property
    def _first_stock(self) -> Floats:
        return np.minimum(self.network.stores.initial, self.network.stores.capacity)


def _closed(bound: Floats, share: Floats, unlimited: float) -> Floats:
    """Return ``share * bound``, where an infinite bound that is partly closed counts as ``unlimited``."""
    hit = np.flatnonzero(share < 1.0)
    whole = np.where(np.isinf(bound[hit]), unlimited, bound[hit])
    closed = bound.copy()
    closed[hit] = share[hit] * np.where(share[hit] == 0, 0.0, whole)
    return closed
