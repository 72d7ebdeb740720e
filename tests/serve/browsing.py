"""What tests of the pages in a browser share: a server, and pages that ask nothing of elsewhere."""

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import kopir

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
BUILT = (Path(kopir.__file__).parent / "serve/static/kopir.js").is_file()
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PLAIN = ("--no-sandbox", "--no-proxy-server")
SOFTWARE_GL = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
"""Flags with which Chromium draws WebGL on a machine without a graphics card."""


@contextmanager
def served(folder, model="kazakhstan"):
    """Run the server as a person does, in a folder of its own, and end it as one would."""
    command = [sys.executable, "-m", "kopir", "serve", str(model), "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        try:
            yield run.stdout.readline().strip().rstrip("/")
        finally:
            run.terminate()
            run.stdout.close()


@contextmanager
def page_of(browser, address, **options):
    """Open a page that fails where anything is asked of another address, or a script breaks."""
    given = {"viewport": {"width": 1280, "height": 1000}, "locale": "en-GB", **options}
    context = browser.new_context(base_url=address, **given)
    context.set_default_timeout(30_000)
    outside, broken = [], []

    def route(one):
        inside = one.request.url.startswith((address, "data:"))
        if not inside:
            outside.append(one.request.url)
        (one.continue_ if inside else one.abort)()

    context.route("**/*", route)
    shown = context.new_page()
    shown.on("pageerror", lambda error: broken.append(str(error)))
    shown.on("console", lambda told: broken.append(told.text) if "Content Security Policy" in told.text else None)
    try:
        yield shown
    finally:
        context.close()
    assert outside == []
    assert broken == []


def serious(page):
    """Return what axe finds on a page that is serious or worse."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        (one["id"], one["nodes"][0]["html"][:120], one["nodes"][0].get("failureSummary", "")[:200])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
