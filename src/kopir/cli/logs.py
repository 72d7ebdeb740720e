"""Logging of one command: steps on stderr when asked, and as JSON lines in a file."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kopir.core.outward import finite, without_controls

LOGGER = logging.getLogger("kopir")


class JsonLines(logging.Formatter):
    """One JSON object a record: time (UTC), level, logger, message, and what ``extra={"about": ...}`` holds."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "about", {}),
        }
        return json.dumps(finite(line), ensure_ascii=False, default=str, allow_nan=False)


class Printable(logging.Formatter):
    """The message and nothing by which it could write to the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        return without_controls(super().format(record))


@contextmanager
def logging_to(file: Path | None, *, verbose: bool) -> Iterator[None]:
    """Send what kopir logs to stderr, warnings alone unless ``verbose``, and to ``file`` as JSON lines.

    Both end with the block. Raises ``OSError`` when the file cannot be opened.
    """
    handlers: list[logging.Handler] = []
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(Printable())
    told.setLevel(logging.INFO if verbose else logging.WARNING)
    handlers.append(told)
    if file is not None:
        lines = logging.FileHandler(file, encoding="utf-8")
        lines.setFormatter(JsonLines())
        handlers.append(lines)
    before = LOGGER.level
    for handler in handlers:
        LOGGER.addHandler(handler)
    if verbose or file is not None:
        LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOGGER.setLevel(before)
        for handler in handlers:
            LOGGER.removeHandler(handler)
            handler.close()
