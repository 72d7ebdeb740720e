"""Slips: the ways in which a figure differs from a held one that have a name, each with what it should be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kopir.facts.claimed._measures import measure
from kopir.facts.uses._kinship import Told, distance, same_measure, when
from kopir.facts.uses._statements import Statement, meets

_POWERS = {3: "thousand", 6: "million", 9: "billion"}
_FEWEST_DIGITS = 3
_TELLING = 2
"""Digits from which two figures of different times are the same by more than chance."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What went wrong: ``of`` is the statement that tells, ``verdict`` what it makes of the figure."""

    verdict: str
    why: str
    of: Statement


def find_slip(told: Told, base: Sequence[Statement], held: Sequence[Statement]) -> Slip | None:
    """Return the slip that makes a figure of ``held`` out of what is said, ``None`` when none does.

    ``base`` are the statements that speak of the same thing, at the same time and in the same mode. Plans are
    many, and differ: of them only scale and digits tell.
    """
    typed = _of_scale(told.said, base) or _of_digits(told.said, base)
    if typed is not None or not told.said.is_report:
        return typed
    return _of_mode(told, base, held) or _of_period(told, base, held) or _of_measure(told, base, held)


def _of_scale(said: Statement, base: Iterable[Statement]) -> Slip | None:
    found = []
    for held in base:
        for power, word in _POWERS.items():
            for sign, size in ((1, "large"), (-1, "small")):
                factor = 10.0 ** (-sign * power)
                moved = replace(said, value=said.value * factor, low=said.low * factor, high=said.high * factor)
                if meets(moved, held):
                    off = abs(moved.value / held.value - 1) if held.value else math.inf
                    found.append((off, held.id, Slip("contradicted", f"scale: a {word} times too {size}", held)))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _of_digits(said: Statement, base: Iterable[Statement]) -> Slip | None:
    mine = _digits(said)
    for held in base:
        theirs = _digits(held)
        same = len(mine) == len(theirs) >= _FEWEST_DIGITS and sorted(mine) == sorted(theirs) and mine != theirs
        if same and held.is_closed and 0.1 < said.value / (held.value or math.inf) < 10:
            return Slip("contradicted", "digits: exchanged", held)
    return None


def _digits(one: Statement) -> str:
    return re.sub(r"[^1-9]*$", "", f"{abs(one.value):.6e}".split("e")[0].replace(".", ""))


def _of_mode(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    """Find a plan or target told as an outcome; without a held outcome only where its time is still to come."""
    if not told.said.is_closed:
        return None
    for one in held:
        if one.is_report or not one.is_closed or not meets(told.said, one):
            continue
        if not same_measure(told.said, one) and not base:
            continue
        place = when(told, one)
        coming = place == "later" and (not told.date or one.key.period[:4] >= told.date[:4])
        if (base and place in {"same", "later", "earlier"}) or coming:
            mode = one.key.modality if one.key.modality != "actual" else "plan"
            return Slip("contradicted", f"{mode} for {one.key.period or 'no period'}, told as an outcome", one)
    return None


def _of_period(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    found: dict[str, Statement] = {}
    for one in held:
        if one.is_report == told.said.is_report and same_measure(told.said, one) and meets(told.said, one):
            found.setdefault(when(told, one), one)
    if not base or len(_digits(told.said)) < _TELLING:
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


def _of_measure(told: Told, base: Sequence[Statement], held: Iterable[Statement]) -> Slip | None:
    mistaken = measure(told.said.key.indicator).mistaken_for
    for one in held if base else ():
        same = one.key.indicator in mistaken and when(told, one) == "same" and meets(told.said, one)
        if same and one.is_closed and distance(told, one) is not None:
            return Slip("contradicted", f"measure: this is the {one.key.indicator.replace('_', ' ')}", one)
    return None
