"""Text of a file: txt, md, html, pdf, docx. Nothing is run or fetched, and memory is bounded."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import regex

from kopir.core.errors import Fault, UnreadableDocument
from kopir.evidence._docx import docx_text
from kopir.evidence._records import Span

MAX_BYTES = 32 * 1024 * 1024
MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")


@dataclass(frozen=True, slots=True)
class RawText:
    """Text of a file with the character spans of its pages, where it has pages."""

    text: str
    pages: tuple[Span, ...] = ()


def unreadable(code: str, path: Path, why: str, mend: str, value: str | None = None) -> UnreadableDocument:
    """Make the error for a document that cannot be read."""
    return UnreadableDocument(Fault(code, why, mend, file=str(path), value=value))


def file_text(path: Path) -> RawText:
    """Return the text of a file.

    Raises UnreadableDocument: K2001 empty, K2002 encoding, K2003 binary, K2004 too large, K2005 unknown kind,
    K2006 broken or encrypted PDF, K2007 broken or oversized docx, K2009 not a readable file.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise unreadable(
            "K2005", path, "this kind of file is not read", f"give one of {', '.join(SUFFIXES)}", path.suffix
        )
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise unreadable(
                "K2004",
                path,
                f"the file has {size} bytes; at most {MAX_BYTES} are read",
                "split the file",
                str(size),
            )
        raw = reader(path)
    except OSError as error:
        raise unreadable(
            "K2009", path, f"the file cannot be opened: {error.strerror}", "check path and rights"
        ) from error
    if not raw.text.strip():
        raise unreadable(
            "K2001", path, "the document holds no text", "give a file with text (a scan needs OCR first)"
        )
    if len(raw.text) > MAX_CHARACTERS:
        raise unreadable("K2004", path, f"the text has {len(raw.text)} characters", "split the file")
    return raw


def decode(data: bytes, path: Path) -> str:
    """Decode UTF-8 (with or without mark) or marked UTF-16; anything else is refused, never guessed."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise unreadable("K2002", path, "the file is not valid UTF-16", "save it as UTF-8") from error
    if b"\x00" in data:
        raise unreadable("K2003", path, "the file holds binary data", "give a text file, or the right suffix")
    try:
        return data.decode("utf-8-sig" if data[:3] == b"\xef\xbb\xbf" else "utf-8")
    except UnicodeDecodeError as error:
        hint = _guess(data)
        raise unreadable(
            "K2002",
            path,
            f"the file is not UTF-8 (byte {error.start}){hint}",
            "save it as UTF-8",
            repr(data[error.start : error.start + 4]),
        ) from error


def _guess(data: bytes) -> str:
    """Name the legacy code page that the bytes look like; it is only told, never used."""
    sample = data[:4000]
    high = [b for b in sample if b >= 0x80]
    if not high:
        return ""
    cyrillic = sum(b >= 0xC0 for b in high) / len(high)
    return "; it looks like windows-1251 or windows-1254" if cyrillic > 0.8 else ""


def _plain(path: Path) -> RawText:
    return RawText(decode(path.read_bytes(), path))


_MARKDOWN = regex.compile(r"^(?:#{1,6} |> ?|[*+-] (?=\S))|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", regex.M)


def _markdown(path: Path) -> RawText:
    """Blank the signs of Markdown one for one, so that offsets stay those of the file."""
    text = decode(path.read_bytes(), path)
    return RawText(_MARKDOWN.sub(lambda m: " " * len(m[0]), text))


def _html(path: Path) -> RawText:
    from trafilatura import extract

    source = decode(path.read_bytes(), path)
    text = extract(source, include_comments=False, include_tables=True, favor_recall=True)
    return RawText(text or "")


def _pdf(path: Path) -> RawText:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        why = "the PDF is encrypted" if locked else "the PDF is broken"
        mend = "save a copy without a password" if locked else "save it anew from its source"
        raise unreadable("K2006", path, why, mend) from error
    try:
        return _pdf_pages(document, path)
    finally:
        document.close()


def _pdf_pages(document: object, path: Path) -> RawText:
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    count = len(document)  # type: ignore[arg-type]
    if count > MAX_PAGES:
        raise unreadable(
            "K2004", path, f"the PDF has {count} pages; at most {MAX_PAGES} are read", "split the file"
        )
    for n in range(count):
        page = document[n]  # type: ignore[index]
        text = page.get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
        text = _joined(text) + "\n"
        parts.append(text)
        spans.append(Span(at, at + len(text)))
        at += len(text)
        if at > MAX_CHARACTERS:
            raise unreadable("K2004", path, "the PDF holds too much text", "split the file")
    return RawText("".join(parts), tuple(spans))


_LINE_END = regex.compile(r"(?<=[\p{L}\p{N},;%-])\n(?=[\p{Ll}\p{N}(«\"$])")


def _joined(text: str) -> str:
    """Undo line breaks inside sentences; the text has as many characters as before."""
    return str(_LINE_END.sub(" ", text))


def _docx(path: Path) -> RawText:
    try:
        return RawText(docx_text(path))
    except zipfile.BadZipFile as error:
        raise unreadable("K2007", path, "the docx is broken", "save it anew from its source") from error


_READERS: dict[str, Callable[[Path], RawText]] = {
    ".txt": _plain,
    ".md": _markdown,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
}
