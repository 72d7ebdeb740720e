"""Booking a flow: who earns what, by treasury, firms, foreign shareholders, consumers and carriers.

Shippers choose by netback; this is where their value and every charge they pay go. Charges are costs of the
shippers and income of their beneficiaries, so domestic tariffs are transfers inside the focal state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from kopir.flow.sharing import netback
from kopir.model.contents.model import Model, Row
from kopir.model.contents.quantities import CellRef
from kopir.model.network.assembly import charge_rows, charges_by_asset
from kopir.model.network.network import Floats, Kind, Network

Account = Literal["budget", "firms", "foreign", "consumers", "carriers"]
ACCOUNTS: tuple[Account, ...] = ("budget", "firms", "foreign", "consumers", "carriers")
Accounts = Mapping[tuple[str, Account], float]
"""Million USD by jurisdiction and account. ``foreign`` stands under the owner whose fields foreigners hold
shares in; ``carriers`` (jurisdiction ``-``) is cost that charges.csv books to nobody."""


@dataclass(frozen=True)
class Booked:
    """What a flow brings: to the ``owners`` of goods after all they pay, and as charges ``received`` from them.

    ``fetched`` is what a unit fetches at each balance row (USD/t), ``None`` for differences.
    """

    owners: Accounts
    received: Accounts
    fetched: Floats | None = field(default=None, compare=False, repr=False)

    @property
    def all(self) -> Accounts:
        """Both together, sorted by jurisdiction and account."""
        keys = sorted({*self.owners, *self.received})
        return {key: self.owners.get(key, 0.0) + self.received.get(key, 0.0) for key in keys}

    def less(self, other: Booked) -> Booked:
        """Return by how much each account is above that of ``other``."""
        return Booked(_less(self.owners, other.owners), _less(self.received, other.received))


def _less(one: Accounts, other: Accounts) -> Accounts:
    return {key: one.get(key, 0.0) - other.get(key, 0.0) for key in sorted({*one, *other})}


@dataclass(frozen=True)
class Ledger:
    """Rates that book a flow (activities; USD/t or shares).

    ``benchmark`` is the price of each sale without its differential; ``price_charges`` is the part of each of
    ``charges`` that is a share of it.
    """

    network: Network
    charges: tuple[tuple[str, Account, Floats], ...]
    benchmark: Floats
    price_charges: tuple[Floats, ...]
    state_take: Floats
    foreign_share: Floats
    unbooked: Floats

    @property
    def benchmark_kept(self) -> Floats:
        """Benchmark of each sale less the charges that are a share of it (activities; USD/t)."""
        kept: Floats = self.benchmark - sum(self.price_charges, np.zeros(len(self.benchmark)))
        return kept

    def at_prices(self, factor: Floats) -> Ledger:
        """Return the rates when each benchmark is ``factor`` (activities) times what it is here."""
        network = self.network
        cost = network.activities.cost - (factor - 1) * self.benchmark_kept
        charges = tuple(
            (beneficiary, account, rate + (factor - 1) * part)
            for (beneficiary, account, rate), part in zip(self.charges, self.price_charges, strict=True)
        )
        return replace(
            self,
            network=replace(network, activities=replace(network.activities, cost=cost)),
            charges=charges,
            benchmark=self.benchmark * factor,
            price_charges=tuple(part * factor for part in self.price_charges),
        )

    def book(self, use: Floats) -> Accounts:
        """Return the accounts of a flow (activities; Mt) in million USD, sorted by jurisdiction and account."""
        return self.booked(use).all

    def booked(self, use: Floats) -> Booked:
        """Return the accounts of owners and of those who receive charges apart (million USD).

        Those of the owners (budget, firms, foreign, consumers) sum to the value of the flow at recorded costs;
        both together to :meth:`gross`.
        """
        received: dict[tuple[str, Account], float] = {}
        for beneficiary, account, rate in self.charges:
            _add(received, beneficiary, account, float(rate @ use))
        _add(received, "-", "carriers", float(self.unbooked @ use))
        network, owners = self.network, dict[tuple[str, Account], float]()
        activities = network.activities
        fetched = netback(network, use, activities.cost)
        for index in np.flatnonzero((activities.kind == Kind.SUPPLY) & (use > 0)):
            owner = network.cargoes[activities.cargo[index]].owner
            profit = use[index] * (
                fetched[activities.put[index]] * activities.gain[index] - activities.cost[index]
            )
            taken = profit * self.state_take[index]
            abroad = (profit - taken) * self.foreign_share[index]
            _add(owners, owner, "budget", taken)
            _add(owners, owner, "foreign", abroad)
            _add(owners, owner, "firms", profit - taken - abroad)
        for kind, account in _OWED:
            for index in np.flatnonzero((activities.kind == kind) & (use > 0)):
                owner = network.cargoes[activities.cargo[index]].owner
                _add(owners, owner, account, -use[index] * activities.cost[index])
        return Booked(owners, received, fetched)

    def gross(self, use: Floats) -> float:
        """Return what buyers pay less the cost of lifting and what is not delivered (million USD).

        Everything that is paid for transport, as charges or unbooked, stays within: it is income of somebody.
        """
        paid = self.unbooked + sum((rate for *_, rate in self.charges), np.zeros(len(self.unbooked)))
        return float((paid - self.network.activities.cost) @ use)


_OWED: tuple[tuple[Kind, Account], ...] = ((Kind.UNMET, "consumers"), (Kind.SHORTFALL, "firms"))


def _add(accounts: dict[tuple[str, Account], float], jurisdiction: str, account: Account, amount: float) -> None:
    accounts[jurisdiction, account] = accounts.get((jurisdiction, account), 0.0) + amount


def build_ledger(model: Model, network: Network, values: Mapping[CellRef, float] | None = None) -> Ledger:
    """Return the rates that book flows of ``network``; ``values`` as for the network itself.

    A supply without ``state_take`` or ``foreign_share`` leaves everything with firms of its owner.
    """
    activities = network.activities
    booked: dict[tuple[str, Account], Floats] = {}
    on_price: dict[tuple[str, Account], Floats] = {}
    rows = charges_by_asset(model.rows("charges", values))
    prices, benchmark = _prices(model, network, values)
    charged = np.zeros(len(activities))
    for index in range(len(activities)):
        if activities.kind[index] in {Kind.UNMET, Kind.SHORTFALL}:
            continue
        asset = network.assets[activities.asset[index]]
        for row in charge_rows(rows, asset, network.cargoes[activities.cargo[index]]):
            rate = row["amount"] + row["share"] * prices[index]
            booked.setdefault(_payee(row), np.zeros(len(activities)))[index] += rate
            on_price.setdefault(_payee(row), np.zeros(len(activities)))[index] += row["share"] * benchmark[index]
            charged[index] += rate
    takes = np.zeros(len(activities))
    abroad = np.zeros(len(activities))
    for row in model.rows("supplies", values):
        supply = network.asset_index.get(("supply", row["supply"]))
        entries = np.flatnonzero((activities.asset == supply) & (activities.kind == Kind.SUPPLY))
        takes[entries] = row["state_take"] or 0.0
        abroad[entries] = row["foreign_share"] or 0.0
    transport = (activities.kind == Kind.FLOW) | (activities.kind == Kind.CONVERSION)
    return Ledger(
        network=network,
        charges=tuple((*payee, rate) for payee, rate in sorted(booked.items(), key=lambda item: item[0])),
        benchmark=benchmark,
        price_charges=tuple(part for _, part in sorted(on_price.items(), key=lambda item: item[0])),
        state_take=takes,
        foreign_share=abroad,
        unbooked=np.where(transport, activities.cost - charged, 0.0),
    )


def _payee(row: Row) -> tuple[str, Account]:
    return row["beneficiary"], "budget" if row["account"] == "budget" else "firms"


def _prices(model: Model, network: Network, values: Mapping[CellRef, float] | None) -> tuple[Floats, Floats]:
    """Return price and benchmark of each sale (activities; USD/t), 0 for what is no sale."""
    prices, benchmark = (np.zeros(len(network.activities)) for _ in range(2))
    for row in model.rows("markets", values):
        market = network.asset_index.get(("market", row["market"]))
        sales = (network.activities.asset == market) & (network.activities.kind == Kind.SALE)
        prices[sales] = row["price"] + row["differential"]
        benchmark[sales] = row["price"]
    return prices, benchmark
