"""PDF files that would take memory or time without end are told by their structure, before they are opened."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import regex

MAX_STREAM = 64 * 1024 * 1024
MAX_TOTAL = 256 * 1024 * 1024
_OBJECT = regex.compile(rb"(?<![\d])(\d{1,7})\s+\d{1,5}\s+obj\b")
_REFERENCE = regex.compile(rb"(\d{1,7})\s+\d{1,5}\s+R\b")
_FORMS = regex.compile(rb"/XObject\s*(?:<<([^<>]{0,4000})>>|(\d{1,7})\s+\d{1,5}\s+R)")
_RESOURCES = regex.compile(rb"/Resources\s+(\d{1,7})\s+\d{1,5}\s+R")
_FORM = regex.compile(rb"/Subtype\s*/Form\b")
HEAD = 6000


def trap(data: bytes) -> str | None:
    """Say what makes a PDF a trap: a stream that unpacks without end, a form that draws itself; else ``None``."""
    total = 0
    packed: list[bytes] = []
    for kind, body in _unpacked(data):
        total += len(body)
        if len(body) > MAX_STREAM or total > MAX_TOTAL:
            return "the PDF unpacks to far more than it holds"
        if b"/ObjStm" in kind:
            packed.append(body)
    return "a form of the PDF draws itself" if _draws_itself(data, packed) else None


def _unpacked(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Walk the deflated streams that are no pictures: dictionary and content, cut off at the limit."""
    at = 0
    while (start := data.find(b"stream", at)) >= 0:
        at = start + 6
        if data[start - 3 : start] == b"end":
            continue
        head = data[max(0, start - 1200) : start]
        head = head[head.rfind(b" obj") :]
        if b"FlateDecode" not in head and b"/Fl" not in head:
            continue
        body = data[at : at + 2].lstrip(b"\r\n")
        begin = at + 2 - len(body)
        try:
            yield head, zlib.decompressobj().decompress(data[begin:], MAX_STREAM + 1)
        except zlib.error:
            continue


def _draws_itself(data: bytes, packed: list[bytes]) -> bool:
    """Tell whether the forms of a file refer to one another in a circle."""
    heads: dict[int, bytes] = {}
    for found in _OBJECT.finditer(data):
        end = data.find(b"stream", found.end(), found.end() + HEAD)
        stop = data.find(b"endobj", found.end(), found.end() + HEAD)
        ends = [n for n in (end, stop) if n >= 0]
        heads[int(found[1])] = data[found.end() : min(ends, default=found.end() + HEAD)]
    for body in packed:
        heads.update(_objects(body))
    links = {number: _drawn(head, heads) for number, head in heads.items()}
    forms = {number for number, head in heads.items() if _FORM.search(head)}
    return _circles({n: [m for m in links[n] if m in forms] for n in forms})


def _objects(body: bytes) -> dict[int, bytes]:
    """Return the objects of an object stream."""
    numbers: list[int] = []
    for word in body[:200_000].split():
        if not word.isdigit():
            break
        numbers.append(int(word))
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    if not pairs:
        return {}
    first = body.find(b"<<")
    starts = [first + offset - pairs[0][1] for _, offset in pairs]
    return {
        number: body[a:b][:HEAD] for (number, _), a, b in zip(pairs, starts, [*starts[1:], len(body)], strict=True)
    }


def _drawn(head: bytes, heads: dict[int, bytes]) -> list[int]:
    """Return the objects that an object may draw, by its own resources."""
    parts = [head] + [heads.get(int(found[1]), b"") for found in _RESOURCES.finditer(head)]
    out: list[int] = []
    for part in parts:
        for found in _FORMS.finditer(part):
            inner = found[1] if found[1] is not None else heads.get(int(found[2]), b"")
            out.extend(int(reference[1]) for reference in _REFERENCE.finditer(inner))
    return out


def _circles(links: dict[int, list[int]]) -> bool:
    """Tell whether a graph holds a circle."""
    state: dict[int, int] = {}
    for root in links:
        stack = [(root, 0)]
        while stack:
            node, n = stack.pop()
            if n == 0:
                if state.get(node) == 2:
                    continue
                state[node] = 1
            if n < len(links.get(node, ())):
                stack.append((node, n + 1))
                child = links[node][n]
                if state.get(child) == 1:
                    return True
                if state.get(child) is None:
                    stack.append((child, 0))
            else:
                state[node] = 2
    return False
