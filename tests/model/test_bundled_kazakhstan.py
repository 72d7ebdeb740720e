"""The bundled crude model: it opens, closes its balances, meets its facts and is fair where that was promised."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from kopir.core.folders.formulas import evaluate, parse_formula
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.folder.opening import open_model


@cache
def model() -> Model:
    return open_model("kazakhstan")


def recorded(year: str, asset: str, owner: str = "KAZ") -> float:
    rows = model().table("baseline_flows").filter(period=year, asset=asset, owner=owner)
    assert rows.height
    return float(rows["value"].sum())


@pytest.mark.parametrize(
    ("asset", "fact"),
    [("CPC_RUS_EAST", "F0121"), ("SAMARA_ADAMOVA", "F0137"), ("BTC", "F0131"), ("ATASU_ALASHANKOU", "F0133")],
)
def test_routes_of_the_base_year_are_their_facts(asset: str, fact: str):
    assert recorded("2025", asset) == pytest.approx(model().facts[fact].value / 1e6, rel=0.02)


@pytest.mark.parametrize("year", ["2023", "2024", "2025"])
def test_what_is_supplied_is_sold(year: str):
    rows = model().table("baseline_flows").filter(period=year, owner="KAZ")
    by_type = {kind: rows.filter(asset_type=kind)["value"].sum() for kind in ("supply", "market")}
    assert by_type["supply"] == pytest.approx(by_type["market"], abs=1e-6)


def test_exports_and_refining_of_the_base_year_are_their_facts():
    rows = model().table("baseline_flows").filter(period="2025", owner="KAZ", asset_type="market")
    home = model().table("markets").filter(kind="domestic")["market"].to_list()
    refined = rows.filter(pl.col("asset").is_in(home))["value"].sum()
    assert refined == pytest.approx(model().facts["F0123"].value / 1e6, rel=1e-6)
    assert rows["value"].sum() - refined == pytest.approx(model().facts["F0120"].value / 1e6, rel=1e-6)


def test_the_unsplit_remainder_sums_to_what_the_identity_leaves():
    rows = model().table("baseline_flows").filter(block="remainder")
    assert set(rows["period"]) == {"2025"}
    assert rows["value"].sum() == pytest.approx(model().facts["D0010"].value / 1e6, abs=1e-9)


def test_every_identity_holds_within_its_tolerance():
    values = {code: fact.value for code, fact in model().facts.items()}
    for row in model().table("identities").iter_rows(named=True):
        left, right = (evaluate(parse_formula(side), values) for side in row["equation"].split("="))
        assert left == pytest.approx(right, rel=row["tolerance"]), row["identity"]


def test_the_straits_are_nobodys_veto():
    denial = model().table("denial")
    straits = denial.filter(asset="STRAITS_MED").filter(pl.col("clause").list.contains("TUR"))
    assert straits["effectiveness_low"].to_list() == [0]
    assert 0 < straits["effectiveness_high"].item() < 0.05  # a right of passage is no certainty of passing


def test_the_yearly_cost_of_what_is_built_follows_one_rule():
    for row in model().table("options").iter_rows(named=True):
        if row["annual_cost"] in {None, "0"} or row["capital_cost"] is None or row["basis"] is None:
            continue
        years = 4 if "over the 4 years" in row["basis"] else 20
        cost, capital = (cell(f"options:{row['option']}", name) for name in ("annual_cost", "capital_cost"))
        assert cost.value == pytest.approx(capital.value * 0.1 / (1 - 1.1**-years), rel=0.01), row["option"]


def cell(id: str, column: str):
    line = next(
        row["line"] for row in model().table("options").iter_rows(named=True) if id.endswith(row["option"])
    )
    return model().quantities[CellRef("options", line, column)]


def test_parameters_are_not_fitted_on_events_kept_for_scoring():
    events = model().table("events")
    assert set(events["split"].drop_nulls()) == {"fit", "score"}
    responses = model().table("observations").join(events.filter(split="score"), on="event").filter(role="scored")
    scored = set(responses["facts"].explode().drop_nulls())
    for table in ("carries", "capacity_groups"):
        columns = {"firm", "ramp", "lag"}
        used = {q.fact for ref, q in model().quantities.items() if ref.table == table and ref.column in columns}
        assert not used & scored
