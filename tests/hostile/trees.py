"""Trees (JSON, TOML) with something odd in each place: well written, and without a meaning."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**400, float("nan"), "", "x", "Polygon", "GeometryCollection", [], {}, [[]],
    [[[]]], [1], [1, 2], [1, -90], [[1, 2]], [[1, 2], [3, 4]], [[[[1, 2], [3, 4], [5, 6]]]], {"a": 1}, ["x", "y"],
    [None, None], [True, False], [[1, -90], [2, -90], [3, -90], [1, -90]],
)  # fmt: skip
"""Values that stand in the place of others: of another kind, deeper, shallower, empty, beyond bounds."""
Place = tuple[str | int, ...]


def spoilt(tree: Any) -> Iterator[tuple[Place, Any, Any]]:
    """Yield each place of ``tree``, each odd value, and the tree with the one in the other."""
    for place in places(tree):
        for odd in ODD:
            yield place, odd, _put(tree, place, odd)


def places(tree: Any, at: Place = ()) -> Iterator[Place]:
    """Yield where each value of ``tree`` lies, the whole first."""
    yield at
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, value in inside:
        yield from places(value, (*at, name))


def deep(levels: int, inside: str = "1, 2") -> str:
    """Return lists within lists as JSON and TOML write them."""
    return "[" * levels + inside + "]" * levels


def _put(tree: Any, place: Place, odd: Any) -> Any:
    if not place:
        return odd
    whole = copy.deepcopy(tree)
    held = whole
    for name in place[:-1]:
        held = held[name]
    held[place[-1]] = odd
    return whole
