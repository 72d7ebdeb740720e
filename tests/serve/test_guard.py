"""Who is let in, what may be sent, and what pages may do."""

import asyncio
import re

import pytest
from fastapi.testclient import TestClient

from kopir.core.errors import InputError
from kopir.serve.application import application
from kopir.serve.guard import LOOPBACK, MOST_BYTES, Door, Guard
from kopir.serve.running import place

TOKEN = "a-token-of-this-server"


def asked(desk, door=None, base="http://127.0.0.1:8631"):
    return TestClient(application(desk, door), base_url=base, follow_redirects=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8631", "[::1]:8631", "LOCALHOST"])
def test_this_machine_is_answered_under_its_names(client, host):
    assert client.get("/why", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.7", "", "localhost.evil", "[", "a@b"]
)
def test_another_name_that_leads_here_is_refused(client, host):
    page = client.get("/why", headers={"host": host})
    assert page.status_code == 421
    assert "kopir" in page.text


def test_a_token_opens_and_stays_in_a_cookie(desk):
    client = asked(desk, Door(LOOPBACK | {"0.0.0.0"}, TOKEN), "http://192.168.1.5:8631")
    assert client.get("/why").status_code == 401
    assert client.get("/why?token=another").status_code == 401
    opened = client.get(f"/why?id=RUS&token={TOKEN}")
    assert (opened.status_code, opened.headers["location"]) == (303, "/why?id=RUS")
    assert {"HttpOnly", "SameSite=Strict"} <= set(re.split("; ?", opened.headers["set-cookie"]))
    assert client.get("/why").status_code == 200
    assert client.get("/why", headers={"host": "evil.example"}).status_code == 421


def test_a_token_leads_nowhere_else():
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "//evil.example/",
        "query_string": f"token={TOKEN}".encode(),
        "headers": [(b"host", b"localhost")],
    }
    asyncio.run(Guard(None, Door(LOOPBACK, TOKEN))(scope, None, send))
    assert dict(sent[0]["headers"])[b"location"] == b"/evil.example/"


def test_pages_run_nothing_but_kopirs_own_files(client):
    page = client.get("/?deny=RUS")
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []
    assert re.findall(r"<[^>]+ (?:on[a-z]+|style)=", page.text) == []


@pytest.mark.parametrize("path", ["/", "/partners", "/questions", "/questions/worst", "/why?id=NORTH"])
def test_no_page_asks_for_anything_from_elsewhere(client, path):
    page = client.get(path).text
    loaded = re.findall(r'(?:src|action)="([^"]+)"|<link[^>]+href="([^"]+)"', page)
    assert [one for pair in loaded for one in pair if one and not one.startswith(("/", "data:"))] == []
    style = client.get("/static/style.css").text
    assert [
        one for one in re.findall(r"url\(([^)]+)\)", style) if not one.strip('"').startswith(("/static/", "#"))
    ] == []


@pytest.mark.parametrize("name", ["kopir.txt", "../guard.py", "..%2fguard.py", "style.css.js"])
def test_only_built_scripts_are_served(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_nothing_is_changed_by_a_get(desk):
    paths = application(desk).openapi()["paths"]
    assert {method for path in paths.values() for method in path} <= {"get", "post"}


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}],
)
def test_what_is_posted_comes_from_a_page_of_the_same_address(client, headers):
    assert client.post("/questions", headers=headers).status_code == 403


def test_too_much_is_not_taken_in(client):
    assert client.post("/questions", headers={"content-length": str(MOST_BYTES + 1)}).status_code == 413
    assert client.post("/questions", headers={"content-length": "many"}).status_code == 413


def test_a_place_on_this_machine_needs_no_token_and_another_one_does():
    with place("127.0.0.1", 0).socket as held:
        port = held.getsockname()[1]
        with pytest.raises(InputError, match=str(port)):
            place("127.0.0.1", port)
    here, everywhere = place("127.0.0.1", 0), place("0.0.0.0", 0)
    here.socket.close()
    everywhere.socket.close()
    assert (here.door.token, "token" in here.address) == ("", False)
    assert len(everywhere.door.token) > 20
    assert everywhere.door.token in everywhere.address
    assert everywhere.door.token != place_token()


def place_token():
    other = place("0.0.0.0", 0)
    other.socket.close()
    return other.door.token
