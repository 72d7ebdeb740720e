"""Blocks of a file: txt, md, csv, html, pdf, docx, xlsx. Nothing is run or fetched, and memory is bounded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kopir.core.encoding import decoded, shown_path
from kopir.core.errors import Fault, UnreadableDocument
from kopir.evidence.layout._blocks import Layout
from kopir.evidence.layout._captions import with_captions

MAX_BYTES = 32 * 1024 * 1024
MAX_CHARACTERS = 20_000_000
"""Beyond it a text is not even laid out; :class:`kopir.evidence.documents._bounds.Bounds` holds less."""
SUFFIXES = (".txt", ".md", ".csv", ".tsv", ".html", ".htm", ".pdf", ".docx", ".xlsx")


def unreadable(code: str, path: Path, why: str, mend: str, value: str | None = None) -> UnreadableDocument:
    """Make the error for a document that cannot be read."""
    return UnreadableDocument(Fault(code, why, mend, file=shown_path(path), value=value))


def file_layout(path: Path, *, characters: int = MAX_CHARACTERS) -> Layout:
    """Return the text of a file and its blocks.

    Raises UnreadableDocument: K2001 empty, K2002 encoding, K2003 binary, K2004 too large, K2005 unknown kind,
    K2006 broken or encrypted PDF, K2007 broken or oversized docx or xlsx, K2009 not a readable file, K2016 nothing
    but parts that do not load.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise unreadable(
            "K2005", path, "this kind of file is not read", f"give one of {', '.join(SUFFIXES)}", path.suffix
        )
    try:
        if not path.is_file() and path.exists():
            raise unreadable("K2009", path, "not a plain file", "give a file, no pipe, device or socket")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise unreadable(
                "K2004",
                path,
                f"the file has {size} bytes; at most {MAX_BYTES} are read",
                "split the file",
                str(size),
            )
        raw = with_captions(reader(path))
    except OSError as error:
        raise unreadable(
            "K2009", path, f"the file cannot be opened: {error.strerror}", "check path and rights"
        ) from error
    if not raw.text.strip() and raw.lost:
        raise unreadable("K2016", path, raw.lost[0], "save the document anew from its source")
    if not raw.text.strip():
        why = _NO_TEXT.get(path.suffix.lower(), "the document holds no text")
        raise unreadable("K2001", path, why, "give a file with text (a scan needs OCR first)")
    if len(raw.text) > characters:
        why = f"the text has {len(raw.text):,} characters; at most {characters:,} are read"
        raise unreadable("K2004", path, why, "split the file, or allow more with --characters and --memory")
    return raw


def _decoded(path: Path, *, declared: bool = False) -> str:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES)
    found = decoded(data, declared=declared)
    if found.text is None:
        if found.binary:
            raise unreadable("K2003", path, found.why, "give a text file, or the right suffix")
        raise unreadable("K2002", path, found.why, "save it as UTF-8")
    return found.text if "\n" in found.text else found.text.replace("\r", "\n")


def _plain(path: Path) -> Layout:
    from kopir.evidence.layout._plain import plain_layout

    return plain_layout(_decoded(path))


def _markdown(path: Path) -> Layout:
    from kopir.evidence.layout._markdown import markdown_layout

    return markdown_layout(_decoded(path))


def _csv(path: Path) -> Layout:
    from kopir.evidence.layout._csv import csv_layout

    return csv_layout(_decoded(path))


def _html(path: Path) -> Layout:
    from kopir.evidence.layout._html import html_layout

    return html_layout(_decoded(path, declared=True))


def _pdf(path: Path) -> Layout:
    from kopir.evidence.layout.pages._pdf import pdf_layout

    return pdf_layout(path)


def _docx(path: Path) -> Layout:
    from kopir.evidence.layout._docx import docx_layout

    return docx_layout(path)


def _xlsx(path: Path) -> Layout:
    from kopir.evidence.layout._xlsx import xlsx_layout

    return xlsx_layout(path)


_NO_TEXT = {
    ".pdf": "the PDF holds no text, only pictures or blank pages",
    ".xlsx": "the workbook holds no shown cell",
}
_READERS: dict[str, Callable[[Path], Layout]] = {
    ".txt": _plain,
    ".md": _markdown,
    ".csv": _csv,
    ".tsv": _csv,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".xlsx": _xlsx,
}
