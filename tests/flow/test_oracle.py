from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kopir.core.folders.settings import Horizons
from kopir.flow.formulation import Refused
from kopir.flow.steps import Steps
from kopir.flow.value import ValueFunction
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Activities, Kind, Network
from tests.flow import oracle
from tests.flow.random_networks import random_clauses, random_network

PARTIES = ("RUS", "CHN", "AZE")
MOST = 1e-6


def questions(network: Network, seed: int, lengths: tuple[float, ...]) -> list[oracle.Question]:
    """Return the network undisturbed, denied, denied in part, with a plan, without re-routing, and refused."""
    rng = np.random.default_rng(seed)
    clauses = random_clauses(network, PARTIES, seed)
    shares = [
        network.open_shares(clauses.availability(denial))
        for denial in (
            Denial(),
            Denial(frozenset({"RUS"}), 0.3),
            Denial(frozenset({"UNION"})),
            Denial(frozenset(PARTIES)),
        )
    ]
    kept = network.open_shares(clauses.closure(Denial(frozenset({"UNION"}), 0.4)).use)
    usual = rng.uniform(0, 3, len(network.activities))
    capacity = network.limits.capacity
    built, nothing = np.array([1.0, 1.0]), np.zeros(2)
    months = Horizons()
    return [
        *(oracle.Question(capacity.usable, share, nothing, lengths=lengths) for share in shares),
        oracle.Question(capacity.over("short", months), shares[1], built, 12.0, lengths=lengths),
        oracle.Question(capacity.over("medium", months), shares[2], built, 36.0, lengths=lengths),
        oracle.Question(
            capacity.usable, shares[2], nothing, held=rng.uniform(0, 3, len(network.activities)), lengths=lengths
        ),
        oracle.Question(capacity.usable, shares[0], nothing, lengths=lengths, kept=kept, usual=usual),
    ]


def asked(function: ValueFunction, question: oracle.Question):
    refused = None if question.kept is None else Refused(question.kept, question.usual)
    return function.situation(
        question.capacity, question.open_share, question.plan, question.reach, question.held, refused=refused
    )


def assert_possible(network: Network, question: oracle.Question, use: np.ndarray, stock: np.ndarray) -> None:
    """Check that a flow keeps every balance, bound, limit and need of the definition."""
    open_stores = np.array([question.left(asset) for asset in network.stores.asset])
    before = network.stores.initial * open_stores
    for period, years in enumerate(question.lengths):
        moved = use[period]
        bounds = [oracle.activity_bound(network, question, i) for i in range(len(moved))]
        limits = [oracle.limit_bound(network, question, i) for i in range(len(network.limits.asset))]
        needs = [oracle.need_bound(network, question, i) for i in range(len(network.needs.asset))]
        assert (moved >= -MOST).all()
        assert (moved <= np.array(bounds) * years + MOST).all()
        assert (network.limits.share @ moved <= np.array(limits) * years + MOST).all()
        assert (network.needs.share @ moved >= np.array(needs) * years - MOST).all()
        left = network.incidence @ moved
        np.add.at(left, network.stores.row, before - stock[period])
        assert np.abs(left).max() <= MOST
        before = stock[period]
    assert (stock <= network.stores.capacity * open_stores + MOST).all()
    assert (stock[-1] >= network.stores.initial * open_stores - MOST).all()


@pytest.mark.parametrize(
    "first", [0, 10, *(pytest.param(first, marks=pytest.mark.slow) for first in range(20, 100, 10))]
)
def test_same_optimum_as_an_independent_formulation(first):
    """On 100 random networks: equal values, and flows that the definition allows."""
    for seed in range(first, first + 10):
        network = random_network(seed)
        lengths = ((1.0,), (0.25, 0.25, 0.5))[seed % 2]
        function = ValueFunction(network, lengths=np.array(lengths))
        for question in questions(network, seed, lengths):
            flow = function.solve(asked(function, question))
            expected = oracle.value(network, question)
            assert flow.value == pytest.approx(expected, rel=1e-7, abs=1e-6), seed
            assert_possible(network, question, flow.use, flow.stock)


def split(network: Network, steps: Steps) -> Network:
    """Return the network with one activity for each step, as wide as the step."""
    pick = steps.activity
    columns = {
        part: getattr(network.activities, part)[pick]
        for part in ("kind", "asset", "cargo", "taken", "put", "gain")
    }
    amount = network.activities.amount[pick]
    width = np.where(np.isfinite(steps.end), steps.end, amount) - steps.begin
    return replace(
        network,
        activities=Activities(**columns, cost=steps.cost, amount=width),
        limits=replace(network.limits, share=network.limits.share.at_columns(pick)),
        needs=replace(network.needs, share=network.needs.share.at_columns(pick)),
        gains=replace(network.gains, amount=network.gains.amount[:, pick]),
    )


@pytest.mark.parametrize("seed", range(10))
def test_rising_costs_are_steps_side_by_side(seed):
    """Links whose cost rises twice are worth what two pairs of links at those costs would be."""
    network = random_network(seed)
    rng = np.random.default_rng(seed)
    count = len(network.activities)
    rising = np.flatnonzero(network.of_kind(Kind.FLOW))
    begin, end = np.zeros(count), np.full(count, np.inf)
    end[rising] = rng.uniform(0.2, 2, len(rising))
    steps = Steps(
        activity=np.concatenate([np.arange(count), rising]),
        begin=np.concatenate([begin, end[rising]]),
        end=np.concatenate([end, np.full(len(rising), np.inf)]),
        cost=np.concatenate(
            [network.activities.cost, network.activities.cost[rising] + rng.uniform(1, 20, len(rising))]
        ),
    )
    usable, shares = network.limits.capacity.usable, np.ones(len(network.assets))
    function = ValueFunction(network, steps)
    flow = function.solve(function.situation(usable, shares))
    question = oracle.Question(usable, shares, np.zeros(2))
    assert flow.value == pytest.approx(oracle.value(split(network, steps), question), rel=1e-7, abs=1e-6)
    assert_possible(network, question, flow.use, flow.stock)
    assert flow.value <= ValueFunction(network).solve(function.situation(usable, shares)).value + MOST
