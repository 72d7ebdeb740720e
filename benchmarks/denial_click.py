"""A click in the pages of ``kopir serve``: what the server takes beside the two programmes that it solves.

Each contestant answers the same denials, none of which is known beforehand: the two programmes alone (with the
best response, and when nothing may be re-routed), the question with all its tables, and the answer of the
application as JSON and as a page. Then the same through a socket, as a browser has it; and how long it takes
until the first page can be used: opening the model, the first answer, and a headless Chromium that opens the page.
"""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from statistics import median
from typing import Any

import numpy as np
from fastapi.testclient import TestClient

from benchmarks.measure import Table, race
from benchmarks.page_views import page_views
from kopir.model.bundled import bundled_path
from kopir.model.network.clauses import Denial
from kopir.model.network.network import Floats
from kopir.project import open_project
from kopir.serve.application import application
from kopir.serve.choice import Choice
from kopir.serve.desk import Desk
from kopir.serve.pages.start import land_at
from kopir.serve.running import place
from kopir.strategy.outages.together import refusal
from kopir.strategy.refusal.responses import held_value, respond
from kopir.strategy.value.valuation import NOBODY

MODEL = "kazakhstan"
SEVERITIES = (1.0, 0.5)
WEIGHED = (
    "/",
    "/?deny=RUS",
    "/refusal.json?deny=RUS",
    "/static/style.css",
    "/static/kopir.js",
    "/map/ground.json",
    "/static/zoomable.js",
    "/static/maplibre-gl-worker.js",
    "/static/maplibre-gl.css",
    "/static/charts.js",
    "/static/plex.ttf",
)


def clicks(rounds: int, name: str = MODEL) -> list[Table]:
    """Compare on a bundled model, short horizon."""
    if bundled_path(name) is None:
        return [Table(f"Model {name}: a click", notes=(f"skipped: no model {name!r} is bundled",))]
    begun = time.perf_counter()
    project = open_project(name)
    desk = Desk(project)
    opened = time.perf_counter()
    land_at(desk)
    drawn = time.perf_counter()
    client = TestClient(application(desk), base_url="http://127.0.0.1")
    asked = list(product(project.model.settings.players, SEVERITIES))
    rows = race(_contestants(desk, client, asked), rounds, per=len(asked))
    with _listening(desk) as address:
        times = _through_a_socket(desk, address, asked)
        used = page_views(address)
    weights = [f"{path} {len(client.get(path).content) / 1000:.0f} kB" for path in WEIGHED]
    notes = (
        f"a click is one of {len(asked)} denials of one partner; ratios are to the two programmes alone",
        f"through a socket, page with map and tables: median {median(times):.1f} ms, slowest {max(times):.1f} ms",
        f"to open: the model {opened - begun:.2f} s, its first answer and its map {drawn - opened:.2f} s",
        *used,
        f"weight: {', '.join(weights)}",
    )
    return [Table(f"Model {name}: a click in the pages", rows, notes)]


def _contestants(
    desk: Desk, client: TestClient, asked: list[tuple[str, float]]
) -> dict[str, Callable[[], Floats]]:
    setup, valuation = desk.project.setup, desk.setup.valuation("short")

    def each(answer: Callable[[str, float], float]) -> Callable[[], Floats]:
        def all_of_them() -> Floats:
            desk.forget()
            return np.array([answer(*one) for one in asked])

        return all_of_them

    def programmes(partner: str, severity: float) -> float:
        found = respond(valuation, valuation.flow(NOBODY), Denial(frozenset([partner]), severity))
        held_value(valuation, found)
        return found.before.value - found.after.value

    def question(partner: str, severity: float) -> float:
        found = refusal(setup, [partner], severity=severity, valuation=valuation)
        found.as_record()
        return float(found.table["leverage_musd"][0])

    def data(partner: str, severity: float) -> float:
        answer = client.get(f"/refusal.json?deny={partner}&severity={severity}").json()
        return float(answer["result"]["table"][0]["leverage_musd"])

    def page(partner: str, severity: float) -> float:
        text = client.get(f"/?deny={partner}&severity={severity}").text
        return _value(text, f"refusal:{partner}:leverage_musd")

    named = {"programmes": programmes, "question": question, "JSON": data, "page": page}
    return {name: each(answer) for name, answer in named.items()}


def _value(page: str, id: str) -> float:
    return float(page.partition(f'data-id="{id}" data-value="')[2].partition('"')[0])


@contextmanager
def _listening(desk: Desk) -> Iterator[str]:
    import uvicorn

    at = place(port=0)
    server = uvicorn.Server(uvicorn.Config(application(desk, at.door), log_level="error", access_log=False))
    thread = threading.Thread(target=lambda: server.run(sockets=[at.socket]), daemon=True)
    thread.start()
    try:
        yield at.address
    finally:
        server.should_exit = True
        thread.join()
        at.socket.close()


def _through_a_socket(desk: Desk, address: str, asked: list[tuple[str, float]]) -> list[float]:
    """Return the milliseconds until each page has come whole."""
    opener: Any = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(address).read()
    desk.forget()
    desk.refusal(Choice())
    times = []
    for partner, severity in asked:
        begun = time.perf_counter()
        opener.open(f"{address}?deny={partner}&severity={severity}").read()
        times.append(1000 * (time.perf_counter() - begun))
    return times
