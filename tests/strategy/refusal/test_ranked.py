"""Intervals beside the leverage: who may be ranked, what the table gets, what coalitions leave as arrays."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from kopir.cli.intervals import ranged
from kopir.model.network.clauses import Denial
from kopir.strategy.refusal.lattice import Lattice
from kopir.strategy.refusal.leverage import leverage
from kopir.strategy.refusal.ranked import rank_ranges, with_intervals
from kopir.strategy.value.games import members
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import IntervalResult
from kopir.strategy.value.valuation import Valuation
from tests.flow.random_networks import random_clauses, random_network


def drawn(*draws: dict[str, float]) -> IntervalResult:
    answers = tuple(
        pl.DataFrame({"partner": list(one), "leverage_musd": [float(loss) for loss in one.values()]})
        for one in draws
    )
    empty = pl.DataFrame()
    return IntervalResult(0, len(answers), 0, 0, 0, empty, empty, answers)


def places(result: IntervalResult) -> dict[str, tuple[int, int]]:
    frame = rank_ranges(result, "partner", "leverage_musd")
    return {name: (low, high) for name, low, high in frame.iter_rows()}


def test_ranks_that_overlap_are_not_ranked() -> None:
    # A is first in both draws, B and C change places, D and E are the same
    found = places(drawn({"A": 9, "B": 5, "C": 4, "D": 1, "E": 1}, {"C": 6, "A": 7, "B": 5, "E": 0.5, "D": 0.5}))
    assert found == {"A": (1, 1), "B": (2, 3), "C": (2, 3), "D": (4, 5), "E": (4, 5)}


def test_losses_that_always_move_together_are_ranked_though_their_intervals_overlap() -> None:
    assert places(drawn({"A": 10, "B": 9}, {"A": 5, "B": 4})) == {"A": (1, 1), "B": (2, 2)}


def test_the_table_says_what_the_draws_leave(setup: Setup) -> None:
    result = with_intervals(leverage(setup), span="short", draws=8, seed=1)
    for row in result.table.iter_rows(named=True):
        assert row["leverage_musd_low"] <= row["leverage_musd_high"]
        assert 1 <= row["rank_low"] <= row["rank_high"] <= len(result.table)
    assert result.calibration is not None
    assert result.calibration.table["assumed_share"].null_count() == len(result.calibration.table)
    number = result.numbers["leverage:RUS:leverage_musd"]
    own = result.table.filter(partner="RUS").row(0, named=True)
    assert (number.value, number.low, number.high) == (
        own["leverage_musd"],
        own["leverage_musd_low"],
        own["leverage_musd_high"],
    )
    again = with_intervals(leverage(setup), span="short", draws=8, seed=1)
    assert again.table.equals(result.table)


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (8.24, 0.1, 9.7, "about 0 to 10"),
        (110, 41.8, 304, "about 40 to 300"),
        (32_398, 29_881, 33_441, "32,398 [30,000 to 33,000]"),
        (-14.4, -155, 136, "about -160 to 140"),
        (5.0, None, None, "5.00"),
        (5.0, 5.0, 5.0, "5.00"),
        (None, None, None, "–"),
        (0.0, -1e-12, 1e-12, "0"),
    ],
)
def test_no_figure_is_finer_than_its_interval(value, low, high, said) -> None:
    assert ranged(value, low, high) == said


@pytest.mark.parametrize("seed", range(12))
def test_what_a_coalition_leaves_is_what_its_denial_leaves(seed: int) -> None:
    """Joint clauses, partial closure, unions and clauses in force: the arrays say what the clauses say."""
    parties = ("AZE", "CHN", "IRN", "RUS", "TUR")
    network = random_network(seed)
    valuation = Valuation(network, random_clauses(network, parties, seed), span="long")
    players, severity = (*parties[1:], "UNION"), (1.0, 0.3)[seed % 2]
    lattice = Lattice(valuation, players, severity, ())
    masks = np.arange(1 << len(players))
    left = lattice.shares(masks)
    for mask in masks:
        whole = valuation.shares(Denial(frozenset(members(int(mask), players)), severity)).all
        assert np.array_equal(left[mask], whole[:, lattice.assets])
        beside = np.delete(whole, lattice.assets, axis=1)
        assert np.array_equal(beside, np.delete(valuation.shares(Denial()).all, lattice.assets, axis=1))
