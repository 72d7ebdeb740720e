"""The map that can be zoomed, in a browser without a graphics card: what is chosen on it is what the pages say."""

import json
import math
import re
from urllib.request import urlopen

import pytest

import kopir
from tests.serve.browsing import AXE, BUILT, CHROMIUM, PLAIN, SOFTWARE_GL, page_of, serious, served

pytestmark = pytest.mark.slow
sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine: apt-get install chromium", allow_module_level=True)
if not BUILT:
    pytest.skip("the scripts are not built: make web", allow_module_level=True)
READY = '.globe[data-ready="true"]'


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("zoomable")) as found:
        yield found


@pytest.fixture(scope="module")
def ground(address):
    with urlopen(f"{address}/map/ground.json") as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def chromium():
    with sync.sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="module")
def browser(chromium):
    found = chromium.launch(executable_path=CHROMIUM, args=[*PLAIN, *SOFTWARE_GL])
    yield found
    found.close()


@pytest.fixture
def page(browser, address):
    with page_of(browser, address) as found:
        yield found


def opened(page, path="/?map=zoom"):
    page.goto(path)
    page.locator(READY).wait_for()


def northing(latitude):
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def spot(page, place):
    """Return where a place (degrees east and north) is on the screen now."""
    globe = page.locator(".globe")
    west, south, east, north = map(float, globe.get_attribute("data-bounds").split())
    box = globe.bounding_box()
    across = (place[0] - west) / (east - west)
    down = (northing(north) - northing(place[1])) / (northing(north) - northing(south))
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def middle_of(ground, code):
    (lines,) = [one["geometry"]["coordinates"] for one in ground["links"]["features"] if named(one, "link", code)]
    longest = max(lines, key=len)
    if len(longest) > 2:
        return longest[len(longest) // 2]
    return [sum(both) / 2 for both in zip(longest[0], longest[-1], strict=True)]


def place_of(ground, code):
    (found,) = [
        one["geometry"]["coordinates"] for one in ground["places"]["features"] if named(one, "place", code)
    ]
    return found


def named(feature, kind, code):
    return feature["properties"].get(kind) == code


def shown_value(page, measure):
    page.locator("#result .headline").wait_for()
    return float(page.locator(f'#result [data-id$=":{measure}"]').first.get_attribute("data-value"))


def test_a_link_that_is_clicked_shows_exactly_what_its_loss_costs(page, ground):
    opened(page)
    page.mouse.click(*spot(page, middle_of(ground, "ATASU_ALASHANKOU")))
    page.wait_for_url("**lose=ATASU_ALASHANKOU**")
    table = kopir.open("kazakhstan").refusal(lost=["ATASU_ALASHANKOU"], draws=0).table
    assert shown_value(page, "income_musd") == table["income_musd"][0]
    assert "map=zoom" in page.url


def test_a_state_that_is_clicked_shows_the_figure_of_leverage_and_goes_back(page):
    opened(page)
    page.mouse.click(*spot(page, (60, 58)))
    page.wait_for_url(re.compile("deny=RUS"))
    told = kopir.open("kazakhstan").leverage(draws=0).table.filter(partner="RUS")
    assert shown_value(page, "income_musd") == told["income_musd"][0]
    page.go_back()
    page.locator("#result .headline").wait_for(state="detached")
    page.locator(READY).wait_for()


def test_a_place_that_is_clicked_loses_all_that_leaves_it(page, ground):
    opened(page)
    page.mouse.click(*spot(page, place_of(ground, "ATASU")))
    page.wait_for_url(re.compile("lose=ATASU_ALASHANKOU"))
    assert set(re.findall("lose=([A-Z_]+)", page.url)) == {
        link
        for link, leaves in kopir.open("kazakhstan").model.table("links").select("link", "from_node").iter_rows()
        if leaves == "ATASU" and page.locator(f'[data-link="{link}"]').count()
    }


@pytest.mark.parametrize("mode", ["box", "lasso"])
def test_links_whose_middles_an_area_holds_are_lost_together(page, ground, mode):
    opened(page)
    page.locator(f'button[data-mode="{mode}"]').click()
    x, y = spot(page, middle_of(ground, "ATASU_ALASHANKOU"))
    page.mouse.move(x - 25, y - 25)
    page.mouse.down()
    for across, down in ((25, -25), (25, 25), (-25, 25)) if mode == "lasso" else ((25, 25),):
        page.mouse.move(x + across, y + down, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("lose=ATASU_ALASHANKOU"))
    assert page.locator(f'button[data-mode="{mode}"]').get_attribute("aria-pressed") == "true"


def test_the_list_beneath_is_walked_by_keyboard_and_marked_on_the_map(page):
    opened(page)
    page.locator('a[data-lose="ATASU_ALASHANKOU"]').focus()
    assert "Atasu" in page.locator(".note").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("lose=ATASU_ALASHANKOU"))
    page.locator("#result .headline").wait_for()
    assert page.evaluate("() => document.activeElement.dataset.lose") == "ATASU_ALASHANKOU"


def test_a_finger_draws_and_taps(browser, address, ground):
    options = {"has_touch": True, "is_mobile": True, "viewport": {"width": 500, "height": 900}}
    with page_of(browser, address, **options) as page:
        opened(page)
        page.locator(".globe").scroll_into_view_if_needed()
        page.touchscreen.tap(*spot(page, (60, 58)))
        page.wait_for_url(re.compile("deny=RUS"))


def test_of_several_that_lie_on_each_other_one_is_chosen(page, ground):
    opened(page)
    page.mouse.click(*spot(page, middle_of(ground, "CPC_SPM1")))
    choices = page.locator(".note.asking a")
    choices.first.wait_for()
    assert choices.count() > 2
    assert page.evaluate("() => document.activeElement.closest('.note') !== null"), "the keyboard can go on"
    page.locator('.note.asking a[href*="lose=CPC_SPM1"]').last.click()
    page.wait_for_url(re.compile("lose=CPC_SPM1"))
    page.locator(".note").wait_for(state="hidden")


def test_a_finger_draws_a_lasso(browser, address, ground):
    with page_of(browser, address, has_touch=True, viewport={"width": 500, "height": 900}) as page:
        opened(page)
        page.locator(".globe").scroll_into_view_if_needed()
        page.locator('button[data-mode="lasso"]').tap()
        x, y = spot(page, middle_of(ground, "ATASU_ALASHANKOU"))
        finger = page.context.new_cdp_session(page)
        for kind, points in (
            ("touchStart", [(-20, -20)]),
            ("touchMove", [(20, -20)]),
            ("touchMove", [(20, 20)]),
            ("touchMove", [(-20, 20)]),
            ("touchEnd", []),
        ):
            at = [{"x": x + across, "y": y + down} for across, down in points]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
        page.wait_for_url(re.compile("lose=ATASU_ALASHANKOU"))


def test_before_and_after_are_two_looks_at_one_choice(page):
    opened(page, "/?deny=RUS&map=zoom")
    page.get_by_role("link", name="before").first.click()
    page.wait_for_url("**side=before**")
    page.locator(READY).wait_for()
    assert "map=zoom" in page.url


@pytest.mark.parametrize("language", ["en", "ru", "kk", "tr"])
def test_tools_and_names_are_in_the_language_of_the_page(page, language):
    opened(page, f"/?map=zoom&lang={language}")
    words = page.locator(".tools button[data-mode]").all_inner_texts()
    assert len(set(words)) == 3
    assert (re.search("[а-я]", "".join(words)) is not None) == (language in {"ru", "kk"})


def test_the_drawn_map_stays_where_there_is_no_webgl(chromium, address):
    plain = chromium.launch(executable_path=CHROMIUM, args=[*PLAIN, "--disable-3d-apis"])
    with page_of(plain, address) as page:
        page.goto("/?map=zoom")
        assert "no WebGL" in page.locator(".missing").inner_text()
        page.locator('a[data-deny="RUS"] path').click(position={"x": 200, "y": 60})
        page.wait_for_url(re.compile("deny=RUS"))
    plain.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_the_way(browser, address, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make web")
    with page_of(browser, address, color_scheme=scheme, bypass_csp=True) as page:
        opened(page, "/?deny=RUS&map=zoom")
        assert serious(page) == []


def test_a_telephone_is_wide_enough(browser, address):
    with page_of(browser, address, viewport={"width": 360, "height": 700}) as page:
        opened(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_a_step_of_a_scenario_is_shown_on_it(page):
    opened(page, "/scenarios/EV31?step=70&map=zoom")
    page.locator("#to-next").click()
    page.wait_for_url(re.compile("step=71"))
    page.locator(READY).wait_for()
    assert "map=zoom" in page.url
