"""The first page in a browser, for the README: ``python -m tests.contributing.pages`` (needs Chromium)."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

import kopir
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.running import place

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "serve.png"
MODEL = "kazakhstan"
SIZE = {"width": 1180, "height": 900}


def main() -> None:
    """Write the picture."""
    desk = Desk(kopir.open(MODEL))
    worst = desk.warm().table["partner"][0]
    at = place(port=0)
    server = uvicorn.Server(uvicorn.Config(application(desk, at.door), log_level="error", access_log=False))
    thread = threading.Thread(target=lambda: server.run(sockets=[at.socket]))
    thread.start()
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--no-proxy-server"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = browser.new_page(viewport=SIZE, locale="en-GB")
        page.goto(f"{at.address}?deny={worst}")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=PICTURE)
        browser.close()
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
