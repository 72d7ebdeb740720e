"""Documents: kept under what they hold, read, corrected, reviewed, and sent to the fact book as one change."""

import hashlib
import shutil

import pytest
from fastapi.testclient import TestClient

import kopir
from kopir.core.errors import InputError
from kopir.core.folders.folder import read_folder
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.tray import MOST_DOCUMENTS, Tray, plain_name

TEXT = "In 2025 Kazakhstan exported 64.8 million tonnes of oil.\n"
KEY = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def desk(folder, tmp_path):
    own = shutil.copytree(folder, tmp_path / "model")
    return Desk(kopir.open(own), Tray(tmp_path / "tray"))


@pytest.fixture
def client(desk):
    return TestClient(application(desk), base_url="http://127.0.0.1:8631", follow_redirects=False)


def given(client, text=TEXT, name="speech.txt", **fields):
    return client.post("/documents", files={"files": (name, text.encode())}, data=fields)


def test_a_document_is_kept_under_the_hash_of_what_it_holds(client, desk):
    answer = given(client, date="2026-01-15")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{KEY}")
    assert (desk.tray.root / KEY / "speech.txt").read_text("utf-8") == TEXT
    page = client.get(f"/documents/{KEY}").text
    assert "64.8 million tonnes" in page
    assert '<mark class="">' in page
    assert "speech.txt" in client.get("/documents").text


@pytest.mark.slow
def test_claims_of_a_document_are_data_too(client):
    given(client, date="2026-01-15")
    (claim,) = client.get(f"/documents/{KEY}.json").json()["result"]["claims"]
    assert (claim["value"], claim["unit"]) == (64.8e6, "t")
    assert claim["published"]
    assert "64.8 million tonnes" in client.get(f"/documents/{KEY}.csv").text


@pytest.mark.slow
def test_pasted_text_is_a_document(client):
    answer = client.post("/documents", data={"text": TEXT})
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "64.8 million tonnes" in page.text


@pytest.mark.slow
def test_text_of_a_document_is_text(client):
    answer = given(client, text="<script>alert(1)</script> 5 million tonnes of oil in 2025", name="a<b>.html.txt")
    page = client.get(answer.headers["location"]).text
    assert "<script>alert" not in page


@pytest.mark.slow
def test_a_slot_is_corrected_and_stays_so(client):
    given(client, date="2026-01-15")
    (claim,) = client.get(f"/documents/{KEY}.json").json()["result"]["claims"]
    place = {"start": claim["start"], "end": claim["end"]}
    for value in ("6", "63000000"):
        answer = client.post(f"/documents/{KEY}/correct", data={**place, "slot": "value", "value": value})
        assert answer.headers["location"].endswith(f"#c{place['start']}-{place['end']}")
    (claim,) = client.get(f"/documents/{KEY}.json").json()["result"]["claims"]
    assert (claim["value"], claim["corrected"]) == (63e6, True)
    client.post(f"/documents/{KEY}/correct", data={**place, "slot": "reject"})
    assert client.get(f"/documents/{KEY}.json").json()["result"]["claims"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields",
    [{"slot": "nothing"}, {"start": "0"}, {"slot": "value", "value": "many"}, {"end": "x" * 100}],
)
def test_a_correction_that_cannot_be_is_refused(client, fields):
    given(client, date="2026-01-15")
    (claim,) = client.get(f"/documents/{KEY}.json").json()["result"]["claims"]
    form = {"start": claim["start"], "end": claim["end"], "slot": "unit", "value": "t"} | fields
    assert client.post(f"/documents/{KEY}/correct", data=form).status_code == 400
    assert client.get(f"/documents/{KEY}").status_code == 200


@pytest.mark.slow
def test_a_speech_is_set_against_the_fact_book(client):
    answer = given(client, date="2026-01-15", review="1")
    assert answer.headers["location"] == f"/documents/{KEY}/review"
    (row,) = client.get(f"/documents/{KEY}/review.json").json()["result"]["figures"]
    assert row["verdict"] == "unknown"
    assert "64.8 million tonnes" in client.get(f"/documents/{KEY}/review").text


@pytest.mark.slow
def test_a_document_is_sent_to_the_fact_book_as_one_change(client, desk):
    given(client, date="2026-01-15")
    before = desk.edition
    answer = client.post(f"/documents/{KEY}/send", data={"version": before})
    assert answer.status_code == 303
    assert "facts.csv" in client.get(answer.headers["location"]).text
    facts = read_folder(desk.project.model.folder.path).tables["facts"].cells
    assert facts.height == 1
    assert desk.edition != before
    assert client.get("/?deny=RUS").status_code == 200


@pytest.mark.slow
def test_two_browsers_cannot_lose_each_others_change(client, desk):
    given(client, date="2026-01-15")
    other = hashlib.sha256(b"In 2024 Kazakhstan exported 68.6 million tonnes of oil.").hexdigest()
    given(
        client, text="In 2024 Kazakhstan exported 68.6 million tonnes of oil.", name="other.txt", date="2026-01-15"
    )
    version = desk.edition
    assert client.post(f"/documents/{KEY}/send", data={"version": version}).status_code == 303
    late = client.post(f"/documents/{other}/send", data={"version": version})
    assert late.status_code == 409
    assert read_folder(desk.project.model.folder.path).tables["facts"].cells.height == 1
    assert client.post(f"/documents/{other}/send", data={"version": desk.edition}).status_code == 303
    assert read_folder(desk.project.model.folder.path).tables["facts"].cells.height == 2


@pytest.mark.slow
def test_a_bundled_model_is_not_changed(tmp_path):
    desk = Desk(kopir.open("uzbekistan"), Tray(tmp_path))
    client = TestClient(application(desk), base_url="http://127.0.0.1")
    given(client, date="2026-01-15")
    assert client.post(f"/documents/{KEY}/send", data={"version": desk.edition}).status_code == 400


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("run.exe", b"MZ"),
        ("run.sh", b"#!/bin/sh"),
        ("page.pdf", b"no pdf"),
        ("sheet.xlsx", b"no sheet"),
        ("text.txt", b"\x00\x01\x02"),
        ("empty.txt", b"  "),
        ("about.json", b"{}"),
        ("corrections.csv", b"doc,start\n"),
    ],
)
def test_only_documents_are_kept(client, desk, name, data):
    assert client.post("/documents", files={"files": (name, data)}).status_code == 400
    assert desk.tray.listed() == []


@pytest.mark.parametrize("key", ["0" * 64, "..", "%2e%2e%2fmodel", KEY.upper()])
def test_only_documents_of_the_tray_are_shown(client, key):
    given(client)
    assert client.get(f"/documents/{key}").status_code in {404, 200 if key == ".." else 404}
    assert client.post(f"/documents/{key}/correct", data={"slot": "value"}).status_code in {404, 405}


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\temp\\речь.DOCX", "речь.docx"),
        (".hidden.txt", "hidden.txt"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("x" * 300 + ".pdf", "x" * 77 + ".pdf"),
        ("", "document.txt"),
        ("...", "document.txt"),
    ],
)
def test_a_name_leads_nowhere(name, plain):
    assert plain_name(name) == plain


def test_the_tray_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("kopir.serve.tray.MOST_DOCUMENTS", 2)
    tray = Tray(tmp_path)
    first = tray.keep("a.txt", b"one")
    tray.keep("b.txt", b"two")
    assert tray.keep("a.txt", b"one", date="2025") == tray.document(first.key)
    with pytest.raises(InputError):
        tray.keep("c.txt", b"three")
    assert MOST_DOCUMENTS > 2


@pytest.mark.parametrize("fields", [{"date": "yesterday"}, {"about": "XXX"}, {}])
def test_what_is_said_of_a_document_is_checked(client, fields):
    files = {"files": ("a.txt", b"text")} if fields else None
    assert client.post("/documents", files=files, data=fields).status_code == 400
