"""By whose land a state reaches the sea: neighbours and coasts, from Natural Earth."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

NO_SEA = frozenset({"no", "caspian"})
"""Coasts from which no ocean is reached but over another state's land or waters."""


@dataclass(frozen=True)
class Exit:
    """A neighbour by land, and the fewest borders to the sea by it (1: it has a coast).

    ``borders`` is ``None`` where no way leads on. ``through`` are the states of one such way.
    """

    neighbour: str
    borders: int | None
    through: tuple[str, ...]


def landlocked(state: str) -> bool | None:
    """Return whether a state has no coast of an ocean; ``None`` for one that the table of borders lacks."""
    found = _borders().get(state)
    return None if found is None else found[0] in NO_SEA


def exits(state: str) -> tuple[Exit, ...]:
    """Return the neighbours of ``state`` by land, nearest to the sea first; no way comes back to it."""
    _, neighbours = _borders().get(state, ("", ()))
    found = [_exit(state, neighbour) for neighbour in neighbours]
    return tuple(sorted(found, key=lambda one: (one.borders is None, one.borders or 0, one.neighbour)))


def _exit(state: str, neighbour: str) -> Exit:
    ways: list[tuple[str, ...]] = [(neighbour,)]
    seen = {state, neighbour}
    while ways:
        for way in ways:
            if landlocked(way[-1]) is False:
                return Exit(neighbour, len(way), way)
        further = []
        for way in ways:
            for after in _borders().get(way[-1], ("", ()))[1]:
                if after not in seen:
                    seen.add(after)
                    further.append((*way, after))
        ways = further
    return Exit(neighbour, None, (neighbour,))


@cache
def _borders() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    text = files("kopir.core").joinpath("data/land_borders.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["state"]: (row["sea"], tuple(row["neighbours"].split())) for row in rows}
