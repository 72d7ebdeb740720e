"""What must hold for every network, on random ones: no theorem here knows a number.

Waived duties are left out throughout: a denial that ends a duty can pay.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kopir.core.sparse import Sparse, below, beside
from kopir.flow.value import ValueFunction
from kopir.model.network.capacity import Capacity
from kopir.model.network.clauses import Basis, Clause, ClauseBook, Denial
from kopir.model.network.network import Activities, Gains, Limits, Needs, Network, Stores
from kopir.strategy.refusal.coalitions import coalitions
from kopir.strategy.value.games import interactions
from kopir.strategy.value.valuation import NOBODY, Months, Valuation
from tests.flow.random_networks import random_clauses, random_network

PARTIES = ("AZE", "CHN", "RUS")
GROUPS = [frozenset(group) for size in range(4) for group in combinations(PARTIES, size)]
SEEDS = st.integers(0, 10_000)
SPANS = st.sampled_from(["short", "medium", "long", Months(2, 5)])
MOST = 1e-6
few = settings(max_examples=12)


def network_of(seed: int) -> Network:
    network = random_network(seed)
    return replace(
        network, needs=replace(network.needs, waived=np.zeros(len(network.needs.waived), dtype=np.bool_))
    )


def valuation_of(seed: int, span="long") -> Valuation:
    network = network_of(seed)
    return Valuation(network, random_clauses(network, PARTIES, seed), span=span)


@few
@given(SEEDS, SPANS)
def test_leverage_is_a_monotone_game(seed, span):
    valuation = valuation_of(seed, span)
    losses = {group: valuation.leverage(Denial(group)) for group in GROUPS}
    assert losses[frozenset()] == 0
    for small in GROUPS:
        assert losses[small] >= -MOST
        for large in GROUPS:
            if small < large:
                assert losses[small] <= losses[large] + MOST


@few
@given(SEEDS, st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_leverage_rises_with_severity(seed, severities):
    valuation = valuation_of(seed)
    mild, hard = sorted(severities)
    everyone = frozenset(PARTIES)
    assert valuation.leverage(Denial(everyone, mild)) <= valuation.leverage(Denial(everyone, hard)) + MOST
    assert valuation.leverage(Denial(everyone, 0.0)) == pytest.approx(0, abs=MOST)


@few
@given(SEEDS)
def test_units_do_not_matter(seed):
    network = network_of(seed)
    clauses = random_clauses(network, PARTIES, seed)
    thousand = 1000.0
    capacity = network.limits.capacity
    finer = replace(
        network,
        activities=replace(network.activities, amount=network.activities.amount * thousand),
        limits=replace(
            network.limits,
            capacity=Capacity(
                capacity.usable * thousand, capacity.firm * thousand, capacity.ramp * thousand, capacity.lag
            ),
        ),
        needs=replace(network.needs, amount=network.needs.amount * thousand),
        stores=replace(
            network.stores,
            capacity=network.stores.capacity * thousand,
            initial=network.stores.initial * thousand,
        ),
    )
    dearer = replace(
        network,
        activities=replace(network.activities, cost=network.activities.cost * thousand),
        stores=replace(network.stores, cost=network.stores.cost * thousand),
    )
    plain = Valuation(network, clauses)
    for scaled in (Valuation(finer, clauses), Valuation(dearer, clauses)):
        for group in GROUPS:
            expected = plain.leverage(Denial(group)) * thousand
            assert scaled.leverage(Denial(group)) == pytest.approx(expected, rel=1e-6, abs=1e-2)


@few
@given(SEEDS)
def test_a_partner_without_assets_takes_nothing(seed):
    valuation = valuation_of(seed)
    book = valuation.clauses
    joined = ClauseBook(book.clauses, {**book.members, "UZB": frozenset()})
    result = coalitions(Valuation(valuation.network, joined, span="long"), [*PARTIES, "UZB"])
    assert "UZB" in result.dummies
    assert result.shares.filter(player="UZB").select("leverage_musd", "shapley_musd").row(0) == (0.0, 0.0)


@few
@given(SEEDS, st.sampled_from([1.0, 0.3]))
def test_shapley_values_sum_to_the_loss_under_everyone(seed, severity):
    valuation = valuation_of(seed)
    result = coalitions(valuation, PARTIES, severity=severity)
    everyone = valuation.leverage(Denial(frozenset(PARTIES), severity))
    assert result.shares["shapley_musd"].sum() == pytest.approx(everyone, abs=MOST)
    assert result.shares["shapley_musd"].min() >= -MOST


@few
@given(SEEDS, st.permutations(PARTIES))
def test_renaming_partners_permutes_the_result(seed, renamed):
    network = network_of(seed)
    book = random_clauses(network, PARTIES, seed, union=False)
    name = dict(zip(PARTIES, renamed, strict=True))
    other = ClauseBook(
        tuple(
            replace(clause, parties=frozenset(name[party] for party in clause.parties)) for clause in book.clauses
        ),
        book.members,
    )
    before = dict(
        coalitions(Valuation(network, book), PARTIES).shares.select("player", "shapley_musd").iter_rows()
    )
    after = dict(
        coalitions(Valuation(network, other), PARTIES).shares.select("player", "shapley_musd").iter_rows()
    )
    assert {name[party]: value for party, value in before.items()} == pytest.approx(after, abs=MOST)


def side_by_side(first: Network, second: Network) -> Network:
    """Return two networks that share nothing but their cargoes."""

    def joined(one, two) -> Sparse:
        above, under = Sparse.nothing((one.shape[0], two.shape[1])), Sparse.nothing((two.shape[0], one.shape[1]))
        return below([beside([one, above]), beside([under, two])])

    def both(part: str, names: tuple[str, ...], shifts: dict[str, int], kind):
        values = {}
        for name in names:
            one, two = getattr(getattr(first, part), name), getattr(getattr(second, part), name)
            shift = shifts.get(name, 0)
            values[name] = np.concatenate([one, np.where(two >= 0, two + shift, two) if shift else two])
        return kind(**values)

    assets, rows = len(first.assets), first.balances
    places = {"asset": assets, "taken": rows, "put": rows, "row": rows}
    limits = [getattr(first.limits.capacity, name) for name in ("usable", "firm", "ramp", "lag")]
    more = [getattr(second.limits.capacity, name) for name in ("usable", "firm", "ramp", "lag")]
    return Network(
        nodes=tuple(f"{side}{node}" for side, one in (("A", first), ("B", second)) for node in one.nodes),
        cargoes=first.cargoes,
        assets=tuple(
            (kind, f"{side}{code}") for side, one in (("A", first), ("B", second)) for kind, code in one.assets
        ),
        activities=both(
            "activities", ("kind", "asset", "cargo", "taken", "put", "gain", "cost", "amount"), places, Activities
        ),
        limits=Limits(
            asset=np.concatenate([first.limits.asset, second.limits.asset + assets]),
            share=joined(first.limits.share, second.limits.share),
            capacity=Capacity(*(np.concatenate(pair) for pair in zip(limits, more, strict=True))),
        ),
        needs=Needs(
            asset=np.concatenate([first.needs.asset, second.needs.asset + assets]),
            share=joined(first.needs.share, second.needs.share),
            amount=np.concatenate([first.needs.amount, second.needs.amount]),
            waived=np.concatenate([first.needs.waived, second.needs.waived]),
        ),
        stores=both("stores", ("asset", "row", "capacity", "initial", "cost"), places, Stores),
        gains=Gains(
            options=(),
            limit=np.zeros((0, len(limits[0]) + len(more[0]))),
            amount=np.zeros((0, len(first.activities) + len(second.activities))),
            lead_time=np.zeros(0),
            annual_cost=np.zeros(0),
        ),
        restart=np.concatenate([first.restart, second.restart]),
    )


@few
@given(SEEDS, SEEDS)
def test_unconnected_economies_add_up(one, two):
    first, second = network_of(one), network_of(two)
    apart = [
        Valuation(first, random_clauses(first, ("CHN",), one)),
        Valuation(second, random_clauses(second, ("RUS",), two)),
    ]
    clauses = [
        replace(clause, asset=(clause.asset[0], f"{side}{clause.asset[1]}"))
        for side, part in zip("AB", apart, strict=True)
        for clause in part.clauses.clauses
    ]
    book = ClauseBook(tuple(clauses), {name: frozenset() for name in ("CHN", "RUS")})
    together = Valuation(side_by_side(first, second), book)
    alone = [apart[0].leverage(Denial(frozenset({"CHN"}))), apart[1].leverage(Denial(frozenset({"RUS"})))]
    result = coalitions(together, ["CHN", "RUS"])
    assert result.leverage(["CHN", "RUS"]) == pytest.approx(sum(alone), abs=MOST)
    assert interactions(result.game) == pytest.approx(np.zeros((len(result.players),) * 2), abs=MOST)


@few
@given(SEEDS)
def test_jurisdictions_in_series_are_one_veto(seed):
    network = network_of(seed)
    links = [asset for asset in network.assets if asset[0] == "link"]
    clauses = tuple(
        Clause(asset, frozenset({party}), 1.0, 1.0, 1.0, "territory", False, "export", 2)
        for asset in links[::2]
        for party in ("RUS", "BLR")
    )
    valuation = Valuation(network, ClauseBook(clauses, {"RUS": frozenset(), "BLR": frozenset()}))
    single, other, both = (
        valuation.leverage(Denial(frozenset(group))) for group in (["RUS"], ["BLR"], ["RUS", "BLR"])
    )
    assert single == pytest.approx(both, abs=MOST)
    assert other == pytest.approx(both, abs=MOST)


@few
@given(SEEDS, st.data())
def test_more_capacity_never_lowers_the_value(seed, data):
    network = network_of(seed)
    clauses = random_clauses(network, PARTIES, seed, of="capacity")
    limit = data.draw(st.integers(0, len(network.limits.asset) - 1))
    more = network.limits.capacity.usable.copy()
    more[limit] += data.draw(st.floats(0, 10))
    wider = replace(
        network, limits=replace(network.limits, capacity=replace(network.limits.capacity, usable=more))
    )
    for group in GROUPS:
        plain = Valuation(network, clauses, span="long").value(Denial(group))
        assert Valuation(wider, clauses, span="long").value(Denial(group)) >= plain - MOST


@few
@given(SEEDS)
def test_without_re_routing_the_loss_is_at_least_as_large(seed):
    valuation = valuation_of(seed)
    undisturbed = valuation.flow()
    for group in GROUPS:
        held = valuation.flow(Denial(group), held=undisturbed.total)
        assert undisturbed.value - held.value >= valuation.leverage(Denial(group)) - MOST
    assert valuation.flow(NOBODY, held=undisturbed.total).value == pytest.approx(undisturbed.value, abs=MOST)


@few
@given(SEEDS)
def test_the_worst_k_never_falls_with_k(seed):
    worst = coalitions(valuation_of(seed), PARTIES).worst
    losses = [group["leverage_musd"].max() for _, group in worst.group_by("k", maintain_order=True)]
    assert losses == sorted(losses)


@few
@given(SEEDS)
def test_free_options_never_raise_the_residual_loss(seed):
    network = network_of(seed)
    gains = network.gains
    network = replace(
        network,
        gains=replace(gains, limit=np.maximum(gains.limit, 0.0), amount=gains.amount, annual_cost=np.zeros(2)),
    )
    bases: tuple[Basis, ...] = ("flow", "capacity")
    for of in bases:
        valuation = Valuation(network, random_clauses(network, PARTIES, seed, of=of), span="long")
        for denial in (Denial(), Denial(frozenset({"RUS"})), Denial(frozenset(PARTIES), 0.3)):
            plans = list(chain.from_iterable(combinations(gains.options, size) for size in range(3)))
            residual = {plan: valuation.residual_loss(denial, plan) for plan in plans}
            if of == "capacity":
                assert residual["A", "B"] <= min(residual["A",], residual["B",]) + MOST
            assert max(residual.values()) <= residual[()] + MOST


@few
@given(SEEDS)
def test_answers_do_not_depend_on_what_was_asked_before(seed):
    network = network_of(seed)
    function = ValueFunction(network)
    clauses = random_clauses(network, PARTIES, seed)
    situations = [
        function.situation(
            network.limits.capacity.usable, network.open_shares(clauses.availability(Denial(group)))
        )
        for group in GROUPS
    ]
    forwards = [function.value(situation) for situation in situations]
    backwards = [function.value(situation) for situation in reversed(situations)]
    assert backwards[::-1] == pytest.approx(forwards, rel=1e-9, abs=MOST)
    assert [ValueFunction(network).value(situation) for situation in situations] == pytest.approx(
        forwards, abs=MOST
    )
