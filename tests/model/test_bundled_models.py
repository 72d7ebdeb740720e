"""Every bundled model: named in four languages, honestly graded, balanced in its base year, small."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from kopir.core.codes import registered_name
from kopir.model.bundled import bundled_models, bundled_path
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model

MODELS = bundled_models()
NAMED = {
    "nodes": "node",
    "links": "link",
    "supplies": "supply",
    "markets": "market",
    "conversions": "conversion",
    "capacity_groups": "group",
    "options": "option",
    "functions": "function",
    "institutions": "institution",
    "jurisdictions": "jurisdiction",
    "storage": "storage",
    "commodities": "commodity",
}


@cache
def model(name: str) -> Model:
    return open_model(name)


def test_more_than_one_focal_state_comes_with_kopir():
    assert len({model(name).focal_state for name in MODELS}) == len(MODELS) > 1


@pytest.mark.parametrize("name", MODELS)
def test_every_code_has_a_name_in_four_languages(name: str):
    names = {row["code"]: row for row in model(name).table("names").iter_rows(named=True)}
    codes = {code for table, key in NAMED.items() for code in model(name).table(table)[key]}
    codes |= set(model(name).table("links")["route"].drop_nulls())
    for code in sorted(codes):
        if code in names:
            assert all(names[code][language] for language in ("en", "ru", "kk", "tr")), code
        else:
            assert registered_name(code, "en"), code


@pytest.mark.parametrize("name", MODELS)
def test_a_fact_that_leans_on_an_assumption_is_graded_as_one(name: str):
    facts = model(name).facts
    for fact in facts.values():
        if any(facts[one].grade == "assumed" for one in fact.inputs):
            assert fact.grade == "assumed", fact.code


@pytest.mark.parametrize("name", MODELS)
def test_a_sourced_fact_names_its_source_and_every_source_is_used(name: str):
    facts = model(name).facts
    assert [fact.code for fact in facts.values() if fact.grade == "sourced" and not fact.sources] == []
    cited = {source for fact in facts.values() for source in fact.sources}
    for table in model(name).folder.tables.values():
        for column in table.schema.columns:
            if column.refers_to == "sources.source":
                listed = table.typed[column.name]
                cited |= set((listed.explode() if listed.dtype == pl.List else listed).drop_nulls())
    assert set(model(name).table("sources")["source"]) <= cited


@pytest.mark.parametrize("name", MODELS)
def test_what_is_supplied_in_the_base_year_is_sold(name: str):
    opened = model(name)
    rows = opened.table("baseline_flows").filter(
        period=str(opened.settings.model.base_year), owner=opened.focal_state
    )
    by_type = {kind: rows.filter(asset_type=kind)["value"].sum() for kind in ("supply", "market")}
    assert by_type["supply"] == pytest.approx(by_type["market"], abs=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_hazards_stand_alone_and_are_no_players(name: str):
    hazards = set(model(name).table("jurisdictions").filter(kind="hazard")["jurisdiction"])
    assert not hazards & set(model(name).settings.players)
    for clause in model(name).table("denial")["clause"]:
        assert len(set(clause) & hazards) in {0, len(clause)}


@pytest.mark.parametrize("name", MODELS)
def test_the_folder_stays_small(name: str):
    path = bundled_path(name)
    assert path is not None
    assert sum(item.stat().st_size for item in path.rglob("*") if item.is_file()) < 3_000_000
