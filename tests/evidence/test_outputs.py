"""Outputs: records, tables, the page; corrections; the optional chooser."""

from __future__ import annotations

import gc
import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import duckdb
import polars as pl
import pytest

from kopir.cli import main
from kopir.core.errors import InputError
from kopir.core.folders.schema import table_schemas
from kopir.evidence import (
    Claim,
    ClaimStream,
    Reading,
    SpanChooser,
    claims_frame,
    highlight,
    iter_readings,
    json_lines,
    read,
    read_corrections,
    read_text,
    write_csv,
    write_json_lines,
    write_parquet,
)
from kopir.evidence._records import SENSE

TEXT = "Экспорт Казахстана в Китай в 2023 году составил 5 млрд долларов. Добыча <b>нефти</b> — 90 млн тонн."


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def corrections(path, *rows):
    path.write_text("doc,start,end,text,slot,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_json_lines_have_the_fields_of_the_gold(folder):
    record = json.loads(next(iter(json_lines(read([folder]).claims))))
    gold = "doc start end text comparator value lo hi unit rate kind indicator subject partners period modality"
    assert set(gold.split()) <= set(record)
    assert (record["subject"], record["partners"], record["period"]) == ("KAZ", ["CHN"], "2023")
    assert set(record["confidence"]) >= {"indicator", "subject", "period"}


def test_parquet_and_csv_hold_the_same_claims(folder, tmp_path):
    claims = read([folder]).claims
    write_parquet(claims, tmp_path / "c.parquet")
    write_csv(claims, tmp_path / "c.csv")
    assert pl.read_parquet(tmp_path / "c.parquet")["value"].to_list() == [5e9, 90e6]
    assert pl.read_csv(tmp_path / "c.csv")["partners"].to_list()[0] == "CHN"
    write_parquet((), tmp_path / "empty.parquet")
    assert pl.read_parquet(tmp_path / "empty.parquet").height == 0


def test_page_escapes_the_text_and_fetches_nothing(folder):
    page = highlight(read([folder]).readings)
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<details>") == 2


def test_a_page_holds_nothing_that_turns_or_hides_its_text(tmp_path):
    (tmp_path / "a.txt").write_text(
        "In 2024 Kazakhstan exported 64.8 million tonnes \u202eof oil\U000e0041.\n", "utf-8"
    )
    page = highlight(read([tmp_path]).readings)
    assert "million tonnes" in page
    assert "\ufffdof oil\ufffd." in page
    assert not {"\u202e", "\U000e0041"} & set(page)


def test_corrections_survive_a_moved_text(folder, tmp_path):
    claim = read([folder]).claims[0]
    path = corrections(
        tmp_path / "corrections.csv",
        f"a.txt,{claim.start},{claim.end},{claim.text},subject,UZB",
        "a.txt,0,0,90 млн тонн,reject,",
    )
    for text in (TEXT, "Новое начало. " + TEXT):
        (folder / "a.txt").write_text(text, encoding="utf-8")
        (left,) = read([folder], corrections=path).claims
        assert (left.subject, left.corrected, left.published, left.confidence["subject"]) == (
            "UZB",
            True,
            True,
            1.0,
        )


def test_correction_that_finds_nothing_is_reported(folder, tmp_path):
    path = corrections(tmp_path / "corrections.csv", "a.txt,1,2,7 млрд,subject,UZB")
    faults = read([folder], corrections=path).faults
    assert [(f.code, f.line) for f in faults] == [("K2012", 2)]


def test_bad_corrections_are_reported_together(tmp_path):
    path = corrections(tmp_path / "corrections.csv", "a.txt,1,2,x,colour,red", "a.txt,1,2,x,value,many")
    with pytest.raises(InputError) as caught:
        read_corrections(path)
    assert [(f.code, f.line, f.column) for f in caught.value.faults] == [
        ("K0208", 2, "slot"),
        ("K2011", 3, "value"),
    ]


def test_corrections_that_point_nowhere_are_named(folder, tmp_path):
    path = corrections(tmp_path / "corrections.csv", "b.txt,1,2,x,subject,UZB", "c.txt,1,2,x,reject,")
    (fault,) = read([folder], corrections=path).faults
    assert (fault.code, fault.line, fault.value) == ("K2010", 2, "b.txt")
    assert 'did you mean "a.txt"' in fault.mend
    with pytest.raises(InputError) as caught:
        read([folder], corrections=tmp_path / "correction.csv")
    assert [fault.code for fault in caught.value.faults] == ["K0102"]


def test_every_slot_of_the_meaning_can_be_corrected():
    assert table_schemas()["corrections"].column("slot").choices == ("reject", *SENSE)


class Fake(BaseHTTPRequestHandler):
    reply = "{}"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"choices": [{"message": {"content": self.reply}}]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        return


@pytest.fixture
def endpoint():
    server = HTTPServer(("127.0.0.1", 0), Fake)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/chat/completions"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("reply", "subject"),
    [('{"choice": 0}', "GEO"), ('{"choice": 7}', None), ('{"choice": null}', None), ("9 billion", None)],
)
def test_chooser_takes_only_offered_spans(tmp_path, endpoint, reply, subject):
    (tmp_path / "a.txt").write_text("Грузия строит порт. Требуется 3 млрд долларов.", encoding="utf-8")
    Fake.reply = reply
    chooser = SpanChooser(endpoint, "test")
    (reading,) = iter_readings([tmp_path], chooser=chooser)
    (claim,) = reading.claims
    assert claim.subject == subject
    assert claim.value == 3e9
    assert not claim.published
    assert dict(claim.filled_by) == ({"subject": "llm:test"} if subject else {})


def test_chooser_keeps_to_its_budget_and_survives_silence(tmp_path):
    (tmp_path / "a.txt").write_text("Грузия строит порт. Требуется 3 млрд долларов.", encoding="utf-8")
    chooser = SpanChooser("http://127.0.0.1:9/none", "test", budget=0, timeout=0.2)
    assert read([tmp_path], chooser=chooser).claims[0].subject is None
    assert chooser.asked == 0
    with pytest.raises(InputError):
        SpanChooser("file:///etc/hosts", "test")


def test_reading_is_deterministic():
    assert read_text(TEXT, language="ru") == read_text(TEXT, language="ru")


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_claims_streamed_are_the_claims_written_at_once(tmp_path, monkeypatch, batch):
    monkeypatch.setattr("kopir.evidence._stream.BATCH", batch)
    for n in range(4):
        (tmp_path / f"{n}.txt").write_text(
            f"In 2024 exports amounted to {n + 5} million tonnes.", encoding="utf-8"
        )
    result = read([tmp_path])
    with ClaimStream(tmp_path / "out" / "a.jsonl", tmp_path / "out" / "a.parquet") as stream:
        for reading in result.readings:
            stream.add(reading)
    write_json_lines([*result.claims, *result.unread], tmp_path / "b.jsonl")
    assert (tmp_path / "out" / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert pl.read_parquet(tmp_path / "out" / "a.parquet").equals(claims_frame(result.claims))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jsonl", "a.parquet"]


def test_a_stream_holds_a_batch_and_writes_row_groups_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr("kopir.evidence._stream.BATCH", 3)
    reading = read_text("In 2024 exports to Russia amounted to 5 million tonnes and 6 million dollars. " * 4)
    with ClaimStream(None, tmp_path / "a.parquet") as stream:
        for _ in range(3):
            stream.add(reading)
            assert len(stream._batch) < 3
    groups = duckdb.sql(
        f"SELECT DISTINCT row_group_num_rows FROM parquet_metadata('{tmp_path}/a.parquet')"
    ).fetchall()
    assert max(rows for (rows,) in groups) == 3
    assert pl.read_parquet(tmp_path / "a.parquet").equals(claims_frame(reading.claims * 3))


@pytest.mark.slow
@pytest.mark.parametrize("asked", [["--parquet", "c.parquet"], ["--jsonl", "c.jsonl"], ["--html", "c.html"]])
def test_what_is_held_does_not_grow_with_the_documents(tmp_path, monkeypatch, asked):
    add, held = ClaimStream.add, []

    def counted(stream, reading):
        add(stream, reading)
        held.append(sum(isinstance(one, Claim | Reading) for one in gc.get_objects()))

    monkeypatch.setattr("kopir.evidence._stream.BATCH", 4)
    monkeypatch.setattr(ClaimStream, "add", counted)
    monkeypatch.chdir(tmp_path)
    for n in range(12):
        (tmp_path / f"{n:02}.txt").write_text(f"{TEXT} {TEXT} {TEXT} {TEXT}", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["kopir", "read", ".", "--quiet", *asked])
    gc.collect()
    gc.freeze()  # what other tests left is neither counted nor gone through
    try:
        with suppress(SystemExit):
            main()
    finally:
        gc.unfreeze()
    assert len(held) == 12
    assert 0 < max(held) <= 1 + 8 + 4  # one reading, its claims, and a batch


def test_a_page_that_is_written_reading_by_reading_is_the_page_of_all(tmp_path, folder):
    (folder / "b.txt").write_text(TEXT * 2, encoding="utf-8")
    readings = read([folder]).readings
    with ClaimStream(None, None, tmp_path / "pages" / "c.html") as stream:
        for reading in readings:
            stream.add(reading)
    assert (tmp_path / "pages" / "c.html").read_text(encoding="utf-8") == highlight(readings)


def test_a_stream_that_breaks_off_leaves_what_was_there(tmp_path):
    (tmp_path / "a.jsonl").write_text("old\n", "utf-8")
    with pytest.raises(ValueError, match="broken"), ClaimStream(tmp_path / "a.jsonl", None):
        raise ValueError("broken")
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("a.jsonl", "old\n")]
