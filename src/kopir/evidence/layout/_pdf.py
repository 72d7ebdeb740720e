"""Blocks of a PDF, page by page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kopir.core.errors import Fault, UnreadableDocument
from kopir.evidence._records import Span
from kopir.evidence.layout._blocks import Block, Layout
from kopir.evidence.layout._plain import plain_layout

Pdf = Any
"""An open document of pypdfium2, which has no types."""
MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000


def pdf_layout(path: Path) -> Layout:
    """Return the blocks of a PDF. Raises UnreadableDocument: K2006 broken or encrypted, K2004 too large."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        why = "the PDF is encrypted" if locked else "the PDF is broken"
        mend = "save a copy without a password" if locked else "save it anew from its source"
        raise UnreadableDocument(Fault("K2006", why, mend, file=str(path))) from error
    try:
        return _pages(document, path)
    finally:
        document.close()


def _pages(document: Pdf, path: Path) -> Layout:
    parts: list[str] = []
    pages: list[Span] = []
    blocks: list[Block] = []
    at = 0
    for n in range(len(document)):
        text = document[n].get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\r", "\n") + "\n"
        parts.append(text)
        pages.append(Span(at, at + len(text)))
        blocks += [Block(b.kind, Span(b.span.start + at, b.span.end + at)) for b in plain_layout(text).blocks]
        at += len(text)
    return Layout("".join(parts), tuple(blocks), tuple(pages))
