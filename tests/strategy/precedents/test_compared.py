"""Errors beside naive ones: by hand, by ground, and how far chance moves a ratio."""

from __future__ import annotations

import polars as pl
import pytest

from kopir.strategy.precedents.compared import ALL, by_ground, ratio_range, to_better, weighted_median
from kopir.strategy.precedents.judged import horizon


def _table(rows: list[tuple[str, str, float, float, float]]) -> pl.DataFrame:
    table = pl.DataFrame(rows, schema=["precedent", "kind", *COLUMNS], orient="row")
    same = {"weight": 1.0, "sign": True, "told": True, "within": True}
    return table.with_columns(**{name: pl.lit(value) for name, value in same.items()})


COLUMNS = ("error", "error_no_change", "error_proportional")
THREE = [("A", "rail", 0.1, 0.4, 0.2), ("B", "rail", 0.3, 0.4, 0.2), ("C", "port", 5.0, 0.4, 8.0)]


def test_medians_and_means_by_ground() -> None:
    found = {row["kind"]: row for row in by_ground(_table(THREE), "kind").iter_rows(named=True)}
    assert list(found) == ["port", "rail", ALL]
    assert found[ALL]["error"] == 0.3
    assert found[ALL]["ratio"] == pytest.approx(0.3 / 0.2)
    assert found[ALL]["mean"] == pytest.approx((0.1 + 0.3 + 1) / 3)  # an error of 5 counts as 1
    assert found["rail"]["mean_ratio"] == pytest.approx(1.0)
    assert found["port"]["ratio"] == pytest.approx(5.0 / 0.4)
    assert by_ground(_table(THREE).clear(), "kind").is_empty()


def test_the_better_naive_forecast_is_the_measure() -> None:
    assert to_better((0.2, 0.4, 0.5)) == 0.5
    assert to_better((0.2, 0.4, None)) == 0.5
    assert to_better((0.2, 0.0, 0.5)) is None
    assert weighted_median([0.1, 0.1, 0.1, 0.9, 0.8], [1 / 3, 1 / 3, 1 / 3, 1, 1]) == 0.8


def test_chance_moves_a_ratio_of_few_more_than_one_of_many() -> None:
    few = ratio_range(_table(THREE))
    many = ratio_range(_table([(f"{name}{at}", kind, *rest) for at in range(60) for name, kind, *rest in THREE]))  # type: ignore[misc]
    assert few is not None
    assert many is not None
    assert few[1] - few[0] > many[1] - many[0]
    assert many == (pytest.approx(1.5), pytest.approx(1.5))
    assert ratio_range(_table(THREE)) == few
    assert ratio_range(_table(THREE).clear()) is None


def test_lengths_have_names() -> None:
    days = (1, 3, 4, 31, 92, 400)
    assert [horizon(one) for one in days] == [
        "1 to 3 days",
        "1 to 3 days",
        "to 10 days",
        "to a month",
        "to a quarter",
        "over a quarter",
    ]
