"""What is posted from a browser: forms of the pages are taken, those of others are not."""

import shutil

import pytest

from tests.serve.browsing import AXE, CHROMIUM, PLAIN, page_of, serious, served

pytestmark = pytest.mark.slow
sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine: apt-get install chromium", allow_module_level=True)


@pytest.fixture
def model(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "model")


@pytest.fixture
def page(model, tmp_path):
    with sync.sync_playwright() as playwright, served(tmp_path, model) as address:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=PLAIN)
        with page_of(browser, address, bypass_csp=AXE.is_file()) as found:
            yield found
        browser.close()


def opened(page):
    """Open all that is folded, and return what stands in anybody's way then."""
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return serious(page) if AXE.is_file() else []


def test_a_scenario_is_kept_changed_removed_and_put_back(page, model):
    page.goto("/?deny=RUS&severity=0.5")
    page.locator(".keep summary").click()
    page.locator("#name").fill("mine")
    page.locator("#days").fill("3")
    page.locator("#keep button").first.click()
    page.wait_for_url("**/scenarios/mine")
    first = (model / "scenarios/mine.toml").read_text("utf-8")
    page.locator("#text").fill(first.replace("severity = 0.5", "severity = 0.75"))
    page.locator("#file button").click()
    page.locator(".lead", has_text="75 %").wait_for()
    assert opened(page) == []
    page.locator("#to").fill("other")
    page.locator("#rename button").click()
    page.wait_for_url("**/scenarios/other")
    assert opened(page) == []
    page.locator("#remove input[type=checkbox]").check()
    page.locator("#remove button").click()
    page.wait_for_url("**/scenarios")
    assert not (model / "scenarios/other.toml").exists()
    assert opened(page) == []
    page.locator('form[action="/scenarios/other/put_back"] button').click()
    page.wait_for_url("**/scenarios/other")
    assert "severity = 0.75" in (model / "scenarios/other.toml").read_text("utf-8")


def test_a_document_is_given_and_shown(page):
    page.goto("/documents")
    page.locator("textarea").first.fill("In 2024 Kazakhstan exported 60 million tonnes of oil to Russia.")
    page.locator("#give button").first.click()
    page.wait_for_url("**/documents/**")
    assert "60 million tonnes" in page.locator(".text").inner_text()


def test_a_form_of_another_page_is_refused(page, tmp_path):
    page.goto("/scenarios")
    here = page.url
    page.goto("about:blank")
    page.set_content(
        f'<form method="post" action="{here}"><input name="name" value="x"><button>go</button></form>'
    )
    page.locator("button").click()
    page.get_by_text("from a page of kopir's own").wait_for()
