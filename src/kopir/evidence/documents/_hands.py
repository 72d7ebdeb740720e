"""Who opens and reads documents, and what passes between it and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kopir.evidence._records import Document, Found


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its path and the name that claims give it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document before it is read."""

    date: str | None
    language: str
    about: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A document without its blocks, and the parts of the file that could not be read."""

    document: Document
    lost: tuple[str, ...]


class Hand(Protocol):
    """Whoever opens a document and then reads it: this process, or one that can be ended."""

    def open(self, source: Source, known: Known) -> Opened:
        """Open a document; raises UnreadableDocument."""

    def read(self, *, relations: bool) -> Found:
        """Read the document opened last; raises UnreadableDocument."""
