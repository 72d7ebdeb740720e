"""Open one document and read it; whatever goes wrong in it is a fault of that document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kopir.core.encoding import shown_path
from kopir.core.errors import UnreadableDocument
from kopir.core.packages import missing_package
from kopir.evidence._extract import read_document
from kopir.evidence._readers import MAX_CHARACTERS, file_layout
from kopir.evidence._records import Document, Found
from kopir.evidence.documents._bounds import broken, without_memory
from kopir.evidence.documents._hands import Known, Opened, Source
from kopir.evidence.layout._blocks import Layout
from kopir.evidence.words._view import language_of


class Here:
    """Opens and reads documents in this process, without bounds of time and memory."""

    def __init__(self, characters: int = MAX_CHARACTERS) -> None:
        self._characters = characters
        self._document: Document | None = None

    def open(self, source: Source, known: Known) -> Opened:
        """Open a document; raises UnreadableDocument."""
        self._document = None
        with boundary(source):
            layout = file_layout(source.path, characters=self._characters)
            self._document = _document(source, known, layout)
            return Opened(replace(self._document, layout=None), layout.lost)

    def read(self, *, relations: bool) -> Found:
        """Read the document opened last; raises UnreadableDocument."""
        document = self._document
        assert document is not None, "a document is opened before it is read"
        with boundary(Source(Path(document.path or document.name), document.name)):
            return read_document(document, relations=relations)


@contextmanager
def boundary(source: Source) -> Iterator[None]:
    """Turn whatever goes wrong in a document into its fault; raises UnreadableDocument."""
    file = shown_path(source.path)
    try:
        yield
    except UnreadableDocument as error:
        raise UnreadableDocument([replace(fault, file=file) for fault in error.faults]) from error
    except MemoryError as error:
        raise UnreadableDocument(without_memory(file)) from error
    except ModuleNotFoundError as error:
        missing = missing_package(error) or broken(file, str(error))
        raise UnreadableDocument(replace(missing, file=file)) from error
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:200]
        raise UnreadableDocument(broken(file, told)) from error


def language_for(text: str, language: str) -> str:
    """Return the language named, or for ``auto`` that of the text, English where none is found."""
    return language if language != "auto" else language_of(text) or "en"


def _document(source: Source, known: Known, layout: Layout) -> Document:
    tongue = language_for(layout.text, known.language)
    file = shown_path(source.path)
    return Document(source.name, layout.text, tongue, known.date, layout.pages, file, layout, known.about)
