"""Whatever is asked, the server answers: what was asked, or what is wrong with it, never with its own fault."""

import json
import os
import shutil
import signal
import subprocess
import sys
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

import kopir
from kopir.core.folders.folder import read_folder
from kopir.core.folders.together import changing
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.tray import Tray
from kopir.strategy.questions import questions

SLOW = {"outages", "plan", "coalitions", "sampled_coalitions", "portfolio", "stress", "hindcast"}
NAMES = (
    "deny",
    "lose",
    "severity",
    "percent",
    "months",
    "draws",
    "side",
    "lang",
    "id",
    "ask",
    "k",
    "horizon",
    "sent",
    "step",
    "name",
    "title",
    "first",
    "days",
)
FIELDS = (
    *("text", "date", "about", "version", "slot", "value", "start", "end"),
    *("name", "title", "first", "days", "deny", "lose", "severity", "months", "replaced"),
)
CODES = (
    "RUS",
    "CHN",
    "NORTH",
    "EAST",
    "carries",
    "carries:2:nameplate",
    "leverage:RUS:income_musd",
    "en",
    "short",
    "1",
)
PATHS = (
    "/",
    "/refusal",
    "/map",
    "/partners",
    "/partners/RUS",
    "/questions",
    "/why",
    "/documents",
    "/model",
    "/facts/promises",
    "/model/carries",
    "/scenarios",
    "/scenarios/x",
    "/scenario",
    *(f"/questions/{one.name}" for one in questions() if one.name not in SLOW),
)
ENDS = ("", ".json", ".csv", ".xlsx", ".svg", ".geojson", ".toml", ".exe", "/")
odd = st.text(max_size=12) | st.sampled_from(CODES) | st.integers(-9, 10**12).map(str) | st.floats().map(str)
queries = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=6), odd), max_size=5)
EVERY = 3
"""Steps between kills: each needs a server of its own."""
TOLD = {200, 303, 307, 400, 404, 405, 409, 422}


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    desk = Desk(kopir.open(folder), Tray(tmp_path_factory.mktemp("tray")))
    return TestClient(application(desk), base_url="http://127.0.0.1", follow_redirects=False)


def seen(answer):
    assert answer.status_code in TOLD, (answer.status_code, answer.text[:300])
    if answer.headers.get("content-type", "").startswith("application/json"):
        assert "faults" in json.loads(answer.text)
    return answer


@pytest.mark.slow
@given(path=st.sampled_from(PATHS), end=st.sampled_from(ENDS), query=queries)
def test_any_address_is_answered(server, path, end, query):
    try:
        seen(server.get(path + end, params=query))
    except UnicodeEncodeError:  # a lone half of a letter, which no client can send
        assert any("\ud800" <= letter <= "\udfff" for pair in query for part in pair for letter in part)


@pytest.mark.slow
@given(
    path=st.text(max_size=20), method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
)
def test_any_path_and_method_is_answered(server, path, method):
    address = "/" + quote(path.encode("utf-8", "surrogatepass")).lstrip("/")
    seen(server.request(method, address))


@pytest.mark.slow
@given(
    fields=st.dictionaries(
        st.sampled_from(FIELDS),
        odd,
    ),
    path=st.sampled_from(
        [
            "/documents",
            "/model/carries",
            "/scenarios",
            "/scenarios/x",
            f"/documents/{'0' * 64}/correct",
            "/documents/x/send",
        ]
    ),
)
def test_any_form_is_answered(server, fields, path):
    plain = {name: value.encode("utf-8", "ignore").decode() for name, value in fields.items()}
    seen(server.post(path, data=plain))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=files\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n" * 5000),
        ("application/json", b"[" * 100_000),
        ("text/plain", b""),
    ],
)
def test_a_body_that_is_none_is_answered(server, kind, body):
    seen(server.post("/documents", content=body, headers={"content-type": kind}))


def test_more_files_than_a_form_may_have_are_refused(server):
    files = [("files", (f"{n}.txt", b"text")) for n in range(41)]
    assert seen(server.post("/documents", files=files)).status_code == 400


_KILLED = """
import os, signal, sys
last, place, folder, tray = int(sys.argv[1]), *sys.argv[2:]
seen = 0
def touched(event, args):
    global seen
    if not args or not isinstance(args[0], (str, bytes, os.PathLike)):
        return
    if event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR):
        return
    if event in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"} and place in os.fsdecode(args[0]):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)
from pathlib import Path
from fastapi.testclient import TestClient
import kopir
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.tray import Tray
desk = Desk(kopir.open(folder), Tray(Path(tray)))
client = TestClient(application(desk), base_url="http://127.0.0.1", follow_redirects=False)
text = b"In 2025 Kazakhstan exported 64.8 million tonnes of oil."
given = client.post("/documents", files={"files": ("a.txt", text)}, data={"date": "2026-01-15"})
where = given.headers["location"]
sys.addaudithook(touched)
assert client.post(where + "/send", data={"version": desk.edition}).status_code == 303
"""


@pytest.mark.slow
def test_a_kill_at_steps_of_sending_leaves_the_folder_whole(folder, tmp_path):
    def sent(last):
        own = shutil.copytree(folder, tmp_path / f"at{last}" / "model")
        words = [str(last), str(own), str(own), str(tmp_path / f"tray{last}")]
        return own, subprocess.run([sys.executable, "-W", "ignore", "-c", _KILLED, *words], check=False).returncode

    step, before, after = 1 - EVERY, 0, 0
    while True:
        step += EVERY
        own, code = sent(step)
        with changing(own, wait=5):
            facts = read_folder(own).tables["facts"].cells.height
        whole = facts == 0 or (own / "claims" / "claims.parquet").is_file()
        assert whole, f"step {step}"
        if code == 0:
            break
        assert code == -signal.SIGKILL
        before, after = before + (facts == 0), after + (facts == 1)
    assert facts == 1
    assert min(before, after) > 0
    assert step > 6
    assert os.path.lexists(own / "kopir.toml")
