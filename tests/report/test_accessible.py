"""A brief as a file in a browser: nothing serious for those who see little, in light and dark, wide and narrow."""

import pytest

from kopir.report.brief import write_brief
from tests.serve.browsing import AXE, CHROMIUM, serious

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None or not AXE.is_file(), reason="no Chromium, or axe-core is not installed: make web"
    ),
]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_brief_has_nothing_serious_for_axe(briefs, browser, tmp_path, scheme, width):
    for language, brief in briefs.items():
        write_brief(brief, tmp_path / language, formats=["html"])
        context = browser.new_context(
            color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 900}
        )  # axe itself is a script that the page's policy would not run
        page = context.new_page()
        page.goto((tmp_path / language / "brief.html").as_uri())
        assert serious(page) == [], language
        context.close()


def test_axe_would_tell_of_a_picture_without_words(browser, tmp_path):
    file = tmp_path / "bad.html"
    file.write_text("<!doctype html><title>t</title><main><img src='data:,'></main>", encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert [found[0] for found in serious(page) if found[0] == "image-alt"] == ["image-alt"]
    page.close()
