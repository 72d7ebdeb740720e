"""Charts of the pages: what is drawn is what the answer says, without a script, in the colours of the page."""

import re

import polars as pl
import pytest

import kopir
from kopir.core.codes import LANGUAGES
from kopir.report.charts.course import course_chart
from kopir.report.charts.critical import critical_chart
from kopir.report.charts.frontier import frontier_chart
from kopir.report.charts.years import years_chart
from kopir.serve.charts.pictures import picture
from kopir.serve.desk import Desk
from kopir.serve.pages.partners import shares_over_years
from kopir.serve.words import words_of

YEARS = pl.DataFrame(
    {
        "title": ["gas", "gas", "gas", "oil", "oil"],
        "side": ["", "", "", "← here", "← here"],
        "year": [2019, 2021, 2024, 2020, 2024],
        "share": [0.6, 0.75, 0.91, 0.1, 0.005],
        "low": [0.5, 0.75, 0.91, 0.1, 0.005],
        "high": [0.7, 0.75, 0.91, 0.1, 0.005],
    }
)
FRONTIER = pl.DataFrame(
    {
        "rule": ["worst refusal"] * 2 + ["mean over recorded outages"],
        "from_budget_musd": [0.0, 50.0, 0.0],
        "residual_musd": [400.0, 350.0, 20.0],
    }
)


def values(spec):
    """Return the values of each panel of a specification, each set of them once."""
    found = []
    for panel in spec.get("concat", [spec]):
        sets = dict.fromkeys(one["data"]["name"] for one in (panel, *panel["layer"]) if "data" in one)
        found.append([one for name in sets for one in spec["datasets"][name]])
    return found


def test_a_panel_shows_one_function_one_way():
    spec = years_chart(YEARS, language="en")
    gas, oil = values(spec)
    assert [(one["year"], one["share"]) for one in gas[:3]] == [(2019, 60.0), (2021, 75.0), (2024, 91.0)]
    assert (gas[0]["low"], gas[0]["high"]) == (50.0, 70.0)
    assert [one["text"] for one in (*gas, *oil) if "text" in one] == ["91 %", "0.5 %"]
    assert [panel["title"]["subtitle"] for panel in spec["concat"]] == [" ", "← here"]


def test_a_frontier_goes_on_beyond_its_last_plan():
    spec = frontier_chart(FRONTIER, language="en", rules={"worst refusal": "WORST"}, budget="b", residual="r")
    first, second = values(spec)
    assert first[:3] == [
        {"budget": 0.0, "left": 400.0},
        {"budget": 50.0, "left": 350.0},
        {"budget": pytest.approx(56.0), "left": 350.0},
    ]
    assert second[1]["left"] == 20.0
    assert [panel["title"]["text"] for panel in spec["concat"]] == ["WORST", "mean over recorded outages"]


def test_the_assets_that_matter_most_have_two_bars_each():
    table = pl.DataFrame({"asset_type": ["link"] * 20, "asset": [f"L{n:02}" for n in range(20)]}).with_columns(
        alone_musd=pl.Series(range(20, 0, -1), dtype=pl.Float64), added_musd=pl.lit(1.5)
    )
    spec = critical_chart(table, language="en", alone="alone", added="added", axis="USD")
    (bars,) = spec["datasets"].values() if "datasets" in spec else [spec["data"]["values"]]
    assert len(bars) == 2 * 15
    assert bars[:2] == [
        {"asset": "L00", "what": "alone", "lost": 20.0},
        {"asset": "L00", "what": "added", "lost": 1.5},
    ]
    assert spec["encoding"]["y"]["sort"][:2] == ["L00", "L01"]
    assert spec["encoding"]["x"]["title"] == "USD"


def test_a_course_is_told_a_day_and_its_step_is_marked():
    from datetime import date

    table = pl.DataFrame({"first": [date(2026, 1, 1), date(2026, 1, 8)], "days": [7, 7], "loss_musd": [0.0, 70.0]})
    ((first, second, end, here),) = values(course_chart(table, 1, axis="USD"))
    assert (first["loss"], second["loss"]) == (0.0, 10.0)
    assert end == {"first": "2026-01-15", "loss": 10.0}
    assert here == second


def test_a_drawing_is_one_that_a_strict_page_takes():
    shown = picture("years", "Shares", "by <year>", years_chart(YEARS, language="ru"))
    assert shown.svg.startswith('<svg role="img" aria-label="Shares by &lt;year&gt;" class="chart" width="')
    assert "style=" not in shown.svg
    assert "<script" not in shown.svg
    assert not re.search(r'(?:href|src)="(?!#)', shown.svg)
    assert set(re.findall(r"#[0-9a-f]{6}\b", shown.svg)) == set(), "colours are those of the page, light or dark"


def test_a_partner_without_two_years_has_no_panel(desk):
    from kopir.model.ties.functions import read_functions

    words = words_of(desk.project.model, "en")
    assert shares_over_years(words, read_functions(desk.project.model), "RUS").is_empty()


def test_a_partner_is_shown_both_ways_over_the_years():
    from kopir.model.ties.functions import read_functions

    model = kopir.open("kazakhstan").model
    found = shares_over_years(words_of(model, "en"), read_functions(model), "CHN")
    gas = found.filter((pl.col("function") == "gas_export") & (pl.col("direction") == "on_partner"))
    assert gas["year"].to_list() == [2019, 2020, 2021, 2022, 2023, 2024]
    assert round(gas["share"][0], 2) == 0.6
    assert round(gas["share"][-1], 2) == 0.91
    assert set(found["direction"]) == {"on_partner", "on_focal"}
    assert found.group_by("function", "direction").len()["len"].min() >= 2


@pytest.mark.slow
def test_the_loss_by_severity_and_duration_is_drawn_where_it_is_asked_for(client):
    plain = client.get("/partners/RUS").text
    href = re.search(r'href="(/partners/RUS\?curves=1)"', plain)[1]
    assert '<svg role="img"' not in plain
    page = client.get(href).text
    assert page.count('<svg role="img"') == 1
    rows = client.get("/partners/RUS.json?curves=1").json()["result"]["curves"]
    whole = next(row for row in rows if row["severity"] == 1 and row["months"] == 12)
    assert whole["loss_musd"] == pytest.approx(8 * 300 - 3 * 200), "5 Mt have another way, 2 of them were there"
    for language in LANGUAGES:
        assert client.get(f"{href}&lang={language}").text.count('<svg role="img"') == 1


@pytest.mark.slow
def test_the_frontier_stands_above_the_plans():
    from fastapi.testclient import TestClient

    from kopir.serve.application import application

    client = TestClient(application(Desk(kopir.open("uzbekistan"))), base_url="http://127.0.0.1")
    page = client.get("/questions/plan?against=1&ask=1&lang=ru").text
    assert ('<svg role="img"' in page) == ("frontier" in client.get("/questions/plan.json?against=1").text)


def test_each_chart_of_a_question_is_explained_by_its_own_words(client):
    page = client.get("/questions/outages?assets=1&ask=1").text
    assert "what it adds on average" in page
    assert "best plan within each budget" not in page
