"""Draws dealt by name: the hypercube, and what does not move a figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.draws import places, uniform
from kopir.model.folder.opening import open_model
from kopir.model.grounds.provenance import row_id
from kopir.strategy.refusal.leverage import losses_of
from kopir.strategy.value.setup import Setup, prepare
from kopir.strategy.value.uncertainty import TABLES, _figures, drawn_inputs, figure_ranks, intervals
from tests.folders import write_model
from tests.strategy.conftest import tables

NAMES = st.lists(st.text(max_size=6), unique=True, min_size=1, max_size=8)


@given(NAMES, st.integers(1, 12), st.integers(0, 2**64))
def test_a_hypercube_has_one_point_in_each_part(names: list[str], draws: int, seed: int) -> None:
    points = places(names, draws, seed)
    assert points.shape == (draws, len(names))
    assert [sorted(column) for column in np.floor(points * draws + 1e-9).astype(int).T] == [
        list(range(draws))
    ] * len(names)


@given(NAMES, st.text(min_size=7, max_size=8), st.randoms(use_true_random=False))
def test_a_column_depends_on_its_name_alone(names: list[str], other: str, shuffled: object) -> None:
    order = [*names, other]
    shuffled.shuffle(order)  # type: ignore[attr-defined]
    alone = dict(zip(names, places(names, 9, 4, 2).T, strict=True))
    among = dict(zip(order, places(order, 9, 4, 2).T, strict=True))
    assert all((alone[name] == among[name]).all() for name in names)


def test_seeds_parts_and_repeated_names_have_columns_of_their_own() -> None:
    first = places(["a", "a"], 6, 1, 2)
    assert (first[:, 0] != first[:, 1]).any()
    assert (first != places(["a", "a"], 6, 1, 3)).any()
    assert (first != places(["a", "a"], 6, 12)).any()
    assert places([], 6, 1).shape == (6, 0)
    assert places(["a"], 0, 1).shape == (0, 1)


def test_the_generator_gives_its_published_numbers() -> None:
    """The first five of SplitMix64 from 1234567, as every implementation of it is checked by."""
    wanted = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    found = uniform(np.array([[1234567]], dtype=np.uint64), 3, 2)[:, 0]
    assert (found * 2**53).astype(np.uint64).tolist() == [one >> 11 for one in wanted[2:]]


def test_many_columns_are_even_and_apart() -> None:
    points = places([f"F{n:04}" for n in range(400)], 50, 7)
    off = np.corrcoef(points.T) - np.eye(400)
    assert np.sqrt((off**2).sum() / (400 * 399)) == pytest.approx(1 / np.sqrt(49), rel=0.02)
    assert points.mean() == pytest.approx(0.5, abs=1e-3)


def model(path: Path, *, upside_down: bool = False, more: bool = False) -> Setup:
    """Return a model with a sourced price, its rows in one order or the other, with or without another field."""
    rows = {name: [dict(row) for row in own] for name, own in tables().items()}
    rows["sources"] = [{"source": "S1", "title": "a page"}]
    named = {"indicator": "price", "kind": "level", "modality": "actual", "period": "2025", "sources": "S1"}
    ends = {"value": 440, "low": 420, "high": 470, "unit": "USD/t"}
    rows["facts"] = [{"fact": fact} | named | ends for fact in ("F1", "F2")]
    rows["markets"] = [row | {"price": f"F{1 + n % 2}"} for n, row in enumerate(rows["markets"])]
    if more:
        rows["markets"].insert(0, rows["markets"][0] | {"market": "ANOTHER", "price": "430 [400..450]"})
    if upside_down:
        rows = {name: own[::-1] for name, own in rows.items()}
    return prepare(open_model(write_model(path, rows, players=("RUS", "CHN", "TUR"))))


def drawn_by_name(setup: Setup) -> dict[str, list[float]]:
    """Return the values that each uncertain figure takes in six draws, by fact or by row and column."""
    rows = setup.model.folder.tables
    refs = {figure[0].ref: figure[0].fact for figure in _figures(setup, TABLES)}
    names = {ref: fact or f"{row_id(rows[ref.table], ref.line)} {ref.column}" for ref, fact in refs.items()}
    found: dict[str, list[float]] = {name: [] for name in names.values()}
    for values, *_ in drawn_inputs(setup, 6, seed=1):
        for ref, name in names.items():
            found[name].append(values[ref])
    return found


def losses(drawn: Setup) -> pl.DataFrame:
    return losses_of(drawn, ("RUS", "CHN", "TUR"))


def test_the_order_of_rows_moves_no_draw_and_no_interval(tmp_path: Path) -> None:
    one, other = model(tmp_path / "m"), model(tmp_path / "n", upside_down=True)
    assert drawn_by_name(one) == drawn_by_name(other)

    def ranges(setup: Setup) -> dict[tuple[str, str], tuple[float, float]]:
        found = intervals(setup, losses, "partner", draws=6, seed=5).table
        return {(row["partner"], row["measure"]): (row["low"], row["high"]) for row in found.to_dicts()}

    first, second = ranges(one), ranges(other)
    assert any(high - low > 1 for low, high in first.values())
    assert {key: pytest.approx(ends, rel=1e-9, abs=1e-9) for key, ends in first.items()} == second


def test_another_row_moves_no_draw_of_the_others(tmp_path: Path) -> None:
    before, after = drawn_by_name(model(tmp_path / "m")), drawn_by_name(model(tmp_path / "n", more=True))
    assert before.items() < after.items()


def test_ranks_are_where_the_draws_lie(tmp_path: Path) -> None:
    setup = model(tmp_path / "m")
    seeds = [11, 12, 13]
    names, ranks = figure_ranks(setup, seeds)
    for seed, row in zip(seeds, ranks, strict=True):
        [(values, clauses, _)] = drawn_inputs(setup, 1, seed)
        told = dict(zip(names, row.tolist(), strict=True))
        for figure in _figures(setup, TABLES):
            one = figure[0]
            at = told[one.fact or str(one.ref)]
            value = (
                one.low + 2 * at * (one.value - one.low)
                if at < 0.5
                else one.value + (2 * at - 1) * (one.high - one.value)
            )
            assert values[one.ref] == pytest.approx(value)
        assert clauses == told["effectiveness of clauses"]
