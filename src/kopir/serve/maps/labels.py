"""Where the words of a map stand: the weightier first, the lesser only where they have room, or closer up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kopir.report.geometry import HEIGHT, WIDTH
from kopir.serve.maps.shapes import Place

CLOSER = (1, 2, 4)
"""How often the map is enlarged at each step at which more words are shown; letters keep their size."""
_LETTER = 0.62
"""Width of a letter beside its height (IBM Plex Sans; Cyrillic ones are wider than Latin ones)."""
_ABOVE, _BELOW = 0.85, 0.3
"""How far letters reach above and below their line, beside their height."""


@dataclass(frozen=True)
class Wanted:
    """Words that ask for room: middles of the lines on which they may stand, best first, and their size (px).

    They are shown from the enlargement ``least`` on, or from where there is room.
    """

    key: tuple[str, str]
    text: str
    places: tuple[Place, ...]
    size: float = 11.0
    least: int = 1


@dataclass(frozen=True)
class Placed:
    """Where words stand, and from which enlargement on they are shown (one of ``CLOSER``)."""

    at: Place
    closer: int


def placed(wanted: Iterable[Wanted]) -> dict[tuple[str, str], Placed]:
    """Return where each of ``wanted``, weightiest first, stands; those without room at any step are left out.

    Words that are shown at one step stay where they are at the next, where there is room for others beside them:
    letters take up less of a map that is enlarged. No two words that are shown at a step overlap at it.
    """
    asked = [one for one in wanted if one.text]
    found: dict[tuple[str, str], Placed] = {}
    sizes = {one.key: (_LETTER * one.size * len(one.text), one.size) for one in asked}
    for closer in CLOSER:
        held = [_box(one.at, sizes[key], closer) for key, one in found.items()]
        for one in asked:
            if one.key in found or closer < one.least:
                continue
            for at in one.places:
                box = _box(at, sizes[one.key], closer)
                if _inside(box) and not any(_meet(box, other) for other in held):
                    found[one.key] = Placed(at, closer)
                    held.append(box)
                    break
    return found


Box = tuple[float, float, float, float]


def _box(at: Place, size: tuple[float, float], closer: int) -> Box:
    half, height = size[0] / 2 / closer, size[1] / closer
    return (at[0] - half, at[1] - _ABOVE * height, at[0] + half, at[1] + _BELOW * height)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(box: Box) -> bool:
    return box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT


def around(at: Place, text: str, size: float = 11.0) -> tuple[Place, ...]:
    """Return where the name of a point may stand: below it, above, to its right and to its left."""
    x, y = at
    aside = _LETTER * size * len(text) / 2 + 7
    return ((x, y + 14), (x, y - 7), (round(x + aside, 1), y + 4), (round(x - aside, 1), y + 4))
