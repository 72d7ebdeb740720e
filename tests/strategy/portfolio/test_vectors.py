"""The portfolio: miniatures through the whole path, hand values, and no number without a fact or an assumption."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopir.core.errors import InputError
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.model.ties.functions import read_functions
from kopir.project import open_project
from kopir.strategy.portfolio.portfolio import concentration_bounds, specialisation_bounds
from kopir.strategy.portfolio.portfolio_trend import trend
from kopir.strategy.portfolio.result import PortfolioResult
from kopir.strategy.portfolio.swap import swap
from kopir.strategy.portfolio.vectors import portfolio
from kopir.strategy.value.setup import prepare
from kopir.strategy.value.ties import tie_table
from tests.folders import Row, states, veto, write_model
from tests.miniatures import miniature

B = {"basis": "miniature"}
PARTNERS = ("RUS", "CHN", "TUR")


def matrix_model(path: Path, losses: Sequence[Sequence[float]], **extra: list[Row]) -> Path:
    """Write a model in which refusing function ``f`` costs ``losses[p][f]`` million USD.

    Each positive cell is a way of its own: that many Mt at 1 USD/t, which partner p alone can close.
    """
    cells = {
        (partner, f"f{column}"): loss
        for partner, row in zip(PARTNERS, losses, strict=False)
        for column, loss in enumerate(row)
        if loss > 0
    }
    names = {key: f"{key[0]}_{key[1]}" for key in cells}
    tables: dict[str, Sequence[Row]] = {
        "jurisdictions": states(*PARTNERS),
        "functions": [{"function": f"f{column}", "kind": "network"} for column in range(len(losses[0]))],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [
            {"node": f"{name}_{end}", "kind": "field", "territory": "KAZ"}
            for name in names.values()
            for end in "AB"
        ],
        "supplies": [
            {"supply": name, "node": f"{name}_A", "commodity": "crude", "owner": "KAZ", "amount": cells[key]} | B
            for key, name in names.items()
        ],
        "links": [
            {"link": name, "from_node": f"{name}_A", "to_node": f"{name}_B", "mode": "rail"}
            for name in names.values()
        ],
        "carries": [{"link": name, "commodity": "crude"} for name in names.values()],
        "markets": [
            {"market": name, "node": f"{name}_B", "commodity": "crude", "owner": "KAZ", "price": 1, "depth": 1000}
            | B
            for name in names.values()
        ],
        "denial": [veto("link", names[key], key[0], key[1]) for key in cells],
        **extra,
    }
    return write_model(path, tables, players=PARTNERS)


def solved(path: Path, **options: Any) -> PortfolioResult:
    return portfolio(prepare(open_model(path)), **options)


@pytest.mark.parametrize("case", ["diagonal", "uniform", "kz_like"])
def test_matrix_miniature_through_the_portfolio(tmp_path: Path, case: str) -> None:
    entry = miniature("M10")
    expected = entry["expected"][case]
    found = solved(matrix_model(tmp_path / case, entry["input"][case]))
    assert found.measures.specialisation == pytest.approx(expected["mutual_information_nats"], abs=1e-6)
    assert found.measures.normalised_specialisation == pytest.approx(expected["normalised"], abs=1e-6)
    assert found.measures.effective_partners == pytest.approx(expected["effective_partners_overall"], abs=1e-6)
    per_function = found.functions.sort("function")["effective_by_loss"].to_list()
    assert per_function == pytest.approx(expected["effective_partners_per_function"], abs=1e-6)
    losses = {(row["partner"], row["function"]): row["leverage_musd"] for row in found.table.iter_rows(named=True)}
    for row, partner in enumerate(PARTNERS):
        for column, loss in enumerate(entry["input"][case][row]):
            assert losses.get((partner, f"f{column}"), 0.0) == pytest.approx(loss)


def test_asymmetry_miniature_through_the_portfolio(tmp_path: Path) -> None:
    """P takes 12.5 of the focal state's 250 and loses a fee of 5 of its own 2500 (billion USD)."""
    given_, expected = miniature("M12")["input"], miniature("M12")["expected"]
    loss, fee = 1000 * given_["S"]["loss_if_P_denies"], 1000 * given_["P"]["own_loss_if_it_denies"]
    incomes = {"KAZ": 1000 * given_["S"]["gni"], "RUS": 1000 * given_["P"]["gni"]}
    folder = matrix_model(
        tmp_path / "m",
        [[loss + fee]],
        jurisdictions=[
            {"jurisdiction": name, "kind": "state", "gni": incomes.get(name, ""), "basis": "miniature"}
            for name in ("KAZ", *PARTNERS)
        ],
        markets=[
            {
                "market": "W",
                "node": "RUS_f0_B",
                "commodity": "crude",
                "owner": "KAZ",
                "price": 1,
                "depth": loss + fee,
            }
            | B
        ],
        charges=[
            {"charge": "FEE", "asset_type": "link", "asset": "RUS_f0", "beneficiary": "RUS", "account": "firms"}
            | {"amount": fee / (loss + fee)}
            | B
        ],
    )
    (row,) = solved(folder).partners.filter(partner="RUS").iter_rows(named=True)
    assert row["loss_per_cent"] == pytest.approx(expected["loss_pct_S"])
    assert row["own_cost_per_cent"] == pytest.approx(expected["own_cost_pct_P"])
    assert row["points"] == pytest.approx(expected["asymmetry_pct_points"])
    assert row["cost_ratio"] == pytest.approx(expected["cost_ratio"])
    assert row["relative_ratio"] == pytest.approx(expected["relative_ratio"])


def test_concentration_leaves_the_unnamed_rest_open() -> None:
    found = concentration_bounds([0.5, 0.3], [0.5, 0.3])
    assert (found.low, found.high) == pytest.approx((0.34, 0.34 + 0.04))
    whole = concentration_bounds([0.3, 0.3, 0.2, 0.2], [0.3, 0.3, 0.2, 0.2])
    assert (whole.low, whole.high) == pytest.approx((0.26, 0.26))
    wide = concentration_bounds([0.4], [0.6])
    assert (wide.low, wide.high) == pytest.approx((0.16, 0.36 + 0.36))


def test_specialisation_leaves_the_unnamed_rest_open() -> None:
    assert specialisation_bounds([[1, 0], [0, 1]]).low == pytest.approx(1)
    alike = specialisation_bounds([[0.5, 0.5], [0.5, 0.5]])
    assert (alike.low, alike.high) == pytest.approx((0, 0), abs=1e-12)
    half = specialisation_bounds([[0.5, 0.5]])
    assert (half.low, half.high) == pytest.approx((0, 0.5), abs=1e-12)
    assert math.isnan(specialisation_bounds([[0.5]]).low)


@given(
    st.lists(st.lists(st.floats(0, 0.2), min_size=3, max_size=3), min_size=2, max_size=4), st.integers(0, 2**31)
)
def test_any_way_to_name_the_rest_lies_within_the_bounds(rows: list[list[float]], seed: int) -> None:
    shares = np.array(rows)
    rest = 1 - shares.sum(axis=0)
    parts = np.random.default_rng(seed).dirichlet(np.ones(4), size=3).T * rest
    named = specialisation_bounds(np.vstack([shares, parts]))
    bounds = specialisation_bounds(shares)
    assert bounds.low - 1e-9 <= named.low <= bounds.high + 1e-9


def ties_model(path: Path, shares: list[Row], **extra: list[Row]) -> Model:
    functions = [{"function": name, "kind": "described", "measure": "import"} for name in ("a", "b", "c")]
    tables: dict[str, Sequence[Row]] = {
        "jurisdictions": states(*PARTNERS),
        "functions": functions,
        "shares": shares,
    }
    return open_model(write_model(path, tables | extra, players=PARTNERS))


def share(function: str, partner: str, year: int, value: object) -> Row:
    return {"function": function, "partner": partner, "year": year, "share": value} | B


def test_gaps_stay_gaps(tmp_path: Path) -> None:
    model = ties_model(tmp_path / "m", [share("a", "RUS", year, 0.5) for year in (2019, 2020, 2023, 2025)])
    table = tie_table(read_functions(model))
    assert table.table["gaps"].to_list() == [[2021, 2022, 2024]]
    (fault,) = table.gap_faults()
    assert (fault.code, fault.why) == ("K0323", "RUS, a, import: no figure for 2021, 2022, 2024")
    assert fault.mend == "add rows for these years; until then they stay empty"
    assert trend(read_functions(model)).table["year"].to_list() == [2019, 2020, 2023, 2025]


def test_a_trend_is_the_latest_less_the_first_share(tmp_path: Path) -> None:
    model = ties_model(tmp_path / "m", [share("a", "RUS", 2019, 0.4), share("a", "RUS", 2024, 0.3)])
    (row,) = tie_table(read_functions(model)).table.iter_rows(named=True)
    assert (row["first_year"], row["first_share"], row["year"], row["share"]) == (2019, 0.4, 2024, 0.3)
    assert row["share_change"] == pytest.approx(-0.1)
    assert row["grade"] == "assumed"


def panel(path: Path, before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]]) -> Model:
    return ties_model(
        path,
        [
            share(function, partner, year, values[column])
            for year, matrix in ((2019, before), (2024, after))
            for function, values in zip("abc", matrix, strict=True)
            for column, partner in enumerate(("RUS", "CHN"))
        ],
    )


BALANCED = [(0.5, 0.5), (0.5, 0.5), (0.5, 0.5)]
OWN_PARTNERS = [(1.0, 0.0), (0.0, 1.0), (1.0, 0.0)]
HALF_NAMED = [(0.5, 0.0), (0.0, 0.5), (0.5, 0.0)]


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        (BALANCED, OWN_PARTNERS, "true"),
        (OWN_PARTNERS, BALANCED, "not true"),
        (BALANCED, BALANCED, "undetermined"),
        (HALF_NAMED, OWN_PARTNERS, "undetermined"),
    ],
)
def test_verdict_on_selective_strengthening(
    tmp_path: Path, before: list[tuple[float, float]], after: list[tuple[float, float]], answer: str
) -> None:
    verdict = trend(read_functions(panel(tmp_path / "m", before, after))).verdict
    assert verdict.answer == answer
    assert (verdict.first_year, verdict.last_year, verdict.functions) == (2019, 2024, ("a", "b", "c"))
    assert verdict.cells


def test_too_few_functions_give_no_verdict(tmp_path: Path) -> None:
    model = ties_model(tmp_path / "m", [share("a", "RUS", 2019, 0.4), share("a", "RUS", 2024, 0.3)])
    verdict = trend(read_functions(model)).verdict
    assert (verdict.answer, verdict.first_year, verdict.before) == ("undetermined", None, None)


VARIETY = {"kind": "variety", "measure": "import", "expenditure": "100 [90..110]", "sigma_short": "3 [2..5]"} | B


def test_a_closed_form_stands_beside_the_network_with_its_interval(tmp_path: Path) -> None:
    functions: list[Row] = [{"function": "f0", "kind": "network"}, {"function": "goods"} | VARIETY]
    folder = matrix_model(
        tmp_path / "m",
        [[30]],
        functions=functions,
        shares=[share("goods", "RUS", 2024, 0.36)],
    )
    found = solved(folder)
    (row,) = found.table.filter(partner="RUS", function="goods").iter_rows(named=True)
    assert row["leverage_musd"] == pytest.approx(100 * (1 / 0.8 - 1))
    assert row["leverage_musd_low"] == pytest.approx(90 * (0.64**-0.25 - 1))
    assert row["leverage_musd_high"] == pytest.approx(110 * (1 / 0.64 - 1))
    (total,) = found.partners.filter(partner="RUS")["leverage_musd"]
    assert total == pytest.approx(30)  # the middle of an interval is not added to what a network loses
    assert found.ranking.select("partner", "first", "second", "verdict").rows() == [
        ("RUS", "f0", "goods", "refused")
    ]


def test_ranking_is_told_only_where_no_interval_flips_it(tmp_path: Path) -> None:
    functions: list[Row] = [{"function": name} | VARIETY for name in ("big", "huge", "wide")]
    functions[1] = functions[1] | {"expenditure": 10000}
    functions[2] = functions[2] | {"expenditure": "150 [20..300]"}
    shares = [share(name, "RUS", 2024, 0.36) for name in ("big", "huge", "wide")]
    tables = {"jurisdictions": states(*PARTNERS), "functions": functions, "shares": shares}
    tables["commodities"] = [{"commodity": "crude", "unit": "Mt"}]
    found = solved(write_model(tmp_path / "m", tables, players=PARTNERS))
    assert found.ranking.select("first", "second", "verdict").rows() == [
        ("huge", "wide", "holds"),
        ("wide", "big", "open"),
    ]


@pytest.fixture(scope="module")
def kazakhstan() -> tuple[Any, PortfolioResult]:
    setup = prepare(open_model("kazakhstan"))
    return setup, portfolio(setup)


def _floats(table: pl.DataFrame) -> int:
    return sum(table[name].is_not_null().sum() for name, dtype in table.schema.items() if dtype == pl.Float64)


@pytest.mark.slow
def test_no_number_without_a_fact_or_an_assumption(kazakhstan: tuple[Any, PortfolioResult]) -> None:
    """Every number of every table has an id, and behind it stand facts, assumptions with a basis, or a source."""
    setup, found = kazakhstan
    model = setup.model
    swapped = swap(setup, read_functions(model))
    numbers = {**found.numbers, **swapped.numbers}
    tables = (found.table, found.functions, found.trend.table, found.partners, found.pairs, found.ranking)
    tables = (*tables, found.closable.table)
    swaps = (swapped.ties.table, swapped.network, swapped.income, swapped.crossing.table)
    count = sum(_floats(table) for table in (*tables, *swaps))
    singles = [
        name
        for name in numbers
        if name.startswith(("portfolio:measure:", "portfolio:network:", "portfolio:verdict:"))
    ]
    assert len(numbers) - len(singles) == count
    series = {row["line"]: row["source"] for row in model.table("series").iter_rows(named=True)}
    clauses = {row["line"]: row["legal_basis"] for row in model.table("denial").iter_rows(named=True)}
    for name, number in numbers.items():
        assert number.cells, name
        for ref in number.cells:
            if ref.table == "series":
                assert series[ref.line], name
            elif ref.table == "denial":
                assert clauses[ref.line], name
            else:
                quantity = model.quantities[ref]
                assert quantity.fact in model.facts or quantity.basis, (name, str(ref))


@pytest.mark.slow
def test_described_functions_carry_no_loss(kazakhstan: tuple[Any, PortfolioResult]) -> None:
    _, found = kazakhstan
    described = found.functions.filter(kind="described")["function"].to_list()
    assert {"arms", "security", "education", "culture", "diplomacy", "technology", "finance"} <= set(described)
    silent = found.table.filter(pl.col("function").is_in(described))
    assert silent["leverage_musd"].is_null().all()
    guests = silent.filter(pl.col("function") == "culture")["share"]
    assert guests.null_count() == 1  # a tie without a share; the others are shares of guests
    assert guests.sum() < 1


@pytest.mark.slow
def test_votes_and_governance_never_enter_a_loss(kazakhstan: tuple[Any, PortfolioResult], tmp_path: Path) -> None:
    _, found = kazakhstan
    assert not any(ref.table == "series" for cells in found.exposure.inputs.values() for ref in cells)
    losses = [[5.0, 1.0], [2.0, 4.0]]
    without = solved(matrix_model(tmp_path / "without", losses))
    row = {"period": "2024", "unit": "1"}
    points = [row | {"series": f"UNGA_{code}", "value": value} for code, value in (("KAZ", -0.5), ("RUS", 9.0))]
    given_ = solved(
        matrix_model(tmp_path / "with", losses, series=[*points, row | {"series": "WGI_PV_RUS", "value": -3}])
    )
    assert given_.partners.filter(partner="RUS")["unga_distance"].to_list() == [9.5]
    columns = ("partner", "leverage_musd", "shapley_musd", "own_income_musd")
    assert given_.partners.select(columns).equals(without.partners.select(columns))
    assert given_.table.equals(without.table)
    assert given_.measures == without.measures


@pytest.mark.slow
def test_kazakhstan_has_what_was_asked(kazakhstan: tuple[Any, PortfolioResult]) -> None:
    _, found = kazakhstan
    assert found.functions.height >= 12
    metals = found.trend.table.filter(function="metals_export").sort("year")
    assert metals["year"].to_list() == list(range(2019, 2025))
    chinese = found.table.filter(function="metals_export", partner="CHN")
    assert chinese["first_share"].to_list() == pytest.approx([1174.1 / 3487.0], abs=1e-3)
    assert chinese["share"].to_list() == pytest.approx([4067.2 / 5817.3], abs=1e-3)
    russian = found.table.filter(function="imports", partner="RUS")
    assert (russian["first_share"].item(), russian["share"].item()) == pytest.approx((0.43, 0.297))
    assert russian["gaps"].to_list() == [[2022, 2023]]
    crude = found.table.filter(function="oil_export", partner="RUS", measure="oil_transit")
    assert crude["share"].item() == pytest.approx((64.8 + 8.8 + 2.2) / 78.7)


@pytest.mark.slow
def test_every_number_opens_by_why() -> None:
    project = open_project("kazakhstan")
    found = project.why("portfolio:RUS:imports:import:share")
    assert found.value == pytest.approx(0.297)
    assert any(step.id == "F0636" for _, step in found.walk())
    votes = project.why("portfolio:partner:RUS:unga_distance")
    assert any(step.kind == "source" for _, step in votes.walk())
    swapped = project.why("swap:KGZ:coal_export:export:share")
    assert any(step.kind == "source" for _, step in swapped.walk())
    with pytest.raises(InputError, match="K0701"):
        project.why("portfolio:RUS:imports:import:shore")


@pytest.mark.slow
def test_draws_give_losses_an_interval_and_functions_an_order() -> None:
    answer = open_project("kazakhstan").portfolio(draws=8)
    oil = answer.table.filter(function="oil_export", partner="RUS").drop_nulls("leverage_musd")
    assert (
        oil["leverage_musd_low"].item() <= oil["leverage_musd"].item() <= oil["leverage_musd_high"].item() * 1.05
    )
    orders = answer.result.ranking.select("partner", "first", "second", "verdict").rows()
    assert ("RUS", "oil_export", "imports", "open") in orders
    assert ("RUS", "imports", "freight_transit", "holds") in orders
    assert ("EU", "oil_export", "imports", "open") in orders
    assert all(order[3] != "refused" for order in orders)
