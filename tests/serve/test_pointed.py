"""Charts that can be pointed at: the same as the drawn ones, and each value told as the page tells it."""

import json
import re

import polars as pl
import pytest

from kopir.report.charts.critical import critical_chart
from kopir.report.charts.years import years_chart
from kopir.serve.charts.live import live
from kopir.serve.charts.pictures import picture
from tests.serve.browsing import AXE, BUILT, CHROMIUM, PLAIN, page_of, serious, served

YEARS = pl.DataFrame(
    {
        "title": ["gas", "gas"],
        "side": ["", ""],
        "year": [2019, 2024],
        "share": [0.6, 0.91],
        "low": [0.5, 0.91],
        "high": [0.7, 0.91],
    }
)
CRITICAL = pl.DataFrame(
    {"asset_type": ["link"] * 2, "asset": ["A", "B"], "alone_musd": [2.0, 1.0], "added_musd": 0.5}
)


def bars():
    return critical_chart(CRITICAL, language="en", alone="alone", added="added", axis="USD")


def test_values_are_told_and_nothing_else_is_changed():
    spec = years_chart(YEARS, language="en")
    before = json.dumps(spec)
    found = live(spec, lambda value: f"{value['year']} <{value['share']}>")
    assert json.dumps(spec) == before, "the drawn chart is left as it is"
    told = {value["told"] for values in found["datasets"].values() for value in values}
    assert told == {"2019 <60.0>", "2024 <91.0>"}
    bare = [
        {name: one for name, one in value.items() if name != "told"}
        for value in next(iter(found["datasets"].values()))
    ]
    assert bare == next(iter(spec["datasets"].values()))


def test_the_nearest_point_of_a_line_answers():
    (panel,) = live(years_chart(YEARS, language="en"), str)["concat"]
    answering = [layer for layer in panel["layer"] if "params" in layer]
    assert [layer["mark"]["type"] for layer in answering] == ["point"]
    assert answering[0]["params"][0]["select"]["nearest"] is True


def test_a_legend_hides_what_is_not_chosen():
    found = live(bars(), str)
    bound = [one for one in found["params"] if one.get("bind") == "legend"]
    assert [one["select"]["fields"] for one in bound] == [["what"]]
    assert found["encoding"]["opacity"]["condition"]["param"] == bound[0]["name"]


def test_names_cannot_end_the_script_that_holds_them():
    shown = picture("critical", "a", "b", bars(), lambda value: f"</script><!-- & {value['asset']}")
    assert not re.search("[<>&]", shown.live)
    told = [one["told"] for values in json.loads(shown.live)["datasets"].values() for one in values]
    assert told[0] == "</script><!-- & A"


def test_a_chart_that_nobody_tells_of_is_a_drawing():
    assert picture("years", "a", "b", years_chart(YEARS, language="en")).live == ""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("pointed")) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None or not BUILT:
        pytest.skip("needs Chromium (apt-get install chromium) and the scripts (make web)")
    with sync.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=PLAIN)
        yield found
        found.close()


def pointed(page, across=0.5, down=0.5):
    """Point at the first chart of a page and return what is said there."""
    figure = page.locator(".figure").first
    figure.scroll_into_view_if_needed()
    figure.hover()
    page.locator(".pointed svg").first.wait_for()
    box = page.locator(".pointed svg").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down, steps=5)
    page.locator(".pointed .note").first.wait_for()
    return page.locator(".pointed .note").first.inner_text()


@pytest.mark.slow
def test_a_day_that_is_pointed_at_is_told(browser, address):
    with page_of(browser, address) as page:
        page.goto("/scenarios/EV31?step=70")
        assert page.locator(".figure .wide > svg").count() == 1, "the drawn one stands until it is pointed at"
        assert re.fullmatch(r"\w+ \d+, 20\d\d: −?[\d.]+ million USD a day", pointed(page))
        assert page.locator(".figure .wide > svg").count() == 0
        page.locator("#to-next").click()
        page.wait_for_url("**step=71")
        page.locator(".figure .wide > svg").wait_for()
        assert "million USD a day" in pointed(page)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_are_told_and_hidden_by_their_legend(browser, address, scheme):
    with page_of(browser, address, color_scheme=scheme, bypass_csp=AXE.is_file()) as page:
        page.goto("/questions/outages?ask=1&lang=ru")
        assert re.search(r"\n.*\d млн долл", pointed(page, 0.5, 0.22))
        page.locator(".pointed .role-legend-symbol path").first.click()
        faint = page.locator('.pointed .mark-rect path[opacity="0.15"]')
        faint.first.wait_for(state="attached")
        assert faint.count() == page.locator('.pointed .mark-rect.role-mark path[opacity="1"]').count() > 5
        if AXE.is_file():
            assert serious(page) == []
