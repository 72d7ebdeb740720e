"""Zipped office files: parts as XML trees, within limits that a crafted file cannot pass."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

from kopir.core.errors import Fault, UnreadableDocument

MAX_XML = 64 * 1024 * 1024
MAX_RATIO = 200
MAX_ENTRIES = 10_000
MAX_DEPTH = 400
MAX_NODES = 1_000_000
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    EOFError,
    OverflowError,
    ValueError,
)
"""What zipfile ends in where a package is no sound one: names that are no text are ValueErrors, for one."""
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


class Package:
    """An open office file; raises UnreadableDocument (K2007) for a part that is broken, locked or oversized."""

    def __init__(self, path: Path, package: zipfile.ZipFile) -> None:
        self.path, self.package = path, package
        self.names = frozenset(package.namelist())
        if len(package.infolist()) > MAX_ENTRIES:
            raise self.refusal(f"the package has more than {MAX_ENTRIES} entries")

    def refusal(self, why: str) -> UnreadableDocument:
        """Return the error for a part that is not read."""
        return UnreadableDocument(Fault("K2007", why, "save it anew from its program", file=str(self.path)))

    def part(self, name: str) -> bytes:
        """Return the bytes of a part."""
        try:
            entry = self.package.getinfo(name)
        except KeyError:
            raise self.refusal(f"the package has no {name}") from None
        if entry.flag_bits & 1:
            raise self.refusal("the package is encrypted")
        try:
            with self.package.open(entry) as stream:
                data = stream.read(MAX_XML + 1)
        except (*_BROKEN, OSError, RuntimeError) as error:
            raise self.refusal(f"{name} cannot be unpacked ({error})") from error
        if len(data) > MAX_XML or len(data) > MAX_RATIO * max(entry.compress_size, 2048):
            raise self.refusal("the package unpacks to far more than it holds")
        return data

    def tree(self, name: str) -> ElementTree.Element:
        """Return a part as a tree; one that declares a document type or entities is refused.

        Raises TooLarge for a part of more than ``MAX_NODES`` elements.
        """
        data = self.part(name)
        try:
            parser = ElementTree.XMLParser(target=_Builder())
            parser.feed(data)
            root: ElementTree.Element = parser.close()
        except _DeclaredType:
            raise self.refusal("the document declares a document type or entities") from None
        except _TooDeep:
            raise self.refusal(f"the document nests more than {MAX_DEPTH} levels") from None
        except (ElementTree.ParseError, LookupError, ValueError) as error:
            raise self.refusal(f"the document is not well formed ({error})") from error
        return root


class TooLarge(Exception):
    """A part holds more elements than are read."""


class _DeclaredType(Exception):
    pass


class _TooDeep(Exception):
    pass


class _Builder(ElementTree.TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def doctype(self, name: str, pubid: str, system: str) -> None:
        raise _DeclaredType

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeep
        if self.count > MAX_NODES:
            raise TooLarge
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Open an office file; raises UnreadableDocument (K2007) where it is none."""
    try:
        package = zipfile.ZipFile(path)
    except _BROKEN as error:
        why = f"the package is broken ({error})"
        raise UnreadableDocument(Fault("K2007", why, "save it anew from its source", file=str(path))) from error
    with package:
        held = Package(path, package)
        try:
            yield held
        except TooLarge:
            raise held.refusal(f"a part holds more than {MAX_NODES} elements") from None


def cell_place(label: str) -> tuple[int, int] | None:
    """Return row and column of a cell named like ``B7``, both from 0; ``None`` for any other name."""
    found = _CELL.fullmatch(label)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
