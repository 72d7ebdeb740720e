"""Whatever its own description lets a program ask, the server answers without a fault of its own."""

import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import kopir
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.guard import Door
from kopir.serve.tray import Tray

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: make test")
FEW = 8
"""Requests to each address: there are some seventy."""


@pytest.fixture(scope="module")
def described(folder, tmp_path_factory):
    """Return the description of a server on a folder of its own, which posts may change."""
    place = tmp_path_factory.mktemp("openapi")
    desk = Desk(kopir.open(shutil.copytree(folder, place / "model")), Tray(place / "tray"))
    return schemathesis.openapi.from_asgi("/openapi.json", application(desk, Door(frozenset({"testserver"}))))


def test_it_tells_every_address_of_the_pages(described):
    told = set(described.raw_schema["paths"])
    assert {"/", "/refusal.json", "/scenario.toml", "/scenarios/{name}", "/model/{name}.csv", "/map.svg"} <= told
    posts = {path for path, one in described.raw_schema["paths"].items() if "post" in one}
    assert {"/scenarios", "/scenarios/{name}", "/model/{name}", "/documents"} <= posts


@pytest.mark.slow
def test_nothing_that_it_describes_is_a_fault_of_the_server(described):
    tried, seen = 0, set()
    for operation in (one.ok() for one in described.get_all_operations()):

        @given(case=operation.as_strategy())
        @settings(
            max_examples=FEW, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
        )
        def tried_with(case):
            answer = case.call()
            told = (case.method, case.formatted_path, case.query, case.body)
            seen.add(answer.status_code)
            assert answer.status_code < 500, (told, answer.text[:300])

        tried_with()
        tried += 1
    assert tried > 60
    assert {200, 400, 404} <= seen
