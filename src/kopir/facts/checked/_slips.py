"""Slips: the ways in which a figure differs from a held one that have a name, each with what it should be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kopir.core.periods import parse_period
from kopir.facts.claimed._measures import measure
from kopir.facts.named._kinship import Told, distance, is_firm, same_measure, when
from kopir.facts.named._statements import TURNED, Statement, meets

_POWERS = {3: "thousand", 6: "million", 9: "billion"}
_POINT = {1: "ten", 2: "hundred"}
"""Powers by which a decimal point slips: telling only where many digits are the same."""
_FEWEST_DIGITS = 3
_DAYS = 3
"""By how many days two months, or two years, may differ in length."""
_TWO = 2
_SAME = 1e-6
THEIRS = "these are the statistics of"
"""How the reason begins that a figure is the other side's."""
_TELLING = 2
"""Digits from which two figures of different times are the same by more than chance."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What went wrong: ``of`` is the statement that tells, ``verdict`` what it makes of the figure."""

    verdict: str
    why: str
    of: Statement


def find_slip(
    told: Told, base: Sequence[Statement], held: Sequence[Statement], others: Sequence[Statement] = ()
) -> Slip | None:
    """Return the slip that makes a figure of ``held`` out of what is said, ``None`` when none does.

    ``base`` are the statements that speak of the same thing, at the same time and in the same mode. Plans are
    many, and differ: of them only scale and digits tell. ``others`` are all statements, whoever they speak of.
    """
    typed = _of_scale(told.said, base) or _of_digits(told.said, base) or _of_unit(told, others)
    if typed is not None or not told.said.is_report:
        return typed
    return (
        _of_mode(told, base, held)
        or (_of_bound(told.said, base) if told.has_period else None)
        or _of_period(told, base, held)
        or _of_measure(told, base, held)
        or _of_direction(told, base, others)
        or _of_mirror(told, base, others)
        or _of_party(told, base, others)
        or _of_site(told, base, others)
        or _of_two_digits(told, base)
    )


def _of_bound(said: Statement, base: Iterable[Statement]) -> Slip | None:
    """Find a bound that what is held breaks, each statement of it: «did not exceed 10» where 13.6 is held."""
    closed = [one for one in base if one.is_closed]
    if said.is_closed or not closed:
        return None
    for word, breaks in (
        ("above", [one.low > said.high for one in closed]),
        ("below", [one.high < said.low for one in closed]),
    ):
        if all(breaks):
            return Slip("contradicted", f"bound: what is held lies {word} it", closed[0])
    return None


def _of_mirror(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    """Find the other side's figure of a flow told as one's own: what they import for what one exports."""
    turned = TURNED.get(told.said.key.indicator)
    for one in held if base and turned else ():
        theirs = one.key.indicator == turned and one.subject in told.said.parties - {told.focal}
        whom = one.parties <= told.said.parties | {told.focal} and told.said.parties <= one.parties | {told.focal}
        alike = one.key.commodity == told.said.key.commodity and one.kind == told.said.kind and one.is_closed
        if theirs and whom and alike and when(told, one) == "same" and meets(told.said, one):
            return Slip("perimeter mixed", f"{THEIRS} {one.subject}", one)
    return None


def _of_direction(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    """Find what goes the other way told of this one: their stock here for the state's own stock there."""
    said = told.said
    if measure(said.key.indicator).symmetric or not said.subject or len(said.parties) != _TWO:
        return None
    if not said.key.period and base:
        told = replace(told, said=replace(said, key=replace(said.key, period=base[0].key.period)))
    for one in held:
        turned = one.parties == said.parties and one.subject != said.subject and one.kind == said.kind
        same = one.key.indicator == said.key.indicator and one.key.commodity == said.key.commodity
        if turned and same and one.is_closed and when(told, one) == "same" and meets(said, one):
            return Slip("contradicted", f"direction: this is what {one.subject} has there", one)
    return None


def _of_unit(told: Told, held: Iterable[Statement]) -> Slip | None:
    """Find the number of one unit told in another: barrels for tonnes, dollars for euros."""
    said = told.said
    if said.kind != "level" or len(_digits(said)) < _FEWEST_DIGITS:
        return None
    for one in held:
        other = (
            one.unit != said.unit and one.kind == "level" and one.is_closed and one.row["kind"] == said.row["kind"]
        )
        if not other or not same_measure(said, one) or distance(told, one) is None or when(told, one) != "same":
            continue
        raw, theirs = said.row["value"], one.row["value"]
        if raw and theirs and abs(raw / theirs - 1) < _SAME:
            return Slip("contradicted", f"unit: held in {one.unit}", one)
    return None


def _of_party(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    """Find the figure of another partner told of this one."""
    said = told.said
    if not base or not said.parties - {told.focal} or len(_digits(said)) < _TELLING:
        return None
    for one in held:
        other = one.parties - {told.focal} and not one.parties & (said.parties - {told.focal})
        alike = same_measure(said, one) and one.kind == said.kind and one.key.commodity == said.key.commodity
        own = one.subject == (base[0].subject or told.focal) and one.unit == said.unit
        if other and alike and own and one.is_closed and when(told, one) == "same" and meets(said, one):
            names = ", ".join(sorted(one.parties - {told.focal}))
            return Slip("contradicted", f"partner: this is the figure of {names}", one)
    return None


def _of_site(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    """Find the figure of a site told of the whole, of the whole told of a site, or of another site."""
    said = told.said
    if not base or not measure(said.key.indicator).of_sites or len(_digits(said)) < _TELLING:
        return None
    for one in held:
        alike = same_measure(said, one) and one.kind == said.kind and one.unit == said.unit
        if not (alike and one.is_closed and one.is_report and when(told, one) == "same" and meets(said, one)):
            continue
        places = frozenset(each for each in one.parties if is_firm(each))
        if places and told.sites and not places & told.sites:
            return Slip("contradicted", f"site: this is the figure of {', '.join(sorted(places))}", one)
        if places and not told.sites:
            return Slip("perimeter mixed", f"this is the figure of {', '.join(sorted(places))} alone", one)
        if told.sites and not places and not one.routes and one.parties <= {told.focal}:
            return Slip(
                "perimeter mixed", f"this is the figure of all, not of {', '.join(sorted(told.sites))}", one
            )
    return None


def _of_scale(said: Statement, base: Iterable[Statement]) -> Slip | None:
    found = []
    for held in base:
        same = _digits(said) == _digits(held) and len(_digits(said)) >= _FEWEST_DIGITS
        for power, word in (_POWERS | _POINT if same else _POWERS).items():
            for sign, size in ((1, "large"), (-1, "small")):
                factor = 10.0 ** (-sign * power)
                moved = replace(said, value=said.value * factor, low=said.low * factor, high=said.high * factor)
                if meets(moved, held):
                    off = abs(moved.value / held.value - 1) if held.value else math.inf
                    found.append(
                        (
                            off,
                            held.id,
                            Slip(
                                "contradicted",
                                f"scale: {'' if power in _POINT else 'a '}{word} times too {size}",
                                held,
                            ),
                        )
                    )
    return min(found, key=lambda one: one[:2])[2] if found else None


def _of_digits(said: Statement, base: Iterable[Statement]) -> Slip | None:
    mine = _digits(said)
    for held in base:
        theirs = _digits(held)
        same = len(mine) == len(theirs) >= _FEWEST_DIGITS and sorted(mine) == sorted(theirs) and mine != theirs
        if same and held.is_closed and 0.1 < said.value / (held.value or math.inf) < 10:
            return Slip("contradicted", "digits: exchanged", held)
    return None


def _of_two_digits(told: Told, base: Iterable[Statement]) -> Slip | None:
    """Find two digits exchanged, or a nought lost between them.

    Telling only where parties, good or site are named and nothing else explains the figure.
    """
    mine = _digits(told.said)
    named = told.named or told.said.key.commodity or told.sites
    for held in base if named and len(mine) == _TWO and told.said.is_closed else ():
        size = told.said.value / (held.value or math.inf)
        theirs = _digits(held)
        if not held.is_closed or not 0.1 < size < 10:
            continue
        if theirs == mine[::-1] != mine:
            return Slip("contradicted", "digits: exchanged", held)
        if "0" in theirs and mine == theirs.replace("0", "", 1):
            return Slip("contradicted", "digits: a nought is lost", held)
    return None


def _digits(one: Statement) -> str:
    return re.sub(r"[^1-9]*$", "", f"{abs(one.value):.6e}".split("e")[0].replace(".", ""))


def _of_mode(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    """Find a plan or target told as an outcome; without a held outcome only where its time is still to come."""
    if not told.said.is_closed:
        return None
    if not told.said.key.period and (base or told.present):
        now = base[0].key.period if base else told.date[:4]
        told = replace(told, said=replace(told.said, key=replace(told.said.key, period=now)))
    for one in held:
        if one.is_report or not (meets(told.said, one) or _at_most(told.said, one)):
            continue
        if not same_measure(told.said, one) and not base:
            continue
        place = when(told, one)
        coming = place == "later" and (not told.date or one.key.period[:4] >= told.date[:4])
        if (base and (place in {"same", "later", "earlier"} or not one.key.period)) or coming:
            mode = one.key.modality if one.key.modality != "actual" else "plan"
            return Slip("contradicted", f"{mode} for {one.key.period or 'no period'}, told as an outcome", one)
    return None


def _at_most(said: Statement, one: Statement) -> bool:
    """Tell whether a figure is the most that a plan speaks of («up to 15 Mt a year»)."""
    ends = one.comparator in {"upto", "le"} and one.value
    return bool(ends) and len(_digits(said)) >= _TELLING and abs(said.value / one.value - 1) < 1e-9


def _of_period(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    found: dict[str, Statement] = {}
    if told.timed and not told.said.key.period and base:
        told = replace(told, said=replace(told.said, key=replace(told.said.key, period=base[0].key.period)))
    for one in held:
        if one.is_report == told.said.is_report and same_measure(told.said, one) and meets(told.said, one):
            place = when(told, one)
            if place not in {"earlier", "later"} or _as_long(told.said.key.period, one.key.period):
                found.setdefault(place, one)
    if not base or len(_digits(told.said)) < _TELLING or (told.said.key.period and not told.has_period):
        return None
    if "part" in found:
        return Slip("contradicted", f"period: the figure of {found['part'].key.period} alone", found["part"])
    if "whole" in found:
        return Slip("contradicted", f"period: the figure of all {found['whole'].key.period}", found["whole"])
    if "earlier" in found:
        return Slip("out of date", f"this was the figure of {found['earlier'].key.period}", found["earlier"])
    if "later" in found:
        return Slip("contradicted", f"period: the figure of {found['later'].key.period}", found["later"])
    return None


def _as_long(mine: str, theirs: str) -> bool:
    """Tell whether two periods are of one length: five months of last year are no figure of half of this one."""
    first, second = parse_period(mine), parse_period(theirs)
    return first is None or second is None or abs(first.days - second.days) <= _DAYS


def _of_measure(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    mistaken = measure(told.said.key.indicator).mistaken_for
    for one in held if base else ():
        same = one.key.indicator in mistaken and when(told, one) == "same" and meets(told.said, one)
        if same and one.is_closed and distance(told, one) is not None:
            return Slip("contradicted", f"measure: this is the {one.key.indicator.replace('_', ' ')}", one)
    return None


def typed_slip(said: Statement, held: Statement) -> str:
    """Return the slip of the pen that makes one figure of another: of scale or of digits, blank when none does."""
    if said.kind != held.kind or not said.is_closed:
        return ""
    slip = (_of_scale(said, [held]) if held.kind == "level" else None) or _of_digits(said, [held])
    if slip is not None:
        return slip.why
    turned = replace(said, value=-said.value, low=-said.high, high=-said.low)
    if said.kind == "change_pct" and meets(turned, held) and abs(said.value + held.value) <= 0.1 * abs(held.value):
        return f"direction: it {'fell' if held.value < 0 else 'rose'}"
    mine, theirs = _digits(said), _digits(held)
    near = 0.1 < said.value / (held.value or math.inf) < 10
    return "digits: exchanged" if near and len(mine) == _TWO and theirs == mine[::-1] != mine else ""
