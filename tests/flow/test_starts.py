"""Flows that stand under other bounds, and values solved from where another question ended."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kopir.flow.value import Answered, Starts, ValueFunction
from tests.flow.random_networks import random_network

SEEDS = st.integers(0, 10_000)


@pytest.mark.slow
@given(SEEDS, st.data())
@settings(max_examples=40, deadline=None)
def test_a_flow_that_stands_is_worth_what_a_solve_afresh_finds(seed: int, data: st.DataObject) -> None:
    network = random_network(seed)
    usable = network.limits.capacity.usable
    function, answered = ValueFunction(network), None
    for _ in range(6):
        factors = data.draw(
            st.lists(st.sampled_from([0.5, 1.0, 1.0, 1.5]), min_size=len(usable), max_size=len(usable))
        )
        situation = function.situation(usable * np.array(factors))
        answered = function.solve_after(situation, answered)
        fresh = ValueFunction(network)
        assert answered.flow.value == pytest.approx(fresh.value(situation), abs=1e-6)
        load = network.limits.share @ answered.flow.total
        assert (load <= situation.allowed(network) + 1e-6).all()


def test_room_that_was_not_used_asks_for_no_solve_and_room_that_was_does() -> None:
    network = random_network(3, contracts=False, stores=False)
    usable = network.limits.capacity.usable
    function = ValueFunction(network)
    first = function.solve_after(function.situation(usable), None)
    load = network.limits.share @ first.flow.total
    spare = np.where(load < usable - 0.1, usable + 5.0, usable)
    assert function.solve_after(function.situation(spare), first) is first
    narrow = np.where(load < usable - 0.1, load + 0.05, usable)
    assert function.solve_after(function.situation(narrow), first) is first
    assert function.solves == 1
    full = np.flatnonzero((load > usable - 1e-9) & (load > 0))
    wide = usable.copy()
    wide[full] += 5.0
    assert full.size
    assert function.solve_after(function.situation(wide), first) is not first
    assert not Answered(first.flow, None, first.place).stands(first.bounds)


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_a_value_does_not_depend_on_where_its_solve_starts(seed: int) -> None:
    network, starts = random_network(seed), Starts()
    usable = network.limits.capacity.usable
    for factor in (1.0, 0.6, 1.3):
        function = ValueFunction(network)
        situation = function.situation(usable * factor)
        assert function.value_from(situation, starts, "asked") == pytest.approx(
            ValueFunction(network).value(situation), abs=1e-6
        )
    assert len(starts) == 1
