"""How an indicator behaves: symmetric between two parties, additive over time, partners and parts."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Measure:
    """Behaviour of an indicator.

    ``symmetric``: the same whoever of two parties states it. ``adds_over_time``: a year is the sum of its
    months. ``adds_over_partners``: a group of partners is the sum of its members. ``part_of``: the indicator
    whose figure for the same parties counts this one in. ``implies``: commodities that the indicator names
    already. ``standing``: it belongs to no year (a length).
    ``kin``: indicators with the same word tell of one thing in two words (what a route carries is what goes out
    by it). ``mistaken_for``: indicators whose figure is easily taken for this one's.
    ``of_sites``: told of ports, passes and lines as often as of the state, so that a total is no site's figure.
    ``unspecified``: what is measured depends on ends or terms that no slot of a key holds (a delivery time).
    """

    symmetric: bool = False
    adds_over_time: bool = False
    adds_over_partners: bool = False
    standing: bool = False
    unspecified: bool = False
    of_sites: bool = False
    part_of: str = ""
    implies: tuple[str, ...] = ()
    kin: str = ""
    mistaken_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Perimeter:
    """What a perimeter sets apart.

    ``facet``: ``side`` (whose statistics), ``measure`` (what is counted as one), ``stage`` (promised or under
    way), else ``coverage`` (how much is counted). ``within``: wider perimeters.
    ``origin``: the state whose goods alone are counted.
    """

    facet: str = "coverage"
    within: tuple[str, ...] = ()
    origin: str = ""


_NO_MEASURE = Measure()
_NO_PERIMETER = Perimeter()


def measure(indicator: str) -> Measure:
    """Return how an indicator behaves; nothing is presumed of one that the table does not hold."""
    return _measures().get(indicator, _NO_MEASURE)


def perimeter(code: str) -> Perimeter:
    """Return what a perimeter sets apart; one that the table does not hold is a matter of coverage."""
    return _perimeters().get(code, _NO_PERIMETER)


@cache
def _measures() -> Mapping[str, Measure]:
    return {
        row["indicator"]: Measure(
            **{name: row[name] == "yes" for name in _FLAGS},
            part_of=row["part_of"],
            implies=tuple(row["implies"].split()),
            kin=row["kin"],
            mistaken_for=tuple(row["mistaken_for"].split()),
        )
        for row in _rows("measures")
    }


_FLAGS = ("symmetric", "adds_over_time", "adds_over_partners", "standing", "unspecified", "of_sites")


@cache
def _perimeters() -> Mapping[str, Perimeter]:
    return {
        row["perimeter"]: Perimeter(row["facet"], tuple(row["within"].split()), row["origin"])
        for row in _rows("perimeters")
    }


def _rows(name: str) -> list[dict[str, str]]:
    text = files("kopir.facts").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
