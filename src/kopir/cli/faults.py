"""Faults as text: where and why, the row, the value under a caret, and the mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kopir.core.errors import SHOWN_FAULTS, Fault

_WIDTH = 110


def fault_text(faults: Sequence[Fault], folder: Path | None, *, shown: int | None = SHOWN_FAULTS) -> str:
    """Return the first ``shown`` faults (all when ``None``), four lines each, and a count of the rest.

    ``folder`` is where the files that the faults name lie; without it no rows are shown.
    """
    rows = _Rows(folder)
    lines = [line for fault in faults[:shown] for line in _lines(fault, rows)]
    left = len(faults) - len(faults[:shown])
    if left:
        lines.append(f"... and {left} more; `kopir check` lists them all")
    return "\n".join(lines)


def printable(text: str) -> str:
    """Return ``text`` without the control characters by which a file could write to the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _lines(fault: Fault, rows: _Rows) -> Iterator[str]:
    head = f"{fault.where} {fault.code} {fault.why}" if fault.where else f"{fault.code} {fault.why}"
    yield printable(head)
    row = rows.line(fault)
    if row is not None:
        yield from (f"  {line}" for line in _pointed(row, fault.value or "", rows.place(fault, row)))
    elif fault.value is not None:
        yield f"  value: {printable(fault.value)}"
    yield f"  mend: {printable(fault.mend)}"


def _pointed(row: str, value: str, at: int) -> Iterator[str]:
    """Yield the part of ``row`` around ``at`` and a caret line below it (no caret where ``at`` is -1)."""
    begin = max(0, min(at - _WIDTH // 2, len(row) - _WIDTH))
    before, after = "..." if begin else "", "..." if begin + _WIDTH < len(row) else ""
    yield before + printable(row[begin : begin + _WIDTH]) + after
    if at >= 0:
        yield " " * (len(before) + at - begin) + "^" * max(1, min(len(value), begin + _WIDTH - at))


class _Rows:
    """Lines of the files of one folder, each file read once and never from outside the folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files: dict[str, list[str]] = {}

    def line(self, fault: Fault) -> str | None:
        if self._folder is None or fault.file is None or fault.line is None:
            return None
        if fault.file not in self._files:
            self._files[fault.file] = self._read(fault.file)
        lines = self._files[fault.file]
        return lines[fault.line - 1] if 0 < fault.line <= len(lines) else None

    def place(self, fault: Fault, row: str) -> int:
        """Return where in ``row`` the cell or the value of ``fault`` begins, or -1."""
        header = self._files[fault.file or ""][0].split(",")
        cells = row.split(",")
        if '"' not in row and fault.line != 1 and fault.column in header:
            before = header.index(fault.column)
            if before < len(cells):
                cell = cells[before]
                return sum(len(one) + 1 for one in cells[:before]) + len(cell) - len(cell.lstrip())
        return row.find(fault.value or fault.column or "\n")

    def _read(self, name: str) -> list[str]:
        from kopir.core.folders.textfiles import read_text

        assert self._folder is not None
        text = read_text(self._folder, name)
        return [] if isinstance(text, Fault) else text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
