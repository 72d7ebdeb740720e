"""Minimal infeasible sets: by hand, and equal to brute force on random systems."""

from __future__ import annotations

from itertools import chain, combinations, product

import numpy as np
import pytest

from kopir.core.errors import LimitReached
from kopir.strategy.institutions import contradictions as module
from kopir.strategy.institutions.contradictions import Contradictions, LogicRow, find_contradictions, independent

SYSTEMS = 200


def test_a_union_its_member_and_a_separate_agreement():
    rows = [
        LogicRow("in the union", {"union": -1}, -1),
        LogicRow("agreement signed", {"agreement": -1}, -1),
        LogicRow("no agreement beside the union", {"union": 1, "agreement": 1}, 1),
        LogicRow("no third thing", {"third": 1}, 0),
    ]
    found = find_contradictions(rows)
    assert found.cores == (("agreement signed", "in the union", "no agreement beside the union"),)
    assert found.corrections == (("agreement signed",), ("in the union",), ("no agreement beside the union",))


def test_what_can_hold_together_needs_no_correction():
    assert find_contradictions([LogicRow("a", {"x": 1}, 1)]) == Contradictions((), ((),))
    assert find_contradictions([]) == Contradictions((), ((),))


def test_a_row_that_cannot_hold_alone():
    rows = [LogicRow("never", {"x": 1}, -1), LogicRow("fine", {"x": 1}, 0)]
    assert find_contradictions(rows) == Contradictions((("never",),), (("never",),))


def test_a_budget_is_broken_by_two_of_three():
    """Costs 4, 4 and 3 within 7: the two dear ones together are too many, and so are all three."""
    rows = [LogicRow(f"build {name}", {name: -1}, -1) for name in "abc"]
    rows.append(LogicRow("budget", {"a": 4, "b": 4, "c": 3}, 7))
    assert find_contradictions(rows).cores == (("budget", "build a", "build b"),)


def test_groups_that_share_nothing_are_asked_apart():
    rows = [LogicRow("1", {"a": 1, "b": 1}, 1), LogicRow("2", {"c": 1}, 0), LogicRow("3", {"b": 1, "d": 1}, 1)]
    assert [[row.name for row in group] for group in independent(rows)] == [["1", "3"], ["2"]]


def test_too_many_sets_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_SETS", 4)
    rows = [LogicRow(f"{sign}{name}", {name: sign}, min(sign, 0)) for name in "abc" for sign in (1, -1)]
    with pytest.raises(LimitReached, match="K0403"):
        find_contradictions(rows)


def random_system(seed: int) -> list[LogicRow]:
    """Return clauses, exclusions, at-least and at-most rows, budgets and fixed choices over six variables."""
    rng = np.random.default_rng(seed)
    names = [f"x{number}" for number in range(6)]
    rows = []
    for number in range(int(rng.integers(4, 10))):
        chosen = [str(name) for name in rng.choice(names, int(rng.integers(1, 4)), replace=False)]
        form = rng.choice(["clause", "most", "least", "budget", "fixed"])
        if form == "clause":
            signs = rng.choice([-1, 1], len(chosen))
            weights, bound = dict(zip(chosen, map(float, signs), strict=True)), float((signs > 0).sum() - 1)
        elif form == "most":
            weights, bound = dict.fromkeys(chosen, 1.0), float(rng.integers(0, len(chosen)))
        elif form == "least":
            weights, bound = dict.fromkeys(chosen, -1.0), -float(rng.integers(1, len(chosen) + 1))
        elif form == "budget":
            weights = {name: float(rng.integers(1, 9)) / 2 for name in chosen}
            bound = float(rng.integers(0, 10)) / 2
        else:
            weights, bound = (({chosen[0]: -1.0}, -1.0), ({chosen[0]: 1.0}, 0.0))[int(rng.integers(2))]
        rows.append(LogicRow(f"r{number}", weights, bound))
    return rows


def by_brute_force(rows: list[LogicRow]) -> Contradictions:
    """Try every set of rows against every assignment."""
    names = sorted({name for row in rows for name in row.weights})
    assignments = [dict(zip(names, values, strict=True)) for values in product((0, 1), repeat=len(names))]
    holds = [
        {
            row.name
            for row in rows
            if sum(weight * point[name] for name, weight in row.weights.items()) <= row.bound
        }
        for point in assignments
    ]
    every = sorted(row.name for row in rows)
    subsets = list(chain.from_iterable(combinations(every, size) for size in range(len(every) + 1)))
    without = lambda one, row: tuple(x for x in one if x != row)  # noqa: E731
    feasible = {subset for subset in subsets if any(set(subset) <= held for held in holds)}
    cores = [one for one in subsets if one not in feasible and all(without(one, row) in feasible for row in one)]
    grown = lambda one: (tuple(sorted({*one, row})) for row in every if row not in one)  # noqa: E731
    largest = [one for one in feasible if not any(wider in feasible for wider in grown(one))]
    corrections = [tuple(row for row in every if row not in one) for one in largest]
    order = lambda sets: tuple(sorted(sets, key=lambda one: (len(one), one)))  # noqa: E731
    return Contradictions(order(cores), order(corrections))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SYSTEMS))
def test_all_sets_equal_brute_force(seed: int):
    rows = random_system(seed)
    assert find_contradictions(rows) == by_brute_force(rows)


@pytest.mark.slow
def test_the_random_systems_contradict_often_enough():
    counts = [len(by_brute_force(random_system(seed)).cores) for seed in range(SYSTEMS)]
    assert sum(count > 0 for count in counts) > SYSTEMS / 2
    assert sum(count > 2 for count in counts) > SYSTEMS / 10
