"""Files: kinds that are read, and bad ones, each with a clear fault."""

from __future__ import annotations

import os
import zipfile

import pytest

from kopir.core.errors import InputError, fault_codes
from kopir.evidence import read

SENTENCE = "Экспорт Казахстана в Китай в 2023 году составил 5 млрд долларов."
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(path, body, **extra):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", body)
        for name, data in extra.items():
            package.writestr(name, data)
    return path


def codes(result):
    return [fault.code for fault in result.faults]


def pdf(path, *lines):
    """Write the smallest PDF with the lines on one page each."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(lines)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(lines)} >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n, line in enumerate(lines):
        stream = f"BT /F1 12 Tf 72 700 Td ({line}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for n, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{text}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(out)
    return path


@pytest.mark.slow
def test_plain_markdown_html_and_docx_give_the_same_claim(tmp_path):
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.md").write_text(f"# Торговля\n\n**{SENTENCE}**\n", encoding="utf-8")
    script = "<script>document.write('9 млрд долларов')</script>"
    html = f"<html><body>{script}<article><p>{SENTENCE}</p></article></body></html>"
    (tmp_path / "c.html").write_text(html, encoding="utf-8")
    docx(
        tmp_path / "d.docx",
        f"<w:document {W}><w:body><w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p></w:body></w:document>",
    )
    result = read([tmp_path])
    assert [(c.doc, c.value, c.subject, c.partners) for c in result.claims] == [
        (name, 5e9, "KAZ", ("CHN",)) for name in ("a.txt", "b.md", "c.html", "d.docx")
    ]
    assert result.faults == ()


def test_pdf_claims_know_their_page(tmp_path):
    path = pdf(tmp_path / "a.pdf", "Nothing here.", "Exports from Georgia to China were $3 billion in 2023.")
    (claim,) = read([path]).claims
    assert (claim.page, claim.value, claim.subject, claim.partners) == (2, 3e9, "GEO", ("CHN",))


def test_bad_documents_are_reported_and_the_rest_is_read(tmp_path):
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "good.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "legacy.txt").write_bytes(b"\xe9\xf1\xe0 \xfe 5 \xd0")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / "broken.docx").write_bytes(b"PK nothing")
    result = read([tmp_path, tmp_path / "absent.txt", tmp_path / "good.xyz"])
    assert len(result.claims) == 1
    assert sorted(codes(result)) == ["K2001", "K2002", "K2003", "K2006", "K2007", "K2009", "K2009"]
    assert all(fault.file and fault.mend for fault in result.faults)
    assert set(codes(result)) <= set(fault_codes())


def test_unknown_kind_of_file(tmp_path):
    path = tmp_path / "a.exe"
    path.write_bytes(b"MZ")
    assert codes(read([path])) == ["K2005"]


def test_docx_that_unpacks_without_end_is_refused(tmp_path):
    docx(tmp_path / "bomb.docx", f"<w:document {W}>" + " " * 30_000_000 + "</w:document>")
    assert codes(read([tmp_path])) == ["K2007"]


def test_docx_with_entities_is_refused(tmp_path):
    docx(tmp_path / "x.docx", f'<!DOCTYPE d [<!ENTITY a "aaaa">]><w:document {W}>&a;</w:document>')
    assert codes(read([tmp_path])) == ["K2007"]


def test_file_over_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "line.txt"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    assert codes(read([path])) == ["K2004"]


@pytest.mark.slow
def test_one_long_line_is_read_in_parts(tmp_path):
    path = tmp_path / "line.txt"
    path.write_text("слово " * 50_000 + SENTENCE, encoding="utf-8")
    assert [c.value for c in read([path]).claims] == [5e9]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_link_out_of_the_folder_is_refused(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text(SENTENCE, encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.txt").symlink_to(outside)
    result = read([folder])
    assert (codes(result), result.claims) == (["K2008"], ())


def test_words_of_two_scripts_are_reported(tmp_path):
    (tmp_path / "a.txt").write_text("Экспорт Kазахстана составил 5 млрд долларов.", encoding="utf-8")
    result = read([tmp_path])
    assert codes(result) == ["K2014"]
    assert result.faults[0].value == "Kазахстана"


def test_bad_options_are_refused_together():
    with pytest.raises(InputError) as caught:
        read([], date="12.11.2025", language="de")
    assert [fault.code for fault in caught.value.faults] == ["K2013", "K2013"]


def test_journal_keeps_finished_documents(tmp_path):
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(SENTENCE.replace("5", str(n + 5)), encoding="utf-8")
    journal = tmp_path / "out" / "journal.jsonl"
    first = read([tmp_path], journal=journal)
    kept = journal.read_bytes()
    journal.write_bytes(kept[: len(kept) - 40])
    again = read([tmp_path], journal=journal)
    assert again == first
    third = read([tmp_path], journal=journal)
    assert third == first


def test_files_of_a_folder_that_are_not_read_are_named_by_kind(tmp_path):
    (tmp_path / "notes.txt").write_text(SENTENCE, "utf-8")
    for name in ("a.odt", "b.ODT", "c.rtf", ".hidden.epub", "bare"):
        (tmp_path / name).write_bytes(b"x")
    for n in range(7):
        (tmp_path / f"figure{n}.png").write_bytes(b"x")
    result = read([tmp_path])
    assert len(result.claims) == 1
    assert [(fault.code, fault.why) for fault in result.faults] == [
        ("K2005", "1 file not read: bare"),
        ("K2005", "2 files (.odt) not read: a.odt, b.ODT"),
        ("K2005", "7 files (.png) not read: " + ", ".join(f"figure{n}.png" for n in range(5)) + " and 2 more"),
        ("K2005", "1 file (.rtf) not read: c.rtf"),
    ]
