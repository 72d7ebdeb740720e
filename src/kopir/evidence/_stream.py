"""Claims written as they are read, a document at a time: memory holds no more than one batch of them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from kopir.core.folders.together import room_beside
from kopir.evidence._highlight import Page
from kopir.evidence._records import Claim, Reading, UnreadTable
from kopir.evidence._writers import claims_frame, json_lines

BATCH = 5_000
"""Claims that are held before they are written, and rows of a row group of the Parquet file."""


class ClaimStream:
    """Writes JSON Lines, Parquet and a page beside their places and puts them there when its block ends well.

    JSON Lines hold the claims in order, then the tables that were not read; Parquet holds the claims, the page
    each text with its claims marked.
    """

    def __init__(self, jsonl: Path | None, parquet: Path | None, html: Path | None = None) -> None:
        self._jsonl, self._parquet, self._html = jsonl, parquet, html
        self._stack = ExitStack()
        self._lines: IO[str] | None = None
        self._parts: list[Path] = []
        self._batch: list[Claim] = []
        self._unread: list[UnreadTable] = []

    def __enter__(self) -> Self:
        """Make room beside the places; raises ``OSError`` where that is not possible."""
        for path in filter(None, (self._jsonl, self._parquet, self._html)):
            path.parent.mkdir(parents=True, exist_ok=True)
        if self._jsonl is not None:
            self._aside, self._lines = self._text_beside(self._jsonl)
        if self._html is not None:
            self._page_aside, self._shown = self._text_beside(self._html)
            self._page = Page()
            self._shown.write(self._page.begin())
        if self._parquet is not None:
            self._place = self._stack.enter_context(room_beside(self._parquet))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Put the files in place, or leave nothing behind."""
        with self._stack:
            if error is not None:
                return
            if self._lines is not None and self._jsonl is not None:
                self._lines.writelines(json_lines(self._unread))
                self._lines.close()
                self._aside.replace(self._jsonl)
            if self._html is not None:
                self._shown.write(self._page.end())
                self._shown.close()
                self._page_aside.replace(self._html)
            if self._parquet is not None:
                self._flush()
                self._whole().replace(self._parquet)

    def add(self, reading: Reading) -> None:
        """Write the claims of one document."""
        if self._lines is not None:
            self._lines.writelines(json_lines(reading.claims))
            self._unread.extend(reading.unread)
        if self._html is not None:
            self._shown.write(self._page.shown(reading))
        if self._parquet is not None:
            self._batch.extend(reading.claims)
            while len(self._batch) >= BATCH:
                self._flush()

    def _text_beside(self, path: Path) -> tuple[Path, IO[str]]:
        # No name of a document: the folder that is read may be that which is written to.
        aside = self._stack.enter_context(room_beside(path)) / "part"
        return aside, self._stack.enter_context(aside.open("w", encoding="utf-8", newline="\n"))

    def _flush(self) -> None:
        if self._batch or not self._parts:
            part = self._place / f"{len(self._parts):06}.parquet"
            claims_frame(self._batch[:BATCH]).write_parquet(part)
            self._parts.append(part)
            del self._batch[:BATCH]

    def _whole(self) -> Path:
        if len(self._parts) == 1:
            return self._parts[0]
        import polars as pl

        whole = self._place / "whole"
        # A row group is put together in memory: unless its size is given, that is some hundred thousand rows.
        pl.scan_parquet(self._parts).sink_parquet(whole, row_group_size=BATCH)
        return whole
