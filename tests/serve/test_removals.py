"""Scenarios are renamed and removed in the page; what a page changes can be put back, and no change is lost."""

import html
import re
import shutil

import pytest
from fastapi.testclient import TestClient

import kopir
from kopir.core.errors import InputError
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.earlier import MOST, PLACE, earlier_text, earlier_texts, removed
from kopir.serve.tray import Tray

TEXT = """[scenario]
title = "Half"
start = 2026-01-01
steps = 10
prices = "base"

[[denial]]
parties = ["RUS"]
severity = 0.5
from = 2026-01-02
to = 2026-01-05
"""


@pytest.fixture
def desk(folder, tmp_path):
    own = shutil.copytree(folder, tmp_path / "model")
    (own / "scenarios").mkdir()
    (own / "scenarios" / "half.toml").write_text(TEXT, "utf-8")
    return Desk(kopir.open(own), Tray(tmp_path / "tray"))


@pytest.fixture
def client(desk):
    return TestClient(application(desk), base_url="http://127.0.0.1:8631", follow_redirects=False)


def fields(page, form):
    text = re.search(rf"<form [^>]*{form}.*?</form>", page, re.DOTALL)[0]
    found = {
        re.search(r'name="([^"]*)"', field)[1]: html.unescape(
            (re.search(r'value="([^"]*)"', field) or ["", ""])[1]
        )
        for field in re.findall(r"<input [^>]*>", text)
    }
    for name, value in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        found[name] = html.unescape(value)
    return found


def asked(client, form="rename", name="half"):
    return fields(client.get(f"/scenarios/{name}").text, f'id="{form}"')


def files(desk):
    root = desk.project.model.folder.path / "scenarios"
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def test_a_scenario_is_renamed_and_opens_under_its_new_name(client, desk):
    answer = client.post("/scenarios/half/rename", data=asked(client) | {"to": "mine"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/scenarios/mine")
    assert files(desk) == {"mine.toml": TEXT}
    assert client.get("/scenarios/half").status_code == 404
    assert client.get("/scenarios/mine").status_code == 200


def test_a_scenario_is_removed_only_when_it_is_meant_and_can_be_put_back(client, desk):
    given = asked(client, "remove")
    given.pop("sure")
    answer = client.post("/scenarios/half/remove", data=given)
    assert (answer.status_code, "sure" in answer.text) == (400, True)
    assert files(desk) == {"half.toml": TEXT}
    assert client.post("/scenarios/half/remove", data=given | {"sure": "1"}).status_code == 303
    assert files(desk) == {".earlier/half/000001.toml": TEXT}
    page = client.get("/scenarios").text
    assert 'href="/scenarios/half"' not in page
    back = fields(page, 'action="/scenarios/half/put_back"')
    answer = client.post("/scenarios/half/put_back", data=back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/scenarios/half")
    assert files(desk)["half.toml"] == TEXT


def test_a_changed_text_can_be_put_back(client, desk):
    given = asked(client, "file")
    changed = TEXT.replace("0.5", "0.7")
    assert client.post("/scenarios/half", data=given | {"text": changed}).status_code == 303
    assert files(desk) == {"half.toml": changed, ".earlier/half/000001.toml": TEXT}
    back = fields(client.get("/scenarios/half").text, 'action="/scenarios/half/put_back"')
    assert client.post("/scenarios/half/put_back", data=back).status_code == 303
    assert files(desk) == {
        "half.toml": TEXT,
        ".earlier/half/000001.toml": TEXT,
        ".earlier/half/000002.toml": changed,
    }


@pytest.mark.slow
def test_the_oldest_texts_give_way(client, desk):
    for share in range(MOST + 3):
        given = asked(client, "file") | {"text": TEXT.replace("0.5", f"0.{share + 10}")}
        assert client.post("/scenarios/half", data=given).status_code == 303
    kept = sorted(name for name in files(desk) if name.startswith(".earlier"))
    assert len(kept) == MOST
    assert kept[-1] == f".earlier/half/{MOST + 3:06}.toml"


@pytest.mark.parametrize("form", ["rename", "remove"])
def test_two_browsers_cannot_lose_each_others_change(client, desk, form):
    mine = asked(client, form) | {"sure": "1", "to": "other"}
    theirs = asked(client, "file") | {"text": TEXT.replace("0.5", "0.9")}
    assert client.post("/scenarios/half", data=theirs).status_code == 303
    before = files(desk)
    assert client.post(f"/scenarios/half/{form}", data=mine).status_code == 409
    assert files(desk) == before


def test_a_removed_scenario_is_not_put_over_a_new_one_of_its_name(client, desk):
    client.post("/scenarios/half/remove", data=asked(client, "remove") | {"sure": "1"})
    back = fields(client.get("/scenarios").text, 'action="/scenarios/half/put_back"')
    assert client.post("/scenarios/half/put_back", data=back).status_code == 303
    assert client.post("/scenarios/half/put_back", data=back).status_code == 409


@pytest.mark.parametrize("to", ["", "../x", "a b", "x" * 41, "half", "HALF"])
def test_a_name_that_cannot_be_is_told(client, desk, to):
    answer = client.post("/scenarios/half/rename", data=asked(client) | {"to": to})
    assert answer.status_code in {400, 409}
    assert files(desk) == {"half.toml": TEXT}


@pytest.mark.parametrize("name", ["..", "nothing", "%2e%2e", ".earlier"])
@pytest.mark.parametrize("what", ["rename", "remove", "put_back"])
def test_what_is_not_there_is_told(client, desk, name, what):
    given = asked(client) | {"to": "x", "sure": "1", "number": "000001", "replaced": ""}
    assert client.post(f"/scenarios/{name}/{what}", data=given).status_code in {400, 404, 405}
    assert files(desk) == {"half.toml": TEXT}


@pytest.mark.slow
def test_a_scenario_of_the_record_keeps_its_name(tmp_path):
    from kopir.model.bundled import bundled_path

    own = shutil.copytree(bundled_path("kazakhstan"), tmp_path / "model")
    desk = Desk(kopir.open(own), Tray(tmp_path / "tray"))
    client = TestClient(application(desk), base_url="http://127.0.0.1:8631", follow_redirects=False)
    page = client.get("/scenarios/EV31").text
    assert 'id="remove"' not in page
    given = fields(page, 'id="file"') | {"sure": "1", "to": "mine"}
    for what in ("rename", "remove"):
        answer = client.post(f"/scenarios/EV31/{what}", data=given)
        assert (answer.status_code, "recorded event" in answer.text) == (400, True)
    assert (own / "scenarios" / "EV31.toml").is_file()


def test_earlier_texts_are_no_scenarios(client, desk):
    client.post("/scenarios/half", data=asked(client, "file") | {"text": TEXT.replace("0.5", "0.7")})
    root = desk.project.model.folder.path
    assert (root / PLACE / "half").is_dir()
    assert [one["scenario"] for one in client.get("/scenarios.json").json()["result"]["scenarios"]] == ["half"]


def test_earlier_texts_lie_inside_the_folder_of_the_model(tmp_path):
    root, outside = tmp_path / "model", tmp_path / "outside"
    (root / PLACE).mkdir(parents=True)
    outside.mkdir()
    (outside / "000001.toml").write_text("secret = 1\n", encoding="utf-8")
    (root / PLACE / "half").symlink_to(outside, target_is_directory=True)
    assert earlier_texts(root, "half") == ()
    assert removed(root, ()) == ()
    with pytest.raises(InputError):
        earlier_text(root, "half", "000001")
