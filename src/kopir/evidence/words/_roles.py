"""The part a mention plays in a frame, read from its case or adposition: one table for all languages."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

FRAMES = frozenset(
    {"export", "import", "mutual", "balance", "carry", "route", "travel"}
    | {"own", "hold", "invest", "give", "acquire", "cost", "presence"}
)
"""Frames whose roles are licensed; the others are never bound."""


@cache
def _table() -> Mapping[tuple[str, str], str]:
    path = files("kopir.evidence").joinpath("rules/roles.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {(row["frame"], row["role"]): row["slot"] for row in rows}


def slot_of(frame: str, role: str) -> str | None:
    """Return ``subject``, ``partner`` or ``pair`` for a role; ``None`` where the frame has no such role."""
    return _table().get((frame, role))
