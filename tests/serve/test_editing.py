"""Tables in the pages: read, changed row by row, checked at once, and never against a change of somebody else."""

import re
import shutil

import pytest
from fastapi.testclient import TestClient

import kopir
from kopir.core.folders.folder import read_folder
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.tray import Tray


@pytest.fixture
def desk(folder, tmp_path):
    own = shutil.copytree(folder, tmp_path / "model")
    return Desk(kopir.open(own), Tray(tmp_path / "tray"))


@pytest.fixture
def client(desk):
    return TestClient(application(desk), base_url="http://127.0.0.1:8631", follow_redirects=False)


def rows(desk, table):
    return list(read_folder(desk.project.model.folder.path).tables[table].records())


def form(client, table, line):
    """Return what the form of a row would send as it stands."""
    page = client.get(f"/model/{table}?line={line}").text
    cells = dict(re.findall(r'name="(cell-[a-z_]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]* name="(cell-[a-z_]+)".*?>(.*?)</select>', page, re.DOTALL):
        cells[name] = "".join(re.findall(r"<option selected>([^<]*)<", options))
    return {**cells, "line": str(line), "version": re.search(r'name="version" value="([^"]+)"', page)[1]}


def test_every_table_can_be_read(client, desk):
    listed = client.get("/model").text
    for name in desk.project.model.folder.tables:
        assert f'href="/model/{name}"' in listed
    assert "NORTH" in client.get("/model/links").text
    assert client.get("/model/links.json").json()["result"]["rows"][0]["link"] == "NORTH"
    assert client.get("/model/links.csv").text.startswith("link,")


@pytest.mark.slow
def test_the_form_of_a_row_changes_nothing_but_what_is_changed(client, desk):
    before = desk.project.model.folder
    sent = form(client, "carries", 2)
    assert client.post("/model/carries", data=sent).status_code == 303
    assert rows(desk, "carries") == list(before.tables["carries"].records())


def test_a_changed_cell_changes_the_answer(client, desk):
    sent = form(client, "carries", 3) | {"cell-nameplate": "3"}
    assert client.post("/model/carries", data=sent).status_code == 303
    assert [row["nameplate"] for row in rows(desk, "carries")] == ["8", "3"]
    (row,) = client.get("/refusal.json?deny=RUS").json()["result"]["table"]
    assert row["leverage_musd"] == pytest.approx(8 * 300 + 2 * 200 - 3 * 200)


def test_a_row_is_added_and_taken_away(client, desk):
    sent = form(client, "nodes", "new") | {"cell-node": "PORT", "cell-kind": "port", "cell-territory": "KAZ"}
    assert client.post("/model/nodes", data=sent).status_code == 303
    assert rows(desk, "nodes")[-1]["node"] == "PORT"
    last = len(rows(desk, "nodes")) + 1
    sent = {"line": str(last), "version": desk.edition, "remove": "1"}
    assert client.post("/model/nodes", data=sent).status_code == 303
    assert "PORT" not in {row["node"] for row in rows(desk, "nodes")}


@pytest.mark.parametrize(
    ("table", "cells", "told"),
    [
        ("carries", {"cell-nameplate": "many"}, "nameplate"),
        ("carries", {"cell-link": "NOWHERE"}, "NOWHERE"),
        ("carries", {"cell-link": ""}, "link"),
        ("nodes", {"cell-kind": "nothing"}, "nothing"),
        ("carries", {"cell-secret": "1"}, "carries"),
        ("carries", {"line": "99"}, "99"),
    ],
)
def test_what_would_be_at_fault_is_not_written(client, desk, table, cells, told):
    before = rows(desk, table)
    answer = client.post(f"/model/{table}", data=form(client, table, 2) | cells)
    assert answer.status_code in {400, 404}
    assert told in answer.text
    assert rows(desk, table) == before


def test_a_row_that_others_need_is_not_taken_away(client, desk):
    answer = client.post("/model/nodes", data={"line": "2", "version": desk.edition, "remove": "1"})
    assert answer.status_code == 400
    assert "FIELD" in answer.text


def test_two_browsers_cannot_lose_each_others_row(client, desk):
    first, second = form(client, "carries", 2), form(client, "carries", 3)
    assert client.post("/model/carries", data=first | {"cell-nameplate": "7"}).status_code == 303
    assert client.post("/model/carries", data=second | {"cell-nameplate": "6"}).status_code == 409
    assert [row["nameplate"] for row in rows(desk, "carries")] == ["7", "5"]


def test_a_change_made_elsewhere_is_seen(client, desk):
    path = desk.project.model.folder.path / "carries.csv"
    path.write_text(path.read_text("utf-8").replace("EAST,crude,5", "EAST,crude,4"), "utf-8")
    (row,) = client.get("/refusal.json?deny=RUS").json()["result"]["table"]
    assert row["leverage_musd"] == pytest.approx(8 * 300 + 2 * 200 - 4 * 200)
    path.write_text(path.read_text("utf-8").replace("EAST,crude,4", "EAST,crude,many"), "utf-8")
    told = client.get("/refusal.json?deny=RUS")
    assert (told.status_code, told.json()["faults"][0]["column"]) == (400, "nameplate")
    assert "nameplate" in client.get("/").text


def test_a_bundled_model_is_read_only(tmp_path):
    desk = Desk(kopir.open("uzbekistan"), Tray(tmp_path))
    client = TestClient(application(desk), base_url="http://127.0.0.1")
    page = client.get("/model/links?line=2").text
    assert 'type="submit"' not in page
    assert (
        client.post("/model/links", data={"line": "2", "version": desk.edition, "remove": "1"}).status_code == 400
    )
