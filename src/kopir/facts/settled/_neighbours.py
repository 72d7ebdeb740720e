"""Facts whose figure is easily taken for that of another: of another perimeter, or of the next period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kopir.core.periods import parse_period
from kopir.facts.claimed._keys import Key
from kopir.facts.settled._system import System


def perimeter_neighbours(system: System) -> dict[int, list[int]]:
    """Return the facts that differ from each fact in perimeter alone, by number."""
    return _neighbours(system, lambda key: replace(key, perimeter=""), lambda _mine, _other: True)


def period_neighbours(system: System) -> dict[int, list[int]]:
    """Return the facts of a period as long, at most a year away, and else the same, by number."""
    return _neighbours(system, lambda key: replace(key, period=""), _adjacent)


def _adjacent(mine: Key, other: Key) -> bool:
    """Tell whether two periods have the same length and stand at most a year apart."""
    a, b = parse_period(mine.period), parse_period(other.period)
    if a is None or b is None or abs(a.days - b.days) > 3:
        return False
    return abs((a.first - b.first).days) <= 366


def _neighbours(
    system: System, family: Callable[[Key], Key], near: Callable[[Key, Key], bool]
) -> dict[int, list[int]]:
    families: dict[Key, list[int]] = {}
    for number, key in enumerate(system.keys):
        families.setdefault(family(key), []).append(number)
    return {
        number: [other for other in members if other != number and near(system.keys[number], system.keys[other])]
        for members in families.values()
        if 1 < len(members) <= 200
        for number in members
    }
