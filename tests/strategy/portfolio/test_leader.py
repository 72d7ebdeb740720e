"""Who leads a function: only where it is certain, no region, and no half-year beside a year."""

from __future__ import annotations

import pytest

from kopir.model.contents.quantities import CellRef
from kopir.model.ties.functions import Estimate, Function, FunctionBook, Tie
from kopir.strategy.portfolio.portfolio_trend import trend
from kopir.strategy.value.ties import tie_table


def tie(partner: str, low: float, high: float | None = None, *, year: int = 2024, part: str = "") -> Tie:
    ends = (low, low if high is None else high)
    share = Estimate(sum(ends) / 2, *ends, (CellRef("shares", 2, "share"),), "sourced")
    return Tie("goods", partner, year, "export", "on_partner", share, None, None, "", None, (), "", 2, part)


def book(*ties: Tie, regions: tuple[str, ...] = ()) -> FunctionBook:
    goods = Function("goods", "described", None, None, "export", None, None, {}, None, 2)
    ordered = sorted(ties, key=lambda one: (one.partner, one.year))
    return FunctionBook({"goods": goods}, tuple(ordered), frozenset(regions))


@pytest.mark.parametrize(
    ("ties", "leader"),
    [
        ([tie("AAA", 0.6)], "AAA"),  # more than the 0.4 that is not named
        ([tie("AAA", 0.4)], None),  # one unnamed partner may have 0.6
        ([tie("AAA", 0.45), tie("BBB", 0.3)], "AAA"),
        ([tie("AAA", 0.45), tie("BBB", 0.45)], None),
        ([tie("AAA", 0.4, 0.6), tie("BBB", 0.3, 0.45)], None),  # their intervals overlap
        ([tie("AAA", 0.5, 0.6), tie("BBB", 0.3, 0.45)], "AAA"),
    ],
)
def test_a_leader_is_named_where_the_shares_make_it_certain(ties: list[Tie], leader: str | None) -> None:
    (row,) = trend(book(*ties)).table.iter_rows(named=True)
    assert row["leader"] == leader
    assert (row["leader_share"] is None) == (leader is None)


def test_a_region_is_no_partner() -> None:
    found = trend(book(tie("ASIA", 0.5), tie("AAA", 0.4), regions=("ASIA",)))
    (row,) = found.table.iter_rows(named=True)
    assert (row["partners"], row["named"], row["leader"]) == (1, pytest.approx(0.4), None)
    alone = trend(book(tie("ASIA", 0.9), regions=("ASIA",)))
    assert alone.table.is_empty()


def test_half_a_year_is_not_set_beside_a_year() -> None:
    half = "2025-01/2025-06"
    told = book(tie("AAA", 0.2, year=2021), tie("AAA", 0.3, year=2025, part=half))
    (row,) = tie_table(told).table.iter_rows(named=True)
    assert (row["year"], row["part"], row["share"]) == (2025, half, pytest.approx(0.3))
    assert (row["first_year"], row["share_change"]) == (None, None)
    assert trend(told).table["year"].to_list() == [2021]


def test_half_a_year_is_set_beside_the_same_half() -> None:
    told = book(
        tie("AAA", 0.1, year=2023, part="2023-01/2023-06"),
        tie("AAA", 0.2, year=2024),
        tie("AAA", 0.3, year=2025, part="2025-01/2025-06"),
    )
    (row,) = tie_table(told).table.iter_rows(named=True)
    assert (row["first_year"], row["share_change"]) == (2023, pytest.approx(0.2))
