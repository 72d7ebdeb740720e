"""Slots that a draft leaves open and a reading fills by guess: the unit of a number, the year of half a year."""

from __future__ import annotations

import re
from dataclasses import replace

from kopir.core.periods import parse_period
from kopir.facts.claimed._keys import canonical_unit, rated_unit, unit_scale
from kopir.facts.named._anchors import Anchors
from kopir.facts.named._statements import Statement

_BARE = re.compile(
    r"[\d\s.,–—-]*\d\s*(?:(?:тыс|млн|млрд|трлн|thousand|million|billion|trillion|mn|bn|bln|mln|bin|milyon|milyar"
    r"|мың|миллион|миллиард)[^\W\d_]{0,4}\.?)?(?:['’][^\W\d_]{0,4})?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}")


def is_bare(text: str) -> bool:
    """Tell whether a figure is written without a unit («2,7 млрд», "1.4 million"), with no more than an ending."""
    return _BARE.fullmatch(text.strip()) is not None


def in_unit(said: Statement, unit: str) -> Statement:
    """Return a figure read in another unit, ``""`` for things counted in pieces."""
    row = {**said.row, "unit": unit or None}
    before, now = (rated_unit(each) for each in (said.row, row))
    factor = (unit_scale(now) if now else 1.0) / (unit_scale(before) if before else 1.0)
    key = replace(said.key, unit=canonical_unit(now) if now else "")
    return replace(
        said, key=key, value=said.value * factor, low=said.low * factor, high=said.high * factor, row=row
    )


def in_time(said: Statement, found: Anchors, date: str) -> Statement:
    """Return a figure of what was, with the year that its text speaks of where that of the reading is to come.

    «In six months it was 237 million», read as of this year, in March: half of the last year is meant.
    """
    if not said.is_report:
        return said
    return replace(said, key=replace(said.key, period=past_of(said.key.period, found, date)))


def past_of(period: str, found: Anchors, date: str) -> str:
    """Return a part of a year with the last year that was over where it lies after the draft's day.

    A year that stands beside the figure stays.
    """
    span = parse_period(period)
    if not date or span is None or str(span.last) <= date or _YEAR.fullmatch(period) or "plan" in found.modes:
        return period
    if period[:4] in found.lead + found.clause:
        return period
    past = found.period[:4]
    year = past if past.isdigit() and past < date[:4] else str(int(date[:4]) - 1)
    first = period[:4]
    return _YEAR.sub(lambda one: year if one[0] == first else one[0], period)
