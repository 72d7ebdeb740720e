"""From a network to a linear programme: ``V(z, D, h)`` as rows and columns.

Columns are Mt moved in a period, cut into steps of rising cost; then, for each period and store, what is
put in, what is taken out and what is held. Rows are the balance of each node and cargo, the shared limits,
the needs, and the balance of each store.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kopir.flow.program import LinearProgramme
from kopir.flow.steps import Steps
from kopir.model.network import Floats, Ints, Kind, Network


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

    ``capacity`` (limits; Mt/yr) before closure; ``open_share`` (assets) what closure leaves; ``plan``
    (options) what is built, each entry 0 to 1; ``reach`` (months) up to which options count; ``held``
    (activities; Mt/yr) an upper bound on use, infinite unless nothing may be re-routed.
    """

    capacity: Floats
    open_share: Floats
    plan: Floats
    reach: float
    held: Floats | None = None


@dataclass(frozen=True)
class Formulation:
    """A network's programme and the maps back from it.

    ``activity`` (step columns of one period) is the activity that each step belongs to; ``lengths``
    (periods) are in years. Columns run period by period, then stores (in, out, held) period by period.
    """

    network: Network
    steps: Steps
    lengths: Floats

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
        stores = columns[self.step_columns :].reshape(len(self.lengths), 3, -1)
        held: Floats = stores[:, 2, :]
        return held

    def bounds(self, situation: Situation) -> Bounds:
        """Return the bounds of the programme in a situation.

        Limits are ``open share * (capacity + gains of the plan)``; an unlimited asset that is partly closed is
        limited to that share of everything that can be supplied. A store that is partly closed keeps that
        share of its capacity and of its first stock; the rest of the stock is locked away. Needs that are
        waived shrink with their asset.
        """
        network = self.network
        counted = situation.plan * (network.gains.lead_time <= situation.reach)
        amounts = network.activities.amount + (counted @ network.gains.amount if len(counted) else 0.0)
        amounts = np.maximum(amounts, 0.0)
        supplied = float(amounts[network.of_kind(Kind.SUPPLY)].sum())
        limits = situation.capacity + counted @ network.gains.limit if len(counted) else situation.capacity
        limits = _closed(np.maximum(limits, 0.0), situation.open_share[network.limits.asset], supplied)
        activity_shares = situation.open_share[network.activities.asset]
        unmet = self._never_closed()
        amounts = np.where(unmet, network.activities.amount, _closed(amounts, activity_shares, np.inf))
        if situation.held is not None:
            amounts = np.where(unmet, amounts, np.minimum(amounts, activity_shares * situation.held))
        owed = network.needs.amount * np.where(
            network.needs.waived, situation.open_share[network.needs.asset], 1.0
        )
        years = self.lengths[:, None]
        stocks = self._stock_rows(situation.open_share)
        return Bounds(
            row_lower=np.concatenate(
                [
                    np.zeros(network.balances * len(self.lengths)),
                    np.full(limits.size * len(self.lengths), -np.inf),
                    (owed * years).ravel(),
                    stocks,
                ]
            ),
            row_upper=np.concatenate(
                [
                    np.zeros(network.balances * len(self.lengths)),
                    (limits * years).ravel(),
                    np.full(owed.size * len(self.lengths), np.inf),
                    stocks,
                ]
            ),
            lower=np.concatenate([np.zeros(self.step_columns), self._store_lower(situation.open_share)]),
            upper=np.concatenate(
                [
                    (self.steps.upper(amounts) * years).ravel(),
                    self._store_upper(situation.open_share),
                ]
            ),
        )

    def programme(self, situation: Situation) -> LinearProgramme:
        """Return the programme in a situation; costs are million USD for Mt."""
        bounds = self.bounds(situation)
        cost = np.concatenate([np.tile(self.steps.cost, len(self.lengths)), self._store_cost()])
        return LinearProgramme(
            cost=cost,
            matrix=self._matrix(),
            row_lower=bounds.row_lower,
            row_upper=bounds.row_upper,
            lower=bounds.lower,
            upper=bounds.upper,
            row_names=self._row_names(),
        )

    def _never_closed(self) -> NDArray[np.bool_]:
        return self.network.of_kind(Kind.UNMET) | self.network.of_kind(Kind.SHORTFALL)

    def _matrix(self) -> sparse.csc_array:
        network, periods = self.network, len(self.lengths)
        steps = np.arange(len(self.activity))
        pick = sparse.csc_array(
            (np.ones(len(steps)), (self.activity, steps)), shape=(len(network.activities), len(steps))
        )
        every = sparse.eye_array(periods, format="csc")
        parts = (network.incidence, network.limits.share, network.needs.share)
        goods = sparse.vstack([sparse.kron(every, part @ pick) for part in parts], format="csc")
        if not len(network.stores.row):
            return sparse.csc_array(goods)
        exchange, levels = self._store_blocks()
        others = sparse.csc_array((goods.shape[0] - exchange.shape[0], exchange.shape[1]))
        nothing = sparse.csc_array((levels.shape[0], goods.shape[1]))
        above = sparse.hstack([goods, sparse.vstack([exchange, others])])
        return sparse.csc_array(sparse.vstack([above, sparse.hstack([nothing, levels])], format="csc"))

    def _store_blocks(self) -> tuple[sparse.csc_array, sparse.csc_array]:
        """Return what stores do to balances, and held - in + out = held before (rows: periods x stores)."""
        network, periods, stores = self.network, len(self.lengths), len(self.network.stores.row)
        places = sparse.csc_array(
            (np.ones(stores), (network.stores.row, np.arange(stores))), shape=(network.balances, stores)
        )
        same = sparse.eye_array(stores, format="csc")
        blank = sparse.csc_array((stores, 2 * stores))
        every = sparse.eye_array(periods, format="csc")
        before = sparse.eye_array(periods, k=-1, format="csc")
        in_out = sparse.hstack([-places, places, sparse.csc_array(places.shape)])
        now = sparse.hstack([-same, same, same])
        exchange = sparse.csc_array(sparse.kron(every, in_out))
        levels = sparse.csc_array(sparse.kron(every, now) - sparse.kron(before, sparse.hstack([blank, same])))
        return exchange, levels

    def _store_cost(self) -> Floats:
        none = np.zeros(len(self.network.stores.row))
        return np.tile(np.concatenate([self.network.stores.cost, none, none]), len(self.lengths))

    def _store_upper(self, open_share: Floats) -> Floats:
        stores = self.network.stores
        free = np.full(len(stores.row), np.inf)
        held = stores.capacity * open_share[stores.asset]
        return np.tile(np.concatenate([free, free, held]), len(self.lengths))

    def _store_lower(self, open_share: Floats) -> Floats:
        stores = self.network.stores
        lower = np.zeros((len(self.lengths), 3, len(stores.row)))
        lower[-1, 2] = np.minimum(stores.initial, stores.capacity) * open_share[stores.asset]
        return lower.ravel()

    def _stock_rows(self, open_share: Floats) -> Floats:
        stores = self.network.stores
        stocks = np.zeros((len(self.lengths), len(stores.row)))
        stocks[0] = stores.initial * open_share[stores.asset]
        return stocks.ravel()

    def _row_names(self) -> tuple[str, ...]:
        network = self.network
        single = [
            f"balance of {cargo.commodity} of {cargo.owner} at {node}"
            for node in network.nodes
            for cargo in network.cargoes
        ]
        limits = [f"capacity of {network.assets[asset][1]}" for asset in network.limits.asset]
        needs = [f"need or duty at {network.assets[asset][1]}" for asset in network.needs.asset]
        periods = range(len(self.lengths))
        return tuple(name for block in (single, limits, needs) for _ in periods for name in block)


def _closed(bound: Floats, share: Floats, unlimited: float) -> Floats:
    """Return ``share * bound``, where an infinite bound that is partly closed counts as ``unlimited``."""
    whole = np.where(np.isinf(bound) & (share < 1), unlimited, bound)
    closed: Floats = share * np.where(share == 0, 0.0, whole)
    return closed
