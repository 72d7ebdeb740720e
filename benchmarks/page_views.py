"""How long the pages of ``kopir serve`` take in a headless Chromium that draws without a graphics card."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

ROUNDS = 5
FLAGS = (
    "--no-sandbox",
    "--no-proxy-server",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
ZOOMED = '.globe[data-ready="true"]'


def page_views(address: str) -> list[str]:
    """Return what each view of the first page takes, from an empty cache, and a click on the zoomable map."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        return ["in a browser: skipped, no Chromium with playwright on this machine"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        drawn = [_drawn(browser, address) for _ in range(ROUNDS)]
        zoomed, clicked = zip(*(_zoomed(browser, address) for _ in range(ROUNDS)), strict=True)
        browser.close()
    return [
        f"in Chromium with an empty cache, first page usable: {_told(drawn)}",
        f"the same with the zoomable map, drawn without a graphics card: {_told(zoomed)}",
        f"from a click on it to the figures, intervals known or not: {_told(clicked)}",
    ]


def _drawn(browser: Any, address: str) -> float:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.locator("#map a[data-deny]").first.wait_for(state="attached")
    page.locator(".closer button").first.wait_for()
    taken = time.perf_counter() - begun
    context.close()
    return taken


def _zoomed(browser: Any, address: str) -> tuple[float, float]:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(f"{address}?map=zoom")
    page.locator(ZOOMED).wait_for()
    ready = time.perf_counter()
    page.locator(".globe").click(position={"x": 500, "y": 80})
    page.locator("#result .headline").wait_for()
    done = time.perf_counter()
    context.close()
    return ready - begun, done - ready


def _told(times: Sequence[float]) -> str:
    return f"median {median(times):.2f} s, slowest {max(times):.2f} s"
