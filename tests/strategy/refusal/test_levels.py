"""Coalitions taken level by level have the values of their own solves, whatever the compiled simplex certifies."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from kopir.flow.simplex.dual import DualSimplex
from kopir.model.network.clauses import Denial
from kopir.strategy.refusal import levels
from kopir.strategy.refusal.coalitions import coalitions
from kopir.strategy.value.valuation import Valuation
from tests.flow.random_networks import random_clauses, random_network
from tests.flow.test_triggers import triggered

PARTIES = ("A", "B", "C", "D", "E")


@pytest.fixture
def few(monkeypatch):
    """The smallest game is taken level by level."""
    monkeypatch.setattr(levels, "_MANY", 1)


def assert_each_is_its_own_solution(network, clauses, severity):
    result = coalitions(Valuation(network, clauses, span="long"), PARTIES, severity=severity)
    plain = Valuation(network, clauses, span="long")
    for size in range(len(result.players) + 1):
        for group in combinations(result.players, size):
            loss = plain.leverage(Denial(frozenset(group), severity))
            assert result.leverage(group) == pytest.approx(loss, rel=1e-9, abs=1e-6), group
    return result.table["evaluation"].to_list()


@pytest.mark.slow
def test_every_coalition_equals_its_own_solution(few):
    """With joint clauses, partial closure, unions, stores, and contracts whose duty is waived."""
    ways = []
    for seed in range(30):
        network = random_network(seed)
        clauses = random_clauses(network, PARTIES, seed)
        ways += assert_each_is_its_own_solution(network, clauses, (1.0, 0.3)[seed % 2])
    assert {"simplex", "same_shares", "unused"} <= set(ways)


@pytest.mark.slow
def test_what_is_not_certified_is_solved_and_lends_nothing(few, monkeypatch):
    certified = DualSimplex.solve

    def doubtful(self, changes, start=None, **asked):
        batch = certified(self, changes, start, **asked)
        values, record, used = batch.values.copy(), batch.record.copy(), batch.used.copy()
        values[::2], record[::2], used[::2] = np.nan, -1, False
        return replace(batch, values=values, record=record, used=used)

    monkeypatch.setattr(DualSimplex, "solve", doubtful)
    ways = []
    for seed in range(10):
        network = random_network(seed, stores=False)
        ways += assert_each_is_its_own_solution(network, random_clauses(network, PARTIES, seed), 1.0)
    assert {"simplex", "solved"} <= set(ways)


def test_where_using_one_asset_closes_another_each_coalition_is_solved(few):
    network, _ = triggered(4, 2)
    shares = np.random.default_rng(0).random((8, 2, 1))
    valuation = Valuation(network, random_clauses(network, PARTIES, 4), span="long")
    assert not levels.worth_levels(valuation, shares)
    plain = random_network(4)
    assert levels.worth_levels(Valuation(plain, random_clauses(plain, PARTIES, 4), span="long"), shares)
    cut = replace(plain, limits=replace(plain.limits, pro_rata=np.ones(len(plain.limits.asset), dtype=np.bool_)))
    assert not levels.worth_levels(Valuation(cut, random_clauses(cut, PARTIES, 4), span="long"), shares)
