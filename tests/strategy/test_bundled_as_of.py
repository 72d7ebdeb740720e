"""The bundled model of Kazakhstan as it stood on earlier and later days."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl
import pytest

import kopir
from kopir.core.errors import InputError
from kopir.project import Project


@cache
def project(day: date | None) -> Project:
    return kopir.open("kazakhstan", as_of=day)


NEW_YEAR = date(2025, 1, 1)


@pytest.mark.slow
def test_at_new_year_2025_the_flows_are_those_of_2023_and_nothing_rests_on_a_later_fact():
    model = project(NEW_YEAR).model
    assert model.settings.model.base_year == 2023
    assert model.facts["D0001"].value == pytest.approx(model.facts["D0002"].value)
    assert {one.table for one in model.left_out} >= {"shares", "partner_exports"}
    assert all(one.since > "2025-01-01" for one in model.left_out)
    assert not {"F0120", "F0121", "F0470"} & set(model.facts)


@pytest.mark.slow
def test_the_expansion_of_the_main_line_is_not_there_yet():
    then, now = (project(day).model.table("carries").filter(link="CPC_KAZ") for day in (NEW_YEAR, None))
    assert (then["nameplate"].item(), now["nameplate"].item()) == (67, 72.5)


@pytest.mark.slow
def test_leverage_at_new_year_2025_says_its_base_year_and_still_leads_to_sources():
    answer = project(NEW_YEAR).leverage()
    assert (answer.run.base_year, answer.run.as_of) == (2023, NEW_YEAR)
    lost = dict(answer.table.select("partner", "leverage_musd").iter_rows())
    assert lost["RUS"] > lost["EU"] > lost["TUR"] > 0
    assert answer.table["own_price_musd_low"].null_count() == answer.table.height
    steps = [step for _, step in project(NEW_YEAR).why("leverage:RUS:leverage_musd").walk()]
    dates = (
        project(NEW_YEAR)
        .model.folder.tables["sources"]
        .typed.filter(pl.col("lag").is_null())
        .select("source", "date")
    )
    published = {source: day or "" for source, day in dates.iter_rows()}
    used = {published.get(step.id, "") for step in steps if step.kind == "source"}
    assert max(used) <= "2025-01-01"


@pytest.mark.slow
def test_after_the_stop_of_transit_to_germany_nobody_else_on_that_way_has_leverage():
    before, after = (project(date(2026, month, 15)).leverage().table for month in (4, 6))
    lost = [dict(table.select("partner", "leverage_musd").iter_rows()) for table in (before, after)]
    for partner in ("BLR", "POL", "DEU"):
        assert lost[0][partner] > 0
        assert lost[1][partner] == pytest.approx(0, abs=1e-6)


def test_a_day_of_which_too_little_is_known_is_refused_with_the_whole_list():
    with pytest.raises(InputError) as refused:
        kopir.open("kazakhstan", as_of=date(2023, 6, 1))
    assert {fault.code for fault in refused.value.faults} == {"K0313"}
    assert len(refused.value.faults) > 50
