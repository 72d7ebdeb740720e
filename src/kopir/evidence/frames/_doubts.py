"""What an open reading puts in doubt: each reason that the gate gives belongs to one slot, or forbids publication.

``rules/doubts.csv`` lists how reasons begin, the slot that each puts in doubt, and whether it forbids. A reason
of no row forbids.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

FORBIDS = "forbids"


class Doubt(NamedTuple):
    """A sort of reason: how its text begins, the slot it puts in doubt, and whether it forbids publication."""

    name: str
    slot: str
    forbids: bool


@cache
def _doubts() -> Sequence[Doubt]:
    text = files("kopir.evidence").joinpath("rules/doubts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Doubt(row["begins"], row["slot"], row["weight"] == FORBIDS) for row in rows)


@lru_cache(maxsize=4096)
def doubt_of(reason: str) -> Doubt:
    """Return the sort of a reason."""
    found = [doubt for doubt in _doubts() if reason.startswith(doubt.name)]
    return max(found, key=lambda doubt: len(doubt.name), default=Doubt(reason, "indicator", forbids=True))
