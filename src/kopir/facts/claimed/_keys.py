"""Keys: what a figure is about, with the few rewritings under which two sources mean the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from kopir.core.codes import codes
from kopir.core.periods import Period, parse_period
from kopir.core.units import units
from kopir.facts.claimed._measures import measure, perimeter

SLOTS = ("indicator", "subject", "partners", "period", "route", "commodity", "perimeter", "unit")
"""Slots of a key in the order in which it is written; ``-`` stands for an empty one."""

LEVEL_KINDS = frozenset({"level", "count", "duration", "rank", "date", "flag"})
RATIO_KINDS = frozenset({"share", "change_pct", "mult"})
MODALITIES = ("actual", "alleged", "assumption", "capacity", "denied", "estimate", "forecast", "plan", "target")


@dataclass(frozen=True, slots=True)
class Key:
    """What one figure is about. ``part`` is a named or unnamed piece of it, ``rest`` what named pieces leave."""

    indicator: str = ""
    subject: str = ""
    partners: tuple[str, ...] = ()
    period: str = ""
    route: str = ""
    commodity: str = ""
    perimeter: str = ""
    unit: str = ""
    modality: str = "actual"
    part: str = ""

    def __str__(self) -> str:
        slots = (getattr(self, slot) for slot in SLOTS)
        text = "|".join((",".join(slot) if isinstance(slot, tuple) else slot) or "-" for slot in slots)
        modality = "" if self.modality == "actual" else f"|{self.modality}"
        return f"{text}{modality}{f'|{self.part}' if self.part else ''}"


def parse_key(text: str) -> Key:
    """Return the key that ``text`` writes; the inverse of ``str``. Missing slots at the end are empty."""
    words = ["" if word == "-" else word for word in text.split("|")]
    filled = dict(zip(SLOTS, words, strict=False))
    partners = tuple(filter(None, filled.pop("partners", "").split(",")))
    left = words[len(SLOTS) :]
    modality = left.pop(0) if left and left[0] in MODALITIES else "actual"
    return Key(partners=partners, modality=modality, part="|".join(left), **filled)


def normal_key(key: Key) -> Key:
    """Return the key under which all statements of the same thing meet.

    A registered route named as subject or partner becomes the route. Partners of a symmetric indicator (trade
    between two) stand in alphabetical order, states before groups. What a route carries for a state is what that
    state exports by it. Half-years and quarters become ranges of
    months. Units become the canonical one of their dimension.
    """
    key = _route_in_its_slot(key)
    key = _of_its_origin(key)
    subject, partners = key.subject, tuple(dict.fromkeys(key.partners))
    if measure(key.indicator).symmetric and len(partners) == 1 and subject:
        subject, *rest = sorted((subject, *partners), key=lambda code: (code in codes("groups"), code))
        partners = tuple(rest)
    return replace(
        key,
        subject=subject,
        partners=tuple(sorted(partners)),
        period=normal_period(key.period),
        commodity="" if key.commodity in {"all", *measure(key.indicator).implies} else key.commodity,
        unit=canonical_unit(key.unit),
    )


def _of_its_origin(key: Key) -> Key:
    """Return what a route carries for a state as what that state exports by it."""
    origin = perimeter(key.perimeter).origin if key.perimeter else ""
    if origin and key.indicator == "oil_transit" and key.route and key.subject == key.route:
        key = replace(key, subject=origin)
    if key.indicator == "oil_transit" and key.route and key.subject in codes("states"):
        key = replace(key, indicator="oil_export")
    return replace(key, perimeter="") if origin and origin == key.subject else key


def _route_in_its_slot(key: Key) -> Key:
    routes = codes("routes")
    if key.subject in routes and key.partners and key.route in {"", key.subject}:
        route, (subject, *partners) = key.subject, key.partners
        key = replace(key, route=route, subject=subject, partners=tuple(partners))
    if key.subject.islower() and key.partners and key.route in {"", key.subject}:
        # Names of actors are capitalised; a word in lower case describes a way («alternative_routes»).
        route, (subject, *partners) = key.subject, key.partners
        key = replace(key, route=route, subject=subject, partners=tuple(partners))
    named = [code for code in key.partners if code in routes]
    if named and key.route in {"", *named}:
        rest = tuple(code for code in key.partners if code not in routes)
        key = replace(key, route=named[0], partners=rest)
    return key


def normal_period(text: str) -> str:
    """Return a period with half-years and quarters as ranges of months; other texts as they are."""
    if not text or ("H" not in text and "Q" not in text):
        return text
    period = parse_period(text)
    return text if period is None else write_period(period)


def write_period(period: Period) -> str:
    """Return the shortest text of a period: a year, a month, a day, or a range of them."""
    first, last = period.first, period.last
    if period.is_calendar_year:
        return f"{first.year}"
    ends_month = (last + timedelta(days=1)).day == 1
    if first.day == 1 and ends_month:
        if (first.month, last.month) == (1, 12):
            return f"{first.year}/{last.year}"
        start, end = f"{first:%Y-%m}", f"{last:%Y-%m}"
        return start if start == end else f"{start}/{end}"
    return f"{first}" if first == last else f"{first}/{last}"


def shifted_period(text: str, *, years: int = 0, months: int = 0) -> str | None:
    """Return the period moved by whole years and months, ``None`` when it is no period of the calendar."""
    period = parse_period(text)
    if period is None:
        return None
    if (period.last + timedelta(days=1)).day != 1 or period.first.day != 1:
        if months:
            return None
        return write_period(Period(_moved(period.first, 12 * years), _moved(period.last, 12 * years)))
    after = period.last + timedelta(days=1)
    by = 12 * years + months
    return write_period(Period(_moved(period.first, by), _moved(after, by) - timedelta(days=1)))


def _moved(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def canonical_unit(name: str) -> str:
    """Return the unit in which values of a key are kept: the canonical one, per cent for pure numbers in it."""
    known = units().get(name)
    if known is None or known.dimension == "one":
        return "pct" if name == "percent" else name
    return known.canonical


def rated_unit(claim: Mapping[str, Any]) -> str:
    """Return the unit of a claim's figure with the time that it is told for: ``bbl`` and ``d`` are ``bbl/d``.

    "A year" beside a calendar year says nothing more. Blank where the claim has no unit.
    """
    unit, rate, period = (str(claim.get(slot) or "") for slot in ("unit", "rate", "period"))
    said = rate and not (rate == "yr" and len(period) == 4 and shifted_period(period))
    return f"{unit}/{rate}" if unit and said else unit


def unit_scale(name: str) -> float:
    """Return how many of the canonical unit one ``name`` is; 1 for units that are kept as they are."""
    known = units().get(name)
    return 1.0 if known is None or known.dimension == "one" else known.factor


def parents(key: Key) -> Iterable[Key]:
    """Yield what ``key`` may be a share of, nearest first: without its part, route, partners or commodity."""
    if key.part:
        yield replace(key, part="")
        return
    if key.route:
        yield replace(key, route="")
    if key.partners:
        yield replace(key, partners=())
    if key.route and key.partners:
        yield replace(key, route="", partners=())
    if key.commodity:
        yield replace(key, commodity="")
