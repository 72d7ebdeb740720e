"""A small docx reader over zip and XML, with limits that a crafted file cannot pass."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

from kopir.core.errors import Fault, UnreadableDocument

PART = "word/document.xml"
MAX_XML = 64 * 1024 * 1024
MAX_RATIO = 200
MAX_ENTRIES = 10_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_text(path: Path) -> str:
    """Return the text of a docx: one line a paragraph, tabs between the cells of a row.

    Raises UnreadableDocument with K2007 for a package that is encrypted, oversized, no docx, or declares entities.
    """
    with zipfile.ZipFile(path) as package:
        if len(package.infolist()) > MAX_ENTRIES:
            raise _refuse(path, f"the package has more than {MAX_ENTRIES} entries")
        try:
            entry = package.getinfo(PART)
        except KeyError:
            raise _refuse(path, f"the package has no {PART}") from None
        if entry.flag_bits & 1:
            raise _refuse(path, "the package is encrypted")
        with package.open(entry) as stream:
            data = stream.read(MAX_XML + 1)
        if len(data) > MAX_XML or len(data) > MAX_RATIO * max(entry.compress_size, 2048):
            raise _refuse(path, "the package unpacks to far more than it holds")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _refuse(path, "the document declares a document type or entities")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise _refuse(path, f"the document is not well formed ({error})") from error
    return "\n".join(_paragraph(p) for p in root.iter(f"{W}p"))


def _paragraph(paragraph: ElementTree.Element) -> str:
    out: list[str] = []
    for node in paragraph.iter():
        if node.tag == f"{W}t":
            out.append(node.text or "")
        elif node.tag == f"{W}tab":
            out.append("\t")
        elif node.tag in (f"{W}br", f"{W}cr"):
            out.append("\n")
    return "".join(out)


def _refuse(path: Path, why: str) -> UnreadableDocument:
    return UnreadableDocument(Fault("K2007", why, "save it anew from a word processor", file=str(path)))
