"""The pages in a browser: what a person does with mouse and keyboard; nothing is asked of elsewhere."""

import re

import pytest

import kopir
from tests.serve.browsing import AXE, BUILT, CHROMIUM, PLAIN, page_of, serious, served

pytestmark = pytest.mark.slow
sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine: apt-get install chromium", allow_module_level=True)

PAGES = (
    "/",
    "/?deny=RUS&lose=BTC",
    "/partners",
    "/partners/CHN?curves=1",
    "/questions",
    "/questions/worst?k=1&ask=1",
    "/why?id=leverage:RUS:income_musd",
    "/scenarios",
    "/scenarios/EV31?step=70",
    "/documents",
    "/model/links",
    "/facts",
    "/nowhere",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    with sync.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=PLAIN)
        yield found
        found.close()


@pytest.fixture
def page(browser, address):
    with page_of(browser, address) as found:
        yield found


@pytest.fixture(scope="module")
def told():
    """What ``kopir leverage`` says of Russia."""
    table = kopir.open("kazakhstan").leverage().table
    return next(row for row in table.iter_rows(named=True) if row["partner"] == "RUS")


def shown_value(page, measure):
    return float(page.locator(f'#result [data-id$=":{measure}"]').first.get_attribute("data-value"))


def test_start_deny_russia_and_see_the_figure_of_leverage(page, told):
    page.goto("/")
    page.get_by_label("Russia", exact=True).check()
    page.wait_for_url("**/?deny=RUS")
    page.locator("#result .headline").wait_for()
    assert shown_value(page, "income_musd") == told["income_musd"]
    page.locator("#result .interval").first.wait_for()
    assert page.locator(".income_musd .interval").inner_text() == "[15,000–23,000]"


def test_a_state_is_clicked_on_the_map_and_given_back(page):
    page.goto("/")
    page.locator('a[data-deny="RUS"] path').click(position={"x": 200, "y": 60})
    page.wait_for_url("**/?deny=RUS")
    page.locator("#result .headline").wait_for()
    page.go_back()
    page.wait_for_url(re.compile(r"/$"))
    page.locator("#result .headline").wait_for(state="detached")


def test_follow_a_number_to_its_sentence_and_back(page):
    page.goto("/?deny=RUS")
    page.locator("#result .headline a.num").first.click()
    page.wait_for_url("**/why?**")
    assert page.locator(".step code").first.inner_text() == "refusal:RUS:income_musd"
    assert "http" in page.locator('.trace a[rel~="external"]').first.get_attribute("href")
    page.go_back()
    page.locator("#result .headline").wait_for()
    assert page.url.endswith("/?deny=RUS")


def test_the_language_changes_and_the_state_stays(page):
    page.goto("/?deny=RUS&months=6")
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url("**lang=ru")
    assert "deny=RUS" in page.url
    assert "months=6" in page.url
    assert page.locator("h1").inner_text() == "Кто может надавить: Казахстан"


def test_a_shared_address_shows_the_same_to_another(browser, address):
    values = []
    for locale in ("en-GB", "tr-TR"):
        context = browser.new_context(base_url=address, locale=locale, java_script_enabled=locale == "en-GB")
        other = context.new_page()
        other.goto("/?deny=RUS&deny=CHN&lose=BTC&severity=0.4")
        values.append(shown_value(other, "income_musd"))
        context.close()
    assert values[0] == values[1] > 0


def test_without_scripts_the_form_asks_the_same(browser, address, told):
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Russia", exact=True).check()
    page.get_by_role("button", name="Show").click()
    assert shown_value(page, "income_musd") == told["income_musd"]
    context.close()


@pytest.mark.skipif(not BUILT, reason="the scripts are not built: make web")
def test_the_keyboard_alone_is_enough(page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.get_by_label("Russia", exact=True).focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/?deny=RUS")
    page.locator("#result .headline").wait_for()
    assert page.evaluate("document.activeElement.value") == "RUS"
    link = page.locator('a[data-lose="BTC"]')
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**lose=BTC")


@pytest.mark.skipif(not BUILT, reason="the scripts are not built: make web")
def test_figures_follow_a_slider_while_it_is_held(page):
    page.goto("/?deny=RUS")
    whole = shown_value(page, "income_musd")
    slider = page.locator("#severity-slider").bounding_box()
    page.mouse.move(slider["x"] + slider["width"] - 6, slider["y"] + slider["height"] / 2)
    page.mouse.down()
    page.mouse.move(slider["x"] + slider["width"] / 2, slider["y"] + slider["height"] / 2, steps=4)
    page.locator("#result .lead", has_text="50").wait_for()
    assert shown_value(page, "income_musd") < whole
    assert page.url.endswith("/?deny=RUS"), "it is gone to where the slider is let go"
    page.mouse.up()
    page.wait_for_url(re.compile("severity=0.5"))
    page.go_back()
    page.wait_for_url(re.compile("deny=RUS$"))


@pytest.mark.skipif(not BUILT, reason="the scripts are not built: make web")
def test_a_slider_asks_when_it_is_let_go(page):
    page.goto("/?deny=RUS")
    page.locator("#months-slider").focus()
    page.keyboard.press("Home")
    page.wait_for_url("**months=1")
    assert page.locator("#months").input_value() == "1"


@pytest.mark.skipif(not BUILT, reason="the scripts are not built: make web")
def test_links_that_are_dragged_over_are_lost_together(page):
    page.goto("/")
    box = page.locator("svg#map").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] - 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile("lose="))
    assert page.url.count("lose=") > 2


@pytest.mark.skipif(not BUILT, reason="the scripts are not built: make web")
def test_the_slider_of_a_scenario_moves_by_keys_and_goes_back(page):
    page.goto("/scenarios/EV31?step=70")
    page.locator("#step").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**step=71")
    page.locator("#when", has_text="December 10, 2025").wait_for()
    assert page.evaluate("document.activeElement.id") == "step"
    page.locator("#to-next").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**step=72")
    assert page.locator("#step").input_value() == "72"
    page.get_by_role("link", name="Undisturbed").click()
    page.wait_for_url("**side=before**")
    page.go_back()
    page.go_back()
    page.wait_for_url("**step=71")
    page.locator("#when", has_text="December 10, 2025").wait_for()
    assert page.locator("#step").input_value() == "71"


def test_a_scenario_is_followed_without_scripts(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/scenarios")
    page.get_by_role("link", name="CPC terminal, December 2025, one mooring").click()
    page.locator("#step").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**step=151**")
    assert page.locator("#when").inner_text() == "February 28, 2026"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_serious_stands_in_the_way_of_anybody(browser, address, path, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make web")
    context = browser.new_context(base_url=address, color_scheme=scheme, locale="en-GB", bypass_csp=True)
    page = context.new_page()
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = serious(page)
    context.close()
    assert found == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_telephone(browser, address, path):
    context = browser.new_context(base_url=address, viewport={"width": 360, "height": 700}, locale="ru-RU")
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
