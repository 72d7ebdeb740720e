"""A document is a boundary: what goes wrong in it, and what it takes too much of, is its own fault."""

import json
import os
import pickle
import sys
import zlib
from pathlib import Path

import pytest

from kopir.core.errors import Fault, InputError
from kopir.evidence import Bounds, iter_readings, read, read_catalogue
from kopir.evidence import _extract as extract
from kopir.evidence.documents._worker import _Data
from kopir.evidence.documents._worker_main import NO_MEMORY

GOOD = "Exports of oil from Kazakhstan amounted to 64.8 million tonnes in 2024."
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "hardening"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded where the system bounds it")


def beside_a_good_one(folder, **options):
    """Read a folder into which a good document is put last, and return the codes and values that come out."""
    (folder / "zz.txt").write_text(GOOD, encoding="utf-8")
    result = read([folder], bounds=Bounds(**options))
    assert [claim.value for claim in result.claims if claim.doc == "zz.txt"] == [64.8e6]
    return [fault.code for fault in result.faults]


def pdf(*objects):
    out, places = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + held + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + head + table + end


def test_a_process_of_its_own_reads_the_same(tmp_path):
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.md").write_text(f"# Oil\n\n{GOOD}\n", encoding="utf-8")
    assert read([tmp_path], bounds=Bounds()) == read([tmp_path])


@pytest.mark.slow
def test_a_document_that_takes_too_long_is_left_out(tmp_path):
    attributes = " ".join(f"a{n}=x" for n in range(60_000))
    (tmp_path / "a.html").write_text(f"<p {attributes}>{GOOD}</p>", encoding="utf-8")
    assert beside_a_good_one(tmp_path, seconds=0.1) == ["K2018"]


@pytest.mark.slow
@LINUX
def test_a_document_that_takes_too_much_memory_is_left_out(tmp_path):
    forms = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>/Length 11>>stream\n"
        b"/X Do /X Do\nendstream" % (6 + depth)
        for depth in range(40)
    ]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    last = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\nn\nendstream"
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    start = [b"<</Type/Catalog/Pages 2 0 R>>", pages, page, b"<</Length 5>>stream\n/X Do\nendstream"]
    (tmp_path / "a.pdf").write_bytes(pdf(*start, *forms, last))
    assert beside_a_good_one(tmp_path, memory=150) == ["K2018"]


@LINUX
def test_a_page_that_does_not_fit_is_not_taken_for_an_empty_one(tmp_path):
    (tmp_path / "a.html").write_text(f"<p>{GOOD[:7]}</p>" * 300_000, encoding="utf-8")
    assert beside_a_good_one(tmp_path, memory=100) == ["K2018"]


@pytest.mark.parametrize("before", ["", f"<p>{GOOD}</p>"])
def test_what_lies_deeper_than_a_page_is_followed_is_told(tmp_path, before):
    deep = "<div>" * 5_000 + f"<p>{GOOD}</p>" + "</div>" * 5_000
    (tmp_path / "a.html").write_text(f"{before}{deep}<p>{GOOD}</p>", encoding="utf-8")
    result = read([tmp_path / "a.html"])
    assert [fault.code for fault in result.faults] == ["K2016"]
    assert "deeper" in result.faults[0].why
    assert len(result.claims) == bool(before)


def test_a_text_longer_than_allowed_is_left_out_before_it_is_read(tmp_path):
    (tmp_path / "a.txt").write_text(f"{GOOD} " * 20, encoding="utf-8")
    assert beside_a_good_one(tmp_path, characters=500) == ["K2004"]


def test_a_pdf_packed_twice_does_not_fill_the_memory(tmp_path):
    packed = zlib.compress(zlib.compress(b"0" * 50_000_000, 9), 9)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(packed) + packed + b"\nendstream"
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    (tmp_path / "a.pdf").write_bytes(pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream))
    assert beside_a_good_one(tmp_path) in (["K2001"], ["K2006"], ["K2018"])


def test_what_nobody_foresaw_is_a_fault_of_the_document(tmp_path, monkeypatch):
    def fail(layout):
        if "BREAKS" in layout.text:
            raise KeyError("unforeseen")
        return held(layout)

    held = extract.flow_of
    monkeypatch.setattr(extract, "flow_of", fail)
    (tmp_path / "a.txt").write_text(f"BREAKS {GOOD}", encoding="utf-8")
    (tmp_path / "zz.txt").write_text(GOOD, encoding="utf-8")
    result = read([tmp_path])
    assert [(fault.code, "KeyError: 'unforeseen'" in fault.why) for fault in result.faults] == [("K2019", True)]
    assert [claim.doc for claim in result.claims] == ["zz.txt"]


def test_a_process_that_is_killed_costs_one_document(tmp_path, monkeypatch):
    import kopir.evidence.documents._worker as worker

    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(worker, "_BORN", worker._BORN.replace("main(*", f"{BREAKS_ON_B}; main(*"))
    result = read([tmp_path], bounds=Bounds())
    assert [claim.doc for claim in result.claims] == ["a.txt", "c.txt"]
    assert [fault.code for fault in result.faults] == ["K2018"]


BREAKS_ON_B = (
    "import kopir.evidence.documents._opening as o, os; held = o.file_layout;"
    f"o.file_layout = lambda path, **k: os._exit({NO_MEMORY}) if path.name == 'b.txt' else held(path, **k)"
)


def test_an_answer_of_another_kind_is_refused():
    import io

    with pytest.raises(pickle.UnpicklingError, match="no part of an answer"):
        _Data(io.BytesIO(pickle.dumps(("done", os.system)))).load()
    fault = Fault("K2001", "why", "mend")
    assert _Data(io.BytesIO(pickle.dumps(("faults", (fault,))))).load() == ("faults", (fault,))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and such names are of other systems")
def test_pipes_devices_circles_and_odd_names_stop_nothing(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to("/dev/zero")
    (tmp_path / "c.txt").symlink_to("c.txt")
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/d\xff.txt")
    Path(odd).write_text(GOOD, encoding="utf-8")
    result = read([tmp_path], bounds=Bounds())
    assert [(Path(fault.file).name, fault.code) for fault in result.faults] == [
        ("b.txt", "K2008"), ("c.txt", "K2009"), ("a.txt", "K2009"),
    ]  # fmt: skip
    result = read([tmp_path / "a.txt", "/dev/zero", tmp_path / "c.txt", odd])
    assert [fault.code for fault in result.faults] == ["K2009", "K2009", "K2005"]
    assert [claim.doc for claim in result.claims] == ["d\\xff.txt"]
    json.dumps([claim.as_record() for claim in result.claims], ensure_ascii=False).encode()


def test_lines_of_a_journal_are_believed_by_their_hash_alone(tmp_path):
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    journal = tmp_path / "journal.jsonl"
    first = read([tmp_path / "a.txt"], journal=journal)
    journal.write_text(journal.read_text("utf-8").replace("64800000", "99900000"), "utf-8")
    again = read([tmp_path / "a.txt"], journal=journal)
    assert again.claims == first.claims
    assert [fault.code for fault in again.faults] == ["K2020"]
    assert again.faults[0].line == 1


@pytest.mark.parametrize("held", [b"[]\n", b"\xff\xfe\n", b'{"key": 1}\n', b"null\nnull\n", b"1e999\n"])
def test_a_journal_of_anything_is_told_and_mends_itself(tmp_path, held):
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(held)
    first = read([tmp_path / "a.txt"], journal=journal)
    assert len(first.claims) == 1
    assert [fault.code for fault in first.faults] == ["K2020"]


def test_a_journal_that_cannot_be_written_costs_nothing_that_was_read(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    result = read([tmp_path / "a.txt"], journal=tmp_path / "journal.jsonl")
    assert len(result.claims) == 1
    assert [fault.code for fault in result.faults] == ["K2020"]


@pytest.mark.parametrize(
    ("name", "held", "code"),
    [
        ("a.csv", b"doc,date\n\xff\xfe\x00,2\n", "K0104"),
        ("a.csv", b"name,date\na,2024\n", "K0201"),
        ("a.csv", b"doc,date\na\n", "K0105"),
        ("a.csv", b"doc,date\na,12.11.2025\n", "K2013"),
        ("a.csv", b"doc,about\na,Atlantis\n", "K2013"),
        ("a.jsonl", b"{not json}\n", "K0105"),
        ("a.jsonl", b"[1]\n", "K0105"),
        ("a.jsonl", b'{"doc": 5}\n', "K0105"),
        ("a.jsonl", b'{"date": "2024"}\n', "K0203"),
    ],
)
def test_a_bad_catalogue_is_named_with_its_line(tmp_path, name, held, code):
    (tmp_path / name).write_bytes(held)
    with pytest.raises(InputError) as caught:
        read_catalogue(tmp_path / name)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert all(fault.file and fault.mend for fault in caught.value.faults)


@pytest.mark.skipif(not CASES.is_dir(), reason="the hostile documents are not beside the project")
@pytest.mark.slow
def test_every_hostile_document_is_a_fault_and_the_others_are_read():
    found = list(iter_readings([CASES / "docs"], bounds=Bounds()))
    faults = [one for one in found if isinstance(one, Fault)]
    assert all(fault.code.startswith("K20") and fault.mend for fault in faults)
    assert {Path(fault.file).name for fault in faults} >= {
        "bad_deflate.docx", "enc_bogus.docx", "enc_unknown.docx", "form_recursion.pdf", "method99.docx",
        "stream_bomb.pdf", "version_needed.docx", "xxe_ext_utf16.docx", "xxe_utf16.docx",
    }  # fmt: skip
    assert all(fault.code != "K2019" for fault in faults)
