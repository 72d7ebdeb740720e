"""Which statements a figure may be about: how far the slots of one are from what a sentence says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kopir.core.codes import codes
from kopir.core.periods import parse_period
from kopir.facts.claimed._measures import measure, perimeter
from kopir.facts.named._statements import Statement

_SPAN = re.compile(r"(\d+)y_to_doc")
_YEARS = re.compile(r"(\d{4})/(\d{4})")
_BETWEEN = 2
"""Parties between whom something goes one way; of more, who stands first says little."""
WIDER = 2
"""Cost of a held slot (route, good) that the sentence leaves open: a part of what it speaks of."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of a draft; what its sentence and those ``before`` name; the focal state; the draft's day.

    ``sites`` are the ports, passes and plants that it is told of, by the codes of what is held; ``present``: a
    word says that it is so already.
    """

    said: Statement
    named: frozenset[str]
    focal: str
    sentence: str
    date: str
    before: frozenset[str] = frozenset()
    timed: bool = False
    sites: frozenset[str] = frozenset()
    present: bool = False

    @property
    def has_period(self) -> bool:
        """Whether the sentence itself says when, in digits or (``timed``) in words: else a period binds less."""
        return bool(self.said.key.period) and (self.timed or self.said.key.period[:4] in self.sentence)


def same_measure(said: Statement, held: Statement) -> bool:
    """Tell whether two figures are of one measure: the same indicator, or two words for one thing."""
    kin = measure(said.key.indicator).kin
    return said.key.indicator == held.key.indicator or bool(kin and kin == measure(held.key.indicator).kin)


def distance(told: Told, held: Statement) -> int | None:
    """Return how far a statement is from what is said of parties, way, good and perimeter; ``None``: another.

    0 says the same of each; what the sentence leaves open costs little where the whole is held, and a partner
    that nothing names is never taken.
    """
    said = told.said
    if said.kind != held.kind or held.key.part:
        return None
    cost = _of_parties(told, held)
    if cost is None:
        return None
    ways = said.routes or told.named & held.routes
    if _share_a_firm(said, held, told.focal):  # who signs settles it, whatever unknown name stands beside
        ways = frozenset(one for one in ways if not one.startswith("?"))
    if ways and not ways & held.routes:
        return None
    if held.routes and not ways:
        cost += WIDER
    good, theirs = said.key.commodity, held.key.commodity
    if good and theirs and good != theirs:
        return None
    cost += WIDER * (bool(theirs) and not good) + 1 * (bool(good) and not theirs)
    of_all = bool(held.routes) and bool(told.said.parties - held.parties)
    return cost + (0 if of_all else _of_perimeter(told, held))


def _of_parties(told: Told, held: Statement) -> int | None:
    said = told.said
    known = said.parties | ({told.focal} if told.focal else set())
    if _share_a_firm(said, held, told.focal):
        return 1
    places = {one for one in held.parties if is_firm(one)}
    if places and held.parties - places <= known and places <= told.sites:
        return 0
    if told.sites and not places and not held.routes and measure(said.key.indicator).of_sites:
        return None  # a total is of no site
    if not held.parties <= known:
        return None
    missing = said.parties - held.parties
    among = len(said.parties) > _BETWEEN
    if missing - {told.focal} or (missing and not among and not (said.routes and held.routes)):
        return None
    if missing:
        by_route = said.subject in said.routes
        return 0 if by_route or told.focal not in told.named else 1
    through = (said.routes | told.named) & held.routes or len(held.parties) > _BETWEEN
    directed = said.subject and held.subject and not through
    if directed and said.subject != held.subject and not measure(said.key.indicator).symmetric:
        return None
    return 0


def _share_a_firm(said: Statement, held: Statement, focal: str) -> bool:
    """Tell whether a firm is a party of both, and no state of one stands against the states of the other."""
    mine, theirs = said.parties - {focal}, held.parties - {focal}
    if not any(is_firm(one) for one in mine & theirs):
        return False
    states, others = ({one for one in parties if not is_firm(one)} for parties in (mine, theirs))
    return not states or not others or bool(states & others)


def is_firm(code: str) -> bool:
    """Tell whether a code is that of a firm or a site, not of a state, a group or a way."""
    return code not in codes("states") and code not in codes("groups") and code not in codes("routes")


def _of_perimeter(told: Told, held: Statement) -> int:
    said, theirs = told.said.key.perimeter, held.key.perimeter
    if said == theirs:
        return 0
    if theirs[:1].isupper() and not said:  # the name of a site
        return 0 if theirs in told.sites else WIDER
    facet = perimeter(theirs).facet if theirs else ""
    if facet == "side":
        asked = told.said.side
        return 0 if not asked or asked == held.side else 3
    if not said:
        return 0 if facet in {"measure", "stage"} else 1
    return 1 if not theirs else 3


def _runs_to_the_day(told: Told, period: str) -> bool:
    """Tell whether a span of years («over the last three years») ends at the draft's day, or a year before it."""
    span, years = _SPAN.fullmatch(told.said.key.period), _YEARS.fullmatch(period)
    if span is None or years is None or not told.date[:4].isdigit():
        return False
    first, last = int(years[1]), int(years[2])
    return last - first == int(span[1]) and 0 <= int(told.date[:4]) - last <= 1


def when(told: Told, held: Statement) -> str:
    """Return how the period of a statement lies to the figure's: same, part, whole, earlier, later or other."""
    mine, theirs = parse_period(told.said.key.period), parse_period(held.key.period)
    if told.said.key.period == held.key.period or _runs_to_the_day(told, held.key.period):
        return "same"
    if mine is None or theirs is None:
        since = "/" in told.said.key.period and told.said.key.period[:4] == held.key.period[:4]
        undated = theirs is None and not held.key.period and not measure(held.key.indicator).adds_over_time
        return "same" if since or undated or measure(held.key.indicator).standing else "other"
    inside = mine.first <= theirs.first and theirs.last <= mine.last
    around = theirs.first <= mine.first and mine.last <= theirs.last
    if (inside or around) and not measure(held.key.indicator).adds_over_time:
        return "same"
    if inside or around:
        return "part" if inside else "whole"
    if theirs.last < mine.first:
        return "earlier"
    return "later" if theirs.first > mine.last else "other"


def is_of_another(said: Statement, held: Sequence[Statement]) -> bool:
    """Tell whether a figure is of a firm, plant or place that none of the statements is of: a part is no whole."""
    wholes = {"", *codes("states"), *codes("groups")}
    return said.subject not in wholes and all(
        said.subject != one.subject and one.subject in wholes for one in held
    )
